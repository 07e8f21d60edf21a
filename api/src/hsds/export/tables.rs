//! The tabular package: the tables are taken from the objects themselves, member by member, so that whatever an object
//! tells has its cell.

use super::cell::{guarded, writer};
use super::{Gathered, text};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// Tables in the order of the descriptor: file without its ending, and HSDS object name.
const FILES: [(&str, &str); 23] = [
    ("organizations", "organization"),
    ("programs", "program"),
    ("services", "service"),
    ("attributes", "attribute"),
    ("service_at_location", "service_at_location"),
    ("locations", "location"),
    ("phones", "phone"),
    ("contacts", "contact"),
    ("addresses", "address"),
    ("schedules", "schedule"),
    ("funding", "funding"),
    ("service_areas", "service_area"),
    ("required_documents", "required_document"),
    ("languages", "language"),
    ("accessibility", "accessibility"),
    ("taxonomy_terms", "taxonomy_term"),
    ("metadata", "metadata"),
    ("cost_options", "cost_option"),
    ("organization_identifiers", "organization_identifier"),
    ("taxonomies", "taxonomy"),
    ("service_capacity", "service_capacity"),
    ("units", "unit"),
    ("url", "url"),
];

/// Lists of objects inside others, and the kind of these.
const LISTS: [(&str, &str); 19] = [
    ("service_at_locations", "service_at_location"),
    ("locations", "location"),
    ("addresses", "address"),
    ("phones", "phone"),
    ("contacts", "contact"),
    ("schedules", "schedule"),
    ("service_areas", "service_area"),
    ("languages", "language"),
    ("required_documents", "required_document"),
    ("capacities", "service_capacity"),
    ("attributes", "attribute"),
    ("cost_options", "cost_option"),
    ("funding", "funding"),
    ("accessibility", "accessibility"),
    ("organization_identifiers", "organization_identifier"),
    ("programs", "program"),
    ("additional_urls", "url"),
    ("additional_websites", "url"),
    ("metadata", "metadata"),
];

/// Single objects inside others, their kind, and the column that names them.
const SINGLES: [(&str, &str, &str); 7] = [
    ("organization", "organization", "organization_id"),
    ("program", "program", "program_id"),
    ("service", "service", "service_id"),
    ("location", "location", "location_id"),
    ("taxonomy_term", "taxonomy_term", "taxonomy_term_id"),
    ("taxonomy_detail", "taxonomy", "taxonomy_id"),
    ("unit", "unit", "unit_id"),
];

/// Columns of numbers.
const NUMBERS: [&str; 12] = [
    "latitude",
    "longitude",
    "minimum_age",
    "maximum_age",
    "available",
    "maximum",
    "interval",
    "count",
    "extension",
    "amount",
    "timezone",
    "year_incorporated",
];

/// Rows by id, of each kind.
#[derive(Default)]
struct Tables(BTreeMap<&'static str, BTreeMap<String, BTreeMap<String, String>>>);

impl Tables {
    fn take(&mut self, entity: &'static str, object: &Map<String, Value>, above: &[(&str, &str)]) {
        let id = text(object, "id").to_owned();
        let mut row: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in object {
            match value {
                Value::String(text) => drop(row.insert(name.clone(), guarded(text))),
                Value::Number(number) => drop(row.insert(name.clone(), number.to_string())),
                Value::Bool(yes) => drop(row.insert(name.clone(), yes.to_string())),
                Value::Object(single) => {
                    let Some((_, kind, column)) = SINGLES.iter().find(|(single, ..)| single == name) else { continue };
                    row.insert((*column).to_owned(), text(single, "id").to_owned());
                    self.take(kind, single, &[]);
                }
                Value::Array(items) => {
                    let Some((_, kind)) = LISTS.iter().find(|(list, _)| list == name) else { continue };
                    let column = format!("{entity}_id");
                    let named: &[(&str, &str)] = if *kind == "attribute" || *kind == "metadata" {
                        &[("link_id", &id), ("link_entity", entity)]
                    } else {
                        &[(&column, &id)]
                    };
                    items.iter().filter_map(Value::as_object).for_each(|item| self.take(kind, item, named));
                }
                Value::Null => {}
            }
        }
        row.extend(above.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        // The same thing met twice, once with more told of it.
        self.0.entry(entity).or_default().entry(id).or_default().extend(row);
    }
}

/// The columns of a table: the id, the keys of others, then all others by name.
fn columns(rows: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<String> {
    let names: BTreeSet<&String> = rows.values().flat_map(BTreeMap::keys).collect();
    let mut columns: Vec<String> = names.into_iter().cloned().collect();
    columns.sort_by_key(|name| (name != "id", !name.ends_with("_id"), name.clone()));
    columns
}

/// The package: a zip of the tables that have rows, with their descriptor. The same directory gives the same bytes.
///
/// # Errors
/// What the archive refuses.
pub fn package(gathered: &Gathered) -> zip::result::ZipResult<Vec<u8>> {
    let mut tables = Tables::default();
    for service in &gathered.services {
        tables.take("service", service, &[]);
    }
    // Readers look for both of these even where there is nothing.
    for needed in ["organization", "service"] {
        tables.0.entry(needed).or_default();
    }
    // No time of day, so that the archive does not tell when it was made.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut resources = Vec::new();
    for (file, entity) in FILES {
        let Some(rows) = tables.0.get(entity) else { continue };
        let mut columns = columns(rows);
        if columns.is_empty() {
            columns = ["id", "name", "description"].map(str::to_owned).to_vec();
        }
        archive.start_file(format!("{file}.csv"), options)?;
        archive.write_all(&table(&columns, rows)?)?;
        resources.push(resource(file, &columns, &tables));
    }
    let descriptor = json!({
        "name": "human-services-data-specification",
        "title": "Services for migrant return and reintegration",
        "profile": "tabular-data-package",
        "version": "3.2.3",
        "resources": resources,
    });
    archive.start_file("datapackage.json", options)?;
    archive.write_all(format!("{descriptor:#}\n").as_bytes())?;
    Ok(archive.finish()?.into_inner())
}

fn table(columns: &[String], rows: &BTreeMap<String, BTreeMap<String, String>>) -> std::io::Result<Vec<u8>> {
    let mut writer = writer();
    writer.write_record(columns)?;
    for row in rows.values() {
        writer.write_record(columns.iter().map(|column| row.get(column).map_or("", String::as_str)))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn resource(file: &str, columns: &[String], tables: &Tables) -> Value {
    let field = |name: &String| {
        let kind = if NUMBERS.contains(&name.as_str()) { "number" } else { "string" };
        if name == "id" {
            json!({ "name": name, "type": kind, "constraints": { "required": true, "unique": true } })
        } else {
            json!({ "name": name, "type": kind })
        }
    };
    let key = |name: &String| {
        let entity = name.strip_suffix("_id")?;
        let (parent, kind) = FILES.iter().find(|(_, kind)| *kind == entity)?;
        let there = tables.0.contains_key(kind);
        there.then(|| json!({ "fields": name, "reference": { "resource": parent, "fields": "id" } }))
    };
    let keys: Vec<Value> = columns.iter().filter_map(key).collect();
    json!({
        "name": file,
        "path": format!("{file}.csv"),
        "profile": "tabular-data-resource",
        "schema": { "primaryKey": "id", "fields": columns.iter().map(field).collect::<Vec<_>>(), "foreignKeys": keys },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_an_object_tells_has_its_cell_and_its_key() {
        let service = json!({
            "id": "s", "name": "=cmd", "minimum_age": 16,
            "organization": { "id": "o", "name": "O", "description": "D" },
            "service_at_locations": [{ "id": "p", "location": { "id": "l", "location_type": "virtual" } }],
            "attributes": [{ "id": "a", "taxonomy_term": { "id": "t", "name": "T", "taxonomy_detail": { "id": "x" } } }],
        });
        let services = vec![service.as_object().unwrap().clone()];
        let gathered = Gathered { services, ..Gathered::default() };
        let bytes = package(&gathered).unwrap();
        assert_eq!(bytes, package(&gathered).unwrap(), "the same bytes each time");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut read = |name: &str| std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
        let bare = |text: String| text.replace('"', "");
        assert_eq!(
            read("services.csv"),
            "\"id\",\"organization_id\",\"minimum_age\",\"name\"\r\n\"s\",\"o\",\"16\",\"'=cmd\"\r\n"
        );
        assert_eq!(bare(read("service_at_location.csv")), "id,location_id,service_id\r\np,l,s\r\n");
        assert_eq!(bare(read("attributes.csv")), "id,link_id,taxonomy_term_id,link_entity\r\na,s,t,service\r\n");
        assert_eq!(bare(read("taxonomy_terms.csv")), "id,taxonomy_id,name\r\nt,x,T\r\n");
        let descriptor: Value = serde_json::from_str(&read("datapackage.json")).unwrap();
        assert_eq!(descriptor["resources"][0]["path"], "organizations.csv");
        assert_eq!(descriptor["resources"][1]["schema"]["foreignKeys"][0]["reference"]["resource"], "organizations");
    }
}
