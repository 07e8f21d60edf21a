//! The benchmark: a synthetic network, a server with durable storage on a real port, and a client in a process of its
//! own. `cargo bench -p passerelle-tests --bench bench -- --size s --engine both`.

mod bulk;
mod casework;
mod client;
mod cpu;
mod directory;
mod failure;
mod host;
mod operation;
#[path = "../it/support/pg_install.rs"]
mod pg_install;
#[path = "../it/support/postgres.rs"]
#[expect(dead_code, reason = "the tests use more of the cluster than the benchmark does")]
mod postgres;
mod random;
mod referral_rows;
mod report;
mod service_rows;
mod size;
mod takeover;

use clap::{Parser, ValueEnum};
use client::{Ask, Job, Ran};
use failure::Done;
use host::Host;
use operation::Operation;
use passerelle::store::dialect::Engine;
use report::Measured;
use size::Size;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the server runs with in production, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The word that makes this program the client.
const CLIENT: &str = "as-client";

/// Measures Passerelle on a synthetic network.
#[derive(Debug, Parser)]
struct Options {
    /// How big the network is.
    #[arg(long, value_enum, default_value = "s")]
    size: Size,
    /// Which engine.
    #[arg(long, value_enum, default_value = "both")]
    engine: Engines,
    /// Seconds of each operation in each round.
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Rounds; the operations take turns.
    #[arg(long, default_value_t = 2)]
    rounds: usize,
    /// Connections of the client.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Connections of the server for reading, and on PostgreSQL as many for writing.
    #[arg(long, default_value_t = 8)]
    readers: u32,
    /// Only these operations.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Operation>,
    /// What the network and the requests depend on.
    #[arg(long, default_value_t = 20_261_125)]
    seed: u64,
    /// Measures nothing: fills, serves, writes each operation's job to this folder, and waits until its own input ends.
    /// A job can be sent with `bench as-client < job`, while one looks at plans or records a profile.
    #[arg(long)]
    stay: Option<PathBuf>,
    /// Measures nothing but the import of a directory of so many services, and its exports.
    #[arg(long, value_name = "SERVICES")]
    takeover: Option<usize>,
    /// What Cargo says to every benchmark.
    #[arg(long = "bench", hide = true)]
    _bench: bool,
    /// Writes the tables to this file, too.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// The engines to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Engines {
    Sqlite,
    Postgres,
    Both,
}

impl Engines {
    fn list(self) -> Vec<Engine> {
        match self {
            Self::Sqlite => vec![Engine::Sqlite],
            Self::Postgres => vec![Engine::Postgres],
            Self::Both => vec![Engine::Postgres, Engine::Sqlite],
        }
    }
}

fn main() -> Done<()> {
    if std::env::args().nth(1).as_deref() == Some(CLIENT) {
        return as_client();
    }
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let text = runtime.block_on(measure(&options))?;
    write!(std::io::stdout(), "{text}")?;
    if let Some(file) = &options.out {
        fs::write(file, &text)?;
    }
    Ok(())
}

/// Reads a job, does it, and writes what came of it.
fn as_client() -> Done<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ran = runtime.block_on(client::drive(serde_json::from_str(&text)?))?;
    write!(std::io::stdout(), "{}", serde_json::to_string(&ran)?)?;
    Ok(())
}

/// Tells a person how far it is.
fn tell(text: &str) {
    // Nobody is told where nobody listens.
    let _ = writeln!(std::io::stderr(), "{text}");
}

async fn measure(options: &Options) -> Done<String> {
    if let Some(services) = options.takeover {
        let mut text = takeover::head(services);
        for engine in options.engine.list() {
            tell(&format!("{engine:?} takes over {services} services"));
            text += &takeover::measure(engine, services, options.seed).await?;
        }
        return Ok(text);
    }
    let operations = if options.only.is_empty() { Operation::ALL.to_vec() } else { options.only.clone() };
    let cores = std::thread::available_parallelism()?;
    let mut text = format!(
        "# Benchmark\n\nSize {}: {}.\n\n{cores} cores, shared with the client; {} connections; {} rounds of {} s an \
         operation; seed {}.\n",
        options.size.name(),
        options.size.told(),
        options.connections,
        options.rounds,
        options.seconds,
        options.seed,
    );
    for engine in options.engine.list() {
        tell(&format!("filling {engine:?}, seed {}", options.seed));
        let host = Host::start(engine, options.size, options.seed, options.readers).await?;
        tell(&format!("{} at {}", host.version, host.database()));
        if let Some(folder) = &options.stay {
            stay(options, &host, &operations, folder)?;
            host.stop();
            continue;
        }
        text += &format!("\n## {}\n\n{}", host.version, report::head());
        for (operation, rounds) in rounds(options, &host, &operations)? {
            text += &report::row(operation, &rounds);
        }
        host.stop();
    }
    Ok(text + &report::foot(&operations))
}

/// Writes the jobs down and waits.
fn stay(options: &Options, host: &Host, operations: &[Operation], folder: &Path) -> Done<()> {
    let mut random = random::Random::new(options.seed ^ 1);
    for operation in operations {
        let asks = operation.asks(&host.directory, &host.casework, &mut random);
        let job = job(options, host, *operation, &asks, options.seconds, 1);
        fs::write(folder.join(format!("{operation:?}.json")), serde_json::to_string(&job)?)?;
    }
    tell("waiting for the end of the input");
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

fn job(options: &Options, host: &Host, operation: Operation, asks: &[Ask], seconds: f64, round: u64) -> Job {
    Job {
        address: host.address.clone(),
        document: operation.document().to_owned(),
        tokens: host.tokens.clone(),
        asks: asks.to_vec(),
        once: operation.writes(),
        seconds,
        connections: options.connections,
        seed: options.seed.wrapping_add(round),
    }
}

/// Warms up, then runs the rounds in which the operations take turns.
fn rounds(options: &Options, host: &Host, operations: &[Operation]) -> Done<Vec<(Operation, Vec<Measured>)>> {
    let mut random = random::Random::new(options.seed ^ 1);
    let mut plans = Vec::new();
    for operation in operations {
        let asks = operation.asks(&host.directory, &host.casework, &mut random);
        plans.push((*operation, asks, Vec::new()));
    }
    for round in 0..=options.rounds {
        for (operation, asks, measured) in &mut plans {
            let part = part_of(asks, operation.writes(), round, options.rounds);
            let seconds = if round == 0 { options.seconds / 4.0 } else { options.seconds };
            let seen = run(options, host, *operation, part, seconds, round as u64)?;
            tell(&format!("{:?} {operation:?} round {round}: {seen:.2?}", host.engine));
            if round > 0 {
                measured.push(seen);
            }
        }
    }
    Ok(plans.into_iter().map(|(operation, _, measured)| (operation, measured)).collect())
}

/// The requests of a round; round 0 is the warm-up, which gets a tenth of what can be sent only once.
fn part_of(asks: &[Ask], once: bool, round: usize, rounds: usize) -> &[Ask] {
    if !once {
        return asks;
    }
    let warm = asks.len() / 10;
    let each = (asks.len() - warm) / rounds.max(1);
    match round {
        0 => &asks[..warm],
        _ => &asks[warm + each * (round - 1)..][..each],
    }
}

fn run(options: &Options, host: &Host, operation: Operation, asks: &[Ask], seconds: f64, round: u64) -> Done<Measured> {
    let job = job(options, host, operation, asks, seconds, round);
    let job = serde_json::to_string(&job)?;
    let mut client =
        Command::new(std::env::current_exe()?).arg(CLIENT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    // The client begins when its input ends; what it costs us to hand it over is spent by then.
    let mut input = client.stdin.take().ok_or("the client has no input")?;
    input.write_all(job.as_bytes())?;
    let (before, statements) = (host.cpu()?, host.statements());
    drop(input);
    let output = client.wait_with_output()?;
    let after = host.cpu()?;
    if !output.status.success() {
        return Err(format!("the client of {operation:?} failed").into());
    }
    let ran: Ran = serde_json::from_slice(&output.stdout)?;
    if !ran.wrong.is_empty() {
        return Err(format!("{operation:?} was answered wrongly:\n{}", ran.wrong.join("\n")).into());
    }
    let of_one = |sum: f64| sum / ran.done.max(1) as f64;
    Ok(Measured {
        requests_per_second: ran.done as f64 / ran.seconds,
        p50: ran.p50 as f64 / 1_000.0,
        p90: ran.p90 as f64 / 1_000.0,
        p99: ran.p99 as f64 / 1_000.0,
        server: of_one(after.0 - before.0),
        database: of_one(after.1 - before.1),
        statements: of_one((host.statements() - statements) as f64),
        kilobytes: ran.bytes / 1_000.0,
    })
}
