//! Writing one organization as it was planned, in one transaction.

use crate::app::App;
use crate::domain::id::{LocationId, OrganizationId, ServiceAtLocationId, ServiceId};
use crate::domain::imported::{ImportedLocation, ImportedService, Remembered};
use crate::domain::organization::{OrganizationKind, Translations};
use crate::domain::rule::Fault;
use crate::domain::service_entry::Places;
use crate::hsds::Reason;
use crate::store::door::Tx;
use crate::store::imports::{Memo, Memory, Standing, StandingPlace};
use crate::store::organizations::NewOrganization;
use crate::usecase::import::Options;
use crate::usecase::import::conflicts::Contested;
use crate::usecase::import::differences::{Work, differences};
use crate::usecase::import::ended::Ended;
use crate::usecase::import::plan::{LOCATION, ORGANIZATION, PLACE, Plan, Planned, SERVICE, WHOLE};
use crate::usecase::import::report::{About, Count, Notes};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The services that were imported from a source, with their ids there.
pub(super) type Imported = HashMap<ServiceId, (String, Remembered)>;

/// Writes one organization, or goes through it and rolls it back in a dry run.
///
/// # Errors
/// What the engine refuses; then nothing of the organization was changed.
pub(super) async fn apply(
    app: &App,
    options: &Options,
    (memory, imported, lists_all): (&Memory, &Imported, bool),
    (plan, contested): (&Plan, &Contested),
    notes: &mut Notes<'_>,
) -> Result<Ended, Fault> {
    let mut writer = Writer {
        tx: app.store.begin().await?,
        source: &options.source,
        now: app.now(),
        memory,
        imported,
        lists_all,
        plan,
        contested,
        notes,
        memos: Vec::new(),
        moved: HashSet::new(),
        is_complete: contested.held.is_empty(),
        ended: Ended::default(),
    };
    let is_new = writer.known(ORGANIZATION, &plan.organization.source_id).is_none();
    let stand = writer.stand(is_new).await?;
    let mut sorted = writer.sort(&stand);
    if options.dry_run {
        writer.ended.differences = differences(&writer.tx, plan, &sorted.work(is_new)).await?;
    }
    writer.organization().await?;
    writer.locations(&stand, &sorted).await?;
    writer.services(&sorted).await?;
    writer.places(&stand, &mut sorted).await?;
    writer.rest(&sorted).await?;
    if !options.dry_run {
        writer.tx.commit().await?;
    }
    Ok(writer.ended)
}

/// How things stand.
struct Stand {
    services: HashMap<ServiceId, Standing>,
    places: Vec<StandingPlace>,
}

/// The services by what is to be done with them.
#[derive(Default)]
struct Sorted<'a> {
    new: Vec<&'a Planned<ImportedService>>,
    changed: Vec<&'a Planned<ImportedService>>,
    unchanged: Vec<&'a Planned<ImportedService>>,
    left: Vec<&'a Planned<ImportedService>>,
    held: Vec<&'a Planned<ImportedService>>,
    gone: Vec<(ServiceId, &'a str)>,
}

impl<'a> Sorted<'a> {
    /// The same, to be told.
    fn work(&self, is_new: bool) -> Work<'a> {
        let Self { new, changed, left, gone, .. } = self;
        Work { is_new, new: new.clone(), changed: changed.clone(), left: left.clone(), gone: gone.clone() }
    }

    /// The services that are written.
    fn written(&self) -> Vec<&'a ImportedService> {
        self.new.iter().chain(&self.changed).map(|service| &service.wanted).collect()
    }
}

struct Writer<'a, 'n, 't> {
    tx: Tx,
    source: &'a str,
    now: i64,
    memory: &'a Memory,
    imported: &'a Imported,
    /// Whether every row was read that tells what the source lists.
    lists_all: bool,
    plan: &'a Plan,
    contested: &'a Contested,
    notes: &'n mut Notes<'t>,
    memos: Vec<Memo>,
    moved: HashSet<LocationId>,
    /// Whether the next import of the same file has nothing to do and nothing to tell.
    is_complete: bool,
    ended: Ended,
}

impl<'a> Writer<'a, '_, '_> {
    fn known(&self, entity: &str, source_id: &str) -> Option<&'a Remembered> {
        self.memory.get(&(entity.to_owned(), source_id.to_owned()))
    }

    fn memo(&mut self, entity: &'static str, source_id: &str, row: Uuid, fingerprint: &str, version: i32) {
        let remembered = Remembered { row, fingerprint: fingerprint.to_owned(), version };
        self.memos.push(Memo { entity, source_id: source_id.to_owned(), remembered });
    }

    fn leave(&mut self, about: About<'_>, reason: Reason) {
        self.is_complete = false;
        self.notes.refused(about, reason, None);
    }

    fn id(&self) -> OrganizationId {
        self.plan.organization.wanted.id
    }

    async fn organization(&mut self) -> Result<(), Fault> {
        let Planned { source_id, fingerprint, wanted } = &self.plan.organization;
        let row = Uuid::from(wanted.id);
        let Some(known) = self.known(ORGANIZATION, source_id) else {
            let new = NewOrganization {
                id: wanted.id,
                name: &wanted.name,
                names: &Translations::new(),
                description: &wanted.description,
                country: &wanted.country,
                kinds: if wanted.kinds.is_empty() { &[OrganizationKind::ServiceProvider] } else { &wanted.kinds },
                website: wanted.website.as_deref(),
                email: wanted.email.as_deref(),
                alternate_name: &wanted.alternate_name,
                identifiers: &wanted.identifiers,
            };
            self.tx.add_organization(&new, wanted.changed_at.unwrap_or(self.now)).await?;
            self.memo(ORGANIZATION, source_id, row, fingerprint, 1);
            self.ended.organizations.new += 1;
            return Ok(());
        };
        if known.fingerprint == *fingerprint {
            self.ended.organizations.unchanged += 1;
        } else if self.tx.change_imported_organization(wanted, known.version, self.now).await? {
            self.memo(ORGANIZATION, source_id, row, fingerprint, known.version + 1);
            self.ended.organizations.changed += 1;
        } else {
            self.leave(About { entity: ORGANIZATION, id: source_id }, Reason::ChangedByMember);
            self.ended.organizations.refused += 1;
        }
        Ok(())
    }

    async fn stand(&mut self, is_new: bool) -> Result<Stand, Fault> {
        if is_new {
            return Ok(Stand { services: HashMap::new(), places: Vec::new() });
        }
        let services = self.tx.lock_services_of(self.id()).await?;
        Ok(Stand { services, places: self.tx.places_of(self.id()).await? })
    }

    /// Whether somebody else has changed or confirmed a service since it was imported.
    fn is_touched(known: &Remembered, standing: &Standing) -> bool {
        standing.is_assured || standing.version != known.version
    }

    fn sort(&mut self, stand: &Stand) -> Sorted<'a> {
        let mut sorted = Sorted::default();
        for service in &self.plan.services {
            let about = About { entity: SERVICE, id: &service.source_id };
            if self.contested.held.contains(&service.source_id) {
                sorted.held.push(service);
                continue;
            }
            let known = self.known(SERVICE, &service.source_id);
            match known.map(|known| (known, stand.services.get(&service.wanted.id))) {
                None => sorted.new.push(service),
                Some((known, Some(_))) if known.fingerprint == service.fingerprint => sorted.unchanged.push(service),
                Some((known, Some(standing))) if !Self::is_touched(known, standing) => sorted.changed.push(service),
                Some((_, found)) => {
                    let reason = if found.is_some() { Reason::ChangedByMember } else { Reason::OfAnother };
                    self.leave(about, reason);
                    sorted.left.push(service);
                }
            }
        }
        sorted.gone = self.tell_unlisted(stand);
        self.ended.services = Count {
            new: sorted.new.len(),
            changed: sorted.changed.len(),
            unchanged: sorted.unchanged.len(),
            refused: sorted.left.len() + sorted.held.len(),
        };
        sorted
    }

    /// Tells of services of this organization that were imported before and are not in the file.
    fn tell_unlisted(&mut self, stand: &Stand) -> Vec<(ServiceId, &'a str)> {
        if stand.services.is_empty() {
            return Vec::new();
        }
        let listed: HashSet<&str> = self.plan.services.iter().map(|service| service.source_id.as_str()).collect();
        let imported = self.imported;
        let known = stand.services.keys().filter_map(|key| imported.get(key).map(|(id, _)| (*key, id.as_str())));
        let mut unlisted: Vec<(ServiceId, &str)> = known.filter(|(_, id)| !listed.contains(id)).collect();
        if !self.lists_all && !unlisted.is_empty() {
            // They may stand in what could not be read.
            self.is_complete = false;
            return Vec::new();
        }
        unlisted.sort_unstable_by_key(|(_, id)| *id);
        for (_, id) in &unlisted {
            self.leave(About { entity: SERVICE, id }, Reason::NoLongerListed);
        }
        unlisted
    }

    async fn locations(&mut self, stand: &Stand, sorted: &Sorted<'_>) -> Result<(), Fault> {
        let services = sorted.new.iter().chain(&sorted.changed).chain(&sorted.unchanged);
        let used: HashSet<LocationId> =
            services.flat_map(|service| service.wanted.places.iter().map(|place| place.location)).collect();
        let touched = self.touched_locations(stand);
        let (mut new, mut changed): (Vec<&ImportedLocation>, Vec<&ImportedLocation>) = (Vec::new(), Vec::new());
        for location in self.plan.locations.iter().filter(|location| used.contains(&location.wanted.id)) {
            let Planned { source_id, fingerprint, wanted } = location;
            match self.known(LOCATION, source_id) {
                Some(known) if known.fingerprint == *fingerprint => continue,
                Some(_) if touched.contains(&wanted.id) => {
                    self.leave(About { entity: LOCATION, id: source_id }, Reason::ChangedByMember);
                    continue;
                }
                Some(_) => changed.push(wanted),
                None => new.push(wanted),
            }
            self.memo(LOCATION, source_id, wanted.id.into(), fingerprint, 0);
        }
        self.moved = changed.iter().map(|location| location.id).collect();
        self.tx.put_imported_locations(self.id(), &new, true, self.now).await?;
        self.tx.put_imported_locations(self.id(), &changed, false, self.now).await
    }

    /// Where services are given that a member has taken in hand, or that were never imported. A member may have changed
    /// such a place.
    fn touched_locations(&self, stand: &Stand) -> HashSet<LocationId> {
        let is_touched = |place: &&StandingPlace| {
            let (known, standing) = (self.imported.get(&place.service), stand.services.get(&place.service));
            known.zip(standing).is_none_or(|((_, known), standing)| Self::is_touched(known, standing))
        };
        stand.places.iter().filter(is_touched).map(|place| place.location).collect()
    }

    async fn services(&mut self, sorted: &Sorted<'_>) -> Result<(), Fault> {
        let new: Vec<&ImportedService> = sorted.new.iter().map(|service| &service.wanted).collect();
        self.tx.add_imported_services(self.id(), self.source, &new, self.now).await?;
        for service in &sorted.changed {
            self.tx.change_imported_service(&service.wanted, self.now).await?;
        }
        for service in sorted.new.iter().chain(&sorted.changed) {
            let version = self.version_of(service);
            self.memo(SERVICE, &service.source_id, service.wanted.id.into(), &service.fingerprint, version);
        }
        Ok(())
    }

    /// The version of a service once it is written.
    fn version_of(&self, service: &Planned<ImportedService>) -> i32 {
        self.known(SERVICE, &service.source_id).map_or(1, |known| known.version + 1)
    }

    async fn places(&mut self, stand: &Stand, sorted: &mut Sorted<'_>) -> Result<(), Fault> {
        let there: HashSet<(ServiceId, LocationId)> =
            stand.places.iter().map(|place| (place.service, place.location)).collect();
        let mut new = Vec::new();
        for service in sorted.written() {
            for place in &service.places {
                if there.contains(&(service.id, place.location)) {
                    self.count_standing_place(place.location);
                } else {
                    new.push((place.id, service.id, place.location));
                    self.memo(PLACE, &place.source_id, place.id.into(), "", 0);
                    self.ended.places.new += 1;
                }
            }
        }
        self.drop_places(stand, sorted).await?;
        self.tx.add_places(&new, self.now).await?;
        let of = |services: &[&Planned<ImportedService>]| -> usize {
            services.iter().map(|service| service.wanted.places.len()).sum()
        };
        self.ended.places.unchanged += of(&sorted.unchanged);
        self.ended.places.refused += of(&sorted.left) + of(&sorted.held);
        Ok(())
    }

    fn count_standing_place(&mut self, location: LocationId) {
        let count = &mut self.ended.places;
        *if self.moved.contains(&location) { &mut count.changed } else { &mut count.unchanged } += 1;
    }

    /// Takes changed services from where they are no longer given.
    async fn drop_places(&mut self, stand: &Stand, sorted: &Sorted<'_>) -> Result<(), Fault> {
        let mut gone: HashMap<ServiceAtLocationId, &str> = HashMap::new();
        for service in &sorted.changed {
            let wanted: HashSet<LocationId> = service.wanted.places.iter().map(|place| place.location).collect();
            let standing = stand.places.iter().filter(|place| place.service == service.wanted.id);
            let others = standing.filter(|place| !wanted.contains(&place.location));
            gone.extend(others.map(|place| (place.id, service.source_id.as_str())));
        }
        let ids: Vec<ServiceAtLocationId> = gone.keys().copied().collect();
        let mut in_use: Vec<&str> =
            self.tx.drop_places(&ids).await?.iter().filter_map(|place| gone.get(place).copied()).collect();
        in_use.sort_unstable();
        for service in in_use {
            self.notes.partly(About { entity: SERVICE, id: service }, "service_at_locations", Reason::InUse, None);
        }
        Ok(())
    }

    /// Lists, capacities, the ledger and what is remembered.
    async fn rest(&mut self, sorted: &Sorted<'_>) -> Result<(), Fault> {
        let written = sorted.written();
        for (services, are_new) in [(&sorted.new, true), (&sorted.changed, false)] {
            let wanted: Vec<&ImportedService> = services.iter().map(|service| &service.wanted).collect();
            if !wanted.is_empty() {
                self.tx.put_imported_lists(&wanted, are_new).await?;
                self.tx.put_imported_schedules(&wanted, are_new).await?;
            }
        }
        for service in &written {
            if let Some(stated) = service.capacity {
                let places = Places { total: Some(stated.total), taken_elsewhere: Some(stated.taken_elsewhere) };
                let as_of = stated.as_of.unwrap_or(self.now);
                self.tx.put_capacity(self.id(), service.id, None, places, as_of).await?;
            }
        }
        if !self.contested.superseded.is_empty() {
            self.tx.retire_superseded(&self.contested.superseded, self.now).await?;
        }
        let told: Vec<(ServiceId, i32)> = sorted
            .new
            .iter()
            .chain(&sorted.changed)
            .map(|service| (service.wanted.id, self.version_of(service)))
            .collect();
        let Count { new, changed, .. } = self.ended.organizations;
        if !told.is_empty() || new + changed > 0 {
            self.tx.note_import(self.id(), &told, self.now).await?;
        }
        // Without a fingerprint of the whole, the next import looks again and tells again what was left.
        let whole = if self.is_complete { self.plan.whole.as_str() } else { "" };
        self.memo(WHOLE, &self.plan.organization.source_id, self.id().into(), whole, 0);
        // What is remembered already is not written again: the same file twice writes nothing, also where a part was left.
        let memory = self.memory;
        let is_known = |memo: &Memo| {
            let key = (memo.entity.to_owned(), memo.source_id.clone());
            memory.get(&key).is_some_and(|known| {
                known.fingerprint == memo.remembered.fingerprint && known.version == memo.remembered.version
            })
        };
        self.memos.retain(|memo| !is_known(memo));
        self.tx.remember(self.source, &self.memos).await
    }
}
