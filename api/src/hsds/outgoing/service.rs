//! Services and the places where they are given, as HSDS has them. Contacts, counts of places and the reason of a pause
//! are not read for this room in the first place: the public does not see them.

use super::schedule::schedules;
use super::taxonomy::{
    STATED_LINK, attribute, category_term, dimension_term, level_term, non_returnee_term, referral_term, return_term,
    sex_term, stated_term,
};
use super::{Thing, listing, organization, part_id, spoken};
use crate::domain::area::Area;
use crate::domain::criterion::StatedCriterion;
use crate::domain::language::Language;
use crate::domain::language_tag::{beside, in_tag};
use crate::domain::organization::ServiceProgram;
use crate::domain::service::{
    ClosedBecause, CostKind, Eligibility, Location, LocationKind, Service, ServiceAtLocation, ServiceStatus,
    ServiceTexts,
};
use crate::hsds::directory::Fullness;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// A service at a location as it is read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceRow {
    pub place: ServiceAtLocation,
    pub service: Service,
}

/// The day for which a directory is told, and after how many days without a word an entry is stale.
#[derive(Debug, Clone, Copy)]
pub struct On {
    pub today: Date,
    pub max_age_days: i32,
}

impl On {
    fn closed(self, service: &Service) -> Option<ClosedBecause> {
        service.closed_because(self.today, self.max_age_days)
    }

    /// Whether it runs, in the standard's words. What is not funded any more, was not confirmed in time or has no category
    /// can't be gone to.
    fn status(self, service: &Service) -> &'static str {
        let is_out = service.category.is_none()
            || service.is_unfunded(self.today)
            || service.is_stale(self.today, self.max_age_days);
        match service.status {
            ServiceStatus::Published if is_out => "inactive",
            ServiceStatus::Published => "active",
            ServiceStatus::Paused => "temporarily closed",
            ServiceStatus::Retired => "defunct",
        }
    }
}

/// The kind of an administrative area's code.
const PCODE: &str = "P-code (COD-AB)";

/// A service: its own properties and its organization, or all that is public about it.
#[must_use]
pub fn service(service: &Service, fullness: Fullness, language: Option<Language>, on: On) -> Thing {
    let thing = direct(service, language, on);
    if !matches!(fullness, Fullness::Full | Fullness::FullService) {
        return thing;
    }
    let places = service.places.iter().map(|at| at_place(service, at, language));
    nested(thing, service, language, on).list("service_at_locations", places)
}

/// The key of a service and when it last changed.
#[must_use]
pub fn minimal(service: &Service) -> Thing {
    Thing::of(service.id.into()).instant("last_modified", changed(service))
}

/// A service at a location, with both.
#[must_use]
pub fn place(row: &PlaceRow, fullness: Fullness, language: Option<Language>, on: On) -> Thing {
    let service = &row.service;
    let inner = direct(service, language, on);
    let full = matches!(fullness, Fullness::Full | Fullness::FullService);
    let inner = if full { nested(inner, service, language, on) } else { inner };
    at_place(service, &row.place, language).inside("service", inner)
}

/// When what is told of a service last changed: itself, or who gives it.
fn changed(service: &Service) -> i64 {
    service.updated_at.max(service.organization.updated_at)
}

fn direct(service: &Service, language: Option<Language>, on: On) -> Thing {
    let texts = ServiceTexts { name: service.name.clone(), description: service.description.clone() };
    let texts = language
        .map_or(&texts, |language| beside((&service.language, &texts), &service.translations, language.tag()).1);
    let organization_id = Uuid::from(service.organization.id);
    let thing = Thing::of(service.id.into())
        .with("name", texts.name.as_str())
        .with("alternate_name", service.alternate_name.as_str())
        .with("description", texts.description.as_str())
        .with("url", service.url.as_deref().filter(|address| organization::is_web(address)))
        .with("alert", service.alert.as_str())
        .with("accreditations", service.accreditations.as_str())
        .with("interpretation_services", service.interpretation.as_str())
        .with("status", on.status(service))
        .with("application_process", service.application_process.as_str())
        .with("fees_description", fees(service, language))
        .with("eligibility_description", who_may_come(&service.eligibility, language))
        .with("minimum_age", service.eligibility.minimum_age)
        .with("maximum_age", service.eligibility.maximum_age)
        .with("assured_date", service.assured_on.as_deref())
        .instant("last_modified", changed(service));
    if organization_id.is_nil() {
        return thing;
    }
    thing
        .key("organization_id", organization_id)
        .inside("organization", organization::direct(&service.organization, language))
}

/// A condition in the provider's own words, in a language where it is told in that.
fn stated_in(stated: &StatedCriterion, language: Option<Language>) -> &str {
    let told = language.and_then(|language| in_tag(&stated.translations, language.tag()));
    told.map_or(stated.text.as_str(), |(_, text)| text)
}

/// Who may come, in words: what the provider says, and below it a line for each condition, in the order of their keys.
fn who_may_come(who: &Eligibility, language: Option<Language>) -> String {
    let mut stated: Vec<&StatedCriterion> = who.criteria.iter().collect();
    stated.sort_by(|a, b| a.key.cmp(&b.key));
    let lines = stated.into_iter().map(|stated| stated_in(stated, language));
    let all: Vec<&str> = [who.text.trim()].into_iter().chain(lines).filter(|line| !line.is_empty()).collect();
    all.join("\n")
}

fn fees(service: &Service, language: Option<Language>) -> String {
    match (service.cost.kind, service.cost.text.trim()) {
        (CostKind::Free, "") => match spoken(language) {
            Language::En => "Free of charge",
            Language::Fr => "Gratuit",
            Language::Ar => "مجانًا",
        }
        .to_owned(),
        (_, text) => text.to_owned(),
    }
}

/// What hangs on a service, but for its places.
fn nested(thing: Thing, service: &Service, language: Option<Language>, on: On) -> Thing {
    let id = Uuid::from(service.id);
    let languages = service.languages.iter().map(|tag| {
        let primary = tag.split('-').next().unwrap_or_default();
        let note = (primary != tag).then_some(tag.as_str());
        Thing::of(part_id(id, "language", tag)).with("code", primary).with("note", note)
    });
    let documents = service.required_documents.iter();
    let documents = documents.map(|text| Thing::of(part_id(id, "document", text)).with("document", text.as_str()));
    let areas = service.areas.iter().map(|area| {
        // By its code, which is the same wherever the directory is copied to.
        let part = format!("{} {}", area.country, area.pcode);
        Thing::of(part_id(id, "area", &part))
            .with("name", area_name(area, language))
            .with("description", format!("{PCODE} {}", area.pcode))
    });
    thing
        .with("program_id", service.program.as_ref().map(|program| Uuid::from(program.id).to_string()))
        .with("program", service.program.as_ref().map(program))
        .list("languages", languages)
        .list("required_documents", documents)
        .list("service_areas", areas)
        .list("cost_options", listing::cost_options(service))
        .list("funding", listing::funding(service))
        .list("schedules", schedules(&service.schedules, changed(service), language))
        .list("attributes", attributes(service, language, on))
}

/// The program by which it is given. The standard wants a description; its name stands for it.
fn program(of: &ServiceProgram) -> Value {
    let name = of.name.as_str();
    Thing::of(of.id.into()).with("name", name).with("description", name).into()
}

fn attributes(service: &Service, language: Option<Language>, on: On) -> Vec<Thing> {
    let id = Uuid::from(service.id);
    let mut all = Vec::new();
    if let Some(category) = &service.category {
        all.push(attribute(id, "category", &category_term(category, language)));
        all.push(attribute(id, "dimension", &dimension_term(category.dimension, language)));
        all.push(attribute(id, "level", &level_term(category.level, language)));
    }
    let who = &service.eligibility;
    let ways = who.return_types.iter().map(|way| return_term(*way, language));
    let sex = who.sex.and_then(|sex| sex_term(sex, language));
    let others = who.non_returnees.unwrap_or_default().then(|| non_returnee_term(language));
    all.extend(ways.chain(sex).chain(others).map(|term| attribute(id, "eligibility", &term)));
    let term = stated_term(language);
    all.extend(who.criteria.iter().map(|stated| {
        Thing::of(part_id(id, STATED_LINK, &stated.key))
            .with("link_type", STATED_LINK)
            .with("label", stated.key.as_str())
            .with("value", stated_in(stated, language))
            .key("taxonomy_term_id", term.id())
            .inside("taxonomy_term", term.thing())
    }));
    all.push(attribute(id, "referrals", &referral_term(on.closed(service).is_none(), language)));
    all
}

fn at_place(service: &Service, at: &ServiceAtLocation, language: Option<Language>) -> Thing {
    let there = location(&at.location, language);
    let there = there.list("schedules", schedules(&at.location.schedules, changed(service), language));
    Thing::of(at.id.into())
        .key("service_id", service.id)
        .key("location_id", at.location.id)
        .inside("location", there)
        .list("schedules", schedules(&at.schedules, changed(service), language))
}

/// A location. A confidential one is told as virtual, without name, point and address, as one where nobody comes to a
/// door. What we keep of an address is one text: it lacks the parts that the standard wants of an address, so that it is
/// told as the location's description.
fn location(location: &Location, language: Option<Language>) -> Thing {
    let kind = if location.kind == LocationKind::Physical { "physical" } else { "virtual" };
    let is_open = location.kind != LocationKind::Confidential;
    let name = Some(location.name.as_str()).filter(|_| is_open);
    let thing = Thing::of(location.id.into()).with("location_type", kind).with("name", name);
    let thing = match &location.area {
        Some(area) if !area.pcode.is_empty() => {
            thing.with("external_identifier", area.pcode.as_str()).with("external_identifier_type", PCODE)
        }
        _ => thing,
    };
    // A confidential one keeps no point, no address and no way to it; were there any, they would not be told.
    let point = location.latitude.zip(location.longitude).filter(|_| is_open);
    let address = Some(location.address.trim()).filter(|_| is_open).unwrap_or_default();
    // Where nobody comes to a door, the area's name is no way to it.
    let here = location.area.as_ref().filter(|_| location.kind == LocationKind::Physical);
    let here = here.map(|area| area_name(area, language)).unwrap_or_default();
    let lines: Vec<&str> = [address, here].into_iter().filter(|line| !line.is_empty()).collect();
    thing
        .with("description", lines.join(", "))
        .with("transportation", Some(location.transportation.as_str()).filter(|_| is_open))
        .list("accessibility", is_open.then(|| listing::accessibility(location)).into_iter().flatten())
        .with("latitude", point.map(|(latitude, _)| latitude))
        .with("longitude", point.map(|(_, longitude)| longitude))
}

fn area_name(area: &Area, language: Option<Language>) -> &str {
    let name = language.and_then(|language| in_tag(&area.names, language.tag()));
    name.map_or(area.name.as_str(), |(_, name)| name)
}
