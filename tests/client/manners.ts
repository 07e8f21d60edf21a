// What a partner's developer runs into beside the straight way. Each step stands alone.
import { randomUUID } from "node:crypto";
import { Client, effective, present } from "./client.js";
import type { Answer } from "./client.js";
import {
  FindServicesDocument,
  PublishServiceDocument,
  PublishTwoServicesDocument,
  RetireServiceDocument,
} from "./generated/passerelle.js";
import type { PublishServiceInput } from "./generated/passerelle.js";
import { editorOf, refused, same } from "./loop.js";
import type { Demo, Step } from "./loop.js";

/** A service with nothing but what the schema requires. */
const shortest = (language = "en"): PublishServiceInput => ({
  idempotencyKey: randomUUID(),
  language,
  name: `Shortest ${randomUUID().slice(0, 8)}`,
});

/** A request that was refused as a whole: a status of 400, one code, and nothing that looks like a result. */
function refusedWhole(answer: Answer<unknown>, code: string): void {
  same(answer.errors?.[0]?.extensions?.code, code, "the code");
  present(answer.errors?.[0]?.extensions?.requestId, "the request's id");
  same(answer.status, 400, "the status");
  same("data" in answer, false, "whether there is an entry `data`");
}

/** Runs all steps; what does not hold is noted and does not end the rest. */
export async function manners(demo: Demo, step: Step): Promise<void> {
  const editor = new Client(demo.graphql, editorOf(demo).token);
  const tell = (name: string, body: () => Promise<void>): Promise<void> => step(name, body).catch(() => {});
  const named = async (name: string): Promise<number | null | undefined> => {
    const { services } = await editor.run(FindServicesDocument, { filter: { text: name }, first: 1 });
    return services.totalCount;
  };

  await tell("a page of more than 100 is refused as PAGE_SIZE", async () => {
    refusedWhole(await editor.ask(FindServicesDocument, { filter: {}, first: 101 }), "PAGE_SIZE");
  });

  await tell("an enum value that does not exist is refused before anything runs", async () => {
    const filter = { status: ["NO_SUCH_STATUS" as "PUBLISHED"] };
    refusedWhole(await editor.ask(FindServicesDocument, { filter, first: 1 }), "BAD_USER_INPUT");
  });

  await tell("a scalar of the wrong form is refused before anything runs", async () => {
    refusedWhole(await editor.ask(PublishServiceDocument, { input: shortest("no tag!") }), "BAD_USER_INPUT");
  });

  await tell("of two mutations none has run when the request is refused", async () => {
    const first = { ...shortest(), cost: { kind: "FREE" } } as const;
    const answer = await editor.ask(PublishTwoServicesDocument, { first, second: shortest("no tag!") });
    // Either all of it is refused and nothing has happened, or the first one's result is told.
    if (answer.data?.first?.service) return;
    same(await named(first.name), 0, "the number of services that were published though no result was told");
  });

  await tell("a broken rule of one mutation leaves the other's result", async () => {
    const first = { ...shortest(), cost: { kind: "FREE" } } as const;
    const answer = await editor.run(PublishTwoServicesDocument, { first, second: { ...shortest(), name: "" } });
    present(effective(answer.first, "the first").service, "the first service");
    same(refused(answer.second, "InputError").field?.join("."), "name", "the field");
  });

  await tell("the same key with another input is an IDEMPOTENCY_CONFLICT", async () => {
    const input = { ...shortest(), cost: { kind: "FREE" } } as const;
    effective((await editor.run(PublishServiceDocument, { input })).publishService, "publishService");
    const { publishService } = await editor.run(PublishServiceDocument, { input: { ...input, name: "Another" } });
    same(refused(publishService, "InputError").code, "IDEMPOTENCY_CONFLICT", "the code");
  });

  // Last, because a service that can't be read back stands in the way of all reads of the directory.
  await tell("a service with only what the schema requires is published, read and retired", async () => {
    const input = shortest();
    const { publishService } = await editor.run(PublishServiceDocument, { input });
    const service = present(effective(publishService, "publishService").service, "the service");
    same(service.isOpenForReferrals, false, "isOpenForReferrals");
    same(await named(input.name), 1, "the number of services of this name");
    const { retireService } = await editor.run(RetireServiceDocument, {
      input: { idempotencyKey: randomUUID(), serviceId: service.id, expectedVersion: service.version },
    });
    same(effective(retireService, "retireService").service?.status, "RETIRED", "its status");
  });
}
