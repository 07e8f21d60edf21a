//! The joins between the tables of a package.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::fields::TABLES;
use super::report::{Reason, Report};
use super::row::line_of;
use super::tabular::{Table, text};

/// How a column that names another table's row ties the two.
enum Tie {
    /// The row is put into a list of the row it names.
    Many(&'static str),
    /// The row it names is put into this row.
    One(&'static str),
    /// Only looked up.
    Check,
}

/// A column that names a row of another table.
struct Link {
    child: &'static str,
    column: &'static str,
    parent: &'static str,
    tie: Tie,
    /// Whether a row is left out that names no row with it.
    required: bool,
}

const fn link(child: &'static str, column: &'static str, parent: &'static str, tie: Tie, required: bool) -> Link {
    Link { child, column, parent, tie, required }
}

const SAL: &str = "service_at_location";

/// Every reference between the tables that are read, but the attributes' own.
const LINKS: [Link; 34] = [
    link(SAL, "service_id", "service", Tie::Many("service_at_locations"), true),
    link(SAL, "location_id", "location", Tie::One("location"), true),
    link("location", "organization_id", "organization", Tie::Check, false),
    link("address", "location_id", "location", Tie::Many("addresses"), false),
    link("phone", "organization_id", "organization", Tie::Many("phones"), false),
    link("phone", "service_id", "service", Tie::Many("phones"), false),
    link("phone", "service_at_location_id", SAL, Tie::Many("phones"), false),
    link("phone", "location_id", "location", Tie::Many("phones"), false),
    link("phone", "contact_id", "contact", Tie::Many("phones"), false),
    link("contact", "organization_id", "organization", Tie::Many("contacts"), false),
    link("contact", "service_id", "service", Tie::Many("contacts"), false),
    link("contact", "service_at_location_id", SAL, Tie::Many("contacts"), false),
    link("contact", "location_id", "location", Tie::Many("contacts"), false),
    link("schedule", "service_id", "service", Tie::Many("schedules"), false),
    link("schedule", "service_at_location_id", SAL, Tie::Many("schedules"), false),
    link("schedule", "location_id", "location", Tie::Many("schedules"), false),
    link("regular_schedule", "service_id", "service", Tie::Many("regular_schedules"), false),
    link("regular_schedule", "service_at_location_id", SAL, Tie::Many("regular_schedules"), false),
    link("regular_schedule", "location_id", "location", Tie::Many("regular_schedules"), false),
    link("service_area", "service_id", "service", Tie::Many("service_areas"), false),
    link("service_area", "service_at_location_id", SAL, Tie::Many("service_areas"), false),
    link("organization_identifier", "organization_id", "organization", Tie::Many("organization_identifiers"), false),
    link("cost_option", "service_id", "service", Tie::Many("cost_options"), false),
    link("funding", "service_id", "service", Tie::Many("funding"), false),
    link("accessibility", "location_id", "location", Tie::Many("accessibility"), false),
    link("language", "service_id", "service", Tie::Many("languages"), false),
    link("language", "location_id", "location", Tie::Many("languages"), false),
    link("language", "phone_id", "phone", Tie::Many("languages"), false),
    link("required_document", "service_id", "service", Tie::Many("required_documents"), false),
    link("service_capacity", "service_id", "service", Tie::Many("capacities"), false),
    link("service_capacity", "unit_id", "unit", Tie::One("unit"), true),
    link("attribute", "taxonomy_term_id", "taxonomy_term", Tie::One("taxonomy_term"), true),
    link("taxonomy_term", "taxonomy_id", "taxonomy", Tie::One("taxonomy_detail"), false),
    link("taxonomy_term", "parent_id", "taxonomy_term", Tie::Check, false),
];

/// Rows by the list they belong into: (entity that has the list, list) → id → rows.
type Lists = HashMap<(&'static str, &'static str), HashMap<String, Vec<usize>>>;

/// Tables with their references resolved; what names nothing is reported and left out.
pub(super) struct Joined {
    tables: HashMap<&'static str, Table>,
    lists: Lists,
}

impl Joined {
    /// Resolves every reference. The organization of a service is left to the builder.
    pub(super) fn new(tables: HashMap<&'static str, Table>, report: &mut Report) -> Self {
        let mut joined = Self { tables, lists: Lists::new() };
        for (_, entity) in TABLES {
            let count = joined.tables.get(entity).map_or(0, |table| table.rows.len());
            for index in 0..count {
                joined.tie(entity, index, report);
            }
        }
        joined
    }

    fn has(&self, entity: &str, id: &str) -> bool {
        self.tables.get(entity).is_some_and(|table| table.by_id.contains_key(id))
    }

    fn tie(&mut self, entity: &'static str, index: usize, report: &mut Report) {
        let Some(row) = self.tables.get(entity).and_then(|table| table.rows.get(index)) else {
            return;
        };
        let (mut lists, mut dangling, mut left_out) = (Vec::new(), Vec::new(), false);
        let mut hangs = false;
        for link in LINKS.iter().filter(|link| link.child == entity) {
            hangs |= matches!(link.tie, Tie::Many(_));
            match text(row, link.column) {
                Some(id) if !self.has(link.parent, id) => {
                    dangling.push(link.column);
                    left_out |= link.required;
                }
                Some(id) => {
                    if let Tie::Many(list) = link.tie {
                        lists.push((link.parent, list, id.to_owned()));
                    }
                }
                None if link.required => {
                    report.of_row(entity, named(row), Some(link.column), Reason::MissingRequired, false);
                    left_out = true;
                }
                None => {}
            }
        }
        if entity == "attribute" {
            hangs = true;
            match self.attribute(row, report) {
                Ok(list) => lists.extend(list),
                Err(column) => dangling.push(column),
            }
        }
        let taken = !left_out && (!hangs || !lists.is_empty());
        for column in &dangling {
            report.of_row(entity, named(row), Some(column), Reason::DanglingReference, taken);
        }
        let told = !dangling.is_empty() || left_out || entity == "attribute";
        if hangs && lists.is_empty() && !told {
            report.of_row(entity, named(row), None, Reason::Unattached, false);
        }
        if taken {
            for (parent, list, id) in lists {
                self.lists.entry((parent, list)).or_default().entry(id).or_default().push(index);
            }
        }
    }

    /// Where an attribute belongs; none if its kind of row has no place for attributes.
    fn attribute(
        &self,
        row: &Map<String, Value>,
        report: &mut Report,
    ) -> Result<Option<(&'static str, &'static str, String)>, &'static str> {
        let kind = text(row, "link_entity").unwrap_or_default().to_lowercase();
        let Some((_, entity)) = TABLES.iter().find(|(_, entity)| *entity == kind) else {
            report.of_row("attribute", named(row), Some("link_entity"), Reason::UnknownValue, false);
            return Ok(None);
        };
        match text(row, "link_id") {
            Some(id) if self.has(entity, id) => Ok(Some((*entity, "attributes", id.to_owned()))),
            _ => Err("link_id"),
        }
    }

    /// Every row of an entity with all that hangs on it, shaped as in JSON.
    pub(super) fn whole(&self, entity: &'static str) -> impl Iterator<Item = Map<String, Value>> {
        let count = self.tables.get(entity).map_or(0, |table| table.rows.len());
        (0..count).filter_map(move |index| self.assemble(entity, index))
    }

    // The references form no cycle, so the depth is that of the longest chain of links.
    fn assemble(&self, entity: &'static str, index: usize) -> Option<Map<String, Value>> {
        let mut row = self.tables.get(entity)?.rows.get(index)?.clone();
        let id = own(&row).unwrap_or_default();
        for link in LINKS.iter() {
            match link.tie {
                Tie::Many(list) if link.parent == entity => {
                    self.insert_list(&mut row, &id, (entity, list), link.child);
                }
                Tie::One(slot) if link.child == entity => {
                    let table = self.tables.get(link.parent)?;
                    let found = text(&row, link.column).and_then(|id| table.by_id.get(id));
                    let found = found.and_then(|index| self.assemble(link.parent, *index));
                    if let Some(found) = found {
                        row.insert(slot.to_owned(), Value::Object(found));
                    }
                }
                _ => {}
            }
        }
        self.insert_list(&mut row, &id, (entity, "attributes"), "attribute");
        Some(row)
    }

    fn insert_list(
        &self,
        row: &mut Map<String, Value>,
        id: &str,
        key: (&'static str, &'static str),
        child: &'static str,
    ) {
        let Some(indexes) = self.lists.get(&key).and_then(|lists| lists.get(id)) else { return };
        let items = indexes.iter().filter_map(|index| self.assemble(child, *index));
        row.insert(key.1.to_owned(), items.map(Value::Object).collect());
    }
}

fn own(row: &Map<String, Value>) -> Option<String> {
    text(row, "id").map(str::to_owned)
}

/// Id and line of a row, by which it is told of.
fn named(row: &Map<String, Value>) -> (Option<String>, Option<u64>) {
    (own(row), line_of(row))
}
