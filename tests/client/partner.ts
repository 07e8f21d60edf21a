// A partner's own app, whole: a token, a webhook, a referral over a line that breaks, its end, the closed loop.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { print } from "graphql";
import { Client, effective, present } from "./client.js";
import {
  AddNeedDocument,
  ChangesDocument,
  CloseReferralLoopDocument,
  CreateReferralDocument,
  CreateWebhookEndpointDocument,
  DeleteWebhookEndpointDocument,
  OneReferralDocument,
  OpenCaseDocument,
  RecordConsentDocument,
} from "./generated/passerelle.js";
import type { CreateReferralInput } from "./generated/passerelle.js";
import { same } from "./loop.js";
import type { Demo, Step } from "./loop.js";

/** The demonstration with what an app of one's own needs. */
export interface Sandbox extends Demo {
  readonly tokens: string;
  readonly clients: readonly { readonly name: string; readonly clientId: string; readonly clientSecret: string }[];
  readonly sandbox: Readonly<Record<string, string>>;
}

/** What a webhook says. */
interface Told {
  readonly type: string;
  readonly data: { readonly id: string; readonly cursor: string };
}

const PATIENCE_MS = 60_000;
const key = (): { readonly idempotencyKey: string } => ({ idempotencyKey: randomUUID() });
const today = (): string => new Date().toISOString().slice(0, 10);

/** A token for the app, as OAuth 2.0 has it. */
async function token({ tokens, clients }: Sandbox): Promise<string> {
  const own = present(
    clients.find(({ name }) => name.includes("sandbox")),
    "the sandbox's client",
  );
  const response = await fetch(tokens, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${own.clientId}:${own.clientSecret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  same(response.status, 200, "the status");
  return ((await response.json()) as { readonly access_token: string }).access_token;
}

/** How much older or newer than now a webhook may be: what was caught on its way can't be played again for longer. */
const TOLERANCE_SECONDS = 5 * 60;

/** The signature of a webhook, after Standard Webhooks. */
function signature(secret: string, signed: string): string {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1,${createHmac("sha256", bytes).update(signed).digest("base64")}`;
}

/** Whether a webhook is of these minutes and signed with the secret, after Standard Webhooks. */
export function isSigned(secret: string, headers: IncomingMessage["headers"], body: string, now = Date.now()): boolean {
  const age = now / 1000 - Number(headers["webhook-timestamp"] ?? Number.NaN);
  if (!(Math.abs(age) <= TOLERANCE_SECONDS)) return false;
  const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
  const expected = Buffer.from(signature(secret, signed));
  const given = String(headers["webhook-signature"]).split(" ").map(Buffer.from);
  return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
}

/** Where webhooks arrive: each is verified, taken once, and waited for. */
class Hooks {
  readonly #server: Server;
  readonly #seen = new Set<string>();
  readonly #waiting: Told[] = [];
  #wake: () => void = () => {};
  secret = "";
  refused = 0;

  constructor() {
    this.#server = createServer((incoming, answer) => {
      void this.#take(incoming).then((status) => answer.writeHead(status).end());
    });
  }

  async #take(incoming: IncomingMessage): Promise<number> {
    let body = "";
    for await (const chunk of incoming) body += String(chunk);
    if (!isSigned(this.secret, incoming.headers, body)) {
      this.refused += 1;
      return 401;
    }
    const id = String(incoming.headers["webhook-id"]);
    if (!this.#seen.has(id)) {
      this.#seen.add(id);
      this.#waiting.push(JSON.parse(body) as Told);
      this.#wake();
    }
    return 204;
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port.toFixed(0)}/hooks`;
  }

  /** The next webhook; fails when none comes. */
  async next(): Promise<Told> {
    const ends = Date.now() + PATIENCE_MS;
    for (;;) {
      const told = this.#waiting.shift();
      if (told !== undefined) return told;
      const left = ends - Date.now();
      if (left <= 0) throw new Error("no webhook came");
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close").catch(() => {});
  }
}

/** Sends a referral and hangs up before the answer: the line broke. Whether it arrived is not known. */
async function sendAndLose(url: string, bearer: string, input: CreateReferralInput): Promise<void> {
  const sent = request(url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${bearer}` },
  });
  sent.on("error", () => {});
  sent.end(JSON.stringify({ query: print(CreateReferralDocument), variables: { input } }));
  await once(sent, "finish");
  sent.destroy();
}

/** Walks the loop; the first step that does not hold ends it. */
export async function partner(demo: Sandbox, step: Step): Promise<void> {
  const hooks = new Hooks();
  try {
    await walk(demo, step, hooks);
  } finally {
    await hooks.close();
  }
}

async function walk(demo: Sandbox, step: Step, hooks: Hooks): Promise<void> {
  const bearer = await step("the app gets a token with its client's secret", () => token(demo));
  const app = new Client(demo.graphql, bearer);
  const of = (name: string): string => present(demo.sandbox[`SANDBOX_${name}`], name);

  const endpoint = await step("it says where webhooks go", async () => {
    const url = await hooks.listen();
    const { createWebhookEndpoint } = await app.run(CreateWebhookEndpointDocument, {
      input: { ...key(), url, topics: ["REFERRAL"], signing: "SHARED_SECRET" },
    });
    const made = effective(createWebhookEndpoint, "createWebhookEndpoint");
    hooks.secret = present(made.verificationKey, "the secret, which is shown once");
    return present(made.endpoint, "the endpoint");
  });

  await step("it takes no webhook of another hour, however well it is signed", () => {
    const made = Date.parse("2026-11-25T12:00:00Z");
    const headers = { "webhook-id": "1", "webhook-timestamp": String(made / 1000), "webhook-signature": "" };
    headers["webhook-signature"] = signature(hooks.secret, `1.${headers["webhook-timestamp"]}.{}`);
    const taken = [-301, -299, 0, 299, 301].map((age) => isSigned(hooks.secret, headers, "{}", made + age * 1000));
    same(taken.join(), "false,true,true,true,false", "what is taken");
    return Promise.resolve();
  });

  const ready = await step("it opens a case with a need and the person's consent", async () => {
    const { openCase } = await app.run(OpenCaseDocument, {
      input: { ...key(), programId: of("PROGRAM"), areaId: of("AREA"), ageBand: "FROM_25_TO_39" },
    });
    const opened = present(effective(openCase, "openCase").case, "the case");
    const { addNeed } = await app.run(AddNeedDocument, {
      input: {
        ...key(),
        caseId: opened.id,
        expectedVersion: present(opened.version, "its version"),
        categoryCode: "SOC.IND.DOCUMENTATION",
        dimension: "SOCIAL",
        level: "INDIVIDUAL",
        urgency: "ROUTINE",
        delivery: "REFERRAL",
        goals: ["An identity card"],
      },
    });
    const added = effective(addNeed, "addNeed");
    const { recordConsent } = await app.run(RecordConsentDocument, {
      input: {
        ...key(),
        caseId: opened.id,
        expectedVersion: present(added.case?.version, "the case's version"),
        receiverId: of("PROMPT_ORGANIZATION"),
        fields: ["CASE_IDENTIFIER", "NEED", "URGENCY", "AGE_BAND"],
        method: "VERBAL",
        language: "fr",
        noticeVersion: "2026-1",
        givenOn: today(),
      },
    });
    effective(recordConsent, "recordConsent");
    return { caseId: opened.id, needId: present(added.need, "the need").id };
  });

  const referral = await step("a line that breaks leaves one referral, however often it is sent again", async () => {
    const input = { ...key(), ...ready, serviceId: of("PROMPT_SERVICE"), personInformed: true, send: true };
    await sendAndLose(demo.graphql, bearer, input);
    const first = await app.run(CreateReferralDocument, { input });
    const second = await app.run(CreateReferralDocument, { input });
    const id = present(effective(first.createReferral, "createReferral").referral, "the referral").id;
    same(present(second.createReferral?.referral, "the same").id, id, "the identifier");
    return id;
  });

  const last = await step("webhooks tell of each step until the service is given", async () => {
    for (;;) {
      const told = await hooks.next();
      if (told.data.id !== referral) continue;
      same(told.type, "referral.changed", "the type");
      const { referral: seen } = await app.run(OneReferralDocument, { by: { id: referral } });
      if (present(seen, "the referral").status === "COMPLETED") return { told, seen: present(seen, "the referral") };
    }
  });

  await step("it closes the loop", async () => {
    const { closeReferralLoop } = await app.run(CloseReferralLoopDocument, {
      input: { ...key(), referralId: referral, expectedVersion: last.seen.version, meaning: "MET" },
    });
    effective(closeReferralLoop, "closeReferralLoop");
  });

  await step("the feed goes on from a webhook's cursor", async () => {
    const ends = Date.now() + PATIENCE_MS;
    for (;;) {
      const { changes } = await app.run(ChangesDocument, { after: last.told.data.cursor });
      if (changes.nodes.some(({ event, subjectId }) => event === "closeReferralLoop" && subjectId === referral)) return;
      if (Date.now() > ends) throw new Error("the closed loop is not told");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });

  await step("it takes its endpoint back; nothing unsigned had come", async () => {
    const { deleteWebhookEndpoint } = await app.run(DeleteWebhookEndpointDocument, {
      input: { ...key(), endpointId: endpoint.id, expectedVersion: endpoint.version },
    });
    effective(deleteWebhookEndpoint, "deleteWebhookEndpoint");
    same(hooks.refused, 0, "the number of webhooks without a good signature");
  });
}
