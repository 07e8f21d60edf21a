//! Situations of bulk jobs.

use super::{Row, Stage};
use crate::support::bulk::{change, seen, start, work_off};
use crate::support::seed::run;
use futures_util::FutureExt as _;
use serde_json::{Value, json};

/// The mutations of bulk jobs. The provider's intake worker exports its referrals.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "startBulkExport",
        situation: "of services",
        prepare: |stage| stage.exporting("SERVICES").boxed_local(),
    },
    Row {
        mutation: "startBulkExport",
        situation: "of referrals",
        prepare: |stage| stage.exporting("REFERRALS").boxed_local(),
    },
    Row { mutation: "startBulkExport", situation: "of cases", prepare: |stage| stage.exporting("CASES").boxed_local() },
    Row {
        mutation: "startBulkImport",
        situation: "of some commands",
        prepare: |stage| {
            async {
                stage.without_jobs().await;
                json!({ "bytes": 10, "sha256": "a".repeat(64) })
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "approveBulkJob",
        situation: "of the provider's intake worker, so large that it waits",
        prepare: |stage| {
            async {
                let job = stage.exported().await;
                let waits = "UPDATE bulk_job SET state = 'AWAITING_APPROVAL', expires_at = NULL";
                run(stage.app, waits, vec![]).await;
                change(&job)
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "cancelBulkJob",
        situation: "of the provider's intake worker, done",
        prepare: |stage| async { change(&stage.exported().await) }.boxed_local(),
    },
    Row {
        mutation: "createBulkLink",
        situation: "to the file of the provider's intake worker",
        prepare: |stage| async { json!({ "bulkJobId": stage.exported().await["id"] }) }.boxed_local(),
    },
];

impl Stage<'_> {
    /// Throws away what earlier situations made.
    async fn without_jobs(&self) {
        for table in ["bulk_piece", "bulk_link", "bulk_job"] {
            run(self.app, &format!("DELETE FROM {table}"), vec![]).await;
        }
    }

    async fn exporting(&self, kind: &str) -> Value {
        self.without_jobs().await;
        json!({ "kind": kind, "purpose": "COORDINATION" })
    }

    async fn exported(&self) -> Value {
        self.without_jobs().await;
        let job = start(self.app, &self.world.intake, "REFERRALS").await;
        work_off(self.app).await;
        seen(self.app, &self.world.intake, &job).await
    }
}
