//! Builds the neutral directory from full services, whichever form they came in.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};

use super::listing::{cost_options, funding, identifiers};
use super::model::{Directory, Organization, Place, Service, Status, content_hash};
use super::parts::{areas, capacities, contacts, country, documents, languages, role_mailbox, sorted, terms};
use super::report::{Reason, Report, ReportRow};
use super::row::Row;
use super::site::{Site, build_site};
use super::times::schedules;

/// Oldest age that is believed, in years.
const OLDEST: u32 = 150;

/// Something that comes again and again in NDJSON: the raw form first met and what it gave.
struct Met<T> {
    raw: Map<String, Value>,
    built: Option<T>,
}

/// Takes organizations and services one by one; [`Builder::finish`] puts them together.
#[derive(Default)]
pub(super) struct Builder {
    /// What was not taken so far.
    pub(super) report: Report,
    organizations: BTreeMap<String, Met<Organization>>,
    sites: HashMap<String, Met<Site>>,
    services: Vec<(String, Service)>,
    service_ids: HashSet<String>,
    place_ids: HashSet<String>,
}

impl Builder {
    /// Takes up an organization; `line` is that of the document, where it stands inside something else.
    pub(super) fn organization(&mut self, map: &Map<String, Value>, line: Option<u64>) {
        let scratch = &mut Report::default();
        let id = Row::new("organization", map, None, scratch).own_id(scratch);
        let Some(id) = id else {
            // Told in the real report; the scratch one only served to look.
            Row::new("organization", map, None, &mut self.report).at(line).own_id(&mut self.report);
            return;
        };
        if let Some(met) = self.organizations.get(&id) {
            if met.raw != *map {
                let row = Row::new("organization", map, Some(id.clone()), &mut self.report).at(line);
                if met.built != build_organization(&row, &id, scratch) {
                    row.refuse(&mut self.report, None, Reason::Contradicts, true);
                }
            }
            return;
        }
        let row = Row::new("organization", map, Some(id.clone()), &mut self.report).at(line);
        row.own_id(&mut self.report);
        let built = build_organization(&row, &id, &mut self.report);
        self.organizations.insert(id, Met { raw: map.clone(), built });
    }

    /// Takes up a full service; its organization stands inside it or comes by itself.
    pub(super) fn service(&mut self, map: &Map<String, Value>, line: Option<u64>) {
        if let Some(Value::Object(organization)) = map.get("organization") {
            self.organization(organization, line);
        }
        let inside = map.get("organization").and_then(|organization| organization.get("id"));
        let organization = inside.or(map.get("organization_id")).and_then(|id| match id {
            Value::String(id) => Some(id.trim().to_owned()).filter(|id| !id.is_empty()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        });
        let row = Row::new("service", map, organization.clone(), &mut self.report).at(line);
        let Some(id) = row.own_id(&mut self.report) else { return };
        let Some(organization) = organization else {
            return row.refuse(&mut self.report, Some("organization"), Reason::MissingRequired, false);
        };
        if !self.service_ids.insert(id.clone()) {
            return row.refuse(&mut self.report, Some("id"), Reason::DuplicateId, false);
        }
        let Some(name) = row.required_line(&mut self.report, "name") else { return };
        let mut service = build_service(&row, id, name, &mut self.report);
        service.places = self.places(&row);
        self.services.push((organization, service));
    }

    fn places(&mut self, service: &Row<'_>) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        let mut locations = HashSet::new();
        for map in service.list(&mut self.report, "service_at_locations") {
            let row = service.inner("service_at_location", map, &mut self.report);
            if map.get("id").is_none_or(Value::is_null) {
                row.refuse(&mut self.report, Some("id"), Reason::MissingRequired, false);
                continue;
            }
            let Some(place) = self.place(&row) else { continue };
            if !locations.insert(place.location.source_id.clone()) {
                row.refuse(&mut self.report, None, Reason::DuplicatePlace, false);
                continue;
            }
            places.push(place);
        }
        places.sort_by(|a, b| a.source_id.cmp(&b.source_id));
        places
    }

    fn place(&mut self, row: &Row<'_>) -> Option<Place> {
        let source_id = row.own_id(&mut self.report)?;
        if !self.place_ids.insert(source_id.clone()) {
            row.refuse(&mut self.report, Some("id"), Reason::DuplicateId, false);
            return None;
        }
        let Some(map) = row.object(&mut self.report, "location") else {
            row.refuse(&mut self.report, Some("location"), Reason::MissingRequired, false);
            return None;
        };
        let Some(site) = self.site(row, map) else {
            row.refuse(&mut self.report, Some("location"), Reason::ParentNotTaken, false);
            return None;
        };
        let report = &mut self.report;
        Some(Place {
            source_id,
            description: row.text(report, "description"),
            service_areas: areas(row, report),
            terms: sorted([terms(row, report), site.terms].concat()),
            contacts: sorted([contacts(row, report), site.contacts].concat()),
            schedules: schedules(row, report),
            location: site.location,
        })
    }

    /// The location of a place, built and reported once however often it comes.
    fn site(&mut self, place: &Row<'_>, map: &Map<String, Value>) -> Option<Site> {
        let scratch = &mut Report::default();
        let id = Row::new("location", map, None, scratch).own_id(scratch);
        let Some(met) = id.as_ref().and_then(|id| self.sites.get(id)) else {
            let row = place.inner("location", map, &mut self.report);
            // Without an id of its own the row would speak of the place's.
            let built = match &id {
                Some(_) => build_site(&row, &mut self.report),
                None => {
                    row.refuse(&mut self.report, Some("id"), Reason::MissingRequired, false);
                    None
                }
            };
            if let Some(id) = id {
                self.sites.insert(id, Met { raw: map.clone(), built: built.clone() });
            }
            return built;
        };
        let row = place.inner("location", map, scratch);
        if met.raw != *map && met.built != build_site(&row, scratch) {
            row.refuse(&mut self.report, None, Reason::Contradicts, true);
        }
        met.built.clone()
    }

    /// Gives each organization its services and hashes both.
    pub(super) fn finish(mut self) -> Result<Directory, serde_json::Error> {
        for (organization, mut service) in self.services {
            let Some(met) = self.organizations.get_mut(&organization) else {
                refuse_service(&mut self.report, organization, service, Reason::DanglingReference);
                continue;
            };
            let Some(built) = &mut met.built else {
                refuse_service(&mut self.report, organization, service, Reason::ParentNotTaken);
                continue;
            };
            service.content_hash = content_hash(&service)?;
            built.services.push(service);
        }
        let mut organizations = Vec::new();
        for mut organization in self.organizations.into_values().filter_map(|met| met.built) {
            organization.services.sort_by(|a, b| a.source_id.cmp(&b.source_id));
            organization.content_hash = content_hash(&organization)?;
            organizations.push(organization);
        }
        Ok(Directory { organizations, refused: self.report.into_rows() })
    }
}

fn refuse_service(report: &mut Report, organization: String, service: Service, reason: Reason) {
    report.add(ReportRow {
        file: None,
        line: None,
        organization_source_id: Some(organization),
        entity: "service".to_owned(),
        source_id: Some(service.source_id),
        field: Some("organization_id".to_owned()),
        reason,
        taken: false,
        detail: None,
    });
}

fn build_organization(row: &Row<'_>, id: &str, report: &mut Report) -> Option<Organization> {
    let name = row.required_line(report, "name")?;
    let description = row.text(report, "description");
    if description.is_none() {
        row.refuse(report, Some("description"), Reason::MissingRequired, true);
    }
    Some(Organization {
        source_id: id.to_owned(),
        name,
        alternate_name: row.line(report, "alternate_name"),
        description,
        website: row.url(report, "website"),
        email: role_mailbox(row, report, "email"),
        country: country(row, report),
        terms: terms(row, report),
        identifiers: identifiers(row, report),
        services: Vec::new(),
        content_hash: String::new(),
    })
}

fn build_service(row: &Row<'_>, source_id: String, name: String, report: &mut Report) -> Service {
    let (minimum_age, maximum_age) = ages(row, report);
    Service {
        source_id,
        name,
        description: row.text(report, "description"),
        status: status(row, report),
        url: row.url(report, "url"),
        application_process: row.text(report, "application_process"),
        eligibility_description: row.text(report, "eligibility_description"),
        minimum_age,
        maximum_age,
        fees_description: row.text(report, "fees_description"),
        cost_options: cost_options(row, report),
        funding: funding(row, report),
        alternate_name: row.line(report, "alternate_name"),
        alert: row.text(report, "alert"),
        accreditations: row.text(report, "accreditations"),
        interpretation: row.text(report, "interpretation_services"),
        languages: languages(row, report),
        required_documents: documents(row, report),
        contacts: contacts(row, report),
        capacities: capacities(row, report),
        assured_date: row.date(report, "assured_date"),
        last_modified: row.timestamp(report, "last_modified"),
        terms: terms(row, report),
        service_areas: areas(row, report),
        schedules: schedules(row, report),
        places: Vec::new(),
        content_hash: String::new(),
    }
}

fn ages(row: &Row<'_>, report: &mut Report) -> (Option<u16>, Option<u16>) {
    let mut age = |field| row.whole(report, field, OLDEST).and_then(|age| u16::try_from(age).ok());
    let (youngest, oldest) = (age("minimum_age"), age("maximum_age"));
    if youngest.zip(oldest).is_some_and(|(youngest, oldest)| youngest > oldest) {
        row.refuse(report, Some("minimum_age"), Reason::OutOfRange, true);
        row.refuse(report, Some("maximum_age"), Reason::OutOfRange, true);
        return (None, None);
    }
    (youngest, oldest)
}

fn status(row: &Row<'_>, report: &mut Report) -> Status {
    let reason = match row.line(report, "status").map(|status| status.to_lowercase()).as_deref() {
        Some("active") => return Status::Active,
        Some("inactive") => return Status::Inactive,
        Some("defunct") => return Status::Defunct,
        Some("temporarily closed") => return Status::TemporarilyClosed,
        Some(_) => Reason::UnknownValue,
        None => Reason::MissingRequired,
    };
    row.refuse(report, Some("status"), reason, true);
    // Nobody is sent to a service of which nobody said that it runs.
    Status::Inactive
}
