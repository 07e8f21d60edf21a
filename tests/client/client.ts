// A small typed client: what a partner needs beside the generated file.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import type { ToldFragment } from "./generated/passerelle.js";

/** An error that stopped a request or a field; its `extensions.code` is of a closed list. */
export interface RequestError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly requestId?: string; readonly retryAfterMs?: number };
}

/** The answer to one operation. */
export interface Answer<Data> {
  readonly status: number;
  readonly data?: Data | null;
  readonly errors?: readonly RequestError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Asks the server with one token; without a token, as the public. */
export class Client {
  readonly #url: string;
  readonly #token: string | undefined;

  constructor(url: string, token?: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Sends one operation and gives the answer, whatever it says. */
  async ask<Data, Variables>(
    operation: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Answer<Data>> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json",
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      body: JSON.stringify({ query: print(operation), variables }),
      signal: AbortSignal.timeout(30_000),
    });
    const body = (await response.json()) as Omit<Answer<Data>, "status">;
    return { ...body, status: response.status };
  }

  /** Sends one operation that must be answered with data and without errors. */
  async run<Data, Variables>(operation: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
    const { status, data, errors } = await this.ask(operation, variables);
    if (status !== 200 || errors !== undefined || data === undefined || data === null) {
      throw new Error(`status ${status}, errors ${JSON.stringify(errors)}, data ${JSON.stringify(data)}`);
    }
    return data;
  }
}

/** What stands in an answer that must not be null. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is null`);
  return value;
}

/** A payload that took effect: it has no `userErrors`. */
export function effective<Payload extends { readonly userErrors: readonly ToldFragment[] }>(
  payload: Payload | null | undefined,
  what: string,
): Payload {
  const told = present(payload, what);
  if (told.userErrors.length > 0) throw new Error(`${what}: ${told.userErrors.map(explain).join("; ")}`);
  return told;
}

/** One user error in a line. The compiler refuses this when the schema gains a kind of error that is not told here. */
export function explain(error: ToldFragment): string {
  const told = `${error.code} at ${error.field?.join(".") ?? "no field"}: ${error.message}`;
  switch (error.__typename) {
    case "InputError":
      return told;
    case "StaleVersionError":
      return `${told} (version ${error.currentVersion.toFixed(0)} stands)`;
    case "WrongStateError":
      return `${told} (${error.currentStatus} stands; possible: ${error.possible.join(", ")})`;
    case "IncompleteError":
      return `${told} (missing: ${error.missing.join(", ")})`;
    case "DuplicateError":
      return `${told} (exists: ${error.existing})`;
    default:
      return unforeseen(error);
  }
}

function unforeseen(error: never): never {
  throw new Error(`a kind of error that the schema does not have: ${JSON.stringify(error)}`);
}
