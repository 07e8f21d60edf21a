//! The ledger of unmet needs in the database: what is counted for a quarter's tables, and the tables once they are made.

use crate::domain::code::Code as _;
use crate::domain::id::AreaId;
use crate::domain::policy::Sight;
use crate::domain::quarter::Quarter;
use crate::domain::rule::Fault;
use crate::domain::unmet::{MadeCell, Measure, ReleasedCell, Unit};
use crate::store::door::{Door, Tx};
use crate::store::statement::{Sql, body};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// Cells that are written with one statement.
const AT_ONCE: usize = 50;

/// What was counted, and the country it lies in; empty where that is not known.
#[derive(Debug, Deserialize)]
pub struct Located {
    pub country: String,
    pub unit: Unit,
}

/// The tables of a quarter as one audience may be told of them.
#[derive(Debug, Deserialize)]
pub struct Released {
    /// The version of what is counted and how.
    pub definition: String,
    pub fewest_inside: i64,
    pub fewest_outside: i64,
    /// UTC microseconds.
    pub made_at: i64,
    pub cells: Vec<ReleasedCell>,
}

/// How somebody stands to the figures of a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// They work in a program there.
    Inside,
    /// They only pay for one, or govern there.
    Outside,
}

/// Referrals that were sent and not done at the end `$2` of a quarter, and stood in one of these states.
fn stood(states: &str) -> String {
    format!(
        "n.id IN (SELECT r.need_id FROM referral r WHERE r.sent_at < $2 AND (r.ended_at IS NULL OR r.ended_at >= $2) \
         AND r.status <> 'VOIDED' AND (SELECT e.to_status FROM event e WHERE e.subject_id = r.id AND e.at < $2 \
         AND e.to_status IS NOT NULL ORDER BY e.at DESC, e.id DESC LIMIT 1) IN ({states})) AND $1 < $2"
    )
}

/// Needs with a referral that came to an end between `$1` and `$2`.
fn ended(how: &str) -> String {
    format!(
        "n.id IN (SELECT r.need_id FROM event e JOIN referral r ON r.id = e.subject_id WHERE e.subject_kind = 'Referral' \
         AND e.at >= $1 AND e.at < $2 AND r.status <> 'VOIDED' AND {how})"
    )
}

fn condition(measure: Measure) -> String {
    match measure {
        Measure::NeedsOpen => "n.delivery = 'REFERRAL' AND n.created_at < $2 AND (n.status = 'OPEN' OR n.updated_at >= $2) \
             AND (c.status = 'OPEN' OR c.closed_at >= $2) AND NOT EXISTS (SELECT 1 FROM referral r WHERE r.need_id = n.id \
             AND r.sent_at < $2 AND (r.ended_at IS NULL OR r.ended_at >= $2)) AND $1 < $2"
            .into(),
        Measure::CapacityDeclines => {
            ended("e.to_status = 'DECLINED' AND e.from_status <> 'DECLINED' AND e.reason = 'NO_CAPACITY'")
        }
        Measure::Expiries => ended("e.to_status = 'EXPIRED' AND e.from_status <> 'EXPIRED'"),
        Measure::Waiting => stood("'WAITLISTED'"),
        Measure::Caseload => stood("'ACCEPTED', 'IN_SERVICE', 'ON_HOLD', 'CANCEL_REQUESTED'"),
        Measure::EmptySearches => "1 = 1".into(),
    }
}

impl Door {
    /// What is counted of one measure in a quarter, by person.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn unmet_units(&self, measure: Measure, quarter: Quarter) -> Result<Vec<Located>, Fault> {
        let term = "'category', st.code, 'dimension', st.dimension, 'level', st.level";
        let (text, values) = if measure == Measure::EmptySearches {
            let text = format!(
                "SELECT CAST(OBJ('country', coalesce(a.country, ''), 'unit', OBJ('area', UID(a.id), {term}, \
                 'count', sum(es.searches))) AS TEXT) AS body FROM empty_search es LEFT JOIN area a ON a.id = es.area_id \
                 LEFT JOIN category sx ON sx.code = es.category_code \
                 LEFT JOIN category st ON st.code = sx.standard_code WHERE es.day >= $1 AND es.day < $2 \
                 GROUP BY a.country, a.id, st.code, st.dimension, st.level"
            );
            (text, vec![quarter.first_day().into(), quarter.day_after().into()])
        } else {
            let (since, before) = quarter.bounds();
            let text = format!(
                "SELECT CAST(OBJ('country', coalesce(a.country, ''), 'unit', OBJ('area', UID(n.area_id), {term}, \
                 'urgency', n.urgency, 'person', UID(n.case_id), 'count', count(*))) AS TEXT) AS body FROM need n \
                 JOIN case_file c ON c.id = n.case_id LEFT JOIN area a ON a.id = n.area_id \
                 JOIN category ct ON ct.code = n.category_code JOIN category st ON st.code = ct.standard_code WHERE {} \
                 GROUP BY a.country, n.area_id, st.code, st.dimension, st.level, n.urgency, n.case_id",
                condition(measure)
            );
            (text, vec![since.into(), before.into()])
        };
        self.rows(&text, values).await?.iter().map(|row| body(row, "need")).collect()
    }

    /// For every area the areas it lies in, from the country down to itself.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn area_paths(&self) -> Result<HashMap<AreaId, Vec<AreaId>>, Fault> {
        let text = "SELECT ancestor_id, descendant_id FROM area_closure ORDER BY descendant_id, depth DESC";
        self.pairs(text, vec![]).await
    }

    /// For every area of which a quarter tells something, those of the asked ones in which it lies: an area and those up
    /// to `levels` below it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn areas_above(
        &self,
        (top, levels): (AreaId, i32),
        (quarter, country): (Quarter, &str),
    ) -> Result<HashMap<AreaId, Vec<AreaId>>, Fault> {
        let text = "SELECT up.ancestor_id, up.descendant_id FROM area_closure up JOIN area_closure asked \
             ON asked.descendant_id = up.ancestor_id WHERE asked.ancestor_id = $1 AND asked.depth <= $2 \
             AND up.descendant_id IN (SELECT fc.area_id FROM figure_cell fc WHERE fc.quarter = $3 AND fc.country = $4)";
        self.pairs(text, vec![Uuid::from(top).into(), levels.into(), quarter.label().into(), country.into()]).await
    }

    async fn pairs(&self, text: &str, values: Vec<sea_orm::Value>) -> Result<HashMap<AreaId, Vec<AreaId>>, Fault> {
        let unreadable = |_| Fault::Store("an area's place does not read".into());
        let mut pairs: HashMap<AreaId, Vec<AreaId>> = HashMap::new();
        for row in self.rows(text, values).await? {
            let above: Uuid = row.try_get("", "ancestor_id").map_err(unreadable)?;
            let below: Uuid = row.try_get("", "descendant_id").map_err(unreadable)?;
            pairs.entry(below.into()).or_default().push(above.into());
        }
        Ok(pairs)
    }

    /// How the asker stands to the figures of a country: those with READ_FIGURES in a program that covers a part of it,
    /// or whose lead is at home there if it names no areas; and its government bodies. Nothing for all others.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn audience(&self, sight: &Sight, country: &str) -> Result<Option<Audience>, Fault> {
        let Some(organization) = sight.organization else { return Ok(None) };
        let mut sql = Sql::default();
        let (own, country) = (sql.bind(Uuid::from(organization)), sql.bind(country.to_owned()));
        let within = sql.within(&sight.figures, "p.id");
        let takes = |part: &str| {
            format!(
                "EXISTS (SELECT 1 FROM program p JOIN organization pl ON pl.id = p.lead_organization_id WHERE {within} \
                 AND ({part} EXISTS (SELECT 1 FROM program_organization pt WHERE pt.program_id = p.id \
                 AND pt.organization_id = {own} AND pt.part = '{}')) AND (EXISTS (SELECT 1 FROM program_area pa \
                 JOIN area a ON a.id = pa.area_id WHERE pa.program_id = p.id AND a.country = {country}) \
                 OR (pl.country = {country} AND NOT EXISTS (SELECT 1 FROM program_area pa WHERE pa.program_id = p.id))))",
                if part.is_empty() { "FUNDER" } else { "MEMBER" }
            )
        };
        let works = takes(&format!("p.lead_organization_id = {own} OR"));
        let governs = if sight.is_government {
            format!("EXISTS (SELECT 1 FROM organization o WHERE o.id = {own} AND o.country = {country})")
        } else {
            "1 = 0".into()
        };
        sql.text = format!(
            "SELECT CAST(CASE WHEN {works} THEN 2 WHEN {} OR {governs} THEN 1 ELSE 0 END AS BIGINT) AS standing",
            takes("")
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        let standing: Option<i64> = rows.first().and_then(|row| row.try_get("", "standing").ok());
        Ok(match standing {
            Some(2) => Some(Audience::Inside),
            Some(1) => Some(Audience::Outside),
            _ => None,
        })
    }

    /// The tables of a quarter and country, with what is of a category or below it marked; nothing while they are not
    /// made.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn released(
        &self,
        (quarter, country): (Quarter, &str),
        audience: Audience,
        category: Option<&str>,
    ) -> Result<Option<Released>, Fault> {
        let mut sql = Sql::default();
        let (quarter, country) = (sql.bind(quarter.label()), sql.bind(country.to_owned()));
        let chosen = category.map_or_else(
            || "1".to_owned(),
            |code| {
                let name = sql.bind(code.to_owned());
                format!(
                    "CASE WHEN fc.category_code IN (SELECT cc.descendant_code FROM category_closure cc JOIN category ca \
                     ON ca.standard_code = cc.ancestor_code WHERE ca.code = {name}) THEN 1 ELSE 0 END"
                )
            },
        );
        let block = if audience == Audience::Inside { "fc.inside_block" } else { "fc.outside_block" };
        sql.text = format!(
            "SELECT CAST(OBJ('definition', f.definition, 'fewest_inside', f.fewest_inside, \
             'fewest_outside', f.fewest_outside, 'made_at', f.made_at, 'cells', LIST(OBJ('measure', fc.measure, \
             'area', UID(fc.area_id), 'category', fc.category_code, 'dimension', st.dimension, 'level', st.level, \
             'urgency', fc.urgency, 'count', fc.counted, 'block', {block}, 'is_chosen', {chosen}) \
             BY fc.measure, fc.place FROM figure_cell fc LEFT JOIN category st ON st.code = fc.category_code \
             WHERE fc.quarter = f.quarter AND fc.country = {country})) AS TEXT) AS body \
             FROM figure_release f WHERE f.quarter = {quarter}"
        );
        self.rows(&sql.text, sql.values).await?.first().map(|row| body(row, "figure_release")).transpose()
    }

    /// Whether a quarter's tables are made.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn is_released(&self, quarter: Quarter) -> Result<bool, Fault> {
        let text = "SELECT quarter FROM figure_release WHERE quarter = $1";
        Ok(!self.rows(text, vec![quarter.label().into()]).await?.is_empty())
    }
}

/// The tables of a quarter, by measure and country.
pub type Tables = Vec<(Measure, String, Vec<MadeCell>)>;

impl Tx {
    /// Keeps the tables of a quarter, unless somebody else has by now; tells whether it did.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn keep_release(
        &self,
        quarter: Quarter,
        definition: &str,
        (inside, outside): (i64, i64),
        now: i64,
        tables: &Tables,
    ) -> Result<bool, Fault> {
        let text = "INSERT INTO figure_release (quarter, definition, fewest_inside, fewest_outside, made_at) \
                    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let values = vec![quarter.label().into(), definition.into(), inside.into(), outside.into(), now.into()];
        if self.run(text, values).await? == 0 {
            return Ok(false);
        }
        for (measure, country, cells) in tables {
            let numbered: Vec<(i32, &MadeCell)> = (0..).zip(cells).collect();
            for some in numbered.chunks(AT_ONCE) {
                self.add_cells((quarter, *measure, country), some).await?;
            }
        }
        Ok(true)
    }

    async fn add_cells(
        &self,
        (quarter, measure, country): (Quarter, Measure, &str),
        cells: &[(i32, &MadeCell)],
    ) -> Result<(), Fault> {
        let mut sql = Sql::default();
        let table = [sql.bind(quarter.label()), sql.bind(measure.code()), sql.bind(country.to_owned())].join(", ");
        let mut rows = Vec::with_capacity(cells.len());
        for (place, cell) in cells {
            let values = [
                sql.bind(*place),
                sql.bind(cell.area.map(Uuid::from)),
                sql.bind(cell.category.clone()),
                sql.bind(cell.urgency.map(|urgency| urgency.code().to_owned())),
                sql.bind(i32::try_from(cell.count).unwrap_or(i32::MAX)),
                sql.bind(cell.inside),
                sql.bind(cell.outside),
            ];
            rows.push(format!("({table}, {})", values.join(", ")));
        }
        sql.text = format!(
            "INSERT INTO figure_cell (quarter, measure, country, place, area_id, category_code, urgency, counted, \
             inside_block, outside_block) VALUES {}",
            rows.join(", ")
        );
        self.run(&sql.text, sql.values).await.map(drop)
    }
}
