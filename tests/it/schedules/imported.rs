//! Schedules of other directories come in, and go out again as they came.

use crate::support::app::{Persona, TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::imports::{MAP, map, options, take};
use passerelle::hsds::{self, ndjson};
use passerelle::usecase::import::Options;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

pub fn directory() -> Value {
    let id = |number: u128| Uuid::from_u128(number).to_string();
    json!({
        "id": id(1), "name": "Advice", "status": "active",
        "organization": { "id": id(2), "name": "Center", "description": "A center" },
        "schedules": [
            { "id": id(3), "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00+02:00", "closes_at": "12:00+02:00" },
            { "id": id(4), "freq": "MONTHLY", "byday": "2MO", "dtstart": "2026-01-01", "interval": 2, "opens_at": "22:00",
              "closes_at": "02:00", "timezone": 3 },
            { "id": id(5), "description": "By appointment" },
        ],
        "service_at_locations": [{ "id": id(6), "schedules": [
                { "id": id(7), "freq": "WEEKLY", "byday": "FR", "opens_at": "08:00", "closes_at": "24:00", "valid_to": "2027-01-01" }],
            "location": { "id": id(8), "location_type": "physical", "name": "House", "latitude": 33.9, "longitude": 35.5,
                "addresses": [{ "id": id(9), "address_1": "Street 1", "city": "Beirut", "state_province": "B", "postal_code": "1",
                    "country": "LB", "address_type": "physical" }],
                "schedules": [{ "id": id(10), "freq": "WEEKLY", "byday": "SA", "opens_at": "10:00", "closes_at": "11:30" }] } }],
    })
}

/// The same with all that directories say besides; with the part of it that stands at the service itself.
pub fn directory_with_more() -> (Value, Value) {
    let id = |number: u128| Uuid::from_u128(number).to_string();
    let mut wanted = directory();
    let said = json!({ "alternate_name": "The desk", "url": "https://desk.example.org/advice", "alert": "Closed on Friday",
        "accreditations": "Tested in 2026", "interpretation_services": "Dari by phone" });
    wanted.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
    wanted["cost_options"] = json!([
        { "id": id(20), "option": "Adults", "currency": "lbp", "amount": 12.5, "valid_to": "2027-01-01" },
        { "id": id(21), "option": "Children", "currency": "pounds", "amount": -1 },
        { "id": id(22) },
    ]);
    wanted["funding"] = json!([{ "id": id(23), "source": "A fund", "valid_to": "2026-12-31" }]);
    wanted["organization"]["alternate_name"] = json!("CTR");
    wanted["organization"]["organization_identifiers"] = json!([{ "id": id(24), "identifier_scheme": "XI-IATI",
        "identifier_type": "IATI", "identifier": "4711" }]);
    let location = &mut wanted["service_at_locations"][0]["location"];
    location["transportation"] = json!("Bus 4");
    location["accessibility"] =
        json!([{ "id": id(25), "description": "Ramp", "url": "https://desk.example.org/ramp" }]);
    (wanted, said)
}

async fn told(app: &TestApp) -> Vec<Value> {
    let asked = app.request(Method::GET, "/hsds/services?full=true&per_page=100").send().await.unwrap();
    read(asked).await.body["contents"].as_array().unwrap().clone()
}

/// All schedules in it, without their keys and those of what they belong to.
fn schedules(service: &Value) -> Value {
    let bare = |list: &Value| -> Value {
        let mut all = list.as_array().cloned().unwrap_or_default();
        all.iter_mut().for_each(|schedule| drop(schedule.as_object_mut().unwrap().remove("id")));
        all.into()
    };
    let at = &service["service_at_locations"][0];
    json!([bare(&service["schedules"]), bare(&at["schedules"]), bare(&at["location"]["schedules"])])
}

async fn what_comes_in_goes_out_and_in_again(engine: Engine) {
    let options = Options { country: Some("LB".into()), ..options("town") };
    let first = TestApp::start(engine).await;
    let read = ndjson::read_bytes(directory().to_string().as_bytes()).unwrap();
    let report = take(&first, &read, &map(&first, MAP).await, &options).await;
    assert!(report.rows.iter().all(|row| row.row.entity != "schedule"), "{:?}", report.rows);
    let service = told(&first).await.remove(0);
    let expected = json!([
        [
            { "description": "By appointment" },
            { "freq": "WEEKLY", "interval": 1, "byday": "MO,TU", "opens_at": "09:00+02:00", "closes_at": "12:00+02:00",
              "timezone": 2, "timezone_name": "Asia/Beirut", "description": "Monday, Tuesday 09:00–12:00" },
            { "freq": "MONTHLY", "interval": 2, "byday": "2MO", "dtstart": "2026-01-01", "opens_at": "22:00+02:00",
              "closes_at": "02:00+02:00", "timezone": 2, "timezone_name": "Asia/Beirut",
              "description": "Monday (2) every 2 months 22:00–02:00" },
        ],
        [{ "freq": "WEEKLY", "interval": 1, "byday": "FR", "opens_at": "08:00+02:00", "closes_at": "23:59+02:00",
           "valid_to": "2027-01-01", "timezone": 2, "timezone_name": "Asia/Beirut", "description": "Friday 08:00–24:00" }],
        [{ "freq": "WEEKLY", "interval": 1, "byday": "SA", "opens_at": "10:00+02:00", "closes_at": "11:30+02:00",
           "timezone": 2, "timezone_name": "Asia/Beirut", "description": "Saturday 10:00–11:30" }],
    ]);
    assert_eq!(schedules(&service), expected);
    let open = "{ services(filter: { openAt: \"2026-11-27T06:00:00Z\" }) { totalCount } }";
    assert_eq!(first.run(&Persona::public(), open, json!({})).await["services"]["totalCount"], 1);

    let second = TestApp::start(engine).await;
    let again = ndjson::read_bytes(service.to_string().as_bytes()).unwrap();
    take(&second, &again, &map(&second, MAP).await, &options).await;
    assert_eq!(schedules(&told(&second).await[0]), expected, "the same after a second way");
    let mut changed = directory();
    changed["schedules"] = json!([]);
    let read = ndjson::read_bytes(changed.to_string().as_bytes()).unwrap();
    take(&first, &read, &map(&first, MAP).await, &options).await;
    assert_eq!(schedules(&told(&first).await[0])[0], json!([]), "what the source no longer says is gone");
}

async fn rows_by_weekday_of_an_old_package_are_read(engine: Engine) {
    let folder = std::env::temp_dir().join(format!("passerelle-hours-{}", Uuid::now_v7()));
    std::fs::create_dir(&folder).unwrap();
    for (file, text) in [
        ("organizations.csv", "id,name,description\n1,Center,A center\n"),
        ("services.csv", "id,organization_id,name,status\n2,1,Advice,active\n"),
        (
            "regular_schedules.csv",
            "id,service_id,weekday,opens_at,closes_at\n3,2,Monday,09:00,17:00\n4,2,Tuesday,09:00,17:00\n5,2,Saturday,10:00,14:00\n\
             6,2,Someday,10:00,14:00\n7,9,Monday,10:00,14:00\n",
        ),
    ] {
        std::fs::write(folder.join(file), text).unwrap();
    }
    let app = TestApp::start(engine).await;
    let report = take(&app, &hsds::read(&folder).unwrap(), &map(&app, MAP).await, &options("old")).await;
    std::fs::remove_dir_all(&folder).unwrap();
    let told = app
        .run(&Persona::public(), "{ services { nodes { schedules { days opensAt closesAt timeZone } } } }", json!({}))
        .await;
    let hours = |days: Value, opens: &str, closes: &str| json!({ "days": days, "opensAt": opens, "closesAt": closes, "timeZone": "UTC" });
    let all = told["services"]["nodes"][0]["schedules"].as_array().unwrap().clone();
    let with_days: Vec<&Value> = all.iter().filter(|schedule| schedule["days"] != json!([])).collect();
    assert_eq!(with_days, [&hours(json!(["MO", "TU"]), "09:00", "17:00"), &hours(json!(["SA"]), "10:00", "14:00")]);
    let fields: Vec<&str> = report.rows.iter().filter_map(|row| row.row.field.as_deref()).collect();
    assert!(fields.contains(&"weekday") && fields.contains(&"service_id"), "{fields:?}");
}

async fn what_directories_say_besides_comes_in_and_goes_out(engine: Engine) {
    let (wanted, said) = directory_with_more();
    let app = TestApp::start(engine).await;
    let read_in = ndjson::read_bytes(wanted.to_string().as_bytes()).unwrap();
    let report =
        take(&app, &read_in, &map(&app, MAP).await, &Options { country: Some("LB".into()), ..options("town") }).await;
    let told_of: Vec<(&str, &str)> = report
        .rows
        .iter()
        .filter(|row| row.row.entity == "cost_option")
        .map(|row| (row.row.entity.as_str(), row.row.field.as_deref().unwrap_or("row")))
        .collect();
    assert_eq!(told_of, [("cost_option", "currency"), ("cost_option", "amount"), ("cost_option", "row")]);
    let service = told(&app).await.remove(0);
    for (field, value) in said.as_object().unwrap() {
        assert_eq!(&service[field], value, "{field}");
    }
    let bare = |value: &Value| {
        let mut value = value.clone();
        value.as_object_mut().unwrap().remove("id");
        value
    };
    assert_eq!(
        bare(&service["cost_options"][0]),
        json!({ "option": "Adults", "currency": "LBP", "amount": 12.5, "valid_to": "2027-01-01" })
    );
    assert_eq!(bare(&service["cost_options"][1]), json!({ "option": "Children" }));
    assert_eq!(bare(&service["funding"][0]), json!({ "source": "A fund", "valid_to": "2026-12-31" }));
    assert_eq!(service["organization"]["alternate_name"], "CTR");
    let there = &service["service_at_locations"][0]["location"];
    assert_eq!(there["transportation"], "Bus 4");
    assert_eq!(
        bare(&there["accessibility"][0]),
        json!({ "description": "Ramp", "url": "https://desk.example.org/ramp" })
    );
    let asked = app.request(Method::GET, "/hsds/organizations?full=true").send().await.unwrap();
    let organization = read(asked).await.body["contents"][0].clone();
    assert_eq!(
        bare(&organization["organization_identifiers"][0]),
        json!({ "identifier_scheme": "XI-IATI", "identifier_type": "IATI", "identifier": "4711" })
    );
    let query = "{ services(first: 5) { nodes { listing { url funding { source until } costOptions { amount } } organization { alternateName \
                 identifiers { identifier } } locations { location { transportation accessibility { description } } } } } }";
    let node = app.run(&Persona::public(), query, json!({})).await["services"]["nodes"][0].clone();
    assert_eq!(node["listing"]["funding"], json!([{ "source": "A fund", "until": "2026-12-31" }]));
    assert_eq!(node["organization"], json!({ "alternateName": "CTR", "identifiers": [{ "identifier": "4711" }] }));
    assert_eq!(node["locations"][0]["location"]["transportation"], "Bus 4");
    let hide = "UPDATE location SET kind = 'CONFIDENTIAL', latitude = NULL, longitude = NULL, address = ''";
    crate::support::seed::run(&app, hide, vec![]).await;
    let hidden = told(&app).await.remove(0)["service_at_locations"][0]["location"].clone();
    assert_eq!((hidden.get("transportation"), hidden.get("accessibility"), hidden.get("latitude")), (None, None, None));
    let node = app.run(&Persona::public(), query, json!({})).await["services"]["nodes"][0].clone();
    assert_eq!(node["locations"][0]["location"]["transportation"], "");
}

on_both_engines!(
    what_comes_in_goes_out_and_in_again,
    rows_by_weekday_of_an_old_package_are_read,
    what_directories_say_besides_comes_in_and_goes_out,
);
