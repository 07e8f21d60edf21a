//! Administrative areas in the database. All of them are public.

use crate::domain::area::Area;
use crate::domain::directory::AreaFilter;
use crate::domain::id::AreaId;
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx, breaks_unique, fault};
use crate::store::fragment;
use crate::store::statement::{Order, Sql, body, containing, counted, json, keys, page, window_clause};
use passerelle_entity::{area, area_closure};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

fn conditions(sql: &mut Sql, filter: &AreaFilter) -> String {
    let mut all = vec!["1 = 1".to_owned()];
    if let Some(country) = &filter.country {
        let name = sql.bind(country.clone());
        all.push(format!("a.country = {name}"));
    }
    if let Some(level) = filter.level {
        let name = sql.bind(level);
        all.push(format!("a.level = {name}"));
    }
    if let Some(parent) = filter.parent {
        let name = sql.bind(Uuid::from(parent));
        all.push(format!("a.parent_id = {name}"));
    }
    if let Some(top) = filter.within {
        let name = sql.bind(Uuid::from(top));
        all.push(format!("a.id IN (SELECT ac.descendant_id FROM area_closure ac WHERE ac.ancestor_id = {name})"));
    }
    if let Some(text) = &filter.text {
        let (pattern, code) = (sql.bind(containing(text)), sql.bind(text.clone()));
        all.push(format!(
            "(lower(a.name) LIKE {pattern} ESCAPE '\\' OR lower(a.names) LIKE {pattern} ESCAPE '\\' OR a.pcode = {code})"
        ));
    }
    all.join(" AND ")
}

fn area_text(rest: &str) -> String {
    format!("SELECT CAST({} AS TEXT) AS body FROM area a {rest}", fragment::area("a"))
}

impl Door {
    /// A page of areas by name.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn areas(&self, filter: &AreaFilter, window: &Window) -> Result<Page<Area>, Fault> {
        let mut sql = Sql::default();
        let found = format!("FROM area a WHERE {}", conditions(&mut sql, filter));
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let end =
            window_clause(&mut sql, window, Order { by: "a.name", id: "a.id", is_number: false, descending: false });
        let body = fragment::area("a");
        sql.text = format!("SELECT CAST({body} AS TEXT) AS body, a.name AS k, a.id AS id{count} {found}{end}");
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "area")?;
        let mut sql = Sql::default();
        sql.text = format!("SELECT count(*) AS total FROM area a WHERE {}", conditions(&mut sql, filter));
        counted(self, page, window, sql).await
    }

    /// The areas with these keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn areas_by_id(&self, ids: &[AreaId]) -> Result<HashMap<AreaId, Area>, Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        let rows = self.rows(&area_text(&format!("WHERE a.id IN ({names})")), sql.values).await?;
        rows.iter().map(|row| body::<Area>(row, "area").map(|area| (area.id, area))).collect()
    }

    /// The area of a P-code: of several editions the one that is still valid, or else the latest.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn area_by_code(&self, country: &str, level: i32, pcode: &str) -> Result<Option<Area>, Fault> {
        let text = area_text(
            "WHERE a.country = $1 AND a.level = $2 AND a.pcode = $3 ORDER BY \
             CASE WHEN a.valid_to IS NULL THEN 0 ELSE 1 END, coalesce(a.valid_from, '') DESC, a.edition DESC LIMIT 1",
        );
        let rows = self.rows(&text, vec![country.into(), level.into(), pcode.into()]).await?;
        rows.first().map(|row| body(row, "area")).transpose()
    }

    /// An area and those up to `levels` below it, from above to below and by name; of more than `most` one too many.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn area_descendants(&self, top: AreaId, levels: i32, most: usize) -> Result<Vec<Area>, Fault> {
        let text = area_text(&format!(
            "JOIN area_closure ac ON ac.descendant_id = a.id WHERE ac.ancestor_id = $1 AND ac.depth <= $2 \
             ORDER BY ac.depth, a.name, a.id LIMIT {}",
            most + 1
        ));
        let rows = self.rows(&text, vec![Uuid::from(top).into(), levels.into()]).await?;
        rows.iter().map(|row| body(row, "area")).collect()
    }
}

impl Tx {
    /// Adds an area and all the areas it is inside of; tells whether its code was free.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_area(&self, area: &Area, edition: &str) -> Result<bool, Fault> {
        let key = Uuid::from(area.id);
        let row = area::Model {
            id: key,
            country: area.country.clone(),
            level: area.level,
            pcode: area.pcode.clone(),
            edition: edition.to_owned(),
            parent_id: area.parent.map(Uuid::from),
            name: area.name.clone(),
            names: json(&area.names)?,
            valid_from: area.valid_from.clone(),
            valid_to: area.valid_to.clone(),
        };
        match self.try_add(row).await {
            Err(error) if breaks_unique(&error, "area_code", "area.pcode") => return Ok(false),
            added => added.map_err(|error| fault(&error))?,
        }
        self.add(area_closure::Model { ancestor_id: key, descendant_id: key, depth: 0 }).await?;
        if let Some(parent) = area.parent {
            self.run(
                "INSERT INTO area_closure (ancestor_id, descendant_id, depth) \
                 SELECT up.ancestor_id, $1, up.depth + 1 FROM area_closure up WHERE up.descendant_id = $2",
                vec![key.into(), Uuid::from(parent).into()],
            )
            .await?;
        }
        Ok(true)
    }

    /// An area.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn area(&self, id: AreaId) -> Result<Option<Area>, Fault> {
        let rows = self.rows(&area_text("WHERE a.id = $1"), vec![Uuid::from(id).into()]).await?;
        rows.first().map(|row| body(row, "area")).transpose()
    }

    /// Which of these areas exist.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn known_areas(&self, ids: &[AreaId]) -> Result<HashSet<AreaId>, Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        let rows = self.rows(&format!("SELECT id FROM area WHERE id IN ({names})"), sql.values).await?;
        keys(&rows)
    }
}
