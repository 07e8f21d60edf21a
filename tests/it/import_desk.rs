//! Publishers decide about services that two of them have, and about words that no crosswalk knows, without a shell.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::imports::{MAP, NDJSON, map, options, service_named, take};
use crate::support::verbs::{done, rule};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use passerelle::domain::rule::{Failure, RuleCode};
use passerelle::hsds::ndjson;
use passerelle::usecase::import::{HandedIn, hand_in, look_again, make_wanted};
use serde_json::{Value, json};
use uuid::Uuid;

const TRAINING: &str = "Formation professionnelle en menuiserie";
const CONFLICTS: &str = "query($open: Boolean! = false) { importConflicts(onlyOpen: $open) { totalCount nodes { id version source \
    incomingName incomingPublisher { id } standingServiceId standingService { name } standingPublisher { id } cause yourSide \
    isOpen decision decidedBy wish wishedBy } } }";
const WORDS: &str = "query($open: Boolean! = false) { importWords(onlyOpen: $open) { totalCount nodes { source scheme code label \
    services suggestedCategoryCode suggestedCategory { code } decision categoryCode version } } }";
const RUN: &str = "query($id: ID!) { node(id: $id) { ... on ImportRun { version status isBeingLookedAt failure \
    counts { verdict count } } } }";

/// Hands in a directory and gives the run's identifier.
async fn handed(
    app: &TestApp,
    organization: Uuid,
    source: &str,
    text: &str,
    categories: &str,
) -> Result<String, Failure> {
    let directory = ndjson::read_bytes(text.as_bytes()).unwrap();
    let handed = HandedIn {
        organization: organization.into(),
        file_name: "directory.ndjson",
        file: text.as_bytes(),
        category_map: Some(categories),
    };
    let map = map(app, categories).await;
    let (run, _) = hand_in(&app.app, (&directory, &map, &options(source)), &handed, &mut |_| {}).await?;
    Ok(gid(Kind::ImportRun, run.id))
}

/// The training of the town as another publisher has it.
fn theirs() -> String {
    let line = NDJSON.lines().find(|line| line.contains(TRAINING)).unwrap();
    let mine = ndjson::read_bytes(line.as_bytes()).unwrap();
    line.replace(&mine.organizations[0].services[0].source_id, "17").replace("Gratuit", "10 euros")
}

/// The town's directory stands, with somebody who edits the training there.
async fn town(app: &TestApp) -> (Persona, Uuid) {
    let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
    take(app, &directory, &map(app, MAP).await, &options("town")).await;
    let (service, owner) = service_named(app, TRAINING).await;
    (add_member(app, owner, "DIRECTORY_EDITOR").await, service)
}

async fn conflicts(app: &TestApp, who: &Persona) -> Vec<Value> {
    let seen = app.run(who, CONFLICTS, json!({})).await;
    seen["importConflicts"]["nodes"].as_array().unwrap().clone()
}

async fn conflict(app: &TestApp, who: &Persona) -> Value {
    let mut all = conflicts(app, who).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn say(conflict: &Value, decision: &str) -> Value {
    json!({ "conflictId": conflict["id"], "expectedVersion": conflict["version"], "decision": decision })
}

async fn told(app: &TestApp, who: &Persona) -> Vec<String> {
    let query = "{ viewer { notifications(first: 50) { nodes { event subjectId } } } }";
    let seen = app.run(who, query, json!({})).await;
    let nodes = seen["viewer"]["notifications"]["nodes"].as_array().unwrap().clone();
    nodes
        .iter()
        .map(|node| node["event"].as_str().unwrap().to_owned())
        .filter(|event| event.contains("CONFLICT"))
        .collect()
}

async fn count(app: &TestApp, who: &Persona, run: &str, verdict: &str) -> i64 {
    let seen = app.run(who, RUN, json!({ "id": run })).await["node"].clone();
    let counts = seen["counts"].as_array().unwrap();
    counts.iter().find(|one| one["verdict"] == verdict).map_or(0, |one| one["count"].as_i64().unwrap())
}

async fn nobody_gives_up_anothers_service(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (owner, service) = town(&app).await;
    let editor = &world.editor;
    let run = handed(&app, world.municipality, "region", &theirs(), MAP).await.unwrap();
    assert_eq!((count(&app, editor, &run, "CONFLICT").await, count(&app, editor, &run, "ADDED").await), (1, 0));
    for (who, side) in [(editor, "INCOMING"), (&owner, "STANDING")] {
        let seen = conflict(&app, who).await;
        assert_eq!((&seen["yourSide"], &seen["isOpen"], &seen["decision"]), (&json!(side), &json!(true), &json!(null)));
        assert_eq!(seen["standingServiceId"], json!(gid(Kind::Service, service)));
        assert_eq!((&seen["incomingName"], &seen["standingService"]["name"]), (&json!(TRAINING), &json!(TRAINING)));
        assert_eq!(seen["incomingPublisher"]["id"], json!(gid(Kind::Organization, world.municipality)));
        assert_eq!(told(&app, who).await, ["IMPORT_CONFLICT_FOUND"]);
    }

    // Whoever comes can't retire what stands: it is a wish, and the other side is told.
    let open = conflict(&app, editor).await;
    let select = "conflict { version decision decidedBy wish wishedBy }";
    let wished = done(&app, editor, "decideImportConflict", say(&open, "TAKE_INCOMING"), select).await;
    let expected =
        json!({ "version": 2, "decision": null, "decidedBy": null, "wish": "TAKE_INCOMING", "wishedBy": "INCOMING" });
    assert_eq!(wished["conflict"], expected);
    assert_eq!(rule(&app, editor, "decideImportConflict", say(&open, "KEEP_BOTH")).await, "STALE_VERSION");
    let seen = conflict(&app, &owner).await;
    assert_eq!(rule(&app, editor, "decideImportConflict", say(&seen, "TAKE_INCOMING")).await, "NOT_NOW");
    let events = told(&app, &owner).await;
    assert!(events.contains(&"IMPORT_CONFLICT_ANSWER_WANTED".to_owned()), "{events:?}");
    assert_eq!(look_again(&app.app).await.unwrap(), 0, "a wish changes no import");

    // The owner says the same; what waits is looked at anew before it can be wanted.
    let decided = done(&app, &owner, "decideImportConflict", say(&seen, "TAKE_INCOMING"), select).await;
    assert_eq!(decided["conflict"]["decidedBy"], "STANDING");
    let events = told(&app, editor).await;
    assert!(events.contains(&"IMPORT_CONFLICT_DECIDED".to_owned()), "{events:?}");
    let mut wanted = json!({ "importRunId": run, "expectedVersion": 1, "decision": "APPLY" });
    assert_eq!(rule(&app, editor, "decideImportRun", wanted.clone()).await, "NOT_NOW");
    assert_eq!(look_again(&app.app).await.unwrap(), 1);
    assert_eq!(look_again(&app.app).await.unwrap(), 0);
    assert_eq!(count(&app, editor, &run, "CONFLICT").await, 0);
    assert_eq!(rule(&app, editor, "decideImportRun", wanted.clone()).await, "STALE_VERSION");
    wanted["expectedVersion"] = json!(2);
    done(&app, editor, "decideImportRun", wanted, "importRun { id }").await;
    assert_eq!(make_wanted(&app.app).await.unwrap(), 1);
    let seen = app.run(editor, RUN, json!({ "id": run })).await["node"].clone();
    assert_eq!((&seen["status"], &seen["failure"]), (&json!("APPLIED"), &json!(null)));
    let statuses =
        app.app.store.rows("SELECT status FROM service WHERE name = $1 ORDER BY status", vec![TRAINING.into()]);
    let statuses: Vec<String> = statuses.await.unwrap().iter().map(|row| row.try_get("", "status").unwrap()).collect();
    assert_eq!(statuses, ["PUBLISHED", "RETIRED"]);
    let seen = conflict(&app, &owner).await;
    assert_eq!(seen["isOpen"], false);
    assert_eq!(
        rule(&app, &owner, "decideImportConflict", say(&seen, "KEEP_BOTH")).await,
        "NOT_NOW",
        "it stands no more"
    );
}

async fn what_is_ones_own_is_given_up_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (owner, _) = town(&app).await;
    handed(&app, world.municipality, "region", &theirs(), MAP).await.unwrap();
    let seen = conflict(&app, &owner).await;
    let select = "conflict { decision decidedBy wish wishedBy }";
    let wished = done(&app, &owner, "decideImportConflict", say(&seen, "KEEP_STANDING"), select).await;
    assert_eq!(wished["conflict"]["decision"], json!(null));
    assert_eq!(
        (&wished["conflict"]["wish"], &wished["conflict"]["wishedBy"]),
        (&json!("KEEP_STANDING"), &json!("STANDING"))
    );
    let seen = conflict(&app, &world.editor).await;
    let kept = done(&app, &world.editor, "decideImportConflict", say(&seen, "KEEP_STANDING"), select).await;
    let expected = json!({ "decision": "KEEP_STANDING", "decidedBy": "INCOMING", "wish": null, "wishedBy": null });
    assert_eq!(kept["conflict"], expected);
    assert_eq!(app.run(&owner, CONFLICTS, json!({ "open": true })).await["importConflicts"]["totalCount"], 0);
    // Two services beside each other cost nobody anything.
    let seen = conflict(&app, &owner).await;
    let both = done(&app, &owner, "decideImportConflict", say(&seen, "KEEP_BOTH"), select).await;
    assert_eq!(
        (&both["conflict"]["decision"], &both["conflict"]["decidedBy"]),
        (&json!("KEEP_BOTH"), &json!("STANDING"))
    );
    // An import by an operator alone: nobody is known across, and whoever stands decides.
    let directory = ndjson::read_bytes(theirs().as_bytes()).unwrap();
    take(&app, &directory, &map(&app, MAP).await, &options("somewhere")).await;
    let all = conflicts(&app, &owner).await;
    let new = all.iter().find(|one| one["source"] == "somewhere").unwrap();
    assert_eq!(new["incomingPublisher"], json!(null));
    let kept = done(&app, &owner, "decideImportConflict", say(new, "KEEP_STANDING"), select).await;
    assert_eq!(kept["conflict"]["decidedBy"], "STANDING");
    let report = take(&app, &directory, &map(&app, MAP).await, &options("somewhere")).await;
    assert_eq!(report.counts.services.new, 0);
}

async fn words_of_a_source_are_mapped_or_refused(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let editor = &world.editor;
    let nothing = r#"{"format":"passerelle-category-map/1","taxonomies":[]}"#;
    let run = handed(&app, world.municipality, "region", NDJSON, nothing).await.unwrap();
    let words = app.run(editor, WORDS, json!({})).await["importWords"].clone();
    let waiting = count(&app, editor, &run, "QUARANTINED").await;
    assert_eq!(words["totalCount"].as_i64().unwrap(), waiting);
    let nodes = words["nodes"].as_array().unwrap();
    assert!(nodes.iter().any(|one| !one["suggestedCategoryCode"].is_null()), "{nodes:?}");
    for one in nodes {
        assert_eq!(one["suggestedCategoryCode"], one["suggestedCategory"]["code"]);
    }
    let word = |code: &str| nodes.iter().find(|one| one["code"] == code).unwrap().clone();
    let say = |word: &Value, version: i32, decision: &str, category: Value| {
        json!({ "source": word["source"], "scheme": word["scheme"], "code": word["code"], "expectedVersion": version,
                "decision": decision, "categoryCode": category })
    };
    let home = word("EMERGENCY_HOME");
    for (category, decision, version, expected) in [
        (json!(null), "MAP", 1, "REQUIRED"),
        (json!("NO.SUCH"), "MAP", 1, "NOT_FOUND"),
        (json!("ECO.IND"), "MAP", 1, "NOT_FOUND"),
        (json!("ECO.IND.TVET"), "REFUSE", 1, "INVALID"),
        (json!("ECO.IND.TVET"), "MAP", 7, "STALE_VERSION"),
    ] {
        let input = say(&home, version, decision, category);
        assert_eq!(rule(&app, editor, "decideImportWord", input).await, expected);
    }
    let select = "word { decision categoryCode version }";
    let shelter =
        app.app.store.rows("SELECT code FROM category WHERE code LIKE '%SHELTER%' AND NOT is_group", vec![]).await;
    let shelter: String = shelter.unwrap()[0].try_get("", "code").unwrap();
    let mapped = done(&app, editor, "decideImportWord", say(&home, 1, "MAP", json!(shelter)), select).await;
    assert_eq!(mapped["word"], json!({ "decision": "MAP", "categoryCode": shelter, "version": 2 }));
    assert_eq!(rule(&app, editor, "decideImportWord", say(&home, 2, "MAP", json!(shelter))).await, "NOT_NOW");
    assert_eq!(rule(&app, editor, "decideImportWord", say(&home, 2, "REFUSE", json!(null))).await, "NOT_NOW");
    let other = nodes.iter().find(|one| one["code"] != "EMERGENCY_HOME").unwrap();
    done(&app, editor, "decideImportWord", say(other, 1, "REFUSE", json!(null)), select).await;
    assert_eq!(app.run(editor, WORDS, json!({ "open": true })).await["importWords"]["totalCount"], json!(waiting - 2));

    // What waits shows it after it was looked at anew, and is made so.
    assert_eq!(look_again(&app.app).await.unwrap(), 1);
    assert_eq!(count(&app, editor, &run, "QUARANTINED").await, waiting - 2);
    let wanted = json!({ "importRunId": run, "expectedVersion": 2, "decision": "APPLY" });
    done(&app, editor, "decideImportRun", wanted, "importRun { id }").await;
    assert_eq!(make_wanted(&app.app).await.unwrap(), 1);
    assert_eq!(app.count(&format!("service WHERE category_code = '{shelter}'")).await, 1);
    let left = app.run(editor, WORDS, json!({})).await["importWords"].clone();
    assert!(left["nodes"].as_array().unwrap().iter().all(|one| one["code"] != "EMERGENCY_HOME"), "it waits no more");
    assert_eq!(app.count("import_quarantine WHERE decision = 'REFUSE'").await, 1, "what was refused stays refused");
}

async fn conflicts_and_words_are_their_publishers_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    town(&app).await;
    handed(&app, world.municipality, "region", &theirs(), MAP).await.unwrap();
    handed(&app, world.municipality, "words", NDJSON, r#"{"format":"passerelle-category-map/1","taxonomies":[]}"#)
        .await
        .unwrap();
    let seen = conflicts(&app, &world.editor).await;
    let seen = seen.iter().find(|one| one["source"] == "region").unwrap().clone();
    let word = app.run(&world.editor, WORDS, json!({})).await["importWords"]["nodes"][0].clone();
    let refuse = json!({ "source": word["source"], "scheme": word["scheme"], "code": word["code"], "expectedVersion": 1,
                         "decision": "REFUSE" });
    let other = handed(&app, world.provider, "region", &theirs(), MAP).await;
    let Err(Failure::Rules(rules)) = other else { panic!("a source is one publisher's") };
    assert_eq!(rules[0].code, RuleCode::NotPermitted);
    let mut strangers = world.everybody();
    strangers.retain(|(_, who)| who.organization != world.municipality);
    strangers.push(("the municipality's case manager", add_member(&app, world.municipality, "CASE_MANAGER").await));
    for (name, who) in strangers {
        let node = app.run(&who, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": seen["id"] })).await;
        assert_eq!(node["node"], json!(null), "{name}");
        if who.token.is_none() {
            assert_eq!(app.refused(&who, CONFLICTS, json!({})).await, "UNAUTHENTICATED");
            assert_eq!(app.refused(&who, WORDS, json!({})).await, "UNAUTHENTICATED");
            continue;
        }
        assert_eq!(conflicts(&app, &who).await, Vec::<Value>::new(), "{name}");
        assert_eq!(app.run(&who, WORDS, json!({})).await["importWords"]["totalCount"], 0, "{name}");
        assert_eq!(rule(&app, &who, "decideImportConflict", say(&seen, "KEEP_BOTH")).await, "NOT_FOUND", "{name}");
        assert_eq!(rule(&app, &who, "decideImportWord", refuse.clone()).await, "NOT_FOUND", "{name}");
    }
}

on_both_engines!(
    nobody_gives_up_anothers_service,
    what_is_ones_own_is_given_up_alone,
    words_of_a_source_are_mapped_or_refused,
    conflicts_and_words_are_their_publishers_alone,
);
