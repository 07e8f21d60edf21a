//! How the cost of a page of a search grows with the directory: the same searches over a thousand services and over ten
//! thousand with thirty thousand locations.
//! `cargo bench -p passerelle-tests --bench search`.

#[path = "../cpu.rs"]
mod cpu;
#[path = "../failure.rs"]
mod failure;
mod fill;
#[path = "../../it/support/looked_at.rs"]
mod looked_at;
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
use searches::{Kind, SEARCHES, found, looked, run};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

/// What the server runs with in production, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The sizes that are compared.
const SIZES: [usize; 2] = [1_000, 10_000];
/// How often each search is asked.
const TIMES: usize = 200;
/// For how many of these what the engine looks at is counted.
const COUNTED: usize = 20;

/// What one search cost.
#[derive(Clone, Copy)]
struct Cost {
    /// Milliseconds of processor time of a page, server and database together.
    milliseconds: f64,
    /// What the engine looked at for a page.
    looked: f64,
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
        "| engine | search | found of 1,000 | CPU ms | looked at | found of 10,000 | CPU ms | looked at | growth of CPU | growth of looks |\n\
         |---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
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
            let cluster = database.cluster().await?;
            for search in SEARCHES {
                own.push(cost(&database.door, &land, search, cluster).await?);
            }
            costs.push(own);
            database.door.close().await;
        }
        for (at, (name, _)) in SEARCHES.iter().enumerate() {
            let (small, large) = (costs[0][at], costs[1][at]);
            let _ = writeln!(
                text,
                "| {engine:?} | {name} | {} | {:.2} | {:.0} | {} | {:.2} | {:.0} | {:.1} | {:.1} |",
                small.found,
                small.milliseconds,
                small.looked,
                large.found,
                large.milliseconds,
                large.looked,
                large.milliseconds / small.milliseconds,
                large.looked / small.looked.max(1.0)
            );
        }
    }
    Ok(format!("{text}\n{filling}"))
}

async fn cost(door: &Door, land: &Land, search: (&str, Kind), cluster: Option<u32>) -> Done<Cost> {
    let found = found(door, land, search).await?;
    let mut looks = 0;
    for round in 0..COUNTED {
        looks += looked(door, land, search, round).await?;
    }
    let used = || -> Done<f64> { Ok(cpu::of_this_process()? + cluster.map_or(Ok(0.0), cpu::of_cluster)?) };
    let before = used()?;
    for round in 0..TIMES {
        run(door, land, search, round % 60).await?;
    }
    Ok(Cost { milliseconds: (used()? - before) / TIMES as f64, looked: looks as f64 / COUNTED as f64, found })
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

    /// The first process of PostgreSQL.
    async fn cluster(&self) -> Done<Option<u32>> {
        if self.engine == Engine::Sqlite {
            return Ok(None);
        }
        let rows = self.door.rows("SELECT pg_backend_pid() AS id", vec![]).await?;
        let own: i32 = rows.first().ok_or("no process")?.try_get("", "id")?;
        Ok(Some(cpu::parent_of(u32::try_from(own)?)?))
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
