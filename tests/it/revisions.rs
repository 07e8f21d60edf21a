//! Entries before they are published: nobody else sees a draft, and nobody approves their own.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::{done, rule, text};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const LIST: &str = "query { serviceRevisions { totalCount nodes { id state name reviewNote } } }";
const FOUND: &str = "query { services(filter: { text: \"CANARY-DRAFT\" }) { totalCount nodes { id } } }";

fn drafted(more: Value) -> Value {
    let mut input = json!({ "name": "CANARY-DRAFT loans", "language": "en", "categoryCode": "ECO.IND.CREDIT",
        "description": "CANARY-DRAFT", "asDraft": {}, "capacity": { "total": 4 } });
    input.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    input
}

async fn draft(app: &TestApp, who: &Persona, input: Value) -> Value {
    let made = done(
        app,
        who,
        "publishService",
        input,
        "service { id } revision { id version state } warnings { nearDuplicate { id } }",
    )
    .await;
    assert_eq!(made["service"], json!(null), "a draft is no service");
    made["revision"].clone()
}

fn which(revision: &Value, more: Value) -> Value {
    let mut input = json!({ "revisionId": revision["id"], "expectedVersion": revision["version"] });
    input.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    input
}

async fn step(app: &TestApp, who: &Persona, name: &str, input: Value) -> Value {
    done(app, who, name, input, "revision { id version state serviceId reviewNote }").await["revision"].clone()
}

/// That nobody outside sees anything of a draft, wherever they look.
async fn nobody_else_sees(app: &TestApp, world: &World, revision: &Value) {
    let services = app.count("service").await;
    for (name, who) in world.everybody() {
        if who.organization == world.municipality {
            continue;
        }
        assert_eq!(app.run(&who, FOUND, json!({})).await["services"]["totalCount"], 0, "{name}");
        let node = app
            .post(
                &who,
                "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }",
                json!({ "id": revision["id"] }),
            )
            .await;
        assert_eq!(node.body["data"], json!({ "node": null, "nodes": [null] }), "{name}");
        if who.token.is_some() {
            let seen = app.run(&who, LIST, json!({})).await["serviceRevisions"].clone();
            assert_eq!(seen, json!({ "totalCount": 0, "nodes": [] }), "{name}");
        }
    }
    assert_eq!(app.refused(&Persona::public(), LIST, json!({})).await, "UNAUTHENTICATED");
    // What exports, harvests, counts and covers reads the directory's own table, in which it is not.
    assert_eq!(app.count("service WHERE search_text LIKE '%canary-draft%'").await, 0);
    assert_eq!(app.count("service").await, services);
}

async fn a_draft_is_seen_by_its_own_organization_only(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let revision =
        draft(&app, &world.editor, drafted(json!({ "servedAreaIds": [gid(Kind::Area, world.district)] }))).await;
    nobody_else_sees(&app, &world, &revision).await;
    let seen = app.run(&world.editor, LIST, json!({})).await;
    assert_eq!(seen["serviceRevisions"]["nodes"][0]["name"], "CANARY-DRAFT loans");
    for name in ["submitServiceRevision", "publishServiceRevision", "discardServiceRevision"] {
        assert_eq!(rule(&app, &world.outsider, name, which(&revision, json!({}))).await, "NOT_FOUND");
    }
    let submitted = step(&app, &world.editor, "submitServiceRevision", which(&revision, json!({}))).await;
    nobody_else_sees(&app, &world, &submitted).await;
    let given_up = step(&app, &world.editor, "discardServiceRevision", which(&submitted, json!({}))).await;
    assert_eq!(given_up["state"], "DISCARDED");
    assert_eq!(rule(&app, &world.editor, "publishServiceRevision", which(&given_up, json!({}))).await, "NOT_NOW");
}

async fn somebody_else_of_the_organization_approves_or_sends_back(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let second = add_member(&app, world.municipality, "DIRECTORY_EDITOR").await;
    let revision = draft(&app, &world.editor, drafted(json!({}))).await;
    let approving = |revision: &Value| which(revision, json!({ "approves": true }));
    assert_eq!(rule(&app, &second, "reviewServiceRevision", approving(&revision)).await, "NOT_NOW");
    let revision = step(&app, &world.editor, "submitServiceRevision", which(&revision, json!({}))).await;
    assert_eq!(rule(&app, &world.editor, "reviewServiceRevision", approving(&revision)).await, "NOT_PERMITTED");
    let silent = which(&revision, json!({ "approves": false }));
    assert_eq!(rule(&app, &second, "reviewServiceRevision", silent).await, "TEXT_REQUIRED");
    let input = which(&revision, json!({ "approves": false, "note": "The price is missing" }));
    let back = step(&app, &second, "reviewServiceRevision", input).await;
    assert_eq!((&back["state"], &back["reviewNote"]), (&json!("SENT_BACK"), &json!("The price is missing")));
    let anew = drafted(json!({ "cost": { "kind": "FREE" },
        "asDraft": { "revisionId": back["id"], "expectedVersion": back["version"] } }));
    let revision = draft(&app, &world.editor, anew).await;
    assert_eq!((&revision["id"], &revision["state"]), (&back["id"], &json!("DRAFT")));
    let revision = step(&app, &world.editor, "submitServiceRevision", which(&revision, json!({}))).await;
    let published = step(&app, &second, "reviewServiceRevision", approving(&revision)).await;
    assert_eq!(published["state"], "PUBLISHED");
    let seen = app.run(&Persona::public(), FOUND, json!({})).await;
    assert_eq!(seen["services"]["nodes"], json!([{ "id": published["serviceId"] }]), "now everybody sees it");
    assert_eq!(app.count("capacity WHERE total = 4").await, 1);
}

async fn a_change_leaves_what_is_published_until_it_is_approved(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let input = json!({ "name": "Loans", "language": "en" });
    let made = done(&app, &world.editor, "publishService", input, "service { id }").await;
    let id = made["service"]["id"].clone();
    let change = json!({ "serviceId": id, "expectedVersion": 1, "name": "CANARY-DRAFT loans", "asDraft": {} });
    let drafted =
        done(&app, &world.editor, "updateService", change.clone(), "service { id } revision { id version }").await;
    assert_eq!(rule(&app, &world.editor, "updateService", change).await, "ALREADY_EXISTS");
    let revision = drafted["revision"].clone();
    nobody_else_sees(&app, &world, &revision).await;
    let name = "query($id: ID!) { service(by: { id: $id }) { name version } }";
    let seen = app.run(&Persona::public(), name, json!({ "id": id })).await;
    assert_eq!(seen["service"], json!({ "name": "Loans", "version": 1 }));
    let published = step(&app, &world.editor, "publishServiceRevision", which(&revision, json!({}))).await;
    assert_eq!((&published["state"], &published["serviceId"]), (&json!("PUBLISHED"), &id));
    let seen = app.run(&Persona::public(), name, json!({ "id": id })).await;
    assert_eq!(seen["service"], json!({ "name": "CANARY-DRAFT loans", "version": 2 }));
}

async fn a_program_can_ask_that_its_lead_approves_first(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let program = gid(Kind::Program, world.program);
    let rules = json!({ "programId": program, "expectedVersion": 0, "needsReview": true });
    done(&app, &world.coordinator, "setProgramDirectoryRules", rules, "").await;
    let reviewer = add_member(&app, world.lead, "DIRECTORY_EDITOR").await;
    let second = add_member(&app, world.municipality, "DIRECTORY_EDITOR").await;
    let direct = json!({ "name": "Loans", "language": "en", "programId": program });
    assert_eq!(rule(&app, &world.editor, "publishService", direct).await, "REVIEW_REQUIRED");
    let revision = draft(&app, &world.editor, drafted(json!({ "programId": program }))).await;
    assert_eq!(
        app.run(&reviewer, LIST, json!({})).await["serviceRevisions"]["totalCount"],
        0,
        "not before it is submitted"
    );
    assert_eq!(
        rule(&app, &world.editor, "publishServiceRevision", which(&revision, json!({}))).await,
        "REVIEW_REQUIRED"
    );
    let revision = step(&app, &world.editor, "submitServiceRevision", which(&revision, json!({}))).await;
    assert_eq!(app.run(&reviewer, LIST, json!({})).await["serviceRevisions"]["totalCount"], 1);
    let approving = which(&revision, json!({ "approves": true }));
    assert_eq!(rule(&app, &second, "reviewServiceRevision", approving.clone()).await, "NOT_PERMITTED");
    let published = step(&app, &reviewer, "reviewServiceRevision", approving).await;
    assert_eq!(published["state"], "PUBLISHED");
    let owner = "query($id: ID!) { service(by: { id: $id }) { organization { id } } }";
    let seen = app.run(&Persona::public(), owner, json!({ "id": published["serviceId"] })).await;
    assert_eq!(
        seen["service"]["organization"]["id"],
        gid(Kind::Organization, world.municipality),
        "it stays its writer's"
    );
    let change = json!({ "serviceId": published["serviceId"], "expectedVersion": 1, "name": "Other" });
    assert_eq!(rule(&app, &world.editor, "updateService", change).await, "REVIEW_REQUIRED");
}

async fn a_near_duplicate_is_a_warning_and_no_refusal(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let select = "service { id } warnings { nearDuplicate { id } }";
    let near = json!({ "name": "Vocational trainings", "language": "en", "categoryCode": "ECO.IND.TVET",
        "servedAreaIds": [gid(Kind::Area, world.district)] });
    let made = done(&app, &world.editor, "publishService", near, select).await;
    assert!(made["service"]["id"].is_string());
    assert_eq!(made["warnings"], json!([{ "nearDuplicate": { "id": gid(Kind::Service, world.service) } }]));
    let hidden = json!({ "name": "Vocational training", "language": "en", "categoryCode": "ECO.IND.TVET",
        "servedAreaIds": [gid(Kind::Area, world.district)], "visibility": "OWN" });
    let own = text(&done(&app, &world.provider_supervisor, "publishService", hidden, select).await["service"]["id"]);
    let other = json!({ "name": "Vocational training", "language": "en", "categoryCode": "ECO.IND.TVET",
        "servedAreaIds": [gid(Kind::Area, world.district)] });
    let made = done(&app, &world.outsider, "publishService", other, select).await;
    let warned: Vec<_> =
        made["warnings"].as_array().unwrap().iter().map(|one| text(&one["nearDuplicate"]["id"])).collect();
    assert!(warned.len() == 2 && !warned.contains(&own), "what is hidden is not told: {warned:?}");
    let elsewhere = json!({ "name": "Vocational training", "language": "en", "categoryCode": "ECO.IND.TVET" });
    assert_eq!(done(&app, &world.editor, "publishService", elsewhere, select).await["warnings"], json!([]));
}

on_both_engines!(
    a_draft_is_seen_by_its_own_organization_only,
    somebody_else_of_the_organization_approves_or_sends_back,
    a_change_leaves_what_is_published_until_it_is_approved,
    a_program_can_ask_that_its_lead_approves_first,
    a_near_duplicate_is_a_warning_and_no_refusal,
);
