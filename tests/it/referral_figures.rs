//! Why referrals ended, how those of a program stand, and which are stuck: told to whom they concern, and of nobody alone.

use crate::delivery::{anew, days};
use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run as statement;
use crate::support::situations::Stage;
use crate::support::world::{World, add_area, add_member, add_organization, gid};
use passerelle::domain::global_id::{Kind, decode};
use serde_json::{Value, json};
use uuid::Uuid;

const REASONS: &str = "query($program: ID, $by: [ReferralReasonBreakdown!]) { referralReasons(programId: $program,
    period: {year: 2026, quarter: 4}, by: $by) { fewestPersons rows { status reason provider { name } categoryCode areaId month
    referrals { count atLeast } } directory { declines { count } pointing { count } unmended { count } share } } }";
pub const STANDING: &str =
    "query($program: ID!, $late: Boolean) { referralStanding(programId: $program, isOverdue: $late) {
    partner { name } other { name } urgency status referrals overdue oldestDueAt } }";
pub const STUCK: &str = "query($area: ID!) { stuckReferrals(areaId: $area) { fewestPersons groups { areaId categoryCode
    dimension status stuckFor referrals } } }";

/// So many referrals that the provider declines for a reason.
pub async fn declined(stage: &Stage<'_>, number: usize, reason: &str) {
    for _ in 0..number {
        let (_, sent) = stage.sent().await;
        sent.act(stage.app, &stage.world.intake, "declineReferral", json!({ "reason": reason })).await;
    }
}

/// The reasons of the year's last quarter, of a program or of the asker's own.
pub async fn reasons(app: &TestApp, who: &Persona, program: Option<&World>, by: Value) -> Value {
    let program = program.map(|world| gid(Kind::Program, world.program));
    let seen = app.run(&anew(app, who), REASONS, json!({ "program": program, "by": by })).await;
    seen["referralReasons"].clone()
}

fn counts(seen: &Value) -> Vec<(Value, Value)> {
    let rows = seen["rows"].as_array().unwrap_or_else(|| panic!("{seen}"));
    rows.iter().map(|row| (row["reason"].clone(), row["referrals"]["count"].clone())).collect()
}

async fn an_organization_counts_its_own_and_a_program_nobody_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    declined(&stage, 9, "NO_CAPACITY").await;
    declined(&stage, 2, "SAFETY_RISK").await;
    let own = [(json!("NO_CAPACITY"), json!(9)), (json!("SAFETY_RISK"), json!(2))];
    for who in [&world.intake, &world.case_manager] {
        let seen = reasons(&app, who, None, json!(["PROVIDER", "MONTH"])).await;
        assert_eq!((counts(&seen).as_slice(), &seen["fewestPersons"]), (&own[..], &json!(1)));
        assert_eq!(seen["rows"][0]["provider"]["name"], "Provider");
        assert_eq!(seen["rows"][0]["month"], "2026-11");
    }
    assert_eq!(reasons(&app, &world.outsider, None, Value::Null).await["rows"], json!([]), "nothing was theirs");
    days(&app, 45);
    let manager = add_member(&app, world.lead, "PROGRAM_MANAGER").await;
    let seen = reasons(&app, &manager, Some(&world), json!(["CATEGORY"])).await;
    assert!(counts(&seen).iter().all(|(_, count)| count.is_null()), "two persons: {seen}");
    assert_eq!(seen["directory"]["declines"], json!({ "count": 11 }));
    assert_eq!((&seen["directory"]["share"], &seen["fewestPersons"]), (&Value::Null, &json!(5)));
    for who in [&world.outsider, &world.intake, &world.editor, &world.donor_officer, &world.case_manager] {
        assert_eq!(reasons(&app, who, Some(&world), Value::Null).await, Value::Null, "no figures for them");
    }
}

async fn whoever_may_not_be_told_a_reason_does_not_count_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (_, sent) = stage.sent().await;
    sent.act(&app, &world.case_manager, "withdrawReferral", json!({ "reason": "PERSON_DECLINED" })).await;
    let seen = reasons(&app, &world.case_manager, None, Value::Null).await;
    assert_eq!(counts(&seen), [(json!("PERSON_DECLINED"), json!(1))]);
    let seen = reasons(&app, &world.intake, None, Value::Null).await;
    assert_eq!(counts(&seen), [], "why a sender took one back is the person's own affair");
}

async fn how_a_program_stands_is_told_to_whom_runs_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    stage.sent().await;
    stage.asked().await;
    let asked = json!({ "program": gid(Kind::Program, world.program) });
    let manager = add_member(&app, world.lead, "PROGRAM_MANAGER").await;
    for who in [&manager, &world.coordinator] {
        let seen = app.run(who, STANDING, asked.clone()).await;
        let rows = seen["referralStanding"].as_array().unwrap();
        let told: Vec<_> =
            rows.iter().map(|row| (&row["partner"]["name"], &row["status"], &row["referrals"])).collect();
        let (partner, provider) = (json!("Partner"), json!("Provider"));
        let (info, sent, one) = (json!("INFO_REQUESTED"), json!("SENT"), json!(1));
        assert_eq!(told, [(&partner, &info, &one), (&provider, &sent, &one)], "whose step is next");
    }
    let elsewhere = add_member(&app, world.partner, "PROGRAM_MANAGER").await;
    let evaluator = add_member(&app, world.lead, "ME_OFFICER").await;
    for who in [&elsewhere, &evaluator, &world.outsider, &world.editor, &world.case_manager, &world.donor_officer] {
        assert_eq!(app.run(who, STANDING, asked.clone()).await["referralStanding"], Value::Null);
    }
}

async fn stuck_referrals_tell_of_nobody_alone_and_of_no_hidden_service(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let other = add_area(&app, "XX02", 1, Some(world.country), "Other district").await;
    let mut secrets = Vec::new();
    for at in 0..15 {
        let (story, sent) = stage.sent().await;
        if at >= 12 {
            let key = decode(&sent.id).unwrap().1;
            statement(&app, "UPDATE referral SET area_id = $1 WHERE id = $2", vec![other.into(), key.into()]).await;
        }
        secrets.extend([story.case, story.identifier, story.need, sent.id]);
    }
    days(&app, 10);
    let of = async |who: &Persona, area: Uuid| {
        app.run(&anew(&app, who), STUCK, json!({ "area": gid(Kind::Area, area) })).await["stuckReferrals"].clone()
    };
    let clerk = &world.editor;
    let seen = of(clerk, world.district).await;
    let group = json!({ "areaId": gid(Kind::Area, world.district), "categoryCode": "ECO.IND.TVET", "dimension": "ECONOMIC",
                        "status": "SENT", "stuckFor": "UNDER_TWO_WEEKS", "referrals": 12 });
    assert_eq!(seen, json!({ "fewestPersons": 10, "groups": [group] }));
    assert_eq!(of(clerk, other).await["groups"], json!([]), "three persons are never told");
    assert_eq!(of(clerk, world.country).await["groups"], json!([group]), "and no total gives them away");
    let told = seen.to_string();
    assert!(secrets.iter().all(|secret| !told.contains(secret.as_str())), "nothing leads back to a case");

    statement(&app, "UPDATE service SET visibility = 'PARTNERS'", vec![]).await;
    assert_eq!(of(clerk, world.district).await["groups"][0]["categoryCode"], Value::Null);
    let foreign = add_organization(&app, "Foreign", r#"["LOCAL_GOVERNMENT"]"#).await;
    statement(&app, "UPDATE organization SET country = 'YY' WHERE id = $1", vec![foreign.into()]).await;
    let foreign = add_member(&app, foreign, "DIRECTORY_EDITOR").await;
    for who in [&world.outsider, &foreign, &world.intake, &world.case_manager, &world.donor_officer] {
        assert_eq!(of(who, world.district).await, Value::Null, "a stranger sees nothing");
    }
    assert_eq!(of(clerk, Uuid::now_v7()).await, Value::Null);
    let nobody = app.refused(&Persona::public(), STUCK, json!({ "area": gid(Kind::Area, other) })).await;
    assert_eq!(nobody, "UNAUTHENTICATED");
}

on_both_engines!(
    an_organization_counts_its_own_and_a_program_nobody_alone,
    whoever_may_not_be_told_a_reason_does_not_count_it,
    how_a_program_stands_is_told_to_whom_runs_it,
    stuck_referrals_tell_of_nobody_alone_and_of_no_hidden_service,
);
