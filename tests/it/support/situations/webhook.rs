//! Situations of webhooks: the provider has an endpoint.

use super::{Row, Stage};
use crate::support::verbs::done;
use crate::support::world::gid;
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use passerelle_entity::webhook_delivery;
use serde_json::{Value, json};
use uuid::Uuid;

/// An address that is never asked.
const URL: &str = "https://hooks.example.org/in";

/// The mutations of webhooks.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "createWebhookEndpoint",
        situation: "of the asker's own",
        prepare: |stage| {
            async {
                stage.without_webhooks().await;
                json!({ "url": URL, "topics": ["REFERRAL"] })
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "changeWebhookEndpoint",
        situation: "of the provider",
        prepare: |stage| async { stage.webhook(json!({ "description": "Ours" })).await }.boxed_local(),
    },
    Row {
        mutation: "rotateWebhookSecret",
        situation: "of the provider",
        prepare: |stage| async { stage.webhook(json!({})).await }.boxed_local(),
    },
    Row {
        mutation: "pauseWebhookEndpoint",
        situation: "of the provider",
        prepare: |stage| async { stage.webhook(json!({})).await }.boxed_local(),
    },
    Row {
        mutation: "resumeWebhookEndpoint",
        situation: "of the provider",
        prepare: |stage| {
            async {
                let which = stage.webhook(json!({})).await;
                done(stage.app, &stage.world.provider_administrator, "pauseWebhookEndpoint", which.clone(), "").await;
                json!({ "endpointId": which["endpointId"], "expectedVersion": 2 })
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "deleteWebhookEndpoint",
        situation: "of the provider",
        prepare: |stage| async { stage.webhook(json!({})).await }.boxed_local(),
    },
    Row {
        mutation: "sendTestWebhook",
        situation: "of the provider",
        prepare: |stage| async { json!({ "endpointId": stage.webhook(json!({})).await["endpointId"] }) }.boxed_local(),
    },
    Row {
        mutation: "replayWebhookDelivery",
        situation: "of the provider",
        prepare: |stage| {
            async {
                let endpoint = stage.webhook(json!({})).await["endpointId"].as_str().unwrap().to_owned();
                json!({ "deliveryId": gid(Kind::WebhookDelivery, stage.delivered(&endpoint).await) })
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "replayWebhookDeliveries",
        situation: "of the provider",
        prepare: |stage| {
            async {
                let endpoint = &stage.webhook(json!({})).await["endpointId"];
                json!({ "endpointId": endpoint, "from": "2026-11-25T00:00:00Z", "to": "2026-11-26T00:00:00Z" })
            }
            .boxed_local()
        },
    },
];

impl Stage<'_> {
    /// Throws away what earlier situations made.
    async fn without_webhooks(&self) {
        let tx = self.app.app.store.begin().await.unwrap();
        for table in ["webhook_attempt", "webhook_delivery", "webhook_key", "webhook_endpoint"] {
            tx.run(&format!("DELETE FROM {table}"), vec![]).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// The input of a change of an endpoint that the provider has just made.
    async fn webhook(&self, more: Value) -> Value {
        self.without_webhooks().await;
        let who = &self.world.provider_administrator;
        let made = done(self.app, who, "createWebhookEndpoint", json!({ "url": URL }), "endpoint { id version }").await;
        let mut input = json!({ "endpointId": made["endpoint"]["id"], "expectedVersion": made["endpoint"]["version"] });
        for (name, value) in more.as_object().cloned().unwrap_or_default() {
            input[name] = value;
        }
        input
    }

    /// Something that arrived at an endpoint.
    async fn delivered(&self, endpoint: &str) -> Uuid {
        let (_, endpoint_id) = passerelle::domain::global_id::decode(endpoint).unwrap();
        let (id, now) = (Uuid::now_v7(), self.app.app.now());
        let tx = self.app.app.store.begin().await.unwrap();
        tx.add(webhook_delivery::Model {
            id,
            endpoint_id,
            organization_id: self.world.provider,
            sequence: Some(1),
            place: 1,
            subject_kind: "Referral".into(),
            subject_id: Uuid::now_v7(),
            kind: "createReferral".into(),
            change: "UPSERT".into(),
            version: 1,
            at: now,
            state: "DELIVERED".into(),
            attempts: 1,
            next_at: now,
            created_at: now,
            ended_at: Some(now),
            ..webhook_delivery::Model::default()
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        id
    }
}
