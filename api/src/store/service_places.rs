//! Where services are given, as it is written.

use crate::domain::code::Code;
use crate::domain::id::{AreaId, LocationId, OrganizationId, ServiceId};
use crate::domain::policy::Extent;
use crate::domain::rule::Fault;
use crate::domain::service::LocationKind;
use crate::domain::service_entry::PlaceEntry;
use crate::store::door::{Rows, Tx};
use crate::store::statement::{Sql, json, keys};
use passerelle_entity::location;
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

impl Tx {
    /// Which of these locations are the organization's.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn own_locations(
        &self,
        organization: OrganizationId,
        ids: &[LocationId],
    ) -> Result<HashSet<LocationId>, Fault> {
        let mut sql = Sql::default();
        let own = sql.bind(Uuid::from(organization));
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        let text = format!("SELECT id FROM location WHERE organization_id = {own} AND id IN ({names})");
        keys(&self.rows(&text, sql.values).await?)
    }

    /// Which of these locations also serve services of programs that a power does not reach.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn locations_beyond(&self, reach: &Extent, ids: &[LocationId]) -> Result<HashSet<LocationId>, Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        let within = sql.within(reach, "s.program_id");
        let text = format!(
            "SELECT DISTINCT sl.location_id AS id FROM service_at_location sl JOIN service s ON s.id = sl.service_id \
             WHERE sl.location_id IN ({names}) AND (s.program_id IS NULL OR NOT ({within}))"
        );
        keys(&self.rows(&text, sql.values).await?)
    }

    /// Puts these places in the place of those at which a service is given; tells whether it could. It can't where a
    /// place that is left out is one that referrals or capacities refer to: nothing is changed then.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_places(
        &self,
        organization: OrganizationId,
        service: ServiceId,
        places: &[PlaceEntry],
        now: i64,
    ) -> Result<bool, Fault> {
        let kept: Vec<LocationId> = places.iter().filter_map(|place| place.location).collect();
        if !self.drop_other_places(service, &kept).await? {
            return Ok(false);
        }
        for place in places {
            let location = match place.location {
                Some(location) => {
                    self.change_location(organization, location, place).await?;
                    if place.kind == LocationKind::Confidential {
                        self.forget_where_and_when(location).await?;
                    }
                    location
                }
                None => self.add_location(organization, place, now).await?,
            };
            self.run(
                "INSERT INTO service_at_location (id, service_id, location_id, created_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (service_id, location_id) DO NOTHING",
                vec![Uuid::now_v7().into(), Uuid::from(service).into(), Uuid::from(location).into(), now.into()],
            )
            .await?;
            if let Some(schedules) = &place.schedules {
                self.put_schedules_at(service, location, schedules).await?;
            }
        }
        self.refresh_reach_at(service, &kept).await?;
        Ok(true)
    }

    /// Removes a service from all locations but these, unless something refers to it there.
    async fn drop_other_places(&self, service: ServiceId, kept: &[LocationId]) -> Result<bool, Fault> {
        let mut sql = Sql::default();
        let key = sql.bind(Uuid::from(service));
        let mut others = format!("service_id = {key}");
        if !kept.is_empty() {
            let names = sql.bind_all(kept.iter().map(|id| Uuid::from(*id)));
            others += &format!(" AND location_id NOT IN ({names})");
        }
        let referred = format!(
            "SELECT sl.id AS id FROM (SELECT id FROM service_at_location WHERE {others}) sl WHERE \
             EXISTS (SELECT 1 FROM referral r WHERE r.service_id = {key} AND r.service_at_location_id = sl.id) OR \
             EXISTS (SELECT 1 FROM capacity cp WHERE cp.service_id = {key} AND cp.service_at_location_id = sl.id)"
        );
        if !self.rows(&referred, sql.values.clone()).await?.is_empty() {
            return Ok(false);
        }
        self.run(&format!("DELETE FROM service_at_location WHERE {others}"), sql.values).await?;
        Ok(true)
    }

    async fn add_location(
        &self,
        organization: OrganizationId,
        place: &PlaceEntry,
        now: i64,
    ) -> Result<LocationId, Fault> {
        let id = Uuid::now_v7();
        self.add(location::Model {
            id,
            organization_id: organization.into(),
            kind: place.kind.code().into(),
            name: place.name.clone(),
            address: place.address.clone(),
            area_id: place.area.map(Uuid::from),
            latitude: place.latitude,
            longitude: place.longitude,
            transportation: place.transportation.clone().unwrap_or_default(),
            accessibility: place.accessibility.as_ref().map(json).transpose()?,
            created_at: now,
        })
        .await?;
        Ok(id.into())
    }

    async fn change_location(
        &self,
        organization: OrganizationId,
        id: LocationId,
        place: &PlaceEntry,
    ) -> Result<(), Fault> {
        self.run(
            "UPDATE location SET kind = $1, name = $2, address = $3, area_id = $4, latitude = $5, longitude = $6, \
             transportation = CASE WHEN $1 = 'CONFIDENTIAL' THEN '' ELSE coalesce($9, transportation) END, \
             accessibility = CASE WHEN $1 = 'CONFIDENTIAL' THEN '[]' ELSE coalesce($10, accessibility) END WHERE id = $7 AND organization_id = $8",
            vec![
                place.kind.code().into(),
                place.name.clone().into(),
                place.address.clone().into(),
                place.area.map(Uuid::from).into(),
                place.latitude.into(),
                place.longitude.into(),
                Uuid::from(id).into(),
                Uuid::from(organization).into(),
                place.transportation.clone().into(),
                place.accessibility.as_ref().map(json).transpose()?.into(),
            ],
        )
        .await
        .map(drop)
    }

    /// Derives anew where this service and all others at these locations reach: a location may have moved.
    async fn refresh_reach_at(&self, service: ServiceId, locations: &[LocationId]) -> Result<(), Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(locations.iter().map(|id| Uuid::from(*id)));
        let text = format!("SELECT DISTINCT service_id AS id FROM service_at_location WHERE location_id IN ({names})");
        let mut services: BTreeSet<ServiceId> = keys(&self.rows(&text, sql.values).await?)?;
        services.insert(service);
        // In the order of their keys, so that two writers do not wait for each other.
        for service in services {
            self.refresh_reach(service).await?;
        }
        Ok(())
    }
}

/// Whether a service serves where somebody is: in the area, in one below it or in one around it, by what it states of
/// where it serves and of where it is given. A service that states no area to serve serves anywhere, and of whom
/// nothing is known is served.
///
/// # Errors
/// What the engine refuses.
pub async fn serves(store: &impl Rows, service: ServiceId, area: Option<AreaId>) -> Result<bool, Fault> {
    let Some(area) = area else { return Ok(true) };
    let text = "SELECT sa.service_id AS id FROM service_area sa WHERE sa.service_id = $1 \
         AND NOT EXISTS (SELECT 1 FROM service_reach sr WHERE sr.service_id = $1 AND sr.area_id = $2) \
         AND NOT EXISTS (SELECT 1 FROM service_area x JOIN area_closure up ON up.ancestor_id = x.area_id \
           WHERE x.service_id = $1 AND up.descendant_id = $2) \
         AND NOT EXISTS (SELECT 1 FROM service_at_location sl JOIN location lo ON lo.id = sl.location_id \
           JOIN area_closure up ON up.ancestor_id = lo.area_id WHERE sl.service_id = $1 AND up.descendant_id = $2) \
         LIMIT 1";
    let values = vec![Uuid::from(service).into(), Uuid::from(area).into()];
    Ok(store.rows(text, values).await?.is_empty())
}
