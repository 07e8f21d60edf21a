//! The lists of the reference API of HSDS: a page is one statement, its count included.

use crate::domain::parts::Parts;
use crate::domain::rule::Fault;
use crate::domain::service::Service;
use crate::hsds::directory::{Cut, Fullness, Near};
use crate::hsds::outgoing::taxonomy::{Meaning, Scheme};
use crate::hsds::outgoing::{OrganizationRow, PlaceRow};
use crate::store::door::Door;
use crate::store::fragment::{SERVICE_JOINS, organization, place, service};
use crate::store::hsds_filter::{PUBLIC, Wanted, around, means, of_service, written};
use crate::store::statement::{Sql, body};
use sea_orm::QueryResult;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Rows in the order of their keys, each with its key, and how many there are in all where that was asked for.
#[derive(Debug)]
pub struct Listed<T> {
    pub rows: Vec<(Uuid, T)>,
    pub total: u64,
}

/// What a list is read from.
struct Source {
    /// The key by which it is ordered.
    key: &'static str,
    /// The tables, with what is joined to them.
    tables: String,
    /// Which rows.
    conditions: String,
    /// What is made of each row.
    body: String,
}

impl Door {
    /// Services.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn hsds_services(&self, wanted: &Wanted, fullness: Fullness, cut: Cut) -> Result<Listed<Service>, Fault> {
        self.listed(services_list(wanted, fullness, cut), "service").await
    }

    /// Organizations, with their public services where these are asked for.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn hsds_organizations(
        &self,
        wanted: &Wanted,
        fullness: Fullness,
        cut: Cut,
    ) -> Result<Listed<OrganizationRow>, Fault> {
        let mut sql = Sql::default();
        let mut all = vec!["1 = 1".to_owned()];
        if let Some(id) = wanted.filter.id {
            all.push(format!("so.id = {}", sql.bind(id)));
        }
        if let Some(text) = &wanted.filter.search {
            // Not by its description: that may not be told, and what finds it would tell of it.
            all.push(written(&mut sql, &["so.name", "so.names"], text));
        }
        for meaning in &wanted.meanings {
            let condition = means(&mut sql, meaning, &wanted.on);
            // A term of services is one of the organizations that give such a service.
            all.push(match meaning {
                Meaning::Kind(_) | Meaning::Any(Scheme::OrganizationKinds) | Meaning::Nothing => condition,
                _ => format!(
                    "EXISTS (SELECT 1 FROM service s WHERE s.organization_id = so.id AND {PUBLIC} AND {condition})"
                ),
            });
        }
        let services = match fullness {
            Fullness::Full => Some(Fullness::Direct),
            Fullness::FullService => Some(Fullness::Full),
            Fullness::Minimal | Fullness::Direct => None,
        };
        let body = organization("so");
        let body = services.map_or_else(
            || format!("OBJ('organization', {body})"),
            |fullness| format!("OBJ('organization', {body}, 'services', {})", services_of(fullness)),
        );
        let source = Source { key: "so.id", tables: "organization so".into(), conditions: all.join(" AND "), body };
        self.listed(list_of(sql, &source, cut), "organization").await
    }

    /// Services at locations. `among` limits them to these keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn hsds_places(
        &self,
        wanted: &Wanted,
        among: Option<&[Uuid]>,
        fullness: Fullness,
        cut: Cut,
    ) -> Result<Listed<PlaceRow>, Fault> {
        self.listed(places_list(wanted, among, fullness, cut), "service_at_location").await
    }

    /// The keys and points of the services at locations in the box around a circle; all those with a point when there is
    /// none. Confidential places have no point.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn hsds_points(&self, wanted: &Wanted, near: Option<&Near>) -> Result<Vec<(Uuid, f64, f64)>, Fault> {
        let mut sql = Sql::default();
        let mut all = of_place(&mut sql, wanted);
        let whole = "lo.kind = 'PHYSICAL' AND lo.latitude IS NOT NULL AND lo.longitude IS NOT NULL".to_owned();
        all.push(near.map_or(whole, |near| around(&mut sql, near)));
        sql.text = format!(
            "SELECT sl.id AS id, lo.latitude AS latitude, lo.longitude AS longitude FROM service_at_location sl \
             JOIN service s ON s.id = sl.service_id JOIN location lo ON lo.id = sl.location_id{SERVICE_JOINS} \
             WHERE {} ORDER BY sl.id",
            all.join(" AND ")
        );
        let point = |row: &QueryResult| {
            let read = || {
                Some((
                    row.try_get("", "id").ok()?,
                    row.try_get("", "latitude").ok()?,
                    row.try_get("", "longitude").ok()?,
                ))
            };
            read().ok_or_else(|| Fault::Store("a point does not read".into()))
        };
        self.rows(&sql.text, sql.values).await?.iter().map(point).collect()
    }

    async fn listed<T: DeserializeOwned>(&self, sql: Sql, table: &'static str) -> Result<Listed<T>, Fault> {
        let rows = self.rows(&sql.text, sql.values).await?;
        read(&rows, table)
    }
}

/// The statement of a list of services.
#[must_use]
pub fn services_list(wanted: &Wanted, fullness: Fullness, cut: Cut) -> Sql {
    let mut sql = Sql::default();
    let mut all = of_service(&mut sql, wanted);
    if let Some(id) = wanted.filter.id {
        all.push(format!("s.id = {}", sql.bind(id)));
    }
    let source = Source {
        key: "s.id",
        tables: format!("service s{SERVICE_JOINS}"),
        conditions: all.join(" AND "),
        body: service(&service_parts(fullness)),
    };
    list_of(sql, &source, cut)
}

/// The statement of a list of services at locations; `among` limits them to these keys.
#[must_use]
pub fn places_list(wanted: &Wanted, among: Option<&[Uuid]>, fullness: Fullness, cut: Cut) -> Sql {
    let mut sql = Sql::default();
    let mut all = of_place(&mut sql, wanted);
    if let Some(keys) = among {
        all.push(format!("sl.id IN ({})", sql.bind_all(keys.iter().copied())));
    }
    let source = Source {
        key: "sl.id",
        tables: format!(
            "service_at_location sl JOIN service s ON s.id = sl.service_id \
             JOIN location lo ON lo.id = sl.location_id LEFT JOIN area la ON la.id = lo.area_id{SERVICE_JOINS}"
        ),
        conditions: all.join(" AND "),
        body: format!("OBJ('place', {}, 'service', {})", place_body(fullness), service(&place_service_parts(fullness))),
    };
    list_of(sql, &source, cut)
}

fn list_of(mut sql: Sql, source: &Source, cut: Cut) -> Sql {
    let Source { key, tables, conditions, body: object } = source;
    let found = format!("FROM {tables} WHERE {conditions}");
    // A page beyond the last still has to tell the count: so the count stands on the left.
    let (count, end) = match cut {
        Cut::Page { skip, size } => {
            (format!("SELECT count(*) AS total {found}"), format!(" ORDER BY {key} LIMIT {size} OFFSET {skip}"))
        }
        Cut::After { key: last, size } => {
            let after = last.map(|last| format!(" AND {key} > {}", sql.bind(last))).unwrap_or_default();
            ("SELECT CAST(0 AS BIGINT) AS total".to_owned(), format!("{after} ORDER BY {key} LIMIT {size}"))
        }
    };
    sql.text = format!(
        "SELECT tt.total AS total, pg.id AS id, pg.body AS body FROM ({count}) tt LEFT JOIN \
         (SELECT {key} AS id, CAST({object} AS TEXT) AS body FROM {tables} \
          WHERE {key} IN (SELECT {key} {found}{end})) pg ON 1 = 1 ORDER BY pg.id"
    );
    sql
}

fn read<T: DeserializeOwned>(rows: &[QueryResult], table: &'static str) -> Result<Listed<T>, Fault> {
    let unreadable = |_| Fault::Store("a page's row does not read".into());
    let total: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "total")).map_err(unreadable)?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let id: Option<Uuid> = row.try_get("", "id").map_err(unreadable)?;
        if let Some(id) = id {
            found.push((id, body(row, table)?));
        }
    }
    Ok(Listed { rows: found, total: u64::try_from(total).unwrap_or_default() })
}

/// What is read of a service. Its contacts, its counts of places and why it is paused are never among it.
fn service_parts(fullness: Fullness) -> Parts {
    const DIRECT: [&str; 20] = [
        "category",
        "takes_referrals",
        "funding_ends",
        "max_age_days",
        "id",
        "name",
        "description",
        "translations",
        "language",
        "status",
        "application_process",
        "cost",
        "eligibility",
        "assured_on",
        "updated_at",
        "alternate_name",
        "url",
        "alert",
        "accreditations",
        "interpretation",
    ];
    const ORGANIZATION: [&str; 10] = [
        "id",
        "name",
        "names",
        "description",
        "country",
        "kinds",
        "website",
        "alternate_name",
        "works_unseen",
        "updated_at",
    ];
    const FULL: [&str; 7] =
        ["languages", "required_documents", "program", "areas", "schedules", "cost_options", "funding"];
    const PLACE: [&str; 3] = ["id", "location", "schedules"];
    if fullness == Fullness::Minimal {
        return Parts::at(&[&["id"], &["updated_at"], &["organization", "updated_at"]]);
    }
    let mut parts = Parts::none();
    for field in DIRECT {
        parts.add(&[field], Parts::All);
    }
    for field in ORGANIZATION {
        parts.add(&["organization", field], Parts::All);
    }
    if matches!(fullness, Fullness::Full | Fullness::FullService) {
        for field in FULL {
            parts.add(&[field], Parts::All);
        }
        for field in PLACE {
            parts.add(&["places", field], Parts::All);
        }
    }
    parts
}

/// What is read of the service of a place: its other places are not.
fn place_service_parts(fullness: Fullness) -> Parts {
    match service_parts(fullness) {
        Parts::Only(mut fields) => {
            fields.remove("places");
            Parts::Only(fields)
        }
        other => other,
    }
}

/// The public services of `organization so`, without it.
fn services_of(fullness: Fullness) -> String {
    let parts = match service_parts(fullness) {
        Parts::Only(mut fields) => {
            fields.remove("organization");
            Parts::Only(fields)
        }
        other => other,
    };
    format!(
        "LIST({} BY s.id FROM service s LEFT JOIN category sc ON sc.code = s.category_code \
         WHERE s.organization_id = so.id AND {PUBLIC})",
        service(&parts)
    )
}

fn place_body(fullness: Fullness) -> String {
    const LOCATION: [&str; 9] =
        ["id", "kind", "name", "address", "area", "latitude", "longitude", "transportation", "accessibility"];
    let mut parts = Parts::at(&[&["id"]]);
    for field in LOCATION {
        parts.add(&["location", field], Parts::All);
    }
    if matches!(fullness, Fullness::Full | Fullness::FullService) {
        parts.add(&["location", "schedules"], Parts::All);
        parts.add(&["schedules"], Parts::All);
    }
    place(&parts)
}

fn of_place(sql: &mut Sql, wanted: &Wanted) -> Vec<String> {
    let mut all = of_service(sql, wanted);
    let filter = &wanted.filter;
    if let Some(id) = filter.id {
        all.push(format!("sl.id = {}", sql.bind(id)));
    }
    if let Some(postcode) = &filter.postcode {
        all.push(at_postcode(sql, postcode));
    }
    all
}

/// The condition that a postcode stands in an address as a word of its own. What is confidential has no address.
fn at_postcode(sql: &mut Sql, postcode: &str) -> String {
    let word = sql.bind(crate::store::statement::containing(&format!(" {postcode} ")));
    format!("lo.kind = 'PHYSICAL' AND lower(' ' || replace(lo.address, ',', ' ') || ' ') LIKE {word} ESCAPE '\\'")
}
