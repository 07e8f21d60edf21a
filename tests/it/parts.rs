//! What is not asked for is not loaded. So every field must come back the same when it is asked for alone as when it is
//! asked for with all others. The fields are those of the schema, so that a new one is looked at without a word here.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::verbs::{Referred, Story, text};
use crate::support::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How deep objects are written out.
const DEPTH: usize = 4;

/// The schema's fields: by type, the name, the type's name and whether that is an object.
type Fields = BTreeMap<String, Vec<(String, String, bool)>>;

async fn fields(app: &TestApp) -> Fields {
    let kind = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
    let query = format!(
        "{{ __schema {{ types {{ name fields {{ name args {{ defaultValue type {{ kind }} }} type {{ {kind} }} }} }} }} }}"
    );
    let answer = app.run(&Persona::public(), &query, json!({})).await;
    let mut found = Fields::new();
    for kind in answer["__schema"]["types"].as_array().unwrap() {
        let Some(list) = kind["fields"].as_array() else { continue };
        let needs = |arg: &Value| arg["type"]["kind"] == "NON_NULL" && arg["defaultValue"].is_null();
        let bare = |field: &&Value| !field["args"].as_array().unwrap().iter().any(needs);
        let known = list.iter().filter(bare).map(|field| {
            let mut inner = &field["type"];
            while inner["ofType"].is_object() {
                inner = &inner["ofType"];
            }
            (
                text(&field["name"]),
                text(&inner["name"]),
                ["OBJECT", "INTERFACE"].contains(&inner["kind"].as_str().unwrap_or_default()),
            )
        });
        found.insert(text(&kind["name"]), known.collect());
    }
    found
}

/// Every way to ask for one field of a type alone, written out to its last leaf. Lists that are pages of their own are
/// left out: they are read apart.
fn alone(fields: &Fields, kind: &str, depth: usize) -> Vec<String> {
    let mut all = Vec::new();
    for (name, of, is_object) in &fields[kind] {
        if !is_object {
            all.push(name.clone());
        } else if !of.ends_with("Connection") && depth > 1 {
            all.extend(alone(fields, of, depth - 1).iter().map(|inside| format!("{name} {{ {inside} }}")));
        }
    }
    all
}

/// What a document that asks for one field alone must be answered, given the answer to all fields.
fn narrowed(all: &Value, selection: &str) -> Value {
    let (name, inside) = match selection.split_once(" { ") {
        Some((name, inside)) => (name, Some(inside.strip_suffix(" }").unwrap())),
        None => (selection, None),
    };
    match (&all[name], inside) {
        (Value::Array(items), Some(inside)) => {
            json!({ name: items.iter().map(|item| narrowed(item, inside)).collect::<Vec<_>>() })
        }
        (Value::Null, _) => json!({ name: null }),
        (value, Some(inside)) => json!({ name: narrowed(value, inside) }),
        (value, None) => json!({ name: value }),
    }
}

/// Asks for all fields, then for each alone. `wrap` makes a document of a selection, `at` finds the thing in its answer.
pub async fn each_alone(app: &TestApp, who: &Persona, kind: &str, wrap: impl Fn(&str) -> String, at: &str) {
    let fields = fields(app).await;
    let selections = alone(&fields, kind, DEPTH);
    let mut whole = json!({});
    // In pieces, because a document has a limit of fields and of cost; the first part of each asks for all that is loaded.
    for piece in selections.chunks(12) {
        let merged: Vec<&str> = piece.iter().map(String::as_str).collect();
        let answer = app.run(who, &wrap(&merged.join(" ")), json!({})).await;
        merge(&mut whole, answer.pointer(at).unwrap_or_else(|| panic!("nothing at {at}: {answer}")));
    }
    assert!(selections.len() > 15, "{kind} has only {} fields", selections.len());
    for selection in selections {
        let answer = app.run(who, &wrap(&selection), json!({})).await;
        let seen = answer.pointer(at).unwrap();
        assert_eq!(*seen, narrowed(&whole, &selection), "{kind}: {selection}");
    }
}

fn merge(whole: &mut Value, part: &Value) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            for (name, value) in part {
                merge(whole.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (Value::Array(whole), Value::Array(part)) => {
            for (at, value) in part.iter().enumerate() {
                match whole.get_mut(at) {
                    Some(kept) => merge(kept, value),
                    None => whole.push(value.clone()),
                }
            }
        }
        (whole, part) => *whole = part.clone(),
    }
}

/// Texts everywhere, so that what is left out by mistake differs from what is empty.
async fn fill_texts(app: &TestApp) {
    for statement in [
        "UPDATE organization SET names = '{\"fr\": \"Nom\"}', description = 'what it does', website = 'https://example.org'",
        "UPDATE area SET names = '{\"fr\": \"Lieu\"}', valid_from = '2020-01-01'",
        "UPDATE service SET translations = '{\"fr\": {\"name\": \"Formation\", \"description\": \"Six mois\"}}', \
         application_process = 'come by', eligibility = '{\"minimum_age\": 18, \"return_types\": [\"AVRR\"], \"text\": \"x\"}', \
         required_documents = '[\"proof\"]', contacts = '[{\"role\": \"desk\", \"phone\": \"+1\", \"email\": null}]', \
         source = 'somewhere'",
        "INSERT INTO service_area (service_id, area_id) SELECT s.id, a.id FROM service s, area a WHERE a.level = 0",
    ] {
        run(app, statement, vec![]).await;
    }
}

/// A referral that went through all of the loop, and one that is under way.
async fn stories(app: &TestApp, world: &World) -> (Story, Referred) {
    let story = Story::open(app, world).await;
    let sent = story.refer(app, world).await;
    let taken = sent.act(app, &world.intake, "acknowledgeReferral", json!({})).await;
    let taken = taken.act(app, &world.intake, "acceptReferral", json!({})).await;
    let begun = taken.act(app, &world.worker, "startReferralService", json!({"firstContactOn": "2026-11-25"})).await;
    let report = json!({"serviceOn": "2026-11-25", "outcomes": story.outcomes()});
    let completed = begun.act(app, &world.worker, "completeReferral", report).await;
    let other = Story::open(app, world).await;
    other.refer(app, world).await;
    (story, completed)
}

async fn a_service_has_the_same_fields_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    fill_texts(&app).await;
    for who in [Persona::public(), world.intake.clone(), world.case_manager.clone()] {
        let wrap = |selection: &str| format!("{{ services(first: 1) {{ nodes {{ {selection} }} }} }}");
        each_alone(&app, &who, "Service", wrap, "/services/nodes/0").await;
    }
}

async fn a_referral_has_the_same_fields_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    fill_texts(&app).await;
    stories(&app, &world).await;
    for who in [&world.case_manager, &world.intake, &world.coordinator] {
        for end in ["first", "last"] {
            let wrap = |selection: &str| format!("{{ referrals({end}: 1) {{ edges {{ node {{ {selection} }} }} }} }}");
            each_alone(&app, who, "Referral", wrap, "/referrals/edges/0/node").await;
        }
    }
}

async fn a_case_has_the_same_fields_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    fill_texts(&app).await;
    let (story, _) = stories(&app, &world).await;
    let wrap = |selection: &str| format!("{{ case(by: {{ id: \"{}\" }}) {{ {selection} }} }}", story.case);
    each_alone(&app, &world.case_manager, "Case", wrap, "/case").await;
    let wrap = |selection: &str| format!("{{ cases(first: 1) {{ nodes {{ {selection} }} }} }}");
    each_alone(&app, &world.case_manager, "Case", wrap, "/cases/nodes/0").await;
    let wrap = |selection: &str| {
        format!("{{ case(by: {{ id: \"{}\" }}) {{ referrals(first: 1) {{ nodes {{ {selection} }} }} }} }}", story.case)
    };
    each_alone(&app, &world.case_manager, "Referral", wrap, "/case/referrals/nodes/0").await;
}

on_both_engines!(
    a_service_has_the_same_fields_alone,
    a_referral_has_the_same_fields_alone,
    a_case_has_the_same_fields_alone,
);
