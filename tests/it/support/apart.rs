//! A server in a process of its own, so that it can be killed and its CPU time be measured.
//!
//! The process is this test program again, told to run one test only, which serves when an environment variable names
//! a database and does nothing otherwise.

use super::app::{Persona, serve};
use super::clock::TestClock;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use passerelle::domain::clock::Clock as _;
use passerelle::token::{Claims, Keyring, Kind};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use uuid::Uuid;

/// Names the database to serve.
const DATABASE: &str = "PASSERELLE_TEST_SERVE_DATABASE";
/// The signing key, because a token must outlive the process that believes it.
const KEY: &str = "PASSERELLE_TEST_SERVE_KEY";
/// Before the address, on a line of its own: the test harness writes to the same stream.
const MARK: &str = "passerelle-serves-at ";

/// The key that signs tokens for servers of other processes.
pub struct Signer {
    pub(super) pem: String,
    keyring: Keyring,
}

impl Signer {
    /// A new key.
    pub fn new() -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).unwrap();
        let pem = SigningKey::from_bytes(&seed).to_pkcs8_pem(Default::default()).unwrap().to_string();
        let keyring = keyring(&pem);
        Self { pem, keyring }
    }

    /// A member with a token of this key.
    pub fn member(&self, who: &Persona) -> Persona {
        self.member_at(who, TestClock::new().now().as_second())
    }

    /// The same with a token that is good from an instant on, in seconds since 1970.
    pub fn member_at(&self, who: &Persona, now: i64) -> Persona {
        let claims = Claims {
            iss: self.keyring.issuer().to_owned(),
            aud: self.keyring.audience().to_owned(),
            sub: who.id,
            org: who.organization,
            kind: Kind::Member,
            iat: now,
            nbf: now,
            exp: now + self.keyring.max_lifetime_seconds(),
            jti: Uuid::now_v7(),
            client_id: who.id.to_string(),
            epoch: 0,
            org_epoch: 0,
            scope: String::new(),
        };
        Persona { token: Some(self.keyring.issue(&claims).unwrap()), ..who.clone() }
    }
}

pub(super) fn keyring(pem: &str) -> Keyring {
    Keyring::production("https://apart.invalid", "https://apart.invalid/graphql", pem, &[]).unwrap()
}

/// The other process. It ends with this value, and also when our own process dies.
pub struct Apart {
    child: Child,
    /// Kept open: the test harness over there writes a last line to it.
    _output: BufReader<ChildStdout>,
    pub url: String,
}

impl Apart {
    /// Starts a server on a migrated database and waits until it listens.
    pub fn start(database: &str, signer: &Signer) -> Self {
        // The name of the test below without the name of this program.
        let name = concat!(module_path!(), "::serves_when_asked").split_once("::").unwrap().1;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture", "--test-threads=1"])
            .env(DATABASE, database)
            .env(KEY, &signer.pem)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let url = loop {
            let mut line = String::new();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "the server ended before it listened");
            if let Some((_, address)) = line.split_once(MARK) {
                break format!("http://{}", address.trim());
            }
        };
        Self { child, _output: output, url }
    }

    /// Ends the process as `kill -9` does, at once and without a word.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// CPU time of the process so far in clock ticks, in user and system mode. Nothing where there is no `/proc`.
    pub fn cpu_ticks(&self) -> Option<u64> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // The program's name may hold blanks; it ends with the last bracket and the state follows as field 3.
        let fields: Vec<_> = text.rsplit_once(')')?.1.split_whitespace().collect();
        Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// No test of anything: the other process. Without the variables it returns at once.
#[test]
fn serves_when_asked() {
    let (Ok(database), Ok(pem)) = (std::env::var(DATABASE), std::env::var(KEY)) else { return };
    std::thread::spawn(|| {
        // Our parent holds the other end and never writes: the stream ends when the parent does.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let bound = |address, _| {
        let mut output = std::io::stdout();
        writeln!(output, "\n{MARK}{address}").unwrap();
        output.flush().unwrap();
    };
    let serving = serve(&database, Arc::new(TestClock::new()), keyring(&pem), bound, std::future::pending());
    actix_web::rt::System::new().block_on(serving);
}
