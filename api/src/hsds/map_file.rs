//! Reading of category map files, with all complaints at once.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::category_map::{MapComplaint, Taxonomy};
use super::words::fold;

/// Complaints in the order met.
#[derive(Default)]
pub(super) struct Complaints(pub(super) Vec<MapComplaint>);

impl Complaints {
    /// Adds one.
    pub(super) fn add(&mut self, path: &str, what: &str) {
        self.0.push(MapComplaint { path: path.to_owned(), what: what.to_owned() });
    }

    /// All of them with a last one.
    pub(super) fn only(mut self, path: &str, what: &str) -> Vec<MapComplaint> {
        self.add(path, what);
        self.0
    }
}

/// The taxonomies of a map file.
pub(super) fn taxonomies(
    file: &Map<String, Value>,
    is_category: &dyn Fn(&str) -> bool,
    complaints: &mut Complaints,
) -> Vec<Taxonomy> {
    let Some(Value::Array(items)) = file.get("taxonomies") else {
        complaints.add("taxonomies", "must be a list");
        return Vec::new();
    };
    let mut found: Vec<Taxonomy> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let path = format!("taxonomies[{at}]");
        let Value::Object(item) = item else {
            complaints.add(&path, "must be an object");
            continue;
        };
        for key in item.keys().filter(|key| !["name", "terms"].contains(&key.as_str())) {
            complaints.add(&format!("{path}.{key}"), "no such member");
        }
        let name = fold(item.get("name").and_then(Value::as_str).unwrap_or_default());
        if name.is_empty() {
            complaints.add(&format!("{path}.name"), "must be a name");
        } else if found.iter().any(|taxonomy| taxonomy.name == name) {
            complaints.add(&format!("{path}.name"), "is listed before");
        }
        let terms = terms(item, &path, is_category, complaints);
        found.push(Taxonomy { name, terms });
    }
    found
}

fn terms(
    taxonomy: &Map<String, Value>,
    path: &str,
    is_category: &dyn Fn(&str) -> bool,
    complaints: &mut Complaints,
) -> HashMap<String, String> {
    let Some(Value::Object(items)) = taxonomy.get("terms") else {
        complaints.add(&format!("{path}.terms"), "must be an object of term to category");
        return HashMap::new();
    };
    let mut found: HashMap<String, String> = HashMap::new();
    let items: BTreeMap<_, _> = items.iter().collect();
    for (term, category) in items {
        let path = format!("{path}.terms[{term:?}]");
        let folded = fold(term);
        if folded.is_empty() {
            complaints.add(&path, "must have letters or digits");
        }
        match category {
            Value::String(category) if is_category(category) => {
                let earlier = found.insert(folded, category.clone());
                if earlier.is_some_and(|earlier| earlier != *category) {
                    complaints.add(&path, "is the same as another term, with another category");
                }
            }
            Value::String(category) => {
                complaints.add(&path, &format!("there is no category {category:?}"));
            }
            _ => complaints.add(&path, "must be the code of a category"),
        }
    }
    found
}

/// The folded words of a member that may be absent.
pub(super) fn words(file: &Map<String, Value>, member: &str, complaints: &mut Complaints) -> Vec<String> {
    let items = match file.get(member) {
        None => return Vec::new(),
        Some(Value::Array(items)) => items,
        Some(_) => {
            complaints.add(member, "must be a list of words");
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let word = fold(item.as_str().unwrap_or_default());
        if word.is_empty() {
            complaints.add(&format!("{member}[{at}]"), "must be a word");
        } else {
            found.push(word);
        }
    }
    found
}
