//! A whole node in a process of its own: the door with all that runs beside it, as `passerelle serve` has it, so that it can
//! be killed, and so that several share one database.
//!
//! The process is this test program again, told to run one test only, as in `apart`.

use super::apart::{Signer, keyring};
use super::app::{open, unbounded};
use super::clock::TestClock;
use jiff::Timestamp;
use passerelle::app::{App, Policy};
use passerelle::cli::serve;
use passerelle::domain::budget::Rate;
use passerelle::domain::clock::{Clock, SystemClock};
use passerelle::http::Settings;
use passerelle::store::sealing::Sealer;
use passerelle::usecase::budget::Budgets;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

/// Names the database to serve.
const DATABASE: &str = "PASSERELLE_TEST_NODE_DATABASE";
const KEY: &str = "PASSERELLE_TEST_NODE_KEY";
/// When the node's time began by its own clock and by the machine's, in microseconds, and how much faster it goes.
const CLOCK: &str = "PASSERELLE_TEST_NODE_CLOCK";
/// What an organization may ask for in an hour; nothing where there is no bound.
const POINTS: &str = "PASSERELLE_TEST_NODE_POINTS";
const MARK: &str = "passerelle-node-at ";

/// A clock that all nodes of a test share, though each in its own process: it begins where a test says and goes faster than
/// the machine's, or stands still.
#[derive(Debug, Clone, Copy)]
pub struct Faster {
    from: i64,
    since: i64,
    times: i64,
}

impl Faster {
    /// A clock that is so many hours after the tests' morning now.
    pub fn after(hours: i64, times: i64) -> Self {
        let from = TestClock::new().now().as_microsecond() + hours * 3_600_000_000;
        Self { from, since: SystemClock.now().as_microsecond(), times }
    }

    fn read(told: &str) -> Self {
        let parts: Vec<i64> = told.split(' ').map(|part| part.parse().unwrap()).collect();
        Self { from: parts[0], since: parts[1], times: parts[2] }
    }
}

impl Clock for Faster {
    fn now(&self) -> Timestamp {
        let passed = SystemClock.now().as_microsecond() - self.since;
        Timestamp::from_microsecond(self.from + passed * self.times).unwrap()
    }
}

/// What all nodes of a test have in common.
#[derive(Clone)]
pub struct Plan {
    pub database: String,
    pub signer: Arc<Signer>,
    pub clock: Faster,
    /// What an organization may ask for in an hour.
    pub points: Option<i64>,
}

/// A node. It ends with this value as `kill -9` ends it, and also when our own process dies.
pub struct Node {
    child: Child,
    _output: BufReader<ChildStdout>,
    pub url: String,
}

impl Node {
    /// Starts a node on a migrated database and waits until it listens.
    pub fn start(plan: &Plan) -> Self {
        let name = concat!(module_path!(), "::is_a_node_when_asked").split_once("::").unwrap().1;
        let Faster { from, since, times } = plan.clock;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture", "--test-threads=1"])
            .env(DATABASE, &plan.database)
            .env(KEY, &plan.signer.pem)
            .env(CLOCK, format!("{from} {since} {times}"))
            .envs(plan.points.map(|points| (POINTS, points.to_string())))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let url = loop {
            let mut line = String::new();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "the node ended before it listened");
            if let Some((_, address)) = line.split_once(MARK) {
                break format!("http://{}", address.trim());
            }
        };
        Self { child, _output: output, url }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn policy() -> Policy {
    let usual = unbounded();
    let Ok(points) = std::env::var(POINTS) else { return usual };
    let organization = Rate::hourly(points.parse().unwrap());
    Policy { rates: passerelle::domain::budget::Rates { organization, ..usual.rates }, ..usual }
}

/// No test of anything: the node. Without the variables it returns at once.
#[test]
fn is_a_node_when_asked() {
    let (Ok(database), Ok(pem), Ok(clock)) = (std::env::var(DATABASE), std::env::var(KEY), std::env::var(CLOCK)) else {
        return;
    };
    std::thread::spawn(|| {
        // Our parent holds the other end and never writes: the stream ends when the parent does.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let bound = |address| {
        let mut output = std::io::stdout();
        writeln!(output, "\n{MARK}{address}").unwrap();
        output.flush().unwrap();
    };
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(async {
        let app = App {
            store: open(&database).await,
            clock: Arc::new(Faster::read(&clock)),
            tokens: keyring(&pem),
            sealer: Sealer::from_root("test", [7; 32]).unwrap(),
            policy: policy(),
            budgets: Budgets::default(),
            providers: passerelle::oidc::Providers::new().unwrap(),
            egress: super::egress::egress(),
        };
        let settings = Settings { workers: Some(1), ..Settings::at("127.0.0.1:0".parse().unwrap()) };
        let ended = serve::run(app, settings, |_| {}, |_| None, bound).await;
        assert!(ended.is_ok(), "the node ended by itself");
    });
}
