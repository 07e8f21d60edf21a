//! A provider enters a week of opening hours, and changes it.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::{done, tried};
use crate::support::world::World;
use serde_json::{Value, json};

const SELECT: &str = "service { id version schedules { frequency days opensAt closesAt timeZone validTo description notes } \
    nextOpening(after: \"2026-11-28T12:00:00Z\") isOpenAt(at: \"2026-11-30T08:30:00Z\") \
    locations { location { id name } schedules { days opensAt } isOpenAt(at: \"2026-12-01T21:30:00Z\") } }";

fn week() -> Value {
    let period = |weekday: &str, from: &str, to: &str| json!({ "weekday": weekday, "from": from, "to": to });
    json!({ "timeZone": "Africa/Lagos", "notes": "Not on holidays", "validTo": "2027-06-30", "periods": [
        period("MONDAY", "09:00", "12:00"), period("WEDNESDAY", "09:00", "12:00"), period("MONDAY", "13:00", "24:00"),
    ] })
}

fn publication() -> Value {
    json!({ "language": "en", "name": "Legal advice", "openingHours": week(), "locations": [
        { "kind": "PHYSICAL", "name": "Center" },
        { "kind": "VIRTUAL", "name": "Helpline", "openingHours": { "timeZone": "UTC", "periods": [
            { "weekday": "TUESDAY", "from": "20:00", "to": "06:00" }] } },
    ] })
}

async fn a_week_is_entered_and_told(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let made = done(&app, &world.editor, "publishService", publication(), SELECT).await;
    let service = &made["service"];
    assert_eq!(
        service["schedules"],
        json!([
            { "frequency": "WEEKLY", "days": ["MO", "WE"], "opensAt": "09:00", "closesAt": "12:00", "notes": "Not on holidays",
              "timeZone": "Africa/Lagos", "validTo": "2027-06-30", "description": "Monday, Wednesday 09:00–12:00" },
            { "frequency": "WEEKLY", "days": ["MO"], "opensAt": "13:00", "closesAt": "24:00", "notes": "Not on holidays",
              "timeZone": "Africa/Lagos", "validTo": "2027-06-30", "description": "Monday 13:00–24:00" },
        ])
    );
    assert_eq!(service["nextOpening"], "2026-11-30T08:00:00Z");
    assert_eq!(service["isOpenAt"], true);
    let at = |number: usize| &service["locations"][number];
    assert_eq!((&at(0)["schedules"][0]["days"], &at(0)["isOpenAt"]), (&json!(["MO", "WE"]), &json!(false)));
    assert_eq!((&at(1)["schedules"][0]["opensAt"], &at(1)["isOpenAt"]), (&json!("20:00"), &json!(true)));

    let change = |version: i32, rest: Value| {
        let mut input = json!({ "serviceId": service["id"], "expectedVersion": version });
        input.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        input
    };
    let other = done(&app, &world.editor, "updateService", change(1, json!({ "name": "Advice" })), SELECT).await;
    assert_eq!(other["service"]["schedules"], service["schedules"], "what is not said stays");
    let words = json!({ "openingHours": { "timeZone": "UTC", "periods": [], "notes": "By appointment" } });
    let other = done(&app, &world.editor, "updateService", change(2, words), SELECT).await;
    assert_eq!(other["service"]["schedules"][0]["description"], "By appointment");
    assert_eq!(other["service"]["schedules"].as_array().unwrap().len(), 1);
    let center = json!({ "locationId": at(0)["location"]["id"], "kind": "PHYSICAL", "name": "Center" });
    let rest = json!({ "openingHours": { "timeZone": "UTC", "periods": [] }, "locations": [center] });
    let other = done(&app, &world.editor, "updateService", change(3, rest), SELECT).await;
    assert_eq!(other["service"]["schedules"], json!([]));
    assert_eq!(other["service"]["locations"].as_array().unwrap().len(), 1, "a place goes with its hours");
    assert_eq!(app.count("schedule").await, 0);
}

async fn impossible_hours_are_told_all_at_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let period = |weekday: &str, from: &str, to: &str| json!({ "weekday": weekday, "from": from, "to": to });
    let hours = json!({ "timeZone": "Mars/Crater", "validFrom": "2027-01-01", "validTo": "2026-01-01",
        "notes": "x".repeat(501), "periods": [
            period("MONDAY", "24:00", "25:00"), period("MONDAY", "09:00", "12:00"), period("MONDAY", "09:00", "12:00"),
            period("FRIDAY", "9:00", "noon"),
        ] });
    let mut input = publication();
    input["openingHours"] = hours;
    input["locations"][1]["openingHours"]["periods"][0]["to"] = json!("24:30");
    let told = tried(&app, &world.editor, "publishService", input, "service { id }").await;
    let fields: Vec<String> = told["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            error["field"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(".")
        })
        .collect();
    let mut expected = [
        "locations.1.openingHours.periods.0.to",
        "openingHours.timeZone",
        "openingHours.validTo",
        "openingHours.notes",
        "openingHours.periods.0.from",
        "openingHours.periods.0.to",
        "openingHours.periods.2.weekday",
        "openingHours.periods.3.from",
        "openingHours.periods.3.to",
    ];
    let mut found = fields.clone();
    found.sort();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

on_both_engines!(a_week_is_entered_and_told, impossible_hours_are_told_all_at_once);
