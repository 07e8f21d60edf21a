//! Administrators say who gets in for their organization, and nobody else does.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::getting_in::{Application, application, newcomer};
use crate::support::verbs::{document, done, key, rule, text, tried};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::{Kind, decode};
use passerelle::token;
use serde_json::{Value, json};

const LISTS: &str = "{ members { totalCount nodes { id name roles { role programId } isActive isBound invitedUntil lastUsedAt version } }
    clients { totalCount nodes { id name scopes isActive lastUsedAt secrets { hint } } } }";
const ME: &str = "{ viewer { powers } }";

async fn world(engine: Engine) -> (TestApp, World) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    (app, world)
}

/// Somebody with a token of this moment for a member who was added.
fn member(app: &TestApp, world: &World, id: &str) -> Persona {
    let (_, key) = decode(id).unwrap();
    let token = Some(app.token(key, world.partner, token::Kind::Member, 0, 0));
    Persona { id: key, organization: world.partner, token }
}

async fn version(app: &TestApp, who: &Persona, id: &str) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Member { version } ... on ClientApplication { version } } }";
    app.run(who, query, json!({ "id": id })).await["node"]["version"].clone()
}

async fn only_administrators_see_who_gets_in(engine: Engine) {
    let (app, world) = world(engine).await;
    let system = application(&app, &world, &["CASES_READ"]).await;
    assert_eq!(system.token(&app, "").await.status, 200);
    let seen = app.run(&world.administrator, LISTS, json!({})).await;
    assert_eq!(seen["members"]["totalCount"], 6, "{seen}");
    assert_eq!(seen["clients"]["totalCount"], 1);
    assert!(seen["clients"]["nodes"][0]["lastUsedAt"].is_string());
    let foreign = add_member(&app, world.provider, "ADMINISTRATOR").await;
    let seen = app.run(&foreign, LISTS, json!({})).await;
    assert_eq!(seen["members"]["totalCount"], 5, "another organization's administrator sees that one's own");
    let ids = json!({ "ids": [system.id, gid(Kind::Member, world.case_manager.id)] });
    let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let empty = json!({ "totalCount": 0, "nodes": [] });
    let mut others = world.everybody();
    others.retain(|(name, who)| who.token.is_some() && !name.ends_with("administrator"));
    for (name, who) in others {
        let seen = app.run(&who, LISTS, json!({})).await;
        assert_eq!((&seen["members"], &seen["clients"]), (&empty, &empty), "{name}");
        let seen = app.run(&who, nodes, ids.clone()).await;
        let own = if name == "case manager" { json!({ "id": ids["ids"][1] }) } else { Value::Null };
        assert_eq!(seen["nodes"], json!([null, own]), "{name}");
    }
    assert_eq!(app.run(&foreign, nodes, ids.clone()).await["nodes"], json!([null, null]));
    assert_eq!(app.refused(&Persona::public(), LISTS, json!({})).await, "UNAUTHENTICATED");
}

async fn what_one_administrator_does_the_others_are_told(engine: Engine) {
    let (app, world) = world(engine).await;
    let other = add_member(&app, world.partner, "ADMINISTRATOR").await;
    let who = &world.administrator;
    let system = application(&app, &world, &["CASES_READ", "CASES_WRITE"]).await;
    let (id, _) = newcomer(&app, who, "INTAKE").await;
    let scopes = json!({ "clientId": system.id, "expectedVersion": 1, "scopes": ["CASES_READ"] });
    done(&app, who, "changeClientScopes", scopes, "").await;
    done(&app, who, "rotateClientSecret", json!({ "clientId": system.id, "expectedVersion": 2 }), "").await;
    done(&app, who, "endClient", json!({ "clientId": system.id, "expectedVersion": 3 }), "").await;
    let roles = json!({ "memberId": id, "expectedVersion": 1, "roles": [{ "role": "SUPERVISOR" }] });
    done(&app, who, "changeMemberRoles", roles, "").await;
    done(&app, who, "inviteMember", json!({ "memberId": id, "expectedVersion": 2 }), "").await;
    done(&app, who, "endMember", json!({ "memberId": id, "expectedVersion": 2 }), "").await;
    let told = "{ viewer { notifications { nodes { event subjectType subjectId } } } }";
    let seen = app.run(&other, told, json!({})).await;
    let mut events: Vec<String> =
        seen["viewer"]["notifications"]["nodes"].as_array().unwrap().iter().map(|node| text(&node["event"])).collect();
    events.sort_unstable();
    let all = [
        "addClient",
        "addMember",
        "changeClientScopes",
        "changeMemberRoles",
        "endClient",
        "endMember",
        "inviteMember",
        "rotateClientSecret",
    ];
    assert_eq!(events, all);
    let own = app.run(who, told, json!({})).await;
    assert_eq!(own["viewer"]["notifications"]["nodes"], json!([]), "who did it is not told");
    let seen = app.run(&world.case_manager, told, json!({})).await;
    assert_eq!(seen["viewer"]["notifications"]["nodes"], json!([]), "nobody else is told");
    for (table, kind) in [("event", "kind"), ("audit", "operation"), ("outbox", "kind")] {
        for name in all {
            let text = format!("SELECT count(*) AS total FROM {table} WHERE {kind} = $1 AND organization_id = $2");
            let rows = app.app.store.rows(&text, vec![name.into(), world.partner.into()]).await.unwrap();
            assert_eq!(rows[0].try_get::<i64>("", "total").unwrap(), 1, "{name} in {table}");
        }
    }
}

async fn access_ends_when_it_is_ended_or_narrowed(engine: Engine) {
    let (app, world) = world(engine).await;
    let who = &world.administrator;
    let (id, _) = newcomer(&app, who, "SUPERVISOR").await;
    let held = member(&app, &world, &id);
    app.run(&held, ME, json!({})).await;
    let wider =
        json!({ "memberId": id, "expectedVersion": 1, "roles": [{ "role": "SUPERVISOR" }, { "role": "INTAKE" }] });
    done(&app, who, "changeMemberRoles", wider, "").await;
    app.run(&held, ME, json!({})).await;
    let narrower = json!({ "memberId": id, "expectedVersion": 2, "roles": [{ "role": "INTAKE" }] });
    done(&app, who, "changeMemberRoles", narrower, "").await;
    assert_eq!(app.post(&held, ME, json!({})).await.status, 401, "a role was taken away");
    let (id, _) = newcomer(&app, who, "SUPERVISOR").await;
    let held = member(&app, &world, &id);
    app.run(&held, ME, json!({})).await;
    done(&app, who, "endMember", json!({ "memberId": id, "expectedVersion": 1 }), "member { isActive endedAt }").await;
    assert_eq!(app.post(&held, ME, json!({})).await.status, 401, "the member has ended");

    let system = application(&app, &world, &["CASES_READ", "CASES_WRITE"]).await;
    let held = system.persona(&world, &system.token(&app, "").await);
    app.run(&held, ME, json!({})).await;
    let narrower = json!({ "clientId": system.id, "expectedVersion": 1, "scopes": ["CASES_READ"] });
    done(&app, who, "changeClientScopes", narrower, "").await;
    assert_eq!(app.post(&held, ME, json!({})).await.status, 401, "a scope was taken away");
    let held = system.persona(&world, &system.token(&app, "").await);
    app.run(&held, ME, json!({})).await;
    done(&app, who, "endClient", json!({ "clientId": system.id, "expectedVersion": 2 }), "").await;
    assert_eq!(app.post(&held, ME, json!({})).await.status, 401, "the application has ended");
    for mutation in ["endClient", "rotateClientSecret"] {
        let again = json!({ "clientId": system.id, "expectedVersion": 3 });
        assert_eq!(rule(&app, who, mutation, again).await, "NOT_NOW");
    }
}

async fn there_is_always_an_administrator(engine: Engine) {
    let (app, world) = world(engine).await;
    let who = &world.administrator;
    let own = gid(Kind::Member, who.id);
    let end = json!({ "memberId": own, "expectedVersion": 1 });
    assert_eq!(rule(&app, who, "endMember", end.clone()).await, "LAST_ADMINISTRATOR");
    let demoted = json!({ "memberId": own, "expectedVersion": 1, "roles": [{ "role": "INTAKE" }] });
    assert_eq!(rule(&app, who, "changeMemberRoles", demoted).await, "LAST_ADMINISTRATOR");
    let narrowed = json!({ "memberId": own, "expectedVersion": 1,
        "roles": [{ "role": "ADMINISTRATOR", "programId": gid(Kind::Program, world.program) }] });
    assert_eq!(
        rule(&app, who, "changeMemberRoles", narrowed).await,
        "LAST_ADMINISTRATOR",
        "in one program is not enough"
    );
    let other = add_member(&app, world.partner, "ADMINISTRATOR").await;
    let ends = |by: &Persona, whom: &Persona| {
        let (by, input) = (
            by.clone(),
            json!({ "memberId": gid(Kind::Member, whom.id), "expectedVersion": 1, "idempotencyKey": key() }),
        );
        let app = &app;
        async move {
            app.post(&by, &document("endMember", ""), json!({ "input": input })).await.body["data"]["endMember"].clone()
        }
    };
    // Two who end each other at the same time: one of them is too late, or is nobody any more.
    let answers = futures_util::future::join(ends(who, &other), ends(&other, who)).await;
    let took = [&answers.0, &answers.1].iter().filter(|answer| answer["userErrors"] == json!([])).count();
    let rows = app
        .app
        .store
        .rows(
            "SELECT count(*) AS total FROM member WHERE organization_id = $1 AND is_active \
        AND roles LIKE '%ADMINISTRATOR%'",
            vec![world.partner.into()],
        )
        .await
        .unwrap();
    assert_eq!((took, rows[0].try_get::<i64>("", "total").unwrap()), (1, 1));
}

async fn nobody_gives_more_than_the_organization_may_have(engine: Engine) {
    let (app, world) = world(engine).await;
    let who = &world.administrator;
    let program = gid(Kind::Program, world.program);
    let add = async |who: &Persona, roles: Value| {
        let payload = tried(&app, who, "addMember", json!({ "name": "New", "roles": roles }), "").await;
        payload["userErrors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| format!("{} {}", text(&error["code"]), error["field"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(add(who, json!([])).await, [r#"REQUIRED ["roles"]"#]);
    assert_eq!(add(who, json!([{ "role": "COORDINATOR" }])).await, [r#"NOT_PERMITTED ["roles","0","role"]"#]);
    assert_eq!(
        add(who, json!([{ "role": "COORDINATOR", "programId": program }])).await,
        [r#"NOT_PERMITTED ["roles","0","role"]"#]
    );
    assert_eq!(add(who, json!([{ "role": "INTAKE" }, { "role": "INTAKE" }])).await, [r#"INVALID ["roles","1"]"#]);
    let nowhere = gid(Kind::Program, uuid::Uuid::now_v7());
    assert_eq!(
        add(who, json!([{ "role": "INTAKE", "programId": nowhere }])).await,
        [r#"NOT_IN_PROGRAM ["roles","0","programId"]"#]
    );
    assert_eq!(add(who, json!([{ "role": "CASE_MANAGER", "programId": program }])).await, Vec::<String>::new());
    let lead = add_member(&app, world.lead, "ADMINISTRATOR").await;
    assert_eq!(add(&lead, json!([{ "role": "COORDINATOR", "programId": program }])).await, Vec::<String>::new());
    let stranger = add_member(&app, world.stranger, "ADMINISTRATOR").await;
    assert_eq!(
        add(&stranger, json!([{ "role": "INTAKE", "programId": program }])).await,
        [r#"NOT_IN_PROGRAM ["roles","0","programId"]"#]
    );
    let donor = add_member(&app, world.donor_officer.organization, "ADMINISTRATOR").await;
    assert_eq!(add(&donor, json!([{ "role": "CASE_MANAGER" }])).await, [r#"NOT_PERMITTED ["roles","0","role"]"#]);
    assert_eq!(add(&donor, json!([{ "role": "PROGRAM_MANAGER" }])).await, Vec::<String>::new());
    let client = json!({ "name": "App", "scopes": ["CASES_READ"] });
    assert_eq!(rule(&app, &donor, "addClient", client).await, "NOT_PERMITTED");
    let here = add_member(&app, world.partner, "CASE_MANAGER").await;
    assert_eq!(add(&here, json!([{ "role": "INTAKE" }])).await, ["NOT_PERMITTED null"]);
}

async fn what_is_anothers_is_not_there(engine: Engine) {
    let (app, world) = world(engine).await;
    let foreign = add_member(&app, world.provider, "ADMINISTRATOR").await;
    let Application { id, .. } = application(&app, &world, &["CASES_READ"]).await;
    let member = gid(Kind::Member, world.case_manager.id);
    for (mutation, input) in [
        ("endClient", json!({ "clientId": id, "expectedVersion": 1 })),
        ("rotateClientSecret", json!({ "clientId": id, "expectedVersion": 1 })),
        ("changeClientScopes", json!({ "clientId": id, "expectedVersion": 1, "scopes": ["CASES_READ"] })),
        ("endMember", json!({ "memberId": member, "expectedVersion": 1 })),
        ("inviteMember", json!({ "memberId": member, "expectedVersion": 1 })),
        ("changeMemberRoles", json!({ "memberId": member, "expectedVersion": 1, "roles": [{ "role": "INTAKE" }] })),
    ] {
        assert_eq!(rule(&app, &foreign, mutation, input).await, "NOT_FOUND", "{mutation}");
    }
    let stale = json!({ "memberId": member, "expectedVersion": 9, "roles": [{ "role": "INTAKE" }] });
    assert_eq!(rule(&app, &world.administrator, "changeMemberRoles", stale).await, "STALE_VERSION");
    let late = json!({ "clientId": id, "expectedVersion": 1, "oldSecretsValidUntil": "2027-11-25T00:00:00Z" });
    assert_eq!(rule(&app, &world.administrator, "rotateClientSecret", late).await, "DATE_OUT_OF_RANGE");
    for round in 1..5 {
        let input = json!({ "clientId": id, "expectedVersion": round });
        done(&app, &world.administrator, "rotateClientSecret", input, "").await;
    }
    let sixth = json!({ "clientId": id, "expectedVersion": version(&app, &world.administrator, &id).await });
    assert_eq!(rule(&app, &world.administrator, "rotateClientSecret", sixth).await, "NOT_NOW", "five are enough");
}

on_both_engines!(
    only_administrators_see_who_gets_in,
    what_one_administrator_does_the_others_are_told,
    access_ends_when_it_is_ended_or_narrowed,
    there_is_always_an_administrator,
    nobody_gives_more_than_the_organization_may_have,
    what_is_anothers_is_not_there,
);
