//! Writing on a bad line: batches with a result for each row, and envelopes of what was queued without a line.

use crate::support::app::{Persona, TestApp};
use crate::support::clocked::still;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::waiting;
use crate::support::situations::Stage;
use crate::support::verbs::{Referred, done, key, rule, text};
use crate::support::world::{World, gid};
use jiff::SignedDuration;
use passerelle::domain::global_id::Kind;
use passerelle::http::DoorSettings;
use passerelle::usecase::envelope::expire_parked;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

const ROWS: &str = "results { row outcome referral { id status } userErrors { code field } }";
const RESULTS: &str = "results { position mutation outcome isRepeat explanation madeAt landedAt parkedCommandId \
    referral { id status version } meanwhile { kind organization { name } actingRole toStatus } userErrors { code } }";

fn keyed(mut input: Value) -> Value {
    input["idempotencyKey"] = json!(key());
    input
}

fn command(mutation: &str, input: Value) -> Value {
    json!({ "madeAt": "2026-11-20T08:00:00Z", "command": { mutation: keyed(input) } })
}

async fn submit(app: &TestApp, who: &Persona, commands: &[Value]) -> Vec<Value> {
    let input = json!({ "deviceId": "tablet-7", "commands": commands });
    let landed = done(app, who, "submitEnvelope", input, RESULTS).await;
    landed["results"].as_array().unwrap().clone()
}

fn outcomes(results: &[Value]) -> Vec<String> {
    results.iter().map(|result| text(&result["outcome"])).collect()
}

async fn a_row_that_fails_undoes_no_other(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (one, two) = (stage.story().await, stage.story().await);
    let mut wrong = keyed(two.draft(stage.service));
    wrong["goalIds"] = json!([one.goals[0]]);
    let rows = json!({ "rows": [keyed(one.draft(stage.service)), wrong, keyed(two.draft(stage.service))] });
    let made = done(&app, &world.case_manager, "createReferrals", rows.clone(), ROWS).await;
    let told: Vec<_> = made["results"].as_array().unwrap().iter().map(|row| text(&row["outcome"])).collect();
    assert_eq!(told, ["DONE", "REFUSED", "DONE"]);
    assert_eq!(made["results"][1]["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["goalIds", "0"] }]));
    assert_eq!(app.count("referral").await, 2);
    // The same rows in another batch: what was done is not done again.
    let again = done(&app, &world.case_manager, "createReferrals", rows, ROWS).await;
    let told: Vec<_> = again["results"].as_array().unwrap().iter().map(|row| text(&row["outcome"])).collect();
    assert_eq!(told, ["REPEATED", "REFUSED", "REPEATED"]);
    assert_eq!(again["results"][0]["referral"], made["results"][0]["referral"]);
    assert_eq!(app.count("referral").await, 2);
    for (rows, code) in [(vec![], "REQUIRED"), (vec![keyed(one.draft(stage.service)); 51], "TOO_LONG")] {
        assert_eq!(rule(&app, &world.case_manager, "createReferrals", json!({ "rows": rows })).await, code);
    }
}

async fn what_only_says_what_happened_is_done_on_what_stands_now(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    // A device decides three steps in a row and has seen one version.
    let commands = [
        command("acknowledgeReferral", sent.input(json!({}))),
        command("acceptReferral", sent.input(json!({}))),
        command("startReferralService", sent.input(json!({ "firstContactOn": "2026-11-25" }))),
    ];
    let landed = submit(&app, &world.provider_supervisor, &commands).await;
    assert_eq!(outcomes(&landed), ["APPLIED"; 3], "{landed:?}");
    assert_eq!(landed[2]["referral"]["status"], json!("IN_SERVICE"));
    assert_eq!(landed[0]["madeAt"], json!("2026-11-20T08:00:00Z"));
    assert_eq!(landed[0]["landedAt"], json!("2026-11-25T09:00:00Z"), "the server's clock is another");
    assert!(landed.iter().all(|each| each["isRepeat"] == json!(false)));
    let again = submit(&app, &world.provider_supervisor, &commands).await;
    assert!(again.iter().all(|each| each["isRepeat"] == json!(true) && each["outcome"] == json!("APPLIED")));
    assert_eq!(app.count("event").await, 3);
}

async fn what_somebody_else_settled_is_superseded_and_told(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    sent.act(&app, &world.provider_supervisor, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    let landed = submit(&app, &world.intake, &[command("acceptReferral", sent.input(json!({})))]).await;
    assert_eq!(outcomes(&landed), ["SUPERSEDED"]);
    assert_eq!(landed[0]["meanwhile"][0]["kind"], json!("declineReferral"));
    assert_eq!(landed[0]["meanwhile"][0]["toStatus"], json!("DECLINED"));
    assert!(text(&landed[0]["explanation"]).starts_with("Somebody acted first"));
    assert_eq!(landed[0]["referral"]["status"], json!("DECLINED"));
    // Whoever may not see it learns nothing of what happened.
    let landed = submit(&app, &world.outsider, &[command("acceptReferral", sent.input(json!({})))]).await;
    assert_eq!((outcomes(&landed), &landed[0]["meanwhile"]), (vec!["REFUSED".to_owned()], &json!([])));
    assert_eq!(landed[0]["userErrors"][0]["code"], json!("NOT_FOUND"));
}

/// A decision on something that has changed waits for its author or a supervisor, once, sealed, and is done under the rights
/// of whoever resolves it.
async fn what_was_decided_on_something_else_waits_for_a_person(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 2).await;
    let mut parked = Vec::new();
    for each in &sent {
        each.act(&app, &world.provider_supervisor, "acknowledgeReferral", json!({})).await;
        let decline = each.input(json!({ "reason": "OTHER", "note": "CANARY-NOTE too far away" }));
        let queued = [command("declineReferral", decline)];
        let landed = submit(&app, &world.intake, &queued).await;
        assert_eq!(outcomes(&landed), ["PARKED"], "{landed:?}");
        assert_eq!(landed[0]["meanwhile"][0]["kind"], json!("acknowledgeReferral"));
        let again = submit(&app, &world.intake, &queued).await;
        assert_eq!(
            (&again[0]["parkedCommandId"], &again[0]["isRepeat"]),
            (&landed[0]["parkedCommandId"], &json!(true))
        );
        parked.push(text(&landed[0]["parkedCommandId"]));
    }
    assert_eq!(app.count("parked_command").await, 2);
    let stored = app.app.store.rows("SELECT command_sealed FROM parked_command", vec![]).await.unwrap();
    assert!(stored.iter().all(|row| !row.try_get::<String>("", "command_sealed").unwrap().contains("CANARY")));
    let list =
        "{ parkedCommands(filter: { status: [WAITING] }) { totalCount nodes { parkedCommandId inputText because } } }";
    for (who, seen) in [
        (&world.intake, 2),
        (&world.provider_supervisor, 2),
        (&world.worker, 0),
        (&world.case_manager, 0),
        (&world.outsider, 0),
        (&world.coordinator, 0),
    ] {
        let found = app.run(who, list, json!({})).await;
        assert_eq!(found["parkedCommands"]["totalCount"], json!(seen));
        if seen > 0 {
            let first = &found["parkedCommands"]["nodes"][0];
            assert!(text(&first["inputText"]).contains("CANARY-NOTE") && first["because"] == json!("STALE_VERSION"));
        }
    }
    assert_eq!(app.refused(&Persona::public(), list, json!({})).await, "UNAUTHENTICATED");
    let which = |at: usize| json!({ "parkedCommandId": parked[at], "expectedVersion": 1 });
    for who in [&world.worker, &world.case_manager, &world.outsider] {
        assert_eq!(rule(&app, who, "resolveParkedCommand", which(0)).await, "NOT_FOUND");
    }
    let resolve = keyed(which(0));
    let select = "parkedCommand { status version inputText }";
    let resolved = done(&app, &world.provider_supervisor, "resolveParkedCommand", resolve.clone(), select).await;
    assert_eq!(resolved["parkedCommand"], json!({ "status": "RESOLVED", "version": 2, "inputText": null }));
    assert_eq!(done(&app, &world.provider_supervisor, "resolveParkedCommand", resolve, select).await, resolved);
    assert_eq!(sent[0].seen_by(&app, &world.intake, "status").await["status"], json!("DECLINED"));
    done(&app, &world.intake, "discardParkedCommand", which(1), select).await;
    assert_eq!(sent[1].seen_by(&app, &world.intake, "status").await["status"], json!("ACKNOWLEDGED"));
    let late = json!({ "parkedCommandId": parked[1], "expectedVersion": 2 });
    assert_eq!(rule(&app, &world.intake, "resolveParkedCommand", late).await, "NOT_NOW");
    let text = "SELECT count(*) AS total FROM parked_command WHERE command_sealed <> ''";
    assert_eq!(app.app.store.rows(text, vec![]).await.unwrap()[0].try_get::<i64>("", "total").unwrap(), 0);
}

/// Five hundred commands of a field office, sent twice, shuffled, after 29 days: once each, and each conflict is typed.
async fn five_hundred_queued_commands_land_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let sent: Vec<Referred> = waiting(&app, &world, stage.service, 250).await;
    // Each is acknowledged and accepted on the device.
    let mut queued: Vec<Value> = Vec::new();
    for each in &sent {
        queued.push(command("acknowledgeReferral", each.input(json!({}))));
        queued.push(command("acceptReferral", each.input(json!({}))));
    }
    // Meanwhile a colleague with a line declines ten and acknowledges ten.
    for each in &sent[..10] {
        each.act(&app, &world.provider_supervisor, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    }
    for each in &sent[10..20] {
        each.act(&app, &world.provider_supervisor, "acknowledgeReferral", json!({})).await;
    }
    app.clock.advance(SignedDuration::from_hours(24 * 29));
    let intake = still(&app, &world.intake);
    let mut last: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (round, seed) in [(1, 7_u64), (2, 11)] {
        let _ = writeln!(std::io::stderr(), "round {round}, seed {seed}");
        shuffle(&mut queued, seed);
        for envelope in queued.chunks(20) {
            for (command, landed) in envelope.iter().zip(submit(&app, &intake, envelope).await) {
                let name = text(&landed["mutation"]);
                let key = text(&command["command"][&name]["idempotencyKey"]);
                last.insert(key, (name, text(&landed["outcome"])));
            }
        }
    }
    let mut told: BTreeMap<(String, String), usize> = BTreeMap::new();
    for outcome in last.into_values() {
        *told.entry(outcome).or_default() += 1;
    }
    let rows =
        app.app.store.rows("SELECT status, count(*) AS total FROM referral GROUP BY status", vec![]).await.unwrap();
    let stored: BTreeMap<String, i64> =
        rows.iter().map(|row| (row.try_get("", "status").unwrap(), row.try_get("", "total").unwrap())).collect();
    assert_eq!(stored["ACCEPTED"], 230, "{told:?}");
    assert_eq!((stored["DECLINED"], stored["ACKNOWLEDGED"]), (10, 10));
    let count = |name: &str, outcome: &str| told.get(&(name.to_owned(), outcome.to_owned())).copied().unwrap_or(0);
    assert_eq!(count("acceptReferral", "APPLIED"), 230, "{told:?}");
    assert_eq!((count("acceptReferral", "SUPERSEDED"), count("acceptReferral", "PARKED")), (10, 10), "{told:?}");
    let events = "SELECT count(*) AS total FROM event WHERE kind = 'acceptReferral'";
    assert_eq!(app.app.store.rows(events, vec![]).await.unwrap()[0].try_get::<i64>("", "total").unwrap(), 230);
    assert_eq!(app.count("parked_command").await, 10);
}

/// Where the server is slow, commands are begun as long as there is time, and the rest is told to come again.
async fn what_there_is_no_time_for_is_told_to_come_again(engine: Engine) {
    let app = TestApp::behind(engine, DoorSettings { begin_limit: Duration::ZERO, ..DoorSettings::default() }).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 3).await;
    let nowhere = json!({ "referralId": gid(Kind::Referral, uuid::Uuid::now_v7()), "expectedVersion": 1 });
    let mut commands: Vec<Value> =
        sent.iter().map(|each| command("acknowledgeReferral", each.input(json!({})))).collect();
    commands.insert(0, command("acknowledgeReferral", nowhere));
    let same = keyed(json!({ "deviceId": "tablet-7", "commands": commands }));
    let expected = [
        ["REFUSED", "APPLIED", "POSTPONED", "POSTPONED"],
        ["REFUSED", "APPLIED", "APPLIED", "POSTPONED"],
        ["REFUSED", "APPLIED", "APPLIED", "APPLIED"],
    ];
    for (round, expected) in expected.into_iter().enumerate() {
        let landed = done(&app, &world.intake, "submitEnvelope", same.clone(), RESULTS).await;
        let landed = landed["results"].as_array().unwrap();
        assert_eq!(outcomes(landed), expected, "{landed:?}");
        if round == 0 {
            let rest = &landed[2];
            assert_eq!((&rest["referral"], &rest["userErrors"]), (&json!(null), &json!([])), "it was not looked at");
            assert!(text(&rest["explanation"]).contains("send it again with the same key"), "{rest}");
            assert_eq!(app.count("idempotency WHERE mutation = 'submitEnvelope'").await, 0, "the envelope is not done");
        }
    }
    assert_eq!(app.count("event WHERE kind = 'acknowledgeReferral'").await, 3);
    assert_eq!(app.count("idempotency WHERE mutation = 'submitEnvelope'").await, 1);
    let stage = Stage::set(&app, &world).await;
    let mut rows = Vec::new();
    for _ in 0..3 {
        rows.push(keyed(stage.story().await.draft(stage.service)));
    }
    let rows = keyed(json!({ "rows": rows }));
    for expected in [["DONE", "POSTPONED", "POSTPONED"], ["REPEATED", "DONE", "POSTPONED"]] {
        let made = done(&app, &world.case_manager, "createReferrals", rows.clone(), ROWS).await;
        assert_eq!(outcomes(made["results"].as_array().unwrap()), expected);
    }
}

/// Nobody decides for thirty days: nothing is done, what it held is forgotten, and its author is told.
async fn a_parked_command_waits_for_thirty_days(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    sent.act(&app, &world.provider_supervisor, "acknowledgeReferral", json!({})).await;
    let decline = sent.input(json!({ "reason": "OTHER", "note": "CANARY-NOTE too far away" }));
    let queued = [command("declineReferral", decline)];
    let landed = submit(&app, &world.intake, &queued).await;
    let id = text(&landed[0]["parkedCommandId"]);
    let told = async |who: &Persona| {
        let list = "{ viewer { notifications { nodes { event subjectId } } } }";
        let seen = app.run(&still(&app, who), list, json!({})).await;
        let all = seen["viewer"]["notifications"]["nodes"].as_array().unwrap().clone();
        all.iter().filter(|it| it["event"] == "PARKED_COMMAND_EXPIRED" && it["subjectId"] == id.as_str()).count()
    };
    app.clock.advance(SignedDuration::from_hours(24 * 30) - SignedDuration::from_secs(1));
    assert_eq!(expire_parked(&app.app).await.unwrap(), 0, "not a second early");
    app.wait(1);
    assert_eq!(expire_parked(&app.app).await.unwrap(), 1);
    assert_eq!(expire_parked(&app.app).await.unwrap(), 0, "each once");
    let intake = still(&app, &world.intake);
    let list = "{ parkedCommands { nodes { status version inputText settledAt } } }";
    let found = app.run(&intake, list, json!({})).await["parkedCommands"]["nodes"][0].clone();
    assert_eq!(
        (&found["status"], &found["version"], &found["inputText"]),
        (&json!("EXPIRED"), &json!(2), &json!(null))
    );
    assert!(found["settledAt"].is_string());
    assert_eq!(app.count("parked_command WHERE command_sealed <> ''").await, 0, "what it held is forgotten");
    assert_eq!(
        (told(&world.intake).await, told(&world.provider_supervisor).await),
        (1, 1),
        "the author and their supervisor"
    );
    for who in [&world.worker, &world.outsider, &world.case_manager] {
        assert_eq!(told(who).await, 0);
    }
    let late = json!({ "parkedCommandId": id, "expectedVersion": 2 });
    assert_eq!(rule(&app, &intake, "resolveParkedCommand", late).await, "NOT_NOW");
    assert_eq!(outcomes(&submit(&app, &intake, &queued).await), ["SUPERSEDED"], "the same again is not parked again");
}

/// Shuffles by a seed, the same each time.
fn shuffle(commands: &mut [Value], mut seed: u64) {
    for at in (1..commands.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        commands.swap(at, usize::try_from(seed >> 33).unwrap() % (at + 1));
    }
}

on_both_engines!(
    a_row_that_fails_undoes_no_other,
    what_only_says_what_happened_is_done_on_what_stands_now,
    what_somebody_else_settled_is_superseded_and_told,
    what_was_decided_on_something_else_waits_for_a_person,
    five_hundred_queued_commands_land_once,
    what_there_is_no_time_for_is_told_to_come_again,
    a_parked_command_waits_for_thirty_days,
);
