//! Situations of imports about which a publisher decides.

use super::{Row, Stage};
use crate::support::imports::{MAP, NDJSON, map, options};
use crate::support::world::gid;
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use passerelle::hsds::ndjson;
use passerelle::usecase::import::{HandedIn, hand_in};
use serde_json::{Value, json};

/// The mutations of imports.
pub const ROWS: &[Row] = &[Row {
    mutation: "decideImportRun",
    situation: "of the municipality",
    prepare: |stage| async { stage.handed_in().await }.boxed_local(),
}];

impl Stage<'_> {
    /// A directory that was looked at for the municipality.
    async fn handed_in(&self) -> Value {
        let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
        let handed = HandedIn {
            organization: self.world.municipality.into(),
            file_name: "town.ndjson",
            file: NDJSON.as_bytes(),
            category_map: Some(MAP),
        };
        let map = map(self.app, MAP).await;
        let what = (&directory, &map, &options("town"));
        let (run, _) = hand_in(&self.app.app, what, &handed, &mut |_| {}).await.unwrap();
        json!({ "importRunId": gid(Kind::ImportRun, run.id), "expectedVersion": 1, "decision": "REFUSE" })
    }
}
