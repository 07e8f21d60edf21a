//! What was not taken, and why.

use std::collections::HashSet;

use serde::Serialize;

use super::fields::TABLES;

/// One thing that was not taken from a directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReportRow {
    /// The file of the package it stands in, or the document that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line where its row begins, from 1, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
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
    /// The name or word concerned, where the reason alone says too little.
    #[serde(skip)]
    pub detail: Option<String>,
}

impl ReportRow {
    /// Whether rows of organizations or services were left out of which nobody can say which they were: which of them the
    /// source lists is then not known. Of a row that is left out for what it says, it is.
    #[must_use]
    pub fn hides_a_listing(&self) -> bool {
        let runs_over = matches!(self.reason, Reason::Ragged | Reason::UnclosedQuote | Reason::SpansRows);
        !self.taken && runs_over && ["organization", "service"].contains(&self.entity.trim_end_matches('s'))
    }

    /// What became of it.
    #[must_use]
    pub fn done(&self) -> Done {
        match (self.taken, self.field.is_some(), self.reason.converts()) {
            (false, ..) => Done::RowLeftOut,
            (true, _, true) => Done::Converted,
            (true, true, false) => Done::FieldLeftOut,
            (true, false, false) => Done::Kept,
        }
    }
}

/// What was done about something that could not be taken as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Done {
    /// The row was left out, and with it what hangs on it.
    RowLeftOut,
    /// The row was taken without this field.
    FieldLeftOut,
    /// It was taken in another form.
    Converted,
    /// It was taken; a person may want to look at it.
    Kept,
}

impl Done {
    /// The code by which reports name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::RowLeftOut => "ROW_LEFT_OUT",
            Self::FieldLeftOut => "FIELD_LEFT_OUT",
            Self::Converted => "CONVERTED",
            Self::Kept => "KEPT",
        }
    }
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
    /// The whole file is in another encoding than UTF-8 and was converted.
    Recoded,
    /// The row has another number of cells than the header.
    Ragged,
    /// A quote is not closed at the end of the file, so that other rows are part of a text.
    UnclosedQuote,
    /// A text of the row holds lines that look like rows: a quote was forgotten.
    SpansRows,
    /// A required field is absent or empty.
    MissingRequired,
    /// The value has another type than the standard asks.
    WrongType,
    /// The number lies outside its range.
    OutOfRange,
    /// The text does not have the form of its field.
    BadFormat,
    /// There is no such time or day, or an end lies before its beginning.
    ImpossibleTime,
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
    /// Another publisher has it, too; somebody has to decide.
    Conflict,
    /// Another publisher has it, too, and somebody decided for that one.
    StandingKept,
    /// The database did not take the organization.
    NotStored,
}

impl Reason {
    /// Whether what has this reason was taken in another form rather than left out.
    fn converts(self) -> bool {
        matches!(
            self,
            Self::Recoded
                | Self::NotAUuid
                | Self::TooLong
                | Self::Contradicts
                | Self::Unclassified
                | Self::PartnersOnly
                | Self::ReferralsNotAccepted
        )
    }

    /// A sentence for the person who reads the report.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotJson => "The line is not JSON.",
            Self::NotAnObject => "An object was expected here.",
            Self::NotUtf8 => "The row is not encoded in UTF-8.",
            Self::Recoded => "The file was not encoded in UTF-8; it was converted.",
            Self::Ragged => "The row has another number of cells than the header.",
            Self::UnclosedQuote => "A quote is not closed; the row and all after it is one text.",
            Self::SpansRows => "A text holds lines that look like rows; a quote may be missing.",
            Self::MissingRequired => "A required field is missing or empty.",
            Self::WrongType => "The value has the wrong type.",
            Self::OutOfRange => "The number is out of its range.",
            Self::BadFormat => "The value does not have the form of this field.",
            Self::ImpossibleTime => "There is no such time, or it ends before it begins.",
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
            Self::NoCountry => "No country is known; nothing of the organization was taken. Name it with --country.",
            Self::Conflict => "Another publisher has it, too; it waits until somebody decides.",
            Self::StandingKept => "Another publisher has it, too; somebody decided to keep that one.",
            Self::NotStored => "The database did not take it; nothing of the organization was changed.",
        }
    }
}

/// Collects rows; a field without a place is told once, not once a row.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The document that is read; absent for a package, whose rows stand in the file of their kind.
    pub(super) document: Option<String>,
    rows: Vec<ReportRow>,
    without_place: HashSet<(String, String)>,
}

impl Report {
    /// Adds one row, with the file it stands in.
    pub(super) fn add(&mut self, mut row: ReportRow) {
        let of_kind = || TABLES.iter().find(|(_, entity)| *entity == row.entity).map(|(file, _)| (*file).to_owned());
        row.file = row.file.or_else(|| self.document.clone()).or_else(of_kind);
        self.rows.push(row);
    }

    /// Tells that a file was in another encoding.
    pub(super) fn recoded(&mut self, file: &str, encoding: &str) {
        self.add(ReportRow {
            file: Some(file.to_owned()),
            line: None,
            organization_source_id: None,
            entity: file.to_owned(),
            source_id: None,
            field: None,
            reason: Reason::Recoded,
            taken: true,
            detail: Some(encoding.to_owned()),
        });
    }

    /// Adds a row that speaks of no organization and is named by its line.
    pub(super) fn at_line(&mut self, entity: &str, line: u64, field: Option<&str>, reason: Reason) {
        self.of_row(entity, (Some(format!("line {line}")), Some(line)), field, reason, false);
    }

    /// Adds a row that speaks of no organization, with its id and line.
    pub(super) fn of_row(
        &mut self,
        entity: &str,
        (id, line): (Option<String>, Option<u64>),
        field: Option<&str>,
        reason: Reason,
        taken: bool,
    ) {
        self.add(ReportRow {
            file: None,
            line,
            organization_source_id: None,
            entity: entity.to_owned(),
            source_id: id,
            field: field.map(str::to_owned),
            reason,
            taken,
            detail: None,
        });
    }

    /// Adds a row that speaks of no organization and of no line.
    pub(super) fn plain(&mut self, entity: &str, id: Option<String>, field: Option<&str>, reason: Reason, taken: bool) {
        self.of_row(entity, (id, None), field, reason, taken);
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
