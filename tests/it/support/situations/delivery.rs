//! Situations of the steps after an acceptance.

use super::{Row, Stage};
use crate::support::verbs::{Referred, Story};
use crate::support::world::gid;
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// The mutations of the steps after an acceptance.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "holdReferral",
        situation: "ACCEPTED",
        prepare: |stage| async { stage.accepted().await.1.input(interruption()) }.boxed_local(),
    },
    Row {
        mutation: "resumeReferral",
        situation: "ON_HOLD",
        prepare: |stage| async { stage.held().await.1.input(json!({})) }.boxed_local(),
    },
    Row {
        mutation: "reportReferralProgress",
        situation: "IN_SERVICE",
        prepare: |stage| async { stage.begun().await.1.input(json!({ "done": 2, "planned": 10 })) }.boxed_local(),
    },
    Row {
        mutation: "endReferralEarly",
        situation: "ACCEPTED",
        prepare: |stage| async { stage.accepted().await.1.input(json!({ "reason": "FUNDING_ENDED" })) }.boxed_local(),
    },
    Row {
        mutation: "requestReferralCancellation",
        situation: "IN_SERVICE",
        prepare: |stage| async { stage.begun().await.1.input(json!({ "reason": "REMIGRATED" })) }.boxed_local(),
    },
    Row {
        mutation: "confirmReferralCancellation",
        situation: "CANCEL_REQUESTED",
        prepare: |stage| {
            async { stage.asked_to_stop().await.1.input(json!({ "nothingDelivered": true })) }.boxed_local()
        },
    },
    Row {
        mutation: "contestReferralCancellation",
        situation: "CANCEL_REQUESTED",
        prepare: |stage| async { stage.asked_to_stop().await.1.input(objection()) }.boxed_local(),
    },
    Row {
        mutation: "decideReferralContest",
        situation: "contested",
        prepare: |stage| async { stage.contested().await.1.input(json!({ "decision": "CONTINUE" })) }.boxed_local(),
    },
    Row {
        mutation: "voidReferral",
        situation: "SENT",
        prepare: |stage| async { stage.sent().await.1.input(json!({ "reason": "WRONG_PERSON" })) }.boxed_local(),
    },
    Row {
        mutation: "voidReferral",
        situation: "asked for by the partner's supervisor",
        prepare: |stage| {
            async { stage.asked_to_void().await.1.input(json!({ "reason": "TEST_RECORD" })) }.boxed_local()
        },
    },
    Row {
        mutation: "disputeReferralOutcome",
        situation: "COMPLETED",
        prepare: |stage| async { stage.completed().await.1.input(json!({ "about": "NOT_RECEIVED" })) }.boxed_local(),
    },
    Row {
        mutation: "decideReferralDispute",
        situation: "disputed",
        prepare: |stage| async { stage.disputed().await.1.input(json!({ "decision": "UPHELD" })) }.boxed_local(),
    },
    Row {
        mutation: "closeReferralLoop",
        situation: "disputed and decided",
        prepare: |stage| async { stage.decided().await.1.input(json!({ "meaning": "NOT_MET" })) }.boxed_local(),
    },
    Row {
        mutation: "redraftReferral",
        situation: "DECLINED",
        prepare: |stage| async { stage.redrafting().await }.boxed_local(),
    },
];

/// Why a service is interrupted, until a day in two weeks.
pub fn interruption() -> Value {
    json!({ "reason": "PERSON_UNREACHABLE", "note": "CANARY-HOLD away", "reviewOn": "2026-12-09" })
}

/// That the person wishes to go on.
pub fn objection() -> Value {
    json!({ "statement": "CANARY-STATEMENT wants to finish the course" })
}

impl Stage<'_> {
    /// A referral whose service has begun.
    pub async fn begun(&self) -> (Story, Referred) {
        let (story, accepted) = self.accepted().await;
        let start = json!({ "firstContactOn": "2026-11-25" });
        let begun = accepted.act(self.app, &self.world.worker, "startReferralService", start).await;
        (story, begun)
    }

    /// A referral that is interrupted before its service began.
    pub async fn held(&self) -> (Story, Referred) {
        let (story, accepted) = self.accepted().await;
        let held = accepted.act(self.app, &self.world.worker, "holdReferral", interruption()).await;
        (story, held)
    }

    /// A begun service that the sender asked to stop.
    pub async fn asked_to_stop(&self) -> (Story, Referred) {
        let (story, begun) = self.begun().await;
        let why = json!({ "reason": "OTHER", "note": "CANARY-CANCEL moves away" });
        let asked = begun.act(self.app, &self.world.case_manager, "requestReferralCancellation", why).await;
        (story, asked)
    }

    /// A service whose provider objects to stopping.
    pub async fn contested(&self) -> (Story, Referred) {
        let (story, asked) = self.asked_to_stop().await;
        let who = &self.world.provider_supervisor;
        let contested = asked.act(self.app, who, "contestReferralCancellation", objection()).await;
        (story, contested)
    }

    /// A sent referral that the partner's supervisor asked to void.
    pub async fn asked_to_void(&self) -> (Story, Referred) {
        let (story, sent) = self.sent().await;
        let why = json!({ "reason": "TEST_RECORD" });
        let asked = sent.act(self.app, &self.world.partner_supervisor, "voidReferral", why).await;
        (story, asked)
    }

    /// A reported outcome that the sender disputes.
    pub async fn disputed(&self) -> (Story, Referred) {
        let (story, completed) = self.completed().await;
        let why = json!({ "about": "NOT_AS_REPORTED", "note": "CANARY-DISPUTE only two days" });
        let disputed = completed.act(self.app, &self.world.case_manager, "disputeReferralOutcome", why).await;
        (story, disputed)
    }

    /// A reported outcome that the coordinator found not delivered.
    pub async fn decided(&self) -> (Story, Referred) {
        let (story, disputed) = self.disputed().await;
        let upheld = json!({ "decision": "UPHELD" });
        let decided = disputed.act(self.app, &self.world.coordinator, "decideReferralDispute", upheld).await;
        (story, decided)
    }

    /// The input that drafts another attempt after a referral that was declined.
    pub async fn redrafting(&self) -> Value {
        let (_, sent) = self.sent().await;
        let why = json!({ "reason": "NO_CAPACITY" });
        let ended = sent.act(self.app, &self.world.intake, "declineReferral", why).await;
        json!({ "previousId": ended.id, "serviceId": gid(Kind::Service, self.service) })
    }
}
