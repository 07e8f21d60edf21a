//! How the services of a search are spread: one statement for all the counts that are asked for.

use crate::domain::code::Code;
use crate::domain::directory::{Facet, Facets, FreshOn, ServiceFilter};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::store::door::Door;
use crate::store::fresh::takes_referrals;
use crate::store::services::conditions;
use crate::store::statement::{Sql, body};
use crate::store::{fragment, search};
use sea_orm::QueryResult;
use serde::de::DeserializeOwned;

/// The most values that are told of one facet: those with the most services.
const MOST_VALUES: u32 = 50;

/// One facet's part of the statement: rows of its name, a value and a count.
fn part(facet: Facet) -> String {
    let counted = |key: &str, from: &str| {
        format!(
            "(SELECT {key} AS k, count(*) AS n FROM hit{from} WHERE {key} IS NOT NULL GROUP BY {key} \
             ORDER BY n DESC, k LIMIT {MOST_VALUES}) c"
        )
    };
    let plain = |key: &str, from: &str| format!("c.k AS body, c.n AS n FROM {}", counted(key, from));
    let object = |object: String, key: &str, from: &str, table: &str, id: &str| {
        format!("CAST({object} AS TEXT) AS body, c.n AS n FROM {} JOIN {table} ON {id} = c.k", counted(key, from))
    };
    let selected = match facet {
        Facet::Category => object(fragment::category("f"), "hit.category_code", "", "category f", "f.code"),
        Facet::Dimension => plain("hit.dimension", ""),
        Facet::Level => plain("hit.level", ""),
        Facet::Area => {
            let reach = " JOIN service_reach sr ON sr.service_id = hit.id";
            object(fragment::area("f"), "sr.area_id", reach, "area f", "f.id")
        }
        Facet::Language => plain("sg.language", " JOIN service_language sg ON sg.service_id = hit.id"),
        Facet::Organization => object(fragment::organization("f"), "hit.organization_id", "", "organization f", "f.id"),
        Facet::Open => "'' AS body, CAST(coalesce(sum(hit.is_open), 0) AS BIGINT) AS n FROM hit".into(),
        Facet::All => "'' AS body, count(*) AS n FROM hit".into(),
    };
    format!("SELECT '{}' AS facet, {selected}", facet.code())
}

impl Door {
    /// The counts asked for over the services that a filter finds and the asker may see; one statement.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn service_facets(
        &self,
        sight: &Sight,
        filter: &ServiceFilter,
        asked: &[Facet],
        on: &FreshOn,
    ) -> Result<Facets, Fault> {
        let mut facets = Facets::default();
        if asked.is_empty() {
            return Ok(facets);
        }
        let mut sql = Sql::default();
        let joins = search::joins(&mut sql, sight, filter);
        let found = conditions(&mut sql, sight, filter);
        let open = if asked.contains(&Facet::Open) { takes_referrals(&mut sql, on) } else { "1 = 0".to_owned() };
        let parts: Vec<String> = asked.iter().map(|facet| format!("SELECT * FROM ({}) q", part(*facet))).collect();
        sql.text = format!(
            "WITH hit AS MATERIALIZED (SELECT s.id AS id, s.category_code AS category_code, s.dimension AS dimension, \
             s.level AS level, s.organization_id AS organization_id, CASE WHEN {open} \
               THEN 1 ELSE 0 END AS is_open \
             FROM service s{joins} WHERE {found}) {}",
            parts.join(" UNION ALL ")
        );
        for row in self.rows(&sql.text, sql.values).await? {
            note(&mut facets, &row)?;
        }
        facets.sort();
        Ok(facets)
    }
}

fn note(facets: &mut Facets, row: &QueryResult) -> Result<(), Fault> {
    let unreadable = || Fault::Store("a facet does not read".into());
    let text = |column: &str| row.try_get::<String>("", column).map_err(|_| unreadable());
    let count: i64 = row.try_get("", "n").map_err(|_| unreadable())?;
    fn code<T: Code>(text: &str) -> Result<T, Fault> {
        T::from_code(text).ok_or_else(|| Fault::Store("a facet has an unknown code".into()))
    }
    fn object<T: DeserializeOwned>(row: &QueryResult) -> Result<T, Fault> {
        body(row, "service")
    }
    match code::<Facet>(&text("facet")?)? {
        Facet::Category => facets.categories.push((object(row)?, count)),
        Facet::Dimension => facets.dimensions.push((code(&text("body")?)?, count)),
        Facet::Level => facets.levels.push((code(&text("body")?)?, count)),
        Facet::Area => facets.areas.push((object(row)?, count)),
        Facet::Language => facets.languages.push((text("body")?, count)),
        Facet::Organization => facets.organizations.push((object(row)?, count)),
        Facet::Open => facets.open = count,
        Facet::All => facets.all = count,
    }
    Ok(())
}
