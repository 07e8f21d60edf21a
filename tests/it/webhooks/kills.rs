//! `kill -9` of nodes under load loses no webhook and brings none out of the order of its thing.
//!
//! A node is this test program again, told to run one test only, which carries webhooks when an environment variable names
//! a database and does nothing otherwise. `PASSERELLE_TEST_KILLS` asks for more kills.

use super::receiver::{Behaves, Receiver};
use super::{add_change, endpoint};
use crate::support::app::{TestApp, new_database, open};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::world::World;
use passerelle::app::{App, Policy};
use passerelle::domain::clock::SystemClock;
use passerelle::oidc::Providers;
use passerelle::store::sealing::Sealer;
use passerelle::token::Keyring;
use passerelle::usecase::budget::Budgets;
use passerelle::usecase::webhook::{Courier, Pace};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// Names the database whose webhooks are carried.
const DATABASE: &str = "PASSERELLE_TEST_CARRY_DATABASE";
const MARK: &str = "passerelle-carries";
/// Things that change, and how often each.
const THINGS: usize = 25;
const TIMES: usize = 12;

/// A node in a process of its own. It ends with this value, and also when our own process dies.
struct Node {
    child: Child,
    _output: BufReader<ChildStdout>,
}

impl Node {
    fn start(database: &str) -> Self {
        let name = concat!(module_path!(), "::carries_when_asked").split_once("::").unwrap().1;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture", "--test-threads=1"])
            .env(DATABASE, database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains(MARK) {
            line.clear();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "the node ended before it began");
        }
        Self { child, _output: output }
    }
}

impl Drop for Node {
    /// As `kill -9` does, at once and without a word.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// No test of anything: the node. Without the variable it returns at once.
#[test]
fn carries_when_asked() {
    let Ok(database) = std::env::var(DATABASE) else { return };
    std::thread::spawn(|| {
        // Our parent holds the other end and never writes: the stream ends when the parent does.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let app = Arc::new(App {
            store: open(&database).await,
            clock: Arc::new(SystemClock),
            tokens: Keyring::generate_demo().unwrap(),
            sealer: Sealer::from_root("test", [7; 32]).unwrap(),
            policy: Policy::default(),
            budgets: Budgets::default(),
            providers: Providers::new().unwrap(),
            egress: crate::support::egress::egress(),
        });
        let pace = Pace { longest: Duration::from_secs(1), lease: 2_000_000, ..Pace::default() };
        let mut courier = Courier::new(app, pace).unwrap();
        let mut output = std::io::stdout();
        writeln!(output, "\n{MARK}").unwrap();
        output.flush().unwrap();
        loop {
            // A database that is busy for a moment is asked again.
            let _ = courier.round().await;
            courier.wait(Duration::from_millis(20)).await;
        }
    });
}

async fn no_webhook_is_lost_or_out_of_order_when_nodes_are_killed(engine: Engine) {
    let (url, folder) = new_database(engine).await;
    let app = TestApp::over(&url).await;
    let world = World::fill(&app).await;
    let receivers = [Receiver::start().await, Receiver::start().await];
    for receiver in &receivers {
        receiver.behave(Behaves::TakesItsTime(15));
        endpoint(&app, &world, receiver, "SHARED_SECRET").await;
    }
    let kills = std::env::var("PASSERELLE_TEST_KILLS").ok().map_or(6, |text| text.parse().unwrap());
    let several = if engine == Engine::Postgres { 2 } else { 1 };
    let mut nodes: Vec<Node> = (0..several).map(|_| Node::start(&url)).collect();
    let things: Vec<Uuid> = (0..THINGS).map(|_| Uuid::now_v7()).collect();
    let mut place = 0;
    for round in 0..TIMES {
        let tx = app.app.store.begin().await.unwrap();
        for thing in &things {
            place += 1;
            add_change(&tx, app.app.now(), world.provider, place, *thing).await;
        }
        tx.commit().await.unwrap();
        if round * kills / TIMES < (round + 1) * kills / TIMES {
            // In the middle of what the last changes ask for.
            let before: usize = receivers.iter().map(|receiver| receiver.got().len()).sum();
            let begun = Instant::now();
            while receivers.iter().map(|receiver| receiver.got().len()).sum::<usize>() < before + 5 + round {
                sleep(Duration::from_millis(2)).await;
                assert!(begun.elapsed() < Duration::from_secs(30), "nothing is sent any more");
            }
            drop(nodes.remove(0));
            nodes.push(Node::start(&url));
        }
    }
    let expected = THINGS * TIMES;
    let begun = Instant::now();
    while receivers.iter().any(|receiver| distinct(receiver).values().map(BTreeSet::len).sum::<usize>() < expected) {
        sleep(Duration::from_millis(20)).await;
        assert!(begun.elapsed() < Duration::from_secs(60), "webhooks are lost");
    }
    let mut twice = 0;
    for receiver in &receivers {
        assert_eq!(receiver.versions().len(), THINGS);
        for versions in receiver.versions().values() {
            assert!(versions.is_sorted() && versions.len() == TIMES, "{versions:?}");
        }
        let ids: BTreeSet<String> = receiver.got().into_iter().map(|got| got.id).collect();
        assert_eq!(ids.len(), expected, "what comes twice comes under the same identifier");
        twice += receiver.got().len() - expected;
    }
    let _ = writeln!(
        std::io::stderr(),
        "kills, {engine:?}: {several} nodes, {kills} kills, {} webhooks, none lost, {twice} came twice",
        expected * receivers.len()
    );
    assert!(twice <= kills * 4 * receivers.len(), "{twice}: only what was under way at a kill");
    drop(nodes);
    drop(app);
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
}

/// The versions of each thing that a receiver has.
fn distinct(receiver: &Receiver) -> BTreeMap<String, BTreeSet<i64>> {
    receiver.versions().into_iter().map(|(thing, versions)| (thing, versions.into_iter().collect())).collect()
}

on_both_engines!(no_webhook_is_lost_or_out_of_order_when_nodes_are_killed);
