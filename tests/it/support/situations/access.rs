//! Situations of who sees what.

use super::{Row, Stage};
use crate::support::verbs::text;
use futures_util::FutureExt as _;
use serde_json::{Value, json};

/// The mutations of who sees what.
pub const ROWS: &[Row] = &[Row {
    mutation: "markNotificationsRead",
    situation: "of the provider's intake; of others nothing is marked",
    prepare: |stage| stage.told().boxed_local(),
}];

impl Stage<'_> {
    async fn told(&self) -> Value {
        self.sent().await;
        let query = "{ viewer { notifications(first: 1) { nodes { id } } } }";
        let told = self.app.run(&self.world.intake, query, json!({})).await;
        json!({ "notificationIds": [text(&told["viewer"]["notifications"]["nodes"][0]["id"])] })
    }
}
