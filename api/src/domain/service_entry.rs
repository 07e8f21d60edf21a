//! What a provider says about a service, and which of it is acceptable. One shape for a new entry and for a change of
//! one: what is not said stays as it is.

use crate::domain::criterion::{MOST_STATED, is_key};
use crate::domain::folding::fold;
use crate::domain::id::{AreaId, LocationId, ProgramId};
use crate::domain::listing::Accessibility;
use crate::domain::listing_entry::{ListingEntry, check_access};
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::domain::schedule::Schedule;
use crate::domain::service::{ContactRole, Cost, Eligibility, LocationKind, Service, ServiceTexts, Visibility};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

/// Longest name of a service or a place, in characters.
pub const LONGEST_NAME: usize = 200;
/// Longest description, in characters.
pub const LONGEST_DESCRIPTION: usize = 5_000;
/// Longest text about one thing, such as an address or a price, in characters.
pub const LONGEST_NOTE: usize = 500;
/// The most places that can be stated.
pub const MOST_PLACES: i32 = 1_000_000;
/// The most parts of one kind, such as locations or contacts.
const MOST_PARTS: usize = 50;
/// The most areas served; more are said by naming the area above them.
const MOST_AREAS: usize = 200;

/// Places as a provider states them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// All places; nothing means unknown.
    pub total: Option<i32>,
    /// Places filled by other ways than referrals here; nothing leaves what was stated before, or 0.
    pub taken_elsewhere: Option<i32>,
}

impl Places {
    /// Notes what is out of range; `path` ends in a dot or is empty.
    pub fn check(self, path: &str, rules: &mut Rules) {
        let range = 0..=MOST_PLACES;
        let fits = |number: Option<i32>| number.is_none_or(|number| range.contains(&number));
        rules.check(fits(self.total), &format!("{path}total"), RuleCode::Invalid);
        rules.check(fits(self.taken_elsewhere), &format!("{path}takenElsewhere"), RuleCode::Invalid);
    }
}

/// A place or channel as a provider states it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlaceEntry {
    /// A location the organization has already; nothing makes a new one.
    pub location: Option<LocationId>,
    pub kind: LocationKind,
    pub name: String,
    pub address: String,
    pub area: Option<AreaId>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// When the service is given there; nothing leaves it as it is.
    pub schedules: Option<Vec<Schedule>>,
    /// How one gets there; nothing leaves it as it is.
    #[serde(default)]
    pub transportation: Option<String>,
    /// How it can be reached and used; nothing leaves it as it is.
    #[serde(default)]
    pub accessibility: Option<Vec<Accessibility>>,
}

/// What a provider says about a service. What is nothing stays as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ServiceEntry {
    /// The program it is part of; an inner nothing takes it out.
    #[serde(default, with = "twice_optional", skip_serializing_if = "Option::is_none")]
    pub program: Option<Option<ProgramId>>,
    /// The category's code; an inner nothing makes it unclassified.
    #[serde(default, with = "twice_optional", skip_serializing_if = "Option::is_none")]
    pub category: Option<Option<String>>,
    pub visibility: Option<Visibility>,
    pub language: Option<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    /// Texts by language; a list, so that a language said twice is seen.
    pub translations: Option<Vec<(String, ServiceTexts)>>,
    pub application_process: Option<String>,
    pub eligibility: Option<Eligibility>,
    pub languages: Option<Vec<String>>,
    pub required_documents: Option<Vec<String>>,
    pub cost: Option<Cost>,
    pub contacts: Option<Vec<ContactRole>>,
    pub takes_referrals: Option<bool>,
    pub allows_overbooking: Option<bool>,
    pub keeps_waiting_list: Option<bool>,
    pub holds_places_at_sending: Option<bool>,
    pub offers_free_places: Option<bool>,
    pub places: Option<Vec<PlaceEntry>>,
    pub areas: Option<Vec<AreaId>>,
    /// The last day on which it is funded, ISO 8601; an inner nothing means that no end is known.
    #[serde(default, with = "twice_optional", skip_serializing_if = "Option::is_none")]
    pub funding_ends: Option<Option<String>>,
    pub schedules: Option<Vec<Schedule>>,
    #[serde(default)]
    pub listing: ListingEntry,
}

/// An entry that keeps the rules that can be judged without the database.
#[derive(Debug, Clone)]
pub struct CheckedEntry(ServiceEntry);

impl Deref for CheckedEntry {
    type Target = ServiceEntry;
    fn deref(&self) -> &ServiceEntry {
        &self.0
    }
}

impl ServiceEntry {
    /// The entry, if it keeps the rules and none was broken before.
    ///
    /// # Errors
    /// All broken rules.
    pub fn checked(self, mut rules: Rules) -> Outcome<CheckedEntry> {
        self.check_texts(&mut rules);
        self.check_conditions(&mut rules);
        self.listing.check(&mut rules);
        for (index, place) in self.places.iter().flatten().enumerate() {
            place.check(&format!("locations.{index}"), &mut rules);
        }
        self.check_sets(&mut rules);
        rules.settle()?;
        Ok(CheckedEntry(self))
    }

    /// The same for a new service, which needs a name, a language, a visibility and a word on referrals.
    ///
    /// # Errors
    /// All broken rules.
    pub fn checked_new(self, mut rules: Rules) -> Outcome<CheckedEntry> {
        rules.check(self.name.is_some(), "name", RuleCode::Required);
        rules.check(self.language.is_some(), "language", RuleCode::Required);
        rules.check(self.visibility.is_some(), "visibility", RuleCode::Required);
        rules.check(self.takes_referrals.is_some(), "takesReferrals", RuleCode::Required);
        self.checked(rules)
    }

    fn check_texts(&self, rules: &mut Rules) {
        if let Some(name) = &self.name {
            rules.text("name", name, 1, LONGEST_NAME);
        }
        if let Some(description) = &self.description {
            rules.text("description", description, 0, LONGEST_DESCRIPTION);
        }
        for (index, (_, texts)) in self.translations.iter().flatten().enumerate() {
            rules.text(&format!("translations.{index}.name"), &texts.name, 1, LONGEST_NAME);
            rules.text(&format!("translations.{index}.description"), &texts.description, 0, LONGEST_DESCRIPTION);
        }
        if let Some(process) = &self.application_process {
            rules.text("applicationProcess", process, 0, LONGEST_DESCRIPTION);
        }
        if let Some(Some(code)) = &self.category {
            rules.text("categoryCode", code, 1, 64);
        }
    }

    fn check_conditions(&self, rules: &mut Rules) {
        if let Some(eligibility) = &self.eligibility {
            let fits = |age: Option<i32>| age.is_none_or(|age| (0..=120).contains(&age));
            rules.check(fits(eligibility.minimum_age), "eligibility.minimumAge", RuleCode::Invalid);
            let ordered = eligibility.minimum_age.zip(eligibility.maximum_age).is_none_or(|(from, to)| from <= to);
            rules.check(fits(eligibility.maximum_age) && ordered, "eligibility.maximumAge", RuleCode::Invalid);
            rules.text("eligibility.text", &eligibility.text, 0, LONGEST_DESCRIPTION);
            check_stated(eligibility, rules);
        }
        for (index, document) in self.required_documents.iter().flatten().enumerate() {
            rules.text(&format!("requiredDocuments.{index}"), document, 1, LONGEST_NAME);
        }
        if let Some(cost) = &self.cost {
            rules.text("cost.text", &cost.text, 0, LONGEST_NOTE);
        }
        for (index, contact) in self.contacts.iter().flatten().enumerate() {
            check_contact(contact, &format!("contacts.{index}"), rules);
        }
    }

    fn check_sets(&self, rules: &mut Rules) {
        let tags: Vec<&String> = self.translations.iter().flatten().map(|(tag, _)| tag).collect();
        twice(&tags, "translations", ".language", rules);
        twice(self.languages.as_deref().unwrap_or_default(), "languages", "", rules);
        let places = self.places.as_deref().unwrap_or_default();
        let known: BTreeSet<LocationId> = places.iter().filter_map(|place| place.location).collect();
        let named = places.iter().filter(|place| place.location.is_some()).count();
        rules.check(known.len() == named, "locations", RuleCode::Invalid);
        twice(self.areas.as_deref().unwrap_or_default(), "servedAreaIds", "", rules);
        let sizes = [
            ("translations", tags.len(), MOST_PARTS),
            ("languages", self.languages.as_ref().map_or(0, Vec::len), MOST_PARTS),
            ("requiredDocuments", self.required_documents.as_ref().map_or(0, Vec::len), MOST_PARTS),
            ("contacts", self.contacts.as_ref().map_or(0, Vec::len), MOST_PARTS),
            ("locations", places.len(), MOST_PARTS),
            ("servedAreaIds", self.areas.as_ref().map_or(0, Vec::len), MOST_AREAS),
        ];
        for (field, size, most) in sizes {
            rules.check(size <= most, field, RuleCode::TooLong);
        }
    }

    /// The text by which the service is found and the text by which it is ordered, once this entry has been laid over
    /// what stands now.
    #[must_use]
    pub fn index_texts(&self, standing: Option<&Service>) -> (String, String) {
        let name = self.name.as_deref().or(standing.map(|service| service.name.as_str())).unwrap_or_default();
        let description =
            self.description.as_deref().or(standing.map(|service| service.description.as_str())).unwrap_or_default();
        let mut all = vec![name.to_owned(), description.to_owned()];
        let mut translated = |texts: &ServiceTexts| all.extend([texts.name.clone(), texts.description.clone()]);
        match (&self.translations, standing) {
            (Some(translations), _) => translations.iter().for_each(|(_, texts)| translated(texts)),
            (None, Some(service)) => service.translations.values().for_each(translated),
            (None, None) => {}
        }
        (fold(&all.join(" ")), fold(name))
    }

    /// The translations by language, as they are kept.
    #[must_use]
    pub fn translations_by_tag(&self) -> Option<BTreeMap<&str, &ServiceTexts>> {
        self.translations.as_ref().map(|all| all.iter().map(|(tag, texts)| (tag.as_str(), texts)).collect())
    }
}

impl PlaceEntry {
    /// Notes what a place may not say. What can't be known of a confidential place can't be told by mistake.
    fn check(&self, path: &str, rules: &mut Rules) {
        rules.text(&format!("{path}.name"), &self.name, 1, LONGEST_NAME);
        rules.text(&format!("{path}.address"), &self.address, 0, LONGEST_NOTE);
        let access = self.accessibility.as_deref().unwrap_or_default();
        check_access(self.transportation.as_deref(), access, path, rules);
        let within = |degrees: Option<f64>, most: f64| degrees.is_none_or(|degrees| degrees.abs() <= most);
        let both = self.latitude.is_some() == self.longitude.is_some();
        rules.check(within(self.latitude, 90.0) && both, &format!("{path}.latitude"), RuleCode::Invalid);
        rules.check(within(self.longitude, 180.0) && both, &format!("{path}.longitude"), RuleCode::Invalid);
        if self.kind == LocationKind::Confidential {
            rules.check(self.address.is_empty(), &format!("{path}.address"), RuleCode::Invalid);
            rules.check(self.latitude.is_none(), &format!("{path}.latitude"), RuleCode::Invalid);
            rules.check(self.longitude.is_none(), &format!("{path}.longitude"), RuleCode::Invalid);
            // When people come there lets somebody wait for them.
            let hours = self.schedules.as_ref().is_none_or(Vec::is_empty);
            rules.check(hours, &format!("{path}.openingHours"), RuleCode::Invalid);
            let way = self.transportation.as_deref().unwrap_or_default().is_empty();
            rules.check(way, &format!("{path}.transportation"), RuleCode::Invalid);
            let access = self.accessibility.as_ref().is_none_or(Vec::is_empty);
            rules.check(access, &format!("{path}.accessibility"), RuleCode::Invalid);
        }
    }
}

/// Notes what is wrong with conditions in the provider's own words.
fn check_stated(eligibility: &Eligibility, rules: &mut Rules) {
    rules.check(eligibility.criteria.len() <= MOST_STATED, "eligibility.criteria", RuleCode::TooLong);
    let mut seen = BTreeSet::new();
    for (index, stated) in eligibility.criteria.iter().enumerate() {
        let path = format!("eligibility.criteria.{index}");
        rules.check(is_key(&stated.key) && seen.insert(&stated.key), &format!("{path}.key"), RuleCode::Invalid);
        rules.text(&format!("{path}.text"), &stated.text, 1, LONGEST_NOTE);
        for text in stated.translations.values() {
            rules.text(&format!("{path}.translations"), text, 1, LONGEST_NOTE);
        }
    }
}

/// A value that may be left unsaid or said to be nothing, in JSON: absent, or null.
mod twice_optional {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Option<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(serializer)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

/// Notes what is wrong with a contact role.
pub fn check_contact(contact: &ContactRole, path: &str, rules: &mut Rules) {
    rules.text(&format!("{path}.role"), &contact.role, 1, 100);
    if let Some(phone) = &contact.phone {
        let signs = phone.chars().all(|sign| sign.is_ascii_digit() || " +-()./".contains(sign));
        let digits = phone.chars().filter(char::is_ascii_digit).count();
        rules.check(
            signs && (3..=20).contains(&digits) && phone.len() <= 40,
            &format!("{path}.phone"),
            RuleCode::Invalid,
        );
    }
    if let Some(email) = &contact.email {
        let formed = email.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !host.is_empty() && !host.contains('@') && host.contains('.')
        });
        let plain = email.len() <= 254 && !email.chars().any(|sign| sign.is_whitespace() || sign.is_control());
        rules.check(formed && plain, &format!("{path}.email"), RuleCode::Invalid);
    }
    if contact.phone.is_none() && contact.email.is_none() {
        rules.add(Rule::at(&format!("{path}.phone"), RuleCode::Required));
    }
}

/// Notes each item that stood in the list before.
fn twice<T: Ord>(items: &[T], list: &str, rest: &str, rules: &mut Rules) {
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        rules.check(seen.insert(item), &format!("{list}.{index}{rest}"), RuleCode::Invalid);
    }
}
