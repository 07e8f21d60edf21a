//! Coverage and unmet needs as GeoJSON: what a map needs, under the same rules as everywhere else.

use crate::boundaries::{fixture, take};
use crate::support::app::{Answer, Persona, TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::world::{World, gid};
use crate::unmet::{story, today};
use jiff::SignedDuration;
use passerelle::domain::global_id::Kind;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

async fn get(app: &TestApp, who: &Persona, path: &str) -> Answer {
    let request = app.request(Method::GET, path);
    let request = match &who.token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    read(request.send().await.unwrap()).await
}

/// Checks a collection against RFC 7946 and gives the properties by place code.
fn checked(answer: &Answer) -> Value {
    assert_eq!((answer.status, &answer.headers["content-type"]), (200, &"application/geo+json".parse().unwrap()));
    assert_eq!(answer.body["type"], "FeatureCollection");
    assert!(answer.body.get("crs").is_none());
    let mut by_code = json!({});
    for feature in answer.body["features"].as_array().unwrap() {
        assert_eq!(feature["type"], "Feature");
        assert!(feature["id"].is_string() && feature.as_object().unwrap().contains_key("geometry"));
        let geometry = &feature["geometry"];
        let polygons = match geometry["type"].as_str() {
            None => vec![],
            Some("Polygon") => vec![geometry["coordinates"].clone()],
            Some(_) => geometry["coordinates"].as_array().unwrap().clone(),
        };
        for polygon in polygons {
            check_rings(&polygon, &feature["bbox"]);
        }
        let properties = feature["properties"].as_object().unwrap();
        assert!(properties.values().all(|value| !value.is_object() && !value.is_array() && !value.is_null()), "flat");
        by_code[feature["properties"]["pcode"].as_str().unwrap()] = feature["properties"].clone();
    }
    by_code
}

fn check_rings(polygon: &Value, bounds: &Value) {
    let number = |value: &Value| value.as_f64().unwrap();
    for (at, ring) in polygon.as_array().unwrap().iter().enumerate() {
        let ring: Vec<(f64, f64)> =
            ring.as_array().unwrap().iter().map(|at| (number(&at[0]), number(&at[1]))).collect();
        assert!(ring.len() >= 4 && ring.first() == ring.last());
        let twice: f64 = ring.windows(2).map(|pair| pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1).sum();
        assert_eq!(twice > 0.0, at == 0, "the outer ring runs counterclockwise and holes clockwise");
        for (x, y) in ring {
            assert!(
                number(&bounds[0]) <= x
                    && x <= number(&bounds[2])
                    && number(&bounds[1]) <= y
                    && y <= number(&bounds[3])
            );
        }
    }
}

async fn coverage_is_drawn_for_everybody(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    take(&app, &fixture()).await;
    let path = format!("/maps/coverage?area={}&levels=2", gid(Kind::Area, world.country));
    let public = get(&app, &Persona::public(), &path).await;
    let seen = checked(&public);
    assert_eq!(seen.as_object().unwrap().len(), 7, "the country, two regions and four districts");
    assert_eq!(public.body["bbox"], json!([10.0, 5.0, 12.5, 5.5]));
    assert_eq!((&seen["XX01"]["services"], &seen["XX02"]["services"]), (&json!(1), &json!(0)), "a gap is a zero");
    assert_eq!(seen["XX01"]["services_economic_individual"], 1);
    assert_eq!((&seen["XX0201"]["name"], &seen["XX0201"]["name_ar"]), (&json!("Old Harbor"), &json!("ميناء")));
    assert!(seen["XX01"].get("capacity").is_none() && seen["XX01"].get("caseload").is_none());
    assert_eq!(public.headers["cache-control"], "public, max-age=300");
    let known = get(&app, &world.coordinator, &path).await;
    let seen = checked(&known);
    assert_eq!((&seen["XX01"]["capacity"], &seen["XX01"]["caseload"]), (&json!(10), &json!(0)));
    assert_eq!(
        (&known.body["fewestPersons"], &known.headers["cache-control"]),
        (&json!(5), &"no-store".parse().unwrap())
    );
    let stranger = checked(&get(&app, &world.outsider, &path).await);
    assert!(stranger["XX01"]["capacity"] == 10 && stranger["XX01"].get("caseload").is_none());
    let of_category = |code: &str| format!("{path}&category={code}");
    let seen = checked(&get(&app, &Persona::public(), &of_category("ECO.IND")).await);
    assert_eq!(seen["XX"]["services"], 1);
    let seen = checked(&get(&app, &Persona::public(), &of_category("SOC.IND")).await);
    assert_eq!(seen["XX"]["services"], 0);
}

async fn hidden_needs_are_not_in_the_map(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    story(&app, &world).await;
    take(&app, &fixture()).await;
    let path = format!("/maps/unmet-needs?area={}&levels=2&quarter=2026-Q4", gid(Kind::Area, world.country));
    let early = get(&app, &world.evaluator, &path).await;
    assert_eq!((early.status, &early.body["errors"][0]["extensions"]["code"]), (400, &json!("BAD_USER_INPUT")));
    app.clock.advance(SignedDuration::from_hours(24 * 60));
    let told = get(&app, &today(&app, &world.evaluator), &path).await;
    let seen = checked(&told);
    assert_eq!((&told.body["quarter"], &told.body["fewestPersons"]), (&json!("2026-Q4"), &json!(5)));
    assert_eq!((&seen["XX"]["needsOpen"], &seen["XX01"]["waiting"]), (&json!(10), &json!(6)));
    for region in ["XX01", "XX02"] {
        assert!(seen[region].get("needsOpen").is_none(), "{seen}");
        assert_eq!((&seen[region]["needsOpenHidden"], &seen[region]["needsOpenAtLeast"]), (&json!(true), &json!(0)));
    }
    let outside = checked(&get(&app, &today(&app, &world.editor), &path).await);
    assert_eq!((&outside["XX"]["needsOpen"], &outside["XX"]["waitingHidden"]), (&json!(10), &json!(true)));
}

async fn a_map_is_refused_as_everything_else(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (area, unknown) = (gid(Kind::Area, world.country), gid(Kind::Area, Uuid::now_v7()));
    let quarter = "quarter=2026-Q3";
    for (who, path, status) in [
        (Persona::public(), format!("unmet-needs?area={area}&{quarter}"), 401),
        (world.case_manager.clone(), format!("unmet-needs?area={area}&{quarter}"), 404),
        (world.outsider.clone(), format!("unmet-needs?area={area}&{quarter}"), 404),
        (world.evaluator.clone(), format!("unmet-needs?area={unknown}&{quarter}"), 404),
        (world.evaluator.clone(), format!("unmet-needs?area={area}&{quarter}"), 200),
        (world.evaluator.clone(), format!("unmet-needs?area={area}"), 400),
        (world.evaluator.clone(), format!("unmet-needs?area={area}&quarter=2026"), 400),
        (Persona::public(), format!("coverage?area={unknown}"), 404),
        (Persona::public(), format!("coverage?area={}", gid(Kind::Service, world.service)), 400),
        (Persona::public(), format!("coverage?area={area}&levels=10"), 400),
        (Persona::public(), format!("coverage?area={area}&text=x"), 400),
        (Persona::public(), "coverage".to_owned(), 400),
        (Persona { token: Some("no".into()), ..Persona::public() }, format!("coverage?area={area}"), 401),
    ] {
        let answer = get(&app, &who, &format!("/maps/{path}")).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
    }
}

on_both_engines!(coverage_is_drawn_for_everybody, hidden_needs_are_not_in_the_map, a_map_is_refused_as_everything_else,);
