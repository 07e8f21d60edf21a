//! In which order services are listed, and how a page of them is cut out.

use crate::domain::directory::{ServiceFilter, ServiceOrder};
use crate::domain::page::{Position, Window};
use crate::store::fresh::is_fresh;
use crate::store::search::FREE;
use crate::store::statement::{Order, Sql, window_clause};

/// What stands above any score, so that services that are fresh come before those that are not.
const ABOVE_SCORES: i64 = 1_000_000;
/// What stands above any instant in microseconds.
const ABOVE_INSTANTS: i64 = 10_000_000_000_000_000;

/// By what a page is ordered.
#[derive(Debug)]
enum By {
    /// A column with an index.
    Column(Order),
    /// A number that is worked out for each service found, and whether the largest comes first.
    Number(String, bool),
    /// Whether it is fresh, by this condition, and then how new it is. Both halves are read in the order of an index.
    Fresh(String, bool),
}

/// The keys of a page's services, with the ordering value `k`, how far they are where that was asked, and the count where
/// that was. `found` is the statement's end from `FROM service s` on.
#[must_use]
pub fn keyed(sql: &mut Sql, found: &str, filter: &ServiceFilter, order: &ServiceOrder, window: &Window) -> String {
    let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
    let distance = if filter.near.is_some() { ", near.far AS far" } else { "" };
    match by(sql, order, filter) {
        By::Column(order) => {
            let keyed = format!("SELECT s.id AS id, {} AS k{distance}{count} {found}", order.by);
            keyed + &window_clause(sql, window, order)
        }
        By::Number(number, descending) => {
            let keyed = format!("SELECT s.id AS id, {number} AS k{distance}{count} {found}");
            let order = Order { by: "m.k", id: "m.id", is_number: true, descending };
            format!("SELECT m.* FROM ({keyed}) m WHERE 1 = 1{}", window_clause(sql, window, order))
        }
        By::Fresh(fresh, descending) => {
            let mut half = |is_fresh: bool, also: &str| {
                let (sign, above) = if is_fresh { ("", ABOVE_INSTANTS) } else { ("NOT ", 0) };
                let order = Order { by: "s.published_at", id: "s.id", is_number: true, descending };
                let clause = window_clause(sql, &lowered(window, above), order);
                format!(
                    "SELECT s.id AS id, s.published_at + {above} AS k{distance}{count} {found} AND {sign}({fresh}){also}{clause}"
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
        ServiceOrder::Relevance { descending, fresh } => {
            let fresh = format!("s.status = 'PUBLISHED' AND {}", is_fresh(sql, fresh));
            if !filter.is_narrow() {
                return By::Fresh(fresh, *descending);
            }
            let (above, within) =
                if filter.text.is_some() { (ABOVE_SCORES, "hit.score") } else { (ABOVE_INSTANTS, "s.published_at") };
            By::Number(format!("CAST(CASE WHEN {fresh} THEN {above} ELSE 0 END + {within} AS BIGINT)"), *descending)
        }
        ServiceOrder::Distance { descending } => By::Number("near.far".into(), *descending),
        ServiceOrder::OpenPlaces { descending } => {
            let by = format!(
                "CAST(coalesce((SELECT sum(CASE WHEN {FREE} > 0 THEN {FREE} ELSE 0 END) FROM capacity cp \
                 WHERE cp.service_id = s.id AND cp.total IS NOT NULL), -1) AS BIGINT)"
            );
            By::Number(by, *descending)
        }
    }
}
