//! What was not taken, and why.

use std::collections::HashSet;

use serde::Serialize;

/// One thing that was not taken from a directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReportRow {
    /// The organization it belongs to, by the id of the source, where known.
    pub organization_source_id: Option<String>,
    /// HSDS object name such as `service`, or a file name.
    pub entity: String,
    /// Id of the row in the source; `line N` where it has none. Absent where
    /// the row speaks of a field of all rows.
    pub source_id: Option<String>,
    /// The field concerned; absent where the whole row is meant.
    pub field: Option<String>,
    /// Why.
    pub reason: Reason,
    /// True: the row was taken and only the field left out. False: the row was left out.
    pub taken: bool,
}

/// Why something was not taken. Closed: a new reason is a new version of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// The line is not JSON.
    NotJson,
    /// Something other than an object stands where an object belongs.
    NotAnObject,
    /// The row is not UTF-8.
    NotUtf8,
    /// The row has another number of cells than the header.
    Ragged,
    /// A required field is absent or empty.
    MissingRequired,
    /// The value has another type than the standard asks.
    WrongType,
    /// The number lies outside its range.
    OutOfRange,
    /// The text does not have the form of its field.
    BadFormat,
    /// The text is longer than we take.
    TooLong,
    /// The value is not one of the closed list of its field.
    UnknownValue,
    /// Another row of the same kind came first with this id.
    DuplicateId,
    /// The same service at the same location came first.
    DuplicatePlace,
    /// The same thing was described differently before; the first description holds.
    Contradicts,
    /// It names a row that does not exist.
    DanglingReference,
    /// It belongs to no row at all.
    Unattached,
    /// What it belongs to was itself left out.
    ParentNotTaken,
    /// The id is not a UUID; the row is taken under a derived id.
    NotAUuid,
    /// It names a person or may lead to one.
    PersonalData,
    /// The standard or the file knows it, we have no place for it.
    NoPlace,
    /// We keep one; another was taken.
    OnlyOne,
    /// A point needs both its halves.
    IncompletePoint,
    /// No area of ours has this code or name.
    UnknownArea,
    /// No term maps to a category: the service is seen but takes no referrals.
    Unclassified,
    /// The category map knows the taxonomy but not this term, or nothing maps the service it is on.
    NotMapped,
    /// A word speaks of a shelter, violence or trafficking: only partners see the service.
    PartnersOnly,
    /// The source says that referrals are not accepted, there or at all.
    ReferralsNotAccepted,
    /// A member has changed or confirmed it since it was imported.
    ChangedByMember,
    /// It was imported before and is no longer in the source.
    NoLongerListed,
    /// It was imported as another organization's.
    OfAnother,
    /// Referrals or capacities refer to it.
    InUse,
    /// Neither the source nor the import names a country.
    NoCountry,
    /// The database did not take the organization.
    NotStored,
}

impl Reason {
    /// A sentence for the person who reads the report.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotJson => "The line is not JSON.",
            Self::NotAnObject => "An object was expected here.",
            Self::NotUtf8 => "The row is not encoded in UTF-8.",
            Self::Ragged => "The row has another number of cells than the header.",
            Self::MissingRequired => "A required field is missing or empty.",
            Self::WrongType => "The value has the wrong type.",
            Self::OutOfRange => "The number is out of its range.",
            Self::BadFormat => "The value does not have the form of this field.",
            Self::TooLong => "The text is too long.",
            Self::UnknownValue => "The value is not one of those the standard lists.",
            Self::DuplicateId => "Another row came first with the same id.",
            Self::DuplicatePlace => "The same service is already listed at this location.",
            Self::Contradicts => "It was described differently before; the first one holds.",
            Self::DanglingReference => "It refers to a row that is not there.",
            Self::Unattached => "It belongs to no other row.",
            Self::ParentNotTaken => "What it belongs to was itself left out.",
            Self::NotAUuid => "The id is not a UUID; an id was derived from it.",
            Self::PersonalData => "It may identify a person; only roles are taken.",
            Self::NoPlace => "There is no place for this here; its values were left out.",
            Self::OnlyOne => "Only one of these is kept; another was taken.",
            Self::IncompletePoint => "A point needs both latitude and longitude.",
            Self::UnknownArea => "There is no area with this code or name here.",
            Self::Unclassified => "No term maps to a category; it is seen but takes no referrals.",
            Self::NotMapped => "The category map has no category for this term.",
            Self::PartnersOnly => "A word asks for discretion; only partners see the service.",
            Self::ReferralsNotAccepted => "The source says that referrals are not accepted.",
            Self::ChangedByMember => "A member has changed or confirmed it; it was left alone.",
            Self::NoLongerListed => "It is no longer in the source; it was left as it is.",
            Self::OfAnother => "It was imported as another organization's; it was left there.",
            Self::InUse => "Referrals or capacities refer to it; it was left there.",
            Self::NoCountry => "No country is known; nothing of the organization was taken.",
            Self::NotStored => "The database did not take it; nothing of the organization was changed.",
        }
    }
}

/// Collects rows; a field without a place is told once, not once a row.
#[derive(Debug, Default)]
pub(super) struct Report {
    rows: Vec<ReportRow>,
    without_place: HashSet<(String, String)>,
}

impl Report {
    /// Adds one row.
    pub(super) fn add(&mut self, row: ReportRow) {
        self.rows.push(row);
    }

    /// Adds a row that speaks of no organization.
    pub(super) fn plain(&mut self, entity: &str, id: Option<String>, field: Option<&str>, reason: Reason, taken: bool) {
        self.add(ReportRow {
            organization_source_id: None,
            entity: entity.to_owned(),
            source_id: id,
            field: field.map(str::to_owned),
            reason,
            taken,
        });
    }

    /// Tells once that a field of an entity has no place here.
    pub(super) fn no_place(&mut self, entity: &str, field: &str) {
        if self.without_place.insert((entity.to_owned(), field.to_owned())) {
            self.plain(entity, None, Some(field), Reason::NoPlace, true);
        }
    }

    /// All rows in the order they were met.
    pub(super) fn into_rows(self) -> Vec<ReportRow> {
        self.rows
    }
}
