//! Exports: in each form only what is public, the same bytes for the same directory, and back again unchanged.

use crate::hsds::scene::{CONTACT, PAUSE, SECRET, Scene};
use crate::jordan;
use crate::schedules::imported::directory_with_more;
use crate::support::app::{TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::imports::{MAP, NDJSON, map, options, rows, take};
use crate::support::seed::run;
use crate::support::world::{add_area, gid};
use passerelle::domain::global_id::Kind;
use passerelle::hsds::export::{Form, Scope};
use passerelle::hsds::{CategoryMap, Directory, ndjson};
use passerelle::usecase::export::export;
use passerelle::usecase::import::Options;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read as _;
use uuid::Uuid;

/// Every form of the whole directory, as bytes.
async fn forms(app: &TestApp) -> BTreeMap<&'static str, Vec<u8>> {
    let mut all = BTreeMap::new();
    for form in Form::ALL {
        let bytes = export(&app.app, form, &Scope::default(), None).await.unwrap().unwrap();
        all.insert(form.file(), bytes);
    }
    all
}

/// An export of a form, read as an import would read the file.
fn back(form: Form, bytes: &[u8]) -> Directory {
    let path = std::env::temp_dir().join(format!("passerelle-export-{}-{}", Uuid::now_v7(), form.file()));
    std::fs::write(&path, bytes).unwrap();
    let directory = passerelle::hsds::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    directory
}

/// The files of an archive as texts; of any other file, the text itself.
fn texts(name: &str, bytes: &[u8]) -> Vec<(String, String)> {
    if name != Form::Package.file() {
        return vec![(name.to_owned(), String::from_utf8(bytes.to_vec()).unwrap())];
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut all = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        all.push((file.name().unwrap().into_owned(), text));
    }
    all
}

/// Tells where two exports differ, line by line, rather than as two walls of text.
fn assert_same(what: &str, left: &BTreeMap<&'static str, Vec<u8>>, right: &BTreeMap<&'static str, Vec<u8>>) {
    for (name, bytes) in left {
        for ((file, old), (_, new)) in texts(name, bytes).iter().zip(texts(name, &right[name])) {
            for (at, (old, new)) in old.lines().zip(new.lines()).enumerate() {
                assert_eq!(old, new, "{what}: {file} line {}", at + 1);
            }
            assert_eq!(old.lines().count(), new.lines().count(), "{what}: {file}");
        }
        assert!(*bytes == right[name], "{what}: {name}");
    }
}

/// An area, with the code of the one above it.
pub struct Lies {
    code: String,
    level: i32,
    name: String,
    above: Option<String>,
}

/// All areas of a server, from above to below.
pub async fn areas_of(app: &TestApp) -> Vec<Lies> {
    let text = "SELECT a.pcode AS pcode, a.level AS level, a.name AS name, up.pcode AS above FROM area a \
                LEFT JOIN area up ON up.id = a.parent_id ORDER BY a.level, a.pcode";
    let read = |row: &sea_orm::QueryResult| Lies {
        code: row.try_get("", "pcode").unwrap(),
        level: row.try_get("", "level").unwrap(),
        name: row.try_get("", "name").unwrap(),
        above: row.try_get("", "above").unwrap(),
    };
    app.app.store.rows(text, vec![]).await.unwrap().iter().map(read).collect()
}

/// Who does what where without the day on which each entry was published here, which a copy has of its own.
fn undated(mut forms: BTreeMap<&'static str, Vec<u8>>) -> BTreeMap<&'static str, Vec<u8>> {
    let table = forms.get_mut(Form::ThreeW.file()).unwrap();
    let mut rows = records(table);
    let at = rows[1].iter().position(|tag| tag == "#date+start").unwrap();
    rows.iter_mut().for_each(|row| drop(row.remove(at)));
    *table = rows.iter().map(|row| row.join("|")).collect::<Vec<_>>().join("\n").into_bytes();
    forms
}

/// Exports, imports each form into an empty server with the same areas, and exports again.
pub async fn there_and_back(engine: Engine, first: &TestApp, areas: &[Lies]) {
    let before = forms(first).await;
    assert_same("exported twice", &before, &forms(first).await);
    for form in [Form::Ndjson, Form::Package] {
        let second = TestApp::start(engine).await;
        second.clock.advance(jiff::SignedDuration::from_hours(30));
        let mut known: BTreeMap<&str, Uuid> = BTreeMap::new();
        for Lies { code, level, name, above } in areas {
            let above = above.as_deref().map(|code| known[code]);
            known.insert(code, add_area(&second, code, *level, above, name).await);
        }
        let directory = back(form, &before[form.file()]);
        let options = Options { mirror: true, ..options("mirror") };
        let report = take(&second, &directory, &CategoryMap::default(), &options).await;
        assert_eq!(report.lost(), 0, "{:?}", report.rows);
        assert_same(form.file(), &undated(before.clone()), &undated(forms(&second).await));
        let rows_before = rows(&second).await;
        let again = take(&second, &directory, &CategoryMap::default(), &options).await;
        assert_eq!((again.counts.services.new, again.counts.services.changed), (0, 0));
        assert_eq!(rows(&second).await, rows_before, "a second import writes nothing");
    }
}

async fn the_synthetic_set_comes_back_the_same(engine: Engine) {
    let app = TestApp::start(engine).await;
    let country = add_area(&app, "XX", 0, None, "Country").await;
    for (code, name) in [("XX01", "Littoral"), ("XX02", "North Province")] {
        add_area(&app, code, 1, Some(country), name).await;
    }
    let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
    let map = map(&app, MAP).await;
    take(&app, &directory, &map, &options("town")).await;
    there_and_back(engine, &app, &areas_of(&app).await).await;
}

async fn a_directory_of_members_comes_back_the_same(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let app = &scene.app;
    // A confirmation does not travel.
    run(app, "UPDATE service SET assured_on = NULL", vec![]).await;
    there_and_back(engine, app, &areas_of(app).await).await;
}

async fn the_jordan_set_comes_back_the_same(engine: Engine) {
    let Some(folder) = jordan::set() else { return };
    let app = TestApp::start(engine).await;
    let directory = passerelle::hsds::read(&folder.join("services_hsds-3.2.3.ndjson")).unwrap();
    let map = map(&app, jordan::MAP).await;
    take(&app, &directory, &map, &Options { language: "en".into(), ..options("jordan") }).await;
    there_and_back(engine, &app, &[]).await;
}

async fn hours_prices_and_access_come_back_the_same(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut wanted, _) = directory_with_more();
    // The same hours told day by day by somebody who names the zone, from the end of a month, and to the end of a day.
    let more = json!([
        { "freq": "WEEKLY", "byday": "WE", "opens_at": "13:00", "closes_at": "17:00", "timezone_name": "Asia/Beirut" },
        { "freq": "WEEKLY", "byday": "TH", "opens_at": "13:00", "closes_at": "17:00", "timezone_name": "Asia/Beirut" },
        { "freq": "MONTHLY", "byday": "-1FR", "opens_at": "13:00", "closes_at": "24:00", "wkst": "SU", "notes": "=Not on holidays" },
        { "freq": "MONTHLY", "bymonthday": "-1,1", "opens_at": "07:30", "closes_at": "09:00", "valid_from": "2026-01-01",
          "until": "9999-12-31", "description": "First and last" },
    ]);
    wanted["schedules"].as_array_mut().unwrap().extend(more.as_array().unwrap().clone());
    let prices = json!([{ "option": "Adults", "amount": 3, "amount_description": "a month" }, { "option": "Adults", "amount": 2 }]);
    wanted["cost_options"].as_array_mut().unwrap().extend(prices.as_array().unwrap().clone());
    // Texts that a table could change: what begins like a formula, or like a guarded one, and signs between words.
    wanted["name"] = json!("'=SUM(1)");
    wanted["alert"] = json!("''-5 %");
    wanted["description"] = json!("One\tand two;=HYPERLINK(1)\nand \"three\"");
    let directory = ndjson::read_bytes(wanted.to_string().as_bytes()).unwrap();
    let options = Options { country: Some("LB".into()), ..options("town") };
    take(&app, &directory, &map(&app, MAP).await, &options).await;
    let told = String::from_utf8(forms(&app).await.remove(Form::Ndjson.file()).unwrap()).unwrap();
    let service: Value = serde_json::from_str(told.trim_end()).unwrap();
    assert_eq!(service["schedules"].as_array().unwrap().len(), 7, "{service}");
    assert_eq!(service["cost_options"].as_array().unwrap().len(), 4);
    assert_eq!((&service["name"], &service["alert"]), (&wanted["name"], &wanted["alert"]));
    assert_eq!(service["description"], wanted["description"]);
    // Hours of which nobody said how they repeat open nothing, and no copy makes a rule of them.
    run(&app, "UPDATE schedule SET frequency = NULL WHERE days = 'TH'", vec![]).await;
    let told = String::from_utf8(forms(&app).await.remove(Form::Ndjson.file()).unwrap()).unwrap();
    let service: Value = serde_json::from_str(told.trim_end()).unwrap();
    let wordy = |one: &&Value| one["freq"].is_null();
    let wordy: Vec<&Value> = service["schedules"].as_array().unwrap().iter().filter(wordy).collect();
    assert!(!wordy.is_empty() && wordy.iter().all(|one| one["byday"].is_null() && one["opens_at"].is_null()));
    there_and_back(engine, &app, &[]).await;
    let hidden = "UPDATE location SET kind = 'CONFIDENTIAL', latitude = NULL, longitude = NULL, address = ''";
    run(&app, hidden, vec![]).await;
    there_and_back(engine, &app, &[]).await;
}

async fn nothing_confidential_is_exported(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let all = forms(&scene.app).await;
    for (name, bytes) in &all {
        for (file, text) in texts(name, bytes) {
            for canary in [SECRET, CONTACT, PAUSE, "desk@example.org", "+000", "CONFIDENTIAL"] {
                assert!(!text.contains(canary), "{canary} in {file}");
            }
            for key in &scene.hidden {
                assert!(!text.contains(&key.to_string()), "a hidden service in {file}");
            }
        }
    }
    let map: Value = serde_json::from_slice(&all[Form::GeoJson.file()]).unwrap();
    let features = map["features"].as_array().unwrap();
    assert_eq!(map["type"], "FeatureCollection");
    let of = |service: Uuid| {
        let id = service.to_string();
        features.iter().find(move |feature| feature["properties"]["service_id"] == id.as_str()).unwrap()
    };
    assert_eq!(of(scene.shelter)["geometry"], Value::Null, "a confidential place has no point");
    assert_eq!(of(scene.paused)["properties"]["status"], "temporarily closed");
    for feature in features {
        assert_eq!(feature["type"], "Feature");
        assert!(Uuid::try_parse(feature["id"].as_str().unwrap()).is_ok());
        let properties = feature["properties"].as_object().unwrap();
        assert!(properties.values().all(|value| value.is_string() || value.is_boolean()), "flat: {properties:?}");
        if feature["geometry"].is_null() {
            continue;
        }
        assert_eq!(feature["geometry"]["type"], "Point");
        let point: Vec<f64> =
            feature["geometry"]["coordinates"].as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect();
        assert!(point.len() == 2 && point[0].abs() <= 180.0 && point[1].abs() <= 90.0, "{point:?}");
    }
    // Longitude first: the paused one was moved to the north.
    assert_eq!(of(scene.paused)["geometry"]["coordinates"][1], 15.5);
    let tables = texts(Form::Package.file(), &all[Form::Package.file()]);
    let locations = &tables.iter().find(|(file, _)| file == "locations.csv").unwrap().1;
    assert!(locations.contains("virtual"), "{locations}");
}

/// The records of a table.
pub fn records(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

async fn who_does_what_where_follows_its_rules(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let app = &scene.app;
    let set = "UPDATE service SET name = '=HYPERLINK(1)' WHERE id = $1";
    run(app, set, vec![scene.paused.into()]).await;
    run(
        app,
        "UPDATE service SET category_code = NULL, dimension = NULL, level = NULL WHERE id = $1",
        vec![scene.shelter.into()],
    )
    .await;
    let bytes = export(&app.app, Form::ThreeW, &Scope::default(), None).await.unwrap().unwrap();
    let table = records(&bytes);
    let (tags, rows) = (&table[1], &table[2..]);
    assert_eq!(rows.len(), 4, "one for each service at a location");
    let is_part = |part: &str| {
        part.starts_with(|sign: char| sign.is_ascii_alphabetic())
            && part.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
    };
    assert!(tags.iter().all(|tag| tag.strip_prefix('#').is_some_and(|rest| rest.split('+').all(is_part))), "{tags:?}");
    assert!(!tags.iter().any(|tag| tag.starts_with("#contact") || tag.contains("email")));
    for row in rows {
        assert_eq!(row.len(), tags.len());
        for (tag, cell) in tags.iter().zip(row) {
            let is_number = tag.starts_with("#geo");
            assert!(is_number || !cell.starts_with(['=', '+', '-', '@']), "{tag} {cell}");
            if ["#org", "#sector", "#activity", "#status"].iter().any(|must| tag.starts_with(must)) {
                assert!(!cell.trim().is_empty(), "{tag} of {row:?}");
            }
            if *tag == "#date+reported" {
                assert!(cell.parse::<jiff::civil::Date>().is_ok(), "{cell}");
            }
        }
    }
    let column = |tag: &str| tags.iter().position(|one| one == tag).unwrap();
    let of = |service: Uuid| {
        let at = format!("'{}", "=HYPERLINK(1)");
        rows.iter().find(|row| (service == scene.paused) == (row[column("#service+name")] == at)).unwrap()
    };
    assert_eq!(of(scene.paused)[column("#status")], "suspended");
    assert_eq!(of(scene.paused)[column("#adm1+code+v_pcode")], "XX02");
    assert!(rows.iter().any(|row| row[column("#sector+name")] == "Not classified"));
    let secret = rows.iter().find(|row| row[column("#modality")] != "in person").unwrap();
    assert_eq!(secret[column("#modality")], "", "nobody is told that it is remote");
    assert_eq!((secret[column("#geo+lat")].as_str(), secret[column("#loc+name")].as_str()), ("", ""));
    assert!(bytes.starts_with(b"\"") && String::from_utf8(bytes).unwrap().lines().all(|line| line.ends_with('"')));
}

async fn exports_are_had_by_address(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let app = &scene.app;
    for form in Form::ALL {
        let path = format!("/exports/{}", form.file());
        let answer = app.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers().clone();
        assert_eq!(headers["content-type"], form.media());
        assert_eq!(headers["access-control-allow-origin"], "*");
        let bytes = answer.bytes().await.unwrap();
        let expected = export(&app.app, form, &Scope::default(), None).await.unwrap().unwrap();
        assert!(bytes == expected, "{path}");
        let again = app.request(Method::GET, &path).header("if-none-match", &headers["etag"]).send().await.unwrap();
        assert_eq!(again.status(), 304, "{path}");
        assert!(again.bytes().await.unwrap().is_empty());
    }
    let services = async |query: String| {
        let answer = app.request(Method::GET, &format!("/exports/services.ndjson?{query}")).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{query}");
        answer.text().await.unwrap().lines().count()
    };
    let municipality = scene.world.municipality;
    assert_eq!(services(String::new()).await, 4);
    assert_eq!(services(format!("organization={municipality}")).await, 1);
    assert_eq!(services(format!("organization={}", gid(Kind::Organization, municipality))).await, 1);
    let far = services("area=XX02".to_owned()).await;
    assert_eq!((far, services(format!("area={}", scene.far)).await), (2, 2));
    assert_eq!(services(format!("area={}", gid(Kind::Area, scene.far))).await, 2);
    assert_eq!(services(format!("area={}", scene.world.country)).await, 4, "with all below it");
    assert_eq!(services(format!("area=XX02&organization={municipality}")).await, 1);
    let refused = [
        ("/exports/services.ndjson?area=NOWHERE", 404),
        ("/exports/services.ndjson?organization=x", 404),
        ("/exports/services.ndjson?area=", 400),
        ("/exports/services.ndjson?mood=x", 400),
        ("/exports/persons.csv", 404),
    ];
    for (path, status) in refused {
        let answer = read(app.request(Method::GET, path).send().await.unwrap()).await;
        assert_eq!(answer.status, status, "{path}");
    }
    let posted = app.request(Method::POST, "/exports/3w.csv").send().await.unwrap();
    assert_eq!(posted.status(), 405);
    let asked = app.request(Method::OPTIONS, "/exports/3w.csv").send().await.unwrap();
    assert_eq!((asked.status().as_u16(), asked.headers()["access-control-allow-origin"].to_str().unwrap()), (204, "*"));
}

on_both_engines!(
    the_synthetic_set_comes_back_the_same,
    a_directory_of_members_comes_back_the_same,
    the_jordan_set_comes_back_the_same,
    hours_prices_and_access_come_back_the_same,
    nothing_confidential_is_exported,
    who_does_what_where_follows_its_rules,
    exports_are_had_by_address,
);
