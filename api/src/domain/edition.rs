//! A new edition of the standard terms: what it changes in those that stand, and what follows what.

use crate::domain::code::{Code, codes};
use crate::domain::import_run::FieldChange;
use crate::domain::organization::Translations;
use crate::domain::service::{Category, Dimension, Level};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};

codes! {
    /// What an edition does with a term.
    pub enum TermChange {
        /// It is new.
        Added = "ADDED",
        /// It stands, and these facts of it change.
        Changed = "CHANGED",
        /// It was retired, and is in use again.
        Revived = "REVIVED",
        /// Another takes its place: what is filed under it follows. Where several have one successor, they are merged.
        Replaced = "REPLACED",
        /// Several take its place: its services are listed for review.
        Split = "SPLIT",
        /// Nothing takes its place: its services are listed for review.
        Retired = "RETIRED",
    }
}

/// A standard term as an edition has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionTerm {
    pub code: String,
    /// The group right above.
    pub parent: Option<String>,
    pub dimension: Dimension,
    pub level: Level,
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_group: bool,
    pub labels: Translations,
}

/// Which terms of the edition take the place of one that it no longer has.
pub type Crosswalk = BTreeMap<String, Vec<String>>;

/// What an edition does with one term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermDifference {
    pub change: TermChange,
    pub code: String,
    /// Its label in English.
    pub name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// What takes its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<String>,
}

fn name(labels: &Translations) -> String {
    labels.get("en").or_else(|| labels.values().next()).cloned().unwrap_or_default()
}

/// All that an edition does with the standard terms that stand, by code; `standing` has retired ones and groups too.
#[must_use]
pub fn compare(standing: &[Category], terms: &[EditionTerm], crosswalk: &Crosswalk) -> Vec<TermDifference> {
    let known: HashMap<&str, &Category> = standing.iter().map(|term| (term.code.as_str(), term)).collect();
    let kept: HashSet<&str> = terms.iter().map(|term| term.code.as_str()).collect();
    let mut all: Vec<TermDifference> = terms.iter().filter_map(|term| of_term(&known, term)).collect();
    for gone in standing.iter().filter(|term| term.valid_to.is_none() && !kept.contains(term.code.as_str())) {
        let successors = crosswalk.get(&gone.code).cloned().unwrap_or_default();
        let change = match successors.len() {
            0 => TermChange::Retired,
            1 => TermChange::Replaced,
            _ => TermChange::Split,
        };
        let (code, name) = (gone.code.clone(), name(&gone.labels));
        all.push(TermDifference { change, code, name, fields: Vec::new(), successors });
    }
    all.sort_by(|one, other| one.code.cmp(&other.code));
    all
}

fn of_term(known: &HashMap<&str, &Category>, term: &EditionTerm) -> Option<TermDifference> {
    let told = |change, fields| TermDifference {
        change,
        code: term.code.clone(),
        name: name(&term.labels),
        fields,
        successors: Vec::new(),
    };
    let Some(before) = known.get(term.code.as_str()) else { return Some(told(TermChange::Added, Vec::new())) };
    let fields = fields(before, term);
    if before.valid_to.is_some() {
        return Some(told(TermChange::Revived, fields));
    }
    (!fields.is_empty()).then(|| told(TermChange::Changed, fields))
}

fn fields(before: &Category, term: &EditionTerm) -> Vec<FieldChange> {
    let mut all = Vec::new();
    let mut note = |field: String, from: &str, to: &str| {
        if from != to {
            all.push(FieldChange { field, from: from.to_owned(), to: to.to_owned() });
        }
    };
    note("dimension".into(), before.dimension.code(), term.dimension.code());
    note("level".into(), before.level.code(), term.level.code());
    let above = |parent: &Option<String>| parent.clone().unwrap_or_default();
    note("parent".into(), &above(&before.parent), &above(&term.parent));
    note("group".into(), &before.is_group.to_string(), &term.is_group.to_string());
    let tags: std::collections::BTreeSet<&String> = before.labels.keys().chain(term.labels.keys()).collect();
    for tag in tags {
        let label = |labels: &Translations| labels.get(tag).cloned().unwrap_or_default();
        note(format!("label_{tag}"), &label(&before.labels), &label(&term.labels));
    }
    all
}

/// Every term with each that is above it, itself among them, and how far above: what the closure holds. A circle ends where
/// it closes.
#[must_use]
pub fn closure(parents: &BTreeMap<String, Option<String>>) -> Vec<(String, String, i32)> {
    let mut all = Vec::new();
    for code in parents.keys() {
        let (mut above, mut depth) = (Some(code), 0);
        while let Some(ancestor) = above.filter(|_| depth <= 20) {
            all.push((ancestor.clone(), code.clone(), depth));
            above = parents.get(ancestor).and_then(Option::as_ref);
            depth += 1;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(code: &str, label: &str) -> Category {
        let labels = Translations::from([("en".to_owned(), label.to_owned())]);
        Category { code: code.into(), labels, ..Category::default() }
    }

    fn term(code: &str, label: &str) -> EditionTerm {
        let labels = Translations::from([("en".to_owned(), label.to_owned())]);
        let Category { dimension, level, .. } = Category::default();
        EditionTerm { code: code.into(), parent: None, dimension, level, is_group: false, labels }
    }

    #[test]
    fn what_is_new_renamed_merged_split_retired_and_revived_is_told() {
        let mut old = standing("G", "Back again");
        old.valid_to = Some("2026-12-31".into());
        let all = [
            standing("A", "One"),
            standing("B", "Two"),
            standing("C", "Three"),
            standing("D", "Four"),
            standing("E", "Five"),
            standing("F", "Six"),
            old,
        ];
        let terms =
            [term("A", "One"), term("B", "Other words"), term("N", "New"), term("O", "Other"), term("G", "Back again")];
        let crosswalk = Crosswalk::from([
            ("C".to_owned(), vec!["N".to_owned()]),
            ("D".to_owned(), vec!["N".to_owned()]),
            ("E".to_owned(), vec!["N".to_owned(), "O".to_owned()]),
        ]);
        let told: Vec<(String, TermChange)> =
            compare(&all, &terms, &crosswalk).into_iter().map(|one| (one.code, one.change)).collect();
        let expected = [
            ("B", TermChange::Changed),
            ("C", TermChange::Replaced),
            ("D", TermChange::Replaced),
            ("E", TermChange::Split),
            ("F", TermChange::Retired),
            ("G", TermChange::Revived),
            ("N", TermChange::Added),
            ("O", TermChange::Added),
        ];
        assert_eq!(told, expected.map(|(code, change)| (code.to_owned(), change)));
    }

    #[test]
    fn the_closure_has_each_term_below_all_above_it() {
        let of = |code: &str, parent: Option<&str>| (code.to_owned(), parent.map(str::to_owned));
        let all = closure(&BTreeMap::from([of("A", None), of("A.B", Some("A")), of("A.B.C", Some("A.B"))]));
        assert_eq!(all.len(), 6);
        assert!(all.contains(&("A".into(), "A.B.C".into(), 2)));
    }
}
