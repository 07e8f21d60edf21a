//! The best answers to a text and the nearest services, found without the others: each word's services are read best first
//! and only as far as a page needs, and a circle is only looked into as far as the page is filled. Where that does not
//! tell for certain which services come first, the whole of what is found is ordered instead; so the answer is the same.

use crate::domain::directory::{FreshOn, ServiceFilter, ServiceOrder};
use crate::domain::page::Window;
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::domain::words::{self, Search};
use crate::store::fresh::{any_is_fresh, is_fresh};
use crate::store::search::{self, EACH_WORD, terms};
use crate::store::search_order::ABOVE_SCORES;
use crate::store::services::{conditions, visible};
use crate::store::statement::Sql;
use sea_orm::QueryResult;
use uuid::Uuid;

/// How much of what is found is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// All of it.
    All,
    /// Of each word's services, so many that answer; of those of several words, not more than so many are gone through.
    Best { kept: usize, walked: usize },
    /// A circle that holds at least so many places.
    Within { places: usize },
}

/// Of each word's services of several words, so many are gone through at the most.
const WALKED: usize = 400;
/// With more words than these, which a short beginning comes to, all that is found is ordered.
const MOST_TERMS: usize = 48;

/// In which ways a page is looked for, one after the other until one of them tells it for certain.
#[must_use]
pub fn looks(filter: &ServiceFilter, order: &ServiceOrder, window: &Window) -> Vec<Look> {
    let forward = !window.backward && window.before.is_none();
    let asked = window.size + 1;
    match order {
        ServiceOrder::Relevance { descending: true, .. }
            if forward && filter.text.is_some() && filter.near.is_none() =>
        {
            vec![Look::Best { kept: asked * 2, walked: WALKED.max(asked * 4) }, Look::All]
        }
        ServiceOrder::Distance { descending: false } if forward && filter.text.is_none() => {
            [4, 16, 64].map(|times| Look::Within { places: asked * times }).into_iter().chain([Look::All]).collect()
        }
        _ => vec![Look::All],
    }
}

/// The keys of the best services, with `k` and, for a text of several words, up to which value and key nothing better can
/// be among those that were not looked at: of the fresh ones and of the others.
pub struct Best<'a> {
    pub sight: &'a Sight,
    pub filter: &'a ServiceFilter,
    pub fresh: &'a FreshOn,
    pub window: &'a Window,
    pub kept: usize,
    pub walked: usize,
}

/// The columns that say how far was looked.
const SEEN: [&str; 4] = ["bound1", "edge1", "bound2", "edge2"];

impl Best<'_> {
    /// The statement's part that gives them.
    pub fn keyed(&self, sql: &mut Sql, text: &str) -> String {
        let search = words::search(text);
        let several = search.lookups.iter().any(|lookup| lookup.word > 0);
        let shown = visible(sql, self.sight);
        let words = terms(sql, &shown, &search);
        // Where a list begins to be too long to be gone through.
        let next = |column: &str| {
            format!(
                "(SELECT w.{column} FROM search_word w WHERE w.word = t.word ORDER BY w.weight DESC, w.service_id DESC \
                 LIMIT 1 OFFSET {})",
                self.walked
            )
        };
        let far =
            if several { format!(", {} AS nw, {} AS ni", next("weight"), next("service_id")) } else { String::new() };
        let few = if several || self.window.after.is_some() {
            format!("(SELECT count(*) FROM found) <= {MOST_TERMS}")
        } else {
            "1 = 1".into()
        };
        let fresh = format!("s.status = 'PUBLISHED' AND {}", is_fresh(sql, self.fresh));
        // Beyond a cursor among the others nothing fresh follows.
        let beyond = self
            .window
            .after
            .as_ref()
            .is_some_and(|after| after.value.parse::<i64>().is_ok_and(|at| at < ABOVE_SCORES));
        let any = if beyond { "1 = 0".into() } else { any_is_fresh(sql, self.fresh) };
        let one = self.half(sql, &search, several, [1, ABOVE_SCORES], &fresh, &any);
        let more = format!("(SELECT count(*) FROM h1) <= {}", self.window.size);
        let two = self.half(sql, &search, several, [2, 0], &format!("NOT ({fresh})"), &more);
        let seen =
            if several { format!(", {}, {}", self.seen(&search, 1), self.seen(&search, 2)) } else { String::new() };
        format!(
            "WITH found AS MATERIALIZED ({words}), \
             term AS MATERIALIZED (SELECT t.n AS n, t.word AS word, t.c AS c{far} FROM found t WHERE {few}), {one}, {two} \
             SELECT h.id AS id, h.k AS k{seen} FROM (SELECT * FROM h1 UNION ALL SELECT * FROM h2) h \
             ORDER BY h.k DESC, h.id DESC LIMIT {}",
            self.window.size + 1
        )
    }

    /// The best of those that are fresh, or of the others: of each word a list `l`, and together `h`.
    fn half(&self, sql: &mut Sql, search: &Search, several: bool, at: [i64; 2], of: &str, when: &str) -> String {
        let ([number, above], kept) = (at, self.kept);
        let rest = ServiceFilter { text: None, ..self.filter.clone() };
        let joins = search::joins(sql, self.sight, &rest);
        let mut all = vec![conditions(sql, self.sight, self.filter), of.to_owned()];
        let score = if several || self.window.after.is_some() {
            format!(
                "(SELECT {above} + CAST(sum({EACH_WORD} + w.best) AS BIGINT) FROM (SELECT max(pw.weight * tw.c) AS best \
                 FROM search_word pw JOIN term tw ON tw.word = pw.word WHERE pw.service_id = s.id GROUP BY tw.n) w \
                 HAVING count(*) >= {})",
                search.needed.max(1)
            )
        } else {
            format!("{above} + {EACH_WORD} + p.weight * t.c")
        };
        if several {
            let nothing = sql.bind(Uuid::nil());
            all.insert(0, format!("(p.weight, p.service_id) > (coalesce(t.nw, 0), coalesce(t.ni, {nothing}))"));
            all.push(format!("{score} IS NOT NULL"));
        }
        if let Some(after) = &self.window.after {
            let value = sql.bind(after.value.parse::<i64>().unwrap_or_default());
            let key = sql.bind(after.id);
            if !several {
                all.insert(0, format!("p.weight <= ({value} - {above} - {EACH_WORD}) / t.c"));
            }
            all.push(format!("({score} < {value} OR ({score} = {value} AND s.id < {key}))"));
        }
        format!(
            "l{number} AS MATERIALIZED (SELECT t.*, LIST(OBJ('i', UID(q.id), 'w', q.weight, 'k', q.k) BY q.weight DESC, q.id DESC \
               FROM (SELECT p.service_id AS id, p.weight AS weight, {score} AS k FROM search_word p CROSS JOIN service s{joins} \
                 WHERE p.word = t.word AND s.id = p.service_id AND {} ORDER BY p.weight DESC, p.service_id DESC LIMIT {kept}) q) \
               AS list FROM term t WHERE {when}), \
             h{number} AS MATERIALIZED (SELECT KEY(g.i) AS id, g.k AS k FROM \
               (SELECT e.value->>'i' AS i, max(CAST(e.value->>'k' AS BIGINT)) AS k FROM l{number} l CROSS JOIN EACH(l.list) e \
                GROUP BY e.value->>'i') g ORDER BY k DESC, id DESC LIMIT {})",
            all.join(" AND "),
            self.window.size + 1
        )
    }

    /// Up to which value and key nothing better was left out of a half; -1 where nothing was left out at all.
    fn seen(&self, search: &Search, half: u8) -> String {
        let last = format!("l.list->{}", self.kept.saturating_sub(1));
        let weight = format!("coalesce(CAST({last}->>'w' AS BIGINT), l.nw)");
        let above = if half == 1 { ABOVE_SCORES } else { 0 };
        format!(
            "(SELECT CASE WHEN count(*) < {} THEN -1 ELSE {above} + CAST(sum({EACH_WORD} + u.best) AS BIGINT) END FROM \
               (SELECT max(l.c * {weight}) AS best FROM l{half} l WHERE {weight} IS NOT NULL GROUP BY l.n) u) AS bound{half}, \
             (SELECT max(coalesce({last}->>'i', CAST(UID(l.ni) AS TEXT))) FROM l{half} l) AS edge{half}",
            search.needed.max(1)
        )
    }
}

/// The columns that a statement that looked so hands through from its keys, after a comma each.
#[must_use]
pub fn handed(filter: &ServiceFilter, look: Look) -> String {
    match look {
        Look::All => String::new(),
        Look::Within { .. } => ", pg.whole AS whole".into(),
        Look::Best { .. } if several(filter) => SEEN.map(|column| format!(", pg.{column} AS {column}")).concat(),
        Look::Best { .. } => String::new(),
    }
}

fn several(filter: &ServiceFilter) -> bool {
    let lookups = filter.text.as_ref().map(|text| words::search(text).lookups);
    lookups.iter().flatten().any(|lookup| lookup.word > 0)
}

/// Whether the rows of a page, each with its `id` and `value`, are for certain those that come first.
///
/// # Errors
/// A row that does not read.
pub fn is_certain(
    rows: &[QueryResult],
    last: impl Fn(&QueryResult) -> Result<(i64, Uuid), Fault>,
    filter: &ServiceFilter,
    size: usize,
    look: Look,
) -> Result<bool, Fault> {
    let unreadable = |_| Fault::Store("how far was looked does not read".into());
    let (full, Some(row)) = (rows.len() > size, rows.last()) else { return Ok(look == Look::All) };
    match look {
        Look::All => Ok(true),
        Look::Within { .. } => Ok(full || row.try_get::<i64>("", "whole").map_err(unreadable)? == 1),
        Look::Best { .. } if !several(filter) => Ok(true),
        Look::Best { .. } => {
            let bound = |half: usize| row.try_get::<i64>("", SEEN[half]).map_err(unreadable);
            let edge = |half: usize| {
                let text = row.try_get::<Option<String>>("", SEEN[half]).map_err(unreadable)?;
                Ok::<Uuid, Fault>(text.and_then(|text| Uuid::parse_str(&text).ok()).unwrap_or(Uuid::max()))
            };
            let (value, id) = last(row)?;
            let reaches = |half: usize| Ok::<bool, Fault>(full && (value, id) >= (bound(half)?, edge(half + 1)?));
            if value >= ABOVE_SCORES && reaches(0)? {
                return Ok(true);
            }
            Ok(bound(0)? < 0 && (bound(2)? < 0 || reaches(2)?))
        }
    }
}
