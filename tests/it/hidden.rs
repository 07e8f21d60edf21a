//! What nobody outside may learn by any way that leads out of the directory: when people come to a secret place, and what
//! stands in a draft.

use crate::hsds::scene::Scene;
use crate::support::app::{Persona, TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::found::Found;
use crate::support::imports::{MAP, NDJSON, map, options};
use crate::support::seed::run;
use crate::support::verbs::{done, rule};
use crate::support::world::{World, gid};
use passerelle::domain::global_id::{Kind, decode};
use passerelle::domain::schedule::Schedule;
use passerelle::hsds::export::{Form, Scope};
use passerelle::hsds::ndjson;
use passerelle::store::schedules::ScheduleOf;
use passerelle::usecase::export::export;
use passerelle::usecase::import::preview;
use reqwest::Method;
use serde_json::{Value, json};
use std::io::Read as _;
use uuid::Uuid;

/// Everything that goes out without a token: the lists and exports as they come, archives unpacked.
async fn everything_outside(app: &TestApp, country: Uuid) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut paths = vec![format!("/maps/coverage?area={}&levels=9", gid(Kind::Area, country))];
    for list in ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"] {
        paths.extend([format!("/hsds/{list}?per_page=100"), format!("/hsds/{list}?format=ndjson")]);
    }
    paths.extend(
        ["services?full", "organizations?full_service", "service_at_locations?full"]
            .map(|list| format!("/hsds/{list}=true&format=ndjson")),
    );
    for path in paths {
        let answer = app.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        all.push((path, answer.text().await.unwrap()));
    }
    for form in Form::ALL {
        let bytes = export(&app.app, form, &Scope::default(), None).await.unwrap().unwrap();
        if form != Form::Package {
            all.push((form.file().to_owned(), String::from_utf8(bytes).unwrap()));
            continue;
        }
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            all.push((file.name().unwrap().into_owned(), text));
        }
    }
    all
}

const HOURS: &str = "query($id: ID!) { service(by: { id: $id }) { schedules { notes } \
    nextOpening(after: \"2026-11-28T12:00:00Z\") isOpenAt(at: \"2026-11-30T12:00:00Z\") \
    locations { schedules { notes } nextOpening isOpenAt location { kind address latitude longitude transportation \
      accessibility { description } } } } }";
const OPEN: &str = "{ services(first: 50, filter: { openAt: \"2026-11-30T12:00:00Z\" }) { nodes { id } } \
    serviceFacets(filter: { openAt: \"2026-11-30T12:00:00Z\" }) { totalCount } }";

/// Says hours of all that there is of a service: of itself, of its places and of it there.
async fn say_hours(app: &TestApp, service: Uuid) {
    let text = "SELECT id, location_id FROM service_at_location WHERE service_id = $1";
    let places = app.app.store.rows(text, vec![service.into()]).await.unwrap();
    let schedule =
        Schedule { notes: "CANARY-HOURS".into(), ..Schedule::weekly(&[0, 1, 2, 3, 4, 5, 6], 0, 1440, "UTC") };
    let mut all = vec![(ScheduleOf::Service(service), std::slice::from_ref(&schedule))];
    for place in &places {
        let key = |column: &str| place.try_get("", column).unwrap();
        all.push((ScheduleOf::Place(key("id")), std::slice::from_ref(&schedule)));
        all.push((ScheduleOf::Location(key("location_id")), std::slice::from_ref(&schedule)));
    }
    let tx = app.app.store.begin().await.unwrap();
    tx.put_schedules(&all).await.unwrap();
    tx.commit().await.unwrap();
    let set = "UPDATE location SET transportation = 'CANARY-BUS', accessibility = '[{\"description\":\"CANARY-RAMP\"}]' \
               WHERE id IN (SELECT location_id FROM service_at_location WHERE service_id = $1)";
    run(app, set, vec![service.into()]).await;
}

async fn nobody_learns_when_people_come_to_a_secret_place(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let (app, world) = (&scene.app, &scene.world);
    say_hours(app, scene.shelter).await;
    let id = gid(Kind::Service, scene.shelter);
    let who = [
        ("nobody", Persona::public()),
        ("a partner", world.case_manager.clone()),
        ("its own", world.provider_supervisor.clone()),
    ];
    for (name, who) in &who {
        let seen = app.run(who, HOURS, json!({ "id": id })).await["service"].clone();
        let place = json!({ "schedules": [], "nextOpening": null, "isOpenAt": null, "location": {
            "kind": "CONFIDENTIAL", "address": "", "latitude": null, "longitude": null, "transportation": "",
            "accessibility": [] } });
        let nothing = json!({ "schedules": [], "nextOpening": null, "isOpenAt": null, "locations": [place] });
        assert_eq!(seen, nothing, "{name}");
        let open = app.run(who, OPEN, json!({})).await;
        assert_eq!(open, json!({ "services": { "nodes": [] }, "serviceFacets": { "totalCount": 0 } }), "{name}");
    }
    for (path, text) in everything_outside(app, world.country).await {
        assert!(!text.contains("CANARY"), "{path}");
    }
    // Where one of two places is no secret, the service's own hours are that one's.
    let open =
        "INSERT INTO location (id, organization_id, kind, name, created_at) VALUES ($1, $2, 'PHYSICAL', 'Desk', 0)";
    let (desk, at) = (Uuid::now_v7(), Uuid::now_v7());
    run(app, open, vec![desk.into(), world.provider.into()]).await;
    let text = "INSERT INTO service_at_location (id, service_id, location_id, created_at) VALUES ($1, $2, $3, 0)";
    run(app, text, vec![at.into(), scene.shelter.into(), desk.into()]).await;
    let seen = app.run(&Persona::public(), HOURS, json!({ "id": id })).await["service"].clone();
    let told = json!([{ "notes": "CANARY-HOURS" }]);
    assert_eq!((&seen["schedules"], &seen["isOpenAt"]), (&told, &json!(true)));
    let hidden =
        seen["locations"].as_array().unwrap().iter().find(|at| at["location"]["kind"] == "CONFIDENTIAL").unwrap();
    assert_eq!((&hidden["schedules"], &hidden["isOpenAt"]), (&json!([]), &json!(null)));
    let open = app.run(&Persona::public(), OPEN, json!({})).await;
    assert_eq!(open["services"]["nodes"], json!([{ "id": id }]));
}

async fn a_place_that_becomes_a_secret_forgets_its_hours(engine: Engine) {
    let found = Found::empty(engine).await;
    let mut input = found.input("k", "SOC.IND.HOUSING", "Valmer", "Shelter");
    let week = json!({ "timeZone": "UTC", "periods": [{ "weekday": "MONDAY", "from": "09:00", "to": "17:00" }] });
    input["locations"][0]["openingHours"] = week.clone();
    let id = found.publish(input).await;
    let key = decode(&id).unwrap().1;
    assert_eq!(found.app.count("schedule").await, 1);
    let text = "SELECT location_id FROM service_at_location WHERE service_id = $1";
    let rows = found.app.app.store.rows(text, vec![key.into()]).await.unwrap();
    let location: Uuid = rows[0].try_get("", "location_id").unwrap();
    let place = json!({ "kind": "CONFIDENTIAL", "name": "Hidden", "locationId": gid(Kind::Location, location) });
    let mut with_hours = place.clone();
    with_hours["openingHours"] = week;
    let update = json!({ "serviceId": id, "expectedVersion": 1, "locations": [with_hours] });
    assert_eq!(rule(&found.app, &found.editor, "updateService", update).await, "INVALID");
    let update = json!({ "serviceId": id, "expectedVersion": 1, "locations": [place] });
    done(&found.app, &found.editor, "updateService", update, "service { id }").await;
    assert_eq!(found.app.count("schedule").await, 0);
}

async fn an_import_never_opens_what_was_hidden_here(engine: Engine) {
    let app = TestApp::start(engine).await;
    let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
    let map = map(&app, MAP).await;
    crate::support::imports::take(&app, &directory, &map, &options("town")).await;
    run(&app, "UPDATE location SET kind = 'CONFIDENTIAL', latitude = NULL, longitude = NULL, address = ''", vec![])
        .await;
    let moved = NDJSON.replace("\"latitude\":", "\"transportation\":\"Bus 7\",\"latitude\":");
    assert_ne!(moved, NDJSON);
    let directory = ndjson::read_bytes(moved.as_bytes()).unwrap();
    crate::support::imports::take(&app, &directory, &map, &options("town")).await;
    assert_eq!(app.count("location WHERE kind <> 'CONFIDENTIAL' OR latitude IS NOT NULL OR address <> ''").await, 0);
}

async fn a_draft_leaves_by_no_way(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let input = json!({ "name": "Loans", "language": "en" });
    let made = done(&app, &world.editor, "publishService", input, "service { id }").await;
    let area =
        "query($area: ID!) { serviceCoverage(area: $area, levels: 2) { cells { services } categories { services } } }";
    let coverage = async || app.run(&Persona::public(), area, json!({ "area": gid(Kind::Area, world.country) })).await;
    let (before, covered) = (everything_outside(&app, world.country).await, coverage().await);
    let place = json!([{ "kind": "PHYSICAL", "name": "CANARY-DRAFT desk", "areaId": gid(Kind::Area, world.district),
        "latitude": 14.1, "longitude": -17.1 }]);
    let texts = json!({ "name": "CANARY-DRAFT loans", "description": "CANARY-DRAFT", "categoryCode": "ECO.IND.CREDIT",
        "locations": place, "servedAreaIds": [gid(Kind::Area, world.district)], "asDraft": {} });
    let with = |more: Value| {
        let mut input = texts.clone();
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let new = done(&app, &world.editor, "publishService", with(json!({ "language": "en" })), "revision { id version }");
    let new = new.await["revision"].clone();
    let change = with(json!({ "serviceId": made["service"]["id"], "expectedVersion": 1 }));
    done(&app, &world.editor, "updateService", change, "revision { id }").await;
    let submitted = json!({ "revisionId": new["id"], "expectedVersion": new["version"] });
    done(&app, &world.editor, "submitServiceRevision", submitted, "revision { id }").await;
    let after = everything_outside(&app, world.country).await;
    assert_eq!(coverage().await, covered, "a draft covers nothing");
    for ((path, before), (_, after)) in before.iter().zip(&after) {
        assert!(!after.contains("CANARY") && after == before, "{path} tells of a draft");
    }
    let revision = decode(new["id"].as_str().unwrap()).unwrap().1;
    for path in ["services", "service_at_locations"].map(|list| format!("/hsds/{list}/{revision}")) {
        assert_eq!(read(app.request(Method::GET, &path).send().await.unwrap()).await.status, 404, "{path}");
    }
    // An import does not see it either: what comes in and is called the same is no conflict, and no difference names it.
    let same = NDJSON.lines().next().unwrap().to_owned();
    let mut same: Value = serde_json::from_str(&same).unwrap();
    (same["name"], same["organization"]["name"]) = ("CANARY-DRAFT loans".into(), "Municipality".into());
    let directory = ndjson::read_bytes(same.to_string().as_bytes()).unwrap();
    let looked = preview(&app.app, &directory, &map(&app, MAP).await, &options("town"), &mut |_| {}).await.unwrap();
    let differences = serde_json::to_string(&looked.1.differences).unwrap();
    assert!(!differences.contains("CONFLICT") && !differences.contains(&revision.to_string()), "{differences}");
}

on_both_engines!(
    nobody_learns_when_people_come_to_a_secret_place,
    a_place_that_becomes_a_secret_forgets_its_hours,
    an_import_never_opens_what_was_hidden_here,
    a_draft_leaves_by_no_way,
);
