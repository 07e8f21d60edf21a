//! What hinders or ends the handing over of a case, and what is done to the case at the same moment.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::transfer::{answering, proposing};
use crate::support::situations::{Stage, answer, code};
use crate::support::verbs::{done, rule, tried};
use crate::support::world::World;
use futures_util::future::join;
use serde_json::json;
use tokio::sync::Barrier;

async fn who_somebody_is_moves_under_an_agreement_that_allows_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let story = stage.transferable().await;
    let person = json!({ "caseId": story.case, "expectedVersion": 4, "givenName": "CANARY-GIVEN" });
    let set = tried(&app, &world.case_manager, "setPerson", person, "").await;
    assert_eq!(set["userErrors"], json!([]));
    let refused = tried(&app, &world.case_manager, "proposeCaseTransfer", proposing(&stage, &story), "").await;
    let error = &refused["userErrors"][0];
    assert_eq!((&error["code"], &error["field"]), (&json!("AGREEMENT_MISSING"), &json!(["receiverId"])));
    let ministry = world.official.organization;
    let mut agreement = stage.agreement(ministry);
    agreement["dataAllowed"] = json!(["GIVEN_NAME"]);
    let made = done(&app, &world.partner_supervisor, "registerAgreement", agreement, "agreement { id }").await;
    let which = json!({ "agreementId": made["agreement"]["id"], "expectedVersion": 1 });
    let theirs = crate::support::world::add_member(&app, ministry, "SUPERVISOR").await;
    done(&app, &theirs, "confirmAgreement", which, "").await;
    done(&app, &world.case_manager, "proposeCaseTransfer", proposing(&stage, &story), "").await;
}

async fn a_proposal_ends_with_its_case(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, id) = stage.proposed().await;
    let close = json!({ "caseId": story.case, "expectedVersion": 4, "reason": "GOALS_MET" });
    done(&app, &world.case_manager, "closeCase", close, "").await;
    let one = "query($id: ID!) { node(id: $id) { ... on CaseTransfer { status endedAt } } }";
    let seen = app.run(&world.official, one, json!({ "id": id })).await;
    assert_eq!(seen["node"]["status"], "WITHDRAWN");
    let late = json!({ "transferId": id, "expectedVersion": 2 });
    assert_eq!(rule(&app, &world.official, "acceptCaseTransfer", late).await, "NOT_NOW");
    let told = "{ viewer { notifications { nodes { event subjectId mustAct } } } }";
    let told = app.run(&world.official, told, json!({})).await["viewer"]["notifications"]["nodes"].clone();
    let expected = json!({ "event": "withdrawCaseTransfer", "subjectId": id, "mustAct": false });
    assert!(told.as_array().unwrap().contains(&expected), "{told}");
    let to_do = "{ viewer { notifications(filter: { mustAct: true }) { totalCount } } }";
    assert_eq!(app.run(&world.official, to_do, json!({})).await["viewer"]["notifications"]["totalCount"], 0);
}

async fn nobody_refers_from_a_case_that_changes_hands(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for round in 0..12 {
        let (story, id) = stage.proposed().await;
        let barrier = Barrier::new(2);
        let go = async |who, name, input| {
            barrier.wait().await;
            code(&answer(&app, who, name, input).await, name)
        };
        let (accepted, begun) = join(
            go(&world.official, "acceptCaseTransfer", answering(&id, json!({}))),
            go(&world.case_manager, "createReferral", story.draft(stage.service)),
        )
        .await;
        assert_eq!(accepted, "ok", "round {round}");
        assert!(["ok", "NOT_FOUND"].contains(&begun.as_str()), "round {round}: {begun}");
        let strays = "referral r JOIN case_file c ON c.id = r.case_id \
                      WHERE r.sender_organization_id <> c.holder_organization_id AND r.parent_id IS NULL";
        assert_eq!(app.count(strays).await, 0, "round {round}: {begun}");
    }
}

on_both_engines!(
    who_somebody_is_moves_under_an_agreement_that_allows_it,
    a_proposal_ends_with_its_case,
    nobody_refers_from_a_case_that_changes_hands,
);
