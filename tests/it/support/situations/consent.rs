//! Situations of consent, its withdrawal and overrides.

use super::{Row, Stage};
use crate::support::verbs::{Referred, Story, done, text};
use crate::support::world::gid;
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// The mutations of consent, its withdrawal and overrides.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "withdrawConsent",
        situation: "SENT",
        prepare: |stage| async { withdrawal(stage, &stage.sent().await.0).await }.boxed_local(),
    },
    Row {
        mutation: "withdrawConsentFields",
        situation: "SENT",
        prepare: |stage| {
            async {
                let mut input = withdrawal(stage, &stage.sent().await.0).await;
                input["fields"] = json!(["AGE_BAND"]);
                input
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "confirmConsentOverride",
        situation: "of the partner's, recorded by its supervisor",
        prepare: |stage| {
            async { json!({ "overrideId": stage.recorded_override().await.1, "expectedVersion": 1 }) }.boxed_local()
        },
    },
    Row {
        mutation: "confirmRedaction",
        situation: "asked of the provider",
        prepare: |stage| async { json!({ "redactionId": stage.redaction().await.2 }) }.boxed_local(),
    },
    Row {
        mutation: "recordServiceGoesOn",
        situation: "ACCEPTED, its consent withdrawn",
        prepare: |stage| {
            async {
                let (story, accepted) = stage.accepted().await;
                let input = withdrawal(stage, &story).await;
                done(stage.app, &stage.world.case_manager, "withdrawConsent", input, "").await;
                accepted.input(json!({ "personChannel": "PHONE" }))
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "recordConsentOverride",
        situation: "of the partner's case",
        prepare: |stage| async { overriding(stage, &stage.unconsented().await) }.boxed_local(),
    },
    Row {
        mutation: "reviewConsentOverride",
        situation: "of the partner's, recorded by its supervisor",
        prepare: |stage| {
            async {
                let id = stage.overridden().await.1;
                json!({ "overrideId": id, "expectedVersion": 2, "verdict": "JUSTIFIED", "text": "CANARY-VERDICT right" })
            }
            .boxed_local()
        },
    },
];

/// The input that records an override for the provider.
pub fn overriding(stage: &Stage<'_>, story: &Story) -> Value {
    json!({
        "caseId": story.case, "receiverId": gid(Kind::Organization, stage.world.provider), "basis": "LIFE_AT_RISK",
        "determinedById": gid(Kind::Member, stage.world.psychologist.id), "reason": "CANARY-OVERRIDE must not be left alone",
        "fields": ["CASE_IDENTIFIER", "NEED", "URGENCY", "GOALS"], "validHours": 24,
    })
}

/// The input that withdraws the story's consent.
pub async fn withdrawal(stage: &Stage<'_>, story: &Story) -> Value {
    let query = "query($id: ID!) { case(by: {id: $id}) { consents { id version } } }";
    let seen = stage.app.run(&stage.world.case_manager, query, json!({ "id": story.case })).await;
    let consent = &seen["case"]["consents"][0];
    json!({ "consentId": consent["id"], "expectedVersion": consent["version"] })
}

impl Stage<'_> {
    /// A case with a need and with no consent for the provider.
    pub async fn unconsented(&self) -> Story {
        Story::open_by(self.app, self.world, &self.world.case_manager, self.world.municipality).await
    }

    /// Such a case, with what stands in for the consent, confirmed by the professional.
    pub async fn overridden(&self) -> (Story, String) {
        let (story, id) = self.recorded_override().await;
        let input = json!({ "overrideId": id, "expectedVersion": 1 });
        done(self.app, &self.world.psychologist, "confirmConsentOverride", input, "").await;
        (story, id)
    }

    /// Such a case, with what the supervisor recorded in the professional's name.
    pub async fn recorded_override(&self) -> (Story, String) {
        let story = self.unconsented().await;
        let (supervisor, input) = (&self.world.partner_supervisor, overriding(self, &story));
        let made = done(self.app, supervisor, "recordConsentOverride", input, "consentOverride { id }").await;
        (story, text(&made["consentOverride"]["id"]))
    }

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
