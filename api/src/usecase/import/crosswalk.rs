//! The words of a source and our categories: crosswalks are loaded by edition, and a word that none knows waits with a
//! suggestion until somebody decides.

use crate::app::App;
use crate::domain::folding::fold;
use crate::domain::import_run::{Mapping, Quarantined};
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::service::Category;
use crate::hsds::Term;
use crate::usecase::import::standard;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How alike a word and a category's label have to be for a suggestion, of 0 to 1.
const NEAR: f64 = 0.5;

/// What the loading of a crosswalk came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loaded {
    /// Rows of the file.
    pub rows: usize,
    /// Mappings of the source that hold today.
    pub in_force: usize,
}

/// Reads a crosswalk: CSV with the columns `scheme`, `code`, `category` and `edition`, and if wanted `valid_from` and
/// `label`, in any order. A word is mapped once in an edition, and what was loaded stays.
///
/// # Errors
/// Rules broken by rows, at `rows.N.column`, N being the line; what the engine refuses.
pub async fn load_crosswalk(app: &App, source: &str, text: &[u8]) -> Outcome<Loaded> {
    let mut rules = Rules::default();
    rules.text("source", source, 1, 100);
    let categories = standard(app).await?.into_iter().filter(|category| !category.is_group);
    let codes: HashSet<String> = categories.map(|category| category.code).collect();
    let today = app.clock.now().to_string();
    let today = today.get(..10).unwrap_or_default();
    let mappings = read(text, today, &codes, &mut rules)?;
    rules.settle()?;
    let tx = app.store.begin().await?;
    tx.add_mappings(source, &mappings, app.now()).await?;
    tx.commit().await?;
    let in_force = app.store.crosswalk(source, today).await?.len();
    Ok(Loaded { rows: mappings.len(), in_force })
}

fn read(text: &[u8], today: &str, codes: &HashSet<String>, rules: &mut Rules) -> Outcome<Vec<Mapping>> {
    let text = crate::hsds::utf8(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_ref());
    let unread = |_| Rule::at("rows", RuleCode::Invalid);
    let header = reader.headers().map_err(unread)?.clone();
    let at = |name: &str| header.iter().position(|column| column == name);
    for column in ["scheme", "code", "category", "edition"] {
        rules.check(at(column).is_some(), column, RuleCode::Required);
    }
    let mut mappings = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let (record, line) = (record.map_err(unread)?, index + 2);
        let cell = |name: &str| at(name).and_then(|at| record.get(at)).unwrap_or_default().to_owned();
        let valid_from = Some(cell("valid_from")).filter(|day| !day.is_empty()).unwrap_or_else(|| today.to_owned());
        let mapping = Mapping {
            scheme: cell("scheme"),
            code: cell("code"),
            edition: cell("edition"),
            valid_from,
            label: cell("label"),
            category: cell("category"),
        };
        for (name, text) in [("scheme", &mapping.scheme), ("code", &mapping.code), ("edition", &mapping.edition)] {
            rules.text(&format!("rows.{line}.{name}"), text, 1, 500);
        }
        let is_day = mapping.valid_from.parse::<Date>().is_ok() && mapping.valid_from.len() == 10;
        rules.check(is_day, &format!("rows.{line}.valid_from"), RuleCode::Invalid);
        rules.check(codes.contains(&mapping.category), &format!("rows.{line}.category"), RuleCode::NotFound);
        mappings.push(mapping);
    }
    Ok(mappings)
}

/// The words of a source that wait for somebody to map them, those of most services first.
///
/// # Errors
/// What the engine refuses.
pub async fn quarantine(app: &App, source: &str) -> Result<Vec<Quarantined>, Fault> {
    app.store.quarantine(source).await
}

/// Words in the order in which they are kept.
pub(super) fn sorted(mut words: Vec<Quarantined>) -> Vec<Quarantined> {
    words.sort_by(|a, b| (-a.services, &a.scheme, &a.code).cmp(&(-b.services, &b.scheme, &b.code)));
    words
}

/// Gathers the words that are in no crosswalk.
#[derive(Debug, Default)]
pub(super) struct Words(BTreeMap<(String, String), (String, i32)>);

impl Words {
    /// Notes the words of one service.
    pub(super) fn note(&mut self, terms: &[Term]) {
        for term in terms {
            let scheme = if term.taxonomy.is_empty() { term.taxonomy_id.clone() } else { Some(term.taxonomy.clone()) };
            let code = term.code.as_ref().unwrap_or(&term.name).clone();
            let word = self.0.entry((scheme.unwrap_or_default(), code)).or_insert_with(|| (term.name.clone(), 0));
            word.1 += 1;
        }
    }

    /// All of them, each with the nearest category.
    pub(super) fn quarantined(self, categories: &HashMap<String, Category>) -> Vec<Quarantined> {
        let labels: Vec<(String, &str)> =
            categories.values().filter(|category| !category.is_group).flat_map(labels_of).collect();
        let word = |((scheme, code), (label, services)): ((String, String), (String, i32))| Quarantined {
            suggestion: nearest(&label, &labels),
            scheme,
            code,
            label,
            services,
        };
        self.0.into_iter().map(word).collect()
    }
}

/// The folded labels of a category in all languages, and the words of its code.
fn labels_of(category: &Category) -> Vec<(String, &str)> {
    let code = category.code.as_str();
    let mut labels: Vec<(String, &str)> = category.labels.values().map(|label| (fold(label), code)).collect();
    labels.push((fold(&code.replace(['.', '_'], " ")), code));
    labels
}

/// The category with the label nearest to a word; of equally near ones the first by code.
fn nearest(word: &str, labels: &[(String, &str)]) -> Option<String> {
    let word = fold(word);
    let mut best: Option<(f64, &str)> = None;
    for (label, code) in labels {
        let score = strsim::sorensen_dice(&word, label);
        if score >= NEAR && best.is_none_or(|(most, of)| score > most || (score == most && *code < of)) {
            best = Some((score, code));
        }
    }
    best.map(|(_, code)| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_label_is_suggested_and_a_strange_word_gets_none() {
        let labels = vec![
            (fold("Vocational training"), "ECO.TRAINING"),
            (fold("Formation professionnelle"), "ECO.TRAINING"),
            (fold("Legal aid"), "PSY.LEGAL"),
        ];
        assert_eq!(nearest("Vocational trainings", &labels).as_deref(), Some("ECO.TRAINING"));
        assert_eq!(nearest("formation professionelle", &labels).as_deref(), Some("ECO.TRAINING"));
        assert_eq!(nearest("Legal aid services", &labels).as_deref(), Some("PSY.LEGAL"));
        assert_eq!(nearest("Evening club", &labels), None);
    }

    #[test]
    fn a_crosswalk_is_read_with_all_that_is_wrong_in_it() {
        let codes = HashSet::from(["A".to_owned()]);
        let text = b"code,scheme,edition,category,valid_from\n1,S,2026,A,\n,S,2026,B,yesterday\n";
        let mut rules = Rules::default();
        let read = read(text, "2026-11-25", &codes, &mut rules).ok().unwrap();
        assert_eq!((read.len(), read[0].valid_from.as_str()), (2, "2026-11-25"));
        let Err(crate::domain::rule::Failure::Rules(broken)) = rules.settle() else { panic!("nothing is wrong") };
        let fields: Vec<String> = broken.iter().map(|rule| rule.field.join(".")).collect();
        assert_eq!(fields, ["rows.3.code", "rows.3.valid_from", "rows.3.category"]);
    }
}
