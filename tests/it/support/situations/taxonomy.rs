//! Situations of the taxonomy.

use super::{Row, Stage};
use crate::support::verbs::{done, key};
use crate::support::world::gid;
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// The mutations of the taxonomy.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "addLocalCategory",
        situation: "of the asker's own",
        prepare: |_| async { local(None) }.boxed_local(),
    },
    Row {
        mutation: "addLocalCategory",
        situation: "of the program",
        prepare: |stage| async { local(Some(gid(Kind::Program, stage.world.program))) }.boxed_local(),
    },
    Row {
        mutation: "changeLocalCategory",
        situation: "of the municipality",
        prepare: |stage| async { stage.local_category(json!({ "labels": labels("Tailoring") })).await }.boxed_local(),
    },
    Row {
        mutation: "retireLocalCategory",
        situation: "of the municipality",
        prepare: |stage| async { stage.local_category(json!({})).await }.boxed_local(),
    },
    Row {
        mutation: "endorseTaxonomy",
        situation: "for the district",
        prepare: |stage| {
            async { json!({ "edition": "2026-1", "areaId": gid(Kind::Area, stage.world.district), "sopVersion": "3" }) }
                .boxed_local()
        },
    },
];

/// Labels in two languages.
pub fn labels(english: &str) -> Value {
    json!([{ "language": "en", "label": english }, { "language": "fr", "label": "Couture" }])
}

/// A new local category with a name of its own.
pub fn local(program: Option<String>) -> Value {
    let name = format!("S{}", key().replace('-', "_").to_uppercase());
    let name: String = name.chars().take(40).collect();
    json!({ "parentCode": "ECO.IND.TVET", "name": name, "labels": labels("Sewing"), "programId": program })
}

impl Stage<'_> {
    /// The input of a change of a category that the municipality has just added.
    pub async fn local_category(&self, more: Value) -> Value {
        let select = "category { code version }";
        let made = done(self.app, &self.world.editor, "addLocalCategory", local(None), select).await;
        let mut input = json!({ "code": made["category"]["code"], "expectedVersion": made["category"]["version"] });
        for (name, value) in more.as_object().cloned().unwrap_or_default() {
            input[name] = value;
        }
        input
    }
}
