//! An export shows what whoever started it could query at that moment, and nothing once their access has ended.

use crate::changes::place;
use crate::support::app::{Persona, TestApp};
use crate::support::bulk::{JOB, change, fetched, lines, runner, seen, start, work_off};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, waiting};
use crate::support::verbs::{Story, done, rule, text};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const REFERRALS: &str = "{ referrals(first: 100) { nodes { __typename id version status urgency categoryCode needId sentAt \
    sender { id name } receiver { id name } service { id } goals { goalId position isTaken result achievedOn } } } }";

/// That lines say what a query says, field by field.
fn same(lines: &[Value], nodes: &Value) {
    let nodes = nodes.as_array().unwrap();
    assert_eq!(lines.len(), nodes.len());
    for (line, node) in lines.iter().zip(nodes) {
        for (field, value) in node.as_object().unwrap() {
            assert_eq!(&line[field], value, "{field}");
        }
    }
}

async fn a_file_says_what_a_query_says(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    for _ in 0..2 {
        Story::open(&app, &world).await.refer(&app, &world).await;
    }
    waiting(&app, &world, world.service, 3).await;
    for who in [&world.intake, &world.case_manager, &world.coordinator, &world.app] {
        let job = start(&app, who, "REFERRALS").await;
        assert_eq!((&job["state"], &job["file"]), (&json!("QUEUED"), &json!(null)));
        assert_eq!(work_off(&app).await, 3, "it is counted, read and summed up");
        let job = seen(&app, who, &job).await;
        assert_eq!((&job["state"], &job["progress"]), (&json!("DONE"), &json!({ "rowsDone": 5, "rowsExpected": 5 })));
        let file = fetched(&app, who, &job).await;
        let sum: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((&job["file"]["sha256"], &job["file"]["bytes"]), (&json!(sum), &json!(file.len())));
        let lines = lines(&file);
        same(&lines, &app.run(who, REFERRALS, json!({})).await["referrals"]["nodes"]);
        let whole = serde_json::to_string(&lines).unwrap();
        assert!(!whole.contains("CANARY") && !whole.contains("FROM_25_TO_39"), "nothing about a person: {whole}");
    }
    assert_eq!(app.count("audit WHERE operation = 'exportRows' AND field_classes LIKE '%\"ROWS 5\"%SYNC%'").await, 0);
    assert_eq!(app.count("audit WHERE operation = 'exportRows' AND field_classes LIKE '%SYNC%\"ROWS 5\"%'").await, 4);
    assert_eq!(app.count("audit WHERE operation = 'fetchBulkFile'").await, 4);
}

async fn each_kind_is_exported_for_whom_may_read_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let job = start(&app, &world.case_manager, "CASES").await;
    let services = start(&app, &world.outsider, "SERVICES").await;
    work_off(&app).await;
    let cases = lines(&fetched(&app, &world.case_manager, &seen(&app, &world.case_manager, &job).await).await);
    assert_eq!(
        (cases.len(), &cases[0]["id"], &cases[0]["identifier"]),
        (1, &json!(story.case), &json!(story.identifier))
    );
    assert_eq!(cases[0].get("ageBand"), None);
    let found = lines(&fetched(&app, &world.outsider, &services).await);
    assert_eq!(found[0]["id"], json!(gid(Kind::Service, world.service)));
    // A filter is the query's own.
    let input = json!({ "kind": "REFERRALS", "purpose": "CARE", "referrals": { "status": ["DECLINED"] } });
    let none = done(&app, &world.intake, "startBulkExport", input, "bulkJob { id }").await["bulkJob"].clone();
    work_off(&app).await;
    assert!(lines(&fetched(&app, &world.intake, &none).await).is_empty(), "a file of nothing is a file");
    let wrong = json!({ "kind": "SERVICES", "purpose": "CARE", "referrals": {} });
    assert_eq!(rule(&app, &world.intake, "startBulkExport", wrong).await, "INVALID");
    for (who, kind) in [(&world.editor, "REFERRALS"), (&world.intake, "CASES"), (&world.donor_officer, "CASES")] {
        let input = json!({ "kind": kind, "purpose": "CARE" });
        assert_eq!(rule(&app, who, "startBulkExport", input).await, "NOT_PERMITTED", "{kind}");
    }
}

async fn its_end_is_told_and_changes_go_on_from_its_beginning(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let job = start(&app, &world.intake, "REFERRALS").await;
    waiting(&app, &world, world.service, 1).await;
    let sent = Story::open(&app, &world).await.refer(&app, &world).await;
    work_off(&app).await;
    place(&app).await;
    let told = "{ viewer { notifications { nodes { event subjectId } } } }";
    let events = async |who: &Persona| -> Vec<String> {
        let seen = app.run(who, told, json!({})).await["viewer"]["notifications"]["nodes"].clone();
        let of = |one: &&Value| one["subjectId"] == job["id"];
        seen.as_array().unwrap().iter().filter(of).map(|one| text(&one["event"])).collect()
    };
    assert_eq!(events(&world.intake).await, ["BULK_JOB_DONE"]);
    assert_eq!(events(&world.worker).await, Vec::<String>::new());
    assert_eq!(
        events(&world.provider_administrator).await,
        ["startBulkExport"],
        "administrators hear that data leaves"
    );
    let after = "query($after: Cursor) { changes(after: $after) { nodes { event subjectId subject { ... on Notification { \
        event } } } } }";
    let changes = app.run(&world.intake, after, json!({ "after": job["changesAfter"] })).await;
    let changes = changes["changes"]["nodes"].as_array().unwrap().clone();
    assert!(changes.iter().any(|change| change["subjectId"] == json!(sent.id)), "{changes:?}");
    assert!(changes.iter().any(|change| change["subject"]["event"] == "BULK_JOB_DONE"), "{changes:?}");
}

async fn a_stranger_sees_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let list = format!("{{ bulkJobs {{ totalCount nodes {{ {JOB} }} }} }}");
    let job = start(&app, &world.intake, "REFERRALS").await;
    work_off(&app).await;
    let job = seen(&app, &world.intake, &job).await;
    let editor = add_member(&app, world.provider, "DIRECTORY_EDITOR").await;
    for who in [&world.outsider, &world.worker, &world.app, &world.administrator, &world.coordinator, &editor] {
        assert_eq!(app.run(who, &list, json!({})).await["bulkJobs"], json!({ "totalCount": 0, "nodes": [] }));
        assert_eq!(seen(&app, who, &job).await, Value::Null);
        for mutation in ["approveBulkJob", "cancelBulkJob"] {
            assert_eq!(rule(&app, who, mutation, change(&job)).await, "NOT_FOUND");
        }
        assert_eq!(rule(&app, who, "createBulkLink", json!({ "bulkJobId": job["id"] })).await, "NOT_FOUND");
    }
    assert_eq!(app.refused(&Persona::public(), &list, json!({})).await, "UNAUTHENTICATED");
    for who in [&world.intake, &world.provider_administrator] {
        assert_eq!(app.run(who, &list, json!({})).await["bulkJobs"]["totalCount"], 1);
    }
    let asked = json!({ "bulkJobId": job["id"] });
    let code = rule(&app, &world.provider_administrator, "createBulkLink", asked).await;
    assert_eq!(code, "NOT_PERMITTED", "who answers for exports sees that they are made, not what is in them");
}

async fn a_job_stops_when_access_ends(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    waiting(&app, &world, world.service, 7).await;
    let ends = [
        "UPDATE member SET is_active = FALSE WHERE id = $1",
        "UPDATE member SET roles = '[{\"role\":\"DIRECTORY_EDITOR\",\"program\":null}]' WHERE id = $1",
        "UPDATE organization SET ended_at = 1 WHERE id = (SELECT organization_id FROM member WHERE id = $1)",
    ];
    for (at, end) in ends.into_iter().enumerate() {
        let who = add_member(&app, world.provider, "INTAKE").await;
        start(&app, &who, "REFERRALS").await;
        let runner = runner(&app).with_rows_at_once(2);
        for _ in 0..2 {
            assert!(runner.round().await.unwrap());
        }
        assert_eq!(app.count("bulk_piece").await, 1, "some of it was read");
        run(&app, end, vec![who.id.into()]).await;
        assert!(runner.round().await.unwrap());
        assert!(!runner.round().await.unwrap(), "nothing is left to do");
        let failed = "bulk_job WHERE state = 'FAILED' AND error = 'ACCESS_ENDED' AND row_count = 2";
        assert_eq!(app.count(failed).await, i64::try_from(at).unwrap() + 1, "{end}");
        assert_eq!(app.count("bulk_piece").await, 0, "what was read is thrown away");
    }
}

on_both_engines!(
    a_file_says_what_a_query_says,
    each_kind_is_exported_for_whom_may_read_it,
    its_end_is_told_and_changes_go_on_from_its_beginning,
    a_stranger_sees_nothing,
    a_job_stops_when_access_ends,
);
