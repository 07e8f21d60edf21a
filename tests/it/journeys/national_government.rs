//! Ministries: the whole country's services, and nobody's case.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

async fn a_ministry_sees_services_and_capacity_of_the_country_and_no_referral(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (story, accepted) = Stage::set(&app, &world).await.accepted().await;
    let view = "query($area: ID!) { services(filter: {areaId: $area}) { nodes { capacities { total free } } }
                referrals { totalCount } }";
    let seen = app.run(&world.official, view, json!({ "area": gid(Kind::Area, world.country) })).await;
    let services = seen["services"]["nodes"].as_array().unwrap();
    assert!(services.iter().any(|service| service["capacities"][0] == json!({ "total": 10, "free": 10 })), "{seen}");
    assert_eq!(seen["referrals"]["totalCount"], 0);
    assert_eq!(accepted.seen_by(&app, &world.official, "id").await, Value::Null);
    let facts = "query($id: ID!) { case(by: {id: $id}) { returnFacts { hostLegalSituation } } }";
    let seen = app.run(&world.official, facts, json!({ "id": story.case })).await;
    assert_eq!(seen["case"], Value::Null, "how somebody was judged abroad is not for those at home");
}

on_both_engines!(a_ministry_sees_services_and_capacity_of_the_country_and_no_referral);
