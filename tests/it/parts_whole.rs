//! Asking for a part never changes the part: each field asked for alone says what it says beside all others.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The schema's object types: each field with the name of its type and whether that is a leaf.
pub type Types = BTreeMap<String, Vec<(String, String, bool)>>;

/// The schema's object types.
pub async fn types(app: &TestApp, who: &Persona) -> Types {
    let query = "{ __schema { types { kind name fields { name args { defaultValue type { kind } } type { ...T } } } } }
        fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
    let schema = app.run(who, query, json!({})).await;
    let mut found = Types::new();
    for kind in schema["__schema"]["types"].as_array().unwrap().iter().filter(|kind| kind["kind"] == "OBJECT") {
        let fields = kind["fields"].as_array().unwrap().iter().filter(|field| free(field)).map(|field| {
            let mut named = &field["type"];
            while !named["ofType"].is_null() {
                named = &named["ofType"];
            }
            let leaf = ["SCALAR", "ENUM"].contains(&named["kind"].as_str().unwrap());
            (name(field), name(named), leaf)
        });
        found.insert(name(kind), fields.collect());
    }
    found
}

fn name(value: &Value) -> String {
    value["name"].as_str().unwrap().to_owned()
}

/// Whether a field needs no argument.
fn free(field: &Value) -> bool {
    field["args"].as_array().unwrap().iter().all(|arg| arg["type"]["kind"] != "NON_NULL")
}

/// All of a type, down to a depth.
fn all_of(types: &Types, kind: &str, depth: usize) -> String {
    let fields = types[kind].iter().filter_map(|(name, of, leaf)| one_of(types, name, of, *leaf, depth));
    fields.collect::<Vec<_>>().join(" ")
}

/// A field with all inside it, down to a depth; nothing where there is nothing to ask for.
pub fn one_of(types: &Types, name: &str, of: &str, leaf: bool, depth: usize) -> Option<String> {
    match (leaf, depth) {
        (true, _) => Some(name.to_owned()),
        (false, 0) => None,
        _ if of.ends_with("Connection") => Some(format!("{name} {{ nodes {{ __typename }} }}")),
        _ if !types.contains_key(of) => None,
        _ => {
            let inside = all_of(types, of, depth - 1);
            (!inside.is_empty()).then(|| format!("{name} {{ {inside} }}"))
        }
    }
}

async fn a_field_alone_says_what_it_says_beside_all_others(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    stage.sent().await;
    stage.accepted().await;
    stage.completed().await;
    let types = types(&app, &world.case_manager).await;
    for who in [&world.case_manager, &world.intake, &world.coordinator] {
        for (list, kind) in [("referrals", "Referral"), ("cases", "Case"), ("services", "Service")] {
            compare(&app, who, &types, list, kind).await;
        }
    }
}

async fn compare(app: &TestApp, who: &Persona, types: &Types, list: &str, kind: &str) {
    let ids = app.run(who, &format!("{{ {list}(first: 3) {{ nodes {{ id }} }} }}"), json!({})).await;
    let ids: Vec<Value> = ids[list]["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect();
    for (field, of, leaf) in &types[kind] {
        let Some(alone) = one_of(types, field, of, *leaf, 2) else { continue };
        // The whole is asked for by a field that is not of this type, so that nothing is left out of it.
        let whole = format!("query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {kind} {{ {alone} }} }} }}");
        let expected = app.run(who, &whole, json!({ "ids": ids })).await["nodes"].clone();
        for page in ["nodes { X }", "edges { node { X } }", "nodes { ...F }"] {
            let fragment =
                if page.contains("...F") { format!("fragment F on {kind} {{ {alone} }}") } else { String::new() };
            let query = format!("{{ {list}(first: 3) {{ {} }} }} {fragment}", page.replace('X', &alone));
            let found = app.run(who, &query, json!({})).await[list].clone();
            let found = match found.get("edges") {
                Some(edges) => edges.as_array().unwrap().iter().map(|edge| edge["node"].clone()).collect(),
                None => found["nodes"].clone(),
            };
            assert_eq!(found, expected, "{list}: {page} of {alone}");
        }
    }
}

on_both_engines!(a_field_alone_says_what_it_says_beside_all_others);
