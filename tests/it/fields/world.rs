//! Who looks at what: one person's case and referral in each state of the relation, with a canary in every private text.

use crate::support::app::{Persona, TestApp};
use crate::support::situations::decision::{answers, questions};
use crate::support::situations::plan::{Planned, agreeing, drafting, helping, telling};
use crate::support::situations::{Stage, report};
use crate::support::verbs::{Referred, Story, done, text};
use crate::support::world::{World, add_member, add_service, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

/// Somebody in their relation to a case and a referral, and the identifiers that they ask for.
pub struct Relation {
    pub name: &'static str,
    pub who: Persona,
    pub ids: Vec<(&'static str, String)>,
    /// Whether nothing that is said about a person may reach them.
    pub is_outside: bool,
}

/// A case with all that can be known of a person, referred to the provider.
struct Told {
    story: Story,
    referral: Referred,
    consent: String,
}

const FIELDS: [&str; 18] = [
    "CASE_IDENTIFIER",
    "NEED",
    "GOALS",
    "URGENCY",
    "AGE_BAND",
    "SEX",
    "LANGUAGE",
    "CONTACT_THROUGH_SENDER",
    "GIVEN_NAME",
    "FAMILY_NAME",
    "BIRTH_DATE",
    "NATIONALITY",
    "PHONE",
    "EMAIL",
    "ADDRESS",
    "DOCUMENT_NUMBERS",
    "INDEBTED",
    "HEALTH_NEEDS",
];

/// The partner and the provider agree on everything that a consent may allow.
async fn agreement(app: &TestApp, world: &World, stage: &Stage<'_>) -> String {
    let mut input = stage.agreement(world.provider);
    input["dataAllowed"] = json!(FIELDS[8..]);
    let made = done(app, &world.partner_supervisor, "registerAgreement", input, "agreement { id }").await;
    let id = text(&made["agreement"]["id"]);
    let confirms = json!({ "agreementId": id, "expectedVersion": 1 });
    done(app, &world.provider_supervisor, "confirmAgreement", confirms, "").await;
    id
}

fn person(story: &Story) -> Value {
    json!({ "caseId": story.case, "expectedVersion": 3, "givenName": "CANARY-GIVEN", "familyName": "CANARY-FAMILY",
        "birthDate": "1990-05-04", "nationality": "SN", "phone": "+221771234567", "email": "CANARY@example.org",
        "address": "CANARY-ADDRESS", "documentNumbers": ["CANARY-PASSPORT"], "caregiver": "CANARY-AUNT",
        "protectiveFactors": ["CANARY-FRIENDS"], "healthNeeds": "CANARY-HEALTH",
        "vulnerabilities": [{ "flag": "INDEBTED", "assessedOn": "2026-11-01", "assessedBy": "CANARY-NURSE",
                              "reviewOn": "2027-05-01" }] })
}

impl Told {
    async fn of(app: &TestApp, world: &World, stage: &Stage<'_>) -> Self {
        let manager = &world.case_manager;
        let story = Story::open(app, world).await;
        let number = json!({ "caseId": story.case, "scheme": "dossier", "value": crate::support::verbs::key() });
        done(app, manager, "addCaseAlias", number, "").await;
        done(app, manager, "setPerson", person(&story), "").await;
        app.clock.advance(jiff::SignedDuration::from_secs(1));
        let consents = json!({ "caseId": story.case, "expectedVersion": 4, "fields": FIELDS, "method": "VERBAL",
            "receiverId": gid(Kind::Organization, world.provider), "language": "fr", "noticeVersion": "2026-1",
            "givenOn": "2026-11-25" });
        let made = done(app, manager, "recordConsent", consents, "consent { id } case { version }").await;
        let version = made["case"]["version"].as_i64().unwrap();
        let plan = Planned::made(app, world, "draftPlan", drafting(&story, version)).await;
        let plan = Planned::made(app, world, "agreePlan", agreeing(&plan)).await;
        Planned::made(app, world, "activatePlan", plan.input(json!({}))).await;
        let referral = story.refer_to(app, manager, stage.service).await;
        done(app, manager, "recordDirectService", helping(&story), "").await;
        let version =
            app.run(manager, "query($id: ID!) { case(by: {id: $id}) { version } }", json!({ "id": story.case }));
        let version = version.await["case"]["version"].as_i64().unwrap();
        done(app, manager, "recordContact", telling(stage, &story, version), "").await;
        Self { story, referral, consent: text(&made["consent"]["id"]) }
    }

    /// Questions, answers, a beginning, progress, an outcome and a dispute about it.
    async fn ended(mut self, app: &TestApp, world: &World) -> Self {
        let steps = [
            (&world.intake, "requestReferralInfo", questions()),
            (&world.case_manager, "answerReferralInfo", answers()),
            (&world.intake, "acceptReferral", json!({})),
            (&world.worker, "startReferralService", json!({ "firstContactOn": "2026-11-25" })),
            (&world.worker, "reportReferralProgress", json!({ "done": 1, "planned": 2, "note": "CANARY-PROGRESS" })),
            (&world.worker, "completeReferral", report(&self.story)),
            (
                &world.case_manager,
                "disputeReferralOutcome",
                json!({ "about": "NOT_AS_REPORTED", "note": "CANARY-DISPUTE" }),
            ),
        ];
        for (who, command, more) in steps {
            self.referral = self.referral.act(app, who, command, more).await;
        }
        self
    }

    /// Taken on, interrupted, and asked to stop.
    async fn taken_on(mut self, app: &TestApp, world: &World) -> Self {
        let worker = json!({ "memberId": gid(Kind::Member, world.worker.id) });
        let steps = [
            (&world.intake, "acceptReferral", json!({})),
            (&world.provider_supervisor, "assignReferral", worker),
            (&world.worker, "holdReferral", crate::support::situations::delivery::interruption()),
            (&world.case_manager, "requestReferralCancellation", json!({ "reason": "OTHER", "note": "CANARY-CANCEL" })),
        ];
        for (who, command, more) in steps {
            self.referral = self.referral.act(app, who, command, more).await;
        }
        self
    }

    /// Another organization gives another service in the same case.
    async fn also_referred(&self, app: &TestApp, world: &World) -> Persona {
        let worker = add_member(app, world.municipality, "SERVICE_WORKER").await;
        let intake = add_member(app, world.municipality, "INTAKE").await;
        let query = "query($id: ID!) { case(by: { id: $id }) { version } }";
        let seen = app.run(&world.case_manager, query, json!({ "id": self.story.case })).await;
        let consents = json!({ "caseId": self.story.case, "expectedVersion": seen["case"]["version"],
            "fields": ["CASE_IDENTIFIER", "NEED", "GOALS", "URGENCY"], "method": "VERBAL", "language": "fr",
            "receiverId": gid(Kind::Organization, world.municipality), "noticeVersion": "2026-1", "givenOn": "2026-11-25" });
        done(app, &world.case_manager, "recordConsent", consents, "").await;
        let service = add_service(app, world.municipality, world.district, None).await;
        let sent = self.story.refer_to(app, &world.case_manager, service).await;
        sent.act(app, &intake, "acceptReferral", json!({})).await;
        worker
    }
}

/// What else there is to be seen, in cases of their own.
async fn beside(stage: &Stage<'_>) {
    stage.redaction().await;
    stage.recorded_override().await;
}

/// Everybody with what they look at.
pub async fn relations(app: &TestApp, world: &World) -> Vec<Relation> {
    let stage = Stage::set(app, world).await;
    let agreement = agreement(app, world, &stage).await;
    beside(&stage).await;
    let pending = Told::of(app, world, &stage).await;
    let taken = Told::of(app, world, &stage).await.taken_on(app, world).await;
    let ended = Told::of(app, world, &stage).await.ended(app, world).await;
    let sibling = ended.also_referred(app, world).await;
    let shared = |told: &Told| {
        vec![
            ("$referral", told.referral.id.clone()),
            ("$case", told.story.case.clone()),
            ("$consent", told.consent.clone()),
            ("$agreement", agreement.clone()),
            ("$area", gid(Kind::Area, world.district)),
            ("$program", gid(Kind::Program, world.program)),
            ("$service", gid(Kind::Service, stage.service)),
            ("$organization", gid(Kind::Organization, world.provider)),
        ]
    };
    let member = async |organization: Uuid, role| add_member(app, organization, role).await;
    let of = |name, who: &Persona, told, is_outside| Relation { name, who: who.clone(), ids: shared(told), is_outside };
    let peer = member(world.lead, "CASE_MANAGER").await;
    let program_manager = member(world.lead, "PROGRAM_MANAGER").await;
    let administrator = member(world.partner, "ADMINISTRATOR").await;
    vec![
        of("holder", &world.case_manager, &ended, false),
        of("sender", &world.partner_supervisor, &taken, false),
        of("pending", &world.intake, &pending, false),
        of("accepted", &world.worker, &taken, false),
        of("ended", &world.worker, &ended, false),
        of("sibling", &sibling, &ended, false),
        of("peer", &peer, &ended, true),
        of("government", &world.official, &ended, true),
        of("coordinator", &world.coordinator, &ended, false),
        of("program-manager", &program_manager, &ended, true),
        of("m-and-e", &world.evaluator, &ended, true),
        of("data-protection", &world.data_protection, &ended, false),
        of("administrator", &administrator, &ended, true),
        of("anonymous", &Persona::public(), &ended, true),
    ]
}
