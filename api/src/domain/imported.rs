//! Organizations with their services as an import wants them to stand here.

use crate::domain::id::{AreaId, LocationId, OrganizationId, ServiceAtLocationId, ServiceId};
use crate::domain::listing::{Accessibility, CostOption, Funding, OrganizationIdentifier};
use crate::domain::organization::OrganizationKind;
use crate::domain::schedule::Schedule;
use crate::domain::service::{
    ContactRole, Cost, Dimension, Eligibility, Level, LocationKind, ServiceStatus, Visibility,
};
use serde::Serialize;

/// An organization. Its services and locations stand beside it.
#[derive(Debug, Clone, Serialize)]
pub struct ImportedOrganization {
    pub id: OrganizationId,
    pub name: String,
    pub description: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub website: Option<String>,
    /// For operators; never shown.
    pub email: Option<String>,
    /// What it is; nothing where the source does not say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<OrganizationKind>,
    pub alternate_name: String,
    pub identifiers: Vec<OrganizationIdentifier>,
    /// When it last changed at the latest, UTC microseconds, if what the source says of that is to be kept. It is not
    /// itself something to change.
    #[serde(skip)]
    pub changed_at: Option<i64>,
}

/// Places as the source states them.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct StatedPlaces {
    pub total: i32,
    pub taken_elsewhere: i32,
    /// When they were counted, UTC microseconds; nothing where the source does not say.
    pub as_of: Option<i64>,
}

/// A service. Nobody here has confirmed it.
#[derive(Debug, Clone, Serialize)]
pub struct ImportedService {
    pub id: ServiceId,
    pub status: ServiceStatus,
    pub visibility: Visibility,
    /// BCP 47 tag of the texts.
    pub language: String,
    pub name: String,
    pub description: String,
    pub application_process: String,
    pub eligibility: Eligibility,
    pub languages: Vec<String>,
    pub required_documents: Vec<String>,
    pub cost: Cost,
    pub contacts: Vec<ContactRole>,
    pub takes_referrals: bool,
    /// Code, dimension and level of its category; nothing leaves it unclassified.
    pub category: Option<(String, Dimension, Level)>,
    /// Areas served.
    pub areas: Vec<AreaId>,
    pub capacity: Option<StatedPlaces>,
    /// When the source last changed it, UTC microseconds, if that is to be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<i64>,
    pub places: Vec<ImportedPlace>,
    pub schedules: Vec<Schedule>,
    pub listing: ImportedListing,
}

/// What a directory says of a service beside what referrals need.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImportedListing {
    pub alternate_name: String,
    pub url: Option<String>,
    pub alert: String,
    pub accreditations: String,
    pub interpretation: String,
    pub cost_options: Vec<CostOption>,
    pub funding: Vec<Funding>,
}

/// A service at a location.
#[derive(Debug, Clone, Serialize)]
pub struct ImportedPlace {
    /// Its id in the source, within that of its service.
    pub source_id: String,
    pub id: ServiceAtLocationId,
    pub location: LocationId,
    /// The fingerprint of that location, so that a service changes with where it is given.
    pub location_fingerprint: String,
    pub schedules: Vec<Schedule>,
}

/// A location of an organization.
#[derive(Debug, Clone, Serialize)]
pub struct ImportedLocation {
    pub id: LocationId,
    pub kind: LocationKind,
    pub name: String,
    pub address: String,
    pub area: Option<AreaId>,
    /// WGS 84 degrees; present exactly if the longitude is.
    pub latitude: Option<f64>,
    /// WGS 84 degrees; present exactly if the latitude is.
    pub longitude: Option<f64>,
    pub schedules: Vec<Schedule>,
    pub transportation: String,
    pub accessibility: Vec<Accessibility>,
}

/// What an import remembers of a row of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The row here.
    pub row: uuid::Uuid,
    /// The fingerprint of what was written.
    pub fingerprint: String,
    /// The version that was written; 0 for rows without one.
    pub version: i32,
}
