//! Situations of batches, envelopes and documents known by their hash.

use super::{Row, Stage, report};
use crate::support::verbs::{done, key, text};
use crate::support::world::gid;
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// The mutations of batches, envelopes and documents.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "createReferrals",
        situation: "one draft; the answer is that of the row",
        prepare: |stage| async { batch(stage.story().await.draft(stage.service)) }.boxed_local(),
    },
    Row {
        mutation: "acknowledgeReferrals",
        situation: "one SENT; the answer is that of the row",
        prepare: |stage| async { batch(stage.sent().await.1.input(json!({}))) }.boxed_local(),
    },
    Row {
        mutation: "completeReferrals",
        situation: "one ACCEPTED; the answer is that of the row",
        prepare: |stage| {
            async {
                let (story, accepted) = stage.accepted().await;
                batch(accepted.input(report(&story)))
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "reportCapacities",
        situation: "one service of the municipality; the answer is that of the row",
        prepare: |stage| {
            async { batch(stage.published(json!({ "total": 5, "takenElsewhere": 1 })).await) }.boxed_local()
        },
    },
    Row {
        mutation: "submitEnvelope",
        situation: "one accept of a SENT; the answer is that of the command",
        prepare: |stage| async { envelope("acceptReferral", stage.sent().await.1.input(json!({}))) }.boxed_local(),
    },
    Row {
        mutation: "resolveParkedCommand",
        situation: "an accept of the provider's intake",
        prepare: |stage| async { stage.parked().await }.boxed_local(),
    },
    Row {
        mutation: "discardParkedCommand",
        situation: "an accept of the provider's intake",
        prepare: |stage| async { stage.parked().await }.boxed_local(),
    },
    Row {
        mutation: "uploadDocumentManifest",
        situation: "of the provider's application",
        prepare: |stage| {
            async {
                json!({ "clientId": gid(Kind::ClientApplication, stage.world.app.id), "expectedVersion": 0,
                        "documents": ["{ __typename }"], "isRequired": false })
            }
            .boxed_local()
        },
    },
];

fn batch(mut row: Value) -> Value {
    row["idempotencyKey"] = json!(key());
    json!({ "rows": [row] })
}

/// An envelope of one command.
pub fn envelope(mutation: &str, mut input: Value) -> Value {
    if input.get("idempotencyKey").is_none() {
        input["idempotencyKey"] = json!(key());
    }
    json!({ "deviceId": "tablet-7", "commands": [{ "madeAt": "2026-11-20T08:00:00Z", "command": { mutation: input } }] })
}

impl Stage<'_> {
    /// An accept that the provider's intake had queued before a colleague acknowledged.
    async fn parked(&self) -> Value {
        let (_, sent) = self.sent().await;
        sent.act(self.app, &self.world.provider_supervisor, "acknowledgeReferral", json!({})).await;
        let select = "results { outcome parkedCommandId }";
        let input = envelope("acceptReferral", sent.input(json!({})));
        let landed = done(self.app, &self.world.intake, "submitEnvelope", input, select).await;
        assert_eq!(landed["results"][0]["outcome"], json!("PARKED"));
        json!({ "parkedCommandId": text(&landed["results"][0]["parkedCommandId"]), "expectedVersion": 1 })
    }
}
