//! What may be asked for is told, shared by nodes, and the same for the quiet and the loud.

use crate::support::app::{Answer, Persona, TestApp, new_database};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::Story;
use crate::support::world::World;
use jiff::SignedDuration;
use passerelle::app::Policy;
use passerelle::domain::budget::{LEASES, Rate, Rates};
use passerelle::usecase::budget::IDLE;
use serde_json::{Value, json};

const PAGE: &str = "{ referrals(first: 10) { nodes { id } } }";
/// The cost of [`PAGE`]: the connection and ten referrals.
const COST: i64 = 11;

fn policy(principal: i64, organization: i64) -> Policy {
    let rates = Rates {
        principal: Rate::hourly(principal),
        organization: Rate::hourly(organization),
        address: Rate::hourly(100),
        ..Rates::default()
    };
    Policy { rates, ..Policy::default() }
}

async fn ask(app: &TestApp, who: &Persona) -> Answer {
    app.post(who, PAGE, json!({})).await
}

/// How many of so many requests are served.
async fn served(app: &TestApp, who: &Persona, times: usize) -> i64 {
    let mut served = 0;
    for _ in 0..times {
        served += i64::from(ask(app, who).await.status == 200);
    }
    served
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

async fn every_answer_tells_its_cost_and_what_is_left(engine: Engine) {
    let app = TestApp::start_with(engine, policy(1_000, 5_000)).await;
    let world = World::fill(&app).await;
    let query =
        "{ rateLimit { cost maximumCost limit remaining resetAt budgets { name remaining limit windowSeconds } } }";
    let answer = app.post(&world.intake, query, json!({})).await;
    let told = &answer.body["data"]["rateLimit"];
    // The field itself, and a list of ten.
    assert_eq!((&told["cost"], &told["maximumCost"], &told["limit"]), (&json!(11), &json!(2_000), &json!(1_000)));
    assert_eq!(told["remaining"], json!(989));
    let bucket = &answer.body["extensions"]["cost"];
    assert_eq!((&bucket["requested"], &bucket["limit"]), (&told["cost"], &told["maximumCost"]));
    assert_eq!((&bucket["bucket"]["remaining"], &bucket["bucket"]["resetAt"]), (&told["remaining"], &told["resetAt"]));
    assert_eq!(header(&answer, "ratelimit-policy"), r#""principal";q=1000;w=3600, "organization";q=5000;w=3600"#);
    assert_eq!(header(&answer, "ratelimit"), r#""principal";r=989;t=40, "organization";r=4989;t=8"#);
    // What is refused costs its entry and tells so.
    for wrong in ["{ nothing }", "{ (", "{ referrals(first: 500) { nodes { id } } }"] {
        let answer = app.post(&world.intake, wrong, json!({})).await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(header(&answer, "ratelimit").contains("principal"), "{wrong}");
        assert!(answer.body["extensions"]["cost"]["bucket"]["remaining"].is_i64(), "{wrong}");
    }
    let public = app.post(&Persona::public(), "{ services(first: 1) { totalCount } }", json!({})).await;
    assert_eq!(header(&public, "ratelimit-policy"), r#""address";q=100;w=3600"#);
}

async fn who_has_spent_it_waits_and_is_told_for_how_long(engine: Engine) {
    let app = TestApp::start_with(engine, policy(100, 10_000)).await;
    let world = World::fill(&app).await;
    assert_eq!(served(&app, &world.intake, 12).await, 100 / COST);
    let (statements, refused) = app.statements(ask(&app, &world.intake)).await;
    assert_eq!(refused.status, 429);
    assert_eq!(statements, 0, "a refusal asks nothing of the database");
    let error = &refused.body["errors"][0]["extensions"];
    assert_eq!((&error["code"], &error["budget"]), (&json!("RATE_LIMITED"), &json!("principal")));
    let wait = error["retryAfterMs"].as_i64().unwrap();
    // One point is left, a point comes back in 36 s, and nine after the entry are missing.
    assert!((320_000..=400_000).contains(&wait), "{wait}");
    let seconds: i64 = header(&refused, "retry-after").parse().unwrap();
    assert_eq!(seconds, (wait + 999) / 1_000);
    assert_eq!(served(&app, &world.worker, 3).await, 3, "a colleague has their own");
    app.clock.advance(SignedDuration::from_secs(seconds));
    assert_eq!(served(&app, &world.intake, 2).await, 1);
}

/// Ten times as many requests of one organization: it has what it may have, and nobody else notices.
async fn a_flood_of_one_organization_leaves_the_others_served(engine: Engine) {
    let app = TestApp::start_with(engine, policy(400, 600)).await;
    let world = World::fill(&app).await;
    let (mut loud, mut quiet) = (0, 0);
    for _ in 0..12 {
        for who in [&world.intake, &world.worker, &world.provider_supervisor] {
            loud += served(&app, who, 10).await;
        }
        for who in [&world.case_manager, &world.coordinator] {
            quiet += served(&app, who, 1).await;
        }
    }
    assert_eq!(quiet, 24, "all of it");
    assert!((600 / COST - 3..=600 / COST).contains(&loud), "{loud} of 360, as one organization may");
}

/// Two nodes over one database: together they serve what one may, however the requests are spread.
async fn two_nodes_share_what_may_be_asked_for(engine: Engine) {
    if engine == Engine::Sqlite {
        return;
    }
    let (url, _) = new_database(engine).await;
    let one = TestApp::over_with(&url, policy(100_000, 1_100)).await;
    let world = World::fill(&one).await;
    let other = TestApp::over_with(&url, policy(100_000, 1_100)).await;
    let there = Persona {
        token: Some(other.token(world.intake.id, world.intake.organization, passerelle::token::Kind::Member, 0, 0)),
        ..world.intake.clone()
    };
    let mut total = 0;
    for _ in 0..30 {
        total += served(&one, &world.intake, 4).await + served(&other, &there, 2).await;
    }
    // Never more than there is; less by what fits no request any more on either node.
    let most = 1_100 / COST;
    assert!((most - 2..=most).contains(&total), "{total} of {most}");
    // What one node does not need it gives back, and the other has it.
    for app in [&one, &other] {
        app.clock.advance(SignedDuration::from_secs(3_600));
    }
    assert_eq!(served(&one, &world.intake, 1).await, 1);
    let stored = async || {
        let text = "SELECT points FROM budget WHERE purse = 'organization'";
        one.app.store.rows(text, vec![]).await.unwrap()[0].try_get::<i64>("", "points").unwrap()
    };
    let leased = 1_100 / LEASES;
    assert!(stored().await <= 1_100 - leased + 5, "a lease is out");
    one.clock.advance(SignedDuration::from_micros(IDLE));
    assert!(one.app.return_leases(one.app.now() - IDLE).await.unwrap() > 0);
    assert!(stored().await >= 1_100 - COST, "{}", stored().await);
}

/// There is one write for many requests, not one for each.
async fn a_request_writes_no_budget(engine: Engine) {
    let app = TestApp::start_with(engine, policy(100_000, 100_000)).await;
    let world = World::fill(&app).await;
    ask(&app, &world.intake).await;
    let (one, _) = app.statements(ask(&app, &world.intake)).await;
    let (ten, _) = app.statements(served(&app, &world.intake, 10)).await;
    assert!(one <= 3 && ten == one * 10, "{one} for one, {ten} for ten");
}

/// Guesses at case identifiers are counted together, whichever node is asked, and hits are free.
async fn guesses_are_counted_by_all_nodes_together(engine: Engine) {
    let (url, folder) = new_database(engine).await;
    let one = TestApp::over(&url).await;
    let world = World::fill(&one).await;
    let story = Story::open(&one, &world).await;
    let other = if engine == Engine::Postgres { Some(TestApp::over(&url).await) } else { None };
    let query = "query($i: String!) { case(by: {identifier: $i}) { id } }";
    let there = other.as_ref().map(|other| Persona {
        token: Some(other.token(world.case_manager.id, world.partner, passerelle::token::Kind::Member, 0, 0)),
        ..world.case_manager.clone()
    });
    let guess = |at: u64| passerelle::domain::case_identifier::CaseIdentifier::from_bits(at).to_string();
    let mut missed = 0;
    for at in 0..40 {
        let (app, who) = match (&other, &there) {
            (Some(other), Some(there)) if at % 2 == 1 => (other, there),
            _ => (&one, &world.case_manager),
        };
        let answer = app.post(who, query, json!({ "i": guess(at) })).await;
        missed += i32::from(answer.body.get("errors").is_none());
    }
    assert_eq!(missed, 20);
    let hit = async |app: &TestApp| app.post(&world.case_manager, query, json!({ "i": story.identifier })).await.body;
    assert_eq!(hit(&one).await["errors"][0]["extensions"]["code"], json!("RATE_LIMITED"));
    one.clock.advance(SignedDuration::from_hours(1));
    let still = crate::support::clocked::still(&one, &world.case_manager);
    for _ in 0..30 {
        let found = one.post(&still, query, json!({ "i": story.identifier })).await.body;
        assert_eq!(found["data"]["case"]["id"], json!(story.case), "a hit is no guess");
    }
    if let Some(folder) = folder {
        drop(one);
        std::fs::remove_dir_all(folder).unwrap();
    }
}

/// Texts that may be long cost something, so that an answer of thirty copies is not free.
#[tokio::test]
async fn copies_of_a_long_text_cost() {
    let app = TestApp::start(Engine::Sqlite).await;
    World::fill(&app).await;
    let cost = async |copies: usize| {
        let fields: String = (0..copies).map(|at| format!(" d{at}: description n{at}: name")).collect();
        let query = format!("{{ services(first: 10) {{ nodes {{ description name{fields} }} }} }}");
        app.post(&Persona::public(), &query, json!({})).await.body["extensions"]["cost"]["requested"].as_i64().unwrap()
    };
    assert_eq!((cost(0).await, cost(1).await, cost(14).await), (11, 21, 151));
}

/// The schema tells what is charged: each mutation and each page has its directive.
#[test]
fn the_schema_tells_what_everything_weighs() {
    let sdl = passerelle::graphql::sdl();
    let mutations = sdl.split("\ntype Mutation {").nth(1).unwrap().split("\n}").next().unwrap();
    let fields = mutations.lines().filter(|line| line.starts_with("\t): ")).count();
    assert_eq!(mutations.matches("@cost(weight: \"10\")").count(), fields);
    for line in sdl.lines().filter(|line| line.contains("Connection!") && line.starts_with('\t')) {
        assert!(line.contains("@listSize(assumedSize: 20"), "{line}");
    }
    assert_eq!(sdl.matches("directive @cost(").count(), 1);
    assert_eq!(sdl.matches("directive @listSize(").count(), 1);
}

#[test]
fn the_readme_tells_the_budgets_that_are_kept() {
    let rates = Rates::default();
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let told: Vec<Value> = [rates.principal, rates.organization, rates.address]
        .iter()
        .map(|rate| json!({ "points": rate.points, "seconds": rate.seconds }))
        .collect();
    assert!(told.iter().all(|rate| rate["seconds"] == 3_600));
    let line = "| points of cost an hour | 100,000 for a member or application, 1,000,000 for an organization, 50,000 without a token |";
    assert!(readme.contains(line));
    assert_eq!((rates.principal.points, rates.organization.points, rates.address.points), (100_000, 1_000_000, 50_000));
}

on_both_engines!(
    every_answer_tells_its_cost_and_what_is_left,
    who_has_spent_it_waits_and_is_told_for_how_long,
    a_flood_of_one_organization_leaves_the_others_served,
    two_nodes_share_what_may_be_asked_for,
    a_request_writes_no_budget,
    guesses_are_counted_by_all_nodes_together,
);
