//! JSON Schemas: the official ones, where they lie beside the project, and those of our own OpenAPI document.

use jsonschema::Validator;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The folder with the data of HSDS, if there is one.
pub fn data() -> Option<PathBuf> {
    let beside = crate::support::dependencies::repository().join("../shared/data/hsds");
    let folder = std::env::var_os("PASSERELLE_HSDS_DATA").map_or(beside, PathBuf::from);
    folder.join("schemas-3.2.3").is_dir().then_some(folder)
}

fn built(schema: &Value) -> Validator {
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).unwrap()
}

/// The official schemas of the objects of a list and of one object, where they are there.
pub fn official(collection: &str) -> Option<(Validator, Validator)> {
    let folder = data()?.join("schemas-3.2.3");
    let schema = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let mut schema: Value = serde_json::from_str(&text).unwrap();
        if let Some(detail) = schema["properties"].get_mut("taxonomy_detail").filter(|it| it.get("$ref").is_some()) {
            // The one reference that the modular schemas of ours leave to another file.
            *detail = serde_json::from_str(&std::fs::read_to_string(folder.join("taxonomy.json")).unwrap()).unwrap();
        }
        if let Some(metadata) = schema["properties"].as_object_mut() {
            metadata.remove("metadata");
        }
        if let Some(members) = schema["properties"].pointer_mut("/taxonomy_detail/properties") {
            members.as_object_mut().unwrap().remove("metadata");
        }
        built(&schema)
    };
    Some(match collection {
        "services" => (schema("compiled/service_list.json"), schema("compiled/service.json")),
        "organizations" => (schema("compiled/organization_list.json"), schema("compiled/organization.json")),
        "service_at_locations" => {
            (schema("compiled/service_at_location_list.json"), schema("compiled/service_at_location.json"))
        }
        "taxonomies" => (schema("taxonomy.json"), schema("taxonomy.json")),
        "taxonomy_terms" => (schema("taxonomy_term.json"), schema("taxonomy_term.json")),
        other => panic!("{other}"),
    })
}

/// The schema that our own document has for the objects of a collection, with nothing allowed beside what it names.
pub fn published(document: &Value, collection: &str) -> Validator {
    let one = format!("/{collection}/{{id}}");
    let mut schema =
        document["paths"][&one]["get"]["responses"]["200"]["content"]["application/json"]["schema"].clone();
    assert!(schema.is_object(), "{collection}");
    let mut components = document["components"].clone();
    close(&mut components);
    schema["components"] = components;
    built(&schema)
}

fn close(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("type") == Some(&json!("object")) && members.contains_key("properties") {
                members.insert("additionalProperties".into(), json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// That an object keeps to a schema.
pub fn keeps_to(schema: &Validator, object: &Value, what: &str) {
    let faults: Vec<String> =
        schema.iter_errors(object).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(faults.is_empty(), "{what}: {}\n{object}", faults.join("\n"));
}
