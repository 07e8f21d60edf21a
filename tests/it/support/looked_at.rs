//! What an engine looks at to answer a statement, whatever else the machine does.

use passerelle::store::dialect::Engine;
use passerelle::store::door::Door;
use passerelle::store::statement::Sql;
use sea_orm::Value;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows that the nodes of the plan gave or threw away, for PostgreSQL; tens of steps of its machine, for SQLite.
///
/// # Errors
/// What the engine refuses.
pub async fn looked_at(door: &Door, sql: Sql) -> Result<u64, Box<dyn Error + Send + Sync>> {
    if door.engine() == Engine::Postgres {
        let text = format!("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {}", sql.text);
        let rows = door.rows(&text, sql.values).await?;
        let plan: serde_json::Value = rows.first().ok_or("no plan")?.try_get("", "QUERY PLAN")?;
        return Ok(of_plan(&plan[0]["Plan"]));
    }
    let steps = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&steps);
    let mut connection = door.for_migrations().get_sqlite_connection_pool().acquire().await?;
    connection.lock_handle().await?.set_progress_handler(10, move || {
        counted.fetch_add(1, Ordering::Relaxed);
        true
    });
    let text = sqlx::AssertSqlSafe(Engine::Sqlite.sql(&written_out(&sql)?));
    let answered = sqlx::query(text).fetch_all(&mut *connection).await;
    connection.lock_handle().await?.remove_progress_handler();
    answered?;
    Ok(steps.load(Ordering::Relaxed))
}

/// Rows that a node of a plan and those below it gave or threw away.
fn of_plan(plan: &serde_json::Value) -> u64 {
    let number = |key: &str| plan[key].as_f64().unwrap_or_default();
    let rows = number("Actual Rows") + number("Rows Removed by Filter") + number("Rows Removed by Join Filter");
    let own = rows * number("Actual Loops");
    own as u64 + plan["Plans"].as_array().into_iter().flatten().map(of_plan).sum::<u64>()
}

/// A statement with its values written into it.
fn written_out(sql: &Sql) -> Result<String, Box<dyn Error + Send + Sync>> {
    let mut text = sql.text.clone();
    for (at, value) in sql.values.iter().enumerate().rev() {
        let value = match value {
            Value::Uuid(Some(id)) => format!("x'{}'", id.simple()),
            Value::String(Some(text)) => format!("'{}'", text.replace('\'', "''")),
            Value::BigInt(Some(number)) => number.to_string(),
            Value::Int(Some(number)) => number.to_string(),
            Value::Double(Some(number)) => format!("{number:e}"),
            other => return Err(format!("no way to write {other:?}").into()),
        };
        text = text.replace(&format!("${}", at + 1), &value);
    }
    Ok(text)
}
