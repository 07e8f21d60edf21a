//! How the services of a search are spread: one statement for all the counts that are asked for, over the first so many
//! services, so that its cost does not grow with the directory.

use crate::domain::code::Code;
use crate::domain::directory::{Facet, Facets, FreshOn, ServiceFilter, ServiceOrder};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::store::door::Door;
use crate::store::fresh::takes_referrals;
use crate::store::services::conditions;
use crate::store::statement::{Sql, body, json};
use crate::store::{fragment, search};
use sea_orm::QueryResult;
use serde::de::DeserializeOwned;
use uuid::Uuid;

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
        Facet::All => "'' AS body, count(*) AS n FROM found".into(),
    };
    format!("SELECT '{}' AS facet, {selected}", facet.code())
}

/// What is counted of a service, beside the tables that hang on it.
fn counted(open: &str) -> String {
    format!(
        "SELECT s.id AS id, s.category_code AS category_code, s.dimension AS dimension, s.level AS level, \
         s.organization_id AS organization_id, s.published_at AS published_at, CASE WHEN {open} THEN 1 ELSE 0 END AS is_open \
         FROM service s"
    )
}

impl Door {
    /// The counts asked for over the services that a filter finds and the asker may see, or over the first `most` of them:
    /// the best for a text, the nearest around a point, else the newest. One statement, and one more for a text or a
    /// point, whose services are found first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn service_facets(
        &self,
        sight: &Sight,
        filter: &ServiceFilter,
        asked: &[Facet],
        on: &FreshOn,
        most: usize,
    ) -> Result<Facets, Fault> {
        let mut facets = Facets::default();
        if asked.is_empty() {
            return Ok(facets);
        }
        let mut sql = Sql::default();
        let open = if asked.contains(&Facet::Open) { takes_referrals(&mut sql, on) } else { "1 = 0".to_owned() };
        let (first, more) = if filter.is_narrow() {
            let mut keys = self.first_found(sight, filter, on, most.saturating_add(1)).await?;
            let more = usize::from(keys.len() > most);
            keys.truncate(most);
            let keys: Vec<[Uuid; 1]> = keys.into_iter().map(|key| [key]).collect();
            let keys = sql.bind(json(&keys)?);
            let these = format!("(SELECT KEY(e.value->>0) AS id FROM EACH(JSON({keys})) e) these");
            (format!("{} JOIN {these} ON these.id = s.id", counted(&open)), more)
        } else {
            let joins = search::joins(&mut sql, sight, filter);
            let found = conditions(&mut sql, sight, filter);
            let end = format!("ORDER BY s.published_at DESC, s.id DESC LIMIT {}", most.saturating_add(1));
            (format!("{}{joins} WHERE {found} {end}", counted(&open)), 0)
        };
        let others = asked.iter().filter(|facet| **facet != Facet::All);
        let parts = others.map(|facet| format!(" UNION ALL SELECT * FROM ({}) q", part(*facet))).collect::<String>();
        sql.text = format!(
            "WITH found AS MATERIALIZED ({first}), hit AS MATERIALIZED (SELECT f.* FROM found f \
             ORDER BY f.published_at DESC, f.id DESC LIMIT {most}) \
             SELECT '{}' AS facet, '' AS body, count(*) AS n FROM found{parts}",
            Facet::All.code()
        );
        for row in self.rows(&sql.text, sql.values).await? {
            note(&mut facets, &row)?;
        }
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        facets.is_complete = more == 0 && facets.all <= most;
        facets.all = facets.all.min(most);
        facets.sort();
        Ok(facets)
    }

    /// The keys of the first services that a text or a point finds.
    async fn first_found(
        &self,
        sight: &Sight,
        filter: &ServiceFilter,
        on: &FreshOn,
        most: usize,
    ) -> Result<Vec<Uuid>, Fault> {
        let order = if filter.text.is_some() {
            ServiceOrder::Relevance { descending: true, fresh: on.clone() }
        } else {
            ServiceOrder::Distance { descending: false }
        };
        self.first_keys(sight, filter, &order, most).await
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
