//! Situations of identity and agreements.

use super::{Row, Stage};
use crate::support::verbs::done;
use crate::support::world::gid;
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// The mutations of identity and agreements.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "setPerson",
        situation: "of the partner's case",
        prepare: |stage| {
            async {
                let story = stage.story().await;
                json!({ "caseId": story.case, "expectedVersion": 3, "givenName": "CANARY-GIVEN" })
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "registerAgreement",
        situation: "with the municipality",
        prepare: |stage| async { stage.agreement(stage.world.municipality) }.boxed_local(),
    },
    Row {
        mutation: "confirmAgreement",
        situation: "that the partner registered with the provider",
        prepare: |stage| async { stage.registered().await }.boxed_local(),
    },
    Row {
        mutation: "endAgreement",
        situation: "that the partner registered with the provider",
        prepare: |stage| async { stage.registered().await }.boxed_local(),
    },
];

impl Stage<'_> {
    /// What the asker's organization agrees on with another.
    pub fn agreement(&self, party: uuid::Uuid) -> Value {
        json!({ "kind": "DATA_SHARING", "partyIds": [gid(Kind::Organization, party)], "validFrom": "2026-01-01",
                "validTo": "2027-12-31", "dataAllowed": ["GIVEN_NAME", "FAMILY_NAME", "PHONE"] })
    }

    async fn registered(&self) -> Value {
        let input = self.agreement(self.world.provider);
        let select = "agreement { id version }";
        let made = done(self.app, &self.world.partner_supervisor, "registerAgreement", input, select).await;
        json!({ "agreementId": made["agreement"]["id"], "expectedVersion": 1 })
    }
}
