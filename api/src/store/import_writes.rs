//! What an import writes. Many rows of a kind are written with one statement, so that a directory of thousands of
//! services is taken in minutes.

use crate::domain::code::Code;
use crate::domain::folding::fold;
use crate::domain::global_id::Kind;
use crate::domain::id::{LocationId, OrganizationId, ServiceAtLocationId, ServiceId};
use crate::domain::imported::{ImportedLocation, ImportedOrganization, ImportedService};
use crate::domain::rule::Fault;
use crate::domain::service::ServiceStatus;
use crate::store::door::Tx;
use crate::store::statement::{Sql, json, keys};
use sea_orm::Value;
use std::collections::HashSet;
use uuid::Uuid;

/// The columns of a service that an import sets, new or changed.
pub(super) fn columns(service: &ImportedService) -> Result<Vec<(&'static str, Value)>, Fault> {
    let category = service.category.as_ref();
    let search_text = fold(&format!("{} {}", service.name, service.description));
    Ok(vec![
        ("category_code", category.map(|(code, _, _)| code.clone()).into()),
        ("dimension", category.map(|(_, dimension, _)| dimension.code().to_owned()).into()),
        ("level", category.map(|(_, _, level)| level.code().to_owned()).into()),
        ("status", service.status.code().into()),
        ("visibility", service.visibility.code().into()),
        ("language", service.language.clone().into()),
        ("name", service.name.clone().into()),
        ("description", service.description.clone().into()),
        ("application_process", service.application_process.clone().into()),
        ("eligibility", json(&service.eligibility)?.into()),
        ("languages", json(&service.languages)?.into()),
        ("required_documents", json(&service.required_documents)?.into()),
        ("cost", json(&service.cost)?.into()),
        ("contacts", json(&service.contacts)?.into()),
        ("takes_referrals", service.takes_referrals.into()),
        ("search_text", search_text.into()),
        ("sort_name", fold(&service.name).into()),
        ("alternate_name", service.listing.alternate_name.clone().into()),
        ("url", service.listing.url.clone().into()),
        ("alert", service.listing.alert.clone().into()),
        ("accreditations", service.listing.accreditations.clone().into()),
        ("interpretation", service.listing.interpretation.clone().into()),
        ("cost_options", json(&service.listing.cost_options)?.into()),
        ("funding", json(&service.listing.funding)?.into()),
    ])
}

impl Tx {
    /// Changes an organization, unless somebody else has changed it since; tells whether it did.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn change_imported_organization(
        &self,
        wanted: &ImportedOrganization,
        version: i32,
        now: i64,
    ) -> Result<bool, Fault> {
        let text = "UPDATE organization SET name = $1, description = $2, country = $3, website = $4, email = $5, \
                    updated_at = $6, alternate_name = $7, identifiers = $8, kinds = coalesce($11, kinds), \
                    version = version + 1 WHERE id = $9 AND version = $10";
        let kinds = if wanted.kinds.is_empty() { None } else { Some(json(&wanted.kinds)?) };
        let values = vec![
            wanted.name.clone().into(),
            wanted.description.clone().into(),
            wanted.country.clone().into(),
            wanted.website.clone().into(),
            wanted.email.clone().into(),
            wanted.changed_at.unwrap_or(now).into(),
            wanted.alternate_name.clone().into(),
            json(&wanted.identifiers)?.into(),
            Uuid::from(wanted.id).into(),
            version.into(),
            kinds.into(),
        ];
        let done = self.run(text, values).await? == 1;
        if done {
            self.search_due_of(wanted.id).await?;
        }
        Ok(done)
    }

    /// Adds services that nobody has confirmed, without their places, lists and capacities.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_imported_services(
        &self,
        organization: OrganizationId,
        source: &str,
        services: &[&ImportedService],
        now: i64,
    ) -> Result<(), Fault> {
        let (mut names, mut rows) = (Vec::new(), Vec::new());
        for service in services {
            let mut set = columns(service)?;
            set.extend([
                ("id", Uuid::from(service.id).into()),
                ("organization_id", Uuid::from(organization).into()),
                ("source", source.into()),
                ("published_at", now.into()),
                ("created_at", now.into()),
                ("updated_at", service.changed_at.unwrap_or(now).into()),
            ]);
            let row: (Vec<_>, Vec<_>) = set.into_iter().unzip();
            names = row.0;
            rows.push(row.1);
        }
        self.add_all(&format!("service ({})", names.join(", ")), rows, "").await
    }

    /// Changes a service as its source changed it and raises its version. The service is locked and was found untouched.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn change_imported_service(&self, service: &ImportedService, now: i64) -> Result<(), Fault> {
        let mut sql = Sql::default();
        let mut set = columns(service)?;
        set.push(("updated_at", service.changed_at.unwrap_or(now).into()));
        if service.status != ServiceStatus::Paused {
            set.push(("pause_reason", None::<String>.into()));
        }
        let set: Vec<String> = set.into_iter().map(|(name, value)| format!("{name} = {}", sql.bind(value))).collect();
        let key = sql.bind(Uuid::from(service.id));
        sql.text = format!("UPDATE service SET {}, version = version + 1 WHERE id = {key}", set.join(", "));
        self.run(&sql.text, sql.values).await.map(drop)
    }

    /// Puts the languages and areas of these services in the place of what stood there, if they are not new, and derives
    /// where they reach. Their places have to be written before. By what they are found is due to be derived.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_imported_lists(&self, services: &[&ImportedService], are_new: bool) -> Result<(), Fault> {
        let mut sql = Sql::default();
        let ids = sql.bind_all(services.iter().map(|service| Uuid::from(service.id)));
        let stale: &[&str] = if are_new { &[] } else { &["service_language", "service_area", "service_reach"] };
        for table in stale {
            self.run(&format!("DELETE FROM {table} WHERE service_id IN ({ids})"), sql.values.clone()).await?;
        }
        let (mut languages, mut areas) = (Vec::new(), Vec::new());
        for service in services {
            let key = Uuid::from(service.id);
            languages.extend(service.languages.iter().map(|tag| vec![key.into(), tag.clone().into()]));
            areas.extend(service.areas.iter().map(|area| vec![key.into(), Uuid::from(*area).into()]));
        }
        self.add_all("service_language (service_id, language)", languages, "").await?;
        self.add_all("service_area (service_id, area_id)", areas, "").await?;
        let text = format!(
            "INSERT INTO service_reach (area_id, service_id) SELECT DISTINCT up.ancestor_id, x.service_id FROM \
             (SELECT sl.service_id AS service_id, lo.area_id AS area_id FROM service_at_location sl \
                JOIN location lo ON lo.id = sl.location_id WHERE sl.service_id IN ({ids}) AND lo.area_id IS NOT NULL \
              UNION SELECT sa.service_id, sa.area_id FROM service_area sa WHERE sa.service_id IN ({ids})) x \
             JOIN area_closure up ON up.descendant_id = x.area_id"
        );
        self.run(&text, sql.values.clone()).await?;
        let due = "INSERT INTO search_due (service_id) SELECT s.id FROM service s";
        let end = "ON CONFLICT (service_id) DO NOTHING";
        self.run(&format!("{due} WHERE s.id IN ({ids}) {end}"), sql.values).await.map(drop)
    }

    /// Adds locations, or changes those that stand.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_imported_locations(
        &self,
        organization: OrganizationId,
        locations: &[&ImportedLocation],
        are_new: bool,
        now: i64,
    ) -> Result<(), Fault> {
        let row = |location: &&ImportedLocation| {
            vec![
                location.kind.code().into(),
                location.name.clone().into(),
                location.address.clone().into(),
                location.area.map(Uuid::from).into(),
                location.latitude.into(),
                location.longitude.into(),
                location.transportation.clone().into(),
                json(&location.accessibility).unwrap_or_default().into(),
                Uuid::from(location.id).into(),
                Uuid::from(organization).into(),
            ]
        };
        if are_new {
            let with_time = |location| {
                let mut row: Vec<Value> = row(location);
                row.push(now.into());
                row
            };
            let into = "location (kind, name, address, area_id, latitude, longitude, transportation, accessibility, id, \
                        organization_id, created_at)";
            self.add_all(into, locations.iter().map(with_time).collect(), "").await?;
            return self.put_location_schedules(locations, true).await;
        }
        for location in locations {
            self.run(
                "UPDATE location SET kind = $1, name = $2, address = $3, area_id = $4, latitude = $5, longitude = $6, \
                 transportation = $7, accessibility = $8 WHERE id = $9 AND organization_id = $10 AND kind <> 'CONFIDENTIAL'",
                row(location),
            )
            .await?;
        }
        self.put_location_schedules(locations, false).await
    }

    /// Adds services at locations.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_places(
        &self,
        places: &[(ServiceAtLocationId, ServiceId, LocationId)],
        now: i64,
    ) -> Result<(), Fault> {
        let row = |(id, service, location): &(ServiceAtLocationId, ServiceId, LocationId)| {
            vec![Uuid::from(*id).into(), Uuid::from(*service).into(), Uuid::from(*location).into(), now.into()]
        };
        let into = "service_at_location (id, service_id, location_id, created_at)";
        self.add_all(into, places.iter().map(row).collect(), "").await
    }

    /// Removes services from locations, but for those that referrals or capacities refer to: these are given back.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn drop_places(&self, places: &[ServiceAtLocationId]) -> Result<HashSet<ServiceAtLocationId>, Fault> {
        if places.is_empty() {
            return Ok(HashSet::new());
        }
        let mut sql = Sql::default();
        let ids = sql.bind_all(places.iter().map(|place| Uuid::from(*place)));
        let free = format!(
            "DELETE FROM service_at_location WHERE id IN ({ids}) AND NOT EXISTS (SELECT 1 FROM referral r \
             WHERE r.service_id = service_at_location.service_id AND r.service_at_location_id = service_at_location.id) AND NOT EXISTS (SELECT 1 FROM capacity cp \
             WHERE cp.service_at_location_id = service_at_location.id)"
        );
        self.run(&free, sql.values.clone()).await?;
        let left = format!("SELECT id FROM service_at_location WHERE id IN ({ids})");
        keys(&self.rows(&left, sql.values).await?)
    }

    /// Writes down in the audit that an operator's import wrote these things, and tells readers of the outbox of the
    /// services. No event is written: an event names who acted for which organization, and nobody did.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn note_import(
        &self,
        organization: OrganizationId,
        services: &[(ServiceId, i32)],
        now: i64,
    ) -> Result<(), Fault> {
        self.note_operator("importHsds", organization, services, now).await
    }

    /// The same of something else that an operator, or the clock, did with services.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn note_operator(
        &self,
        operation: &'static str,
        organization: OrganizationId,
        services: &[(ServiceId, i32)],
        now: i64,
    ) -> Result<(), Fault> {
        let own = Uuid::from(organization);
        let subjects = services.iter().map(|(id, _)| (Kind::Service, Uuid::from(*id)));
        let audited = std::iter::once((Kind::Organization, own)).chain(subjects).map(|(kind, key)| {
            vec![
                Uuid::now_v7().into(),
                now.into(),
                own.into(),
                "OPERATOR".into(),
                operation.into(),
                "ALLOW".into(),
                "OK".into(),
                kind.code().into(),
                key.into(),
                "".into(),
            ]
        });
        let into = "audit (id, at, organization_id, principal_kind, operation, decision, outcome, subject_kind, \
                    subject_id, request_id)";
        self.add_all(into, audited.collect(), "").await?;
        let told = services.iter().map(|(id, version)| {
            vec![
                Uuid::now_v7().into(),
                operation.into(),
                Kind::Service.code().into(),
                Uuid::from(*id).into(),
                own.into(),
                (*version).into(),
                now.into(),
            ]
        });
        let into = "outbox (id, kind, subject_kind, subject_id, organization_id, version, at)";
        self.add_all(into, told.collect(), "").await
    }
}
