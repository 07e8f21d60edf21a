//! The ledger of unmet needs: counted once a quarter is over, told to those who govern or have a part in a program there,
//! and never of so few that somebody could be recognized.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run as statement;
use crate::support::situations::Stage;
use crate::support::verbs::Referred;
use crate::support::world::{World, add_area, add_member, gid};
use jiff::SignedDuration;
use passerelle::domain::global_id::{Kind, decode};
use passerelle::token;
use serde_json::{Value, json};
use uuid::Uuid;

const LEDGER: &str = "query($area: ID!, $levels: Int!, $by: UnmetNeedBreakdown!, $category: String, $quarter: Int!) {
    unmetNeeds(areaId: $area, period: {year: 2026, quarter: $quarter}, levels: $levels, by: $by, category: $category) {
    rule { definition fewestPersons } since before rows { area { pcode } categoryCode dimension urgency
    needsOpen { count atLeast isHidden } capacityDeclines { count atLeast } expiries { count atLeast }
    waiting { count atLeast } emptySearches { count atLeast } } } }";

/// The same person with a token of today.
pub fn today(app: &TestApp, who: &Persona) -> Persona {
    let token = app.token(who.id, who.organization, token::Kind::Member, 0, 0);
    Persona { token: Some(token), ..who.clone() }
}

fn asked(area: Uuid, levels: i32, by: &str) -> Value {
    json!({ "area": gid(Kind::Area, area), "levels": levels, "by": by, "quarter": 4 })
}

/// Puts referrals into a state that they came to on their last step.
async fn stand(app: &TestApp, referrals: &[Referred], status: &str) {
    for referral in referrals {
        let key = decode(&referral.id).unwrap().1;
        let text = "UPDATE event SET to_status = $1 WHERE subject_id = $2 AND at = (SELECT max(x.at) FROM event x WHERE x.subject_id = $2)";
        assert!(statement(app, text, vec![status.into(), key.into()]).await > 0);
        statement(app, "UPDATE referral SET status = $1 WHERE id = $2", vec![status.into(), key.into()]).await;
    }
}

/// Seven people who were declined for lack of places, three more in another district whose needs are open, six who wait
/// and six who are being helped. Gives the other district.
pub async fn story(app: &TestApp, world: &World) -> Uuid {
    let stage = Stage::set(app, world).await;
    let other = add_area(app, "XX02", 1, Some(world.country), "Other district").await;
    for _ in 0..7 {
        let (_, sent) = stage.sent().await;
        sent.act(app, &world.intake, "declineReferral", json!({ "reason": "NO_CAPACITY" })).await;
    }
    statement(app, "UPDATE need SET area_id = $1", vec![world.district.into()]).await;
    for _ in 0..3 {
        let story = stage.story().await;
        let need = decode(&story.need).unwrap().1;
        statement(app, "UPDATE need SET area_id = $1 WHERE id = $2", vec![other.into(), need.into()]).await;
    }
    let mut waiting = Vec::new();
    for _ in 0..6 {
        waiting.push(stage.sent().await.1);
    }
    stand(app, &waiting, "WAITLISTED").await;
    for _ in 0..6 {
        stage.accepted().await;
    }
    statement(app, "UPDATE need SET area_id = $1 WHERE area_id IS NULL", vec![world.district.into()]).await;
    other
}

fn figures(row: &Value) -> [Value; 5] {
    ["needsOpen", "capacityDeclines", "expiries", "waiting", "emptySearches"].map(|name| row[name]["count"].clone())
}

fn rows(seen: &Value) -> Vec<Value> {
    seen["unmetNeeds"]["rows"].as_array().unwrap_or_else(|| panic!("{seen}")).clone()
}

async fn what_was_needed_is_counted_when_the_quarter_is_over(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    story(&app, &world).await;
    let country = asked(world.country, 1, "AREA");
    assert_eq!(app.refused(&world.evaluator, LEDGER, country.clone()).await, "BAD_USER_INPUT", "it is not over");
    app.clock.advance(SignedDuration::from_hours(24 * 60));
    let evaluator = today(&app, &world.evaluator);
    let (first, seen) = app.statements(app.run(&evaluator, LEDGER, country.clone())).await;
    assert_eq!(seen["unmetNeeds"]["rule"], json!({ "definition": "2026-1", "fewestPersons": 5 }));
    let told: Vec<_> = rows(&seen).iter().map(|row| (row["area"]["pcode"].clone(), figures(row))).collect();
    let (n, zero) = (Value::Null, json!(0));
    let figures_of = |open: &Value, declines: i32, waiting: i32| {
        [open.clone(), json!(declines), zero.clone(), json!(waiting), zero.clone()]
    };
    assert_eq!(
        told,
        [
            (json!("XX"), figures_of(&json!(10), 7, 6)),
            (json!("XX01"), figures_of(&n, 7, 6)),
            (json!("XX02"), figures_of(&n, 0, 0)),
        ],
        "three in one district would be the country less the other district"
    );
    let (second, again) = app.statements(app.run(&evaluator, LEDGER, country.clone())).await;
    assert_eq!(second, 5, "who asks, the areas, how they stand to them, the tables, and what lies where");
    assert!(first > second && again == seen, "the tables are made once");
    // What happens later changes nothing that was told.
    statement(&app, "UPDATE need SET status = 'MET', created_at = 0", vec![]).await;
    assert_eq!(app.run(&evaluator, LEDGER, country).await, seen);
    let by_urgency = app.run(&evaluator, LEDGER, asked(world.country, 0, "CATEGORY_AND_URGENCY")).await;
    let row = &rows(&by_urgency)[0];
    assert_eq!(rows(&by_urgency).len(), 1, "{by_urgency}");
    assert_eq!((&row["categoryCode"], &row["urgency"]), (&json!("ECO.IND.TVET"), &json!("ROUTINE")));
    let mut group = asked(world.country, 0, "AREA");
    for (category, open) in [("ECO.IND", 10), ("ECO.IND.TVET", 10), ("SOC.IND", 0), ("NONE", 0)] {
        group["category"] = json!(category);
        let seen = app.run(&evaluator, LEDGER, group.clone()).await;
        assert_eq!(rows(&seen)[0]["needsOpen"]["count"], open, "{category}");
    }
}

async fn those_outside_are_told_of_ten_or_more(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    story(&app, &world).await;
    app.clock.advance(SignedDuration::from_hours(24 * 60));
    let donor = add_member(&app, world.donor_officer.organization, "ME_OFFICER").await;
    let outside = [today(&app, &world.editor), today(&app, &world.official), donor];
    for who in &outside {
        let seen = app.run(who, LEDGER, asked(world.country, 0, "CATEGORY")).await;
        assert_eq!(seen["unmetNeeds"]["rule"]["fewestPersons"], 10);
        let n = Value::Null;
        let told = figures(&rows(&seen)[0]);
        assert_eq!(told, [json!(10), n.clone(), json!(0), n, json!(0)]);
        assert_eq!(rows(&seen)[0]["capacityDeclines"]["atLeast"], 0);
    }
}

async fn the_ledger_is_told_to_nobody_else(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    app.clock.advance(SignedDuration::from_hours(24 * 60));
    let mut variables = asked(world.country, 1, "AREA");
    let told = ["evaluator", "coordinator", "municipality's editor", "ministry's case manager"];
    let mut all = world.everybody();
    all.retain(|(name, who)| who.token.is_some() && *name != "provider's app");
    all.push(("stranger's evaluator", add_member(&app, world.stranger, "ME_OFFICER").await));
    all.push(("partner's administrator", add_member(&app, world.partner, "ADMINISTRATOR").await));
    for (name, who) in all {
        let seen = app.run(&today(&app, &who), LEDGER, variables.clone()).await;
        assert_eq!(!seen["unmetNeeds"].is_null(), told.contains(&name), "{name}: {seen}");
    }
    assert_eq!(app.refused(&Persona::public(), LEDGER, variables.clone()).await, "UNAUTHENTICATED");
    let abroad = add_area(&app, "YY", 0, None, "Elsewhere").await;
    statement(&app, "UPDATE area SET country = 'YY' WHERE id = $1", vec![abroad.into()]).await;
    for area in [abroad, Uuid::now_v7()] {
        variables["area"] = json!(gid(Kind::Area, area));
        for who in [&world.evaluator, &world.editor] {
            let seen = app.run(&today(&app, who), LEDGER, variables.clone()).await;
            assert_eq!(seen, json!({ "unmetNeeds": null }), "abroad is as if it did not exist");
        }
    }
}

const SEARCH: &str = "query($filter: ServiceFilter!) { services(first: 5, filter: $filter) { nodes { id } } }";

async fn a_search_that_finds_nothing_is_counted_without_its_text(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let district = gid(Kind::Area, world.district);
    let housing =
        json!({ "filter": { "text": "CANARY nowhere", "category": ["SOC.IND.HOUSING"], "areaId": district } });
    let found = json!({ "filter": { "category": ["ECO.IND.TVET"], "areaId": district } });
    let broad = json!({ "filter": { "text": "CANARY nowhere" } });
    for _ in 0..6 {
        app.run(&world.case_manager, SEARCH, housing.clone()).await;
        app.run(&world.case_manager, SEARCH, found.clone()).await;
    }
    app.run(&world.intake, SEARCH, broad.clone()).await;
    // What is typed on is one search, and so is the same one again.
    for text in ["xq", "xqu", "xquo"] {
        app.run(&world.intake, SEARCH, json!({ "filter": { "text": text } })).await;
    }
    let branch = json!({ "filter": { "text": "CANARY", "categoryWithin": ["SOC.IND"], "areaId": district } });
    let cell = json!({ "filter": { "dimension": ["PSYCHOSOCIAL"], "level": ["STRUCTURAL"], "areaId": district } });
    for filter in [&branch, &cell, &branch] {
        app.run(&world.intake, SEARCH, filter.clone()).await;
    }
    app.run(&Persona::public(), SEARCH, housing.clone()).await;
    app.run(&world.app, SEARCH, housing).await;
    let rows_of = "SELECT day, category_code, searches, area_id FROM empty_search ORDER BY category_code";
    let kept: Vec<(String, String, i32, Uuid)> = app
        .app
        .store
        .rows(rows_of, vec![])
        .await
        .unwrap()
        .iter()
        .map(|row| {
            let text = |column: &str| row.try_get::<String>("", column).unwrap();
            let area = row.try_get("", "area_id").unwrap();
            (text("day"), text("category_code"), row.try_get("", "searches").unwrap(), area)
        })
        .collect();
    let day = || "2026-11-25".to_owned();
    let mut kept = kept;
    kept.sort_by_key(|row| (row.1.clone(), row.3 == world.district));
    let expected = [
        (day(), String::new(), 1, world.country),
        (day(), String::new(), 1, world.district),
        (day(), "SOC.IND".into(), 1, world.district),
        (day(), "SOC.IND.HOUSING".into(), 1, world.district),
    ];
    assert_eq!(kept, expected, "once for each of those who work here, and nothing that was found");
    // What told them apart is forgotten the next day; only the marks of that day are kept then.
    app.clock.advance(SignedDuration::from_hours(24));
    app.run(&today(&app, &world.intake), SEARCH, broad.clone()).await;
    for table in ["empty_search_mark", "empty_search_salt"] {
        let days = app.app.store.rows(&format!("SELECT DISTINCT day FROM {table}"), vec![]).await.unwrap();
        let days: Vec<String> = days.iter().map(|row| row.try_get("", "day").unwrap()).collect();
        assert_eq!(days, ["2026-11-26"], "{table}");
    }
    app.clock.advance(SignedDuration::from_hours(24 * 60));
    let seen = app.run(&today(&app, &world.evaluator), LEDGER, asked(world.country, 1, "CATEGORY")).await;
    let told: Vec<_> = rows(&seen)
        .iter()
        .map(|row| (row["area"]["pcode"].clone(), row["categoryCode"].clone(), figures(row)[4].clone()))
        .collect();
    let housing = json!("SOC.IND.HOUSING");
    let (country, district) = ((json!("XX"), housing.clone(), json!(null)), (json!("XX01"), housing, json!(null)));
    assert!(
        told.contains(&country) && told.contains(&district),
        "a search of one person would be given away: {told:?}"
    );
}

const COVERAGE: &str = "query($area: ID!) { serviceCoverage(area: $area, levels: 1) { area { pcode }
    caseload { count atLeast } caseloadRule { fewestPersons }
    cells { services capacity openPlaces caseload { count } }
    categories { categoryCode services capacity openPlaces caseload { count isHidden } } } }";

async fn the_coverage_tells_who_is_being_helped_where(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    story(&app, &world).await;
    app.clock.advance(SignedDuration::from_hours(24 * 60));
    let variables = json!({ "area": gid(Kind::Area, world.country) });
    let seen = app.run(&today(&app, &world.coordinator), COVERAGE, variables.clone()).await;
    let areas = seen["serviceCoverage"].as_array().unwrap();
    assert_eq!(areas.len(), 3);
    for (area, caseload) in areas.iter().zip([6, 6, 0]) {
        assert_eq!(area["caseload"]["count"], caseload, "{area}");
        assert_eq!(area["cells"][0]["caseload"]["count"], caseload, "{area}");
    }
    let category = json!({ "categoryCode": "ECO.IND.TVET", "services": 2, "capacity": 10, "openPlaces": 10,
                           "caseload": { "count": 6, "isHidden": false } });
    assert_eq!(areas[1]["categories"], json!([category]));
    assert_eq!(areas[2]["categories"], json!([]), "a gap");
    assert_eq!(areas[2]["cells"][0]["services"], 0);
    let outside = app.run(&today(&app, &world.editor), COVERAGE, variables.clone()).await;
    assert_eq!(outside["serviceCoverage"][0]["caseload"], json!({ "count": null, "atLeast": 0 }));
    for who in [today(&app, &world.case_manager), today(&app, &world.outsider)] {
        let seen = app.run(&who, COVERAGE, variables.clone()).await;
        assert_eq!(seen["serviceCoverage"][0]["caseload"], json!(null));
        assert_eq!(seen["serviceCoverage"][0]["cells"][0]["capacity"], 10);
    }
    let public = app.run(&Persona::public(), COVERAGE, variables).await;
    let cell = &public["serviceCoverage"][0]["cells"][0];
    assert_eq!(cell, &json!({ "services": 2, "capacity": null, "openPlaces": null, "caseload": null }));
}

on_both_engines!(
    what_was_needed_is_counted_when_the_quarter_is_over,
    those_outside_are_told_of_ten_or_more,
    the_ledger_is_told_to_nobody_else,
    a_search_that_finds_nothing_is_counted_without_its_text,
    the_coverage_tells_who_is_being_helped_where,
);
