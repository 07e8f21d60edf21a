//! One rule says whether an entry is stale: of the service, in filters, in orders, in counts and on maps.

use crate::support::app::{Persona, TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run;
use crate::support::world::{World, add_service, gid};
use passerelle::domain::global_id::Kind;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// What each service says of itself, and what is found and counted.
const ALL: &str = "query($area: ID!) { services(first: 50, orderBy: { field: RELEVANCE, direction: DESC }) { nodes { id isStale \
    isOpenForReferrals } } open: services(first: 50, filter: { openForReferrals: true }) { nodes { id } } \
    closed: services(first: 50, filter: { openForReferrals: false }) { nodes { id } } serviceFacets { openForReferrals } \
    serviceCoverage(area: $area) { cells { openForReferrals } } }";

struct Land {
    app: TestApp,
    world: World,
    /// Services with what is said of them.
    services: Vec<(&'static str, Uuid)>,
}

/// Today is the 25th of November 2026; the server says 90 days, the program 30.
async fn land(engine: Engine) -> Land {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let text = "INSERT INTO program_directory (program_id, max_age_days, needs_review, version, updated_at) \
                VALUES ($1, 30, FALSE, 1, 0)";
    run(&app, text, vec![world.program.into()]).await;
    let mut services = Vec::new();
    for (name, program, assured, funded) in [
        ("in the program, on the last day", true, Some("2026-10-26"), None),
        ("in the program, a day too late", true, Some("2026-10-25"), None),
        ("in the program, never", true, None, None),
        ("outside, as old", false, Some("2026-10-25"), None),
        ("outside, on the last day", false, Some("2026-08-27"), None),
        ("outside, a day too late", false, Some("2026-08-26"), None),
        ("funded until today", false, Some("2026-11-25"), Some("2026-11-25")),
        ("funded until yesterday", false, Some("2026-11-25"), Some("2026-11-24")),
    ] {
        let id = add_service(&app, world.provider, world.district, None).await;
        let set = "UPDATE service SET program_id = $1, assured_on = $2, funding_ends = $3 WHERE id = $4";
        let program = program.then_some(world.program);
        run(&app, set, vec![program.into(), assured.into(), funded.into(), id.into()]).await;
        services.push((name, id));
    }
    Land { app, world, services }
}

fn ids(found: &Value) -> Vec<&str> {
    found["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect()
}

async fn the_same_services_are_stale_wherever_one_looks(engine: Engine) {
    let Land { app, world, services } = land(engine).await;
    let area = gid(Kind::Area, world.country);
    let seen = app.run(&Persona::public(), ALL, json!({ "area": area })).await;
    let nodes = seen["services"]["nodes"].as_array().unwrap();
    let (open, closed) = (ids(&seen["open"]), ids(&seen["closed"]));
    let stale = ["in the program, a day too late", "in the program, never", "outside, a day too late"];
    for (name, id) in &services {
        let id = gid(Kind::Service, *id);
        let node = nodes.iter().find(|node| node["id"] == id.as_str()).unwrap();
        assert_eq!(node["isStale"], stale.contains(name), "{name}");
        let takes = !stale.contains(name) && *name != "funded until yesterday";
        assert_eq!(node["isOpenForReferrals"], takes, "{name}");
        assert_eq!((open.contains(&id.as_str()), closed.contains(&id.as_str())), (takes, !takes), "{name}");
    }
    let order: Vec<bool> = nodes.iter().map(|node| node["isStale"].as_bool().unwrap()).collect();
    assert!(order.is_sorted(), "what is stale comes last: {order:?}");
    assert_eq!(seen["serviceFacets"]["openForReferrals"], open.len());
    let covered: i64 = seen["serviceCoverage"][0]["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| cell["openForReferrals"].as_i64().unwrap())
        .sum();
    assert_eq!(covered, i64::try_from(open.len()).unwrap());
    let map = app.request(Method::GET, &format!("/maps/coverage?area={area}&levels=0")).send().await.unwrap();
    assert_eq!(read(map).await.body["features"][0]["properties"]["openForReferrals"], open.len());
}

async fn a_program_without_a_number_keeps_the_servers(engine: Engine) {
    let Land { app, world, .. } = land(engine).await;
    run(&app, "UPDATE program_directory SET max_age_days = NULL", vec![]).await;
    let seen = app.run(&Persona::public(), ALL, json!({ "area": gid(Kind::Area, world.country) })).await;
    let stale = seen["services"]["nodes"].as_array().unwrap().iter().filter(|node| node["isStale"] == true).count();
    assert_eq!((stale, seen["serviceFacets"]["openForReferrals"].clone()), (2, json!(6)));
}

on_both_engines!(the_same_services_are_stale_wherever_one_looks, a_program_without_a_number_keeps_the_servers);
