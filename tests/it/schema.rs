//! The contract: written down, described to the last value, and countable.

use crate::support::app::{Persona, TestApp};
use crate::support::dependencies::repository;
use crate::support::engine::Engine;
use serde_json::{Value, json};

const INTROSPECTION: &str = "{ __schema { types { kind name description
    fields(includeDeprecated: true) { name description args(includeDeprecated: true) { name description } type { kind name ofType { kind name } } }
    inputFields(includeDeprecated: true) { name description } enumValues(includeDeprecated: true) { name description } }
    directives { name description } } }";

const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

async fn types() -> Vec<Value> {
    let app = TestApp::start(Engine::Sqlite).await;
    let schema = app.run(&Persona::public(), INTROSPECTION, json!({})).await;
    let all = schema["__schema"]["types"].as_array().unwrap().clone();
    let own = |each: &Value| !name(each).starts_with("__") && !BUILT_IN.contains(&name(each));
    all.into_iter().filter(own).collect()
}

fn name(of: &Value) -> &str {
    of["name"].as_str().unwrap()
}

fn members<'a>(of: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    of[list].as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

#[test]
fn the_file_is_the_schema() {
    let file = repository().join("schema.graphql");
    let sdl = passerelle::graphql::sdl();
    if std::env::var("BLESS").is_ok() {
        std::fs::write(&file, &sdl).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == sdl, "schema.graphql is not the schema; BLESS=1 writes it anew, and its diff is what to review");
}

#[tokio::test]
async fn everything_is_described() {
    let mut bare = Vec::new();
    let is_bare = |of: &Value| of["description"].as_str().is_none_or(|text| text.trim().is_empty());
    for each in types().await {
        if is_bare(&each) {
            bare.push(name(&each).to_owned());
        }
        for list in ["fields", "inputFields", "enumValues"] {
            for member in members(&each, list) {
                let place = format!("{}.{}", name(&each), name(member));
                bare.extend(
                    members(member, "args").filter(|arg| is_bare(arg)).map(|arg| format!("{place}({})", name(arg))),
                );
                if is_bare(member) {
                    bare.push(place);
                }
            }
        }
    }
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}

#[tokio::test]
async fn every_list_in_pages_can_be_counted() {
    let mut connections = 0;
    for each in types().await.iter().filter(|each| name(each).ends_with("Connection")) {
        connections += 1;
        let fields: Vec<&str> = members(each, "fields").map(name).collect();
        for field in ["edges", "nodes", "pageInfo", "totalCount"] {
            assert!(fields.contains(&field), "{} has no {field}", name(each));
        }
    }
    assert!(connections > 0);
}

#[tokio::test]
async fn every_mutation_takes_one_input_with_a_key_and_answers_with_user_errors() {
    let all = types().await;
    let by_name = |wanted: &str| all.iter().find(|each| name(each) == wanted).unwrap();
    for mutation in members(by_name("Mutation"), "fields") {
        let (first, rest) = name(mutation).split_at(1);
        let title = format!("{}{rest}", first.to_uppercase());
        assert_eq!(members(mutation, "args").map(name).collect::<Vec<_>>(), ["input"], "{title}");
        assert_eq!(mutation["type"]["name"], json!(format!("{title}Payload")), "nullable, so that errors stay inside");
        let input = by_name(&format!("{title}Input"));
        assert!(members(input, "inputFields").any(|field| name(field) == "idempotencyKey"), "{title}");
        let payload = by_name(&format!("{title}Payload"));
        assert!(members(payload, "fields").any(|field| name(field) == "userErrors"), "{title}");
    }
}

#[test]
fn the_readme_tells_the_limits_that_are_kept() {
    let limits = passerelle::http::Limits::default();
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let told = [
        format!("| document | {} KiB, 2,000 tokens, {} brackets open", limits.document_bytes / 1024, limits.brackets),
        format!("{} fragments |", limits.fragments),
        format!("{} deep, {} aliases, {} at the root", limits.depth, limits.aliases, limits.root_fields),
        format!("{} directives |", limits.directives),
        format!("| body | {} KiB; variables {} deep, 4,000 values |", limits.body_bytes / 1024, limits.variables_depth),
        format!("| page | {} |", limits.page),
        format!("| errors in the answer | {} |", limits.errors),
    ];
    for line in told {
        assert!(readme.contains(&line), "the README does not say: {line}");
    }
    assert_eq!((limits.tokens, limits.expanded_fields, limits.cost, limits.values), (2_000, 2_000, 2_000, 4_000));
}
