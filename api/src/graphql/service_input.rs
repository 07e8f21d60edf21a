//! What providers may say about their services, in the schema.

use crate::domain::case::Sex;
use crate::domain::service::{CostKind, LocationKind, ReturnType, Visibility};
use crate::graphql::listing_input::{AccessibilityInput, ServiceListingInput};
use crate::graphql::scalar::{LanguageTag, LocalDate};
use crate::graphql::schedule::OpeningHoursInput;
use async_graphql::{ID, InputObject, MaybeUndefined};

/// A new service of your organization.
#[derive(Debug, Clone, InputObject)]
pub struct PublishServiceInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    pub(super) idempotency_key: String,
    /// The program it is part of; your organization must take part in it.
    pub(super) program_id: Option<ID>,
    /// The category's code; null leaves it unclassified, and then it takes no referrals.
    pub(super) category_code: Option<String>,
    /// Who sees it.
    #[graphql(default_with = "Visibility::Public")]
    pub(super) visibility: Visibility,
    /// The language of the texts here.
    pub(super) language: LanguageTag,
    /// The name, 1 to 200 characters.
    pub(super) name: String,
    /// The description, at most 5,000 characters.
    pub(super) description: Option<String>,
    /// Name and description in more languages, each language once.
    pub(super) translations: Option<Vec<ServiceTranslationInput>>,
    /// How to apply, at most 5,000 characters.
    pub(super) application_process: Option<String>,
    /// Who may come.
    pub(super) eligibility: Option<EligibilityInput>,
    /// The languages spoken.
    pub(super) languages: Option<Vec<LanguageTag>>,
    /// The documents a person has to bring, each of 1 to 200 characters.
    pub(super) required_documents: Option<Vec<String>>,
    /// What it costs the person.
    pub(super) cost: Option<CostInput>,
    /// How partners reach those who give it. Never a named person.
    pub(super) contacts: Option<Vec<ContactRoleInput>>,
    /// Whether you take referrals for it.
    #[graphql(default = true)]
    pub(super) takes_referrals: bool,
    /// Whether you accept people beyond the number of places.
    #[graphql(default = false)]
    pub(super) allows_overbooking: bool,
    /// Whether you keep a waiting list; its order is the one that `waitingListOrder` tells.
    #[graphql(default = false)]
    pub(super) keeps_waiting_list: bool,
    /// Whether a sender may have a place held from sending on, until the decision is due.
    #[graphql(default = false)]
    pub(super) holds_places_at_sending: bool,
    /// Whether a free place is offered by the clock to whoever is first on your waiting list; otherwise you offer it.
    #[graphql(default = false)]
    pub(super) offers_free_places: bool,
    /// Where it is given, at most 50.
    pub(super) locations: Option<Vec<LocationInput>>,
    /// The areas it serves beyond where it is given, at most 200.
    pub(super) served_area_ids: Option<Vec<ID>>,
    /// The last day on which it is funded; from the next day on it takes no referrals. Null where no end is known.
    pub(super) funding_ends: Option<LocalDate>,
    /// When it is given, unless a location says otherwise.
    pub(super) opening_hours: Option<OpeningHoursInput>,
    /// What the directory says of it besides: prices, funders, what must be known at once.
    pub(super) listing: Option<ServiceListingInput>,
    /// How many places it has as a whole; unknown when not given.
    pub(super) capacity: Option<CapacityInput>,
    /// Write a draft, which only your organization sees, instead of publishing.
    pub(super) as_draft: Option<DraftInput>,
}

/// Write a draft. An empty object begins a new one; a draft that is named is written anew as a whole.
#[derive(Debug, Clone, InputObject)]
pub struct DraftInput {
    /// The draft to write anew.
    pub(super) revision_id: Option<ID>,
    /// The draft's version that you read; needed with `revisionId`.
    pub(super) expected_version: Option<i32>,
}

/// A change of a service. What is not given stays as it is; a list takes the place of the whole list.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateServiceInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    pub(super) idempotency_key: String,
    /// The service.
    pub(super) service_id: ID,
    /// The version you read.
    pub(super) expected_version: i32,
    /// The program it is part of; null takes it out of its program.
    pub(super) program_id: MaybeUndefined<ID>,
    /// The category's code; null makes it unclassified, and then it takes no referrals.
    pub(super) category_code: MaybeUndefined<String>,
    /// Who sees it.
    pub(super) visibility: Option<Visibility>,
    /// The language of the texts here.
    pub(super) language: Option<LanguageTag>,
    /// The name, 1 to 200 characters.
    pub(super) name: Option<String>,
    /// The description, at most 5,000 characters.
    pub(super) description: Option<String>,
    /// Name and description in more languages, each language once.
    pub(super) translations: Option<Vec<ServiceTranslationInput>>,
    /// How to apply, at most 5,000 characters.
    pub(super) application_process: Option<String>,
    /// Who may come.
    pub(super) eligibility: Option<EligibilityInput>,
    /// The languages spoken.
    pub(super) languages: Option<Vec<LanguageTag>>,
    /// The documents a person has to bring, each of 1 to 200 characters.
    pub(super) required_documents: Option<Vec<String>>,
    /// What it costs the person.
    pub(super) cost: Option<CostInput>,
    /// How partners reach those who give it. Never a named person.
    pub(super) contacts: Option<Vec<ContactRoleInput>>,
    /// Whether you take referrals for it.
    pub(super) takes_referrals: Option<bool>,
    /// Whether you accept people beyond the number of places.
    pub(super) allows_overbooking: Option<bool>,
    /// Whether you keep a waiting list; its order is the one that `waitingListOrder` tells.
    pub(super) keeps_waiting_list: Option<bool>,
    /// Whether a sender may have a place held from sending on, until the decision is due.
    pub(super) holds_places_at_sending: Option<bool>,
    /// Whether a free place is offered by the clock to whoever is first on your waiting list; otherwise you offer it.
    pub(super) offers_free_places: Option<bool>,
    /// Where it is given, at most 50. A location to which referrals or stated places refer can't be left out: name it
    /// by its `locationId`.
    pub(super) locations: Option<Vec<LocationInput>>,
    /// The areas it serves beyond where it is given, at most 200.
    pub(super) served_area_ids: Option<Vec<ID>>,
    /// The last day on which it is funded; from the next day on it takes no referrals. Null means that no end is known.
    pub(super) funding_ends: MaybeUndefined<LocalDate>,
    /// What the directory says of it besides. What is not given in it stays as it is; a list takes the place of the whole
    /// list, and an empty text says nothing.
    pub(super) listing: Option<ServiceListingInput>,
    /// Write a draft of this change, which only your organization sees; what is published stays.
    pub(super) as_draft: Option<DraftInput>,
    /// When it is given, unless a location says otherwise. It takes the place of all that was said before.
    pub(super) opening_hours: Option<OpeningHoursInput>,
}

/// A name and description in one more language.
#[derive(Debug, Clone, InputObject)]
pub struct ServiceTranslationInput {
    /// The language.
    pub(super) language: LanguageTag,
    /// The name in it, 1 to 200 characters.
    pub(super) name: String,
    /// The description in it, at most 5,000 characters.
    pub(super) description: Option<String>,
}

/// Who may come. What is not said does not exclude anybody.
#[derive(Debug, Clone, InputObject)]
pub struct EligibilityInput {
    /// Youngest age in completed years, 0 to 120.
    pub(super) minimum_age: Option<i32>,
    /// Oldest age in completed years, 0 to 120, not below the youngest.
    pub(super) maximum_age: Option<i32>,
    /// Only persons of this sex.
    pub(super) sex: Option<Sex>,
    /// Only people who returned in one of these ways; empty means all.
    pub(super) return_types: Option<Vec<ReturnType>>,
    /// Whether people who never migrated may come too: false is a condition, and null says nothing.
    pub(super) non_returnees: Option<bool>,
    /// Anything else, at most 5,000 characters.
    pub(super) text: Option<String>,
    /// Conditions in your own words, at most 30, each with a key by which a decline cites it.
    pub(super) criteria: Option<Vec<StatedCriterionInput>>,
}

/// A condition in your own words.
#[derive(Debug, Clone, InputObject)]
pub struct StatedCriterionInput {
    /// By which it is cited and stays known: 1 to 40 capital letters, digits and underscores, once in a service, and not
    /// the name of a kind of condition such as AGE.
    pub(super) key: String,
    /// What must be so, in the service's language, 1 to 500 characters.
    pub(super) text: String,
    /// The same in more languages, each language once.
    pub(super) translations: Option<Vec<CriterionTranslationInput>>,
}

/// A condition in one more language.
#[derive(Debug, Clone, InputObject)]
pub struct CriterionTranslationInput {
    /// The language.
    pub(super) language: LanguageTag,
    /// The condition in it, 1 to 500 characters.
    pub(super) text: String,
}

/// What a service costs the person.
#[derive(Debug, Clone, InputObject)]
pub struct CostInput {
    /// Whether it costs something.
    pub(super) kind: CostKind,
    /// How much and when, at most 500 characters.
    pub(super) text: Option<String>,
}

/// How to reach those who give a service. A role, never a named person; a phone number, an e-mail address or both.
#[derive(Debug, Clone, InputObject)]
pub struct ContactRoleInput {
    /// The role, such as intake desk, 1 to 100 characters.
    pub(super) role: String,
    /// A phone number: 3 to 20 digits, with blanks and + - ( ) . / between them.
    pub(super) phone: Option<String>,
    /// An e-mail address.
    pub(super) email: Option<String>,
}

/// A place or channel where a service is given.
#[derive(Debug, Clone, InputObject)]
pub struct LocationInput {
    /// A location that your organization has already; it is changed to what is said here. Null makes a new one.
    pub(super) location_id: Option<ID>,
    /// What kind of place it is.
    pub(super) kind: LocationKind,
    /// The name, 1 to 200 characters.
    pub(super) name: String,
    /// The address, at most 500 characters; none for a confidential place.
    pub(super) address: Option<String>,
    /// The area it lies in.
    pub(super) area_id: Option<ID>,
    /// Degrees north of the equator, −90 to 90; with `longitude` or not at all, and not for a confidential place.
    pub(super) latitude: Option<f64>,
    /// Degrees east of Greenwich, −180 to 180; with `latitude` or not at all, and not for a confidential place.
    pub(super) longitude: Option<f64>,
    /// When the service is given there; none for a confidential place. It takes the place of all that was said before; without it, that stays.
    pub(super) opening_hours: Option<OpeningHoursInput>,
    /// How one gets there, at most 500 characters; not for a confidential place. Without it, what was said stays.
    pub(super) transportation: Option<String>,
    /// How it can be reached and used, at most 50; not for a confidential place. Without it, what was said stays.
    pub(super) accessibility: Option<Vec<AccessibilityInput>>,
}

/// How many places there are.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct CapacityInput {
    /// All places, 0 to 1,000,000; null means unknown, which does not limit.
    pub(super) total: Option<i32>,
    /// Places filled by other ways than referrals here, 0 to 1,000,000.
    pub(super) taken_elsewhere: Option<i32>,
}
