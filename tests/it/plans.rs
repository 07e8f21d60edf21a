//! Plans that the person agrees to, the stages of a case, its needs, and help given directly.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::Stage;
use crate::support::situations::plan::{Planned, agreeing, drafting, helping, on_need};
use crate::support::verbs::{Story, done, rule, tried};
use crate::support::world::{World, add_member};
use serde_json::{Value, json};

/// What somebody sees of the work on a case.
async fn casework(app: &TestApp, who: &Persona, story: &Story) -> Value {
    let query = "query($id: ID!) { case(by: {id: $id}) { stage version casework { nextStages
        plan { number } plans { id number status agreedOn method participants warnings { code dimension planItemId }
          gaps { id } items { id goal deliveryMode dimension categoryCode dueBy budget { amount currency } status
            declinedBy referralIds isGap } }
        directServices { needId meaning note deliveredOn outcomes { goalId result quantity unit note } }
        stageChanges { from to cause reason } } timeline(first: 50) { nodes { kind organization { name } } } } }";
    app.run(who, query, json!({ "id": story.case })).await["case"].clone()
}

async fn a_plan_for_one_dimension_warns_of_the_others(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, draft) = stage.drafted().await;
    let seen = casework(&app, &world.case_manager, &story).await;
    let plan = &seen["casework"]["plans"][0];
    assert_eq!(
        plan["warnings"],
        json!([
            { "code": "DIMENSION_WITHOUT_ITEM", "dimension": "SOCIAL", "planItemId": null },
            { "code": "DIMENSION_WITHOUT_ITEM", "dimension": "PSYCHOSOCIAL", "planItemId": null },
            { "code": "REFERRAL_MISSING", "dimension": "ECONOMIC", "planItemId": draft.items[0] },
        ]),
        "a warning, not an error"
    );
    assert_eq!(plan["items"][0]["goal"], "CANARY-GOAL live from my own work");
    assert_eq!(plan["items"][0]["budget"], json!({ "amount": "1500.50", "currency": "XOF" }));
    let version = seen["version"].as_i64().unwrap();
    let input = json!({ "caseId": story.case, "expectedVersion": version, "categoryCode": "SOC.IND.HOUSING",
        "dimension": "SOCIAL", "level": "INDIVIDUAL", "urgency": "ROUTINE", "delivery": "DIRECT", "goals": ["a roof"] });
    let added = done(&app, &world.case_manager, "addNeed", input, "case { version } need { id }").await;
    let mut wider = drafting(&story, added["case"]["version"].as_i64().unwrap());
    let more = json!({ "needId": added["need"]["id"], "deliveryMode": "DIRECT" });
    wider["items"].as_array_mut().unwrap().push(more);
    let made = done(&app, &world.case_manager, "draftPlan", wider, "plan { number warnings { dimension } }").await;
    assert_eq!(made["plan"]["number"], 2);
    assert_eq!(made["plan"]["warnings"], json!([{ "dimension": "PSYCHOSOCIAL" }, { "dimension": "ECONOMIC" }]));
}

async fn nothing_is_followed_without_agreement(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    let (story, draft) = stage.drafted().await;
    assert_eq!(rule(&app, manager, "activatePlan", draft.input(json!({}))).await, "NOT_AGREED");
    let mut alone = agreeing(&draft);
    alone["participants"] = json!(["CASE_MANAGER"]);
    assert_eq!(rule(&app, manager, "agreePlan", alone).await, "REQUIRED", "the person takes part");
    let mut early = agreeing(&draft);
    early["agreedOn"] = json!("2026-11-26");
    assert_eq!(rule(&app, manager, "agreePlan", early).await, "DATE_OUT_OF_RANGE");
    let first = Planned::made(&app, &world, "agreePlan", agreeing(&draft)).await;
    assert_eq!(rule(&app, manager, "activatePlan", draft.input(json!({}))).await, "STALE_VERSION");
    let first = Planned::made(&app, &world, "activatePlan", first.input(json!({}))).await;
    assert_eq!(rule(&app, manager, "activatePlan", first.input(json!({}))).await, "NOT_NOW");
    // A change is a new version, which needs agreement again; what is followed stays so until then.
    let second = Planned::made(&app, &world, "draftPlan", drafting(&story, 4)).await;
    assert_eq!(rule(&app, manager, "activatePlan", second.input(json!({}))).await, "NOT_AGREED");
    let seen = casework(&app, manager, &story).await;
    assert_eq!((&seen["casework"]["plan"]["number"], &seen["stage"]), (&json!(1), &json!("PLANNED")));
    let second = Planned::made(&app, &world, "agreePlan", agreeing(&second)).await;
    Planned::made(&app, &world, "activatePlan", second.input(json!({}))).await;
    let seen = casework(&app, manager, &story).await;
    let plans = seen["casework"]["plans"].as_array().unwrap();
    let stand = |plan: &Value| (plan["number"].clone(), plan["status"].clone(), plan["agreedOn"].clone());
    assert_eq!(
        plans.iter().map(stand).collect::<Vec<_>>(),
        [(json!(2), json!("ACTIVE"), json!("2026-11-25")), (json!(1), json!("SUPERSEDED"), json!("2026-11-25"))]
    );
    assert_eq!(plans[1]["items"][0]["id"], json!(first.items[0]), "the earlier version stays readable");
    let forced = app.app.store.begin().await.unwrap();
    let done = forced.run("UPDATE plan SET agreed_on = NULL WHERE status = 'ACTIVE'", vec![]).await;
    assert!(done.is_err(), "the database knows the rule as well");
}

async fn an_item_without_its_referral_is_a_gap(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    let (story, plan) = stage.active().await;
    let gap = async |expected: bool, why: &str| {
        let seen = casework(&app, manager, &story).await;
        let plan = &seen["casework"]["plans"][0];
        assert_eq!(
            (&plan["items"][0]["isGap"], plan["gaps"].as_array().unwrap().len()),
            (&json!(expected), usize::from(expected)),
            "{why}"
        );
        plan["items"][0]["referralIds"].as_array().unwrap().len()
    };
    assert_eq!(gap(true, "no referral").await, 0);
    let sent = story.refer_to(&app, manager, stage.service).await;
    assert_eq!(gap(false, "one is sent").await, 1);
    sent.act(&app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    assert_eq!(gap(true, "the only one was declined").await, 1);
    let drop = |by: Value| json!({ "planItemId": plan.items[0], "expectedVersion": plan.version, "status": "DROPPED", "declinedBy": by });
    assert_eq!(rule(&app, manager, "updatePlanItem", drop(json!(null))).await, "REQUIRED");
    Planned::made(&app, &world, "updatePlanItem", drop(json!("PERSON"))).await;
    assert_eq!(gap(false, "the person declined the item").await, 1);
    assert_eq!(rule(&app, manager, "updatePlanItem", drop(json!("PERSON"))).await, "STALE_VERSION");
    let seen = casework(&app, manager, &story).await;
    let warned = seen["casework"]["plans"][0]["warnings"][0]["dimension"].clone();
    assert_eq!(warned, "ECONOMIC", "a dropped item works on no dimension");
}

async fn the_stage_follows_the_work(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    let (story, sent) = stage.sent().await;
    let to = |to: &str, version: i64, reason: Value| json!({ "caseId": story.case, "expectedVersion": version, "to": to, "reason": reason });
    assert_eq!(rule(&app, manager, "moveCase", to("FOLLOW_UP", 3, json!(null))).await, "NOT_NOW");
    assert_eq!(rule(&app, manager, "moveCase", to("CLOSED", 3, json!(null))).await, "NOT_NOW");
    assert_eq!(rule(&app, manager, "moveCase", to("ON_HOLD", 3, json!(null))).await, "TEXT_REQUIRED");
    done(&app, manager, "moveCase", to("ON_HOLD", 3, json!("CANARY-NOTE is in hospital")), "").await;
    sent.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let seen = casework(&app, manager, &story).await;
    assert_eq!((&seen["stage"], &seen["casework"]["nextStages"]), (&json!("ON_HOLD"), &json!(["OPEN"])));
    assert_eq!(
        rule(&app, manager, "moveCase", to("ASSESSING", 4, json!(null))).await,
        "NOT_NOW",
        "it goes on where it was"
    );
    done(&app, manager, "moveCase", to("OPEN", 4, json!(null)), "").await;
    done(&app, manager, "recordDirectService", helping(&story), "").await;
    let seen = casework(&app, manager, &story).await;
    assert_eq!(
        (&seen["stage"], &seen["version"]),
        (&json!("IN_PROGRESS"), &json!(5)),
        "carried on, and no version spent"
    );
    done(&app, manager, "moveCase", to("FOLLOW_UP", 5, json!(null)), "").await;
    let seen = casework(&app, manager, &story).await;
    let move_of = |it: &Value| format!("{} {} {} {}", it["from"], it["to"], it["cause"], it["reason"]).replace('"', "");
    let moves: Vec<String> = seen["casework"]["stageChanges"].as_array().unwrap().iter().map(move_of).collect();
    assert_eq!(
        moves,
        [
            "OPEN ON_HOLD moveCase CANARY-NOTE is in hospital",
            "ON_HOLD OPEN moveCase null",
            "OPEN IN_PROGRESS recordDirectService null",
            "IN_PROGRESS FOLLOW_UP moveCase null",
        ]
    );
    let events: Vec<&Value> =
        seen["timeline"]["nodes"].as_array().unwrap().iter().map(|event| &event["kind"]).collect();
    let moved: Vec<&Value> =
        seen["casework"]["stageChanges"].as_array().unwrap().iter().map(|it| &it["cause"]).collect();
    let known: Vec<&Value> = events.iter().copied().filter(|kind| moved.contains(kind)).collect();
    assert_eq!(known, moved, "each has its event in the timeline");
    let other = stage.accepted().await.0;
    let seen = casework(&app, manager, &other).await;
    assert_eq!(seen["stage"], "IN_PROGRESS", "an accepted referral carries the case on");
    assert_eq!(seen["casework"]["stageChanges"][0]["cause"], "acceptReferral");
    let seen = casework(&app, &world.intake, &other).await;
    assert_eq!((&seen["stage"], &seen["casework"]), (&json!(null), &json!(null)), "the receiver sees none of it");
    let closing = json!({ "caseId": stage.story().await.case, "expectedVersion": 3, "reason": "TRANSFERRED" });
    let closed = done(&app, manager, "closeCase", closing, "case { stage status casework { nextStages } }").await;
    assert_eq!(closed["case"], json!({ "stage": "TRANSFERRED", "status": "CLOSED", "casework": { "nextStages": [] } }));
}

async fn a_need_is_edited_by_its_holder_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    let (story, sent) = stage.sent().await;
    assert_eq!(rule(&app, manager, "withdrawNeed", on_need(&story, json!({}))).await, "OPEN_REFERRALS");
    assert_eq!(rule(&app, &world.intake, "updateNeed", on_need(&story, json!({}))).await, "NOT_PERMITTED");
    let urgent = on_need(&story, json!({ "urgency": "URGENT", "delivery": "DIRECT" }));
    let select = "need { version urgency delivery status }";
    let changed = done(&app, manager, "updateNeed", urgent.clone(), select).await;
    assert_eq!(changed["need"], json!({ "version": 2, "urgency": "URGENT", "delivery": "DIRECT", "status": "OPEN" }));
    assert_eq!(rule(&app, manager, "updateNeed", urgent).await, "STALE_VERSION");
    sent.act(&app, manager, "withdrawReferral", json!({ "reason": "PERSON_DECLINED" })).await;
    let at = |version: i64| on_need(&story, json!({ "expectedVersion": version }));
    assert_eq!(done(&app, manager, "withdrawNeed", at(2), select).await["need"]["status"], "WITHDRAWN");
    for closed in ["withdrawNeed", "updateNeed"] {
        assert_eq!(rule(&app, manager, closed, at(3)).await, "NEED_CLOSED", "{closed}");
    }
    assert_eq!(rule(&app, manager, "recordDirectService", helping(&story)).await, "NEED_CLOSED");
    assert_eq!(rule(&app, manager, "draftPlan", drafting(&story, 3)).await, "NEED_CLOSED");
    assert_eq!(done(&app, manager, "reopenNeed", at(3), select).await["need"]["status"], "OPEN");
    assert_eq!(rule(&app, manager, "reopenNeed", at(4)).await, "NOT_NOW");
    let other = stage.story().await;
    let mixed = json!({ "caseId": story.case, "needId": other.need, "expectedVersion": 1 });
    assert_eq!(rule(&app, manager, "updateNeed", mixed).await, "NOT_FOUND", "a need of another case");
}

async fn help_given_directly_has_outcomes_for_goals(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let manager = &world.case_manager;
    let (story, other) = (stage.story().await, stage.story().await);
    let with = |name: &str, value: Value| {
        let mut input = helping(&story);
        input[name] = value;
        input
    };
    let twice =
        json!([{ "goalId": story.goals[0], "result": "PARTLY" }, { "goalId": story.goals[0], "result": "PARTLY" }]);
    let theirs = json!([{ "goalId": other.goals[0], "result": "ACHIEVED" }]);
    for (input, code) in [
        (with("outcomes", json!([])), "OUTCOME_MISSING"),
        (with("outcomes", twice), "INVALID"),
        (with("outcomes", theirs), "NOT_FOUND"),
        (with("deliveredOn", json!("2026-11-26")), "DATE_OUT_OF_RANGE"),
        (
            with(
                "serviceId",
                json!(crate::support::world::gid(passerelle::domain::global_id::Kind::Service, stage.service)),
            ),
            "NOT_FOUND",
        ),
    ] {
        assert_eq!(rule(&app, manager, "recordDirectService", input.clone()).await, code, "{input}");
    }
    let made =
        tried(&app, manager, "recordDirectService", with("meaning", json!("MET")), "directService { id meaning }")
            .await;
    assert_eq!(made["directService"]["meaning"], "MET", "{made}");
    let seen = casework(&app, manager, &story).await;
    let service = &seen["casework"]["directServices"][0];
    assert_eq!((&service["note"], &service["needId"]), (&json!("CANARY-NOTE came twice"), &json!(story.need)));
    assert_eq!(
        service["outcomes"][1],
        json!({ "goalId": story.goals[1], "result": "ACHIEVED", "quantity": 1.5, "unit": "months",
                "note": "CANARY-NOTE has a workshop" })
    );
    let query = "query($id: ID!) { case(by: {id: $id}) { needs { status version } } }";
    let needs = app.run(manager, query, json!({ "id": story.case })).await["case"]["needs"].clone();
    assert_eq!(needs, json!([{ "status": "MET", "version": 2 }]));
    assert_eq!(rule(&app, manager, "recordDirectService", helping(&story)).await, "NEED_CLOSED", "it is met");
}

async fn nobody_but_the_holder_sees_the_work(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, plan) = stage.active().await;
    story.refer_to(&app, &world.case_manager, stage.service).await;
    let select = "directService { id }";
    let helped = done(&app, &world.case_manager, "recordDirectService", helping(&story), select).await;
    let refetch = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }";
    let ids = json!({ "ids": [plan.id, plan.items[0], helped["directService"]["id"]] });
    let found = app.run(&world.case_manager, refetch, ids.clone()).await["nodes"].clone();
    let kinds: Vec<&Value> = found.as_array().unwrap().iter().map(|node| &node["__typename"]).collect();
    assert_eq!(kinds, ["Plan", "PlanItem", "DirectService"]);
    let guardian = add_member(&app, world.partner, "DATA_PROTECTION").await;
    for who in [&world.case_manager, &world.partner_supervisor, &guardian] {
        assert!(casework(&app, who, &story).await["casework"]["plan"].is_object());
    }
    let holders = ["case manager", "partner's supervisor", "partner's data protection"];
    for (name, who) in
        world.everybody().into_iter().filter(|(name, who)| !holders.contains(name) && who.token.is_some())
    {
        let seen = casework(&app, &who, &story).await;
        assert!(seen.is_null() || seen["casework"].is_null(), "{name}: {seen}");
        assert!(seen.is_null() || seen["stage"].is_null(), "{name}");
        let found = app.run(&who, refetch, ids.clone()).await;
        assert_eq!(found["nodes"], json!([null, null, null]), "{name}");
    }
}

async fn the_work_on_a_page_of_cases_is_one_statement(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let query =
        "{ cases(first: 4) { nodes { stage casework { plans { items { isGap } } directServices { meaning } } } } }";
    stage.active().await;
    let (one, _) = app.statements(app.run(&world.case_manager, query, json!({}))).await;
    for _ in 0..3 {
        stage.active().await;
    }
    let (four, seen) = app.statements(app.run(&world.case_manager, query, json!({}))).await;
    assert_eq!(seen["cases"]["nodes"].as_array().unwrap().len(), 4);
    assert_eq!((one, four), (3, 3), "who asks, the cases, the work on them");
}

on_both_engines!(
    a_plan_for_one_dimension_warns_of_the_others,
    nothing_is_followed_without_agreement,
    an_item_without_its_referral_is_a_gap,
    the_stage_follows_the_work,
    a_need_is_edited_by_its_holder_alone,
    help_given_directly_has_outcomes_for_goals,
    nobody_but_the_holder_sees_the_work,
    the_work_on_a_page_of_cases_is_one_statement,
);
