//! Organizations and programs.

use crate::domain::code::codes;
use crate::domain::id::{OrganizationId, ProgramId};
use crate::domain::language::Language;
use crate::domain::listing::OrganizationIdentifier;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

codes! {
    /// What an organization is. One may be several: a municipality that runs a clinic is a local government and a service provider.
    pub enum OrganizationKind {
        /// Gives services to people.
        ServiceProvider = "SERVICE_PROVIDER",
        /// A municipality, district or region.
        LocalGovernment = "LOCAL_GOVERNMENT",
        /// A ministry or national agency.
        NationalGovernment = "NATIONAL_GOVERNMENT",
        /// Carries out a program and holds cases.
        ImplementingPartner = "IMPLEMENTING_PARTNER",
        /// Pays for programs; never sees a person.
        Donor = "DONOR",
    }
}

impl OrganizationKind {
    /// Whether this is a government body.
    #[must_use]
    pub fn is_government(self) -> bool {
        matches!(self, Self::LocalGovernment | Self::NationalGovernment)
    }
}

/// A text in several languages, by BCP 47 tag, beside its base text.
pub type Translations = BTreeMap<String, String>;

/// The text in `language`, or the base text.
#[must_use]
pub fn in_language<'a>(base: &'a str, translations: &'a Translations, language: Language) -> &'a str {
    translations.get(language.tag()).map_or(base, String::as_str)
}

/// An organization as the directory shows it. All of it is public.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
    pub names: Translations,
    pub description: String,
    /// ISO 3166-1 alpha-2; XK is allowed for Kosovo.
    pub country: String,
    pub kinds: Vec<OrganizationKind>,
    pub website: Option<String>,
    /// Another name, often the short form; empty where there is none.
    pub alternate_name: String,
    /// Under which numbers others know it.
    pub identifiers: Vec<OrganizationIdentifier>,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

/// A program: who leads it, who pays for it and who works in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Program {
    pub id: ProgramId,
    pub name: String,
    pub names: Translations,
    pub lead: Organization,
    pub members: Vec<Organization>,
    pub funders: Vec<Organization>,
    pub areas: Vec<crate::domain::area::Area>,
    /// How long each step may take, where the program set it.
    #[serde(default)]
    pub limits: Option<crate::domain::referral::clocks::Limits>,
    /// 0 while nothing was set.
    #[serde(default)]
    pub limits_version: i32,
}
