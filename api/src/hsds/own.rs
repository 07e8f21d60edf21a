//! Words of our own, as our exports tell them: known again by the ids of their taxonomies, whatever language they are in.

use super::model::{Organization, Service, Term};
use super::outgoing::taxonomy::{STATED_LINK, Scheme};
use crate::domain::case::Sex;
use crate::domain::code::Code as _;
use crate::domain::criterion::{MOST_STATED, StatedCriterion, is_key};
use crate::domain::organization::OrganizationKind;
use crate::domain::service::ReturnType;

/// Which of our taxonomies a term is of.
#[must_use]
pub fn scheme_of(term: &Term) -> Option<Scheme> {
    let id = term.taxonomy_id.as_deref()?;
    Scheme::ALL.into_iter().find(|scheme| scheme.id().to_string() == id)
}

/// The codes of a service's terms of one of our taxonomies.
fn codes(terms: &[Term], scheme: Scheme) -> impl Iterator<Item = (&str, Option<&str>)> {
    let of = terms.iter().filter(move |term| scheme_of(term) == Some(scheme));
    of.filter_map(|term| Some((term.code.as_deref()?, term.link_type.as_deref())))
}

/// The category that a service names.
#[must_use]
pub fn category(service: &Service) -> Option<String> {
    let mut all = codes(&service.terms, Scheme::Categories);
    all.find(|(_, link)| *link == Some("category")).map(|(code, _)| code.to_owned())
}

/// Whether a service says that it takes referrals.
#[must_use]
pub fn takes_referrals(service: &Service) -> Option<bool> {
    codes(&service.terms, Scheme::Referrals).next().map(|(code, _)| code == "TAKES_REFERRALS")
}

/// Who may come, as far as terms tell: ways of return, sex, and whether those who never migrated. Without the term nothing
/// is said of these.
#[must_use]
pub fn eligibility(service: &Service) -> (Vec<ReturnType>, Option<Sex>, Option<bool>) {
    let codes: Vec<&str> = codes(&service.terms, Scheme::Eligibility).map(|(code, _)| code).collect();
    let ways = ReturnType::ALL.iter().copied().filter(|way| codes.contains(&way.code())).collect();
    let sex = Sex::ALL.iter().copied().find(|sex| codes.contains(&sex.code()));
    (ways, sex, codes.contains(&"NON_RETURNEES").then_some(true))
}

/// Whether an attribute holds a condition in the provider's own words.
#[must_use]
pub fn is_stated(taxonomy_id: Option<&str>, link_type: Option<&str>) -> bool {
    link_type == Some(STATED_LINK) && taxonomy_id == Some(Scheme::Eligibility.id().to_string().as_str())
}

/// The conditions in the provider's own words, by key, and what the description says besides: our exports repeat each
/// condition in a line at its end.
#[must_use]
pub fn stated(service: &Service) -> (Vec<StatedCriterion>, Option<String>) {
    let mut all: Vec<StatedCriterion> = Vec::new();
    for (key, text) in service.terms.iter().filter_map(|term| term.stated.clone()) {
        if is_key(&key) && all.len() < MOST_STATED && all.iter().all(|known| known.key != key) {
            all.push(StatedCriterion { key, text, ..StatedCriterion::default() });
        }
    }
    all.sort_by(|a, b| a.key.cmp(&b.key));
    let lines: Vec<&str> = all.iter().map(|stated| stated.text.as_str()).collect();
    let told = service.eligibility_description.as_deref();
    let rest = told.map(|told| told.strip_suffix(lines.join("\n").as_str()).unwrap_or(told).trim_end().to_owned());
    (all, rest)
}

/// What an organization is.
#[must_use]
pub fn kinds(organization: &Organization) -> Vec<OrganizationKind> {
    let codes: Vec<&str> = codes(&organization.terms, Scheme::OrganizationKinds).map(|(code, _)| code).collect();
    OrganizationKind::ALL.iter().copied().filter(|kind| codes.contains(&kind.code())).collect()
}
