//! Places are never given twice, however many ask for the last one at once and through however many servers.

use crate::support::apart::{Apart, Signer};
use crate::support::app::{Answer, Persona, TestApp, new_database};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{places_at, run, taken, waiting};
use crate::support::situations::{answer, code, report};
use crate::support::verbs::{Referred, Story, document, done, key, rule};
use crate::support::world::{World, add_service};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use tokio::sync::Barrier;

/// How many rounds the race is run; a thousand when asked for by `PASSERELLE_ROUNDS=1000`.
fn rounds() -> usize {
    std::env::var("PASSERELLE_ROUNDS").map_or(3, |rounds| rounds.parse().unwrap())
}

const ASKING: usize = 64;

/// 64 who accept at the same moment through two servers in processes of their own, for 10 places, round after round.
async fn ten_places_are_given_ten_times(engine: Engine) {
    let (url, folder) = new_database(engine).await;
    let app = TestApp::over(&url).await;
    let world = World::fill(&app).await;
    let signer = Signer::new();
    let nodes = [Apart::start(&url, &signer), Apart::start(&url, &signer)];
    let asking = Asking { nodes: &nodes, intake: signer.member(&world.intake), client: client() };
    let mut met = Met::default();
    for round in 0..rounds() {
        let service = add_service(&app, world.provider, world.district, Some(10)).await;
        let sent = waiting(&app, &world, service, ASKING).await;
        let answers = asking.race(&sent, &mut met).await;
        let expected = BTreeMap::from([("ok".to_owned(), 10), ("CAPACITY_TAKEN".to_owned(), 54)]);
        assert_eq!(answers, expected, "round {round}");
        assert_eq!(taken(&app, service, None).await, 10, "round {round}");
        let expected = BTreeMap::from([("ACCEPTED".to_owned(), 10), ("SENT".to_owned(), 54)]);
        assert_eq!(statuses(&app, service).await, expected, "round {round}");
    }
    let Met { turned_away, by_node } = met;
    let _ = writeln!(
        std::io::stderr(),
        "capacity, {engine:?}: {} rounds, places given by each node {by_node:?}, {turned_away} asked again",
        rounds()
    );
    drop((nodes, app));
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// What the rounds met, for whoever reads the output.
#[derive(Default)]
struct Met {
    /// Answers of a server that was too busy.
    turned_away: usize,
    by_node: [usize; 2],
}

/// Those who ask, each second one through the second server.
struct Asking<'a> {
    nodes: &'a [Apart; 2],
    intake: Persona,
    client: reqwest::Client,
}

impl Asking<'_> {
    async fn race(&self, sent: &[Referred], met: &mut Met) -> BTreeMap<String, usize> {
        let barrier = Barrier::new(sent.len());
        let asked = sent.iter().enumerate().map(async |(at, referral)| {
            barrier.wait().await;
            self.accept(at % 2, referral).await
        });
        let mut answers: BTreeMap<String, usize> = BTreeMap::new();
        for (at, (code, turned_away)) in join_all(asked).await.into_iter().enumerate() {
            met.turned_away += turned_away;
            met.by_node[at % 2] += usize::from(code == "ok");
            *answers.entry(code).or_default() += 1;
        }
        answers
    }

    /// Whom a busy server turns away asks again under the same key, as its clients do; it is decided once all the same.
    async fn accept(&self, node: usize, referral: &Referred) -> (String, usize) {
        let input = referral.input(json!({ "idempotencyKey": key() }));
        let body = json!({ "query": document("acceptReferral", ""), "variables": { "input": input } });
        for turned_away in 0.. {
            let request = self.client.post(format!("{}/graphql", self.nodes[node].url)).json(&body);
            let answer = request.bearer_auth(self.intake.token.as_deref().unwrap()).send().await.unwrap();
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let body = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
            let code = code(&Answer { status, headers, body }, "acceptReferral");
            if !["UNAVAILABLE", "TIMEOUT"].contains(&code.as_str()) {
                return (code, turned_away);
            }
        }
        unreachable!("asked until there was an answer")
    }
}

async fn statuses(app: &TestApp, service: uuid::Uuid) -> BTreeMap<String, i64> {
    let text = "SELECT status, count(*) AS total FROM referral WHERE service_id = $1 GROUP BY status";
    let rows = app.app.store.rows(text, vec![service.into()]).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "status").unwrap(), row.try_get("", "total").unwrap())).collect()
}

async fn a_place_beyond_the_total_is_marked(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let service = add_service(&app, world.provider, world.district, Some(1)).await;
    run(&app, "UPDATE service SET allows_overbooking = TRUE WHERE id = $1", vec![service.into()]).await;
    for (at, referral) in waiting(&app, &world, service, 3).await.iter().enumerate() {
        let taken = referral.act(&app, &world.intake, "acceptReferral", json!({})).await;
        let seen = taken.seen_by(&app, &world.case_manager, "isOverbooked").await;
        assert_eq!(seen["isOverbooked"], json!(at > 0), "place {at}");
    }
    assert_eq!(taken(&app, service, None).await, 3);
}

async fn an_unknown_total_does_not_limit(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let service = add_service(&app, world.provider, world.district, None).await;
    for referral in waiting(&app, &world, service, 12).await {
        referral.act(&app, &world.intake, "acceptReferral", json!({})).await;
    }
    assert_eq!(taken(&app, service, None).await, 12);
}

async fn an_outcome_gives_the_place_back(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let service = add_service(&app, world.provider, world.district, Some(1)).await;
    let story = Story::open(&app, &world).await;
    let first = story.refer_to(&app, &world.case_manager, service).await;
    let first = first.act(&app, &world.intake, "acceptReferral", json!({})).await;
    let second = waiting(&app, &world, service, 1).await.remove(0);
    let input = || second.input(json!({}));
    assert_eq!(rule(&app, &world.intake, "acceptReferral", input()).await, "CAPACITY_TAKEN");
    let seen = second.seen_by(&app, &world.intake, "status version").await;
    assert_eq!(seen, json!({ "status": "SENT", "version": second.version }), "the refused one is as it was");
    first.act(&app, &world.worker, "completeReferral", report(&story)).await;
    assert_eq!(taken(&app, service, None).await, 0);
    second.act(&app, &world.intake, "acceptReferral", json!({})).await;
    assert_eq!(taken(&app, service, None).await, 1);
}

/// What somebody else fills, and what is held, is not there to be taken.
async fn places_filled_elsewhere_count(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    run(&app, "UPDATE capacity SET taken_elsewhere = 7, held = 2 WHERE service_id = $1", vec![world.service.into()])
        .await;
    let sent = waiting(&app, &world, world.service, 2).await;
    sent[0].act(&app, &world.intake, "acceptReferral", json!({})).await;
    assert_eq!(rule(&app, &world.intake, "acceptReferral", sent[1].input(json!({}))).await, "CAPACITY_TAKEN");
    // Lowering the total below what is taken is the provider's right, and takes nothing from anybody.
    run(&app, "UPDATE capacity SET total = 0 WHERE service_id = $1", vec![world.service.into()]).await;
    assert_eq!(taken(&app, world.service, None).await, 1);
}

async fn the_most_specific_places_are_taken(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let at = places_at(&app, &world, world.service, Some(1)).await;
    let place = crate::support::world::gid(passerelle::domain::global_id::Kind::ServiceAtLocation, at);
    let mut codes = Vec::new();
    for _ in 0..2 {
        let story = Story::open(&app, &world).await;
        let mut input = story.referral(world.service);
        input["serviceAtLocationId"] = json!(place);
        codes.push(accepted(&app, &world, input).await);
    }
    assert_eq!(codes, ["ok", "CAPACITY_TAKEN"], "the location's one place, whatever the service still has");
    assert_eq!((taken(&app, world.service, Some(at)).await, taken(&app, world.service, None).await), (1, 0));
    let story = Story::open(&app, &world).await;
    assert_eq!(accepted(&app, &world, story.referral(world.service)).await, "ok", "for the service as a whole");
    assert_eq!((taken(&app, world.service, Some(at)).await, taken(&app, world.service, None).await), (1, 1));
}

async fn accepted(app: &TestApp, world: &World, input: Value) -> String {
    let made = done(app, &world.case_manager, "createReferral", input, "referral { id version }").await;
    let input = json!({ "referralId": made["referral"]["id"], "expectedVersion": made["referral"]["version"] });
    code(&answer(app, &world.intake, "acceptReferral", input).await, "acceptReferral")
}

on_both_engines!(
    ten_places_are_given_ten_times,
    a_place_beyond_the_total_is_marked,
    an_unknown_total_does_not_limit,
    an_outcome_gives_the_place_back,
    places_filled_elsewhere_count,
    the_most_specific_places_are_taken,
);
