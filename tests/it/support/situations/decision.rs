//! Situations of the steps before a decision.

use super::{Row, Stage};
use crate::support::seed::run;
use crate::support::verbs::{Referred, Story};
use crate::support::world::{add_service, gid};
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

/// The mutations of the steps before a decision.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "requestReferralInfo",
        situation: "SENT",
        prepare: |stage| async { stage.sent().await.1.input(questions()) }.boxed_local(),
    },
    Row {
        mutation: "answerReferralInfo",
        situation: "INFO_REQUESTED",
        prepare: |stage| async { stage.asked().await.1.input(answers()) }.boxed_local(),
    },
    Row {
        mutation: "acceptReferralPartly",
        situation: "SENT",
        prepare: |stage| {
            async {
                let (story, sent) = stage.sent().await;
                sent.input(json!({ "takenGoalIds": [story.goals[0]] }))
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "waitlistReferral",
        situation: "SENT",
        prepare: |stage| {
            async { stage.for_a_list().await.1.input(json!({ "expectedOn": "2026-12-10" })) }.boxed_local()
        },
    },
    Row {
        mutation: "reviewWaitingReferral",
        situation: "WAITLISTED",
        prepare: |stage| async { stage.waiting().await.1.input(json!({ "reviewOn": "2026-12-20" })) }.boxed_local(),
    },
    Row {
        mutation: "offerReferralPlace",
        situation: "WAITLISTED",
        prepare: |stage| async { stage.waiting().await.1.input(json!({})) }.boxed_local(),
    },
    Row {
        mutation: "takeReferralOffer",
        situation: "OFFERED",
        prepare: |stage| async { stage.offered().await.1.input(json!({})) }.boxed_local(),
    },
    Row {
        mutation: "lapseReferralOffer",
        situation: "OFFERED, the person by phone",
        prepare: |stage| async { stage.offered().await.1.input(json!({ "personChannel": "PHONE" })) }.boxed_local(),
    },
    Row {
        mutation: "redirectReferral",
        situation: "SENT",
        prepare: |stage| {
            async {
                let better = gid(Kind::Service, stage.world.service);
                stage.sent().await.1.input(json!({ "betterServiceId": better }))
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "unacceptReferral",
        situation: "ACCEPTED",
        prepare: |stage| async { stage.accepted().await.1.input(json!({ "reason": "NO_CAPACITY" })) }.boxed_local(),
    },
    Row {
        mutation: "assignReferral",
        situation: "SENT",
        prepare: |stage| {
            async {
                let worker = gid(Kind::Member, stage.world.worker.id);
                stage.sent().await.1.input(json!({ "memberId": worker }))
            }
            .boxed_local()
        },
    },
];

/// Two questions.
pub fn questions() -> Value {
    json!({ "questions": ["CANARY-QUESTION which school", "CANARY-QUESTION since when"] })
}

/// An answer to each of the two.
pub fn answers() -> Value {
    json!({ "answers": [
        { "number": 2, "text": "CANARY-ANSWER since May" },
        { "number": 1, "text": "CANARY-ANSWER the one by the river" },
    ] })
}

impl Stage<'_> {
    /// A referral about which the receiver asked two questions.
    pub async fn asked(&self) -> (Story, Referred) {
        let (story, sent) = self.sent().await;
        let asked = sent.act(self.app, &self.world.intake, "requestReferralInfo", questions()).await;
        (story, asked)
    }

    /// A service of the provider with so many places that keeps a waiting list and holds places at sending.
    pub async fn service_with_a_list(&self, total: Option<i32>) -> Uuid {
        let service = add_service(self.app, self.world.provider, self.world.district, total).await;
        let keep = "UPDATE service SET keeps_waiting_list = TRUE, holds_places_at_sending = TRUE WHERE id = $1";
        run(self.app, keep, vec![service.into()]).await;
        service
    }

    async fn for_a_list(&self) -> (Story, Referred) {
        let service = self.service_with_a_list(Some(3)).await;
        let story = self.story().await;
        let sent = story.refer_to(self.app, &self.world.case_manager, service).await;
        (story, sent)
    }

    /// A referral on a waiting list.
    pub async fn waiting(&self) -> (Story, Referred) {
        let (story, sent) = self.for_a_list().await;
        let until = json!({ "expectedOn": "2026-12-10" });
        let waiting = sent.act(self.app, &self.world.intake, "waitlistReferral", until).await;
        (story, waiting)
    }

    /// A referral to which a place is offered.
    pub async fn offered(&self) -> (Story, Referred) {
        let (story, waiting) = self.waiting().await;
        let who = &self.world.provider_supervisor;
        let offered = waiting.act(self.app, who, "offerReferralPlace", json!({})).await;
        (story, offered)
    }
}
