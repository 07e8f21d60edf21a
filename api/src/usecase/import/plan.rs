//! What one organization of a source has to look like here. Pure: nothing is read or written.

use crate::domain::id::{AreaId, LocationId};
use crate::domain::imported::{ImportedLocation, ImportedOrganization, ImportedPlace, ImportedService, StatedPlaces};
use crate::domain::rule::Fault;
use crate::domain::schedule::Schedule;
use crate::domain::service::{Category, LocationKind, ServiceStatus, Visibility};
use crate::domain::service_entry::{LONGEST_NAME, LONGEST_NOTE, MOST_PLACES};
use crate::hsds::times::Times;
use crate::hsds::{self, CategoryMap, Classification, Organization, Place, Reason, Service, Status, Term, own};
use crate::store::imports::Memory;
use crate::usecase::import::gazetteer::{Areas, Gazetteer};
use crate::usecase::import::report::{About, Counts, Notes};
use crate::usecase::import::times::schedules;
use crate::usecase::import::wording::{contacts, cost, described, documents, eligibility, languages, listing, within};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// The names of the kinds of rows that are remembered.
pub(super) const ORGANIZATION: &str = "organization";
/// An organization together with all its services; its fingerprint tells whether anything is to be done.
pub(super) const WHOLE: &str = "organization_with_services";
pub(super) const SERVICE: &str = "service";
pub(super) const LOCATION: &str = "location";
pub(super) const PLACE: &str = "service_at_location";

/// The namespace of all ids that are derived from those of a source. Never to be changed.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f1d_7a52_3c0e_5b8e_9d41_27c6_8a10_e4b3);

/// The id under which a row of a source is kept here. It never is the id that the source supplied, so that no source
/// can write over another's row.
#[must_use]
pub fn derived_id(source: &str, entity: &str, source_id: &str) -> Uuid {
    // Lengths first, so that no two triples are written alike.
    let name = format!("{}:{source}{}:{entity}{source_id}", source.len(), entity.len());
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}

/// What is known when an organization is planned.
pub(super) struct Setting<'a> {
    pub(super) source: &'a str,
    /// BCP 47 tag of the texts.
    pub(super) language: &'a str,
    /// The organization's country.
    pub(super) country: &'a str,
    pub(super) map: &'a CategoryMap,
    pub(super) categories: &'a HashMap<String, Category>,
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) memory: &'a Memory,
    /// Whether ids and instants are kept, and which ids are no longer free.
    pub(super) mirror: Option<&'a HashSet<Uuid>>,
    /// The present instant: by it a zone is chosen where a source tells only its offset.
    pub(super) now: Timestamp,
}

impl Setting<'_> {
    /// The id of a row: the one it has already, or the one that is derived.
    fn id(&self, entity: &str, source_id: &str) -> Uuid {
        let known = self.memory.get(&(entity.to_owned(), source_id.to_owned()));
        let supplied = || self.mirror.and_then(|taken| supplied_id(source_id).filter(|id| !taken.contains(id)));
        let own = known.map(|known| known.row).or_else(supplied);
        own.unwrap_or_else(|| derived_id(self.source, entity, source_id))
    }
}

/// The id that a source supplied, if it is one for the whole world.
pub(super) fn supplied_id(source_id: &str) -> Option<Uuid> {
    Uuid::try_parse(source_id.rsplit('/').next().unwrap_or(source_id)).ok()
}

/// A row with its id in the source and the fingerprint of what it has to hold.
pub(super) struct Planned<T> {
    pub(super) source_id: String,
    pub(super) fingerprint: String,
    pub(super) wanted: T,
}

/// One organization with everything that belongs to it.
pub(super) struct Plan {
    pub(super) organization: Planned<ImportedOrganization>,
    pub(super) services: Vec<Planned<ImportedService>>,
    /// Each once, though several services may be given there.
    pub(super) locations: Vec<Planned<ImportedLocation>>,
    /// The fingerprint of all of it.
    pub(super) whole: String,
    /// Terms that no map knows, by service.
    pub(super) unmapped: Vec<Vec<Term>>,
}

impl Plan {
    /// How many services at locations it holds.
    pub(super) fn places(&self) -> usize {
        self.services.iter().map(|service| service.wanted.places.len()).sum()
    }
}

/// The country that the code of an area begins with, as most P-codes do.
pub(super) fn country_in(code: &str) -> Option<&str> {
    code.get(..2).filter(|country| country.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// The country of a location; in a mirror, if need be, by its P-code.
pub(super) fn country_at(location: &hsds::Location, is_mirror: bool) -> Option<&str> {
    let code = || location.external_identifier.as_deref().filter(|_| is_mirror).and_then(country_in);
    location.country.as_deref().or_else(code)
}

/// The country an organization works in: the one it names, or else the most frequent one of its locations, or else that of the import.
pub(super) fn country_of(organization: &Organization, is_mirror: bool, default: Option<&str>) -> Option<String> {
    if let Some(country) = &organization.country {
        return Some(country.clone());
    }
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let places = organization.services.iter().flat_map(|service| &service.places);
    for country in places.filter_map(|place| country_at(&place.location, is_mirror)) {
        *seen.entry(country).or_default() += 1;
    }
    let most = seen.into_iter().rev().max_by_key(|(_, count)| *count).map(|(country, _)| country);
    most.or(default).map(str::to_owned)
}

/// SHA-256 of the JSON form, lower-case hexadecimal.
fn fingerprint(content: &impl Serialize) -> Result<String, Fault> {
    let unwritten = |_| Fault::Store("a plan can't be written as JSON".into());
    // The prefix changes when an import writes more or other than before, so that everything is written anew.
    let mut hasher = Sha256::new_with_prefix(b"passerelle-import/1\n");
    hasher.update(serde_json::to_vec(content).map_err(unwritten)?);
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Plans one organization, and counts what its services are.
pub(super) fn plan(
    setting: &Setting<'_>,
    organization: &Organization,
    notes: &mut Notes<'_>,
) -> Result<(Plan, Counts), Fault> {
    let mut counts = Counts::default();
    let mut planner = Planner { setting, organization, notes, locations: BTreeMap::new() };
    let own = planner.organization();
    let (mut services, mut unmapped) = (Vec::new(), Vec::new());
    for service in &organization.services {
        let class = setting.map.classify(service);
        let wanted = planner.service(service, &class)?;
        unmapped.push(class.unmapped_terms);
        counts.unclassified += usize::from(wanted.category.is_none());
        counts.closed_for_referrals += usize::from(!wanted.takes_referrals);
        counts.partners_only += usize::from(wanted.visibility == Visibility::Partners);
        services.push(Planned { source_id: service.source_id.clone(), fingerprint: fingerprint(&wanted)?, wanted });
    }
    let locations: Vec<_> = planner.locations.into_values().collect();
    let organization =
        Planned { source_id: organization.source_id.clone(), fingerprint: fingerprint(&own)?, wanted: own };
    let parts: Vec<&String> = services.iter().map(|service| &service.fingerprint).collect();
    let whole = fingerprint(&(&organization.fingerprint, parts))?;
    Ok((Plan { organization, services, locations, whole, unmapped }, counts))
}

struct Planner<'a, 'n, 't> {
    setting: &'a Setting<'a>,
    organization: &'a Organization,
    notes: &'n mut Notes<'t>,
    locations: BTreeMap<String, Planned<ImportedLocation>>,
}

impl Planner<'_, '_, '_> {
    fn organization(&mut self) -> ImportedOrganization {
        let (read, about) = (self.organization, About { entity: ORGANIZATION, id: &self.organization.source_id });
        ImportedOrganization {
            id: self.setting.id(ORGANIZATION, &read.source_id).into(),
            name: within(self.notes, about, "name", &read.name, LONGEST_NAME),
            description: described(self.notes, about, "description", read.description.as_deref()),
            country: self.setting.country.to_owned(),
            website: read.website.clone(),
            email: read.email.clone(),
            kinds: own::kinds(read),
            // A service is told as changed when its organization was: so this was before all of them.
            changed_at: self.setting.mirror.and_then(|_| changed_before(read)),
            alternate_name: described(self.notes, about, "alternate_name", read.alternate_name.as_deref()),
            identifiers: read.identifiers.clone(),
        }
    }

    fn service(&mut self, service: &Service, class: &Classification) -> Result<ImportedService, Fault> {
        let about = About { entity: SERVICE, id: &service.source_id };
        self.tell_no_place(service);
        self.tell_class(about, class);
        let mut places = Vec::new();
        for place in &service.places {
            places.push(self.place(service, place)?);
        }
        let areas = self.served(service);
        let schedules = self.schedules(about, &service.schedules, None);
        let notes = &mut *self.notes;
        Ok(ImportedService {
            id: self.setting.id(SERVICE, &service.source_id).into(),
            status: status(service),
            visibility: if class.sensitive { Visibility::Partners } else { Visibility::Public },
            language: self.setting.language.to_owned(),
            name: within(notes, about, "name", &service.name, LONGEST_NAME),
            description: described(notes, about, "description", service.description.as_deref()),
            application_process: described(notes, about, "application_process", service.application_process.as_deref()),
            eligibility: eligibility(notes, about, service),
            languages: languages(notes, about, service),
            required_documents: documents(notes, about, service),
            cost: cost(notes, about, service),
            contacts: contacts(notes, about, service),
            takes_referrals: class.takes_referrals,
            category: class
                .category
                .as_ref()
                .and_then(|code| self.setting.categories.get(code))
                .map(|category| (category.code.clone(), category.dimension, category.level)),
            areas,
            capacity: stated(notes, about, service),
            changed_at: self.setting.mirror.and(service.last_modified).map(|at| at.as_microsecond()),
            places,
            schedules,
            listing: listing(notes, about, service),
        })
    }

    fn schedules(&mut self, about: About<'_>, all: &[Times], country: Option<&str>) -> Vec<Schedule> {
        schedules(self.notes, about, all, country.unwrap_or(self.setting.country), self.setting.now)
    }

    fn tell_no_place(&mut self, service: &Service) {
        let places = || service.places.iter();
        // Only a member's word counts as a confirmation here.
        self.notes.no_place(SERVICE, "assured_date", service.assured_date.is_some());
        let is_kept = self.setting.mirror.is_some();
        self.notes.no_place(SERVICE, "last_modified", !is_kept && service.last_modified.is_some());
        let says = |place: &Place| !is_kept && place.location.description.is_some();
        self.notes.no_place(LOCATION, "description", places().any(says));
        self.notes.no_place(PLACE, "description", places().any(|place| place.description.is_some()));
    }

    fn tell_class(&mut self, about: About<'_>, class: &Classification) {
        if class.category.is_none() {
            self.notes.partly(about, "category", Reason::Unclassified, None);
        }
        if !class.takes_referrals {
            self.notes.partly(about, "takes_referrals", Reason::ReferralsNotAccepted, None);
        } else {
            for place in &class.closed_places {
                // Here a service as a whole takes referrals or does not.
                let about = About { entity: PLACE, id: place };
                self.notes.partly(about, "takes_referrals", Reason::ReferralsNotAccepted, None);
            }
        }
        if class.sensitive {
            self.notes.partly(about, "visibility", Reason::PartnersOnly, class.sensitive_word.as_deref());
        }
        for term in &class.unmapped_terms {
            let name = format!("{}: {}", term.taxonomy, term.name);
            self.notes.once("taxonomy_term", None, Reason::NotMapped, Some(&name));
        }
    }

    fn place(&mut self, service: &Service, place: &Place) -> Result<ImportedPlace, Fault> {
        let location = &place.location;
        // A location is an organization's own here, so that one shared by several becomes one of each.
        let key = format!("{}/{}", self.organization.source_id, location.source_id);
        let id = LocationId::from(self.setting.id(LOCATION, &key));
        if !self.locations.contains_key(&key) {
            let wanted = self.location(id, location);
            let planned = Planned { source_id: key.clone(), fingerprint: fingerprint(&wanted)?, wanted };
            self.locations.insert(key.clone(), planned);
        }
        let location_fingerprint = self.locations.get(&key).map(|planned| planned.fingerprint.clone());
        // Within the service, since a source may give one id to places of two services.
        let source_id = format!("{}/{}", service.source_id, place.source_id);
        Ok(ImportedPlace {
            id: self.setting.id(PLACE, &source_id).into(),
            source_id,
            location: id,
            location_fingerprint: location_fingerprint.unwrap_or_default(),
            schedules: self.schedules(
                About { entity: PLACE, id: &place.source_id },
                &place.schedules,
                location.country.as_deref(),
            ),
        })
    }

    fn location(&mut self, id: LocationId, read: &hsds::Location) -> ImportedLocation {
        let about = About { entity: LOCATION, id: &read.source_id };
        let is_physical = read.kind == hsds::LocationKind::Physical;
        let address = read.address_lines.join(", ");
        let fallback = read.address_lines.first().unwrap_or(&self.organization.name);
        let name = read.name.as_ref().unwrap_or(fallback);
        // Nobody comes to a place that is virtual or for letters; a source may call one virtual to keep it secret.
        self.notes.no_place("location", "latitude", !is_physical && read.latitude.is_some());
        let area = self.area_of(about, read);
        let address = if self.setting.mirror.is_some() { self.mirrored(read, address, area) } else { address };
        let hides_address =
            self.setting.mirror.is_none() && read.kind == hsds::LocationKind::Virtual && !address.is_empty();
        self.notes.no_place("location", "address of a virtual one", hides_address);
        let address = if hides_address { String::new() } else { address };
        ImportedLocation {
            id,
            kind: match read.kind {
                hsds::LocationKind::Physical => LocationKind::Physical,
                _ if read.is_kept_secret() => LocationKind::Confidential,
                _ => LocationKind::Virtual,
            },
            name: within(self.notes, about, "name", name, LONGEST_NAME),
            address: within(self.notes, about, "address", &address, LONGEST_NOTE),
            area,
            latitude: read.latitude.filter(|_| is_physical),
            longitude: read.longitude.filter(|_| is_physical),
            schedules: self.schedules(about, &read.schedules, read.country.as_deref()),
            transportation: described(self.notes, about, "transportation", read.transportation.as_deref()),
            accessibility: read.accessibility.clone(),
        }
    }

    /// The address as our own exports tell it: as what is said of the location, with the name of its area behind it.
    fn mirrored(&self, read: &hsds::Location, address: String, area: Option<AreaId>) -> String {
        let Some(said) = read.description.as_deref().filter(|_| address.is_empty()) else { return address };
        let areas = self.areas_at(read);
        let name = areas.zip(area).and_then(|(areas, area)| areas.name(area)).unwrap_or_default();
        let rest = said.strip_suffix(name).unwrap_or(said);
        rest.strip_suffix(", ").unwrap_or(rest).to_owned()
    }

    fn areas_at(&self, read: &hsds::Location) -> Option<&Areas> {
        let country = country_at(read, self.setting.mirror.is_some()).unwrap_or(self.setting.country);
        self.setting.gazetteer.of(country)
    }

    fn area_of(&mut self, about: About<'_>, read: &hsds::Location) -> Option<AreaId> {
        let country = country_at(read, self.setting.mirror.is_some()).unwrap_or(self.setting.country);
        let Some(areas) = self.setting.gazetteer.of(country) else {
            self.notes.once(LOCATION, Some("area"), Reason::UnknownArea, Some(country));
            return None;
        };
        let found = areas.locate(read);
        if found.is_none() {
            self.notes.once(LOCATION, Some("area"), Reason::UnknownArea, read.name.as_deref().or(Some(about.id)));
        }
        found
    }

    /// The areas served, wherever the source says so.
    fn served(&mut self, service: &Service) -> Vec<AreaId> {
        let own: Option<&Areas> = self.setting.gazetteer.of(self.setting.country);
        let by_code = |area: &hsds::ServiceArea| {
            let code = area.external_id.as_deref().filter(|_| self.setting.mirror.is_some());
            code.and_then(country_in).and_then(|country| self.setting.gazetteer.of(country))
        };
        let at_places = service.places.iter().flat_map(|place| &place.service_areas);
        let mut found = BTreeSet::new();
        for area in service.service_areas.iter().chain(at_places) {
            match by_code(area).or(own).and_then(|areas| areas.served(area)) {
                Some(area) => found.extend([area]),
                None => self.notes.once("service_area", None, Reason::UnknownArea, Some(&area.name)),
            }
        }
        found.into_iter().collect()
    }
}

/// The first instant at which a service of an organization changed, UTC microseconds.
fn changed_before(read: &Organization) -> Option<i64> {
    read.services.iter().filter_map(|service| service.last_modified).map(|at| at.as_microsecond()).min()
}

/// Whether it runs. Our own exports tell what nobody can be referred to today as inactive, which ends nothing.
fn status(service: &Service) -> ServiceStatus {
    let is_ours = own::takes_referrals(service).is_some();
    match service.status {
        Status::Active => ServiceStatus::Published,
        Status::Inactive if is_ours => ServiceStatus::Published,
        Status::TemporarilyClosed => ServiceStatus::Paused,
        Status::Inactive | Status::Defunct => ServiceStatus::Retired,
    }
}

/// The places a source states; of several kinds of places the first.
fn stated(notes: &mut Notes<'_>, about: About<'_>, service: &Service) -> Option<StatedPlaces> {
    let capacity = service.capacities.first()?;
    for other in &service.capacities[1..] {
        notes.partly(about, "capacities", Reason::OnlyOne, Some(&other.unit));
    }
    notes.no_place("service_capacity", "description", capacity.description.is_some());
    // The reader takes no number beyond ours and no maximum below what is free.
    let whole = |number: u32| i32::try_from(number).unwrap_or(MOST_PLACES);
    let (free, total) = (whole(capacity.available), whole(capacity.maximum.unwrap_or(capacity.available)));
    let as_of = capacity.updated.or(service.last_modified).map(|time| time.as_microsecond());
    Some(StatedPlaces { total, taken_elsewhere: total - free, as_of })
}
