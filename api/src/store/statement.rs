//! Statements with their values, and pages of them.

use crate::domain::page::{Page, Position, Window};
use crate::domain::policy::Extent;
use crate::domain::rule::Fault;
use crate::store::door::Door;
use sea_orm::{QueryResult, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// A statement that grows with its values.
#[derive(Debug, Default)]
pub struct Sql {
    pub text: String,
    pub values: Vec<Value>,
}

impl Sql {
    /// Keeps a value and gives the parameter that stands for it.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// A list of parameters for `IN (…)`; of nothing, one that matches nothing.
    pub fn bind_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> String {
        let names: Vec<String> = values.into_iter().map(|value| self.bind(value)).collect();
        if names.is_empty() { "NULL".into() } else { names.join(", ") }
    }

    /// The condition that `column` is one of the programs a power reaches.
    pub fn within(&mut self, extent: &Extent, column: &str) -> String {
        match extent {
            Extent::Nothing => "1 = 0".into(),
            Extent::Everything => "1 = 1".into(),
            Extent::Programs(programs) => {
                let names = self.bind_all(programs.iter().map(|program| Uuid::from(*program)));
                format!("{column} IN ({names})")
            }
        }
    }
}

/// By what a list is ordered.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// The ordering expression.
    pub by: &'static str,
    /// The key that makes the order total.
    pub id: &'static str,
    /// Whether the ordering value is a number of microseconds rather than a text.
    pub is_number: bool,
    pub descending: bool,
}

/// The end of a page's statement: the cursor's condition, the order and the limit.
pub fn window_clause(sql: &mut Sql, window: &Window, order: Order) -> String {
    let Order { by, id, descending, .. } = order;
    let (later, earlier) = if descending { ("<", ">") } else { (">", "<") };
    let mut clause = String::new();
    for (position, sign) in [(&window.after, later), (&window.before, earlier)] {
        if let Some(position) = position {
            let value = if order.is_number {
                sql.bind(position.value.parse::<i64>().unwrap_or_default())
            } else {
                sql.bind(position.value.clone())
            };
            let key = sql.bind(position.id);
            clause += &format!(" AND ({by}, {id}) {sign} ({value}, {key})");
        }
    }
    let direction = if descending == window.backward { "ASC" } else { "DESC" };
    clause + &format!(" ORDER BY {by} {direction}, {id} {direction} LIMIT {}", window.size + 1)
}

/// Reads a row's `body`, which is JSON as text.
///
/// # Errors
/// A body that does not have the shape it was stored under.
pub fn body<T: DeserializeOwned>(row: &QueryResult, table: &'static str) -> Result<T, Fault> {
    let text: String = row.try_get("", "body").map_err(|_| Fault::Store("a body is no text".into()))?;
    serde_json::from_str(&text).map_err(|error| {
        tracing::debug!(table, line = error.line(), column = error.column(), kind = ?error.classify(), "a row does not read");
        Fault::Corrupt(table, Uuid::nil())
    })
}

/// Makes a page of rows that came with `body`, `k` (the ordering value as text), `id` and, when a count was asked for,
/// `total`.
///
/// # Errors
/// A row that does not read.
pub fn page<T: DeserializeOwned>(rows: &[QueryResult], window: &Window, table: &'static str) -> Result<Page<T>, Fault> {
    let unreadable = |_| Fault::Store("a page's row does not read".into());
    let more = rows.len() > window.size;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows.iter().take(window.size) {
        let position = Position {
            value: row.try_get("", "k").map_err(unreadable)?,
            id: row.try_get("", "id").map_err(unreadable)?,
        };
        items.push((position, body(row, table)?));
    }
    let total = match (window.count, rows.first()) {
        (true, Some(row)) => Some(row.try_get("", "total").map_err(unreadable)?),
        _ => None,
    };
    let (has_next, has_previous) = if window.backward {
        items.reverse();
        (window.before.is_some(), more)
    } else {
        (more, window.after.is_some())
    };
    Ok(Page { items, has_next, has_previous, total })
}

/// The keys in the column `id`.
///
/// # Errors
/// A row that does not read.
pub fn keys<K: From<Uuid>, C: FromIterator<K>>(rows: &[QueryResult]) -> Result<C, Fault> {
    rows.iter()
        .map(|row| row.try_get::<Uuid>("", "id").map(K::from).map_err(|_| Fault::Store("a key does not read".into())))
        .collect()
}

/// A page with its count, when one was asked for: a page without rows brought none along, so that it is counted by
/// `count`, which selects `total`.
///
/// # Errors
/// What the engine refuses.
pub async fn counted<T>(door: &Door, mut page: Page<T>, window: &Window, count: Sql) -> Result<Page<T>, Fault> {
    if window.count && page.total.is_none() {
        let rows = door.rows(&count.text, count.values).await?;
        let total = rows.first().map_or(Ok(0), |row| row.try_get("", "total"));
        page.total = Some(total.map_err(|_| Fault::Store("a count does not read".into()))?);
    }
    Ok(page)
}

/// A pattern for `LIKE … ESCAPE '\'` on texts in small letters that finds those which contain `text`.
#[must_use]
pub fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for sign in text.to_lowercase().chars() {
        if matches!(sign, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

/// A value as JSON text, as it is stored.
///
/// # Errors
/// A value that JSON has no form for.
pub fn json(value: &(impl Serialize + ?Sized)) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|_| Fault::Store("a value can't be written as JSON".into()))
}
