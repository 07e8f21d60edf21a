//! What is done for communities and governance, and what they need: without a case, readable by everybody who is known,
//! changed by its organization alone.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::plan::{project, wanting};
use crate::support::verbs::{Story, document, done, key, rule};
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

async fn a_project_of_a_community_saves_without_a_case(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let editor = &world.editor;
    let select = "activity { id version level dimension areaId returnees organization { name } }";
    let made = done(&app, editor, "registerActivity", project(&world), select).await["activity"].clone();
    assert_eq!((&made["level"], &made["dimension"]), (&json!("COMMUNITY"), &json!("SOCIAL")));
    assert_eq!((&made["areaId"], &made["returnees"]), (&json!(gid(Kind::Area, world.district)), &json!(null)));
    let mut report = json!({ "activityId": made["id"], "expectedVersion": 1, "returnees": 4, "nonReturnees": 16,
        "outcome": "The well gives water" });
    let select = "activity { version returnees nonReturnees outcome reportedAt }";
    let told = done(&app, editor, "reportActivity", report.clone(), select).await["activity"].clone();
    assert_eq!((&told["version"], &told["returnees"], &told["nonReturnees"]), (&json!(2), &json!(4), &json!(16)));
    assert_eq!(rule(&app, editor, "reportActivity", report.clone()).await, "STALE_VERSION");
    report["expectedVersion"] = json!(2);
    report["returnees"] = json!(-1);
    assert_eq!(rule(&app, editor, "reportActivity", report.clone()).await, "INVALID");
    report["returnees"] = json!(5);
    assert_eq!(rule(&app, &world.outsider, "reportActivity", report).await, "NOT_PERMITTED", "it is not theirs");
}

/// A case can't be given: the input has no field for one, the tables have no column.
async fn no_case_can_be_put_into_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    for (mutation, input) in [("registerActivity", project(&world)), ("registerCommunityNeed", wanting(&world))] {
        for field in ["caseId", "caseRef", "needId", "referralId"] {
            let mut input = input.clone();
            input["idempotencyKey"] = json!(key());
            input[field] = json!(story.case);
            let answer = app.post(&world.editor, &document(mutation, ""), json!({ "input": input })).await;
            assert!(answer.body["errors"].is_array() && answer.body["data"].is_null(), "{mutation}: {}", answer.body);
        }
    }
    for table in ["activity", "community_need"] {
        let text = format!("SELECT case_id FROM {table}");
        assert!(app.app.store.rows(&text, vec![]).await.is_err(), "{table} has a column for a case");
        assert_eq!(app.count(table).await, 0);
    }
    let editor = &world.editor;
    let with = |mut input: Value, name: &str, value: Value| {
        input[name] = value;
        input
    };
    for (input, code) in [
        (with(project(&world), "categoryCode", json!("SOC.IND.HOUSING")), "INVALID"),
        (with(project(&world), "categoryCode", json!("SOC.COM.NOTHING")), "INVALID"),
        (with(project(&world), "areaId", json!(null)), "REQUIRED"),
        (with(project(&world), "areaId", json!(gid(Kind::Area, uuid::Uuid::now_v7()))), "NOT_FOUND"),
        (with(project(&world), "endsOn", json!("2026-11-30")), "DATE_OUT_OF_RANGE"),
        (with(project(&world), "name", json!(" ")), "REQUIRED"),
    ] {
        assert_eq!(rule(&app, editor, "registerActivity", input.clone()).await, code, "{input}");
    }
    let mut governance = with(project(&world), "categoryCode", json!("SOC.STR.SERVICE_CAPACITY"));
    governance["areaId"] = json!(null);
    assert_eq!(rule(&app, editor, "registerActivity", governance.clone()).await, "REQUIRED");
    governance["aboutOrganizationId"] = json!(gid(Kind::Organization, world.provider));
    done(&app, editor, "registerActivity", governance, "").await;
    for wrong in ["level = 'INDIVIDUAL'", "level = 'COMMUNITY'"] {
        let tx = app.app.store.begin().await.unwrap();
        let broken = tx.run(&format!("UPDATE activity SET {wrong}"), vec![]).await;
        assert!(broken.is_err(), "{wrong}: the database knows the rule as well");
    }
}

async fn everybody_known_reads_the_lists_and_the_public_does_not(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    for day in ["2026-12-01", "2026-12-03", "2026-12-02"] {
        let mut input = project(&world);
        input["startsOn"] = json!(day);
        done(&app, &world.editor, "registerActivity", input, "").await;
    }
    let made = done(&app, &world.editor, "registerCommunityNeed", wanting(&world), "communityNeed { id status }").await;
    assert_eq!(made["communityNeed"]["status"], "OPEN");
    let change =
        json!({ "communityNeedId": made["communityNeed"]["id"], "expectedVersion": 1, "status": "PARTLY_MET" });
    assert_eq!(rule(&app, &world.outsider, "updateCommunityNeed", change.clone()).await, "NOT_PERMITTED");
    let select = "communityNeed { status urgency version }";
    let changed = done(&app, &world.editor, "updateCommunityNeed", change, select).await;
    assert_eq!(changed["communityNeed"], json!({ "status": "PARTLY_MET", "urgency": "ROUTINE", "version": 2 }));
    let query = "query($area: ID!, $other: ID!) { all: activities(first: 2) { totalCount pageInfo { hasNextPage endCursor } nodes { startsOn } }
        within: activities(filter: {areaId: $area, dimension: [SOCIAL], level: [COMMUNITY]}) { totalCount }
        elsewhere: activities(filter: {areaId: $other}) { totalCount nodes { id } }
        needs: communityNeeds(filter: {areaId: $area}) { totalCount nodes { status } }
        none: communityNeeds(filter: {dimension: [ECONOMIC]}) { totalCount nodes { id } } }";
    let variables = json!({ "area": gid(Kind::Area, world.country), "other": gid(Kind::Organization, world.provider) });
    for (name, who) in world.everybody().into_iter().filter(|(_, who)| who.token.is_some()) {
        let seen = app.run(&who, query, variables.clone()).await;
        assert_eq!(seen["all"]["nodes"], json!([{ "startsOn": "2026-12-03" }, { "startsOn": "2026-12-02" }]), "{name}");
        assert_eq!((&seen["all"]["totalCount"], &seen["within"]["totalCount"]), (&json!(3), &json!(3)), "{name}");
        assert_eq!(seen["elsewhere"], json!({ "totalCount": 0, "nodes": [] }), "{name}");
        assert_eq!(seen["needs"], json!({ "totalCount": 1, "nodes": [{ "status": "PARTLY_MET" }] }), "{name}");
        assert_eq!(seen["none"], json!({ "totalCount": 0, "nodes": [] }), "{name}");
        let next = "query($after: Cursor) { activities(first: 2, after: $after) { nodes { startsOn } } }";
        let after = json!({ "after": seen["all"]["pageInfo"]["endCursor"] });
        let rest = app.run(&who, next, after).await;
        assert_eq!(rest["activities"]["nodes"], json!([{ "startsOn": "2026-12-01" }]), "{name}");
    }
    let public = Persona::public();
    for list in ["activities", "communityNeeds"] {
        let query = format!("{{ {list} {{ totalCount }} }}");
        assert_eq!(app.refused(&public, &query, json!({})).await, "UNAUTHENTICATED");
        let (needed, _) = app.statements(app.run(&world.outsider, &query, json!({}))).await;
        assert_eq!(needed, 2, "who asks, and the list");
    }
}

on_both_engines!(
    a_project_of_a_community_saves_without_a_case,
    no_case_can_be_put_into_it,
    everybody_known_reads_the_lists_and_the_public_does_not,
);
