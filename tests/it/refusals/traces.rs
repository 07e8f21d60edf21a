//! What a command could leave behind, in every table there is.

use crate::support::app::TestApp;
use crate::support::engine::Engine;
use std::collections::BTreeMap;

/// Of each table how many rows it has, and the sum of their versions where it keeps any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traces(BTreeMap<String, (i64, i64)>);

impl Traces {
    pub async fn of(app: &TestApp, engine: Engine) -> Self {
        let columns = match engine {
            Engine::Sqlite => {
                "SELECT m.name AS name, (SELECT count(*) FROM pragma_table_info(m.name) c WHERE c.name = 'version') \
                 AS versions FROM sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' \
                 AND m.name NOT LIKE '%fts%'"
            }
            Engine::Postgres => {
                "SELECT CAST(t.table_name AS TEXT) AS name, (SELECT count(*) FROM information_schema.columns c \
                 WHERE c.table_name = t.table_name AND c.column_name = 'version' AND c.data_type IN ('integer', 'bigint')) AS versions \
                 FROM information_schema.tables t WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
            }
        };
        let mut parts = Vec::new();
        for row in app.app.store.rows(columns, vec![]).await.unwrap() {
            let (name, versions): (String, i64) =
                (row.try_get("", "name").unwrap(), row.try_get("", "versions").unwrap());
            let sum = if versions > 0 { "coalesce(sum(version), 0)" } else { "0" };
            if name == "budget" {
                // What was asked and guessed is counted for all nodes, whatever came of it.
                continue;
            }
            parts.push(format!(
                "SELECT '{name}' AS name, count(*) AS total, CAST({sum} AS BIGINT) AS versions FROM \"{name}\""
            ));
        }
        assert!(parts.len() > 40, "these are not all tables");
        let mut traces = BTreeMap::new();
        // Fewer at once than an engine joins.
        for some in parts.chunks(40) {
            for row in app.app.store.rows(&some.join(" UNION ALL "), vec![]).await.unwrap() {
                let counted = (row.try_get("", "total").unwrap(), row.try_get("", "versions").unwrap());
                traces.insert(row.try_get("", "name").unwrap(), counted);
            }
        }
        Self(traces)
    }

    /// Of a refusal an audit row is kept, and nothing else.
    pub fn are_but_one_audit_row_more_than(&self, before: &Self, what: &str) {
        let mut expected = before.clone();
        expected.0.get_mut("audit").unwrap().0 += 1;
        for (table, counted) in &self.0 {
            assert_eq!(counted, &expected.0[table], "{what} left something in {table}");
        }
    }

    /// Nothing is kept at all.
    pub fn are_those_of(&self, before: &Self, what: &str) {
        for (table, counted) in &self.0 {
            assert_eq!(counted, &before.0[table], "{what} left something in {table}");
        }
    }
}
