//! Situations of consent, its withdrawal and overrides.

use super::{Row, Stage};
use crate::support::verbs::{Referred, Story, done, text};
use futures_util::FutureExt as _;
use serde_json::{Value, json};

/// The mutations of consent, its withdrawal and overrides.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "withdrawConsent",
        situation: "SENT",
        prepare: |stage| async { withdrawal(stage, &stage.sent().await.0).await }.boxed_local(),
    },
    Row {
        mutation: "confirmRedaction",
        situation: "asked of the provider",
        prepare: |stage| async { json!({ "redactionId": stage.redaction().await.2 }) }.boxed_local(),
    },
];

/// The input that withdraws the story's consent.
pub async fn withdrawal(stage: &Stage<'_>, story: &Story) -> Value {
    let query = "query($id: ID!) { case(by: {id: $id}) { consents { id version } } }";
    let seen = stage.app.run(&stage.world.case_manager, query, json!({ "id": story.case })).await;
    let consent = &seen["case"]["consents"][0];
    json!({ "consentId": consent["id"], "expectedVersion": consent["version"] })
}

impl Stage<'_> {
    /// A referral whose consent was withdrawn, and the redaction that the provider was asked for.
    pub async fn redaction(&self) -> (Story, Referred, String) {
        let (story, sent) = self.sent().await;
        let input = withdrawal(self, &story).await;
        done(self.app, &self.world.case_manager, "withdrawConsent", input, "").await;
        let list = "{ redactions(first: 1) { nodes { id referralId } } }";
        let seen = self.app.run(&self.world.intake, list, json!({})).await;
        assert_eq!(seen["redactions"]["nodes"][0]["referralId"], json!(sent.id));
        (story, sent, text(&seen["redactions"]["nodes"][0]["id"]))
    }
}
