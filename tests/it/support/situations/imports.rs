//! Situations of imports about which a publisher decides.

use super::{Row, Stage};
use crate::support::imports::{MAP, NDJSON, map, options, take};
use crate::support::world::gid;
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use passerelle::hsds::ndjson;
use passerelle::usecase::import::{HandedIn, conflicts, hand_in, quarantine};
use serde_json::{Value, json};
use uuid::Uuid;

/// The mutations of imports.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "decideImportRun",
        situation: "of the municipality",
        prepare: |stage| async { stage.handed_in().await }.boxed_local(),
    },
    Row {
        mutation: "decideImportConflict",
        situation: "of the municipality",
        prepare: |stage| async { stage.two_publishers().await }.boxed_local(),
    },
    Row {
        mutation: "decideImportWord",
        situation: "of the municipality",
        prepare: |stage| async { stage.unknown_word().await }.boxed_local(),
    },
];

impl Stage<'_> {
    /// A directory that was looked at for the municipality.
    async fn handed_in(&self) -> Value {
        let run = self.hand_in("town", MAP).await;
        json!({ "importRunId": gid(Kind::ImportRun, run), "expectedVersion": 1, "decision": "REFUSE" })
    }

    /// A service that the municipality has too, from a source of its own.
    async fn two_publishers(&self) -> Value {
        let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
        take(self.app, &directory, &map(self.app, MAP).await, &options("standing")).await;
        let source = format!("contested-{}", Uuid::now_v7());
        self.hand_in(&source, MAP).await;
        let found = conflicts(&self.app.app, Some(&source)).await.unwrap().remove(0);
        json!({ "conflictId": gid(Kind::ImportConflict, found.id), "expectedVersion": 1, "decision": "KEEP_BOTH" })
    }

    /// A word of the municipality's source that no crosswalk knows.
    async fn unknown_word(&self) -> Value {
        let source = format!("words-{}", Uuid::now_v7());
        self.hand_in(&source, r#"{"format":"passerelle-category-map/1","taxonomies":[]}"#).await;
        let word = quarantine(&self.app.app, &source).await.unwrap().remove(0);
        json!({ "source": source, "scheme": word.scheme, "code": word.code, "expectedVersion": 1, "decision": "REFUSE" })
    }

    async fn hand_in(&self, source: &str, categories: &str) -> Uuid {
        let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
        let handed = HandedIn {
            organization: self.world.municipality.into(),
            file_name: "town.ndjson",
            file: NDJSON.as_bytes(),
            category_map: Some(categories),
        };
        let map = map(self.app, categories).await;
        let what = (&directory, &map, &options(source));
        hand_in(&self.app.app, what, &handed, &mut |_| {}).await.unwrap().0.id
    }
}
