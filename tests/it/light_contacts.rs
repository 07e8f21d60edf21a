//! Contacts that are less than a referral: told and put in touch, recorded by the holder, and never counted.

use crate::delivery::{anew, days};
use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::situations::plan::telling;
use crate::support::verbs::{Story, done, rule, tried};
use crate::support::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

const CONTACTS: &str = "query($id: ID!) { case(by: {id: $id}) { version casework { contacts { contactId kind needId \
    serviceId passed madeOn recordedAt } } needs { status version } } }";

async fn seen(app: &TestApp, who: &Persona, story: &Story) -> Value {
    app.run(who, CONTACTS, json!({ "id": story.case })).await["case"].clone()
}

/// What counts referrals, needs and answers of the program, as text.
async fn figures(app: &TestApp, world: &World) -> String {
    let query = "query($p: ID!) { referralStanding(programId: $p) { urgency status referrals }
        referralReasons(programId: $p, period: { year: 2026, quarter: 4 }) { definition rows { __typename } }
        helpComparison(programId: $p, period: { year: 2026, quarter: 4 }) { rows { way persons } } }";
    app.run(&anew(app, &world.coordinator), query, json!({ "p": gid(Kind::Program, world.program) })).await.to_string()
}

async fn a_person_who_was_put_in_touch_is_known_to_the_holder_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, _) = stage.sent().await;
    // Figures are of quarters that are over.
    days(&app, 60);
    let manager = &anew(&app, &world.case_manager);
    let before = figures(&app, &world).await;
    let select = "contact { kind needId serviceId passed madeOn }";
    let made = done(&app, manager, "recordContact", telling(&stage, &story, 3), select).await;
    let expected = json!({ "kind": "REDIRECTION", "needId": story.need, "serviceId": gid(Kind::Service, stage.service),
        "passed": ["NAME", "PHONE"], "madeOn": "2026-11-25" });
    assert_eq!(made["contact"], expected);
    let told =
        json!({ "kind": "INFORMATION", "expectedVersion": 4, "passed": [], "personAgreed": false, "needId": null });
    let mut input = telling(&stage, &story, 4);
    input.as_object_mut().unwrap().extend(told.as_object().unwrap().clone());
    done(&app, manager, "recordContact", input, "").await;
    let case = seen(&app, manager, &story).await;
    let contacts = case["casework"]["contacts"].as_array().unwrap();
    assert_eq!(contacts.iter().map(|contact| &contact["kind"]).collect::<Vec<_>>(), ["REDIRECTION", "INFORMATION"]);
    assert_eq!(
        (&case["version"], &case["needs"][0]["status"]),
        (&json!(5), &json!("OPEN")),
        "the need stays as it was"
    );
    assert_eq!(figures(&app, &world).await, before, "it counts nowhere");
    assert_eq!(
        seen(&app, &anew(&app, &world.intake), &story).await["casework"],
        Value::Null,
        "a receiver of the case sees none of it"
    );
    assert_eq!(seen(&app, &anew(&app, &world.outsider), &story).await, Value::Null);
}

async fn what_is_handed_on_fits_the_kind_and_was_agreed_to(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, _) = stage.sent().await;
    let with = |more: Value| {
        let mut input = telling(&stage, &story, 3);
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let broken = [
        (json!({ "kind": "INFORMATION" }), "INVALID"),
        (json!({ "passed": [] }), "REQUIRED"),
        (json!({ "passed": ["NAME", "NAME"] }), "INVALID"),
        (json!({ "personAgreed": false }), "CONSENT_MISSING"),
        (json!({ "madeOn": "2026-11-26" }), "DATE_OUT_OF_RANGE"),
        (json!({ "needId": gid(Kind::Need, uuid::Uuid::from_u128(7)) }), "NOT_FOUND"),
        (json!({ "serviceId": gid(Kind::Service, uuid::Uuid::from_u128(7)) }), "NOT_FOUND"),
        (json!({ "expectedVersion": 2 }), "STALE_VERSION"),
    ];
    for (more, code) in broken {
        assert_eq!(rule(&app, &world.case_manager, "recordContact", with(more.clone())).await, code, "{more}");
    }
    let all = with(json!({ "passed": [], "personAgreed": false, "madeOn": "2026-11-26" }));
    let told = tried(&app, &world.case_manager, "recordContact", all, "contact { contactId }").await;
    assert_eq!(told["userErrors"].as_array().unwrap().len(), 3, "all at once: {told}");
    let case = seen(&app, &world.case_manager, &story).await;
    assert_eq!((&case["casework"]["contacts"], &case["version"]), (&json!([]), &json!(3)), "nothing is half written");
}

on_both_engines!(
    a_person_who_was_put_in_touch_is_known_to_the_holder_alone,
    what_is_handed_on_fits_the_kind_and_was_agreed_to,
);
