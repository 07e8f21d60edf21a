// The loop as a partner's developers program it: from a service in the directory to a closed loop.
import { randomUUID } from "node:crypto";
import { Client, effective, present } from "./client.js";
import {
  AcceptReferralDocument,
  AcknowledgeReferralDocument,
  AddNeedDocument,
  CaseStoryDocument,
  CloseReferralLoopDocument,
  CompleteReferralDocument,
  CreateReferralDocument,
  FindServicesDocument,
  InboxDocument,
  OneReferralDocument,
  OpenCaseDocument,
  PlacesDocument,
  PublishServiceDocument,
  RecordConsentDocument,
  RetireServiceDocument,
  SendReferralDocument,
  StartReferralServiceDocument,
  WhoAmIDocument,
} from "./generated/passerelle.js";
import type {
  ReferralAction,
  ReferralFactsFragment,
  ServiceFactsFragment,
  ToldFragment,
} from "./generated/passerelle.js";

/** Somebody of the demonstration. */
export interface Persona {
  readonly name: string;
  readonly organization: string;
  readonly kinds: readonly string[];
  readonly roles: readonly string[];
  readonly token: string;
}

/** The line that the demonstration prints. */
export interface Demo {
  readonly graphql: string;
  readonly graphiql: string;
  readonly database: string;
  readonly personas: readonly Persona[];
}

/** Notes whether a step held, and gives on what it gave or threw. */
export type Step = <T>(name: string, body: () => Promise<T>) => Promise<T>;

type Told<Kind extends ToldFragment["__typename"]> = Extract<ToldFragment, { readonly __typename: Kind }>;

/** Throws when something is not what it should be. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

/** The one error of a payload that must not have taken effect, of the kind asked for. */
export function refused<Kind extends ToldFragment["__typename"]>(
  payload: { readonly userErrors: readonly ToldFragment[] } | null | undefined,
  kind: Kind,
): Told<Kind> {
  const { userErrors } = present(payload, "the payload");
  const ofKind = (error: ToldFragment): error is Told<Kind> => error.__typename === kind;
  const found = userErrors.find(ofKind);
  if (userErrors.length !== 1 || found === undefined) {
    throw new Error(`not one ${kind}: ${JSON.stringify(userErrors)}`);
  }
  return found;
}

const today = (): string => new Date().toISOString().slice(0, 10);
const key = (): { readonly idempotencyKey: string } => ({ idempotencyKey: randomUUID() });

/** The people of the story, and how each asks. */
interface Cast {
  readonly editor: Client;
  readonly caseManager: Client;
  readonly intake: Client;
  readonly worker: Client;
  readonly anyone: Client;
  /** Whether the municipality itself receives, or else another provider. */
  readonly municipalityReceives: boolean;
}

/** The directory editor of a municipality. */
export function editorOf({ personas }: Demo): Persona {
  const edits = ({ roles, kinds }: Persona): boolean =>
    roles.includes("DIRECTORY_EDITOR") && kinds.includes("LOCAL_GOVERNMENT");
  return present(personas.find(edits), "the demonstration's directory editor of a municipality");
}

function cast(demo: Demo): Cast {
  const { personas } = demo;
  const people = (role: string): Persona[] => personas.filter(({ roles }) => roles.includes(role));
  const found = (persona: Persona | undefined, what: string): Persona =>
    present(persona, `the demonstration's ${what}`);
  const editor = editorOf(demo);
  const at = (role: string, organization: string): Persona | undefined =>
    people(role).find((one) => one.organization === organization);
  // The municipality's own intake comes first; otherwise any provider that has an intake and a worker.
  const desks = people("INTAKE").sort(
    (a, b) => Number(b.organization === editor.organization) - Number(a.organization === editor.organization),
  );
  const intake = found(
    desks.find(({ organization }) => at("SERVICE_WORKER", organization)),
    "intake beside a service worker",
  );
  const worker = found(at("SERVICE_WORKER", intake.organization), "service worker");
  const caseManager = found(
    people("CASE_MANAGER").find(
      ({ organization, kinds }) => organization !== intake.organization && kinds.includes("IMPLEMENTING_PARTNER"),
    ),
    "case manager of an implementing partner",
  );
  const client = ({ token }: Persona): Client => new Client(demo.graphql, token);
  return {
    editor: client(editor),
    caseManager: client(caseManager),
    intake: client(intake),
    worker: client(worker),
    anyone: new Client(demo.graphql),
    municipalityReceives: intake.organization === editor.organization,
  };
}

/** The program under which both sides work, and the receiving organization. */
async function common(cast: Cast): Promise<{ readonly program: string; readonly receiver: string }> {
  const { viewer: sender } = await cast.caseManager.run(WhoAmIDocument, {});
  const { viewer: receiver } = await cast.intake.run(WhoAmIDocument, {});
  const theirs = new Set(receiver.programs.map(({ id }) => id));
  const program = present(
    sender.programs.find(({ id }) => theirs.has(id)),
    "a program of both sides",
  );
  return { program: program.id, receiver: receiver.organization.id };
}

async function publish(cast: Cast): Promise<ServiceFactsFragment> {
  const { areas, categories } = await cast.editor.run(PlacesDocument, { first: 5 });
  const category = present(
    categories.find(({ dimension, level }) => dimension === "ECONOMIC" && level === "INDIVIDUAL"),
    "a category",
  );
  const area = present(areas.nodes[0], "an area");
  const { publishService } = await cast.editor.run(PublishServiceDocument, {
    input: {
      ...key(),
      categoryCode: category.code,
      language: "en",
      name: `Carpentry course ${randomUUID().slice(0, 8)}`,
      description: "Twelve weeks of carpentry with tools to keep.",
      translations: [{ language: "fr", name: "Cours de menuiserie" }],
      languages: ["en", "fr"],
      cost: { kind: "FREE" },
      locations: [{ kind: "PHYSICAL", name: "Town hall", areaId: area.id }],
      servedAreaIds: [area.id],
      capacity: { total: 12 },
    },
  });
  const service = present(effective(publishService, "publishService").service, "the service");
  same(service.status, "PUBLISHED", "its status");
  same(service.isOpenForReferrals, true, "isOpenForReferrals");
  same(service.openPlaces, 12, "openPlaces");
  return service;
}

/** Walks the service's organization both ways through the public directory, one service a page. */
async function walk(cast: Cast, service: ServiceFactsFragment): Promise<void> {
  const filter = { organizationId: service.organization.id };
  const { services: first } = await cast.anyone.run(FindServicesDocument, { filter, first: 1 });
  same(first.edges[0]?.cursor, first.pageInfo.endCursor, "the end cursor");
  same(first.nodes[0]?.id, first.edges[0]?.node.id, "the node of the edge");
  const seen = new Set<string>();
  for (let page = first; ; ) {
    for (const { id } of page.nodes) seen.add(id);
    if (!page.pageInfo.hasNextPage) break;
    const after = present(page.pageInfo.endCursor, "the end cursor");
    ({ services: page } = await cast.anyone.run(FindServicesDocument, { filter, first: 1, after }));
    if (seen.size > 200) throw new Error("the pages do not end");
  }
  same(seen.size, first.totalCount, "the number of services over all pages");
  same(seen.has(service.id), true, "whether the new service is among them");
}

/** A service of the receiver to which the need can be referred. */
async function target(cast: Cast, published: ServiceFactsFragment, receiver: string): Promise<ServiceFactsFragment> {
  if (cast.municipalityReceives) return published;
  const filter = { organizationId: receiver, openForReferrals: true, unclassified: false };
  const { services } = await cast.caseManager.run(FindServicesDocument, { filter, first: 50 });
  const open = services.edges
    .map(({ node }) => node)
    .find(({ openPlaces }) => openPlaces === null || openPlaces === undefined || openPlaces > 0);
  return present(open, "an open service of the receiver");
}

/** Runs the whole loop. The first step that does not hold ends it. */
export async function loop(demo: Demo, step: Step): Promise<void> {
  const people = await step("the demonstration has the people of the story", async () => cast(demo));
  const { caseManager, intake, worker } = people;

  await step("without a token `viewer` is UNAUTHENTICATED", async () => {
    const answer = await people.anyone.ask(WhoAmIDocument, {});
    same(answer.errors?.[0]?.extensions?.code, "UNAUTHENTICATED", "the code");
  });
  const { program, receiver } = await step("both sides find their common program", () => common(people));
  const published = await step("the municipality's directory editor publishes a service", () => publish(people));
  await step("the public walks the directory by cursors and finds it", () => walk(people, published));
  const service = await step("the case manager finds an open service", () => target(people, published, receiver));

  const opened = await step("the case manager opens a case", async () => {
    const { openCase } = await caseManager.run(OpenCaseDocument, {
      input: {
        ...key(),
        programId: program,
        ageBand: "FROM_25_TO_39",
        sex: "FEMALE",
        language: "fr",
        returnFacts: { voluntariness: "VOLUNTARY", assistance: "ASSISTED" },
      },
    });
    const opened = present(effective(openCase, "openCase").case, "the case");
    return {
      id: opened.id,
      version: present(opened.version, "the version, which the holder sees"),
      identifier: present(opened.identifier, "the identifier"),
    };
  });

  const need = await step("adds a need with two goals", async () => {
    const { addNeed } = await caseManager.run(AddNeedDocument, {
      input: {
        ...key(),
        caseId: opened.id,
        expectedVersion: opened.version,
        categoryCode: present(service.category, "the service's category").code,
        dimension: present(service.dimension, "its dimension"),
        level: present(service.level, "its level"),
        urgency: "ROUTINE",
        delivery: "REFERRAL",
        goals: ["Learn a trade", "Find a first customer"],
      },
    });
    const added = effective(addNeed, "addNeed");
    const { id, goals } = present(added.need, "the need");
    same(goals?.length, 2, "the number of goals");
    return { id, version: present(added.case?.version, "the case's version") };
  });

  await step("a version that is no longer the present one is a StaleVersionError", async () => {
    const { recordConsent } = await caseManager.run(RecordConsentDocument, { input: consent(opened, opened.version) });
    const stale = refused(recordConsent, "StaleVersionError");
    same(stale.code, "STALE_VERSION", "the code");
    same(stale.currentVersion, need.version, "currentVersion");
  });

  await step("an identifier of another kind is an InputError at its field", async () => {
    const { recordConsent } = await caseManager.run(RecordConsentDocument, {
      input: { ...consent(opened, need.version), receiverId: opened.id },
    });
    const wrong = refused(recordConsent, "InputError");
    same(wrong.code, "INVALID", "the code");
    same(wrong.field?.join("."), "receiverId", "the field");
  });

  const agreed = await step("records the person's consent for the receiver", async () => {
    const { recordConsent } = await caseManager.run(RecordConsentDocument, { input: consent(opened, need.version) });
    const recorded = effective(recordConsent, "recordConsent");
    return present(recorded.consent, "the consent").id;
  });

  function consent(of: { readonly id: string }, expectedVersion: number) {
    return {
      ...key(),
      caseId: of.id,
      expectedVersion,
      receiverId: service.organization.id,
      fields: ["CASE_IDENTIFIER", "NEED", "GOALS", "URGENCY", "AGE_BAND", "LANGUAGE", "CONTACT_THROUGH_SENDER"],
      method: "VERBAL",
      language: "fr",
      noticeVersion: "2026-1",
      givenOn: today(),
    } as const;
  }

  const drafting = {
    ...key(),
    caseId: opened.id,
    needId: need.id,
    serviceId: service.id,
    consentId: agreed,
    background: "Worked as an electrician.",
    clientReference: `client-test-${randomUUID()}`,
  };
  const draft = await step("creates a referral as a draft", async () => {
    const { createReferral } = await caseManager.run(CreateReferralDocument, { input: drafting });
    const draft = present(effective(createReferral, "createReferral").referral, "the referral");
    same(draft.status, "DRAFT", "its status");
    same(draft.goals?.length, 2, "the number of its goals");
    return draft;
  });

  await step("the same key with the same input is answered with the same referral", async () => {
    const { createReferral } = await caseManager.run(CreateReferralDocument, { input: drafting });
    same(effective(createReferral, "createReferral").referral?.id, draft.id, "the referral's id");
  });

  const which = ({ version }: ReferralFactsFragment) => ({ ...key(), referralId: draft.id, expectedVersion: version });

  const sent = await step("sends it", async () => {
    const { sendReferral } = await caseManager.run(SendReferralDocument, {
      input: { ...which(draft), personInformed: true },
    });
    return expectStatus(effective(sendReferral, "sendReferral").referral, "SENT");
  });

  await step("the intake finds it in its inbox, with what the consent releases and what can be done", async () => {
    const { referrals } = await intake.run(InboxDocument, { first: 50 });
    const waiting = present(
      referrals.nodes.find(({ id }) => id === draft.id),
      "the referral in the inbox",
    );
    same(waiting.caseIdentifier, opened.identifier, "the case identifier");
    same(waiting.person?.ageBand, "FROM_25_TO_39", "the age band");
    for (const action of ["ACKNOWLEDGE_REFERRAL", "ACCEPT_REFERRAL", "DECLINE_REFERRAL"] satisfies ReferralAction[]) {
      same(
        waiting.availableActions.find((one) => one.action === action)?.isAvailable,
        true,
        `whether ${action} is available`,
      );
    }
  });

  const acknowledged = await step("the intake acknowledges", async () => {
    const { acknowledgeReferral } = await intake.run(AcknowledgeReferralDocument, { input: which(sent) });
    const referral = effective(acknowledgeReferral, "acknowledgeReferral").referral;
    present(referral?.acknowledgedAt, "acknowledgedAt");
    return present(referral, "the referral");
  });

  const accepted = await step("and accepts", async () => {
    const { acceptReferral } = await intake.run(AcceptReferralDocument, { input: which(acknowledged) });
    return expectStatus(effective(acceptReferral, "acceptReferral").referral, "ACCEPTED");
  });

  await step("a second acceptance is a WrongStateError that tells what is possible", async () => {
    const { acceptReferral } = await intake.run(AcceptReferralDocument, { input: which(accepted) });
    const wrong = refused(acceptReferral, "WrongStateError");
    same(wrong.currentStatus, "ACCEPTED", "currentStatus");
    same(wrong.possible.includes("ACCEPT_REFERRAL"), false, "whether ACCEPT_REFERRAL is possible");
  });

  await step("a referral's stale version is a StaleVersionError", async () => {
    const { startReferralService } = await worker.run(StartReferralServiceDocument, {
      input: { ...which(sent), firstContactOn: today() },
    });
    same(refused(startReferralService, "StaleVersionError").currentVersion, accepted.version, "currentVersion");
  });

  const started = await step("the worker starts the service and reads the goals", async () => {
    const { startReferralService } = await worker.run(StartReferralServiceDocument, {
      input: { ...which(accepted), firstContactOn: today() },
    });
    const { referral } = effective(startReferralService, "startReferralService");
    const goals = present(referral?.goals, "the goals");
    for (const goal of goals) present(goal.text, `the text of goal ${goal.position}`);
    return { ...expectStatus(referral, "IN_SERVICE"), goals };
  });

  const completed = await step("and completes it with an outcome for each goal", async () => {
    const { completeReferral } = await worker.run(CompleteReferralDocument, {
      input: {
        ...which(started),
        serviceOn: today(),
        outcomes: started.goals.map(({ goalId }) => ({
          goalId,
          result: "ACHIEVED" as const,
          achievedOn: today(),
          quantity: 12,
          unit: "weeks",
        })),
      },
    });
    const { referral } = effective(completeReferral, "completeReferral");
    for (const goal of present(referral?.goals, "the goals")) same(goal.result, "ACHIEVED", "a goal's result");
    return expectStatus(referral, "COMPLETED");
  });

  await step("the case manager reads the result and closes the loop", async () => {
    const { referral } = await caseManager.run(OneReferralDocument, { by: { id: draft.id } });
    same(present(referral, "the referral").version, completed.version, "its version");
    const { closeReferralLoop } = await caseManager.run(CloseReferralLoopDocument, {
      input: { ...which(completed), meaning: "MET" },
    });
    const closed = present(effective(closeReferralLoop, "closeReferralLoop").referral, "the referral");
    present(closed.loopClosedAt, "loopClosedAt");
    same(closed.loopMeaning, "MET", "loopMeaning");
  });

  await step("the case tells the story", async () => {
    const { case: story } = await caseManager.run(CaseStoryDocument, { identifier: opened.identifier });
    same(story?.needs[0]?.status, "MET", "the need's status");
    same(story?.referrals.nodes[0]?.id, draft.id, "its referral");
    const { referral } = await caseManager.run(OneReferralDocument, {
      by: { clientReference: drafting.clientReference },
    });
    const told = present(referral, "the referral by our own reference")
      .events.nodes.map(({ kind }) => kind)
      .join(" ");
    same(
      told,
      ["create", "send", "acknowledge", "accept"].map((verb) => `${verb}Referral`).join(" ") +
        " startReferralService completeReferral closeReferralLoop",
      "the events",
    );
  });

  await step("the editor retires the service", async () => {
    const { services } = await people.editor.run(FindServicesDocument, {
      filter: { organizationId: published.organization.id },
      first: 100,
    });
    const now = present(
      services.edges.find(({ node }) => node.id === published.id),
      "the published service",
    ).node;
    const { retireService } = await people.editor.run(RetireServiceDocument, {
      input: { ...key(), serviceId: now.id, expectedVersion: now.version },
    });
    effective(retireService, "retireService");
  });
}

function expectStatus(
  referral: ReferralFactsFragment | null | undefined,
  status: ReferralFactsFragment["status"],
): ReferralFactsFragment {
  const found = present(referral, "the referral");
  same(found.status, status, "its status");
  return found;
}
