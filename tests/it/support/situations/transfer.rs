//! Situations of cases that are handed over: from the partner to the ministry, which takes part in the program.

use super::{Row, Stage};
use crate::support::verbs::{Story, done, text};
use crate::support::world::gid;
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

/// The mutations by which cases are handed over.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "proposeCaseTransfer",
        situation: "of the partner's case, to the ministry",
        prepare: |stage| async { proposing(stage, &stage.transferable().await) }.boxed_local(),
    },
    Row {
        mutation: "proposeCaseTransfers",
        situation: "of the partner's cases, to the ministry",
        prepare: |stage| {
            async {
                let story = stage.transferable().await;
                proposing_many(stage, Some(&[&story.case]))
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "acceptCaseTransfer",
        situation: "PROPOSED to the ministry",
        prepare: |stage| async { answering(&stage.proposed().await.1, json!({})) }.boxed_local(),
    },
    Row {
        mutation: "declineCaseTransfer",
        situation: "PROPOSED to the ministry",
        prepare: |stage| {
            async { answering(&stage.proposed().await.1, json!({ "reason": "NO_CAPACITY" })) }.boxed_local()
        },
    },
    Row {
        mutation: "withdrawCaseTransfer",
        situation: "PROPOSED to the ministry",
        prepare: |stage| async { answering(&stage.proposed().await.1, json!({})) }.boxed_local(),
    },
];

/// The input that proposes a case to the ministry.
pub fn proposing(stage: &Stage<'_>, story: &Story) -> Value {
    json!({ "caseId": story.case, "receiverId": gid(Kind::Organization, stage.world.official.organization),
            "reason": "CONTRACT_ENDS", "note": "CANARY-NOTE prefers to be called in the evening" })
}

/// The input that proposes many cases to the ministry.
pub fn proposing_many(stage: &Stage<'_>, cases: Option<&[&str]>) -> Value {
    json!({ "programId": gid(Kind::Program, stage.world.program), "reason": "CONTRACT_ENDS", "caseIds": cases,
            "receiverId": gid(Kind::Organization, stage.world.official.organization) })
}

/// The input that answers a proposal that nobody answered before.
pub fn answering(id: &str, more: Value) -> Value {
    let mut input = json!({ "transferId": id, "expectedVersion": 1 });
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        input[name] = value;
    }
    input
}

/// The input by which the person agrees that another organization holds the case.
pub fn agreeing(story: &Story, receiver: Uuid, version: i64) -> Value {
    json!({ "caseId": story.case, "expectedVersion": version, "receiverId": gid(Kind::Organization, receiver),
            "purpose": "CASE_TRANSFER", "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY"], "method": "VERBAL",
            "language": "fr", "noticeVersion": "2026-1", "givenOn": "2026-11-25" })
}

impl Stage<'_> {
    /// A case whose person agrees that the ministry holds it.
    pub async fn transferable(&self) -> Story {
        let story = self.story().await;
        self.agree_to_transfer(&story).await;
        story
    }

    /// The person of a story agrees that the ministry holds the case.
    pub async fn agree_to_transfer(&self, story: &Story) {
        let input = agreeing(story, self.world.official.organization, 3);
        done(self.app, &self.world.case_manager, "recordConsent", input, "").await;
    }

    /// Such a case, proposed.
    pub async fn proposed(&self) -> (Story, String) {
        let story = self.transferable().await;
        let id = self.propose(&story).await;
        (story, id)
    }

    /// The partner proposes a case.
    pub async fn propose(&self, story: &Story) -> String {
        let (manager, input) = (&self.world.case_manager, proposing(self, story));
        let made = done(self.app, manager, "proposeCaseTransfer", input, "caseTransfer { id }").await;
        text(&made["caseTransfer"]["id"])
    }
}
