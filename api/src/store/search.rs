//! How services are searched: by words, around a point, for a person. What is looked for first is joined, so that the
//! cost of a search follows what is found, not what there is.

use crate::domain::code::Code;
use crate::domain::directory::{MaxCost, Seeker, ServiceFilter};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::domain::service::Service;
use crate::domain::sphere::{self, Near};
use crate::domain::words::{self, Search};
use crate::store::fragment;
use crate::store::services::visible;
use crate::store::statement::{Sql, json};
use sea_orm::QueryResult;

/// What a found word counts, beside how well it was found: more of the words asked for come before fewer.
pub const EACH_WORD: i64 = 1_000;

/// The joins that a filter's conditions and a page's order need, beside `service s`.
pub fn joins(sql: &mut Sql, sight: &Sight, filter: &ServiceFilter) -> String {
    joins_within(sql, sight, filter, None)
}

/// As [`joins`], but around a point only as far as so many places are found, and not before this squared distance.
pub fn joins_within(
    sql: &mut Sql,
    sight: &Sight,
    filter: &ServiceFilter,
    enough: Option<(usize, Option<i64>)>,
) -> String {
    let mut joins = String::from(fragment::SERVICE_JOINS);
    if let Some(text) = &filter.text {
        joins += &format!(" JOIN {} hit ON hit.service_id = s.id", hits(sql, sight, text));
    }
    if let Some(near) = filter.near {
        joins += &format!(" JOIN {} near ON near.service_id = s.id", around(sql, near, enough));
    }
    if filter.person.is_some() || !filter.cost.is_empty() || filter.max_cost.is_some() {
        joins += " LEFT JOIN search_service sf ON sf.service_id = s.id";
    }
    joins
}

/// The services in which enough of a text's words are found, with a score. Slips are forgiven where the asker sees
/// nothing that is called what was typed: what others keep to themselves has no say.
fn hits(sql: &mut Sql, sight: &Sight, text: &str) -> String {
    let visible = visible(sql, sight);
    among(sql, &visible, text)
}

/// The condition on `service s` that a text finds it, by the same words and slips as everywhere. `shown` says of
/// `service s` whether the asker sees it.
pub fn is_hit(sql: &mut Sql, shown: &str, text: &str) -> String {
    format!("s.id IN (SELECT hit.service_id FROM {} hit)", among(sql, shown, text))
}

/// What is found of each word of a search: which words of services, and how much each is worth.
pub fn terms(sql: &mut Sql, shown: &str, search: &Search) -> String {
    let rows = sql.bind(json(&search.lookups).unwrap_or_else(|_| "[]".into()));
    format!(
        "SELECT t.a AS n, x.word AS word, max(t.c) AS c FROM ROWS({rows}) t CROSS JOIN search_key x \
         WHERE x.key = t.b AND (t.d = '' OR NOT EXISTS \
           (SELECT 1 FROM search_key xe CROSS JOIN search_word e CROSS JOIN service s \
            WHERE xe.key = t.d AND e.word = xe.word AND s.id = e.service_id AND {shown})) \
         GROUP BY t.a, x.word"
    )
}

fn among(sql: &mut Sql, visible: &str, text: &str) -> String {
    let search = words::search(text);
    let terms = terms(sql, visible, &search);
    let needed = search.needed.max(1);
    format!(
        "(SELECT w.service_id AS service_id, sum({EACH_WORD} + w.best) AS score FROM \
           (SELECT t.n AS n, p.service_id AS service_id, max(p.weight * t.c) AS best \
            FROM ({terms}) t CROSS JOIN search_word p WHERE p.word = t.word GROUP BY t.n, p.service_id) w \
         GROUP BY w.service_id HAVING count(*) >= {needed})"
    )
}

/// The services given within a circle, with the squared straight line to their nearest place in square meters. The
/// cells of the grid say where to look. A secret place has no point: what makes it one takes its point away, in the same
/// transaction. Where some are enough, the smallest of ever larger circles that holds so many places is looked into, and
/// `whole` says whether that was the whole of it.
fn around(sql: &mut Sql, near: Near, enough: Option<(usize, Option<i64>)>) -> String {
    let circles = if enough.is_some() { near.circles() } else { vec![near] };
    let cells = circles.iter().zip(0_i64..).flat_map(|(circle, number)| {
        let edge = circle.squared().to_string();
        circle.cells().into_iter().map(move |(from, to)| (from, number.to_string(), to, edge.clone()))
    });
    let cells = sql.bind(json(&cells.collect::<Vec<_>>()).unwrap_or_else(|_| "[]".into()));
    let [x, y, z] = near.point.vector().map(|part| sql.bind(part));
    let squared = sphere::SQUARED_RADIUS;
    let far = format!(
        "CAST(((pt.x - {x}) * (pt.x - {x}) + (pt.y - {y}) * (pt.y - {y}) + (pt.z - {z}) * (pt.z - {z})) * {squared:.1} \
         AS BIGINT)"
    );
    let found = |which: &str, whole: &str| {
        format!(
            "SELECT g.service_id AS service_id, min(g.far) AS far{whole} FROM \
               (SELECT pt.service_id AS service_id, {far} AS far, t.far AS most \
                FROM cell t CROSS JOIN service_point pt WHERE {which}pt.cell BETWEEN t.lo AND t.hi) g \
             WHERE g.far <= g.most GROUP BY g.service_id"
        )
    };
    let cell = format!(
        "cell AS MATERIALIZED (SELECT t.a AS lo, t.c AS hi, CAST(t.b AS BIGINT) AS i, CAST(t.d AS BIGINT) AS far \
         FROM ROWS({cells}) t)"
    );
    let Some((places, from)) = enough else { return format!("(WITH {cell} {})", found("", "")) };
    let beyond = from.map(|from| format!(" AND {far} >= {}", sql.bind(from))).unwrap_or_default();
    let counted = |circle: &str| {
        format!(
            "(SELECT count(*) FROM (SELECT 1 AS one FROM cell t CROSS JOIN service_point pt \
             WHERE t.i = {circle} AND pt.cell BETWEEN t.lo AND t.hi{beyond} LIMIT {places}) q)"
        )
    };
    format!(
        "(WITH RECURSIVE {cell}, \
         circle (i, n) AS (SELECT CAST(0 AS BIGINT), {} UNION ALL SELECT r.i + 1, {} FROM circle r \
           WHERE r.n < {places} AND r.i < (SELECT max(i) FROM cell)), \
         wide AS MATERIALIZED (SELECT max(i) AS i FROM circle) {})",
        counted("0"),
        counted("r.i + 1"),
        found(
            "t.i = (SELECT i FROM wide) AND ",
            ", CAST(CASE WHEN (SELECT i FROM wide) = (SELECT max(i) FROM cell) THEN 1 ELSE 0 END AS BIGINT) AS whole"
        )
    )
}

/// The conditions of a search that are asked of each service.
pub fn conditions(sql: &mut Sql, filter: &ServiceFilter) -> Vec<String> {
    let mut all = Vec::new();
    if !filter.category_within.is_empty() {
        let names = sql.bind_all(filter.category_within.iter().cloned());
        all.push(format!(
            "s.category_code IN (SELECT cw.descendant_code FROM category_closure cw WHERE cw.ancestor_code IN ({names}) \
             OR cw.ancestor_code IN (SELECT cs.successor_code FROM category cs WHERE cs.code IN ({names})))"
        ));
    }
    if let Some(person) = filter.person {
        all.extend(may_come(sql, person));
    }
    if !filter.cost.is_empty() {
        let names = sql.bind_all(filter.cost.iter().map(|kind| kind.code().to_owned()));
        all.push(format!("sf.cost IN ({names})"));
    }
    all.extend(filter.max_cost.as_ref().map(|most| costs_at_most(sql, most)));
    if let Some(wanted) = filter.has_open_places {
        // Those that do not state any are below zero.
        let sign = if wanted { ">" } else { "=" };
        all.push(format!("(SELECT fr.places FROM service_free fr WHERE fr.service_id = s.id) {sign} 0"));
    }
    let needs = "SELECT 1 FROM search_document sd WHERE sd.service_id = s.id AND sd.document";
    if !filter.documents_missing.is_empty() {
        let names = sql.bind_all(filter.documents_missing.iter().cloned());
        all.push(format!("NOT EXISTS ({needs} IN ({names}))"));
    }
    if let Some(documents) = &filter.documents_at_hand {
        // Of no document at hand there is none that could be needed.
        let names = sql.bind_all(documents.iter().cloned().chain([String::new()]));
        all.push(format!("NOT EXISTS ({needs} NOT IN ({names}))"));
    }
    all
}

/// That it costs nothing, or that a price which holds that day is not above what somebody can pay.
fn costs_at_most(sql: &mut Sql, most: &MaxCost) -> String {
    let (amount, currency) = (sql.bind(most.amount), sql.bind(most.currency.clone()));
    let on = sql.bind(most.on.clone());
    format!(
        "(sf.cost = 'FREE' OR EXISTS (SELECT 1 FROM search_price sp WHERE sp.service_id = s.id \
         AND sp.currency = {currency} AND sp.amount <= {amount} AND (sp.valid_from IS NULL OR sp.valid_from <= {on}) \
         AND (sp.valid_to IS NULL OR sp.valid_to >= {on})))"
    )
}

/// That nothing of what is known about a person excludes them.
fn may_come(sql: &mut Sql, person: Seeker) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(age) = person.age {
        let age = sql.bind(age);
        all.push(format!("coalesce(sf.minimum_age, 0) <= {age} AND coalesce(sf.maximum_age, 999) >= {age}"));
    }
    if let Some(sex) = person.sex {
        let sex = sql.bind(sex.code());
        all.push(format!("coalesce(sf.sex, {sex}) = {sex}"));
    }
    if let Some(kind) = person.return_type {
        let kind = sql.bind(format!("% {} %", kind.code()));
        all.push(format!("(coalesce(sf.return_types, '') = '' OR sf.return_types LIKE {kind})"));
    }
    if person.is_returnee == Some(false) {
        all.push("sf.non_returnees".into());
    }
    all
}

/// Tells the services of a page how far they are; the rows are in the order of the statement.
///
/// # Errors
/// A row that does not read.
pub fn note_distances(page: &mut Page<Service>, rows: &[QueryResult], window: &Window) -> Result<(), Fault> {
    let mut far = Vec::with_capacity(page.items.len());
    for row in rows.iter().take(window.size) {
        let squared: i64 = row.try_get("", "far").map_err(|_| Fault::Store("a distance does not read".into()))?;
        far.push(sphere::meters(squared));
    }
    if window.backward {
        far.reverse();
    }
    for ((_, service), meters) in page.items.iter_mut().zip(far) {
        service.distance = Some(meters);
    }
    Ok(())
}
