//! A publisher decides about an import without a shell: what it would do is read, said yes or no to, and made just so.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::imports::{MAP, NDJSON, map, options};
use crate::support::seed::run;
use crate::support::verbs::{done, rule};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use passerelle::hsds::ndjson;
use passerelle::usecase::import::{HandedIn, hand_in, make_wanted};
use serde_json::{Value, json};

const RUNS: &str = "query($filter: ImportRunFilter) { importRuns(filter: $filter) { totalCount nodes { id version source fileName \
    status decision failure counts { verdict count } differences(first: 3) { totalCount nodes { verdict entity sourceId name \
    fields { field from to } detail } pageInfo { hasNextPage endCursor } } } } }";

/// Hands in a directory for the municipality and gives the run's identifier.
async fn handed(app: &TestApp, world: &World, text: &str) -> String {
    let directory = ndjson::read_bytes(text.as_bytes()).unwrap();
    let handed = HandedIn {
        organization: world.municipality.into(),
        file_name: "town.ndjson",
        file: text.as_bytes(),
        category_map: Some(MAP),
    };
    let map = map(app, MAP).await;
    let (run, _) = hand_in(&app.app, (&directory, &map, &options("town")), &handed, &mut |_| {}).await.unwrap();
    gid(Kind::ImportRun, run.id)
}

async fn runs(app: &TestApp, who: &Persona) -> Value {
    app.run(who, RUNS, json!({ "filter": {} })).await["importRuns"].clone()
}

fn say(id: &str, version: i32, decision: &str) -> Value {
    json!({ "importRunId": id, "expectedVersion": version, "decision": decision })
}

async fn what_would_change_is_read_and_made_just_so(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let services = app.count("service").await;
    let id = handed(&app, &world, NDJSON).await;
    let seen = runs(&app, &world.editor).await;
    let run_seen = &seen["nodes"][0];
    assert_eq!((&seen["totalCount"], &run_seen["id"]), (&json!(1), &json!(id)));
    assert_eq!(
        (&run_seen["status"], &run_seen["decision"], &run_seen["fileName"]),
        (&json!("PREVIEWED"), &json!(null), &json!("town.ndjson"))
    );
    let counts = run_seen["counts"].as_array().unwrap();
    let counted =
        |verdict: &str| counts.iter().find(|one| one["verdict"] == verdict).map(|one| one["count"].as_i64().unwrap());
    assert!(counted("ADDED").unwrap() > 3, "{counts:?}");
    assert!(counted("QUARANTINED").is_some(), "words that nobody knows are told: {counts:?}");
    let total: i64 = counts.iter().map(|one| one["count"].as_i64().unwrap()).sum();
    assert_eq!(
        (&run_seen["differences"]["totalCount"], &run_seen["differences"]["pageInfo"]["hasNextPage"]),
        (&json!(total), &json!(true))
    );
    // Page by page, all of them, and of one kind alone.
    let page = "query($id: ID!, $after: Cursor, $verdict: [ImportVerdict!]) { node(id: $id) { ... on ImportRun { \
        differences(first: 2, after: $after, verdict: $verdict) { nodes { verdict sourceId entity } pageInfo { hasNextPage endCursor } } } } }";
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let seen =
            app.run(&world.editor, page, json!({ "id": id, "after": after })).await["node"]["differences"].clone();
        all.extend(seen["nodes"].as_array().unwrap().clone());
        if seen["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = seen["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(i64::try_from(all.len()).unwrap(), total);
    let only = app.run(&world.editor, page, json!({ "id": id, "verdict": ["QUARANTINED"] })).await;
    assert!(only["node"]["differences"]["nodes"].as_array().unwrap().iter().all(|one| one["verdict"] == "QUARANTINED"));

    assert_eq!(make_wanted(&app.app).await.unwrap(), 0, "nobody has said yes");
    let decided =
        done(&app, &world.editor, "decideImportRun", say(&id, 1, "APPLY"), "importRun { status decision version }")
            .await;
    assert_eq!(decided["importRun"], json!({ "status": "PREVIEWED", "decision": "APPLY", "version": 2 }));
    assert_eq!(rule(&app, &world.editor, "decideImportRun", say(&id, 2, "REFUSE")).await, "NOT_NOW");
    assert_eq!(app.count("service").await, services);
    assert_eq!(make_wanted(&app.app).await.unwrap(), 1);
    assert!(app.count("service").await > services);
    let seen = runs(&app, &world.editor).await["nodes"][0].clone();
    assert_eq!((&seen["status"], &seen["failure"]), (&json!("APPLIED"), &json!(null)));
    assert_eq!(app.count("import_request WHERE file <> ''").await, 0, "the file is needed no more");
    assert_eq!(make_wanted(&app.app).await.unwrap(), 0);
}

async fn what_is_not_as_it_was_shown_is_not_made(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let id = handed(&app, &world, NDJSON).await;
    done(&app, &world.editor, "decideImportRun", say(&id, 1, "APPLY"), "importRun { id }").await;
    // Meanwhile another import of the source has taken a part of it.
    let line = NDJSON.lines().next().unwrap();
    let directory = ndjson::read_bytes(line.as_bytes()).unwrap();
    crate::support::imports::take(&app, &directory, &map(&app, MAP).await, &options("town")).await;
    let services = app.count("service").await;
    assert_eq!(make_wanted(&app.app).await.unwrap(), 1);
    let seen = runs(&app, &world.editor).await["nodes"][0].clone();
    assert_eq!((&seen["status"], &seen["failure"]), (&json!("REFUSED"), &json!("STALE_VERSION")));
    assert_eq!(app.count("service").await, services);
}

async fn what_is_refused_is_never_made(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let id = handed(&app, &world, NDJSON).await;
    assert_eq!(rule(&app, &world.editor, "decideImportRun", say(&id, 7, "REFUSE")).await, "STALE_VERSION");
    done(&app, &world.editor, "decideImportRun", say(&id, 1, "REFUSE"), "importRun { id }").await;
    assert_eq!(make_wanted(&app.app).await.unwrap(), 0);
    assert_eq!(runs(&app, &world.editor).await["nodes"][0]["status"], "REFUSED");
    assert_eq!(app.count("import_request WHERE file <> ''").await, 0);
}

async fn an_import_is_its_publishers_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let id = handed(&app, &world, NDJSON).await;
    let limited = add_member(&app, world.municipality, "DIRECTORY_EDITOR").await;
    let role = format!(r#"[{{"role":"DIRECTORY_EDITOR","program":"{}"}}]"#, world.program);
    run(&app, "UPDATE member SET roles = $1 WHERE id = $2", vec![role.into(), limited.id.into()]).await;
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let mut strangers = world.everybody();
    strangers.retain(|(_, who)| who.organization != world.municipality);
    strangers.push(("an editor in one program alone", limited));
    for (name, who) in strangers {
        assert_eq!(app.run(&who, node, json!({ "id": id })).await["node"], json!(null), "{name}");
        if who.token.is_none() {
            assert_eq!(app.refused(&who, RUNS, json!({ "filter": {} })).await, "UNAUTHENTICATED");
            continue;
        }
        assert_eq!(runs(&app, &who).await, json!({ "totalCount": 0, "nodes": [] }), "{name}");
        assert_eq!(rule(&app, &who, "decideImportRun", say(&id, 1, "APPLY")).await, "NOT_FOUND", "{name}");
    }
    assert_eq!(make_wanted(&app.app).await.unwrap(), 0);
}

async fn two_nodes_make_an_import_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let id = handed(&app, &world, NDJSON).await;
    done(&app, &world.editor, "decideImportRun", say(&id, 1, "APPLY"), "importRun { id }").await;
    let (one, two) = tokio::join!(make_wanted(&app.app), make_wanted(&app.app));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    // One that began and did not end is taken up again later.
    run(&app, "UPDATE import_run SET status = 'PREVIEWED'", vec![]).await;
    assert_eq!(make_wanted(&app.app).await.unwrap(), 0, "somebody is at it");
    app.clock.advance(jiff::SignedDuration::from_mins(31));
    assert_eq!(make_wanted(&app.app).await.unwrap(), 1);
}

on_both_engines!(
    what_would_change_is_read_and_made_just_so,
    what_is_not_as_it_was_shown_is_not_made,
    what_is_refused_is_never_made,
    an_import_is_its_publishers_alone,
    two_nodes_make_an_import_once,
);
