//! Organizations and programs.

use crate::domain::code::codes;
use crate::domain::discretion::telling;
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

/// An organization as the directory shows it. All of it is public, unless it is discreet.
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
    /// Whether it gives services of which none is public.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub works_unseen: bool,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

impl Organization {
    /// Whether others are told no more of it than its names and what it is: all it gives is hidden, or its own words say
    /// that those who come to it are in danger.
    #[must_use]
    pub fn is_discreet(&self) -> bool {
        let texts = [&self.name, &self.alternate_name, &self.description];
        let website = self.website.as_deref();
        self.works_unseen
            || texts.into_iter().map(String::as_str).chain(website).any(|text| telling(text).is_some())
            || self.names.values().any(|name| telling(name).is_some())
    }
}

/// The program by which a service is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceProgram {
    pub id: ProgramId,
    pub name: String,
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
