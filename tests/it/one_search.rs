//! One search for all doors, and what a service may cost.

use crate::support::app::{Persona, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::found::{Found, QUERIES, table};
use crate::support::imports::{MAP, map, options};
use passerelle::domain::global_id::decode;
use passerelle::hsds::ndjson;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What the reference API finds for a text, by key.
async fn harvested(found: &Found, list: &str, key: &str, text: &str) -> BTreeSet<String> {
    let encoded: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let asked = found.app.request(Method::GET, &format!("{list}?per_page=100&search={encoded}"));
    let answer = read(asked.send().await.unwrap()).await;
    assert_eq!(answer.status, 200, "{text}: {}", answer.body);
    answer.body["contents"].as_array().unwrap().iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
}

async fn the_reference_api_finds_what_graphql_finds(engine: Engine) {
    let found = Found::start(engine).await;
    let texts = table(QUERIES).map(|line| line[0]).chain(["weldnig", "…! %_", "xylophone", "formation soudure"]);
    let (mut some, mut forgiven) = (0, false);
    for text in texts {
        let page = found.page(&Persona::public(), json!({ "text": text }), "id").await;
        let key = |node: &Value| decode(node["id"].as_str().unwrap()).unwrap().1.to_string();
        let expected: BTreeSet<String> = page.iter().map(key).collect();
        assert_eq!(harvested(&found, "/hsds/services", "id", text).await, expected, "{text}");
        assert_eq!(harvested(&found, "/hsds/service_at_locations", "service_id", text).await, expected, "{text}");
        some += usize::from(!expected.is_empty());
        forgiven |= text == "weldnig" && !expected.is_empty();
    }
    assert!(some >= 60 && forgiven);
}

async fn what_somebody_can_pay_decides(engine: Engine) {
    let found = Found::empty(engine).await;
    let service = |number: u8, name: &str, prices: Value, fees: &str| {
        let id = |part: u8| format!("00000000-0000-4000-8000-0000000000{number:x}{part:x}");
        json!({ "id": id(1), "name": name, "status": "active", "fees_description": fees, "cost_options": prices,
            "organization": { "id": "00000000-0000-4000-8000-0000000000ff", "name": "Publisher", "description": "x" } })
    };
    let price = |id: u8, amount: f64, currency: Value, more: Value| {
        let mut price = json!({ "id": format!("00000000-0000-4000-8000-00000000{id:02x}00"), "amount": amount,
            "currency": currency, "option": "Adults" });
        price.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        price
    };
    let all = [
        service(1, "cheap", json!([price(1, 500.0, json!("XOF"), json!({}))]), ""),
        service(2, "dear", json!([price(2, 9_000.0, json!("XOF"), json!({}))]), ""),
        service(3, "abroad", json!([price(3, 1.0, json!("EUR"), json!({}))]), ""),
        service(4, "past", json!([price(4, 5.0, json!("XOF"), json!({ "valid_to": "2026-11-24" }))]), ""),
        service(5, "soon", json!([price(5, 5.0, json!("XOF"), json!({ "valid_from": "2026-11-26" }))]), ""),
        service(
            6,
            "today",
            json!([price(6, 500.5, json!("XOF"), json!({ "valid_from": "2026-11-25", "valid_to": "2026-11-25" }))]),
            "",
        ),
        service(7, "unknown", json!([]), "Ask us"),
    ];
    let lines: Vec<String> = all.iter().map(Value::to_string).collect();
    let directory = ndjson::read_bytes(lines.join("\n").as_bytes()).unwrap();
    crate::support::imports::take(&found.app, &directory, &map(&found.app, MAP).await, &options("prices")).await;
    let mut free = found.input("k", "ECO.IND.CREDIT", "Valmer", "free");
    free["cost"] = json!({ "kind": "FREE" });
    found.publish(free).await;
    for (amount, currency, expected) in [
        (0.0, "XOF", vec!["free"]),
        (500.0, "XOF", vec!["cheap", "free"]),
        (500.5, "XOF", vec!["cheap", "free", "today"]),
        (1e9, "XOF", vec!["cheap", "dear", "free", "today"]),
        (1.0, "EUR", vec!["abroad", "free"]),
    ] {
        let filter = json!({ "maxCost": { "amount": amount, "currency": currency } });
        let mut names = found.names(&Persona::public(), filter).await;
        names.sort();
        assert_eq!(names, expected, "{amount} {currency}");
    }
    let document = "query($filter: ServiceFilter) { services(filter: $filter) { totalCount } }";
    for wrong in [json!({ "amount": -1, "currency": "XOF" }), json!({ "amount": 1, "currency": "francs" })] {
        let filter = json!({ "filter": { "maxCost": wrong } });
        assert_eq!(found.app.refused(&Persona::public(), document, filter).await, "BAD_USER_INPUT");
    }
}

on_both_engines!(the_reference_api_finds_what_graphql_finds, what_somebody_can_pay_decides);
