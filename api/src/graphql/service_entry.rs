//! From what providers say in the schema to an entry of the directory, with every broken rule at its field.

use crate::domain::criterion::StatedCriterion;
use crate::domain::global_id::Kind;
use crate::domain::id::{AreaId, ServiceId};
use crate::domain::language_tag::canonical_tag;
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::domain::service as domain;
use crate::domain::service_entry::{CheckedEntry, PlaceEntry, Places, ServiceEntry};
use crate::graphql::context::canonical;
use crate::graphql::scalar::{self, LanguageTag, LocalDate};
use crate::graphql::service_input::{
    CapacityInput, ContactRoleInput, CostInput, EligibilityInput, LocationInput, PublishServiceInput,
    ServiceTranslationInput, StatedCriterionInput, UpdateServiceInput,
};
use crate::usecase::service::Target;
use async_graphql::{ID, MaybeUndefined};
use uuid::Uuid;

impl PublishServiceInput {
    /// What was said, if it keeps the rules that can be judged at once.
    ///
    /// # Errors
    /// All broken rules.
    pub fn checked(self) -> Outcome<(CheckedEntry, Option<Places>)> {
        let mut rules = Rules::default();
        let capacity = self.capacity.map(Places::from);
        let entry = ServiceEntry {
            program: Some(self.program_id.and_then(|id| key(Kind::Program, &id, "programId", &mut rules))),
            category: Some(self.category_code),
            visibility: Some(self.visibility),
            language: tag(&self.language, "language", &mut rules),
            name: Some(trimmed(&self.name)),
            description: self.description.as_deref().map(trimmed),
            translations: translations(self.translations, &mut rules),
            application_process: self.application_process.as_deref().map(trimmed),
            eligibility: self.eligibility.map(Into::into),
            languages: tags(self.languages, &mut rules),
            required_documents: self.required_documents.map(|all| all.iter().map(|text| trimmed(text)).collect()),
            cost: self.cost.map(Into::into),
            contacts: self.contacts.map(|all| all.into_iter().map(Into::into).collect()),
            takes_referrals: Some(self.takes_referrals),
            allows_overbooking: Some(self.allows_overbooking),
            keeps_waiting_list: Some(self.keeps_waiting_list),
            holds_places_at_sending: Some(self.holds_places_at_sending),
            offers_free_places: Some(self.offers_free_places),
            places: places(self.locations, &mut rules),
            areas: areas(self.served_area_ids, &mut rules),
            funding_ends: Some(self.funding_ends.map(LocalDate::store)),
            schedules: self.opening_hours.map(|hours| hours.schedules("openingHours", &mut rules)),
            listing: self.listing.map(Into::into).unwrap_or_default(),
        };
        if let Some(capacity) = capacity {
            capacity.check("capacity.", &mut rules);
        }
        Ok((entry.checked_new(rules)?, capacity))
    }
}

impl UpdateServiceInput {
    /// The whole input as text. In it, what was not given is told apart from what was given as null.
    #[must_use]
    pub fn said(&self) -> String {
        let silent =
            [self.program_id.is_undefined(), self.category_code.is_undefined(), self.funding_ends.is_undefined()];
        format!("{} {silent:?}", canonical(self))
    }

    /// What was said and about which service, if it keeps the rules that can be judged at once.
    ///
    /// # Errors
    /// All broken rules.
    pub fn checked(self) -> Outcome<(Target, CheckedEntry)> {
        let target = target(&self.service_id, self.expected_version)?;
        let mut rules = Rules::default();
        let program = given(self.program_id);
        let entry = ServiceEntry {
            program: program.map(|id| id.and_then(|id| key(Kind::Program, &id, "programId", &mut rules))),
            category: given(self.category_code),
            visibility: self.visibility,
            language: self.language.and_then(|language| tag(&language, "language", &mut rules)),
            name: self.name.as_deref().map(trimmed),
            description: self.description.as_deref().map(trimmed),
            translations: translations(self.translations, &mut rules),
            application_process: self.application_process.as_deref().map(trimmed),
            eligibility: self.eligibility.map(Into::into),
            languages: tags(self.languages, &mut rules),
            required_documents: self.required_documents.map(|all| all.iter().map(|text| trimmed(text)).collect()),
            cost: self.cost.map(Into::into),
            contacts: self.contacts.map(|all| all.into_iter().map(Into::into).collect()),
            takes_referrals: self.takes_referrals,
            allows_overbooking: self.allows_overbooking,
            keeps_waiting_list: self.keeps_waiting_list,
            holds_places_at_sending: self.holds_places_at_sending,
            offers_free_places: self.offers_free_places,
            places: places(self.locations, &mut rules),
            areas: areas(self.served_area_ids, &mut rules),
            funding_ends: given(self.funding_ends).map(|day| day.map(LocalDate::store)),
            schedules: self.opening_hours.map(|hours| hours.schedules("openingHours", &mut rules)),
            listing: self.listing.map(Into::into).unwrap_or_default(),
        };
        Ok((target, entry.checked(rules)?))
    }
}

/// The service that is meant.
///
/// # Errors
/// INVALID at `serviceId` for an identifier of another kind.
pub fn target(id: &ID, expected_version: i32) -> Outcome<Target> {
    let service = scalar::key(Kind::Service, id).map(ServiceId::from);
    let service = service.ok_or_else(|| Rule::at("serviceId", RuleCode::Invalid))?;
    Ok(Target { service, expected_version })
}

/// The key of an identifier; of another kind's, INVALID is noted at `path`.
pub fn key<K: From<Uuid>>(kind: Kind, id: &ID, path: &str, rules: &mut Rules) -> Option<K> {
    let key = scalar::key(kind, id);
    rules.check(key.is_some(), path, RuleCode::Invalid);
    key.map(K::from)
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

fn optional(text: Option<String>) -> Option<String> {
    text.as_deref().map(trimmed).filter(|text| !text.is_empty())
}

fn given<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

fn tag(tag: &LanguageTag, path: &str, rules: &mut Rules) -> Option<String> {
    let canonical = canonical_tag(&tag.0);
    rules.check(canonical.is_some(), path, RuleCode::Invalid);
    canonical
}

fn tags(all: Option<Vec<LanguageTag>>, rules: &mut Rules) -> Option<Vec<String>> {
    let read = |(index, one): (usize, &LanguageTag)| tag(one, &format!("languages.{index}"), rules);
    all.map(|all| all.iter().enumerate().filter_map(read).collect())
}

fn translations(
    all: Option<Vec<ServiceTranslationInput>>,
    rules: &mut Rules,
) -> Option<Vec<(String, domain::ServiceTexts)>> {
    let read = |(index, one): (usize, ServiceTranslationInput)| {
        let description = one.description.as_deref().map(trimmed).unwrap_or_default();
        let texts = domain::ServiceTexts { name: trimmed(&one.name), description };
        tag(&one.language, &format!("translations.{index}.language"), rules).map(|tag| (tag, texts))
    };
    all.map(|all| all.into_iter().enumerate().filter_map(read).collect())
}

fn areas(all: Option<Vec<ID>>, rules: &mut Rules) -> Option<Vec<AreaId>> {
    let read = |(index, id): (usize, &ID)| key(Kind::Area, id, &format!("servedAreaIds.{index}"), rules);
    all.map(|all| all.iter().enumerate().filter_map(read).collect())
}

fn places(all: Option<Vec<LocationInput>>, rules: &mut Rules) -> Option<Vec<PlaceEntry>> {
    let read = |(index, one): (usize, LocationInput)| {
        let path = format!("locations.{index}");
        let location = one.location_id.map(|id| key(Kind::Location, &id, &format!("{path}.locationId"), rules));
        let area = one.area_id.map(|id| key(Kind::Area, &id, &format!("{path}.areaId"), rules));
        PlaceEntry {
            location: location.flatten(),
            kind: one.kind,
            name: trimmed(&one.name),
            address: one.address.as_deref().map(trimmed).unwrap_or_default(),
            area: area.flatten(),
            latitude: one.latitude,
            longitude: one.longitude,
            schedules: one.opening_hours.map(|hours| hours.schedules(&format!("{path}.openingHours"), rules)),
            transportation: one.transportation.as_deref().map(trimmed),
            accessibility: one.accessibility.map(|all| all.into_iter().map(Into::into).collect()),
        }
    };
    all.map(|all| all.into_iter().enumerate().map(read).collect())
}

impl From<CapacityInput> for Places {
    fn from(input: CapacityInput) -> Self {
        Self { total: input.total, taken_elsewhere: input.taken_elsewhere }
    }
}

impl From<EligibilityInput> for domain::Eligibility {
    fn from(input: EligibilityInput) -> Self {
        Self {
            minimum_age: input.minimum_age,
            maximum_age: input.maximum_age,
            sex: input.sex,
            return_types: input.return_types.unwrap_or_default(),
            non_returnees: input.non_returnees,
            text: input.text.as_deref().map(trimmed).unwrap_or_default(),
            criteria: input.criteria.unwrap_or_default().into_iter().map(Into::into).collect(),
        }
    }
}

impl From<StatedCriterionInput> for StatedCriterion {
    fn from(input: StatedCriterionInput) -> Self {
        let translations = input.translations.unwrap_or_default();
        let tagged = translations.iter().filter_map(|one| Some((canonical_tag(&one.language.0)?, trimmed(&one.text))));
        Self { key: trimmed(&input.key), text: trimmed(&input.text), translations: tagged.collect() }
    }
}

impl From<CostInput> for domain::Cost {
    fn from(input: CostInput) -> Self {
        Self { kind: input.kind, text: input.text.as_deref().map(trimmed).unwrap_or_default() }
    }
}

impl From<ContactRoleInput> for domain::ContactRole {
    fn from(input: ContactRoleInput) -> Self {
        Self { role: trimmed(&input.role), phone: optional(input.phone), email: optional(input.email) }
    }
}
