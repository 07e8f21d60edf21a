//! Reading an edition: a CSV with a row for each standard term.

use crate::domain::code::Code;
use crate::domain::edition::{Crosswalk, EditionTerm};
use crate::domain::language_tag::canonical_tag;
use crate::domain::organization::Translations;
use crate::domain::rule::{Failure, Rule, RuleCode, Rules};
use crate::domain::service::{Category, Dimension, Level};
use crate::domain::taxonomy::is_name;
use csv::StringRecord;
use std::collections::{HashMap, HashSet};

/// Columns that every file has.
const NEEDED: [&str; 4] = ["code", "dimension", "level", "label_en"];

/// What a file holds.
pub(super) struct Edition {
    pub(super) terms: Vec<EditionTerm>,
    pub(super) crosswalk: Crosswalk,
}

/// Reads the terms and what they replace: columns `code`, `dimension`, `level`, `label_en`, and if wanted `parent`, `group`,
/// `replaces` (codes with blanks between them) and `label_` with other language tags.
///
/// # Errors
/// Rules broken by rows, at `rows.N.column`, N being the line.
pub(super) fn read(text: &[u8], standing: &[Category]) -> Result<Edition, Failure> {
    let text = crate::hsds::utf8(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_ref());
    let unread = |_| Rule::at("rows", RuleCode::Invalid);
    let header = reader.headers().map_err(unread)?.clone();
    let mut rules = Rules::default();
    for column in NEEDED {
        rules.check(header.iter().any(|name| name == column), column, RuleCode::Required);
    }
    let languages = languages(&header, &mut rules);
    rules.settle()?;
    let mut reading = Reading { header, languages, rules: Rules::default(), lines: Vec::new(), edition: empty() };
    for (index, record) in reader.records().enumerate() {
        reading.row(index + 2, &record.map_err(unread)?);
    }
    reading.check(standing);
    reading.rules.settle()?;
    Ok(reading.edition)
}

fn empty() -> Edition {
    Edition { terms: Vec::new(), crosswalk: Crosswalk::new() }
}

/// The columns of labels, with their languages.
fn languages(header: &StringRecord, rules: &mut Rules) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    for (at, name) in header.iter().enumerate() {
        let Some(tag) = name.strip_prefix("label_") else { continue };
        rules.check(canonical_tag(tag).is_some_and(|canonical| canonical == tag), name, RuleCode::Invalid);
        all.push((at, tag.to_owned()));
    }
    all
}

struct Reading {
    header: StringRecord,
    languages: Vec<(usize, String)>,
    rules: Rules,
    /// Line by line, what the term replaces.
    lines: Vec<(usize, Vec<String>)>,
    edition: Edition,
}

impl Reading {
    fn row(&mut self, line: usize, record: &StringRecord) {
        let at = |name: &str| self.header.iter().position(|column| column == name);
        let cell = |name: &str| at(name).and_then(|at| record.get(at)).unwrap_or_default().to_owned();
        let (code, parent) = (cell("code"), Some(cell("parent")).filter(|parent| !parent.is_empty()));
        let (dimension, level) = (Dimension::from_code(&cell("dimension")), Level::from_code(&cell("level")));
        let group = cell("group").to_ascii_lowercase();
        let replaces: Vec<String> = cell("replaces").split_whitespace().map(str::to_owned).collect();
        let label = |(at, tag): &(usize, String)| Some((tag.clone(), record.get(*at)?.to_owned()));
        let labels: Translations =
            self.languages.iter().filter_map(label).filter(|(_, label)| !label.is_empty()).collect();
        let place = |name: &str| format!("rows.{line}.{name}");
        let rules = &mut self.rules;
        rules.check(code.split('.').all(is_name) && code.len() <= 100, &place("code"), RuleCode::Invalid);
        rules.check(dimension.is_some(), &place("dimension"), RuleCode::Invalid);
        rules.check(level.is_some(), &place("level"), RuleCode::Invalid);
        rules.check(["", "yes", "no", "true", "false"].contains(&group.as_str()), &place("group"), RuleCode::Invalid);
        rules.check(labels.contains_key("en"), &place("label_en"), RuleCode::Required);
        for (tag, label) in &labels {
            rules.text(&place(&format!("label_{tag}")), label, 1, 200);
        }
        let is_group = ["yes", "true"].contains(&group.as_str());
        let (dimension, level) = (dimension.unwrap_or_default(), level.unwrap_or_default());
        self.lines.push((line, replaces));
        self.edition.terms.push(EditionTerm { code, parent, dimension, level, is_group, labels });
    }

    /// That codes are there once, lie below groups of the file without a circle, and replace what there is no longer.
    fn check(&mut self, standing: &[Category]) {
        let known: HashSet<&str> = standing.iter().map(|term| term.code.as_str()).collect();
        let terms: HashMap<&str, &EditionTerm> =
            self.edition.terms.iter().map(|term| (term.code.as_str(), term)).collect();
        let mut seen = HashSet::new();
        let mut crosswalk = Crosswalk::new();
        for ((line, replaces), term) in self.lines.iter().zip(&self.edition.terms) {
            let place = |name: &str| format!("rows.{line}.{name}");
            self.rules.check(seen.insert(&term.code), &place("code"), RuleCode::AlreadyExists);
            if let Some(parent) = &term.parent {
                let above = terms.get(parent.as_str());
                self.rules.check(above.is_some_and(|above| above.is_group), &place("parent"), RuleCode::NotFound);
                self.rules.check(!is_circle(&terms, term), &place("parent"), RuleCode::Invalid);
            }
            for old in replaces {
                self.rules.check(known.contains(old.as_str()), &place("replaces"), RuleCode::NotFound);
                self.rules.check(!terms.contains_key(old.as_str()), &place("replaces"), RuleCode::Invalid);
                self.rules.check(!term.is_group, &place("replaces"), RuleCode::Invalid);
                crosswalk.entry(old.clone()).or_default().push(term.code.clone());
            }
        }
        self.rules.check(!self.edition.terms.is_empty(), "rows", RuleCode::Required);
        self.edition.crosswalk = crosswalk;
    }
}

fn is_circle(terms: &HashMap<&str, &EditionTerm>, term: &EditionTerm) -> bool {
    let above = |term: &&EditionTerm| term.parent.as_deref().and_then(|parent| terms.get(parent).copied());
    std::iter::successors(Some(term), above).take(terms.len() + 1).count() > terms.len()
}
