//! From the terms of a directory to our categories, and what its words imply.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde_json::Value;

use crate::domain::discretion::telling;
use crate::domain::import_run::Mapping;

use super::map_file::{Complaints, taxonomies, words};
use super::model::{Place, Service, Term};
use super::own;
use super::words::{CLOSED, fold, says};

/// The value of `format` this version reads.
pub const FORMAT: &str = "passerelle-category-map/1";

/// A map from the terms of taxonomies to category codes, together with the
/// words that hide a service from the public or close it for referrals.
#[derive(Debug, Clone)]
pub struct CategoryMap {
    taxonomies: Vec<Taxonomy>,
    sensitive: Vec<String>,
    closed: Vec<String>,
}

/// A taxonomy of the map; name and terms folded for comparison.
#[derive(Debug, Clone)]
pub(super) struct Taxonomy {
    /// Folded name.
    pub(super) name: String,
    /// Category by folded term.
    pub(super) terms: HashMap<String, String>,
}

/// What a service's terms say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Classification {
    /// Code of our category; none where nothing maps: the service is unclassified.
    pub category: Option<String>,
    /// Whether its whereabouts may endanger people: partners only.
    pub sensitive: bool,
    /// The word that made it so, folded, for the report.
    pub sensitive_word: Option<String>,
    /// False where the source says that no referrals are accepted: by the
    /// service's terms or text, or at a place while no other place names a way to refer.
    pub takes_referrals: bool,
    /// Source ids of the places that accept none, also where others do.
    pub closed_places: Vec<String>,
    /// Terms that a person may want to map, sorted: those of mapped taxonomies
    /// without a category, and all of an unclassified service's own.
    pub unmapped_terms: Vec<Term>,
}

/// Something wrong in a map file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapComplaint {
    /// Where, such as `taxonomies[0].terms["Health"]`; empty for the whole file.
    pub path: String,
    /// What, as a sentence.
    pub what: String,
}

impl fmt::Display for MapComplaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return f.write_str(&self.what);
        }
        write!(f, "{}: {}", self.path, self.what)
    }
}

impl Default for CategoryMap {
    /// The map that maps nothing; the built-in words hold.
    fn default() -> Self {
        let folded = |words: &[&str]| words.iter().map(|word| fold(word)).collect();
        Self { taxonomies: Vec::new(), sensitive: Vec::new(), closed: folded(&CLOSED) }
    }
}

impl CategoryMap {
    /// Reads a map file. `is_category` tells whether a code is one of ours.
    /// The file's words are added to the built-in ones; none can be taken away.
    ///
    /// # Errors
    /// All complaints at once, in the order of the file.
    pub fn parse(text: &str, is_category: &dyn Fn(&str) -> bool) -> Result<Self, Vec<MapComplaint>> {
        let mut complaints = Complaints::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let file = match serde_json::from_str(text) {
            Ok(Value::Object(file)) => file,
            Ok(_) => return Err(complaints.only("", "the file must hold one JSON object")),
            Err(fault) => return Err(complaints.only("", &format!("not JSON: {fault}"))),
        };
        let mut map = Self::default();
        if file.get("format").and_then(Value::as_str) != Some(FORMAT) {
            complaints.add("format", &format!("must be \"{FORMAT}\""));
        }
        for key in file.keys() {
            if !["format", "taxonomies", "sensitive_terms", "closed_terms"].contains(&key.as_str()) {
                complaints.add(key, "no such member");
            }
        }
        map.taxonomies = taxonomies(&file, is_category, &mut complaints);
        map.sensitive.extend(words(&file, "sensitive_terms", &mut complaints));
        map.closed.extend(words(&file, "closed_terms", &mut complaints));
        if complaints.0.is_empty() { Ok(map) } else { Err(complaints.0) }
    }

    /// The same map behind a crosswalk, whose mappings come first.
    #[must_use]
    pub fn behind(&self, crosswalk: &[Mapping]) -> Self {
        let mut schemes: BTreeMap<String, HashMap<String, String>> = BTreeMap::new();
        for mapping in crosswalk {
            let terms = schemes.entry(fold(&mapping.scheme)).or_default();
            terms.insert(fold(&mapping.code), mapping.category.clone());
        }
        let mut map = self.clone();
        let ours = schemes.into_iter().map(|(name, terms)| Taxonomy { name, terms });
        map.taxonomies.splice(0..0, ours);
        map
    }

    /// What the terms and texts of a service say.
    #[must_use]
    pub fn classify(&self, service: &Service) -> Classification {
        let category = own::category(service).or_else(|| self.category(service));
        let sensitive_word = self.sensitive_word(service, category.as_deref());
        let (takes_referrals, closed_places) = match own::takes_referrals(service) {
            Some(takes) => (takes, Vec::new()),
            None => self.referrals(service),
        };
        Classification {
            unmapped_terms: self.unmapped(service, category.is_none()),
            sensitive: sensitive_word.is_some(),
            category,
            sensitive_word,
            takes_referrals,
            closed_places,
        }
    }

    /// The category of the first listed taxonomy that has one; a service's own
    /// terms come before those of its places.
    fn category(&self, service: &Service) -> Option<String> {
        let places = service.places.iter().flat_map(|place| &place.terms);
        let terms = || service.terms.iter().chain(places.clone());
        self.taxonomies.iter().find_map(|taxonomy| terms().find_map(|term| taxonomy.category(term))).cloned()
    }

    fn unmapped(&self, service: &Service, is_unclassified: bool) -> Vec<Term> {
        let is_open = |term: &&Term| {
            let mut of = self.taxonomies.iter().filter(|taxonomy| taxonomy.is_of(term)).peekable();
            of.peek().is_some() && of.all(|taxonomy| taxonomy.category(term).is_none())
        };
        let places = service.places.iter().flat_map(|place| &place.terms);
        let mut found: Vec<Term> = service.terms.iter().chain(places).filter(is_open).cloned().collect();
        if is_unclassified {
            found.extend(service.terms.iter().cloned());
        }
        // What closes a service has been understood, though it is no category.
        found.retain(|term| !self.closes(term) && own::scheme_of(term).is_none());
        found.sort();
        found.dedup();
        found
    }

    /// Names and descriptions count beside terms: hiding one too many from the
    /// public costs less than showing one too many.
    fn sensitive_word(&self, service: &Service, category: Option<&str>) -> Option<String> {
        let mut texts: Vec<&str> = vec![&service.name];
        texts.extend(category);
        let own = [&service.description, &service.alternate_name, &service.application_process];
        texts.extend(own.into_iter().filter_map(Option::as_deref));
        texts.extend(service.terms.iter().flat_map(term_texts));
        for place in &service.places {
            texts.extend(place.location.name.as_deref());
            texts.extend(place.description.as_deref());
            texts.extend(place.terms.iter().flat_map(term_texts));
        }
        let mapped = |text: &str| {
            let text = fold(text);
            self.sensitive.iter().find(|word| says(&text, word)).cloned()
        };
        texts.into_iter().find_map(|text| telling(text).or_else(|| mapped(text)))
    }

    fn is_closed(&self, text: &str) -> bool {
        let text = fold(text);
        self.closed.iter().any(|phrase| says(&text, phrase))
    }

    fn closes(&self, term: &Term) -> bool {
        term_texts(term).any(|text| self.is_closed(text))
    }

    fn referrals(&self, service: &Service) -> (bool, Vec<String>) {
        let closing: Vec<&Term> = all_terms(service).filter(|term| self.closes(term)).collect();
        let is_closed_place = |place: &&Place| place.terms.iter().any(|term| self.closes(term));
        let closed: Vec<&Place> = service.places.iter().filter(is_closed_place).collect();
        // A place that names another way to refer speaks against closing the whole.
        let is_open = service.places.iter().any(|place| {
            !is_closed_place(&place)
                && place
                    .terms
                    .iter()
                    .any(|term| closing.iter().any(|closing| fold(&closing.taxonomy) == fold(&term.taxonomy)))
        });
        let by_service = service.terms.iter().any(|term| self.closes(term))
            || service.application_process.as_deref().is_some_and(|text| self.is_closed(text));
        let is_closed = by_service || (!closed.is_empty() && !is_open);
        (!is_closed, closed.into_iter().map(|place| place.source_id.clone()).collect())
    }
}

fn all_terms(service: &Service) -> impl Iterator<Item = &Term> {
    service.terms.iter().chain(service.places.iter().flat_map(|place| &place.terms))
}

fn term_texts(term: &Term) -> impl Iterator<Item = &str> {
    std::iter::once(term.name.as_str()).chain(term.code.as_deref())
}

impl Taxonomy {
    fn is_of(&self, term: &Term) -> bool {
        fold(&term.taxonomy) == self.name || term.taxonomy_id.as_deref().is_some_and(|id| fold(id) == self.name)
    }

    fn category(&self, term: &Term) -> Option<&String> {
        if !self.is_of(term) {
            return None;
        }
        term_texts(term).find_map(|text| self.terms.get(&fold(text)))
    }
}
