//! Organizations as HSDS has them.

use super::taxonomy::{Scheme, attribute, kind_term};
use super::{On, Thing, part_id, service, spoken};
use crate::domain::code::Code as _;
use crate::domain::language::Language;
use crate::domain::language_tag::in_tag;
use crate::domain::organization::Organization;
use crate::domain::service::Service;
use crate::hsds::directory::Fullness;
use crate::texts::Texts;
use serde::{Deserialize, Serialize};

/// An organization as it is read, with its public services where these are asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganizationRow {
    pub organization: Organization,
    pub services: Vec<Service>,
}

/// An organization, with its services where they were read.
#[must_use]
pub fn organization(row: &OrganizationRow, fullness: Fullness, language: Option<Language>, on: On) -> Thing {
    let thing = direct(&row.organization, language);
    let of_services = match fullness {
        Fullness::FullService => Fullness::Full,
        Fullness::Full => Fullness::Direct,
        Fullness::Direct | Fullness::Minimal => return thing,
    };
    let kinds = row
        .organization
        .kinds
        .iter()
        .map(|kind| attribute(row.organization.id.into(), "organization_kind", &kind_term(*kind, language)));
    let services = row.services.iter().map(|each| service(each, of_services, language, on));
    let id = row.organization.id.into();
    let told = row.organization.identifiers.iter().filter(|_| !row.organization.is_discreet());
    let numbers = told.map(|each| {
        let kind = if each.kind.is_empty() { each.scheme.as_str() } else { each.kind.as_str() };
        Thing::of(part_id(id, "identifier", &format!("{} {}", each.scheme, each.identifier)))
            .with("identifier_scheme", each.scheme.as_str())
            .with("identifier_type", if kind.is_empty() { "identifier" } else { kind })
            .with("identifier", each.identifier.as_str())
    });
    thing.list("organization_identifiers", numbers).list("attributes", kinds).list("services", services)
}

/// An organization's own properties; of a discreet one, only its names and what it is. The standard wants a description; where there is none, what the organization is
/// stands for it.
pub(super) fn direct(organization: &Organization, language: Option<Language>) -> Thing {
    let name = language.and_then(|language| in_tag(&organization.names, language.tag()));
    let name = name.map_or(organization.name.as_str(), |(_, name)| name);
    let is_discreet = organization.is_discreet();
    let described = if is_discreet { "" } else { organization.description.trim() };
    let description = if described.is_empty() { kinds(organization, language) } else { described.to_owned() };
    let website = organization.website.as_deref().filter(|address| !is_discreet && is_web(address));
    Thing::of(organization.id.into())
        .with("name", name)
        .with("alternate_name", organization.alternate_name.as_str())
        .with("description", description)
        .with("website", website)
}

fn kinds(organization: &Organization, language: Option<Language>) -> String {
    let set = Scheme::OrganizationKinds.label_set();
    let label = |code: &str| Texts::global().label(spoken(language), set, code);
    let all: Vec<String> = organization.kinds.iter().map(|kind| label(kind.code())).collect();
    if all.is_empty() { organization.name.clone() } else { format!("{} ({})", all.join(", "), organization.country) }
}

/// Whether an address is one that every reader of a URI takes: of the web, and of nothing but visible ASCII signs.
pub(super) fn is_web(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(sound))
}
