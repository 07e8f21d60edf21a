//! The parameters of the reference API: one table, read by the routes, the errors and the test of the OpenAPI document.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::{Method, header};
use actix_web::web::{self, BytesMut};
use futures_util::StreamExt as _;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;
use uuid::Uuid;

use super::complaint::Complaint;
use crate::hsds::directory::{Collection, Cut, Filter, Fullness, Near};
use crate::http::request_info::text;

/// The most objects on one page.
pub const MOST: u64 = 100;
/// The most organizations on one page when each brings its services.
pub const MOST_WITH_SERVICES: u64 = 25;
/// The most keys on one page of `minimal`, which is meant to tell all in one call.
pub const MOST_MINIMAL: u64 = 10_000;
/// Objects on a page of which nobody said the size.
const USUAL: u64 = 20;
/// The highest page that can be asked for.
const LAST_PAGE: u64 = 1_000_000;
/// The longest parameters, in bytes, of an address or a body.
const LONGEST: usize = 16 * 1024;
/// The longest text to search by, in signs.
const LONGEST_TEXT: usize = 200;
/// The widest circle in meters: half around the Earth.
const WIDEST: f64 = 20_040_000.0;
/// How long a body may take to arrive.
const BODY_DEADLINE: Duration = Duration::from_secs(10);

const PAGING: [&str; 4] = ["search", "page", "per_page", "format"];

/// The parameters a collection takes.
#[must_use]
pub fn of_list(collection: Collection) -> Vec<&'static str> {
    let own: &[&str] = match collection {
        Collection::Services => {
            &["taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "minimal", "full"]
        }
        Collection::Organizations => &["full_service", "full", "taxonomy_term_id", "taxonomy_id"],
        Collection::ServiceAtLocations => &[
            "taxonomy_term_id",
            "taxonomy_id",
            "organization_id",
            "modified_after",
            "full",
            "postcode",
            "proximity",
            "latitude",
            "longitude",
        ],
        Collection::Taxonomies => &[],
        Collection::TaxonomyTerms => &["taxonomy_id", "top_only", "parent_id"],
    };
    PAGING.iter().chain(own).copied().collect()
}

/// The parameters one object of a collection takes.
#[must_use]
pub fn of_one(collection: Collection) -> Vec<&'static str> {
    if collection == Collection::Organizations { vec!["full_service"] } else { vec![] }
}

/// What is asked of a list.
#[derive(Debug, Clone)]
pub struct Asked {
    pub fullness: Fullness,
    pub filter: Filter,
    /// The page, from 1.
    pub page: u64,
    /// Objects on it.
    pub size: u64,
    /// Whether all objects are wanted, one a line.
    pub streamed: bool,
}

impl Asked {
    /// The part of the list that the page is.
    #[must_use]
    pub fn cut(&self) -> Cut {
        Cut::Page { skip: (self.page - 1) * self.size, size: self.size }
    }
}

/// Parameters as they came; one without a value counts as not given.
#[derive(Debug, Default)]
pub struct Given(BTreeMap<&'static str, String>);

impl Given {
    /// Reads the address and, of a POST, the body: a form, a JSON object of plain values, or nothing.
    ///
    /// # Errors
    /// A [`Complaint`] for what is too long, comes too late, can't be read, is not known or is given twice.
    pub async fn read(request: &HttpRequest, payload: web::Payload, known: &[&'static str]) -> Result<Self, Complaint> {
        let mut given = Self::default();
        let query = request.query_string();
        if query.len() > LONGEST {
            return Err(Complaint::new(414, "BAD_REQUEST", "The address is too long; use POST."));
        }
        given.take_form(query, known)?;
        if request.method() == Method::POST {
            let read = tokio::time::timeout(BODY_DEADLINE, body(payload)).await;
            let bytes = read.map_err(|_| Complaint::new(408, "TIMEOUT", "The body did not arrive in time."))??;
            given.take_body(request, &bytes, known)?;
        }
        Ok(given)
    }

    fn take_body(&mut self, request: &HttpRequest, bytes: &[u8], known: &[&'static str]) -> Result<(), Complaint> {
        if bytes.is_empty() {
            return Ok(());
        }
        let unread = || Complaint::new(400, "BAD_REQUEST", "The body can't be read.");
        let body = std::str::from_utf8(bytes).map_err(|_| unread())?;
        let media = text(request, header::CONTENT_TYPE).unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let plain = text(request, header::CONTENT_ENCODING).is_none_or(|it| it.eq_ignore_ascii_case("identity"));
        match media.as_str() {
            "application/x-www-form-urlencoded" if plain => self.take_form(body, known),
            "application/json" if plain => {
                let Ok(Value::Object(members)) = serde_json::from_str(body) else { return Err(unread()) };
                members.into_iter().try_for_each(|(name, value)| match value {
                    Value::Null => Ok(()),
                    Value::String(text) => self.take(&name, text, known),
                    Value::Bool(_) | Value::Number(_) => self.take(&name, value.to_string(), known),
                    Value::Array(_) | Value::Object(_) => Err(unread()),
                })
            }
            _ => {
                let message = "The body must be a form or application/json in UTF-8, not compressed.";
                Err(Complaint::new(415, "BAD_REQUEST", message))
            }
        }
    }

    fn take_form(&mut self, text: &str, known: &[&'static str]) -> Result<(), Complaint> {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(text);
        let pairs = pairs.map_err(|_| Complaint::new(400, "BAD_REQUEST", "The parameters can't be read."))?;
        pairs.into_inner().into_iter().try_for_each(|(name, value)| self.take(&name, value, known))
    }

    fn take(&mut self, name: &str, value: String, known: &[&'static str]) -> Result<(), Complaint> {
        let Some(name) = known.iter().find(|known| **known == name) else {
            // A filter that is mistyped must not silently answer with everything.
            let message = format!("There is no such parameter here; there are: {}.", known.join(", "));
            return Err(Complaint::new(400, "BAD_USER_INPUT", message));
        };
        let value = value.trim().to_owned();
        if !value.is_empty() && self.0.insert(name, value).is_some() {
            return Err(Complaint::about(name, "It is given twice."));
        }
        Ok(())
    }

    /// What is asked of a list.
    ///
    /// # Errors
    /// A [`Complaint`] about the parameter whose value makes no sense.
    pub fn list(&self, collection: Collection) -> Result<Asked, Complaint> {
        let fullness = self.fullness(collection)?;
        let (usual, most) = match (collection, fullness) {
            (_, Fullness::Minimal) => (MOST_MINIMAL, MOST_MINIMAL),
            (Collection::Organizations, Fullness::Full | Fullness::FullService) => (USUAL, MOST_WITH_SERVICES),
            _ => (USUAL, MOST),
        };
        let streamed = match self.0.get("format").map(String::as_str) {
            None | Some("json") => false,
            Some("ndjson") => true,
            Some(_) => return Err(Complaint::about("format", "It is json or ndjson.")),
        };
        Ok(Asked {
            fullness,
            filter: self.filter()?,
            page: self.count("page", LAST_PAGE)?.unwrap_or(1),
            // More than the most is no fault: `size` tells what came.
            size: self.count("per_page", u64::MAX)?.unwrap_or(usual).min(most),
            streamed,
        })
    }

    /// How much is told of one object.
    ///
    /// # Errors
    /// A [`Complaint`] about the parameter whose value makes no sense.
    pub fn one(&self) -> Result<Fullness, Complaint> {
        Ok(if self.flag("full_service")? == Some(true) { Fullness::FullService } else { Fullness::Full })
    }

    fn fullness(&self, collection: Collection) -> Result<Fullness, Complaint> {
        let full = self.flag("full")? == Some(true);
        let (minimal, services) = (self.flag("minimal")? == Some(true), self.flag("full_service")? == Some(true));
        Ok(match collection {
            _ if full && minimal => return Err(Complaint::about("minimal", "It can't be had together with full.")),
            _ if services => Fullness::FullService,
            _ if full => Fullness::Full,
            _ if minimal => Fullness::Minimal,
            _ => Fullness::Direct,
        })
    }

    fn filter(&self) -> Result<Filter, Complaint> {
        let (latitude, longitude) = (self.number("latitude", -90.0, 90.0)?, self.number("longitude", -180.0, 180.0)?);
        let proximity = self.number("proximity", 0.0, WIDEST)?;
        let postcode = self.words("postcode")?;
        let near = match (latitude, longitude, proximity) {
            (None, None, None) => None,
            (Some(latitude), Some(longitude), Some(meters)) => Some(Near { latitude, longitude, meters }),
            (None, None, Some(_)) if postcode.is_some() => None,
            (None, None, Some(_)) => {
                return Err(Complaint::about("proximity", "It needs postcode, or latitude and longitude."));
            }
            (Some(_), Some(_), None) => {
                return Err(Complaint::about("latitude", "It needs proximity, the distance in meters."));
            }
            _ => return Err(Complaint::about("latitude", "It needs longitude, and the other way round.")),
        };
        Ok(Filter {
            areas: Vec::new(),
            id: None,
            search: self.words("search")?,
            taxonomy_term_id: self.key("taxonomy_term_id")?,
            taxonomy_id: self.key("taxonomy_id")?,
            organization_id: self.key("organization_id")?,
            modified_after: self.0.get("modified_after").map(|text| instant(text)).transpose()?,
            top_only: self.flag("top_only")?.filter(|top| *top),
            parent_id: self.key("parent_id")?,
            postcode,
            // With a point, the circle is around that.
            proximity: proximity.filter(|_| near.is_none()),
            near,
        })
    }

    fn flag(&self, name: &'static str) -> Result<Option<bool>, Complaint> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            _ => Err(Complaint::about(name, "It is true or false.")),
        }
    }

    fn count(&self, name: &'static str, most: u64) -> Result<Option<u64>, Complaint> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        let number = text.parse::<u64>().ok().filter(|number| (1..=most).contains(number));
        number.map(Some).ok_or_else(|| Complaint::about(name, "It is a whole number from 1."))
    }

    fn number(&self, name: &'static str, least: f64, most: f64) -> Result<Option<f64>, Complaint> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        let number = text.parse::<f64>().ok().filter(|number| (least..=most).contains(number));
        number.map(Some).ok_or_else(|| Complaint::about(name, format!("It is a number from {least} to {most}.")))
    }

    fn key(&self, name: &'static str) -> Result<Option<Uuid>, Complaint> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        Uuid::try_parse(text).map(Some).map_err(|_| Complaint::about(name, "It is a UUID."))
    }

    fn words(&self, name: &'static str) -> Result<Option<String>, Complaint> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        if text.chars().count() > LONGEST_TEXT || text.contains('\0') {
            return Err(Complaint::about(name, "It has at most 200 signs, and none of them null."));
        }
        Ok(Some(text.clone()))
    }
}

/// An instant: with its offset, in UTC without one, or the beginning of a day in UTC.
fn instant(text: &str) -> Result<i64, Complaint> {
    // In an address that nobody encoded, the sign of the offset has become a blank.
    let mended = text.rsplit_once(' ').map(|(time, offset)| format!("{time}+{offset}")).unwrap_or_default();
    let utc = |time: DateTime| TimeZone::UTC.to_timestamp(time).ok();
    let read = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| mended.parse().ok())
        .or_else(|| text.parse::<DateTime>().ok().and_then(utc))
        .or_else(|| text.parse::<Date>().ok().and_then(|day| utc(day.to_datetime(jiff::civil::Time::midnight()))));
    let message = "It is a date and time such as 2026-01-31T00:00:00Z.";
    read.map(|at| at.as_microsecond()).ok_or_else(|| Complaint::about("modified_after", message))
}

async fn body(mut payload: web::Payload) -> Result<BytesMut, Complaint> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Complaint::new(400, "BAD_REQUEST", "The body ended early."))?;
        if bytes.len() + chunk.len() > LONGEST {
            return Err(Complaint::new(413, "BAD_REQUEST", "The body has more than 16384 bytes."));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_in_the_forms_that_clients_send() {
        let noon = "2026-01-31T12:00:00Z".parse::<Timestamp>().unwrap().as_microsecond();
        for text in
            ["2026-01-31T12:00:00Z", "2026-01-31T14:00:00+02:00", "2026-01-31T14:00:00 02:00", "2026-01-31T12:00"]
        {
            assert_eq!(instant(text).ok(), Some(noon), "{text}");
        }
        let midnight = noon - 43_200_000_000;
        assert_eq!(instant("2026-01-31").ok(), Some(midnight));
        for text in ["yesterday", "2026-13-01", "1"] {
            assert!(instant(text).is_err(), "{text}");
        }
    }
}
