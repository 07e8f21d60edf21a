//! The referral machine, driven through the public door by whoever comes along and by time that passes, beside a model of
//! it that knows nothing of the server: what the table says happens, and nothing else does, on both engines.
//!
//! Each of the ten invariants has a check that names it, in `invariants.rs`: 1, 2, 3 and 8 after each step of what is
//! stored; 4 of each command and of each run of the clock; 5 when a key comes again; 6 when two come at once through two
//! servers; 7 at each answer about what does not exist; 9 and 10 at the end of each sequence, after a year of silence.

mod clock;
mod commands;
mod effects;
mod endings;
mod every_state;
mod invariants;
mod model;
mod nothing;
mod people;
mod play;
mod rows;
mod stored;
mod sweep;

use crate::support::app::{TestApp, new_database};
use crate::support::engine::Engine;
use crate::support::world::World;
use commands::COMMANDS;
use model::{Deed, Service};
use people::PEOPLE;
use play::{Play, Servers, Step};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const SEED: &str = "passerelle: the referral machine";

/// The seed, or another of 32 letters from `PASSERELLE_SEED`.
fn seed() -> [u8; 32] {
    let seed = std::env::var("PASSERELLE_SEED").unwrap_or_else(|_| SEED.to_owned());
    seed.as_bytes().try_into().unwrap()
}

/// How many sequences are played; more when asked for by `PASSERELLE_SEQUENCES`.
fn sequences(usual: u32) -> u32 {
    std::env::var("PASSERELLE_SEQUENCES").map_or(usual, |more| more.parse().unwrap())
}

/// A service with one or two places, or of unknown places.
fn services() -> impl Strategy<Value = Service> {
    let total = prop_oneof![4 => Just(Some(1)), 4 => Just(Some(2)), 1 => Just(None)];
    (total, any::<bool>(), prop::bool::weighted(0.8), any::<bool>(), any::<bool>()).prop_map(
        |(total, overbooking, list, slots, offers)| Service {
            total,
            overbooking,
            list,
            slots,
            offers,
            taken: 0,
            held: 0,
        },
    )
}

fn steps() -> impl Strategy<Value = Step> {
    let what = prop::sample::select(COMMANDS.to_vec());
    let deed = (0..PEOPLE.len(), what, 0..6_usize, any::<bool>(), prop::bool::weighted(0.8), any::<bool>())
        .prop_map(|(who, what, on, other, is_fresh, for_person)| Deed { who, what, on, other, is_fresh, for_person });
    let one = (prop::bool::weighted(0.65), 0..1_000_000_usize, deed).prop_map(|(likely, pick, deed)| Step::Do {
        likely,
        pick,
        deed,
    });
    // From an hour to five weeks: hours for emergencies, days for reviews and offers, weeks for drafts and loops.
    let hours = prop_oneof![3 => 1..30_i64, 3 => 30..200_i64, 2 => 200..840_i64];
    prop_oneof![
        14 => one,
        2 => (0..1_000_000_usize, 0..1_000_000_usize).prop_map(|(one, other)| Step::Both(one, other)),
        1 => any::<bool>().prop_map(|is_same| Step::Again { is_same }),
        3 => (hours, prop::bool::weighted(0.8)).prop_map(|(hours, runs)| Step::Wait { hours, runs }),
    ]
}

impl Servers {
    async fn start(engine: Engine) -> (Self, Option<std::path::PathBuf>) {
        let (url, folder) = new_database(engine).await;
        let (one, two) = (TestApp::over(&url).await, TestApp::over(&url).await);
        let world = World::fill(&one).await;
        (Self { one, two, world }, folder)
    }
}

/// Plays the sequences of the seed. The same are played on either engine, so that both are compared with the model.
fn play(engine: Engine, cases: u32) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "machine: seed {:?}", String::from_utf8_lossy(&seed()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (servers, folder) = runtime.block_on(Servers::start(engine));
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 24, ..Config::default() };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed());
    let urgency = prop::sample::select(vec!["EMERGENCY", "URGENT", "ROUTINE", "ROUTINE"]);
    let sequence = (services(), prop::collection::vec(urgency, 2..4), prop::collection::vec(steps(), 24));
    let ran = TestRunner::new_with_rng(config, random).run(&sequence, |(service, needs, steps)| {
        runtime.block_on(async {
            let mut play = Play::open(&servers, service, &needs).await;
            for step in steps {
                play.step(step).await?;
            }
            play.silence().await?;
            play.adds_up().await
        })
    });
    drop(servers);
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
    if let Err(failed) = ran {
        panic!("{failed}");
    }
}

#[test]
fn whoever_tries_whatever_only_the_table_happens_on_sqlite() {
    play(Engine::Sqlite, sequences(40));
}

#[test]
fn whoever_tries_whatever_only_the_table_happens_on_postgres() {
    if Engine::Postgres.is_ready_for("machine on postgres") {
        play(Engine::Postgres, sequences(12));
    }
}

#[test]
fn every_invariant_has_its_check() {
    let checks = include_str!("invariants.rs");
    let missing: Vec<u32> = (1..=10).filter(|number| !checks.contains(&format!("fn invariant_{number}_"))).collect();
    assert!(missing.is_empty(), "no check of {missing:?}");
}
