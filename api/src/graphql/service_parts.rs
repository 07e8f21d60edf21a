//! The parts of a service in the schema.

use crate::domain::global_id::Kind;
use crate::domain::schedule::Schedule;
use crate::domain::service::{self as domain, CostKind, LocationKind, ReturnType};
use crate::graphql::area::Area;
use crate::graphql::listing::Accessibility;
use crate::graphql::scalar::{self, DateTime, LanguageTag};
use async_graphql::{ID, SimpleObject};

/// A name and description in one more language.
#[derive(Debug, Clone, SimpleObject)]
pub struct ServiceTranslation {
    /// The language.
    pub language: LanguageTag,
    /// The name in it.
    pub name: String,
    /// The description in it; empty where it is not said.
    pub description: String,
}

/// Who may come. What is not said does not exclude anybody.
#[derive(Debug, Clone, SimpleObject)]
pub struct Eligibility {
    /// Youngest age in completed years, 0 to 120.
    pub minimum_age: Option<i32>,
    /// Oldest age in completed years, 0 to 120.
    pub maximum_age: Option<i32>,
    /// Only persons of this sex; null means all.
    pub sex: Option<crate::domain::case::Sex>,
    /// Only people who returned in one of these ways; empty means all.
    pub return_types: Vec<ReturnType>,
    /// Whether it is said that people who never migrated may come too. Where nothing is said of them, nobody is left out:
    /// then no condition `RETURNEES` stands in `service.criteria`.
    pub non_returnees: bool,
    /// Anything else, in the service's language; empty where there is nothing. Conditions with a key of their own are
    /// in `service.criteria`.
    pub text: String,
}

impl From<&domain::Eligibility> for Eligibility {
    fn from(from: &domain::Eligibility) -> Self {
        Self {
            minimum_age: from.minimum_age,
            maximum_age: from.maximum_age,
            sex: from.sex,
            return_types: from.return_types.clone(),
            non_returnees: from.non_returnees == Some(true),
            text: from.text.clone(),
        }
    }
}

/// What a service costs the person.
#[derive(Debug, Clone, SimpleObject)]
pub struct Cost {
    /// Whether it costs something.
    pub kind: CostKind,
    /// How much and when, in the service's language; empty where it is not said.
    pub text: String,
}

/// How to reach those who give a service. A role, never a named person.
#[derive(Debug, Clone, SimpleObject)]
pub struct ContactRole {
    /// The role, such as intake desk.
    pub role: String,
    /// A phone number.
    pub phone: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
}

impl From<&domain::ContactRole> for ContactRole {
    fn from(from: &domain::ContactRole) -> Self {
        Self { role: from.role.clone(), phone: from.phone.clone(), email: from.email.clone() }
    }
}

/// A place or channel where services are given.
#[derive(Debug, Clone, SimpleObject)]
pub struct Location {
    /// The global identifier.
    #[graphql(owned)]
    pub id: ID,
    /// What kind of place it is.
    pub kind: LocationKind,
    /// The name.
    pub name: String,
    /// The address; empty where it is not said, and always for a confidential place.
    pub address: String,
    /// The area it lies in.
    pub area: Option<Area>,
    /// Degrees north of the equator, −90 to 90; null for a confidential place.
    pub latitude: Option<f64>,
    /// Degrees east of Greenwich, −180 to 180; null for a confidential place.
    pub longitude: Option<f64>,
    /// How one gets there; empty where it is not said, and always for a confidential place.
    pub transportation: String,
    /// How it can be reached and used; empty always for a confidential place.
    pub accessibility: Vec<Accessibility>,
}

/// A service at one location: a point on the map and a destination of referrals.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(complex)]
pub struct ServiceAtLocation {
    /// The global identifier.
    #[graphql(owned)]
    pub id: ID,
    /// The location.
    pub location: Location,
    #[graphql(skip)]
    pub(super) hours: Vec<Schedule>,
}

impl From<&domain::Location> for Location {
    fn from(location: &domain::Location) -> Self {
        let hidden = location.kind == LocationKind::Confidential;
        Self {
            id: scalar::id(Kind::Location, location.id),
            kind: location.kind,
            name: location.name.clone(),
            address: location.address.clone(),
            area: location.area.clone().map(Area::of),
            latitude: location.latitude,
            longitude: location.longitude,
            transportation: if hidden { String::new() } else { location.transportation.clone() },
            accessibility: location.accessibility.iter().map(Into::into).collect(),
        }
    }
}

impl ServiceAtLocation {
    /// A place as it is told to everybody, or to those who are known.
    pub(super) fn told(place: &domain::ServiceAtLocation, public: bool) -> Self {
        let mut told = Self::from(place);
        if public && place.location.kind == LocationKind::Confidential {
            told.location.name.clear();
        }
        told
    }
}

impl From<&domain::ServiceAtLocation> for ServiceAtLocation {
    fn from(place: &domain::ServiceAtLocation) -> Self {
        let hours = place.effective_schedules().to_vec();
        Self { id: scalar::id(Kind::ServiceAtLocation, place.id), location: (&place.location).into(), hours }
    }
}

/// The places of a service, as a whole or at one location. A referral takes from the most specific one.
#[derive(Debug, Clone, SimpleObject)]
pub struct Capacity {
    /// Where these places are; null for the service as a whole.
    pub service_at_location: Option<ServiceAtLocation>,
    /// All places; null means unknown, which does not limit. Rounded down for whoever does not give the service.
    pub total: Option<i32>,
    /// Places that the provider filled by other ways; 0 for whoever does not give the service.
    pub taken_elsewhere: i32,
    /// Places taken by referrals accepted here. For whoever does not give the service, what the rounded numbers leave.
    pub taken: i32,
    /// Places offered and not yet answered; 0 for whoever does not give the service.
    pub held: i32,
    /// Places left, never below zero; null when the total is unknown. Rounded down for whoever does not give the service.
    pub free: Option<i32>,
    /// When the provider last stated it.
    pub as_of: DateTime,
    /// Whether it was stated more than 14 days ago, so that it tells little.
    pub is_outdated: bool,
}

impl Capacity {
    /// Those of a service as they are told to whoever gives it, or to others.
    pub(super) fn all(service: &domain::Service, gives: bool, now: i64) -> Vec<Self> {
        let told = |capacity: &domain::Capacity| if gives { capacity.clone() } else { capacity.for_others() };
        service.capacities.iter().map(|capacity| Self::of(service, &told(capacity), now)).collect()
    }

    /// A capacity of `service` as it stands at `now`, UTC microseconds.
    #[must_use]
    pub fn of(service: &domain::Service, capacity: &domain::Capacity, now: i64) -> Self {
        let place = |id| service.places.iter().find(|place| place.id == id).map(ServiceAtLocation::from);
        Self {
            service_at_location: capacity.service_at_location_id.and_then(place),
            total: capacity.total,
            taken_elsewhere: capacity.taken_elsewhere,
            taken: capacity.taken,
            held: capacity.held,
            free: capacity.free(),
            as_of: DateTime(capacity.as_of),
            is_outdated: capacity.is_outdated(now),
        }
    }
}

/// What you may do with a service now.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub struct ServicePermissions {
    /// Whether you can send referrals to it: it takes them today, and your roles or scopes allow sending.
    pub refer: bool,
    /// Whether you can change, pause and resume it.
    pub update: bool,
    /// Whether you can confirm it and report its places.
    pub verify: bool,
    /// Whether you can retire it.
    pub retire: bool,
}
