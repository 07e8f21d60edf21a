//! Who may do what, as a file that reviewers read: `permissions.txt`, made by running every mutation as everybody.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::{Stage, outcome, rows};
use crate::support::world::World;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

const HEAD: &str = "\
# Who gets which answer to which mutation, in which situation. The partner holds the case, the provider gives the
# service, the coordinator works for the program's lead organization. Made by the tests: BLESS=1 writes it anew, and
# every change of it is a change of the policy.
";

/// Every mutation as everybody, each in a situation of its own.
async fn table(app: &TestApp, world: &World) -> String {
    let stage = Stage::set(app, world).await;
    let mut text = HEAD.to_owned();
    for row in rows() {
        let mut by_code: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (name, who) in world.everybody() {
            let input = (row.prepare)(&stage).await;
            by_code.entry(outcome(app, &who, row.mutation, input).await).or_default().push(name);
        }
        writeln!(text, "\n{} ({})", row.mutation, row.situation).unwrap();
        let allowed = by_code.remove("ok").unwrap_or_else(|| panic!("{}: nobody may", row.mutation));
        writeln!(text, "  {:<16} {}", "ok", allowed.join(", ")).unwrap();
        for (code, names) in by_code {
            writeln!(text, "  {code:<16} {}", names.join(", ")).unwrap();
        }
    }
    text
}

async fn everybody_may_do_what_the_table_says(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/permissions.txt");
    let found = table(&app, &world).await;
    if std::env::var("BLESS").is_ok() && engine == Engine::Sqlite {
        std::fs::write(&file, &found).unwrap();
    }
    let reviewed = std::fs::read_to_string(&file).unwrap();
    assert_eq!(reviewed, found, "permissions.txt is not what happens; BLESS=1 writes it anew");
}

on_both_engines!(everybody_may_do_what_the_table_says);

#[tokio::test]
async fn every_mutation_has_its_rows() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let schema = app.run(&world.case_manager, "{ __schema { mutationType { fields { name } } } }", json!({})).await;
    let fields = schema["__schema"]["mutationType"]["fields"].as_array().unwrap();
    let offered: BTreeSet<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
    let tested: BTreeSet<&str> = rows().iter().map(|row| row.mutation).collect();
    assert_eq!(tested, offered, "add the missing mutation to support/situations.rs");
}
