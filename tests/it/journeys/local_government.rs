//! Municipalities: they give services themselves, and hear of nobody who was not referred to them.

use crate::delivery::{anew, days};
use crate::referral_figures::STUCK;
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::verbs::{Referred, Story, done, text};
use crate::support::world::{World, add_member, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

async fn a_municipality_publishes_its_services_and_answers_referrals_to_them(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let clerk = add_member(&app, world.municipality, "INTAKE").await;
    let publication = json!({ "name": "Papers", "language": "fr", "visibility": "PUBLIC", "takesReferrals": true,
                              "categoryCode": "ECO.IND.TVET", "servedAreaIds": [gid(Kind::Area, world.district)] });
    let made = done(&app, &world.editor, "publishService", publication, "service { id }").await;
    let story = Story::open_by(&app, &world, &world.case_manager, world.municipality).await;
    let mut input = story.referral(world.service);
    input["serviceId"] = made["service"]["id"].clone();
    let made = done(&app, &world.case_manager, "createReferral", input, "referral { id }").await;
    let sent = Referred { id: text(&made["referral"]["id"]), version: 2 };
    let accepted = sent.act(&app, &clerk, "acceptReferral", json!({})).await;
    assert_eq!(accepted.seen_by(&app, &world.case_manager, "status").await["status"], "ACCEPTED");
}

async fn a_municipality_sees_the_services_of_its_area_by_dimension_and_never_a_name(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = Story::open(&app, &world).await.refer(&app, &world).await;
    let map = "query($area: ID!, $dimension: [Dimension!]) {
               services(filter: {areaId: $area, dimension: $dimension}) { totalCount }
               referrals { totalCount } cases { totalCount } }";
    for (dimension, services) in [("ECONOMIC", 1), ("PSYCHOSOCIAL", 0)] {
        let asked = json!({ "area": gid(Kind::Area, world.district), "dimension": [dimension] });
        let seen = app.run(&world.editor, map, asked).await;
        assert_eq!(seen["services"]["totalCount"], services, "{dimension}");
        assert_eq!((&seen["referrals"]["totalCount"], &seen["cases"]["totalCount"]), (&json!(0), &json!(0)));
    }
    assert_eq!(sent.seen_by(&app, &world.editor, "id").await, Value::Null);
}

async fn a_municipality_brings_an_anonymous_stuck_case_list_to_the_local_forum(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for _ in 0..11 {
        stage.sent().await;
    }
    let asked = json!({ "area": gid(Kind::Area, world.district) });
    let seen = app.run(&world.editor, STUCK, asked.clone()).await;
    assert_eq!(seen["stuckReferrals"]["groups"], json!([]), "nothing is late yet");
    days(&app, 20);
    let seen = app.run(&anew(&app, &world.editor), STUCK, asked).await;
    let group = &seen["stuckReferrals"]["groups"][0];
    let what = (&group["categoryCode"], &group["status"], &group["stuckFor"], &group["referrals"]);
    assert_eq!(what, (&json!("ECO.IND.TVET"), &json!("SENT"), &json!("UNDER_MONTH"), &json!(11)));
}

on_both_engines!(
    a_municipality_brings_an_anonymous_stuck_case_list_to_the_local_forum,
    a_municipality_publishes_its_services_and_answers_referrals_to_them,
    a_municipality_sees_the_services_of_its_area_by_dimension_and_never_a_name,
);
