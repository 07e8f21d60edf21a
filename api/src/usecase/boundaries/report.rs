//! What came of a file of boundaries.

use serde::Serialize;
use std::io::{self, Write};

/// Something to know about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// 1 for the first feature; 0 for the file as a whole.
    pub row: usize,
    /// Its place code, where it has one.
    pub pcode: String,
    pub what: String,
}

/// What a file did, or would have done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub level: i32,
    pub rows: usize,
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// Areas around the rows' that were not known before.
    pub added_around: usize,
    /// Boundaries that are new or different.
    pub boundaries: usize,
    /// Areas of the same country, level and edition that the file does not name; they stay.
    pub not_named: usize,
    /// What keeps the file from being taken: with any of them nothing was written.
    #[serde(skip)]
    pub problems: Vec<Note>,
    /// What was mended or is worth a look.
    #[serde(skip)]
    pub remarks: Vec<Note>,
}

/// Writes a report for people.
///
/// # Errors
/// What the writer refuses.
pub fn render(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for (kind, notes) in [("problem", &report.problems), ("note", &report.remarks)] {
        for note in notes {
            let place = if note.row == 0 { "the file".to_owned() } else { format!("row {} {}", note.row, note.pcode) };
            writeln!(out, "{kind}: {}: {}", place.trim_end(), note.what)?;
        }
    }
    if !report.problems.is_empty() {
        return writeln!(out, "Nothing was written.");
    }
    writeln!(out, "Level {}, {} rows", report.level, report.rows)?;
    writeln!(out, "  areas: {} added, {} changed, {} unchanged", report.added, report.changed, report.unchanged)?;
    writeln!(out, "  areas around them: {} added", report.added_around)?;
    writeln!(out, "  boundaries: {} new or different", report.boundaries)?;
    writeln!(out, "  not in this file, kept: {}", report.not_named)
}

/// Writes a report as lines of JSON: the counts, then one line for each problem and note.
///
/// # Errors
/// What the writer refuses.
pub fn render_json(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", serde_json::to_string(report)?)?;
    for (kind, notes) in [("problem", &report.problems), ("note", &report.remarks)] {
        for note in notes {
            let line = serde_json::json!({ "kind": kind, "row": note.row, "pcode": note.pcode, "what": note.what });
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
