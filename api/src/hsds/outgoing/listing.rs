//! Prices, funding and access as HSDS has them.

use super::organization::is_web;
use super::{Thing, part_id};
use crate::domain::service::{Location, Service};

/// All that is told of a part, in one text: its key is made of that, so that it stays the same wherever the part stands
/// among others, and in a copy of this directory.
fn said<'a>(told: impl Iterator<Item = Option<&'a str>>) -> String {
    told.map(Option::unwrap_or_default).collect::<Vec<_>>().join("\n")
}

/// The prices of a service.
pub(super) fn cost_options(service: &Service) -> Vec<Thing> {
    let thing = |each: &crate::domain::listing::CostOption| {
        let amount = each.amount.map(|amount| amount.to_string());
        let days = [each.valid_from.as_deref(), each.valid_to.as_deref()];
        let told = [Some(each.option.as_str()), each.currency.as_deref(), amount.as_deref(), days[0], days[1]];
        Thing::of(part_id(
            service.id.into(),
            "cost",
            &said(told.into_iter().chain([Some(each.amount_description.as_str())])),
        ))
        .with("option", each.option.as_str())
        .with("currency", each.currency.as_deref())
        .with("amount", each.amount)
        .with("amount_description", each.amount_description.as_str())
        .with("valid_from", each.valid_from.as_deref())
        .with("valid_to", each.valid_to.as_deref())
    };
    service.cost_options.iter().map(thing).collect()
}

/// Who pays for a service, with the end of it as an addition of our profile.
pub(super) fn funding(service: &Service) -> Vec<Thing> {
    let thing = |each: &crate::domain::listing::Funding| {
        let told = [Some(each.source.as_str()), each.until.as_deref()];
        Thing::of(part_id(service.id.into(), "funding", &said(told.into_iter())))
            .with("source", each.source.as_str())
            .with("valid_to", each.until.as_deref())
    };
    service.funding.iter().map(thing).collect()
}

/// How a place can be reached and used.
pub(super) fn accessibility(location: &Location) -> Vec<Thing> {
    let thing = |each: &crate::domain::listing::Accessibility| {
        let url = each.url.as_deref().filter(|address| is_web(address));
        let told = [Some(each.description.as_str()), Some(each.details.as_str()), url];
        Thing::of(part_id(location.id.into(), "accessibility", &said(told.into_iter())))
            .with("description", each.description.as_str())
            .with("details", each.details.as_str())
            .with("url", url)
    };
    location.accessibility.iter().map(thing).collect()
}
