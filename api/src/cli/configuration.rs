//! What a server in production needs to know; all complaints at once, and none repeats a secret.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tracing_subscriber::EnvFilter;

use super::arguments::Serve;
use super::database::Address;
use super::failed::{Ending, Failed};
use super::{fair_use, logs, secret};
use crate::app::Policy;
use crate::domain::suppression::FEWEST_EVER;
use crate::http::{Connections, Rooms};
use crate::store::sealing::Sealer;
use crate::token::{Keyring, KeyringError};

/// A configuration that holds. No `Debug`: it has keys.
pub struct Configuration {
    pub database: Address,
    pub tokens: Keyring,
    pub sealer: Sealer,
    pub listen: SocketAddr,
    pub log: EnvFilter,
    pub policy: Policy,
    pub rooms: Rooms,
    pub connections: Connections,
}

/// Gathers what is wrong.
#[derive(Default)]
pub struct Complaints(Vec<String>);

impl Complaints {
    /// How many there are.
    #[cfg(test)]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Notes what is wrong with an argument.
    pub fn add(&mut self, argument: &str, what: &str) {
        let variable = format!("PASSERELLE_{}", argument.trim_start_matches('-').replace('-', "_").to_uppercase());
        self.0.push(format!("{argument} ({variable}) {what}."));
    }

    fn needed<T>(&mut self, argument: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.add(argument, "is missing");
        }
        value
    }

    fn text(&mut self, argument: &str, value: Option<String>) -> Option<String> {
        self.needed(argument, value.filter(|text| !text.trim().is_empty()))
    }

    fn file(&mut self, argument: &str, path: &Path) -> Option<String> {
        secret::read(path).map_err(|what| self.add(argument, &what)).ok()
    }

    /// An argument's value, or what stands in for it.
    pub fn parsed<T: std::str::FromStr>(&mut self, argument: &str, value: Option<&str>, or: T, what: &str) -> T {
        match value.map(str::parse) {
            None => or,
            Some(Ok(parsed)) => parsed,
            Some(Err(_)) => {
                self.add(argument, what);
                or
            }
        }
    }
}

const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

/// Reads what was given.
///
/// # Errors
/// Everything that is missing or wrong.
pub fn read(given: Serve) -> Result<Configuration, Failed> {
    let mut complaints = Complaints::default();
    let rates = fair_use::rates(&mut complaints, &given);
    let export_rows_alone = fair_use::export_rows_alone(&mut complaints, &given);
    let rooms = fair_use::rooms(&mut complaints, &given);
    let connections = fair_use::connections(&mut complaints, &given);
    let database = database(&mut complaints, given.database);
    let sealer = sealer(&mut complaints, given.sealing_key_file);
    let listen = given.listen.as_deref();
    let listen = complaints.parsed("--listen", listen, DEFAULT_LISTEN, "must be an address and a port");
    let log = logs::filter(given.log.as_deref().unwrap_or("info"));
    if log.is_none() {
        complaints.add("--log", "is no filter such as info or info,passerelle=debug");
    }
    let days = given.service_max_age_days.as_deref();
    let what = "must be a number of days from 1 to 3650";
    let days = complaints.parsed("--service-max-age-days", days, Policy::default().service_max_age_days, what);
    if !(1..=3650).contains(&days) {
        complaints.add("--service-max-age-days", what);
    }
    let fewest_inside = given.fewest_persons_inside.as_deref();
    let fewest_outside = given.fewest_persons_outside.as_deref();
    let (fewest_inside, fewest_outside) = fewest(&mut complaints, fewest_inside, fewest_outside);
    let keys = Keys {
        signing: given.signing_key_file,
        verifying: given.verifying_key_file,
        issuer: given.issuer,
        audience: given.audience,
    };
    let tokens = keyring(&mut complaints, keys);
    match (database, sealer, log, tokens) {
        (Some(database), Some(sealer), Some(log), Some(tokens)) if complaints.0.is_empty() => {
            let policy = Policy { service_max_age_days: days, fewest_inside, fewest_outside, rates, export_rows_alone };
            Ok(Configuration { database, tokens, sealer, listen, log, policy, rooms, connections })
        }
        _ => Err(Failed { ending: Ending::Configuration, sentences: complaints.0 }),
    }
}

/// From how many persons on figures are told, inside programs and outside.
fn fewest(complaints: &mut Complaints, inside: Option<&str>, outside: Option<&str>) -> (i64, i64) {
    const INSIDE: &str = "must be a number of persons from 3 to 1000";
    const OUTSIDE: &str = "must be a number of persons up to 1000, and not below --fewest-persons-inside";
    let usual = Policy::default();
    let inside = complaints.parsed("--fewest-persons-inside", inside, usual.fewest_inside, INSIDE);
    if !(FEWEST_EVER..=1000).contains(&inside) {
        complaints.add("--fewest-persons-inside", INSIDE);
    }
    let outside = complaints.parsed("--fewest-persons-outside", outside, usual.fewest_outside.max(inside), OUTSIDE);
    if !(inside..=1000).contains(&outside) {
        complaints.add("--fewest-persons-outside", OUTSIDE);
    }
    (inside, outside)
}

fn database(complaints: &mut Complaints, given: Option<String>) -> Option<Address> {
    let given = complaints.text("--database", given)?;
    let address = Address::read(&given);
    if address.is_none() {
        complaints.add("--database", "must be sqlite:PATH or postgres://USER@HOST/NAME");
    }
    address
}

fn sealer(complaints: &mut Complaints, given: Option<PathBuf>) -> Option<Sealer> {
    const ARGUMENT: &str = "--sealing-key-file";
    let path = complaints.needed(ARGUMENT, given)?;
    let text = complaints.file(ARGUMENT, &path)?;
    let sealer = secret::sealing_root(&text)
        .and_then(|root| Sealer::from_root(secret::SEALING_KEY_ID, root).map_err(|_| "has an unfit key id"));
    sealer.map_err(|what| complaints.add(ARGUMENT, &format!("{what}; make one with `openssl rand -hex 32`"))).ok()
}

/// What a keyring is made of.
pub struct Keys {
    pub signing: Option<PathBuf>,
    pub verifying: Vec<PathBuf>,
    pub issuer: Option<String>,
    pub audience: Option<String>,
}

/// The keyring alone, for a command that only issues.
///
/// # Errors
/// Everything that is missing or wrong.
pub fn keyring_of(keys: Keys) -> Result<Keyring, Failed> {
    let mut complaints = Complaints::default();
    let made = keyring(&mut complaints, keys);
    made.ok_or(Failed { ending: Ending::Configuration, sentences: complaints.0 })
}

fn keyring(complaints: &mut Complaints, keys: Keys) -> Option<Keyring> {
    let signing = complaints.needed("--signing-key-file", keys.signing);
    let signing = signing.and_then(|path| complaints.file("--signing-key-file", &path));
    let asked = keys.verifying.len();
    let verifying: Vec<String> =
        keys.verifying.iter().filter_map(|path| complaints.file("--verifying-key-file", path)).collect();
    let issuer = complaints.text("--issuer", keys.issuer);
    let audience = complaints.text("--audience", keys.audience);
    let sound = check_each(complaints, signing.as_deref(), issuer.as_deref(), audience.as_deref());
    let (signing, issuer, audience) = (signing?, issuer?, audience?);
    if !sound || verifying.len() != asked {
        return None;
    }
    let pems: Vec<&str> = verifying.iter().map(String::as_str).collect();
    match Keyring::production(&issuer, &audience, &signing, &pems) {
        Ok(ring) => Some(ring),
        Err(error) => {
            complain(complaints, error, &keys.verifying);
            None
        }
    }
}

/// Judges each part by itself: the keyring stops at the first thing that is wrong, and here all are told.
fn check_each(
    complaints: &mut Complaints,
    signing: Option<&str>,
    issuer: Option<&str>,
    audience: Option<&str>,
) -> bool {
    // Stands in for parts that are missing or not under judgment.
    const ISSUER: &str = "https://issuer.example";
    let before = complaints.0.len();
    let judged =
        |issuer: &str, audience: &str, signing: &str| Keyring::production(issuer, audience, signing, &[]).err();
    if let Some(error @ KeyringError::Issuer) = issuer.and_then(|text| judged(text, ISSUER, "")) {
        complain(complaints, error, &[]);
    }
    if let Some(error @ KeyringError::Audience) = audience.and_then(|text| judged(ISSUER, text, "")) {
        complain(complaints, error, &[]);
    }
    if let Some(error @ KeyringError::SigningKey) = signing.and_then(|text| judged(ISSUER, ISSUER, text)) {
        complain(complaints, error, &[]);
    }
    complaints.0.len() == before
}

fn complain(complaints: &mut Complaints, error: KeyringError, verifying: &[PathBuf]) {
    match error {
        KeyringError::SigningKey => complaints.add(
            "--signing-key-file",
            "holds no Ed25519 private key in PKCS#8 PEM; make one with `openssl genpkey -algorithm ed25519`",
        ),
        KeyringError::VerifyingKey(at) => {
            let path = verifying.get(at).map(|path| path.display().to_string()).unwrap_or_default();
            complaints.add("--verifying-key-file", &format!("{path} holds no Ed25519 key in PEM"));
        }
        KeyringError::Issuer => complaints.add("--issuer", "must be an https address, and not the demonstration's"),
        KeyringError::Audience => {
            complaints.add("--audience", "must be a text without blanks, not the demonstration's")
        }
        other @ (KeyringError::Randomness | KeyringError::OtherProvider) => {
            complaints.add("--signing-key-file", &format!("can't be used: {other}"));
        }
    }
}
