//! Prices, funding and access as HSDS has them.

use super::organization::is_web;
use super::{Thing, part_id};
use crate::domain::service::{Location, Service};
use uuid::Uuid;

/// The prices of a service.
pub(super) fn cost_options(service: &Service) -> Vec<Thing> {
    let thing = |(at, each): (usize, &crate::domain::listing::CostOption)| {
        Thing::of(part_id(service.id.into(), "cost", &format!("{at} {}", each.option)))
            .with("option", each.option.as_str())
            .with("currency", each.currency.as_deref())
            .with("amount", each.amount)
            .with("amount_description", each.amount_description.as_str())
            .with("valid_from", each.valid_from.as_deref())
            .with("valid_to", each.valid_to.as_deref())
    };
    service.cost_options.iter().enumerate().map(thing).collect()
}

/// Who pays for a service, with the end of it as an addition of our profile.
pub(super) fn funding(service: &Service) -> Vec<Thing> {
    let thing = |each: &crate::domain::listing::Funding| {
        Thing::of(part_id(service.id.into(), "funding", &each.source))
            .with("source", each.source.as_str())
            .with("valid_to", each.until.as_deref())
    };
    service.funding.iter().map(thing).collect()
}

/// How a place can be reached and used.
pub(super) fn accessibility(location: &Location) -> Vec<Thing> {
    let thing = |(at, each): (usize, &crate::domain::listing::Accessibility)| {
        let id: Uuid = part_id(location.id.into(), "accessibility", &format!("{at} {}", each.description));
        Thing::of(id)
            .with("description", each.description.as_str())
            .with("details", each.details.as_str())
            .with("url", each.url.as_deref().filter(|address| is_web(address)))
    };
    location.accessibility.iter().enumerate().map(thing).collect()
}
