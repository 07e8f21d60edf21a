//! How far each party sees: the receiver through its window and no further, nobody through a closed one, governments
//! not how somebody returned, the coordinator how things stand and not what they say.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::{Stage, report};
use crate::support::verbs::{Referred, Story, done, text};
use crate::support::world::{World, add_member, add_service, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const ALL: &str = "id status background note clientReference needId consentId previousId caseIdentifier reason
    person { ageBand sex language contactThroughSender } goals { text note }
    case { id identifier ageBand sex language isHeld needs { id } consents { id } aliases { value } closeReason
      returnFacts { voluntariness } referrals { totalCount nodes { id } } timeline { totalCount nodes { subjectId kind } } }";

/// Everything in the story that only its holder may read.
const HOLDERS_OWN: [&str; 4] = ["CANARY-ALIAS", "CANARY-OTHER", "VOLUNTARY", "ASYLUM_REFUSED"];

/// The partner's case, referred to the provider and to the municipality, with an alias and another need.
async fn two_receivers(app: &TestApp, world: &World) -> (Story, Referred, Referred) {
    let story = Story::open(app, world).await;
    let who = &world.case_manager;
    let number = json!({ "caseId": story.case, "scheme": "dossier", "value": "CANARY-ALIAS" });
    done(app, who, "addCaseAlias", number, "").await;
    let consent = json!({
        "caseId": story.case, "expectedVersion": 3, "receiverId": gid(Kind::Organization, world.municipality),
        "fields": ["CASE_IDENTIFIER", "NEED", "GOALS", "URGENCY"], "method": "VERBAL", "language": "fr",
        "noticeVersion": "2026-1", "givenOn": "2026-11-25",
    });
    done(app, who, "recordConsent", consent, "").await;
    let need = json!({
        "caseId": story.case, "expectedVersion": 4, "categoryCode": "ECO.IND.TVET", "dimension": "ECONOMIC",
        "level": "INDIVIDUAL", "urgency": "URGENT", "delivery": "DIRECT", "goals": ["CANARY-OTHER a doctor"],
    });
    done(app, who, "addNeed", need, "").await;
    let other = add_service(app, world.municipality, world.district, None).await;
    let theirs = story.refer(app, world).await;
    let others = story.refer_to(app, who, other).await;
    (story, theirs, others)
}

async fn a_receiver_sees_its_own_referral_and_no_more(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (story, theirs, others) = two_receivers(&app, &world).await;
    let seen = theirs.seen_by(&app, &world.intake, ALL).await;
    let case = &seen["case"];
    assert_eq!(case["id"], json!(story.case));
    assert_eq!(case["isHeld"], json!(false));
    for empty in ["needs", "consents", "aliases"] {
        assert_eq!(case[empty], json!([]), "{empty}");
    }
    assert_eq!(case["referrals"], json!({ "totalCount": 1, "nodes": [{ "id": theirs.id }] }));
    let timeline = case["timeline"]["nodes"].as_array().unwrap();
    assert!(
        !timeline.is_empty() && timeline.iter().all(|event| text(&event["subjectId"]) == theirs.id),
        "{timeline:?}"
    );
    for own in ["needId", "consentId", "clientReference", "previousId"] {
        assert_eq!(seen[own], json!(null), "{own} is the sender's");
    }
    for hidden in HOLDERS_OWN {
        assert!(!seen.to_string().contains(hidden), "{hidden} in {seen}");
    }
    assert_eq!(others.seen_by(&app, &world.intake, ALL).await, json!(null), "another receiver's");
}

/// Whatever else the holder does is not to be noticed through the window.
async fn the_holders_other_work_does_not_show(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let sent = story.refer(&app, &world).await;
    let select = "version updatedAt case { id version status identifier ageBand openedAt updatedAt
        needs { id } consents { id } aliases { id } referrals { totalCount } timeline { totalCount } }";
    sent.seen_by(&app, &world.intake, select).await;
    let before = sent.seen_by(&app, &world.intake, select).await;
    app.clock.advance(jiff::SignedDuration::from_hours(1));
    let need = json!({
        "caseId": story.case, "expectedVersion": 3, "categoryCode": "ECO.IND.TVET", "dimension": "ECONOMIC",
        "level": "INDIVIDUAL", "urgency": "URGENT", "delivery": "DIRECT", "goals": ["CANARY-OTHER a doctor"],
    });
    done(&app, &world.case_manager, "addNeed", need, "").await;
    assert_eq!(sent.seen_by(&app, &world.intake, select).await, before);
}

/// What is left for a receiver once its referral has ended.
async fn a_closed_window_shows_nothing_of_the_case(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (manager, intake) = (&world.case_manager, &world.intake);
    let decline = json!({ "reason": "OTHER", "note": "the receiver's own words" });
    let withdraw = json!({ "reason": "OTHER", "note": "CANARY-WITHDRAWN the sender's words" });
    let (story, sent) = stage.sent().await;
    let declined = sent.act(&app, intake, "declineReferral", decline).await;
    closed(&app, &world, &story, &declined, json!("the receiver's own words")).await;
    let (story, sent) = stage.sent().await;
    let withdrawn = sent.act(&app, manager, "withdrawReferral", withdraw).await;
    closed(&app, &world, &story, &withdrawn, json!(null)).await;
    let (story, accepted) = stage.accepted().await;
    let completed = accepted.act(&app, &world.worker, "completeReferral", report(&story)).await;
    let seen = closed(&app, &world, &story, &completed, json!(null)).await;
    assert_eq!(seen["goals"][0]["note"], json!("CANARY-NOTE has a workshop"), "its own outcome stays");
}

async fn closed(app: &TestApp, world: &World, story: &Story, ended: &Referred, note: Value) -> Value {
    let seen = ended.seen_by(app, &world.intake, ALL).await;
    for gone in ["background", "caseIdentifier", "person", "case"] {
        assert_eq!(seen[gone], json!(null), "{gone} after {}", seen["status"]);
    }
    assert_eq!(seen["goals"][0]["text"], json!(null));
    assert_eq!(seen["note"], note, "of what was said, only its own words stay, after {}", seen["status"]);
    for by in [json!({ "id": story.case }), json!({ "identifier": story.identifier })] {
        let query = "query($by: CaseBy!) { case(by: $by) { id } }";
        let found = app.run(&world.intake, query, json!({ "by": by })).await;
        assert_eq!(found["case"], json!(null), "by {by}");
    }
    seen
}

async fn no_government_learns_how_somebody_returned(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let mayor = add_member(&app, world.municipality, "SUPERVISOR").await;
    let query =
        "query($id: ID!) { case(by: {id: $id}) { isHeld returnFacts { voluntariness hostLegalSituation returnType } }
        cases { nodes { returnFacts { voluntariness } } } }";
    for who in [&world.official, &mayor] {
        let story = Story::open_by(&app, &world, who, world.provider).await;
        let seen = app.run(who, query, json!({ "id": story.case })).await;
        assert_eq!(seen["case"], json!({ "isHeld": true, "returnFacts": null }));
        assert_eq!(seen["cases"]["nodes"], json!([{ "returnFacts": null }]));
    }
    let story = Story::open(&app, &world).await;
    let seen = app.run(&world.case_manager, query, json!({ "id": story.case })).await;
    let facts = json!({ "voluntariness": "VOLUNTARY", "hostLegalSituation": "ASYLUM_REFUSED", "returnType": "AVRR" });
    assert_eq!(seen["case"]["returnFacts"], facts, "a partner that holds the case does");
}

async fn the_coordinator_sees_how_things_stand(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let sent = story.refer(&app, &world).await;
    coordinated(&app, &world, &sent).await;
    // Also where the coordinator's own organization is the receiver: the role does not carry the receiver's part.
    let service = add_service(&app, world.lead, world.district, None).await;
    let story = Story::open_by(&app, &world, &world.case_manager, world.lead).await;
    let sent = story.refer_to(&app, &world.case_manager, service).await;
    coordinated(&app, &world, &sent).await;
}

async fn coordinated(app: &TestApp, world: &World, sent: &Referred) {
    let seen = sent.seen_by(app, &world.coordinator, ALL).await;
    assert_eq!(seen["status"], json!("SENT"));
    for hidden in ["background", "note", "caseIdentifier", "person", "case", "needId", "consentId", "clientReference"] {
        assert_eq!(seen[hidden], json!(null), "{hidden}");
    }
    assert_eq!(seen["goals"][0]["text"], json!(null));
    assert!(!seen.to_string().contains("CANARY"), "{seen}");
    let list = app.run(&world.coordinator, "{ cases { totalCount } }", json!({})).await;
    assert_eq!(list["cases"]["totalCount"], json!(0));
}

/// A role that is limited to another program opens nothing, neither as holder nor through a grant.
async fn a_role_in_another_program_opens_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let sent = story.refer(&app, &world).await;
    for (organization, role) in
        [(world.partner, "CASE_MANAGER"), (world.provider, "INTAKE"), (world.lead, "COORDINATOR")]
    {
        let who = add_member(&app, organization, role).await;
        for (program, is_there) in [(uuid::Uuid::now_v7(), false), (world.program, true)] {
            let roles = format!(r#"[{{"role":"{role}","program":"{program}"}}]"#);
            let change = "UPDATE member SET roles = $1 WHERE id = $2";
            crate::support::seed::run(&app, change, vec![roles.into(), who.id.into()]).await;
            let seen = app.run(&who, "{ referrals { totalCount } }", json!({})).await;
            assert_eq!(seen["referrals"]["totalCount"], json!(i32::from(is_there)), "{role}");
            assert_eq!(sent.seen_by(&app, &who, "id").await.is_object(), is_there, "{role}");
            for by in [json!({ "id": story.case }), json!({ "identifier": story.identifier })] {
                let found = app.run(&who, "query($by: CaseBy!) { case(by: $by) { id } }", json!({ "by": by })).await;
                assert_eq!(found["case"].is_object(), is_there && role != "COORDINATOR", "{role} by {by}");
            }
        }
    }
}

on_both_engines!(
    a_receiver_sees_its_own_referral_and_no_more,
    the_holders_other_work_does_not_show,
    a_closed_window_shows_nothing_of_the_case,
    no_government_learns_how_somebody_returned,
    the_coordinator_sees_how_things_stand,
    a_role_in_another_program_opens_nothing,
);
