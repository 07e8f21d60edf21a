//! What directories say beside what referrals need, in the schema.

use crate::domain::listing as domain;
use crate::domain::service;
use crate::graphql::scalar::{LocalDate, Uri};
use async_graphql::SimpleObject;

/// Under which number others know an organization.
#[derive(Debug, Clone, SimpleObject)]
pub struct OrganizationIdentifier {
    /// The list it is from, such as a list code of org-id.guide; empty where it is not said.
    pub scheme: String,
    /// What kind of number it is, in words.
    pub kind: String,
    /// The number.
    pub identifier: String,
}

impl From<&domain::OrganizationIdentifier> for OrganizationIdentifier {
    fn from(from: &domain::OrganizationIdentifier) -> Self {
        Self { scheme: from.scheme.clone(), kind: from.kind.clone(), identifier: from.identifier.clone() }
    }
}

/// What a directory says of a service beside what referrals need. Texts are empty where nothing is said.
#[derive(Debug, Clone, SimpleObject)]
pub struct ServiceListing {
    /// Another name.
    pub alternate_name: String,
    /// Its page in the web.
    pub url: Option<Uri>,
    /// What must be known at once, such as that it is closed for a day.
    pub alert: String,
    /// Who has tested or allowed it.
    pub accreditations: String,
    /// Which languages are interpreted, and how.
    pub interpretation: String,
    /// What it costs, price by price.
    pub cost_options: Vec<CostOption>,
    /// Who pays for it.
    pub funding: Vec<Funding>,
}

/// One price of a service.
#[derive(Debug, Clone, SimpleObject)]
pub struct CostOption {
    /// For whom or what it is.
    pub option: String,
    /// The currency, ISO 4217.
    pub currency: Option<String>,
    /// How much, not below zero.
    pub amount: Option<f64>,
    /// What the amount is for.
    pub amount_description: String,
    /// The first day on which it holds.
    pub valid_from: Option<LocalDate>,
    /// The last day on which it holds.
    pub valid_to: Option<LocalDate>,
}

/// Who pays for a service.
#[derive(Debug, Clone, SimpleObject)]
pub struct Funding {
    /// Where the money comes from.
    pub source: String,
    /// The last day for which it is there; null where that is not said.
    pub until: Option<LocalDate>,
}

/// How a place can be reached and used.
#[derive(Debug, Clone, SimpleObject)]
pub struct Accessibility {
    /// What there is, such as a ramp.
    pub description: String,
    /// More about it.
    pub details: String,
    /// A page about it.
    pub url: Option<Uri>,
}

impl From<&service::Service> for ServiceListing {
    fn from(from: &service::Service) -> Self {
        let cost = |each: &domain::CostOption| CostOption {
            option: each.option.clone(),
            currency: each.currency.clone(),
            amount: each.amount,
            amount_description: each.amount_description.clone(),
            valid_from: LocalDate::stored(each.valid_from.as_deref()),
            valid_to: LocalDate::stored(each.valid_to.as_deref()),
        };
        let funding = |each: &domain::Funding| Funding {
            source: each.source.clone(),
            until: LocalDate::stored(each.until.as_deref()),
        };
        Self {
            alternate_name: from.alternate_name.clone(),
            url: from.url.clone().map(Uri),
            alert: from.alert.clone(),
            accreditations: from.accreditations.clone(),
            interpretation: from.interpretation.clone(),
            cost_options: from.cost_options.iter().map(cost).collect(),
            funding: from.funding.iter().map(funding).collect(),
        }
    }
}

impl From<&domain::Accessibility> for Accessibility {
    fn from(from: &domain::Accessibility) -> Self {
        Self { description: from.description.clone(), details: from.details.clone(), url: from.url.clone().map(Uri) }
    }
}
