//! Services in the database.

use crate::domain::capacity::STEPS;
use crate::domain::code::Code;
use crate::domain::id::{AreaId, OrganizationId, ServiceId};
use crate::domain::parts::Parts;
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::domain::service::{CoverageCell, Dimension, Level, Service, ServiceStatus};
use crate::store::door::{Door, Tx};
use crate::store::fragment;
use crate::store::fresh::takes_referrals;
use crate::store::schedules::is_open;
use crate::store::search;
use crate::store::statement::{Sql, body};

pub use crate::domain::directory::{FreshOn, ServiceFilter, ServiceOrder};
use sea_orm::QueryResult;
use std::collections::HashMap;
use uuid::Uuid;

/// The condition under which the asker may see `service s`.
pub fn visible(sql: &mut Sql, sight: &Sight) -> String {
    match sight.organization {
        None => "s.visibility = 'PUBLIC' AND s.status <> 'RETIRED'".into(),
        Some(organization) => {
            let own = sql.bind(Uuid::from(organization));
            format!("((s.visibility <> 'OWN' AND s.status <> 'RETIRED') OR s.organization_id = {own})")
        }
    }
}

/// The condition on `service s` that a filter and the asker's sight come to; needs the joins of [`search::joins`].
pub fn conditions(sql: &mut Sql, sight: &Sight, filter: &ServiceFilter) -> String {
    let mut all = vec![visible(sql, sight)];
    let mut any_of = |sql: &mut Sql, column: &str, codes: Vec<&str>| {
        if !codes.is_empty() {
            let names = sql.bind_all(codes.into_iter().map(str::to_owned));
            all.push(format!("{column} IN ({names})"));
        }
    };
    any_of(sql, "s.category_code", filter.category.iter().map(String::as_str).collect());
    any_of(sql, "s.dimension", filter.dimension.iter().map(|code| code.code()).collect());
    any_of(sql, "s.level", filter.level.iter().map(|code| code.code()).collect());
    any_of(sql, "s.status", filter.status.iter().map(|code| code.code()).collect());
    if let Some(area) = filter.area {
        let name = sql.bind(Uuid::from(area));
        all.push(if filter.is_narrow() {
            format!("EXISTS (SELECT 1 FROM service_reach sr WHERE sr.area_id = {name} AND sr.service_id = s.id)")
        } else {
            format!("s.id IN (SELECT sr.service_id FROM service_reach sr WHERE sr.area_id = {name})")
        });
    }
    if let Some(organization) = filter.organization {
        let name = sql.bind(Uuid::from(organization));
        all.push(format!("s.organization_id = {name}"));
    }
    if !filter.organization_kind.is_empty() {
        let kinds: Vec<String> = filter
            .organization_kind
            .iter()
            .map(|kind| {
                let name = sql.bind(format!("%\"{}\"%", kind.code()));
                format!("so.kinds LIKE {name}")
            })
            .collect();
        all.push(format!("({})", kinds.join(" OR ")));
    }
    if !filter.language.is_empty() {
        let names = sql.bind_all(filter.language.iter().cloned());
        all.push(if filter.is_narrow() {
            format!(
                "EXISTS (SELECT 1 FROM service_language sg WHERE sg.language IN ({names}) AND sg.service_id = s.id)"
            )
        } else {
            format!("s.id IN (SELECT sg.service_id FROM service_language sg WHERE sg.language IN ({names}))")
        });
    }
    for (on, sign) in [(&filter.open_on, ""), (&filter.closed_on, "NOT ")] {
        all.extend(on.as_ref().map(|on| format!("{sign}{}", takes_referrals(sql, on))));
    }
    if let Some(unclassified) = filter.unclassified {
        all.push(format!("s.category_code IS {} NULL", if unclassified { "" } else { "NOT" }));
    }
    if let Some((day, wanted)) = &filter.retired_on {
        let (day, sign) = (sql.bind(day.clone()), if *wanted { "" } else { "NOT " });
        all.push(format!(
            "{sign}EXISTS (SELECT 1 FROM category cr WHERE cr.code = s.category_code AND cr.valid_to < {day})"
        ));
    }
    all.extend(search::conditions(sql, filter));
    all.extend(filter.open.as_ref().map(|moment| is_open(sql, moment)));
    all.join(" AND ")
}

impl Door {
    /// The services with these keys that the asker may see.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn services_by_id(&self, sight: &Sight, ids: &[ServiceId]) -> Result<HashMap<ServiceId, Service>, Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        let visible = visible(&mut sql, sight);
        sql.text = service_text(&format!("s.id IN ({names}) AND {visible}"), "");
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.iter().map(|row| body::<Service>(row, "service").map(|service| (service.id, service))).collect()
    }

    /// Category by category for an area and each area up to `levels` below it, of what the asker may see: services, those
    /// open for referrals, places and free places, and services that do not state their places. Cells without services
    /// are not told; a local category counts as the standard one above it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn coverage(
        &self,
        sight: &Sight,
        area: AreaId,
        levels: i32,
        on: &FreshOn,
    ) -> Result<HashMap<AreaId, Vec<CoverageCell>>, Fault> {
        let mut sql = Sql::default();
        let top = sql.bind(Uuid::from(area));
        let depth = sql.bind(levels);
        // What is told of places is the sum of what is told of each capacity: no part of it tells more.
        let (free, total) = (in_steps("cp.total - cp.taken_elsewhere - cp.taken - cp.held"), in_steps("cp.total"));
        let (visible, open) = (visible(&mut sql, sight), takes_referrals(&mut sql, on));
        sql.text = format!(
            "WITH scope AS (SELECT ac.descendant_id AS area_id FROM area_closure ac WHERE ac.ancestor_id = {top} \
               AND ac.depth <= {depth}), \
             places AS (SELECT sr.area_id, cp.service_id, \
               sum({free}) AS free, count(cp.total) AS stated, sum({total}) AS total \
               FROM service_reach sr JOIN scope ON scope.area_id = sr.area_id \
               JOIN capacity cp ON cp.service_id = sr.service_id \
               LEFT JOIN service_at_location sl ON sl.id = cp.service_at_location_id \
               LEFT JOIN location lo ON lo.id = sl.location_id \
               WHERE cp.service_at_location_id IS NULL OR EXISTS (SELECT 1 FROM area_closure up \
                 WHERE up.descendant_id = lo.area_id AND up.ancestor_id = sr.area_id) \
               GROUP BY sr.area_id, cp.service_id) \
             SELECT sr.area_id AS area_id, ct.standard_code AS category, s.dimension AS dimension, s.level AS level, \
               count(*) AS services, \
               sum(CASE WHEN {open} THEN 1 ELSE 0 END) AS open_for_referrals, \
               CAST(coalesce(sum(CASE WHEN s.status = 'PUBLISHED' THEN pl.free END), 0) AS BIGINT) AS open_places, \
               CAST(coalesce(sum(CASE WHEN s.status = 'PUBLISHED' THEN pl.total END), 0) AS BIGINT) AS capacity, \
               sum(CASE WHEN coalesce(pl.stated, 0) = 0 THEN 1 ELSE 0 END) AS places_unknown \
             FROM service_reach sr JOIN scope ON scope.area_id = sr.area_id JOIN service s ON s.id = sr.service_id \
             JOIN category ct ON ct.code = s.category_code \
             LEFT JOIN places pl ON pl.area_id = sr.area_id AND pl.service_id = sr.service_id \
             WHERE s.dimension IS NOT NULL AND s.status <> 'RETIRED' AND {visible} \
             GROUP BY sr.area_id, ct.standard_code, s.dimension, s.level"
        );
        let mut cells: HashMap<AreaId, Vec<CoverageCell>> = HashMap::new();
        for row in self.rows(&sql.text, sql.values).await? {
            let (area, cell) = coverage_cell(&row)?;
            cells.entry(area).or_default().push(cell);
        }
        Ok(cells)
    }
}

/// A number of places as `stepped` tells it; nothing where there is none.
fn in_steps(number: &str) -> String {
    let step = |step: &i32| format!("WHEN {number} >= {step} THEN {step}");
    let steps: Vec<String> = STEPS.iter().rev().map(step).collect();
    format!("CASE WHEN {number} IS NULL THEN NULL {} ELSE 0 END", steps.join(" "))
}

fn coverage_cell(row: &QueryResult) -> Result<(AreaId, CoverageCell), Fault> {
    let unreadable = |_| Fault::Store("a cell does not read".into());
    let text = |column: &str| row.try_get::<String>("", column).map_err(unreadable);
    let number = |column: &str| row.try_get::<i64>("", column).map_err(unreadable);
    let area: Uuid = row.try_get("", "area_id").map_err(unreadable)?;
    let corrupt = || Fault::Corrupt("service", area);
    let cell = CoverageCell {
        category: text("category")?,
        dimension: Dimension::from_code(&text("dimension")?).ok_or_else(corrupt)?,
        level: Level::from_code(&text("level")?).ok_or_else(corrupt)?,
        services: number("services")?,
        open_for_referrals: number("open_for_referrals")?,
        capacity: number("capacity")?,
        open_places: number("open_places")?,
        places_unknown: number("places_unknown")?,
    };
    Ok((area.into(), cell))
}

fn service_text(condition: &str, end: &str) -> String {
    format!(
        "SELECT CAST({} AS TEXT) AS body FROM service s{} WHERE {condition} {end}",
        fragment::service(&Parts::All),
        fragment::SERVICE_JOINS
    )
}

/// A change of a service's state.
#[derive(Debug, Clone, Copy)]
pub enum ServiceChange<'a> {
    /// Its status, and why it is paused.
    Status(ServiceStatus, Option<&'a str>),
    /// The day on which it was confirmed, and by whom.
    Assured(&'a str, Uuid),
    /// Its places: only the version moves.
    Places,
}

impl Tx {
    /// A service of the asker's own organization, locked until the end of the transaction.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lock_own_service(
        &self,
        organization: OrganizationId,
        id: ServiceId,
    ) -> Result<Option<Service>, Fault> {
        let text = service_text("s.id = $1 AND s.organization_id = $2", "");
        self.run(
            "UPDATE service SET version = version WHERE id = $1 AND organization_id = $2",
            vec![Uuid::from(id).into(), Uuid::from(organization).into()],
        )
        .await?;
        let rows = self.rows(&text, vec![Uuid::from(id).into(), Uuid::from(organization).into()]).await?;
        rows.first().map(|row| body(row, "service")).transpose()
    }

    /// A service that the asker may see.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn service(&self, sight: &Sight, id: ServiceId) -> Result<Option<Service>, Fault> {
        let mut sql = Sql::default();
        let key = sql.bind(Uuid::from(id));
        let visible = visible(&mut sql, sight);
        let rows = self.rows(&service_text(&format!("s.id = {key} AND {visible}"), ""), sql.values).await?;
        rows.first().map(|row| body(row, "service")).transpose()
    }

    /// Changes a service's state and raises its version.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn change_service(&self, id: ServiceId, change: ServiceChange<'_>, now: i64) -> Result<(), Fault> {
        let mut sql = Sql::default();
        let set = match change {
            ServiceChange::Status(status, reason) => {
                let status = sql.bind(status.code());
                let reason = sql.bind(reason.map(str::to_owned));
                format!("status = {status}, pause_reason = {reason}, ")
            }
            ServiceChange::Assured(day, by) => {
                let (day, by) = (sql.bind(day.to_owned()), sql.bind(by));
                format!("assured_on = {day}, assured_by = {by}, reminded_on = NULL, stale_told_on = NULL, ")
            }
            ServiceChange::Places => String::new(),
        };
        let (now, key) = (sql.bind(now), sql.bind(Uuid::from(id)));
        sql.text = format!("UPDATE service SET {set}version = version + 1, updated_at = {now} WHERE id = {key}");
        self.run(&sql.text, sql.values).await.map(drop)
    }

    /// Derives the areas that a service reaches: where it is given, where it serves, and all areas above these. By what
    /// it is found is derived, too.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn refresh_reach(&self, id: ServiceId) -> Result<(), Fault> {
        let key = || vec![Uuid::from(id).into()];
        self.run("DELETE FROM service_reach WHERE service_id = $1", key()).await?;
        self.run(
            "INSERT INTO service_reach (area_id, service_id) SELECT DISTINCT up.ancestor_id, x.service_id FROM \
             (SELECT sl.service_id AS service_id, lo.area_id AS area_id FROM service_at_location sl \
                JOIN location lo ON lo.id = sl.location_id WHERE sl.service_id = $1 AND lo.area_id IS NOT NULL \
              UNION SELECT sa.service_id, sa.area_id FROM service_area sa WHERE sa.service_id = $1) x \
             JOIN area_closure up ON up.descendant_id = x.area_id",
            key(),
        )
        .await?;
        self.refresh_search(&[id]).await
    }
}
