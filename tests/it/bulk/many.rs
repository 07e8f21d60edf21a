//! Many rows, and nodes that die in between: none is lost, none comes twice, and never more than a piece is held.

use crate::support::app::{Persona, TestApp, new_database};
use crate::support::bulk::{fetched, lines, runner, seen, start, work_off};
use crate::support::clocked::still;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, waiting};
use crate::support::world::World;
use passerelle::app::Policy;
use passerelle::domain::budget::{Rate, Rates};
use passerelle::domain::bulk::BulkJob;
use passerelle::usecase::bulk::Runner;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write as _;

/// A small generator whose seed is told.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

async fn ids(app: &TestApp, who: &Persona, job: &Value) -> (usize, BTreeSet<String>) {
    let job = seen(app, who, job).await;
    assert_eq!(job["state"], "DONE");
    let lines = lines(&fetched(app, who, &job).await);
    (lines.len(), lines.iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect())
}

async fn another_node_goes_on_where_one_died(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent: BTreeSet<String> =
        waiting(&app, &world, world.service, 40).await.into_iter().map(|referral| referral.id).collect();
    let seed = 20_261_125_u64;
    let _ = writeln!(std::io::stderr(), "seed {seed}");
    let mut chance = Chance(seed);
    for _ in 0..5 {
        let job = start(&app, &still(&app, &world.intake), "REFERRALS").await;
        let nodes: Vec<Runner> = (0..3).map(|_| runner(&app).with_rows_at_once(7)).collect();
        // Nodes that took the job up and were thought dead before they wrote.
        let mut late: Vec<(usize, BulkJob)> = Vec::new();
        for _ in 0..200 {
            let at = usize::try_from(chance.below(3)).unwrap();
            if chance.below(3) > 0 {
                nodes[at].round().await.unwrap();
            } else if let Some(taken) = nodes[at].take_up().await.unwrap() {
                assert!(nodes[(at + 1) % 3].take_up().await.unwrap().is_none(), "one node at a time");
                app.wait(121);
                late.push((at, taken));
            }
            if chance.below(4) == 0
                && let Some((node, taken)) = late.pop()
            {
                let is_newest = app.count(&format!("bulk_job WHERE token = {}", taken.token)).await > 0;
                let kept = nodes[node].step(&taken).await.unwrap();
                assert!(is_newest || !kept, "what an older node writes is refused");
            }
        }
        let who = still(&app, &world.intake);
        assert_eq!(ids(&app, &who, &job).await, (40, sent.clone()));
    }
}

/// Enough for some pieces; PASSERELLE_ROWS asks for more.
fn many() -> usize {
    std::env::var("PASSERELLE_ROWS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_500)
}

async fn many_rows_are_read_piece_by_piece(engine: Engine) {
    let (url, folder) = new_database(engine).await;
    let many = many();
    let policy = Policy { export_rows_alone: 1_000_000, ..Policy::default() };
    let rates = Rates { exported_rows: Rate::each_day(0), ..policy.rates.without_bound() };
    let app = TestApp::over_with(&url, Policy { rates, ..policy }).await;
    let world = World::fill(&app).await;
    let sent: BTreeSet<String> =
        waiting(&app, &world, world.service, many).await.into_iter().map(|referral| referral.id).collect();
    // As an engine does by itself after a while.
    run(&app, "ANALYZE", vec![]).await;
    let job = start(&app, &world.intake, "REFERRALS").await;
    let before = resident();
    let began = std::time::Instant::now();
    assert_eq!(work_off(&app).await, 1 + many.div_ceil(1_000) + 1);
    let (grown, took) = (resident().saturating_sub(before), began.elapsed());
    let file = seen(&app, &world.intake, &job).await["file"].clone();
    let _ = writeln!(std::io::stderr(), "{many} rows in {took:?}, {grown} KiB more resident, file {file}");
    assert_eq!(app.count("bulk_piece WHERE row_count > 1000 OR bytes > 262144").await, 0, "no piece is large");
    assert_eq!(ids(&app, &world.intake, &job).await, (many, sent));
    assert_eq!(file["rows"], json!(many));
    app.app.store.close().await;
    drop(app);
    if let Some(folder) = folder {
        std::fs::remove_dir_all(folder).unwrap();
    }
}

/// KiB that this process holds in memory now; 0 where the system does not tell.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    pages.unwrap_or_default() * 4
}

on_both_engines!(another_node_goes_on_where_one_died, many_rows_are_read_piece_by_piece);
