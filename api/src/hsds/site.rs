//! Locations with what hangs on them.

use super::listing::accessibility;
use super::model::{Contact, Location, LocationKind, Term};
use super::parts::{address, contacts, terms};
use super::report::{Reason, Report};
use super::row::Row;
use super::times::schedules;

/// A location with what hangs on it and belongs to each place there.
#[derive(Clone, PartialEq)]
pub(super) struct Site {
    /// The location itself.
    pub(super) location: Location,
    /// Roles that may be called there.
    pub(super) contacts: Vec<Contact>,
    /// Terms attached to it.
    pub(super) terms: Vec<Term>,
}

/// Builds a location; none if its id or kind is absent.
pub(super) fn build_site(row: &Row<'_>, report: &mut Report) -> Option<Site> {
    let source_id = row.own_id(report)?;
    let kind = row.required_line(report, "location_type")?.to_lowercase();
    let kind = match kind.as_str() {
        "physical" => LocationKind::Physical,
        "virtual" => LocationKind::Virtual,
        "postal" => LocationKind::Postal,
        _ => {
            row.refuse(report, Some("location_type"), Reason::UnknownValue, false);
            return None;
        }
    };
    let point = (row.number(report, "latitude", (-90.0, 90.0)), row.number(report, "longitude", (-180.0, 180.0)));
    let (latitude, longitude) = match point {
        (Some(_), None) => {
            row.refuse(report, Some("latitude"), Reason::IncompletePoint, true);
            (None, None)
        }
        (None, Some(_)) => {
            row.refuse(report, Some("longitude"), Reason::IncompletePoint, true);
            (None, None)
        }
        both => both,
    };
    let (address_lines, country) = address(row, kind, report);
    let location = Location {
        source_id,
        name: row.line(report, "name"),
        description: row.text(report, "description"),
        kind,
        latitude,
        longitude,
        address_lines,
        country,
        external_identifier: row.line(report, "external_identifier"),
        external_identifier_type: row.line(report, "external_identifier_type"),
        schedules: schedules(row, report),
        transportation: row.text(report, "transportation"),
        accessibility: accessibility(row, report),
    };
    Some(Site { location, contacts: contacts(row, report), terms: terms(row, report) })
}
