//! One object of the source, read field by field; what does not fit is reported.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::fields;
use super::report::{Reason, Report, ReportRow};

/// Longest text taken, in characters.
const LONGEST_TEXT: usize = 20_000;
/// Longest name, title or id taken, in characters.
const LONGEST_LINE: usize = 500;

/// The member under which a row of a file carries its line. No source can write it: a control sign begins it.
pub(super) const LINE: &str = "\u{1}line";

/// The line that a row of a file carries.
pub(super) fn line_of(map: &Map<String, Value>) -> Option<u64> {
    map.get(LINE).and_then(Value::as_u64)
}

/// An object together with what a report row needs to name it.
pub(super) struct Row<'a> {
    entity: &'static str,
    map: &'a Map<String, Value>,
    id: Option<String>,
    organization: Option<String>,
    line: Option<u64>,
}

impl<'a> Row<'a> {
    /// Takes up an object and tells once of each field that has no place.
    pub(super) fn new(
        entity: &'static str,
        map: &'a Map<String, Value>,
        organization: Option<String>,
        report: &mut Report,
    ) -> Self {
        let known = fields::known(entity);
        for (field, value) in map {
            if !value.is_null() && field != LINE && !known.contains(&field.as_str()) {
                report.no_place(entity, field);
            }
        }
        let id = match map.get("id") {
            Some(Value::String(id)) if !id.trim().is_empty() => Some(id.trim().to_owned()),
            Some(Value::Number(id)) => Some(id.to_string()),
            _ => None,
        };
        Self { entity, map, id, organization, line: line_of(map) }
    }

    /// The same object in a line that it does not carry itself.
    pub(super) fn at(mut self, line: Option<u64>) -> Self {
        self.line = self.line.or(line);
        self
    }

    /// Takes up an object inside this one.
    pub(super) fn inner<'b>(&self, entity: &'static str, map: &'b Map<String, Value>, report: &mut Report) -> Row<'b> {
        let mut row = Row::new(entity, map, self.organization.clone(), report).at(self.line);
        if row.id.is_none() {
            row.id.clone_from(&self.id);
        }
        row
    }

    /// Tells of these fields, where there is something in them, that they have no place in this row.
    pub(super) fn no_place(&self, report: &mut Report, fields: &[&str]) {
        for field in fields.iter().filter(|field| self.map.get(**field).is_some_and(|value| !value.is_null())) {
            report.no_place(self.entity, field);
        }
    }

    /// Reports this row or one of its fields.
    pub(super) fn refuse(&self, report: &mut Report, field: Option<&str>, reason: Reason, taken: bool) {
        report.add(ReportRow {
            file: None,
            line: self.line,
            organization_source_id: self.organization.clone(),
            entity: self.entity.to_owned(),
            source_id: self.id.clone(),
            field: field.map(str::to_owned),
            reason,
            taken,
            detail: None,
        });
    }

    /// The row's own id, required; one that is no UUID is reported and kept.
    pub(super) fn own_id(&self, report: &mut Report) -> Option<String> {
        let Some(id) = &self.id else {
            self.refuse(report, Some("id"), Reason::MissingRequired, false);
            return None;
        };
        if id.chars().count() > LONGEST_LINE || id.chars().any(char::is_control) {
            self.refuse(report, Some("id"), Reason::BadFormat, false);
            return None;
        }
        if Uuid::try_parse(id).is_err() {
            self.refuse(report, Some("id"), Reason::NotAUuid, true);
        }
        Some(id.clone())
    }

    /// Whether the row says anything in a field.
    pub(super) fn has(&self, field: &str) -> bool {
        self.map.get(field).is_some_and(|value| !value.is_null())
    }

    /// A text without blanks around it; empty is absent.
    pub(super) fn text(&self, report: &mut Report, field: &str) -> Option<String> {
        let text = match self.map.get(field)? {
            Value::Null => return None,
            Value::String(text) => text.trim(),
            _ => {
                self.refuse(report, Some(field), Reason::WrongType, true);
                return None;
            }
        };
        if text.chars().count() > LONGEST_TEXT {
            self.refuse(report, Some(field), Reason::TooLong, true);
            return None;
        }
        let clean: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        (!clean.is_empty()).then_some(clean)
    }

    /// A text on one line: every run of blanks becomes one blank.
    pub(super) fn line(&self, report: &mut Report, field: &str) -> Option<String> {
        let line = self.text(report, field)?.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() > LONGEST_LINE {
            self.refuse(report, Some(field), Reason::TooLong, true);
            return None;
        }
        (!line.is_empty()).then_some(line)
    }

    /// A line without which the row is left out; says so.
    pub(super) fn required_line(&self, report: &mut Report, field: &str) -> Option<String> {
        let line = self.line(report, field);
        if line.is_none() {
            self.refuse(report, Some(field), Reason::MissingRequired, false);
        }
        line
    }

    /// A number between two bounds, both allowed.
    pub(super) fn number(&self, report: &mut Report, field: &str, bounds: (f64, f64)) -> Option<f64> {
        let reason = match self.map.get(field)? {
            Value::Null => return None,
            Value::Number(number) => match number.as_f64() {
                Some(number) if number >= bounds.0 && number <= bounds.1 => return Some(number),
                _ => Reason::OutOfRange,
            },
            _ => Reason::WrongType,
        };
        self.refuse(report, Some(field), reason, true);
        None
    }

    /// A whole number from 0 to `most`.
    pub(super) fn whole(&self, report: &mut Report, field: &str, most: u32) -> Option<u32> {
        let number = self.number(report, field, (0.0, f64::from(most)))?;
        if number.fract() != 0.0 {
            self.refuse(report, Some(field), Reason::WrongType, true);
            return None;
        }
        // The bounds above make the conversion exact.
        Some(number as u32)
    }

    /// An absolute address; only http and https, so that no page of ours runs a script of theirs.
    pub(super) fn url(&self, report: &mut Report, field: &str) -> Option<String> {
        let url = self.line(report, field)?;
        let scheme = url.split_once("://").map(|(scheme, rest)| (scheme.to_lowercase(), rest));
        let fits = scheme.is_some_and(|(scheme, rest)| {
            matches!(scheme.as_str(), "http" | "https") && rest.starts_with(|c: char| c.is_alphanumeric() || c == '[')
        });
        self.keep_if(report, field, url, |url| fits && !url.contains(' '))
    }

    /// Keeps a value that has its form, or reports the field.
    pub(super) fn keep_if(
        &self,
        report: &mut Report,
        field: &str,
        value: String,
        fits: impl Fn(&str) -> bool,
    ) -> Option<String> {
        if fits(&value) {
            return Some(value);
        }
        self.refuse(report, Some(field), Reason::BadFormat, true);
        None
    }

    /// The objects of a list; anything else in it is reported.
    pub(super) fn list(&self, report: &mut Report, field: &str) -> Vec<&'a Map<String, Value>> {
        let items = match self.map.get(field) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.refuse(report, Some(field), Reason::WrongType, true);
                return Vec::new();
            }
        };
        let objects: Vec<_> = items.iter().filter_map(Value::as_object).collect();
        if objects.len() < items.len() {
            self.refuse(report, Some(field), Reason::NotAnObject, true);
        }
        objects
    }

    /// The object of a field.
    pub(super) fn object(&self, report: &mut Report, field: &str) -> Option<&'a Map<String, Value>> {
        match self.map.get(field)? {
            Value::Null => None,
            Value::Object(map) => Some(map),
            _ => {
                self.refuse(report, Some(field), Reason::NotAnObject, true);
                None
            }
        }
    }
}
