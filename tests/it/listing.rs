//! What providers say of their services beside what referrals need: written by mutation, told everywhere, and the same
//! after a journey into another directory.

use crate::exports::there_and_back;
use crate::support::app::{Persona, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::found::Found;
use crate::support::seed::run;
use crate::support::verbs::{done, tried};
use passerelle::domain::global_id::decode;
use reqwest::Method;
use serde_json::{Value, json};

const TOLD: &str = "query($id: ID!) { service(by: { id: $id }) { listing { alternateName url alert accreditations \
    interpretation costOptions { option currency amount amountDescription validFrom validTo } funding { source until } } \
    locations { location { transportation accessibility { description details url } } } } }";

async fn told(found: &Found, id: &str) -> Value {
    found.app.run(&Persona::public(), TOLD, json!({ "id": id })).await["service"].clone()
}

async fn a_provider_says_what_else_there_is_to_say(engine: Engine) {
    let found = Found::empty(engine).await;
    let mut input = found.input("k", "ECO.IND.CREDIT", "Valmer", "Loans");
    input["listing"] = json!({ "alternateName": " Small loans ", "url": "https://loans.example.org/a?b=c",
        "alert": "Closed on Friday", "costOptions": [
            { "option": "Adults", "currency": "XOF", "amount": 500, "amountDescription": "a month", "validTo": "2027-01-31" },
            { "option": "Children" }],
        "funding": [{ "source": "A fund", "until": "2026-12-31" }] });
    let ramp = json!({ "description": "Ramp", "details": "At the back", "url": "https://loans.example.org/ramp" });
    input["locations"][0]["transportation"] = "Bus 7".into();
    input["locations"][0]["accessibility"] = json!([ramp]);
    let id = found.publish(input).await;
    let first = told(&found, &id).await;
    let price = json!({ "option": "Adults", "currency": "XOF", "amount": 500.0, "amountDescription": "a month",
        "validFrom": null, "validTo": "2027-01-31" });
    assert_eq!(first["listing"]["costOptions"][0], price);
    assert_eq!(first["listing"]["costOptions"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&first["listing"]["alternateName"], &first["listing"]["alert"]),
        (&json!("Small loans"), &json!("Closed on Friday"))
    );
    let place = json!({ "location": { "transportation": "Bus 7", "accessibility": [ramp] } });
    assert_eq!(first["locations"], json!([place]));
    let key = decode(&id).unwrap().1;
    let asked = found.app.request(Method::GET, &format!("/hsds/services/{key}")).send().await.unwrap();
    let harvested = read(asked).await.body;
    assert_eq!(
        (&harvested["cost_options"][0]["option"], &harvested["alert"]),
        (&json!("Adults"), &json!("Closed on Friday"))
    );

    // What is not said stays; a list takes the place of the list; an empty text takes away.
    let change =
        json!({ "serviceId": id, "expectedVersion": 1, "listing": { "costOptions": [], "url": "", "alert": "Open" } });
    done(&found.app, &found.editor, "updateService", change, "service { id }").await;
    let mut expected = first["listing"].clone();
    expected["costOptions"] = json!([]);
    (expected["url"], expected["alert"]) = (json!(null), "Open".into());
    assert_eq!(told(&found, &id).await, json!({ "listing": expected, "locations": [place] }));
    let change = json!({ "serviceId": id, "expectedVersion": 2, "name": "Loans, small" });
    done(&found.app, &found.editor, "updateService", change, "service { id }").await;
    assert_eq!(told(&found, &id).await["listing"], expected);
}

/// The fields at which an entry is refused.
async fn refused_at(found: &Found, mut input: Value) -> Vec<String> {
    input.as_object_mut().unwrap().remove("idempotencyKey");
    let refused = tried(&found.app, &found.editor, "publishService", input, "service { id }").await;
    let field = |error: &Value| {
        error["field"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(".")
    };
    let mut fields: Vec<String> = refused["userErrors"].as_array().unwrap().iter().map(field).collect();
    fields.sort();
    fields
}

async fn what_is_wrong_is_told_at_its_field(engine: Engine) {
    let found = Found::empty(engine).await;
    let mut input = found.input("k", "ECO.IND.CREDIT", "Valmer", "Loans");
    let same = json!({ "option": "Same", "currency": "XOF", "amount": 1 });
    input["listing"] = json!({ "url": "javascript:alert(1)", "alternateName": "x".repeat(201), "costOptions": [
        { "amount": 5 }, { "currency": "francs", "option": "a" }, { "currency": "XOF", "amount": -1, "option": "b" },
        { "option": "c", "validFrom": "2027-01-02", "validTo": "2027-01-01" }, {}, same, same],
        "funding": [{ "source": " " }] });
    assert_eq!(
        refused_at(&found, input).await,
        [
            "listing.alternateName",
            "listing.costOptions.0.currency",
            "listing.costOptions.1.currency",
            "listing.costOptions.2.amount",
            "listing.costOptions.3.validTo",
            "listing.costOptions.4.option",
            "listing.costOptions.6",
            "listing.funding.0.source",
            "listing.url",
        ]
    );
    let mut input = found.input("k", "ECO.IND.CREDIT", "Valmer", "Loans");
    input["locations"][0]["accessibility"] = json!([{ "description": "", "url": "https://ex ample.org" }]);
    input["locations"].as_array_mut().unwrap().push(json!({ "kind": "CONFIDENTIAL", "name": "Hidden",
        "transportation": "Bus 7", "accessibility": [{ "description": "Ramp" }] }));
    assert_eq!(
        refused_at(&found, input).await,
        [
            "locations.0.accessibility.0.description",
            "locations.0.accessibility.0.url",
            "locations.1.accessibility",
            "locations.1.transportation",
        ]
    );
}

async fn conditions_come_back_as_they_went(engine: Engine) {
    let found = Found::empty(engine).await;
    let criteria = json!([
        { "key": "PARENT", "text": "Has a child to care for", "translations": [{ "language": "fr", "text": "A un enfant à charge" }] },
        { "key": "NO_DEBT", "text": "Owes nothing, \"not even\" a little" },
    ]);
    for (key, text) in [("with", "Mothers first.\nAsk us."), ("without", "")] {
        let mut input = found.input(key, "ECO.IND.CREDIT", "Valmer", key);
        input["eligibility"] = json!({ "minimumAge": 18, "maximumAge": 60, "sex": "FEMALE", "returnTypes": ["AVRR"],
            "nonReturnees": true, "text": text, "criteria": criteria });
        input["listing"] = json!({ "funding": [{ "source": "A fund" }], "costOptions": [{ "option": "All" }] });
        let id = found.publish(input).await;
        let path = format!("/hsds/services/{}", decode(&id).unwrap().1);
        let told = read(found.app.request(Method::GET, &path).send().await.unwrap()).await.body;
        let lines = "Owes nothing, \"not even\" a little\nHas a child to care for";
        let all = if text.is_empty() { lines.to_owned() } else { format!("{text}\n{lines}") };
        assert_eq!(told["eligibility_description"], all);
        let attributes = told["attributes"].as_array().unwrap();
        let stated: Vec<(&Value, &Value)> = attributes
            .iter()
            .filter(|one| one["link_type"] == "eligibility_criterion")
            .map(|one| (&one["label"], &one["value"]))
            .collect();
        assert_eq!(stated.len(), 2);
        assert!(stated.contains(&(&json!("PARENT"), &json!("Has a child to care for"))));
        let french = found.app.request(Method::GET, &path).header("accept-language", "fr").send().await.unwrap();
        assert!(read(french).await.body["eligibility_description"].as_str().unwrap().ends_with("A un enfant à charge"));
        let term =
            attributes.iter().find(|one| one["label"] == "PARENT").unwrap()["taxonomy_term_id"].as_str().unwrap();
        let page =
            found.app.request(Method::GET, &format!("/hsds/services?taxonomy_term_id={term}")).send().await.unwrap();
        assert!(read(page).await.body["contents"].as_array().unwrap().iter().any(|one| one["id"] == told["id"]));
    }
    // The other server has its areas in the country that the tests call XX.
    for table in ["area", "organization"] {
        run(&found.app, &format!("UPDATE {table} SET country = 'XX'"), vec![]).await;
    }
    run(&found.app, "UPDATE area SET pcode = 'XX' || substr(pcode, 3)", vec![]).await;
    run(&found.app, "UPDATE service SET assured_on = NULL", vec![]).await;
    there_and_back(engine, &found.app, &crate::exports::areas_of(&found.app).await).await;
}

on_both_engines!(
    a_provider_says_what_else_there_is_to_say,
    what_is_wrong_is_told_at_its_field,
    conditions_come_back_as_they_went,
);
