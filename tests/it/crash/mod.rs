//! `kill -9` during loops loses nothing that was acknowledged, leaves nothing half done, and a retry under the same
//! key has one effect.
//!
//! `PASSERELLE_TEST_KILLS` asks for more kills than the few of each run, `PASSERELLE_TEST_SEED` for the instants of an
//! earlier run: how many acknowledgements each kill lets pass.

pub mod walker;
mod watched;

use crate::support::apart::{Apart, Signer};
use crate::support::app::{TestApp, new_database, open};
use crate::support::clock::TestClock;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::postgres::Cluster;
use crate::support::world::World;
use futures_util::future::join_all;
use std::cell::RefCell;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use walker::{Acknowledged, Link, Walker};

/// People who work at once. Each holds one place at most, and the service has ten.
const WALKERS: usize = 6;

/// Knuth's generator.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// A number from the environment.
fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

fn generator() -> Random {
    let seed = told("PASSERELLE_TEST_SEED").unwrap_or_else(|| {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).unwrap();
        u64::from_le_bytes(bytes)
    });
    let _ = writeln!(std::io::stderr(), "crash: PASSERELLE_TEST_SEED={seed}");
    Random(seed)
}

/// The server that is killed, what it has acknowledged, and when it is killed next.
pub struct Victim {
    server: Option<Apart>,
    ledger: Vec<Acknowledged>,
    /// Acknowledgements until the kill.
    left: u64,
    /// Turns of the runtime from the last of them to the kill, in which the others go on.
    turns: u64,
}

impl Victim {
    fn url(&self) -> Option<String> {
        self.server.as_ref().map(|server| server.url.clone())
    }

    fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill();
        }
    }
}

/// Where all of it happens.
struct Scene {
    database: String,
    folder: Option<PathBuf>,
    /// PostgreSQL's own server; it keeps what it confirmed.
    cluster: Option<Cluster>,
    signer: Signer,
}

impl Scene {
    async fn set(engine: Engine) -> Self {
        let cluster = if engine == Engine::Postgres { Cluster::start_durable() } else { None };
        let (database, folder) = match &cluster {
            Some(cluster) => (cluster.create_database(None).await, None),
            None => new_database(engine).await,
        };
        Self { database, folder, cluster, signer: Signer::new() }
    }

    fn serve(&self) -> Option<Apart> {
        Some(Apart::start(&self.database, &self.signer))
    }

    /// PostgreSQL is killed too, and comes back from what it had made durable.
    fn crash(&self) {
        if let Some(cluster) = &self.cluster {
            cluster.crash();
            cluster.restart();
        }
    }
}

/// What the kills met, for whoever reads the output.
#[derive(Default)]
struct Met {
    /// Commands without an answer.
    caught: usize,
    /// Those among them that had taken effect all the same.
    effective: usize,
    slowest_start: Duration,
}

async fn nothing_acknowledged_is_lost(engine: Engine) {
    let mut random = generator();
    let scene = Scene::set(engine).await;
    let world = fill(&scene.database).await;
    let link = Link::new(&world, &scene.signer, Arc::new(TestClock::new()));
    let victim = Victim { server: scene.serve(), ledger: Vec::new(), left: 0, turns: 0 };
    let mut victim = RefCell::new(victim);
    let mut walkers: Vec<_> = (0..WALKERS).map(|_| Walker::default()).collect();
    let kills = told("PASSERELLE_TEST_KILLS").unwrap_or(if engine == Engine::Sqlite { 8 } else { 4 });
    let mut met = Met::default();
    for kill in 0..kills {
        (victim.get_mut().left, victim.get_mut().turns) = (1 + random.below(60), random.below(200));
        join_all(walkers.iter_mut().map(|walker| walker.walk(&link, &victim))).await;
        if kill % 2 == 1 {
            scene.crash();
        }
        recover(&scene, &link, &mut victim, &mut walkers, &mut met).await;
    }
    let Met { caught, effective, slowest_start } = met;
    let acknowledged = victim.get_mut().ledger.len();
    let _ = writeln!(
        std::io::stderr(),
        "crash, {engine:?}: {kills} kills, {acknowledged} commands acknowledged, {caught} caught in flight, {effective} \
         of them effective; the slowest start took {} ms",
        slowest_start.as_millis()
    );
    assert!(caught > 0, "no kill caught a command in flight");
    victim.get_mut().kill();
    scene.folder.map(std::fs::remove_dir_all).transpose().unwrap();
}

/// Starts the server again and looks at everything, before and after whoever got no answer has asked again.
async fn recover(scene: &Scene, link: &Link<'_>, victim: &mut RefCell<Victim>, walkers: &mut [Walker], met: &mut Met) {
    let door = open(&scene.database).await;
    watched::quiet(&door).await;
    let begun = Instant::now();
    victim.get_mut().server = scene.serve();
    met.slowest_start = met.slowest_start.max(begun.elapsed());
    let effects = watched::check(&door, &victim.get_mut().ledger).await;
    met.effective += effects - victim.get_mut().ledger.len();
    for walker in walkers.iter_mut().filter(|walker| walker.is_waiting()) {
        met.caught += 1;
        walker.insist(link, victim).await;
    }
    let effects = watched::check(&door, &victim.get_mut().ledger).await;
    assert_eq!(effects, victim.get_mut().ledger.len(), "each command that was ever asked has one effect");
    door.close().await;
}

/// Migrates the database and puts the world in.
async fn fill(database: &str) -> World {
    let door = open(database).await;
    door.migrate().await.unwrap();
    door.close().await;
    let app = TestApp::over(database).await;
    World::fill(&app).await
}

on_both_engines!(nothing_acknowledged_is_lost);
