//! What two nodes over one PostgreSQL share: what may be asked for, and who acts when a deadline has passed.

use crate::clocks_year::no_rung_was_told_twice;
use crate::support::apart::Signer;
use crate::support::app::{TestApp, new_database};
use crate::support::engine::Engine;
use crate::support::node::{Faster, Node, Plan};
use crate::support::seed::waiting;
use crate::support::world::World;
use passerelle::domain::clock::Clock as _;
use serde_json::json;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const PAGE: &str = "{ referrals(first: 10) { nodes { id } } }";
/// The cost of [`PAGE`]: the connection and ten referrals.
const COST: i64 = 11;
const POINTS: i64 = 1_100;

async fn plan(clock: Faster, points: Option<i64>) -> Plan {
    let (database, _) = new_database(Engine::Postgres).await;
    Plan { database, signer: Arc::new(Signer::new()), clock, points }
}

/// Two processes together serve what an organization may ask for, however its requests are spread over them.
#[tokio::test]
async fn two_processes_share_one_budget() {
    if !Engine::Postgres.is_ready_for("two_processes_share_one_budget") {
        return;
    }
    let plan = plan(Faster::after(0, 0), Some(POINTS)).await;
    let world = World::fill(&TestApp::over(&plan.database).await).await;
    let nodes = [Node::start(&plan), Node::start(&plan)];
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let now = plan.clock.now().as_second();
    let mut served = [0; 2];
    for round in 0..180_usize {
        // Two to the one, one to the other, and by two people of the organization.
        let at = usize::from(round % 3 == 2);
        let who = if round % 2 == 0 { &world.intake } else { &world.provider_supervisor };
        let who = plan.signer.member_at(who, now);
        let asked = client.post(format!("{}/graphql", nodes[at].url)).bearer_auth(who.token.unwrap());
        let answer = asked.json(&json!({ "query": PAGE })).send().await.unwrap();
        match answer.status().as_u16() {
            200 => served[at] += 1,
            429 => assert!(answer.headers().contains_key("retry-after")),
            other => panic!("{other}: {}", answer.text().await.unwrap()),
        }
    }
    let total: i64 = served.iter().sum();
    let _ =
        writeln!(std::io::stderr(), "two processes served {served:?} of {} that {POINTS} points are", POINTS / COST);
    // Never more than there is; less by what fits no request any more on either node.
    assert!((POINTS / COST - 2..=POINTS / COST).contains(&total), "{served:?}");
    assert!(served.iter().all(|served| *served > 10), "{served:?}: both had of it");
}

/// Both nodes' clocks run, and one of the nodes is killed in the middle: what is due is done once.
#[tokio::test]
async fn what_is_due_is_done_once_by_two_processes() {
    const COUNT: usize = 150;
    if !Engine::Postgres.is_ready_for("what_is_due_is_done_once_by_two_processes") {
        return;
    }
    let (database, _) = new_database(Engine::Postgres).await;
    let app = TestApp::over(&database).await;
    let world = World::fill(&app).await;
    waiting(&app, &world, world.service, COUNT).await;
    // Whichever node is the first holds the lease; ten times as fast, a dead one's is free again after six seconds.
    let plan = Plan { database, signer: Arc::new(Signer::new()), clock: Faster::after(60 * 24, 10), points: None };
    let mut nodes = vec![Node::start(&plan), Node::start(&plan)];
    let expired = async || usize::try_from(app.count("event WHERE kind = 'expireReferral'").await).unwrap();
    let began = Instant::now();
    let until = async |count: usize| {
        while expired().await < count {
            sleep(Duration::from_millis(5)).await;
            assert!(began.elapsed() < Duration::from_secs(120), "the clocks stand still");
        }
    };
    until(20).await;
    let holder = "SELECT count(*) AS total FROM lease WHERE name = 'clock'";
    assert_eq!(app.app.store.rows(holder, vec![]).await.unwrap()[0].try_get::<i64>("", "total").unwrap(), 1);
    drop(nodes.remove(0));
    let at_the_kill = expired().await;
    until(COUNT).await;
    let all = began.elapsed();
    // A full look of the one that is left: it finds nothing more to do.
    let looks = async || {
        let text =
            "SELECT count(*) AS total FROM referral WHERE status = 'SENT' OR clock_at IS NOT NULL AND clock_at <= $1";
        let now = plan.clock.now().as_microsecond();
        app.app.store.rows(text, vec![now.into()]).await.unwrap()[0].try_get::<i64>("", "total").unwrap()
    };
    while looks().await > 0 {
        sleep(Duration::from_millis(20)).await;
        assert!(began.elapsed() < Duration::from_secs(120), "something stays due");
    }
    assert_eq!(expired().await, COUNT);
    no_rung_was_told_twice(&app).await;
    let _ = writeln!(
        std::io::stderr(),
        "{COUNT} deadlines acted on once by two processes in {all:?}; one was killed after {at_the_kill}"
    );
}
