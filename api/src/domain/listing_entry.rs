//! What a provider says of a service and its places beside what referrals need, and which of it is acceptable. What is
//! not said stays as it is.

use crate::domain::listing::{Accessibility, CostOption, Funding, is_currency};
use crate::domain::rule::{RuleCode, Rules};
use crate::domain::service_entry::{LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_NOTE};
use serde::{Deserialize, Serialize};

/// The most prices, funders or remarks on access.
const MOST: usize = 50;
/// The longest address of a page, in characters.
const LONGEST_ADDRESS: usize = 2_000;
/// The highest price.
const HIGHEST: f64 = 1e12;

/// What is said of a service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListingEntry {
    pub alternate_name: Option<String>,
    /// Its page; an empty text means that there is none.
    pub url: Option<String>,
    pub alert: Option<String>,
    pub accreditations: Option<String>,
    pub interpretation: Option<String>,
    pub cost_options: Option<Vec<CostOption>>,
    pub funding: Option<Vec<Funding>>,
}

impl ListingEntry {
    /// Notes what is wrong with it.
    pub fn check(&self, rules: &mut Rules) {
        let texts = [
            ("alternateName", &self.alternate_name, LONGEST_NAME),
            ("alert", &self.alert, LONGEST_DESCRIPTION),
            ("accreditations", &self.accreditations, LONGEST_DESCRIPTION),
            ("interpretation", &self.interpretation, LONGEST_DESCRIPTION),
        ];
        for (field, text, most) in texts {
            rules.text(&format!("listing.{field}"), text.as_deref().unwrap_or_default(), 0, most);
        }
        check_address(self.url.as_deref(), "listing.url", rules);
        let prices = self.cost_options.as_deref().unwrap_or_default();
        rules.check(prices.len() <= MOST, "listing.costOptions", RuleCode::TooLong);
        for (index, price) in prices.iter().enumerate() {
            check_price(price, &format!("listing.costOptions.{index}"), rules);
            rules.check(!prices[..index].contains(price), &format!("listing.costOptions.{index}"), RuleCode::Invalid);
        }
        let funders = self.funding.as_deref().unwrap_or_default();
        rules.check(funders.len() <= MOST, "listing.funding", RuleCode::TooLong);
        for (index, funder) in funders.iter().enumerate() {
            rules.text(&format!("listing.funding.{index}.source"), &funder.source, 1, LONGEST_NAME);
        }
    }
}

/// Notes what is wrong with a page's address: it is of the web, and of nothing but visible ASCII signs.
fn check_address(address: Option<&str>, path: &str, rules: &mut Rules) {
    let Some(address) = address.filter(|address| !address.is_empty()) else { return };
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let visible = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    rules.check(rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(visible)), path, RuleCode::Invalid);
    rules.text(path, address, 0, LONGEST_ADDRESS);
}

fn check_price(price: &CostOption, path: &str, rules: &mut Rules) {
    rules.text(&format!("{path}.option"), &price.option, 0, LONGEST_NAME);
    rules.text(&format!("{path}.amountDescription"), &price.amount_description, 0, LONGEST_NAME);
    let known = price.currency.as_deref().is_none_or(is_currency);
    // A number without its currency says nothing.
    let whole = price.amount.is_none() || price.currency.is_some();
    rules.check(known && whole, &format!("{path}.currency"), RuleCode::Invalid);
    let within = price.amount.is_none_or(|amount| (0.0..=HIGHEST).contains(&amount));
    rules.check(within, &format!("{path}.amount"), RuleCode::Invalid);
    let ordered = price.valid_from.as_ref().zip(price.valid_to.as_ref()).is_none_or(|(from, to)| from <= to);
    rules.check(ordered, &format!("{path}.validTo"), RuleCode::Invalid);
    let says = !price.option.is_empty() || price.amount.is_some() || !price.amount_description.is_empty();
    rules.check(says, &format!("{path}.option"), RuleCode::Required);
}

/// Notes what is wrong with what is said of how a place can be reached and used.
pub fn check_access(transportation: Option<&str>, access: &[Accessibility], path: &str, rules: &mut Rules) {
    rules.text(&format!("{path}.transportation"), transportation.unwrap_or_default(), 0, LONGEST_NOTE);
    rules.check(access.len() <= MOST, &format!("{path}.accessibility"), RuleCode::TooLong);
    for (index, remark) in access.iter().enumerate() {
        let path = format!("{path}.accessibility.{index}");
        rules.text(&format!("{path}.description"), &remark.description, 1, LONGEST_NOTE);
        rules.text(&format!("{path}.details"), &remark.details, 0, LONGEST_DESCRIPTION);
        check_address(remark.url.as_deref(), &format!("{path}.url"), rules);
    }
}
