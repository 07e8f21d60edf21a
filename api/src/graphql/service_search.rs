//! What services are searched by in the schema, beside plain values: a point, a person. And the cursors of their orders.

use crate::domain::case::Sex;
use crate::domain::directory::{self, Seeker, ServiceOrder};
use crate::domain::listing::is_currency;
use crate::domain::page::{Page, Position, Window};
use crate::domain::service::ReturnType;
use crate::domain::sphere;
use crate::graphql::error::bad_input;
use async_graphql::InputObject;

/// The widest circle in kilometers.
const WIDEST: f64 = 500.0;

/// The most that somebody can pay.
#[derive(Debug, Clone, InputObject)]
pub struct MaxCost {
    /// How much, not below 0; 0 finds what is free.
    amount: f64,
    /// The currency, as ISO 4217 has it, such as XOF.
    currency: String,
}

impl MaxCost {
    /// What the directory understands, for a day in ISO 8601.
    ///
    /// # Errors
    /// BAD_USER_INPUT for what is no amount or no currency's code.
    pub fn checked(self, on: String) -> async_graphql::Result<directory::MaxCost> {
        let Self { amount, currency } = self;
        let is_price = amount.is_finite() && amount >= 0.0 && is_currency(&currency);
        if !is_price {
            return Err(bad_input("A price is a number from 0 with a currency such as XOF."));
        }
        Ok(directory::MaxCost { amount, currency, on })
    }
}

/// A circle around a point.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct Near {
    /// Degrees north, -90 to 90 (WGS 84).
    latitude: f64,
    /// Degrees east, -180 to 180 (WGS 84).
    longitude: f64,
    /// How far around it in kilometers, more than 0 and at most 500.
    radius_km: f64,
}

impl Near {
    /// The circle as the directory understands it.
    ///
    /// # Errors
    /// BAD_USER_INPUT for what is no point on the earth or too wide.
    pub fn checked(self) -> async_graphql::Result<sphere::Near> {
        let Self { latitude, longitude, radius_km } = self;
        let is_point = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        if !(is_point && radius_km > 0.0 && radius_km <= WIDEST) {
            return Err(bad_input("A circle has a point on the earth and a radius of at most 500 kilometers."));
        }
        Ok(sphere::Near { point: sphere::Point { latitude, longitude }, radius_km })
    }
}

/// What is known of a person for whom services are looked for. What is not given excludes nothing. None of it is kept.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct ServiceSeeker {
    /// Completed years, 0 to 120.
    age: Option<i32>,
    /// The sex.
    sex: Option<Sex>,
    /// How the person returned.
    return_type: Option<ReturnType>,
    /// Whether the person returned from abroad.
    is_returnee: Option<bool>,
}

impl ServiceSeeker {
    /// The person as the directory understands them.
    ///
    /// # Errors
    /// BAD_USER_INPUT for an age outside 0 to 120.
    pub fn checked(self) -> async_graphql::Result<Seeker> {
        let Self { age, sex, return_type, is_returnee } = self;
        if age.is_some_and(|age| !(0..=120).contains(&age)) {
            return Err(bad_input("An age is 0 to 120 years."));
        }
        Ok(Seeker { age, sex, return_type, is_returnee })
    }
}

/// Takes the order's mark from the cursors of a window.
///
/// # Errors
/// BAD_USER_INPUT for a cursor of a list in another order.
pub fn unmarked(order: &ServiceOrder, window: Window) -> async_graphql::Result<Window> {
    let read = |position: Position| {
        let own = position.value.strip_prefix(order.mark()).filter(|value| is_of(order, value));
        let value = own.ok_or_else(|| bad_input("This is not a cursor of this list in this order."))?.to_owned();
        Ok::<_, async_graphql::Error>(Position { value, ..position })
    };
    let (after, before) = (window.after.map(read).transpose()?, window.before.map(read).transpose()?);
    Ok(Window { after, before, ..window })
}

/// Whether a value can be of this order: instants have sixteen digits, names are something else.
fn is_of(order: &ServiceOrder, value: &str) -> bool {
    let is_instant = value.len() >= 15 && value.bytes().all(|byte| byte.is_ascii_digit());
    match order {
        ServiceOrder::PublishedAt { .. } => is_instant,
        ServiceOrder::Name { .. } => !is_instant && !value.bytes().any(|byte| byte.is_ascii_uppercase()),
        ServiceOrder::Relevance { .. } | ServiceOrder::Distance { .. } | ServiceOrder::OpenPlaces { .. } => {
            value.parse::<i64>().is_ok()
        }
    }
}

/// Puts the order's mark on the cursors of a page.
#[must_use]
pub fn marked<T>(order: &ServiceOrder, mut page: Page<T>) -> Page<T> {
    for (position, _) in &mut page.items {
        position.value.insert_str(0, order.mark());
    }
    page
}
