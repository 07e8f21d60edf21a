//! Services: what an organization offers, to whom, where and with how many places.

pub use crate::domain::capacity::{Capacity, CoverageCell, stepped};

use crate::domain::area::Area;
use crate::domain::case::Sex;
use crate::domain::code::codes;
use crate::domain::criterion::StatedCriterion;
use crate::domain::id::{LocationId, OrganizationId, ProgramId, ServiceAtLocationId, ServiceId};
use crate::domain::listing::{Accessibility, CostOption, Funding};
use crate::domain::organization::{Organization, ServiceProgram, Translations};
use crate::domain::schedule::Schedule;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

codes! {
    /// The dimension of reintegration that a service or need belongs to.
    pub enum Dimension {
        /// Economic life and livelihoods.
        Economic = "ECONOMIC",
        /// Access to housing, health, education, documents, justice and social protection.
        Social = "SOCIAL",
        /// Support networks, mental health, belonging.
        Psychosocial = "PSYCHOSOCIAL",
    }
}

codes! {
    /// The level at which a service works.
    pub enum Level {
        /// For returnees and their families.
        Individual = "INDIVIDUAL",
        /// For communities, those who never left included.
        Community = "COMMUNITY",
        /// For the authorities and systems that make reintegration possible.
        Structural = "STRUCTURAL",
    }
}

codes! {
    /// Whether a service is on offer.
    pub enum ServiceStatus {
        /// On offer.
        Published = "PUBLISHED",
        /// Not taking anybody for the time being.
        Paused = "PAUSED",
        /// Ended; kept for history.
        Retired = "RETIRED",
    }
}

codes! {
    /// Who sees a service in the directory.
    pub enum Visibility {
        /// Everybody, without a token.
        Public = "PUBLIC",
        /// Organizations that take part. For shelters and services whose place or theme must not be public.
        Partners = "PARTNERS",
        /// Only the organization that gives it.
        Own = "OWN",
    }
}

codes! {
    /// What kind of place a location is.
    pub enum LocationKind {
        /// A place people come to.
        Physical = "PHYSICAL",
        /// By phone or online.
        Virtual = "VIRTUAL",
        /// A place that is never shown: it has no point and no address.
        Confidential = "CONFIDENTIAL",
    }
}

codes! {
    /// How a person returned, as a service may restrict it. Derived from separate facts; see the case.
    pub enum ReturnType {
        /// Assisted voluntary return and reintegration.
        Avrr = "AVRR",
        /// Voluntary humanitarian return.
        Vhr = "VHR",
        /// Return without assistance.
        Spontaneous = "SPONTANEOUS",
        /// Forced return.
        Forced = "FORCED",
        /// Not specified.
        Unspecified = "UNSPECIFIED",
    }
}

codes! {
    /// What a service costs the person.
    pub enum CostKind {
        /// Nothing.
        Free = "FREE",
        /// Something, as the text says.
        Paid = "PAID",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

/// A category of the taxonomy: a term of one of its editions, a group of terms, or a local term below one of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Category {
    pub code: String,
    pub dimension: Dimension,
    pub level: Level,
    pub labels: Translations,
    /// The term right above.
    pub parent: Option<String>,
    /// Whether it only gathers the terms below: nothing is classified under it itself.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_group: bool,
    /// The standard term as which it counts in all figures: itself, or for a local term the one above.
    pub standard: String,
    /// The edition in which it appeared.
    pub edition: String,
    /// First day on which it may be used.
    pub valid_from: String,
    /// Last day on which it may be used, where it is retired. Retired terms stay.
    pub valid_to: Option<String>,
    /// What to use in the place of a retired term.
    pub successor: Option<String>,
    /// Who added a local term.
    pub organization_id: Option<OrganizationId>,
    /// The program whose partners share a local term; without one it is its organization's own.
    pub program_id: Option<ProgramId>,
    pub version: i32,
}

/// Who may come. Everything is optional; what is not said does not exclude anybody.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Eligibility {
    /// Youngest age in completed years, 0 to 120.
    pub minimum_age: Option<i32>,
    /// Oldest age in completed years, 0 to 120.
    pub maximum_age: Option<i32>,
    /// Only persons of this sex.
    pub sex: Option<Sex>,
    /// Only these return types; empty means all.
    #[serde(default)]
    pub return_types: Vec<ReturnType>,
    /// Whether people who never migrated may come; nothing where that is not said.
    #[serde(default)]
    pub non_returnees: Option<bool>,
    /// Anything else, in the service's language.
    #[serde(default)]
    pub text: String,
    /// Conditions in the provider's own words, each with a key by which it is cited.
    #[serde(default)]
    pub criteria: Vec<StatedCriterion>,
}

/// What it costs. A row that says nothing means unknown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cost {
    pub kind: CostKind,
    pub text: String,
}

impl Default for Cost {
    fn default() -> Self {
        Self { kind: CostKind::Unknown, text: String::new() }
    }
}

/// A contact role of a service, never a named person. Shown to partners, not to the public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRole {
    pub role: String,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// A name and description in one more language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceTexts {
    pub name: String,
    #[serde(default)]
    pub description: String,
}

/// A place or channel.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Location {
    pub id: LocationId,
    pub kind: LocationKind,
    pub name: String,
    pub address: String,
    pub area: Option<Area>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// When it is open, whatever is given there.
    pub schedules: Vec<Schedule>,
    /// How one gets there.
    pub transportation: String,
    pub accessibility: Vec<Accessibility>,
}

/// A service at one location: a point on the map and a destination of referrals.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceAtLocation {
    pub id: ServiceAtLocationId,
    pub location: Location,
    /// When the service is given there, where that is said for itself.
    pub schedules: Vec<Schedule>,
    /// Those of the service as a whole.
    pub inherited: Vec<Schedule>,
}

impl ServiceAtLocation {
    /// When the service is given there: by what is said of it there, or else of the place, or else of the service.
    #[must_use]
    pub fn effective_schedules(&self) -> &[Schedule] {
        [&self.schedules, &self.location.schedules].into_iter().find(|all| !all.is_empty()).unwrap_or(&self.inherited)
    }
}

/// A service as the directory shows it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Service {
    pub id: ServiceId,
    pub organization: Organization,
    pub program_id: Option<ProgramId>,
    /// The program with its name, where that was read.
    pub program: Option<ServiceProgram>,
    pub category: Option<Category>,
    pub status: ServiceStatus,
    /// Why it is paused, if it is; told to partners, not to the public.
    pub pause_reason: Option<String>,
    pub visibility: Visibility,
    /// BCP 47 tag of the base texts.
    pub language: String,
    pub name: String,
    pub description: String,
    pub translations: BTreeMap<String, ServiceTexts>,
    pub application_process: String,
    pub eligibility: Eligibility,
    /// BCP 47 tags of the languages spoken.
    pub languages: Vec<String>,
    pub required_documents: Vec<String>,
    pub cost: Cost,
    pub contacts: Vec<ContactRole>,
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub takes_referrals: bool,
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub allows_overbooking: bool,
    /// Whether people wait for a place, in the published order.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub keeps_waiting_list: bool,
    /// Whether a place may be held for a referral from sending on.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub holds_places_at_sending: bool,
    /// Whether the clock offers free places to those who wait.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub offers_free_places: bool,
    /// The day on which a member last confirmed the entry.
    pub assured_on: Option<String>,
    /// The last day on which it is funded, ISO 8601; nothing where no end is known.
    pub funding_ends: Option<String>,
    /// After how many days it is stale, where its program says so.
    pub max_age_days: Option<i32>,
    /// Where it was imported from, if it was.
    pub source: Option<String>,
    pub places: Vec<ServiceAtLocation>,
    pub areas: Vec<Area>,
    pub capacities: Vec<Capacity>,
    /// When it is given, unless a place says otherwise.
    pub schedules: Vec<Schedule>,
    /// Another name; empty where there is none.
    pub alternate_name: String,
    /// Its page in the web.
    pub url: Option<String>,
    /// What must be known at once, such as that it is closed for a day.
    pub alert: String,
    /// Who has tested or allowed it.
    pub accreditations: String,
    /// Which languages are interpreted, and how.
    pub interpretation: String,
    pub cost_options: Vec<CostOption>,
    pub funding: Vec<Funding>,
    pub version: i32,
    pub published_at: i64,
    pub created_at: i64,
    pub updated_at: i64,
    /// How far its nearest place is from the point that was searched around, in meters; nothing elsewhere.
    pub distance: Option<i64>,
}

/// After how many days without a confirmation a service is stale, unless configured otherwise.
pub const MAX_AGE_DAYS: i32 = 90;

/// After how many days without a word from the provider a capacity is outdated.
pub const CAPACITY_MAX_AGE_DAYS: i64 = 14;

codes! {
    /// Why a service takes no referrals now.
    pub enum ClosedBecause {
        /// It is paused or retired.
        NotOffered = "NOT_OFFERED",
        /// The provider does not take referrals for it.
        NoReferrals = "NO_REFERRALS",
        /// It has no category yet.
        Unclassified = "UNCLASSIFIED",
        /// Nobody confirmed it in time.
        Stale = "STALE",
        /// Its funding has ended.
        FundingEnded = "FUNDING_ENDED",
    }
}

impl Service {
    /// Whether the last confirmation is too old, or never happened.
    #[must_use]
    pub fn is_stale(&self, today: Date, max_age_days: i32) -> bool {
        self.assured_on
            .as_deref()
            .and_then(|day| day.parse::<Date>().ok())
            .is_none_or(|day| today.since(day).map_or(true, |span| span.get_days() > self.max_age(max_age_days)))
    }

    /// After how many days without a confirmation it is stale: its program's word, or else the server's.
    #[must_use]
    pub fn max_age(&self, max_age_days: i32) -> i32 {
        self.max_age_days.unwrap_or(max_age_days)
    }

    /// Whether the last day on which it is funded has passed.
    #[must_use]
    pub fn is_unfunded(&self, today: Date) -> bool {
        self.funding_ends.as_deref().is_some_and(|day| day < today.to_string().as_str())
    }

    /// Why no referral can be sent to it today; nothing when one can.
    #[must_use]
    pub fn closed_because(&self, today: Date, max_age_days: i32) -> Option<ClosedBecause> {
        if self.status != ServiceStatus::Published {
            Some(ClosedBecause::NotOffered)
        } else if self.category.is_none() {
            Some(ClosedBecause::Unclassified)
        } else if !self.takes_referrals {
            Some(ClosedBecause::NoReferrals)
        } else if self.is_unfunded(today) {
            Some(ClosedBecause::FundingEnded)
        } else if self.is_stale(today, max_age_days) {
            Some(ClosedBecause::Stale)
        } else {
            None
        }
    }

    /// The capacity that a referral to `place` consumes: the most specific one.
    #[must_use]
    pub fn capacity_for(&self, place: Option<ServiceAtLocationId>) -> Option<&Capacity> {
        let at = |wanted: Option<ServiceAtLocationId>| {
            self.capacities.iter().find(move |capacity| capacity.service_at_location_id == wanted)
        };
        place.and_then(|place| at(Some(place))).or_else(|| at(None))
    }

    /// Free places over all capacities that state them; nothing when none does.
    #[must_use]
    pub fn open_places(&self) -> Option<i64> {
        let stated: Vec<i64> = self.capacities.iter().filter_map(Capacity::free).map(i64::from).collect();
        (!stated.is_empty()).then(|| stated.iter().sum())
    }

    /// The same as it is told to whoever does not give it: in steps.
    #[must_use]
    pub fn open_places_for_others(&self) -> Option<i64> {
        let stated = self.capacities.iter().filter_map(Capacity::free).map(|free| i64::from(stepped(free)));
        let stated: Vec<i64> = stated.collect();
        (!stated.is_empty()).then(|| stated.iter().sum())
    }

    /// When it is given anywhere: at its places, or by its own schedules where it has none.
    #[must_use]
    pub fn effective_schedules(&self) -> Vec<&Schedule> {
        if self.places.is_empty() {
            return self.schedules.iter().collect();
        }
        self.places.iter().flat_map(ServiceAtLocation::effective_schedules).collect()
    }

    /// Whether `organization` gives this service.
    #[must_use]
    pub fn belongs_to(&self, organization: OrganizationId) -> bool {
        self.organization.id == organization
    }
}
