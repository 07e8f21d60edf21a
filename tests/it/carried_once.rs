//! A case is carried on to its next stage once, however many carry it on at the same moment.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::world::World;
use serde_json::json;

/// Of two acceptances of one case at the same moment, one carries the case on.
async fn a_case_is_carried_on_once_by_two_at_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for round in 0..8 {
        let (story, first) = stage.sent().await;
        let other = crate::support::world::add_service(&app, world.provider, world.district, None).await;
        let second = story.refer_to(&app, &world.case_manager, other).await;
        let accept = |referral: crate::support::verbs::Referred| {
            let (app, world) = (&app, &world);
            async move { referral.act(app, &world.intake, "acceptReferral", json!({})).await }
        };
        futures_util::future::join(accept(first), accept(second)).await;
        let case = passerelle::domain::global_id::decode(&story.case).unwrap().1;
        let text = "SELECT count(*) AS total FROM case_stage_change WHERE case_id = $1 AND to_stage = 'IN_PROGRESS'";
        let rows = app.app.store.rows(text, vec![case.into()]).await.unwrap();
        assert_eq!(rows[0].try_get::<i64>("", "total").unwrap(), 1, "round {round}");
    }
}

on_both_engines!(a_case_is_carried_on_once_by_two_at_once);
