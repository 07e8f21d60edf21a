//! Situations in which a receiver, while it helps somebody, proposes another referral or passes on a part of its own.

use super::{Row, Stage};
use crate::support::app::Persona;
use crate::support::verbs::{Referred, Story, done, text};
use crate::support::world::{add_member, add_service, gid};
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

/// The mutations by which a receiver proposes and passes on.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "proposeReferral",
        situation: "by the provider, from ACCEPTED",
        prepare: |stage| async { proposing(&stage.accepted().await.1, stage.service) }.boxed_local(),
    },
    Row {
        mutation: "passReferralOn",
        situation: "by the provider to the municipality, from ACCEPTED",
        prepare: |stage| {
            async {
                let (_, parent) = stage.accepted().await;
                passing_on(&parent, stage.onward().await, json!({}))
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "sendReferral",
        situation: "DRAFT of the provider, passed on to the municipality",
        prepare: |stage| {
            async {
                let part = stage.passed_on().await;
                stage.agree_to_pass_on(&part.story).await;
                part.draft.input(json!({ "personInformed": true }))
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "withdrawReferral",
        situation: "DRAFT of the provider, passed on to the municipality",
        prepare: |stage| {
            async { stage.passed_on().await.draft.input(json!({ "reason": "NO_LONGER_NEEDED" })) }.boxed_local()
        },
    },
    Row {
        mutation: "proposePlanItem",
        situation: "by the provider, from ACCEPTED",
        prepare: |stage| async { proposing_item(&stage.accepted().await.1) }.boxed_local(),
    },
    Row {
        mutation: "acceptPlanItemProposal",
        situation: "of the provider, to the partner",
        prepare: |stage| {
            async {
                let (_, from) = stage.accepted().await;
                answering_item(&stage.propose_item(&from).await, json!({}))
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "declinePlanItemProposal",
        situation: "of the provider, to the partner",
        prepare: |stage| {
            async {
                let (_, from) = stage.accepted().await;
                answering_item(&stage.propose_item(&from).await, json!({ "reason": "ALREADY_PLANNED" }))
            }
            .boxed_local()
        },
    },
];

/// The input by which a receiver proposes an item for the plan.
pub fn proposing_item(from: &Referred) -> Value {
    json!({ "referralId": from.id, "goal": "CANARY-GOAL a stall on the market", "dueBy": "2027-01-31",
            "reason": "CANARY-REASON sells well", "personInformed": true })
}

/// The input that answers a proposed item that nobody answered before.
pub fn answering_item(id: &str, more: Value) -> Value {
    let mut input = json!({ "proposalId": id, "expectedVersion": 1 });
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        input[name] = value;
    }
    input
}

/// The input by which a receiver proposes a referral.
pub fn proposing(from: &Referred, service: Uuid) -> Value {
    json!({ "referralId": from.id, "serviceId": gid(Kind::Service, service), "personInformed": true,
            "reason": "CANARY-REASON sleeps badly",
            "need": { "categoryCode": "PSY.IND.COUNSELLING", "urgency": "URGENT", "goals": ["CANARY-GOAL sleep again"] } })
}

/// The input by which a receiver passes on a part.
pub fn passing_on(parent: &Referred, service: Uuid, more: Value) -> Value {
    let mut input = json!({ "referralId": parent.id, "serviceId": gid(Kind::Service, service),
                            "background": "CANARY-BACKGROUND tools are missing" });
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        input[name] = value;
    }
    input
}

/// A part that the provider passed on to the municipality.
pub struct Part {
    pub story: Story,
    pub parent: Referred,
    pub draft: Referred,
    pub intake: Persona,
    pub worker: Persona,
}

impl Stage<'_> {
    /// The provider's worker proposes an item for the plan.
    pub async fn propose_item(&self, from: &Referred) -> String {
        let select = "referral { chain { planItemProposals { id } } }";
        let made = done(self.app, &self.world.worker, "proposePlanItem", proposing_item(from), select).await;
        let all = made["referral"]["chain"]["planItemProposals"].as_array().unwrap().clone();
        text(&all.last().unwrap()["id"])
    }

    /// A service of the municipality.
    pub async fn onward(&self) -> Uuid {
        add_service(self.app, self.world.municipality, self.world.district, None).await
    }

    /// The provider's draft to the municipality for a part of what it does.
    pub async fn passed_on(&self) -> Part {
        let (story, parent) = self.accepted().await;
        let begun = json!({ "firstContactOn": "2026-11-25" });
        let parent = parent.act(self.app, &self.world.worker, "startReferralService", begun).await;
        let input = passing_on(&parent, self.onward().await, json!({ "goalIds": [story.goals[1]] }));
        let made = done(self.app, &self.world.worker, "passReferralOn", input, "referral { id version }").await;
        Part {
            story,
            parent,
            draft: Referred { id: text(&made["referral"]["id"]), version: 1 },
            intake: add_member(self.app, self.world.municipality, "INTAKE").await,
            worker: add_member(self.app, self.world.municipality, "SERVICE_WORKER").await,
        }
    }

    /// The person agrees that the municipality helps, too, and the case's holder records it.
    pub async fn agree_to_pass_on(&self, story: &Story) -> String {
        let query = "query($id: ID!) { case(by: { id: $id }) { version } }";
        let manager = &self.world.case_manager;
        let case = self.app.run(manager, query, json!({ "id": story.case })).await["case"].clone();
        let input = json!({ "caseId": story.case, "expectedVersion": case["version"], "method": "VERBAL",
            "receiverId": gid(Kind::Organization, self.world.municipality),
            "fields": ["CASE_IDENTIFIER", "NEED", "GOALS", "URGENCY", "SEX"], "language": "fr",
            "noticeVersion": "2026-1", "givenOn": "2026-11-25" });
        text(&done(self.app, manager, "recordConsent", input, "consent { id }").await["consent"]["id"])
    }
}

impl Part {
    /// Sent by the provider's supervisor under the person's consent.
    pub async fn sent(self, stage: &Stage<'_>) -> (Self, Referred) {
        stage.agree_to_pass_on(&self.story).await;
        let informed = json!({ "personInformed": true });
        let sent = self.draft.act(stage.app, &stage.world.provider_supervisor, "sendReferral", informed).await;
        (self, sent)
    }

    /// Taken on by the municipality.
    pub async fn accepted(self, stage: &Stage<'_>) -> (Self, Referred) {
        let (part, sent) = self.sent(stage).await;
        let accepted = sent.act(stage.app, &part.intake, "acceptReferral", json!({})).await;
        (part, accepted)
    }

    /// What the municipality reports of its part.
    pub fn report(&self) -> Value {
        json!({ "serviceOn": "2026-11-25", "firstContactOn": "2026-11-25",
                "outcomes": [{ "goalId": self.story.goals[1], "result": "PARTLY", "achievedOn": "2026-11-25",
                               "note": "CANARY-NOTE has a stall" }] })
    }
}
