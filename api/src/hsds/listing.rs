//! The smaller parts that no referral needs and every map shows: numbers of organizations, prices, funding, access.

use super::parts::sorted;
use super::report::{Reason, Report};
use super::row::Row;
use crate::domain::listing::{Accessibility, CostOption, Funding, OrganizationIdentifier, is_currency};

/// The numbers under which an organization is known.
pub(super) fn identifiers(row: &Row<'_>, report: &mut Report) -> Vec<OrganizationIdentifier> {
    let mut found = Vec::new();
    for map in row.list(report, "organization_identifiers") {
        let inner = row.inner("organization_identifier", map, report);
        let Some(identifier) = inner.required_line(report, "identifier") else { continue };
        found.push(OrganizationIdentifier {
            scheme: inner.line(report, "identifier_scheme").unwrap_or_default(),
            kind: inner.line(report, "identifier_type").unwrap_or_default(),
            identifier,
        });
    }
    sorted(found)
}

/// What a service costs, price by price.
pub(super) fn cost_options(row: &Row<'_>, report: &mut Report) -> Vec<CostOption> {
    let mut found: Vec<CostOption> = Vec::new();
    for map in row.list(report, "cost_options") {
        let inner = row.inner("cost_option", map, report);
        let currency = inner.line(report, "currency").map(|code| code.to_uppercase());
        let day = |report: &mut Report, field: &str| inner.date(report, field).map(|day| day.to_string());
        let option = CostOption {
            option: inner.line(report, "option").unwrap_or_default(),
            currency: currency.and_then(|code| inner.keep_if(report, "currency", code, is_currency)),
            amount: inner.number(report, "amount", (0.0, 1e12)),
            amount_description: inner.line(report, "amount_description").unwrap_or_default(),
            valid_from: day(report, "valid_from"),
            valid_to: day(report, "valid_to"),
        };
        if option == CostOption::default() {
            inner.refuse(report, None, Reason::MissingRequired, false);
        } else if !found.contains(&option) {
            found.push(option);
        }
    }
    let key = |option: &CostOption| (option.option.clone(), option.currency.clone(), option.amount.map(f64::to_bits));
    found.sort_by_key(key);
    found
}

/// Who pays for a service. The end of it is an addition of our profile.
pub(super) fn funding(row: &Row<'_>, report: &mut Report) -> Vec<Funding> {
    let mut found = Vec::new();
    for map in row.list(report, "funding") {
        let inner = row.inner("funding", map, report);
        let Some(source) = inner.required_line(report, "source") else { continue };
        found.push(Funding { source, until: inner.date(report, "valid_to").map(|day| day.to_string()) });
    }
    sorted(found)
}

/// How a place can be reached and used.
pub(super) fn accessibility(row: &Row<'_>, report: &mut Report) -> Vec<Accessibility> {
    let mut found = Vec::new();
    for map in row.list(report, "accessibility") {
        let inner = row.inner("accessibility", map, report);
        let there = Accessibility {
            description: inner.line(report, "description").unwrap_or_default(),
            details: inner.text(report, "details").unwrap_or_default(),
            url: inner.url(report, "url"),
        };
        if there == Accessibility::default() {
            inner.refuse(report, None, Reason::MissingRequired, false);
        } else {
            found.push(there);
        }
    }
    sorted(found)
}
