//! What an import tells: one row for each thing not taken, and the counts.

use crate::domain::import_run::{Conflict, Difference, Quarantined};
use crate::hsds::{Reason, ReportRow};
use serde::Serialize;
use std::collections::HashSet;
use std::io::{self, Write};

/// One thing that was not taken, or not as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Untaken {
    #[serde(flatten)]
    pub row: ReportRow,
    /// The name or word concerned, where the reason alone says too little.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How many of one kind came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Count {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// Not taken, or left as a member made it.
    pub refused: usize,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    pub organizations: Count,
    pub services: Count,
    /// Services at locations.
    pub places: Count,
    /// Services of the file that have no category: seen by all who may see them, open for no referral.
    pub unclassified: usize,
    /// Services of the file that take no referrals because the source says so.
    pub closed_for_referrals: usize,
    /// Services of the file that only partners see.
    pub partners_only: usize,
}

/// What an import tells at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub source: String,
    /// Whether nothing was written.
    pub dry_run: bool,
    pub counts: Counts,
    pub rows: Vec<Untaken>,
    /// What would be done, thing by thing; of a dry run only.
    pub differences: Vec<Difference>,
    /// Conflicts that were not met before.
    #[serde(skip)]
    pub conflicts: Vec<Conflict>,
    /// Words that no crosswalk knows; of a dry run only.
    #[serde(skip)]
    pub words: Vec<Quarantined>,
}

impl Count {
    fn add(&mut self, more: Self) {
        self.new += more.new;
        self.changed += more.changed;
        self.unchanged += more.unchanged;
        self.refused += more.refused;
    }
}

impl Counts {
    /// Adds what one organization came to.
    pub(super) fn add(&mut self, more: &Self) {
        self.organizations.add(more.organizations);
        self.services.add(more.services);
        self.places.add(more.places);
        self.unclassified += more.unclassified;
        self.closed_for_referrals += more.closed_for_referrals;
        self.partners_only += more.partners_only;
    }
}

impl Report {
    /// A report that begins with what could not be read.
    pub(super) fn of(source: &str, dry_run: bool, unread: &[ReportRow]) -> Self {
        let mut counts = Counts::default();
        for row in unread.iter().filter(|row| !row.taken) {
            match row.entity.as_str() {
                "organization" => counts.organizations.refused += 1,
                "service" => counts.services.refused += 1,
                "service_at_location" => counts.places.refused += 1,
                _ => {}
            }
        }
        let rows = unread.iter().map(|row| Untaken { row: row.clone(), detail: row.detail.clone() }).collect();
        let (source, differences) = (source.to_owned(), Vec::new());
        Self { source, dry_run, counts, rows, differences, conflicts: Vec::new(), words: Vec::new() }
    }

    /// Whether nothing at all was taken or known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Count { new, changed, unchanged, .. } = self.counts.organizations;
        new + changed + unchanged == 0
    }

    /// How many organizations were not taken at all, though they could be read.
    #[must_use]
    pub fn lost(&self) -> usize {
        let is_lost = |row: &&Untaken| matches!(row.row.reason, Reason::NotStored | Reason::NoCountry);
        self.rows.iter().filter(is_lost).count()
    }
}

/// Gathers the rows of one organization; what is the same for all is told once in the whole report.
pub(super) struct Notes<'a> {
    pub(super) organization: Option<String>,
    pub(super) rows: Vec<Untaken>,
    told: &'a mut HashSet<String>,
}

/// The thing of the source that a row speaks of.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) entity: &'static str,
    pub(super) id: &'a str,
}

impl<'a> Notes<'a> {
    /// Begins with nothing to tell. `told` has to be the same for all organizations.
    pub(super) fn of(organization: Option<&str>, told: &'a mut HashSet<String>) -> Self {
        Self { organization: organization.map(str::to_owned), rows: Vec::new(), told }
    }

    /// Tells that something was taken, but for a field or in another way.
    pub(super) fn partly(&mut self, about: About<'_>, field: &str, reason: Reason, detail: Option<&str>) {
        self.push(about.entity, Some(about.id), Some(field), reason, true, detail);
    }

    /// Tells that something was not taken.
    pub(super) fn refused(&mut self, about: About<'_>, reason: Reason, detail: Option<&str>) {
        self.push(about.entity, Some(about.id), None, reason, false, detail);
    }

    /// Tells once that a field of all rows of a kind has no place here.
    pub(super) fn no_place(&mut self, entity: &str, field: &str, is_there: bool) {
        if is_there {
            self.once(entity, Some(field), Reason::NoPlace, None);
        }
    }

    /// Tells once about something named `detail`.
    pub(super) fn once(&mut self, entity: &str, field: Option<&str>, reason: Reason, detail: Option<&str>) {
        let key = format!("{entity}\n{}\n{reason:?}\n{}", field.unwrap_or_default(), detail.unwrap_or_default());
        if self.told.insert(key) {
            self.push(entity, None, field, reason, true, detail);
            if let Some(last) = self.rows.last_mut() {
                last.row.organization_source_id = None;
            }
        }
    }

    fn push(
        &mut self,
        entity: &str,
        id: Option<&str>,
        field: Option<&str>,
        reason: Reason,
        taken: bool,
        detail: Option<&str>,
    ) {
        let row = ReportRow {
            file: None,
            line: None,
            organization_source_id: self.organization.clone(),
            entity: entity.to_owned(),
            source_id: id.map(str::to_owned),
            field: field.map(str::to_owned),
            reason,
            taken,
            detail: None,
        };
        self.rows.push(Untaken { row, detail: detail.map(str::to_owned) });
    }
}

/// Writes a report for people: one line of cells parted by tabs for each thing not taken, a blank line, the counts.
///
/// # Errors
/// What the writer refuses.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "file\tline\torganization\tentity\tid\tfield\treason\tdone\tdetail\tmeaning")?;
    for Untaken { row, detail } in &report.rows {
        let reason = serde_json::to_value(row.reason)?;
        let line = row.line.map(|line| line.to_string()).unwrap_or_default();
        let cells = [
            row.file.as_deref().unwrap_or_default(),
            &line,
            row.organization_source_id.as_deref().unwrap_or_default(),
            &row.entity,
            row.source_id.as_deref().unwrap_or_default(),
            row.field.as_deref().unwrap_or_default(),
            reason.as_str().unwrap_or_default(),
            row.done().code(),
            detail.as_deref().unwrap_or_default(),
            row.reason.sentence(),
        ];
        writeln!(out, "{}", cells.map(cell).join("\t"))?;
    }
    let Counts { organizations, services, places, unclassified, closed_for_referrals, partners_only } = &report.counts;
    writeln!(out, "\n\tnew\tchanged\tunchanged\trefused")?;
    for (name, count) in [("organizations", organizations), ("services", services), ("places", places)] {
        writeln!(out, "{name}\t{}\t{}\t{}\t{}", count.new, count.changed, count.unchanged, count.refused)?;
    }
    writeln!(out, "unclassified\t{unclassified}")?;
    writeln!(out, "closed for referrals\t{closed_for_referrals}")?;
    writeln!(out, "for partners only\t{partners_only}")?;
    if report.dry_run { writeln!(out, "Nothing was written: this was a dry run.") } else { Ok(()) }
}

/// Writes a report for programs: JSON, first a line with the counts, then a line for each thing not taken.
///
/// # Errors
/// What the writer refuses.
pub fn render_json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Report { source, dry_run, counts, rows, .. } = report;
    writeln!(out, "{}", serde_json::json!({ "source": source, "dry_run": dry_run, "counts": counts }))?;
    for row in rows {
        let mut line = serde_json::to_value(row)?;
        if let Some(line) = line.as_object_mut() {
            line.insert("done".to_owned(), row.row.done().code().into());
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// A cell without signs that would break its line or command a terminal.
fn cell(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_stays_on_its_line_and_the_counts_follow() {
        let row = ReportRow {
            file: Some("services.csv".into()),
            line: Some(7),
            organization_source_id: None,
            entity: "service".into(),
            source_id: Some("a\tb\n\u{1b}[31m".into()),
            field: None,
            reason: Reason::MissingRequired,
            taken: false,
            detail: None,
        };
        let report = Report::of("town", true, &[row]);
        assert_eq!(report.counts.services.refused, 1);
        let mut out = Vec::new();
        render(&report, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let line = text.lines().nth(1).unwrap();
        assert_eq!(line.split('\t').count(), 10, "{line}");
        assert!(line.contains("\ta b  [31m\t\tMISSING_REQUIRED\tROW_LEFT_OUT\t"), "{line}");
        assert!(text.contains("\nservices\t0\t0\t0\t1\n") && text.ends_with("dry run.\n"), "{text}");
        let mut out = Vec::new();
        render_json(&report, &mut out).unwrap();
        assert!(String::from_utf8(out).unwrap().lines().all(|line| line.starts_with('{')));
    }

    #[test]
    fn what_is_the_same_for_all_is_told_once() {
        let mut told = HashSet::new();
        for organization in ["a", "b"] {
            let mut notes = Notes::of(Some(organization), &mut told);
            notes.no_place("service", "url", true);
            notes.no_place("service", "schedule", false);
            assert_eq!(notes.rows.len(), usize::from(organization == "a"));
            assert!(notes.rows.iter().all(|row| row.row.organization_source_id.is_none()));
        }
    }
}
