//! One open referral for a need and a service, and a new attempt only after the last one has ended.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::{Stage, answer, code};
use crate::support::verbs::{Story, done, rule, text};
use crate::support::world::World;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio::sync::Barrier;

async fn of_many_at_once_one_is_begun(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let barrier = Barrier::new(12);
    let asked = (0..12).map(async |at| {
        let mut input = story.referral(world.service);
        input["send"] = json!(at % 2 == 0);
        barrier.wait().await;
        code(&answer(&app, &world.case_manager, "createReferral", input).await, "createReferral")
    });
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for code in join_all(asked).await {
        *codes.entry(code).or_default() += 1;
    }
    assert_eq!(codes, BTreeMap::from([("ok".to_owned(), 1), ("DUPLICATE_REFERRAL".to_owned(), 11)]));
    assert_eq!(app.count("referral").await, 1);
}

async fn an_ended_referral_is_followed_by_another(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    let (story, first) = stage.sent().await;
    let next = |previous: &str| {
        let mut input = story.referral(stage.service);
        input["previousId"] = json!(previous);
        input
    };
    assert_eq!(rule(&app, manager, "createReferral", next(&first.id)).await, "WRONG_STATE", "it is still open");
    first.act(&app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    let select = "referral { id attempt previousId }";
    let second = done(&app, manager, "createReferral", next(&first.id), select).await["referral"].clone();
    assert_eq!((&second["attempt"], &second["previousId"]), (&json!(2), &json!(first.id)));
    let seen = app
        .run(
            &world.intake,
            "query($id: ID!) { referral(by: {id: $id}) { attempt previousId } }",
            json!({ "id": second["id"] }),
        )
        .await;
    assert_eq!(seen["referral"]["previousId"], json!(null), "the receiver does not see the chain");
    let roots = app.app.store.rows("SELECT DISTINCT root_id FROM referral", vec![]).await.unwrap();
    assert_eq!(roots.len(), 1, "one chain");
}

/// What is announced of a new attempt is what `createReferral` does.
#[tokio::test]
async fn a_new_attempt_is_announced_to_whom_may_make_it() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for (name, who) in world.everybody().into_iter().filter(|(_, who)| who.token.is_some()) {
        let (story, sent) = stage.sent().await;
        let ended = sent.act(&app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
        let seen = ended.seen_by(&app, &who, "availableActions { mutation isAvailable }").await;
        let actions = seen["availableActions"].as_array().map(Vec::as_slice).unwrap_or_default();
        let create = actions.iter().find(|action| action["mutation"] == "createReferral");
        let announced = create.is_some_and(|action| action["isAvailable"] == Value::Bool(true));
        let mut input = story.referral(stage.service);
        input["previousId"] = json!(ended.id);
        let got = code(&answer(&app, &who, "createReferral", input).await, "createReferral");
        assert_eq!(announced, got == "ok", "{name}: announced {announced}, got {got}");
    }
}

/// A referral without a covering consent, or to a service that is not confirmed, is not sent and leaves nothing.
async fn what_may_not_be_sent_leaves_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    let other = Story::open_by(&app, &world, manager, world.municipality).await;
    assert_eq!(rule(&app, manager, "createReferral", other.referral(stage.service)).await, "CONSENT_MISSING");
    let story = stage.story().await;
    let mut unasked = story.referral(stage.service);
    unasked["personInformed"] = json!(false);
    assert_eq!(rule(&app, manager, "createReferral", unasked).await, "INCOMPLETE");
    let (_, draft) = stage.draft().await;
    app.clock.advance(jiff::SignedDuration::from_hours(24 * 365));
    let fresh = crate::support::app::Persona {
        token: Some(app.token(manager.id, manager.organization, passerelle::token::Kind::Member, 0, 0)),
        ..manager.clone()
    };
    let late = draft.input(json!({ "personInformed": true }));
    assert_eq!(rule(&app, &fresh, "sendReferral", late).await, "SERVICE_STALE");
    assert_eq!(text(&draft.seen_by(&app, &fresh, "status").await["status"]), "DRAFT");
    assert_eq!((app.count("referral").await, app.count("access_grant").await), (1, 0));
}

on_both_engines!(
    of_many_at_once_one_is_begun,
    an_ended_referral_is_followed_by_another,
    what_may_not_be_sent_leaves_nothing,
);
