//! How the cost of a page of a search grows with the directory: the same searches over a thousand services and over ten
//! thousand with thirty thousand locations.
//! `cargo bench -p passerelle-tests --bench search`.

#[path = "../failure.rs"]
mod failure;
mod fill;
#[path = "../../it/support/pg_install.rs"]
mod pg_install;
#[path = "../../it/support/postgres.rs"]
#[expect(dead_code, reason = "the tests use more of the cluster than the benchmark does")]
mod postgres;
#[path = "../random.rs"]
#[expect(dead_code, reason = "the other benchmark draws more kinds of numbers")]
mod random;
mod searches;

use failure::Done;
use fill::{Land, fill};
use passerelle::store::dialect::Engine;
use passerelle::store::door::{Door, Settings};
use postgres::Cluster;
use searches::{SEARCHES, run};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What the server runs with in production, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The sizes that are compared.
const SIZES: [usize; 2] = [1_000, 10_000];
/// How often each search is asked; the fastest tenth and the one in the middle are told.
const TIMES: usize = 60;

/// What one search cost in milliseconds.
#[derive(Clone, Copy)]
struct Cost {
    quick: f64,
    middle: f64,
    found: usize,
}

fn main() -> Done<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let text = runtime.block_on(measure())?;
    write!(std::io::stdout(), "{text}")?;
    Ok(())
}

async fn measure() -> Done<String> {
    let mut text = String::from(
        "| engine | search | found of 1,000 | ms | ms, quickest tenth | found of 10,000 | ms | ms, quickest tenth | growth |\n|---|---|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    let mut filling = String::new();
    for engine in [Engine::Postgres, Engine::Sqlite] {
        let mut costs: Vec<Vec<Cost>> = Vec::new();
        for size in SIZES {
            let database = Database::new(engine, size).await?;
            let started = Instant::now();
            let land = fill(&database.door, size).await?;
            let filled = started.elapsed();
            database.settle().await?;
            let _ = writeln!(
                filling,
                "{engine:?}: {size} services at {} places derived for the search in {:.1} s of {:.1} s of filling.",
                land.locations,
                land.derived.as_secs_f64(),
                filled.as_secs_f64()
            );
            let mut own = Vec::new();
            for (name, _) in SEARCHES {
                own.push(cost(&database.door, &land, name).await?);
            }
            costs.push(own);
            database.door.close().await;
        }
        for (at, (name, _)) in SEARCHES.iter().enumerate() {
            let (small, large) = (costs[0][at], costs[1][at]);
            let _ = writeln!(
                text,
                "| {engine:?} | {name} | {} | {:.2} | {:.2} | {} | {:.2} | {:.2} | {:.1} |",
                small.found,
                small.middle,
                small.quick,
                large.found,
                large.middle,
                large.quick,
                large.quick / small.quick
            );
        }
    }
    Ok(format!("{text}\n{filling}"))
}

async fn cost(door: &Door, land: &Land, name: &str) -> Done<Cost> {
    let found = run(door, land, name, 0, true).await?;
    let mut taken: Vec<Duration> = Vec::with_capacity(TIMES);
    for round in 0..TIMES {
        let started = Instant::now();
        run(door, land, name, round, false).await?;
        taken.push(started.elapsed());
    }
    taken.sort();
    let ms = |at: usize| taken.get(at).map_or(0.0, Duration::as_secs_f64) * 1_000.0;
    Ok(Cost { quick: ms(TIMES / 10), middle: ms(TIMES / 2), found })
}

/// Where the data lies; gone with the value.
struct Database {
    door: Door,
    engine: Engine,
    folder: Option<PathBuf>,
}

impl Database {
    async fn new(engine: Engine, size: usize) -> Done<Self> {
        let (url, folder) = match engine {
            Engine::Postgres => (Cluster::get().ok_or("no PostgreSQL is installed")?.create_database(None).await, None),
            Engine::Sqlite => {
                let folder = std::env::temp_dir().join(format!("passerelle-search-{}-{size}", std::process::id()));
                std::fs::create_dir_all(&folder)?;
                (format!("sqlite://{}", folder.join("bench.sqlite").display()), Some(folder))
            }
        };
        let door = Door::open(&Settings { url, readers: 2, create: true }).await?;
        door.migrate().await?;
        Ok(Self { door, engine, folder })
    }

    /// Lets the engine learn what there is, as it does by itself after a while.
    async fn settle(&self) -> Done<()> {
        if self.engine == Engine::Postgres {
            let tx = self.door.begin().await?;
            tx.run("ANALYZE", vec![]).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // What can't be removed is in the system's temporary folder, where it is found.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
