//! Situations of corrections and of many services at once.

use super::{Row, Stage, publication};
use crate::support::verbs::done;
use crate::support::world::{add_member, add_service, gid};
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// The mutations of corrections, of many services at once and of what programs ask of services.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "reportServiceCorrection",
        situation: "of a public service",
        prepare: |stage| async { stage.reporting().await }.boxed_local(),
    },
    Row {
        mutation: "answerServiceCorrection",
        situation: "of the municipality",
        prepare: |stage| async { stage.reported().await }.boxed_local(),
    },
    Row {
        mutation: "pauseServices",
        situation: "of the asker's own in the program",
        prepare: |stage| {
            async { json!({ "programId": gid(Kind::Program, stage.world.program), "reason": "No money left" }) }
                .boxed_local()
        },
    },
    Row {
        mutation: "confirmServices",
        situation: "of the municipality",
        prepare: |stage| async { json!({ "services": [stage.published(json!({})).await] }) }.boxed_local(),
    },
    Row {
        mutation: "setProgramDirectoryRules",
        situation: "of the program",
        prepare: |stage| {
            async {
                json!({ "programId": gid(Kind::Program, stage.world.program), "expectedVersion": 0,
                        "maxAgeDays": 60, "needsReview": false })
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "submitServiceRevision",
        situation: "of the municipality",
        prepare: |stage| async { stage.entry_drafted(false).await }.boxed_local(),
    },
    Row {
        mutation: "publishServiceRevision",
        situation: "of the municipality",
        prepare: |stage| async { stage.entry_drafted(false).await }.boxed_local(),
    },
    Row {
        mutation: "discardServiceRevision",
        situation: "of the municipality",
        prepare: |stage| async { stage.entry_drafted(false).await }.boxed_local(),
    },
    Row {
        mutation: "reviewServiceRevision",
        situation: "of the municipality",
        prepare: |stage| {
            async {
                let mut input = stage.entry_drafted(true).await;
                input["approves"] = json!(true);
                input
            }
            .boxed_local()
        },
    },
];

impl Stage<'_> {
    /// A draft of the municipality's, written by another of its editors, and submitted or not.
    async fn entry_drafted(&self, submitted: bool) -> Value {
        let other = add_member(self.app, self.world.municipality, "DIRECTORY_EDITOR").await;
        let mut input = publication();
        input["asDraft"] = json!({});
        let made = done(self.app, &other, "publishService", input, "revision { id version }").await;
        let mut which = json!({ "revisionId": made["revision"]["id"], "expectedVersion": made["revision"]["version"] });
        if submitted {
            let select = "revision { version }";
            let given = done(self.app, &other, "submitServiceRevision", which.clone(), select).await;
            which["expectedVersion"] = given["revision"]["version"].clone();
        }
        which
    }

    async fn reporting(&self) -> Value {
        let service = add_service(self.app, self.world.provider, self.world.district, None).await;
        json!({ "serviceId": gid(Kind::Service, service), "about": "CONTACT", "text": "Nobody answers this number" })
    }

    /// A hint of the coordinator's on a service of the municipality.
    async fn reported(&self) -> Value {
        let made = done(self.app, &self.world.editor, "publishService", publication(), "service { id }").await;
        let input = json!({ "serviceId": made["service"]["id"], "about": "MOVED" });
        let said = done(self.app, &self.world.coordinator, "reportServiceCorrection", input, "correction { id }").await;
        json!({ "correctionId": said["correction"]["id"], "expectedVersion": 1, "answer": "DISMISSED",
                "reason": "It is still there" })
    }
}
