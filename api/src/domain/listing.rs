//! What directories say of organizations, services and places beside what referrals need.

use serde::{Deserialize, Serialize};

/// Under which number others know an organization.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganizationIdentifier {
    /// The list it is from, such as the code of a list of org-id.guide; empty where it is not said.
    pub scheme: String,
    /// What kind of number it is, in words.
    pub kind: String,
    /// The number.
    pub identifier: String,
}

/// Whether a text is a currency's code by its form, as ISO 4217 has it.
#[must_use]
pub fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// One price of a service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CostOption {
    /// For whom or what it is.
    pub option: String,
    /// ISO 4217.
    pub currency: Option<String>,
    /// How much, not below zero.
    pub amount: Option<f64>,
    /// What the amount is for.
    pub amount_description: String,
    /// The first day on which it holds, ISO 8601.
    pub valid_from: Option<String>,
    /// The last day on which it holds, ISO 8601.
    pub valid_to: Option<String>,
}

/// Who pays for a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Funding {
    /// Where the money comes from.
    pub source: String,
    /// The last day for which it is there, ISO 8601; nothing where that is not said.
    pub until: Option<String>,
}

/// How a place can be reached and used.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Accessibility {
    /// What there is, such as a ramp.
    pub description: String,
    /// More about it.
    pub details: String,
    /// A page about it.
    pub url: Option<String>,
}
