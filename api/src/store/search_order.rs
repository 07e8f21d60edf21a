//! In which order services are listed, and how a page of them is cut out.

use crate::domain::directory::{ServiceFilter, ServiceOrder};
use crate::domain::page::{Position, Window};
use crate::store::fresh::{any_is_fresh, is_fresh};
use crate::store::statement::{Order, Sql, window_clause};

/// What stands above any score, so that services that are fresh come before those that are not.
pub const ABOVE_SCORES: i64 = 1_000_000;
/// What stands above any instant in microseconds.
const ABOVE_INSTANTS: i64 = 10_000_000_000_000_000;

/// By what a page is ordered.
#[derive(Debug)]
enum By {
    /// A column with an index.
    Column(Order),
    /// A number that is worked out for each service found, and whether the largest comes first.
    Number(String, bool),
    /// Whether it is fresh, by a condition, and then how new it is; and whether any is. Both halves are read in the order
    /// of an index.
    Fresh { is: String, any: String, descending: bool },
}

/// The keys of a page's services, with the ordering value `k` and `more` columns. `found` is the statement's end from `FROM service s` on.
#[must_use]
pub fn keyed(
    sql: &mut Sql,
    found: &str,
    filter: &ServiceFilter,
    order: &ServiceOrder,
    window: &Window,
    more: &str,
) -> String {
    match by(sql, order, filter) {
        By::Column(order) => {
            let keyed = format!("SELECT s.id AS id, {} AS k{more} {found}", order.by);
            keyed + &window_clause(sql, window, order)
        }
        By::Number(number, descending) => {
            let keyed = format!("SELECT s.id AS id, {number} AS k{more} {found}");
            let order = Order { by: "m.k", id: "m.id", is_number: true, descending };
            format!("SELECT m.* FROM ({keyed}) m WHERE 1 = 1{}", window_clause(sql, window, order))
        }
        By::Fresh { is: fresh, any, descending } => {
            let mut half = |is_fresh: bool, also: &str| {
                let (sign, above) = if is_fresh { ("", ABOVE_INSTANTS) } else { ("NOT ", 0) };
                let any = if is_fresh { format!(" AND {any}") } else { String::new() };
                let order = Order { by: "s.published_at", id: "s.id", is_number: true, descending };
                let clause = window_clause(sql, &lowered(window, above), order);
                format!(
                    "SELECT s.id AS id, s.published_at + {above} AS k{more} {found} AND {sign}({fresh}){any}{also}{clause}"
                )
            };
            // The half that is read first may fill the page: then the other one is not looked at.
            let size = window.size;
            let first = half(descending != window.backward, "");
            let second = half(descending == window.backward, &format!(" AND (SELECT count(*) FROM one) <= {size}"));
            let direction = if descending == window.backward { "ASC" } else { "DESC" };
            format!(
                "WITH one AS MATERIALIZED ({first}) SELECT h.* FROM (SELECT * FROM one UNION ALL SELECT * FROM ({second}) two) h \
                 ORDER BY h.k {direction}, h.id {direction} LIMIT {}",
                size + 1
            )
        }
    }
}

/// The column `total` of how many are found, where that is asked for: one more than is counted to, if there are more.
#[must_use]
pub fn count_of(found: &str, window: &Window) -> String {
    if !window.count {
        return String::new();
    }
    format!(
        ", (SELECT count(*) FROM (SELECT 1 AS one {found} LIMIT {}) c) AS total",
        window.count_up_to.saturating_add(1)
    )
}

/// The start of what is found, `service s` with what an order needs beside it. Where nothing selects, the index of the free
/// places is gone along.
#[must_use]
pub fn from(order: &ServiceOrder, filter: &ServiceFilter) -> (&'static str, &'static str) {
    let selects = filter.is_narrow()
        || filter.area.is_some()
        || filter.organization.is_some()
        || !filter.category.is_empty()
        || !filter.category_within.is_empty();
    match order {
        ServiceOrder::OpenPlaces { .. } if selects => {
            ("FROM service s JOIN service_free fr ON fr.service_id = s.id", "")
        }
        ServiceOrder::OpenPlaces { .. } => ("FROM service_free fr CROSS JOIN service s", "s.id = fr.service_id AND "),
        _ => ("FROM service s", ""),
    }
}

/// A window whose positions are told from so much less.
fn lowered(window: &Window, by: i64) -> Window {
    let lower = |position: &Position| Position {
        value: position.value.parse::<i64>().unwrap_or_default().saturating_sub(by).to_string(),
        id: position.id,
    };
    let (after, before) = (window.after.as_ref().map(lower), window.before.as_ref().map(lower));
    Window { after, before, ..window.clone() }
}

/// What an order comes to.
fn by(sql: &mut Sql, order: &ServiceOrder, filter: &ServiceFilter) -> By {
    match order {
        ServiceOrder::Name { descending } => {
            By::Column(Order { by: "s.sort_name", id: "s.id", is_number: false, descending: *descending })
        }
        ServiceOrder::PublishedAt { descending } => {
            By::Column(Order { by: "s.published_at", id: "s.id", is_number: true, descending: *descending })
        }
        ServiceOrder::Relevance { descending, fresh: day } => {
            let fresh = format!("s.status = 'PUBLISHED' AND {}", is_fresh(sql, day));
            if !filter.is_narrow() {
                return By::Fresh { is: fresh, any: any_is_fresh(sql, day), descending: *descending };
            }
            let (above, within) =
                if filter.text.is_some() { (ABOVE_SCORES, "hit.score") } else { (ABOVE_INSTANTS, "s.published_at") };
            By::Number(format!("CAST(CASE WHEN {fresh} THEN {above} ELSE 0 END + {within} AS BIGINT)"), *descending)
        }
        ServiceOrder::Distance { descending } => By::Number("near.far".into(), *descending),
        ServiceOrder::OpenPlaces { descending } => {
            By::Column(Order { by: "fr.places", id: "fr.service_id", is_number: true, descending: *descending })
        }
    }
}
