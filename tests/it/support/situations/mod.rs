//! Every mutation with a fresh situation in which it fits. The permission table and the tests of strangers run these;
//! a new mutation adds a row here, and the permission table does not pass before it has one.

mod access;
mod bulk;
pub mod chain;
pub mod clock;
pub mod consent;
pub mod decision;
pub mod delivery;
mod imports;
mod membership;
mod offline;
mod person;
pub mod plan;
pub mod taxonomy;
pub mod transfer;
mod truth;
mod webhook;

use super::app::{Answer, Persona, TestApp};
use super::verbs::{Referred, Story, document, done, key, text};
use super::world::{World, gid};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

/// Where situations are prepared.
pub struct Stage<'a> {
    pub app: &'a TestApp,
    pub world: &'a World,
    /// A service of the provider that never runs out of places.
    pub service: Uuid,
}

/// Prepares a situation and gives the input that fits it.
pub type Prepare = for<'a> fn(&'a Stage<'a>) -> LocalBoxFuture<'a, Value>;

/// One mutation in one situation.
pub struct Row {
    pub mutation: &'static str,
    pub situation: &'static str,
    pub prepare: Prepare,
}

/// All mutations. The partner holds the case, the provider gives the service. Each area keeps its own list.
pub fn rows() -> Vec<&'static Row> {
    [
        CORE,
        decision::ROWS,
        delivery::ROWS,
        clock::ROWS,
        consent::ROWS,
        person::ROWS,
        plan::ROWS,
        access::ROWS,
        imports::ROWS,
        truth::ROWS,
        taxonomy::ROWS,
        transfer::ROWS,
        chain::ROWS,
        webhook::ROWS,
        membership::ROWS,
        offline::ROWS,
        bulk::ROWS,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The first mutations of the loop.
const CORE: &[Row] = &[
    Row { mutation: "openCase", situation: "in the program", prepare: |stage| stage.opening().boxed_local() },
    Row {
        mutation: "addNeed",
        situation: "to the partner's case",
        prepare: |stage| stage.adding_a_need().boxed_local(),
    },
    Row {
        mutation: "updateCase",
        situation: "of the partner",
        prepare: |stage| {
            async { json!({ "caseId": stage.story().await.case, "expectedVersion": 3, "sex": "MALE" }) }.boxed_local()
        },
    },
    Row {
        mutation: "recordConsent",
        situation: "in the partner's case",
        prepare: |stage| stage.recording_a_consent().boxed_local(),
    },
    Row {
        mutation: "addCaseAlias",
        situation: "to the partner's case, nothing sent",
        prepare: |stage| async { numbered(&stage.story().await) }.boxed_local(),
    },
    Row {
        mutation: "addCaseAlias",
        situation: "to the partner's case, sent to the provider",
        prepare: |stage| async { numbered(&stage.sent().await.0) }.boxed_local(),
    },
    Row {
        mutation: "closeCase",
        situation: "of the partner",
        prepare: |stage| {
            async {
                let story = stage.story().await;
                json!({ "caseId": story.case, "expectedVersion": 3, "reason": "GOALS_MET" })
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "createReferral",
        situation: "as a draft",
        prepare: |stage| async { stage.story().await.draft(stage.service) }.boxed_local(),
    },
    Row {
        mutation: "createReferral",
        situation: "sent at once",
        prepare: |stage| async { stage.story().await.referral(stage.service) }.boxed_local(),
    },
    Row {
        mutation: "sendReferral",
        situation: "DRAFT",
        prepare: |stage| async { stage.draft().await.1.input(json!({ "personInformed": true })) }.boxed_local(),
    },
    Row {
        mutation: "acknowledgeReferral",
        situation: "SENT",
        prepare: |stage| async { stage.sent().await.1.input(json!({})) }.boxed_local(),
    },
    Row {
        mutation: "acceptReferral",
        situation: "SENT",
        prepare: |stage| async { stage.sent().await.1.input(json!({})) }.boxed_local(),
    },
    Row {
        mutation: "declineReferral",
        situation: "SENT",
        prepare: |stage| async { stage.sent().await.1.input(json!({ "reason": "NO_CAPACITY" })) }.boxed_local(),
    },
    Row {
        mutation: "startReferralService",
        situation: "ACCEPTED",
        prepare: |stage| {
            async { stage.accepted().await.1.input(json!({ "firstContactOn": "2026-11-25" })) }.boxed_local()
        },
    },
    Row {
        mutation: "completeReferral",
        situation: "ACCEPTED",
        prepare: |stage| {
            async {
                let (story, accepted) = stage.accepted().await;
                accepted.input(report(&story))
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "withdrawReferral",
        situation: "DRAFT",
        prepare: |stage| async { stage.draft().await.1.input(json!({ "reason": "PERSON_DECLINED" })) }.boxed_local(),
    },
    Row {
        mutation: "withdrawReferral",
        situation: "SENT",
        prepare: |stage| async { stage.sent().await.1.input(json!({ "reason": "PERSON_DECLINED" })) }.boxed_local(),
    },
    Row {
        mutation: "closeReferralLoop",
        situation: "COMPLETED",
        prepare: |stage| async { stage.completed().await.1.input(json!({ "meaning": "MET" })) }.boxed_local(),
    },
    Row {
        mutation: "publishService",
        situation: "of the asker's own",
        prepare: |_| async { publication() }.boxed_local(),
    },
    Row {
        mutation: "updateService",
        situation: "of the municipality",
        prepare: |stage| async { stage.published(json!({ "name": "Renamed" })).await }.boxed_local(),
    },
    Row {
        mutation: "pauseService",
        situation: "of the municipality",
        prepare: |stage| async { stage.published(json!({ "reason": "No money left" })).await }.boxed_local(),
    },
    Row {
        mutation: "resumeService",
        situation: "of the municipality",
        prepare: |stage| async { stage.paused().await }.boxed_local(),
    },
    Row {
        mutation: "verifyService",
        situation: "of the municipality",
        prepare: |stage| async { stage.published(json!({})).await }.boxed_local(),
    },
    Row {
        mutation: "reportCapacity",
        situation: "of the municipality",
        prepare: |stage| async { stage.published(json!({ "total": 5, "takenElsewhere": 1 })).await }.boxed_local(),
    },
    Row {
        mutation: "reportCapacity",
        situation: "of the provider",
        prepare: |stage| {
            let service = super::world::add_service(stage.app, stage.world.provider, stage.world.district, None);
            async { json!({ "serviceId": gid(Kind::Service, service.await), "expectedVersion": 1, "total": 5 }) }
                .boxed_local()
        },
    },
    Row {
        mutation: "retireService",
        situation: "of the municipality",
        prepare: |stage| async { stage.published(json!({})).await }.boxed_local(),
    },
];

/// A service that anybody could publish.
pub fn publication() -> Value {
    json!({ "name": "Hearing aid", "language": "en", "visibility": "PUBLIC", "takesReferrals": true })
}

/// Delivery and outcome, from ACCEPTED on.
pub fn report(story: &Story) -> Value {
    json!({ "firstContactOn": "2026-11-25", "serviceOn": "2026-11-25", "outcomes": story.outcomes() })
}

fn numbered(story: &Story) -> Value {
    json!({ "caseId": story.case, "scheme": "dossier", "value": key() })
}

impl<'a> Stage<'a> {
    /// A stage with a service that never runs out of places.
    pub async fn set(app: &'a TestApp, world: &'a World) -> Self {
        let service = super::world::add_service(app, world.provider, world.district, None).await;
        Self { app, world, service }
    }

    async fn opening(&self) -> Value {
        json!({ "programId": gid(Kind::Program, self.world.program), "ageBand": "FROM_25_TO_39" })
    }

    async fn adding_a_need(&self) -> Value {
        let story = self.story().await;
        json!({ "caseId": story.case, "expectedVersion": 3, "categoryCode": "ECO.IND.TVET", "dimension": "ECONOMIC",
                "level": "INDIVIDUAL", "urgency": "ROUTINE", "delivery": "REFERRAL", "goals": ["CANARY-GOAL sew"] })
    }

    async fn recording_a_consent(&self) -> Value {
        let story = self.story().await;
        json!({ "caseId": story.case, "expectedVersion": 3,
                "receiverId": gid(Kind::Organization, self.world.municipality),
                "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY"], "method": "VERBAL", "language": "fr",
                "noticeVersion": "2026-1", "givenOn": "2026-11-25" })
    }

    /// The input of a change of a service that the municipality has just published.
    pub async fn published(&self, more: Value) -> Value {
        let select = "service { id version }";
        let made = done(self.app, &self.world.editor, "publishService", publication(), select).await;
        let mut input = json!({ "serviceId": made["service"]["id"], "expectedVersion": made["service"]["version"] });
        for (name, value) in more.as_object().cloned().unwrap_or_default() {
            input[name] = value;
        }
        input
    }

    async fn paused(&self) -> Value {
        let input = self.published(json!({ "reason": "No money left" })).await;
        let paused = done(self.app, &self.world.editor, "pauseService", input.clone(), "service { version }").await;
        json!({ "serviceId": input["serviceId"], "expectedVersion": paused["service"]["version"] })
    }

    /// The partner's case with a need and a consent for the provider.
    pub async fn story(&self) -> Story {
        Story::open(self.app, self.world).await
    }

    /// A referral that is still a draft.
    pub async fn draft(&self) -> (Story, Referred) {
        let story = self.story().await;
        let input = story.draft(self.service);
        let select = "referral { id version }";
        let made = done(self.app, &self.world.case_manager, "createReferral", input, select).await;
        let draft = Referred { id: text(&made["referral"]["id"]), version: 1 };
        (story, draft)
    }

    /// A referral that waits at the provider.
    pub async fn sent(&self) -> (Story, Referred) {
        let story = self.story().await;
        let sent = story.refer_to(self.app, &self.world.case_manager, self.service).await;
        (story, sent)
    }

    /// A referral that the provider took on.
    pub async fn accepted(&self) -> (Story, Referred) {
        let (story, sent) = self.sent().await;
        let accepted = sent.act(self.app, &self.world.intake, "acceptReferral", json!({})).await;
        (story, accepted)
    }

    /// A referral with its outcome.
    pub async fn completed(&self) -> (Story, Referred) {
        let (story, accepted) = self.accepted().await;
        let completed = accepted.act(self.app, &self.world.worker, "completeReferral", report(&story)).await;
        (story, completed)
    }
}

impl Story {
    /// The input that begins a referral and does not send it.
    pub fn draft(&self, service: Uuid) -> Value {
        let mut input = self.referral(service);
        input["send"] = json!(false);
        input
    }
}

/// Runs a mutation and gives its answer, whatever it is.
pub async fn answer(app: &TestApp, who: &Persona, mutation: &str, mut input: Value) -> Answer {
    if input.get("idempotencyKey").is_none() {
        input["idempotencyKey"] = json!(key());
    }
    let select = if many(mutation) { "results { userErrors { code } }" } else { "" };
    app.post(who, &document(mutation, select), json!({ "input": input })).await
}

/// Whether a mutation does many things one by one, each with its own answer.
fn many(mutation: &str) -> bool {
    ["createReferrals", "acknowledgeReferrals", "completeReferrals", "reportCapacities", "submitEnvelope"]
        .contains(&mutation)
}

/// Runs a mutation and gives its code: `ok`, that of the first user error, or that of the request's refusal.
pub async fn outcome(app: &TestApp, who: &Persona, mutation: &str, input: Value) -> String {
    code(&answer(app, who, mutation, input).await, mutation)
}

/// The code of a mutation's answer.
pub fn code(answer: &Answer, mutation: &str) -> String {
    let payload = &answer.body["data"][mutation];
    if let Some(errors) = answer.body.get("errors") {
        assert!(payload.is_null(), "{}", answer.body);
        return text(&errors[0]["extensions"]["code"]);
    }
    match payload["userErrors"].as_array().map(Vec::as_slice) {
        Some([]) => match payload["results"][0]["userErrors"][0]["code"].as_str() {
            Some(code) => code.to_owned(),
            None => "ok".to_owned(),
        },
        Some([first, ..]) => text(&first["code"]),
        None => panic!("no payload: {}", answer.body),
    }
}
