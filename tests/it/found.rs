//! How services are found: by words in three languages, by distance, for a person; how they are counted; and what is
//! never found.

use crate::support::app::Persona;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::found::{Found, QUERIES, table};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn the_first_answer_is_the_expected_one(engine: Engine) {
    let found = Found::start(engine).await;
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in table(QUERIES) {
        let [asked, expected] = line[..] else { panic!("{line:?}") };
        let names = found.names(&Persona::public(), json!({ "text": asked })).await;
        count += 1;
        if names.first().map(String::as_str) != Some(expected) {
            wrong.push(format!("{asked}: {expected} expected, found {names:?}"));
        }
    }
    assert!(count >= 60);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn what_is_called_otherwise_is_not_found(engine: Engine) {
    let found = Found::start(engine).await;
    for nothing in ["sida", "zzyx", "xq", "qwrt"] {
        let names = found.names(&Persona::public(), json!({ "text": nothing })).await;
        assert!(names.is_empty(), "{nothing}: {names:?}");
    }
    let names = found.names(&Persona::public(), json!({ "text": "argent" })).await;
    assert!(!names.iter().any(|name| name == "Civil documents" || name == "Emergency housing"), "{names:?}");
}

async fn what_is_stale_comes_last_and_says_so(engine: Engine) {
    let found = Found::start(engine).await;
    let page = found.page(&Persona::public(), json!({ "text": "welding" }), "name isStale closedBecause").await;
    assert_eq!(page[0], json!({ "name": "Welding workshop", "isStale": false, "closedBecause": null }));
    let last = page.last().unwrap();
    assert_eq!(*last, json!({ "name": "Welding", "isStale": true, "closedBecause": "STALE" }));
    assert!(found.names(&Persona::public(), json!({ "text": "…! %_" })).await.is_empty(), "signs find nothing");
    assert!(found.names(&Persona::public(), json!({ "text": "xylophone" })).await.is_empty());
}

/// All pages of a list, one way.
async fn walk(found: &Found, who: &Persona, order: &str, filter: &Value, backward: bool) -> Vec<String> {
    let (size, cursor, more, end) = if backward {
        ("last", "before", "hasPreviousPage", "startCursor")
    } else {
        ("first", "after", "hasNextPage", "endCursor")
    };
    let document = format!(
        "query($filter: ServiceFilter, $cursor: Cursor) {{ services({size}: 5, {cursor}: $cursor, filter: $filter, \
         orderBy: {{ {order} }}) {{ totalCount nodes {{ id }} pageInfo {{ more: {more} end: {end} }} }} }}"
    );
    let (mut all, mut at) = (Vec::new(), Value::Null);
    loop {
        let asked = found.app.run(who, &document, json!({ "filter": filter, "cursor": at }));
        let (statements, told) = found.app.statements(asked).await;
        assert_eq!(statements, if who.token.is_some() { 2 } else { 1 }, "{order}");
        let mut ids: Vec<String> =
            told["services"]["nodes"].as_array().unwrap().iter().map(|node| node["id"].to_string()).collect();
        if backward {
            ids.reverse();
        }
        all.extend(ids);
        if told["services"]["pageInfo"]["more"] == false {
            assert_eq!(json!(all.len()), told["services"]["totalCount"], "{order}");
            break;
        }
        at = told["services"]["pageInfo"]["end"].clone();
    }
    if backward {
        all.reverse();
    }
    all
}

async fn pages_meet_in_every_order(engine: Engine) {
    let found = Found::start(engine).await;
    let near = json!({ "near": { "latitude": 14.0, "longitude": -15.0, "radiusKm": 300 } });
    let orders = [
        ("NAME", json!({})),
        ("PUBLISHED_AT", json!({})),
        ("RELEVANCE", json!({})),
        ("RELEVANCE", json!({ "text": "Marland" })),
        ("DISTANCE", near.clone()),
        ("OPEN_PLACES", near),
    ];
    for (field, filter) in orders {
        let mut ways = Vec::new();
        for direction in ["ASC", "DESC"] {
            let order = format!("field: {field}, direction: {direction}");
            let there = walk(&found, &found.editor, &order, &filter, false).await;
            assert_eq!(there, walk(&found, &found.editor, &order, &filter, true).await, "{field} {direction}");
            assert_eq!(there.iter().collect::<BTreeSet<_>>().len(), 36, "{field} {direction}");
            ways.push(there);
        }
        ways[1].reverse();
        assert_eq!(ways[0], ways[1], "{field}");
    }
    let document = "query($cursor: Cursor, $order: ServiceOrderField!) { services(first: 1, after: $cursor, \
        filter: { text: \"loan\" }, orderBy: { field: $order, direction: DESC }) { pageInfo { endCursor } } }";
    let told = found.app.run(&found.editor, document, json!({ "order": "RELEVANCE" })).await;
    let cursor = &told["services"]["pageInfo"]["endCursor"];
    for order in ["NAME", "PUBLISHED_AT", "OPEN_PLACES"] {
        let variables = json!({ "order": order, "cursor": cursor });
        assert_eq!(found.app.refused(&found.editor, document, variables).await, "BAD_USER_INPUT", "{order}");
    }
}

const FACETS: &str = "query($filter: ServiceFilter) { serviceFacets(filter: $filter) { totalCount openForReferrals \
    categories { category { code } count } dimensions { dimension count } levels { level count } \
    areas { area { name } count } languages { language count } organizations { organization { name } count } } }";

async fn facets_count_what_the_list_shows(engine: Engine) {
    let found = Found::start(engine).await;
    let filter = json!({ "categoryWithin": ["ECO.IND"] });
    let public = Persona::public();
    let asked = found.app.run(&public, FACETS, json!({ "filter": filter }));
    let (statements, told) = found.app.statements(asked).await;
    assert_eq!(statements, 1);
    let told = &told["serviceFacets"];
    let listed = found.page(&Persona::public(), filter, "category { code } isOpenForReferrals").await;
    assert_eq!(told["totalCount"], json!(listed.len()));
    let open = listed.iter().filter(|service| service["isOpenForReferrals"] == true).count();
    assert_eq!((&told["openForReferrals"], open), (&json!(open), listed.len() - 1), "one of them is stale");
    assert_eq!(told["categories"][0], json!({ "category": { "code": "ECO.IND.TVET" }, "count": 4 }));
    for facet in told["categories"].as_array().unwrap() {
        let count = listed.iter().filter(|service| service["category"]["code"] == facet["category"]["code"]).count();
        assert_eq!(facet["count"], json!(count));
    }
    assert_eq!(told["dimensions"], json!([{ "dimension": "ECONOMIC", "count": listed.len() }]));
    assert_eq!(told["areas"][0], json!({ "area": { "name": "Marland" }, "count": listed.len() }));
    assert_eq!(told["organizations"], json!([{ "organization": { "name": "House of Work" }, "count": listed.len() }]));
}

async fn the_nearest_comes_first(engine: Engine) {
    let found = Found::start(engine).await;
    let near = |radius: f64| {
        json!({ "near": { "latitude": 14.0, "longitude": -15.0, "radiusKm": radius },
        "categoryWithin": ["ECO.IND.TVET"] })
    };
    let fields = "name distanceKm";
    let page = found.page(&Persona::public(), near(45.0), fields).await;
    let names: Vec<&str> = page.iter().map(|service| service["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Welding workshop", "Sewing course", "Computer course"]);
    let far: Vec<f64> = page.iter().map(|service| service["distanceKm"].as_f64().unwrap()).collect();
    assert!(far[0] < 0.01 && (far[1] - 20.0).abs() < 0.05 && (far[2] - 40.0).abs() < 0.05, "{far:?}");
    assert_eq!(found.names(&Persona::public(), near(19.9)).await.len(), 1);
    assert_eq!(found.names(&Persona::public(), near(100.5)).await.len(), 4);
    let all = found.page(&Persona::public(), json!({ "text": "sewing" }), fields).await;
    assert_eq!(all[0]["distanceKm"], Value::Null, "nobody asked from where");
    let document = "query($filter: ServiceFilter) { services(filter: $filter) { totalCount } }";
    for (latitude, radius) in [(91.0, 1.0), (0.0, 0.0), (0.0, 501.0)] {
        let filter = json!({ "near": { "latitude": latitude, "longitude": 0, "radiusKm": radius } });
        assert_eq!(
            found.app.refused(&Persona::public(), document, json!({ "filter": filter })).await,
            "BAD_USER_INPUT"
        );
    }
}

async fn a_person_is_told_where_they_may_come(engine: Engine) {
    let found = Found::empty(engine).await;
    let named = |key: &str, rest: Value| {
        let mut input = found.input(key, "ECO.IND.CREDIT", "Valmer", key);
        input.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        input
    };
    let all = [
        named("anybody", json!({ "eligibility": { "nonReturnees": true }, "cost": { "kind": "FREE" } })),
        named(
            "women",
            json!({ "eligibility": { "sex": "FEMALE", "minimumAge": 18 }, "requiredDocuments": ["Passport"] }),
        ),
        named("young", json!({ "eligibility": { "maximumAge": 25 }, "requiredDocuments": ["passport", "Diplôme"] })),
        named(
            "assisted",
            json!({ "eligibility": { "returnTypes": ["AVRR"] }, "cost": { "kind": "PAID" },
            "capacity": { "total": 3 } }),
        ),
    ];
    for input in all {
        found.publish(input).await;
    }
    let cases = [
        (json!({ "person": {} }), vec!["anybody", "assisted", "women", "young"]),
        (json!({ "person": { "age": 17 } }), vec!["anybody", "assisted", "young"]),
        (json!({ "person": { "age": 30, "sex": "MALE" } }), vec!["anybody", "assisted"]),
        (json!({ "person": { "returnType": "FORCED" } }), vec!["anybody", "women", "young"]),
        (json!({ "person": { "isReturnee": false } }), vec!["anybody", "assisted", "women", "young"]),
        (json!({ "cost": ["FREE", "PAID"] }), vec!["anybody", "assisted"]),
        (json!({ "documentsAtHand": [] }), vec!["anybody", "assisted"]),
        (json!({ "documentsAtHand": ["PASSPORT"] }), vec!["anybody", "assisted", "women"]),
        (json!({ "documentsMissing": ["diplome"] }), vec!["anybody", "assisted", "women"]),
        (json!({ "hasOpenPlaces": true }), vec!["assisted"]),
        (json!({ "areaId": found.areas["Marland"], "text": "wom" }), vec!["women"]),
    ];
    for (filter, expected) in cases {
        let mut names = found.names(&found.partner, filter.clone()).await;
        names.sort();
        assert_eq!(names, expected, "{filter}");
    }
}

async fn a_stranger_finds_and_counts_only_what_is_public(engine: Engine) {
    let found = Found::empty(engine).await;
    let publish = async |key: &str, visibility: &str, kind: &str| {
        let mut input = found.input(key, "SOC.IND.HOUSING", "Valmer", &format!("{key} shelter"));
        input["visibility"] = visibility.into();
        input["capacity"] = json!({ "total": 5 });
        if kind == "CONFIDENTIAL" {
            input["locations"] = json!([{ "kind": kind, "name": "Hideaway", "areaId": found.areas["Kassara"] }]);
        }
        found.publish(input).await;
    };
    publish("Open", "PUBLIC", "PHYSICAL").await;
    publish("Quiet", "PARTNERS", "PHYSICAL").await;
    publish("Secret", "PUBLIC", "CONFIDENTIAL").await;
    publish("Own", "OWN", "PHYSICAL").await;
    let near = json!({ "near": { "latitude": 14.0, "longitude": -15.0, "radiusKm": 500 } });
    let sorted = async |who: &Persona, filter: Value| {
        let mut names = found.names(who, filter).await;
        names.sort();
        names
    };
    let public = Persona::public();
    assert_eq!(sorted(&public, json!({ "text": "shelter" })).await, ["Open shelter", "Secret shelter"]);
    assert_eq!(sorted(&public, near.clone()).await, ["Open shelter"], "a secret place is never near");
    assert_eq!(sorted(&found.partner, near.clone()).await, ["Open shelter", "Quiet shelter"]);
    assert_eq!(sorted(&found.editor, near.clone()).await, ["Open shelter", "Own shelter", "Quiet shelter"]);
    for text in ["Hideaway", "Kassara"] {
        assert!(found.names(&found.editor, json!({ "text": text })).await.is_empty(), "{text} is never told");
    }
    for (who, count) in [(&public, 2), (&found.partner, 3), (&found.editor, 4)] {
        let told = found.app.run(who, FACETS, json!({ "filter": { "text": "shelter" } })).await;
        assert_eq!(told["serviceFacets"]["totalCount"], count);
        assert_eq!(told["serviceFacets"]["categories"][0]["count"], count);
        assert_eq!(told["serviceFacets"]["organizations"][0]["count"], count);
    }
    // What is called exactly so, but is hidden, does not change what a stranger is told.
    found.publish(found.input("x-1", "SOC.IND.HOUSING", "Valmer", "Quietly")).await;
    assert_eq!(found.names(&public, json!({ "text": "quiety" })).await, ["Quietly"]);
    let order = "query { services(orderBy: { field: OPEN_PLACES, direction: DESC }) { nodes { id } } }";
    assert_eq!(found.app.refused(&public, order, json!({})).await, "BAD_USER_INPUT");
    let free = "query { services(filter: { hasOpenPlaces: true }) { totalCount } }";
    assert_eq!(found.app.refused(&public, free, json!({})).await, "BAD_USER_INPUT");
    let free = "query { serviceFacets(filter: { hasOpenPlaces: true }) { totalCount } }";
    assert_eq!(found.app.refused(&public, free, json!({})).await, "BAD_USER_INPUT");
}

async fn what_changes_is_found_as_it_is_now(engine: Engine) {
    let found = Found::empty(engine).await;
    let id = found.publish(found.input("k", "ECO.IND.CREDIT", "Valmer", "Lantern")).await;
    let public = Persona::public();
    let update = "mutation($input: UpdateServiceInput!) { updateService(input: $input) { userErrors { code field } } }";
    let input = json!({ "idempotencyKey": "u", "serviceId": id, "expectedVersion": 1, "name": "Compass" });
    found.app.run(&found.editor, update, json!({ "input": input })).await;
    assert!(found.names(&public, json!({ "text": "lantern" })).await.is_empty());
    assert_eq!(found.names(&public, json!({ "text": "compass" })).await, ["Compass"]);
    let hidden = json!([{ "kind": "CONFIDENTIAL", "name": "Hidden" }]);
    let input = json!({ "idempotencyKey": "v", "serviceId": id, "expectedVersion": 2, "locations": hidden });
    found.app.run(&found.editor, update, json!({ "input": input })).await;
    let near = json!({ "near": { "latitude": 14.0, "longitude": -15.0, "radiusKm": 20 } });
    assert!(found.names(&public, near).await.is_empty());

    // As before the search was there: nothing is written down of the service but that it is due.
    for table in ["search_word", "search_key", "search_service"] {
        found.run_sql(&format!("DELETE FROM {table}")).await;
    }
    found.run_sql("INSERT INTO search_due (service_id) SELECT id FROM service").await;
    assert!(found.names(&public, json!({ "text": "compass" })).await.is_empty());
    assert_eq!(passerelle::usecase::directory::search_due(&found.app.app).await.unwrap(), 1);
    assert_eq!(found.names(&public, json!({ "text": "compass" })).await, ["Compass"]);
    assert_eq!(found.app.count("search_due").await, 0);
}

on_both_engines!(
    what_is_called_otherwise_is_not_found,
    the_first_answer_is_the_expected_one,
    what_is_stale_comes_last_and_says_so,
    pages_meet_in_every_order,
    facets_count_what_the_list_shows,
    the_nearest_comes_first,
    a_person_is_told_where_they_may_come,
    a_stranger_finds_and_counts_only_what_is_public,
    what_changes_is_found_as_it_is_now,
);
