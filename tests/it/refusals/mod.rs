//! Every coded refusal is reached by somebody who does what it is there for, and leaves everything as it was.

mod of_input;
mod of_requests;
mod traces;

use crate::support::app::{Persona, TestApp};
use crate::support::clocked::still;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::{Stage, answer};
use crate::support::world::World;
use futures_util::future::LocalBoxFuture;
use of_input::ROWS;
use passerelle::domain::code::Code as _;
use passerelle::domain::rule::RuleCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use traces::Traces;

/// Somebody who tries something that is refused.
pub struct Try<'a> {
    who: &'a Persona,
    mutation: &'static str,
    input: Value,
}

/// A code, where it points in the input, and how it comes about.
pub struct Row {
    code: &'static str,
    field: &'static str,
    provoke: for<'a> fn(&'a Stage<'a>) -> LocalBoxFuture<'a, Try<'a>>,
}

async fn each_code_is_told_at_its_field_and_nothing_is_written(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let mut wrong = Vec::new();
    for row in ROWS {
        let tried = (row.provoke)(&stage).await;
        let before = Traces::of(&app, engine).await;
        // Of this hour, where the row let time pass.
        let who = still(&app, tried.who);
        let given = answer(&app, &who, tried.mutation, tried.input).await;
        assert_eq!(given.body.get("errors"), None, "{}", row.code);
        let told = &given.body["data"][tried.mutation]["userErrors"][0];
        let field: Vec<&str> = row.field.split('.').filter(|part| !part.is_empty()).collect();
        let field = if field.is_empty() { Value::Null } else { json!(field) };
        if (&told["code"], &told["field"]) != (&json!(row.code), &field) {
            wrong.push(format!("{} at {:?}: {}", row.code, row.field, given.body["data"]));
            continue;
        }
        assert!(told["message"].as_str().is_some_and(|text| text.len() > 8), "{}", given.body);
        let after = Traces::of(&app, engine).await;
        after.are_but_one_audit_row_more_than(&before, row.code);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

on_both_engines!(each_code_is_told_at_its_field_and_nothing_is_written);

/// Values of the served enum, the codes of the server and the rows are the same.
#[tokio::test]
async fn every_code_has_its_row() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let values = "{ __type(name: \"UserErrorCode\") { enumValues(includeDeprecated: true) { name } } }";
    let served = app.run(&world.case_manager, values, json!({})).await["__type"]["enumValues"].clone();
    let served: BTreeSet<&str> =
        served.as_array().unwrap().iter().map(|value| value["name"].as_str().unwrap()).collect();
    let known: BTreeSet<&str> = RuleCode::ALL.iter().map(|code| code.code()).collect();
    let tried: BTreeSet<&str> = ROWS.iter().map(|row| row.code).collect();
    assert_eq!(served, known);
    assert_eq!(tried, known, "a code that nobody reaches has no place in the schema; add a row, or take the code out");
}
