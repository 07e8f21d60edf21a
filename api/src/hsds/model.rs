//! The neutral shape of a directory: what both forms of HSDS are brought into.
//!
//! Lists are sorted and free of repetitions, so that equal contents give equal
//! structs and equal hashes in whatever order the source wrote them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::report::ReportRow;
use super::times::Times;
use crate::domain::listing::{Accessibility, CostOption, Funding, OrganizationIdentifier};

/// A directory as read: what was taken and what was not.
#[derive(Debug, Clone, PartialEq)]
pub struct Directory {
    /// Organizations by source id; one without services is kept.
    pub organizations: Vec<Organization>,
    /// One row for each thing not taken, in the order met.
    pub refused: Vec<ReportRow>,
}

/// One organization with its services.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Organization {
    /// Id in the source; a UUID in most but not in all directories.
    pub source_id: String,
    /// Name, one line, never empty.
    pub name: String,
    /// Another name, often the short form.
    pub alternate_name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// Absolute http(s) address.
    pub website: Option<String>,
    /// Mailbox of a role such as `info@`; never that of a person.
    pub email: Option<String>,
    /// ISO 3166-1 alpha-2, upper case; the standard has no place for it, our own exports have.
    pub country: Option<String>,
    /// Terms attached to it.
    pub terms: Vec<Term>,
    /// Under which numbers others know it.
    pub identifiers: Vec<OrganizationIdentifier>,
    /// Services by source id.
    pub services: Vec<Service>,
    /// SHA-256, lower-case hexadecimal, of everything above.
    #[serde(skip)]
    pub content_hash: String,
}

/// Whether a service runs, as the source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// It runs.
    Active,
    /// It does not run, or the source did not say.
    Inactive,
    /// It has ended.
    Defunct,
    /// It is closed for a time.
    TemporarilyClosed,
}

/// One service of an organization.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Service {
    /// Id in the source.
    pub source_id: String,
    /// Name, one line, never empty.
    pub name: String,
    /// What is offered.
    pub description: Option<String>,
    /// Whether it runs; [`Status::Inactive`] where the source does not say.
    pub status: Status,
    /// Absolute http(s) address.
    pub url: Option<String>,
    /// How to apply.
    pub application_process: Option<String>,
    /// For whom it is.
    pub eligibility_description: Option<String>,
    /// Youngest age in full years, 0 to 150.
    pub minimum_age: Option<u16>,
    /// Oldest age in full years, 0 to 150, not below the youngest.
    pub maximum_age: Option<u16>,
    /// What it costs.
    pub fees_description: Option<String>,
    /// What it costs, price by price.
    pub cost_options: Vec<CostOption>,
    /// Who pays for it.
    pub funding: Vec<Funding>,
    /// Another name.
    pub alternate_name: Option<String>,
    /// What must be known at once.
    pub alert: Option<String>,
    /// Who has tested or allowed it.
    pub accreditations: Option<String>,
    /// Which languages are interpreted, and how.
    pub interpretation: Option<String>,
    /// Codes of languages spoken, in the form of BCP 47, lower case first part.
    pub languages: Vec<String>,
    /// Papers to bring.
    pub required_documents: Vec<String>,
    /// Roles that may be called.
    pub contacts: Vec<Contact>,
    /// Places available.
    pub capacities: Vec<Capacity>,
    /// Day the source last assured itself of the entry.
    pub assured_date: Option<Date>,
    /// When the source last changed the entry.
    pub last_modified: Option<Timestamp>,
    /// Terms attached to the service itself; those of a place are in [`Place::terms`].
    pub terms: Vec<Term>,
    /// Areas served wherever the service is given.
    pub service_areas: Vec<ServiceArea>,
    /// When it is given, unless a place says otherwise.
    pub schedules: Vec<Times>,
    /// Where it is given, by source id.
    pub places: Vec<Place>,
    /// SHA-256, lower-case hexadecimal, of everything above.
    #[serde(skip)]
    pub content_hash: String,
}

/// A role with its telephone numbers; never a person's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Contact {
    /// The role's title.
    pub title: Option<String>,
    /// The department.
    pub department: Option<String>,
    /// Numbers with an extension appended as ` ext. N`; both title and
    /// department are absent for the general number of a service or place.
    pub phones: Vec<String>,
}

/// How much room a service has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Capacity {
    /// Name of what is counted, such as `bed`.
    pub unit: String,
    /// How many are free.
    pub available: u32,
    /// How many there are in all.
    pub maximum: Option<u32>,
    /// The source's remark.
    pub description: Option<String>,
    /// When this was counted.
    pub updated: Option<Timestamp>,
}

/// A term of a taxonomy, attached to a service or a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Term {
    /// Name of the taxonomy; empty where the source does not say.
    pub taxonomy: String,
    /// Id of the taxonomy in the source.
    pub taxonomy_id: Option<String>,
    /// Name of the term.
    pub name: String,
    /// Code of the term, verbatim.
    pub code: Option<String>,
    /// Id of the term in the source.
    pub term_id: Option<String>,
    /// What the term says about the thing, such as `referral_method`.
    pub link_type: Option<String>,
    /// The condition's key and the condition, where the term says that there is one in the provider's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated: Option<(String, String)>,
}

/// A service at a location: the unit of a pin on the map.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Place {
    /// Id of the service_at_location in the source.
    pub source_id: String,
    /// The source's remark.
    pub description: Option<String>,
    /// The location.
    pub location: Location,
    /// Areas served from here.
    pub service_areas: Vec<ServiceArea>,
    /// Terms attached to this place or its location.
    pub terms: Vec<Term>,
    /// Roles that may be called here.
    pub contacts: Vec<Contact>,
    /// When the service is given there.
    pub schedules: Vec<Times>,
}

/// What kind of place a location is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LocationKind {
    /// One can go there.
    Physical,
    /// By telephone or network, or kept secret.
    Virtual,
    /// Letters only.
    Postal,
}

/// A location, shared by all services given there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Location {
    /// Id in the source.
    pub source_id: String,
    /// Name, one line.
    pub name: Option<String>,
    /// What is said of it.
    pub description: Option<String>,
    /// Its kind.
    pub kind: LocationKind,
    /// WGS 84 degrees, -90 to 90; present exactly if the longitude is.
    pub latitude: Option<f64>,
    /// WGS 84 degrees, -180 to 180; present exactly if the latitude is.
    pub longitude: Option<f64>,
    /// Lines of the address from the street to the postal code, without the country.
    pub address_lines: Vec<String>,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: Option<String>,
    /// A code given by others, such as a P-code.
    pub external_identifier: Option<String>,
    /// What kind of code that is.
    pub external_identifier_type: Option<String>,
    /// When it is open.
    pub schedules: Vec<Times>,
    /// How one gets there.
    pub transportation: Option<String>,
    /// How it can be reached and used.
    pub accessibility: Vec<Accessibility>,
}

impl Location {
    /// Whether it is told as virtual, and neither named nor reached by an address: so our own exports tell a place that is
    /// never shown, and another source may mean the same.
    #[must_use]
    pub fn is_kept_secret(&self) -> bool {
        self.kind == LocationKind::Virtual && self.name.is_none() && self.address_lines.is_empty()
    }
}

/// An area that is served.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ServiceArea {
    /// Its name, or its description where it has no name.
    pub name: String,
    /// The address that identifies it elsewhere (`uri` of HSDS).
    pub external_id: Option<String>,
}

/// SHA-256 of the canonical form, lower-case hexadecimal.
pub(super) fn content_hash<T: Serialize>(content: &T) -> Result<String, serde_json::Error> {
    // The prefix changes when the shape changes, so that old hashes no longer match.
    let mut hasher = Sha256::new_with_prefix(b"passerelle-hsds/2\n");
    hasher.update(serde_json::to_vec(content)?);
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
