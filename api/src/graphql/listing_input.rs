//! What a provider says of a service and its places beside what referrals need, in the schema.

use crate::domain::listing as domain;
use crate::domain::listing_entry::ListingEntry;
use crate::graphql::scalar::LocalDate;
use async_graphql::InputObject;

/// What a directory says of a service beside what referrals need.
#[derive(Debug, Clone, InputObject)]
pub struct ServiceListingInput {
    /// Another name, at most 200 characters.
    alternate_name: Option<String>,
    /// Its page in the web, beginning with https:// or http://.
    url: Option<String>,
    /// What must be known at once, such as that it is closed for a day; at most 5,000 characters.
    alert: Option<String>,
    /// Who has tested or allowed it, at most 5,000 characters.
    accreditations: Option<String>,
    /// Which languages are interpreted, and how; at most 5,000 characters.
    interpretation: Option<String>,
    /// What it costs, price by price, at most 50.
    cost_options: Option<Vec<CostOptionInput>>,
    /// Who pays for it, at most 50.
    funding: Option<Vec<FundingInput>>,
}

/// One price of a service.
#[derive(Debug, Clone, InputObject)]
pub struct CostOptionInput {
    /// For whom or what it is, at most 200 characters.
    option: Option<String>,
    /// The currency, ISO 4217, such as XOF; needed with an amount.
    currency: Option<String>,
    /// How much, 0 to 1,000,000,000,000.
    amount: Option<f64>,
    /// What the amount is for, at most 200 characters.
    amount_description: Option<String>,
    /// The first day on which it holds.
    valid_from: Option<LocalDate>,
    /// The last day on which it holds.
    valid_to: Option<LocalDate>,
}

/// Who pays for a service.
#[derive(Debug, Clone, InputObject)]
pub struct FundingInput {
    /// Where the money comes from, 1 to 200 characters.
    source: String,
    /// The last day for which it is there.
    until: Option<LocalDate>,
}

/// How a place can be reached and used.
#[derive(Debug, Clone, InputObject)]
pub struct AccessibilityInput {
    /// What there is, such as a ramp; 1 to 500 characters.
    description: String,
    /// More about it, at most 5,000 characters.
    details: Option<String>,
    /// A page about it, beginning with https:// or http://.
    url: Option<String>,
}

fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
}

impl From<ServiceListingInput> for ListingEntry {
    fn from(input: ServiceListingInput) -> Self {
        Self {
            alternate_name: trimmed(input.alternate_name),
            url: trimmed(input.url),
            alert: trimmed(input.alert),
            accreditations: trimmed(input.accreditations),
            interpretation: trimmed(input.interpretation),
            cost_options: input.cost_options.map(|all| all.into_iter().map(Into::into).collect()),
            funding: input.funding.map(|all| all.into_iter().map(Into::into).collect()),
        }
    }
}

impl From<CostOptionInput> for domain::CostOption {
    fn from(input: CostOptionInput) -> Self {
        Self {
            option: trimmed(input.option).unwrap_or_default(),
            currency: trimmed(input.currency).filter(|code| !code.is_empty()),
            amount: input.amount,
            amount_description: trimmed(input.amount_description).unwrap_or_default(),
            valid_from: input.valid_from.map(LocalDate::store),
            valid_to: input.valid_to.map(LocalDate::store),
        }
    }
}

impl From<FundingInput> for domain::Funding {
    fn from(input: FundingInput) -> Self {
        Self { source: input.source.trim().to_owned(), until: input.until.map(LocalDate::store) }
    }
}

impl From<AccessibilityInput> for domain::Accessibility {
    fn from(input: AccessibilityInput) -> Self {
        Self {
            description: input.description.trim().to_owned(),
            details: trimmed(input.details).unwrap_or_default(),
            url: trimmed(input.url).filter(|url| !url.is_empty()),
        }
    }
}
