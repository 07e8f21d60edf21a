//! A server that is not told everything does not start, and says everything at once.

use std::fs;
use std::path::PathBuf;

use super::arguments::Serve;
use super::configuration::read;
use super::failed::{Ending, Failed};
use super::secret::DEMO_SEALING_ROOT;

const SIGNING: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
const CANARY: &str = "canary-4711";

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("passerelle-configuration-{}", uuid::Uuid::now_v7()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn sound(folder: &Folder) -> Serve {
    let root: String = (0..32).map(|byte| format!("{byte:02x}")).collect();
    Serve {
        database: Some("sqlite:a.sqlite".into()),
        signing_key_file: Some(folder.file("signing.pem", SIGNING)),
        sealing_key_file: Some(folder.file("sealing.key", &root)),
        issuer: Some("https://login.example.org".into()),
        audience: Some("https://api.example.org/graphql".into()),
        ..Serve::default()
    }
}

fn refused(given: Serve) -> Failed {
    match read(given) {
        Ok(_) => panic!("a server would start"),
        Err(failed) => failed,
    }
}

#[test]
fn what_is_missing_is_told_at_once_by_argument_and_variable() {
    let failed = refused(Serve::default());
    assert_eq!(failed.ending, Ending::Configuration);
    let expected = ["--database", "--sealing-key-file", "--signing-key-file", "--issuer", "--audience"];
    assert_eq!(failed.sentences.len(), expected.len(), "{failed:?}");
    for (sentence, argument) in failed.sentences.iter().zip(expected) {
        assert!(sentence.starts_with(argument) && sentence.ends_with("is missing."), "{sentence}");
    }
    assert!(failed.sentences[2].contains("(PASSERELLE_SIGNING_KEY_FILE)"), "{failed:?}");
}

#[test]
fn what_is_wrong_is_told_at_once_and_no_secret_is_repeated() {
    let folder = Folder::new();
    let failed = refused(Serve {
        database: Some(format!("mysql://me:{CANARY}@db/a")),
        signing_key_file: Some(folder.file("signing.pem", CANARY)),
        verifying_key_file: vec![folder.0.join("none.pem")],
        sealing_key_file: Some(folder.file("sealing.key", CANARY)),
        issuer: Some("http://login.example.org".into()),
        audience: Some("https://demo.passerelle.invalid/graphql".into()),
        listen: Some("nowhere".into()),
        log: Some("a=b=c".into()),
        service_max_age_days: Some("0".into()),
        fewest_persons_inside: Some("2".into()),
        fewest_persons_outside: Some("1".into()),
        proxies: Some("many".into()),
        ..Serve::default()
    });
    for argument in [
        "--database",
        "--signing-key-file",
        "--verifying-key-file",
        "--sealing-key-file",
        "--issuer",
        "--audience",
        "--listen",
        "--log",
        "--service-max-age-days",
        "--fewest-persons-inside",
        "--fewest-persons-outside",
        "--proxies",
    ] {
        assert_eq!(
            failed.sentences.iter().filter(|one| one.starts_with(argument)).count(),
            1,
            "{argument}: {failed:?}"
        );
    }
    assert!(!format!("{failed:?}").contains(CANARY), "{failed:?}");
}

#[test]
fn weak_sealing_keys_and_the_demonstrations_are_refused() {
    let folder = Folder::new();
    let demo: String = DEMO_SEALING_ROOT.iter().map(|byte| format!("{byte:02x}")).collect();
    for (name, text) in [("even", "77".repeat(32)), ("short", "0123456789abcdef".to_owned()), ("demo", demo)] {
        let given = Serve { sealing_key_file: Some(folder.file(name, &text)), ..sound(&folder) };
        let failed = refused(given);
        assert_eq!(failed.sentences.len(), 1, "{name}: {failed:?}");
        assert!(failed.sentences[0].starts_with("--sealing-key-file"), "{name}: {failed:?}");
        assert!(!failed.sentences[0].contains(&text), "{name}: {failed:?}");
    }
}

#[test]
fn what_holds_is_taken() {
    let folder = Folder::new();
    let given = Serve {
        verifying_key_file: vec![folder.file("old.pem", SIGNING)],
        service_max_age_days: Some("30".into()),
        ..sound(&folder)
    };
    let taken = read(given).unwrap_or_else(|failed| panic!("{failed:?}"));
    assert_eq!(taken.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(taken.policy.service_max_age_days, 30);
    assert_eq!(taken.database.shown(), "a.sqlite");
}
