//! What was answered before is answered again only to whoever may know it now, and only to the same request.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, waiting};
use crate::support::verbs::{done, key, tried};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind as Thing;
use passerelle::token::Kind;
use serde_json::{Value, json};

const MADE: &str = "endpoint { id version } verificationKey";

/// Whoever managed webhooks and no longer does gets no secret by sending the same again.
async fn a_replay_tells_no_secret_to_who_lost_the_power(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    run(
        &app,
        "UPDATE client_application SET scopes = '[\"WEBHOOKS_WRITE\",\"SERVICES_WRITE\"]' WHERE id = $1",
        vec![world.app.id.into()],
    )
    .await;
    let scoped = |scope: &str| {
        let token = app.scoped_token((world.app.id, world.provider), Kind::Client, (0, 0), scope);
        Persona { token: Some(token), ..world.app.clone() }
    };
    let member = add_member(&app, world.provider, "ADMINISTRATOR").await;
    let demoted = "UPDATE member SET roles = '[{\"role\":\"INTAKE\",\"program\":null}]' WHERE id = $1";
    for (who, then) in [(scoped("WEBHOOKS_WRITE"), scoped("SERVICES_WRITE")), (member.clone(), member.clone())] {
        let create =
            json!({ "url": "https://hooks.example.org/in", "signing": "SHARED_SECRET", "idempotencyKey": key() });
        let made = done(&app, &who, "createWebhookEndpoint", create.clone(), MADE).await;
        assert!(made["verificationKey"].as_str().unwrap().starts_with("whsec_"));
        let rotate = json!({ "endpointId": made["endpoint"]["id"], "expectedVersion": 1, "overlapHours": 1, "idempotencyKey": key() });
        let rotated = done(&app, &who, "rotateWebhookSecret", rotate.clone(), MADE).await;
        assert_eq!(done(&app, &who, "rotateWebhookSecret", rotate.clone(), MADE).await, rotated, "still theirs");
        if who.id == member.id {
            run(&app, demoted, vec![who.id.into()]).await;
        }
        for (name, input, code) in
            [("createWebhookEndpoint", create, "NOT_PERMITTED"), ("rotateWebhookSecret", rotate, "NOT_FOUND")]
        {
            let told = tried(&app, &then, name, input, MADE).await;
            assert_eq!((&told["verificationKey"], &told["endpoint"]), (&Value::Null, &Value::Null), "{name}: {told}");
            assert_eq!(told["userErrors"][0]["code"], code, "{name}");
        }
    }
}

/// The same for what administrators do with who gets in.
async fn a_replay_of_access_is_for_administrators(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let member = add_member(&app, world.provider, "ADMINISTRATOR").await;
    let input = json!({ "name": "App", "scopes": ["REFERRALS_READ"], "idempotencyKey": key() });
    let select = "client { id } secret";
    let made = done(&app, &member, "addClient", input.clone(), select).await;
    assert!(made["secret"].is_string());
    let again = done(&app, &member, "addClient", input.clone(), select).await;
    assert_eq!((&again["client"], &again["secret"]), (&made["client"], &Value::Null), "told once");
    run(&app, "UPDATE member SET roles = '[]' WHERE id = $1", vec![member.id.into()]).await;
    let told = tried(&app, &member, "addClient", input, select).await;
    assert_eq!((&told["client"], &told["userErrors"][0]["code"]), (&Value::Null, &json!("NOT_PERMITTED")));
}

/// A parked command's key belongs to what it said.
async fn another_command_under_a_parked_key_is_a_conflict(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    sent.act(&app, &world.provider_supervisor, "acknowledgeReferral", json!({})).await;
    let key = key();
    let submit = async |reason: &str| {
        let decline = sent.input(json!({ "reason": reason, "idempotencyKey": key }));
        let command = json!({ "madeAt": "2026-11-20T08:00:00Z", "command": { "declineReferral": decline } });
        let input = json!({ "deviceId": "tablet-7", "commands": [command] });
        let select = "results { outcome isRepeat parkedCommandId userErrors { code field } }";
        done(&app, &world.intake, "submitEnvelope", input, select).await["results"][0].clone()
    };
    let parked = submit("NO_CAPACITY").await;
    assert_eq!(parked["outcome"], "PARKED");
    let again = submit("NO_CAPACITY").await;
    assert_eq!((&again["parkedCommandId"], &again["isRepeat"]), (&parked["parkedCommandId"], &json!(true)));
    let other = submit("DUPLICATE").await;
    let conflict = json!({ "outcome": "REFUSED", "isRepeat": false, "parkedCommandId": null,
        "userErrors": [{ "code": "IDEMPOTENCY_CONFLICT", "field": ["idempotencyKey"] }] });
    assert_eq!(other, conflict);
    assert_eq!(app.count("parked_command").await, 1);
}

/// Whoever binds an application, or lets it go, is on record, and the other administrators are told.
async fn a_manifest_is_on_record_and_keeps_within_the_bounds(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (one, other) = (
        add_member(&app, world.provider, "ADMINISTRATOR").await,
        add_member(&app, world.provider, "ADMINISTRATOR").await,
    );
    let manifest = |version: i32, required: bool, documents: Value| {
        json!({ "clientId": gid(Thing::ClientApplication, world.app.id), "expectedVersion": version,
            "documents": documents, "isRequired": required })
    };
    let deep = format!("{}{}", "{ node".repeat(40), "}".repeat(40));
    let wrong = manifest(0, true, json!(["{ __typename }", deep, "{ (", "{ referrals { totalCount } }"]));
    let told = tried(&app, &one, "uploadDocumentManifest", wrong, "").await;
    let fields: Vec<&Value> = told["userErrors"].as_array().unwrap().iter().map(|each| &each["field"]).collect();
    assert_eq!(fields, [&json!(["documents", "1"]), &json!(["documents", "2"])], "{told}");
    assert_eq!(app.count("event WHERE kind = 'uploadDocumentManifest'").await, 0);
    for (version, required) in [(0, true), (1, false)] {
        let input = manifest(version, required, json!(["{ referrals { totalCount } }"]));
        done(&app, &one, "uploadDocumentManifest", input, "").await;
        let count = i64::from(version) + 1;
        for table in ["event WHERE kind", "outbox WHERE kind", "audit WHERE decision = 'ALLOW' AND operation"] {
            assert!(app.count(&format!("{table} = 'uploadDocumentManifest'")).await >= count, "{table}");
        }
        let told = "{ viewer { notifications { nodes { event } } } }";
        let all = vec![json!({ "event": "uploadDocumentManifest" }); usize::try_from(count).unwrap()];
        assert_eq!(app.run(&other, told, json!({})).await["viewer"]["notifications"]["nodes"], json!(all));
        assert_eq!(app.run(&one, told, json!({})).await["viewer"]["notifications"]["nodes"], json!([]));
    }
}

on_both_engines!(
    a_replay_tells_no_secret_to_who_lost_the_power,
    a_replay_of_access_is_for_administrators,
    another_command_under_a_parked_key_is_a_conflict,
    a_manifest_is_on_record_and_keeps_within_the_bounds,
);
