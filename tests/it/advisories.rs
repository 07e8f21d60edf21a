//! No locked version has a known flaw, as far as an advisory database at hand knows.
//!
//! The database is a folder in the RustSec layout: `crates/<name>/<id>.md`, each file beginning
//! with a fenced TOML block. `PASSERELLE_ADVISORY_DB` names it; without it, a folder beside the
//! repository is tried, and without that the check is skipped loudly.

use crate::support::dependencies::{locked, repository};
use semver::{Comparator, Op, Version, VersionReq};
use serde::Deserialize;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Advisories we live with: id, since when, and why. Remove a line as soon as it can go.
const IGNORED: [(&str, &str, &str); 1] = [(
    "RUSTSEC-2026-0253",
    "2026-11-25",
    "lru 0.16 comes with async-graphql; only its LruCache factory for loaders uses it, and we \
     use none; the flaw also needs a key whose Drop panics",
)];

#[derive(Debug, Deserialize)]
struct File {
    advisory: Advisory,
    versions: Versions,
}

#[derive(Debug, Deserialize)]
struct Advisory {
    id: String,
    informational: Option<String>,
    withdrawn: Option<toml::Value>,
}

#[derive(Debug, Default, Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<VersionReq>,
    #[serde(default)]
    unaffected: Vec<VersionReq>,
}

impl File {
    fn parse(text: &str) -> Result<Self, String> {
        let block = text.split("```toml").nth(1).and_then(|rest| rest.split("\n```").next());
        toml::from_str(block.ok_or("no TOML block")?).map_err(|fault| fault.to_string())
    }

    fn affects(&self, version: &Version) -> bool {
        let Versions { patched, unaffected } = &self.versions;
        let out = |range: &VersionReq| range.comparators.iter().all(|one| holds(one, version));
        self.advisory.withdrawn.is_none() && !patched.iter().chain(unaffected).any(out)
    }

    /// Unmaintained packages and notices are worth knowing, but nothing is broken.
    fn is_only_news(&self) -> bool {
        matches!(self.advisory.informational.as_deref(), Some("unmaintained" | "notice"))
    }
}

/// Whether a version is in a range by plain order. `VersionReq::matches` is not used because it
/// leaves every pre-release out, so that 8.0.0-rc.5 would not count as newer than 6.0.10.
fn holds(range: &Comparator, version: &Version) -> bool {
    let Comparator { op, major, minor, patch, pre } = range.clone();
    let mut from = Version::new(major, minor.unwrap_or(0), patch.unwrap_or(0));
    from.pre = pre;
    // The first version that is no longer meant when only some numbers are given.
    let beyond = match (minor, patch) {
        (None, _) => Version::new(major + 1, 0, 0),
        (Some(minor), None) => Version::new(major, minor + 1, 0),
        (Some(minor), Some(patch)) => Version::new(major, minor, patch + 1),
    };
    let whole = patch.is_some();
    match op {
        Op::Exact if whole => *version == from,
        Op::Greater if whole => *version > from,
        Op::Greater => *version >= beyond,
        Op::GreaterEq => *version >= from,
        Op::Less => *version < from,
        Op::LessEq if whole => *version <= from,
        Op::LessEq => *version < beyond,
        Op::Caret => *version >= from && *version < next_breaking(&from, minor, patch),
        Op::Tilde if whole => *version >= from && *version < Version::new(major, from.minor + 1, 0),
        _ => *version >= from && *version < beyond,
    }
}

fn next_breaking(from: &Version, minor: Option<u64>, patch: Option<u64>) -> Version {
    match (from.major, minor, patch) {
        (0, Some(0), Some(patch)) => Version::new(0, 0, patch + 1),
        (0, Some(minor), _) => Version::new(0, minor + 1, 0),
        (major, ..) => Version::new(major + 1, 0, 0),
    }
}

fn database() -> Option<PathBuf> {
    let named = std::env::var_os("PASSERELLE_ADVISORY_DB").map(PathBuf::from);
    if let Some(folder) = &named {
        assert!(folder.join("crates").is_dir(), "no advisory database in {}", folder.display());
    }
    let beside = repository().join("../shared/data/advisory-db");
    named.or_else(|| beside.join("crates").is_dir().then_some(beside))
}

fn advisories_of(database: &Path, name: &str) -> Vec<File> {
    let Ok(entries) = fs::read_dir(database.join("crates").join(name)) else { return Vec::new() };
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).map_err(|fault| fault.to_string());
        match text.and_then(|text| File::parse(&text)) {
            Ok(file) => file,
            Err(fault) => panic!("{}: {fault}", path.display()),
        }
    };
    let mut files: Vec<File> = entries.flatten().map(|entry| read(entry.path())).collect();
    files.sort_by(|one, other| one.advisory.id.cmp(&other.advisory.id));
    files
}

#[test]
fn no_locked_version_has_a_known_flaw() {
    let mut stderr = std::io::stderr();
    let Some(database) = database() else {
        let _ = writeln!(stderr, "\nNOT CHECKED FOR ADVISORIES: PASSERELLE_ADVISORY_DB names none\n");
        return;
    };
    let (mut flaws, mut used) = (Vec::new(), Vec::new());
    for package in locked().iter().filter(|package| package.source.is_some()) {
        for file in advisories_of(&database, &package.name) {
            if !file.affects(&package.version) {
                continue;
            }
            let id = file.advisory.id.clone();
            let line = format!("{} {}: {id}", package.name, package.version);
            if IGNORED.iter().any(|(ignored, ..)| *ignored == id) {
                used.push(id);
            } else if file.is_only_news() {
                let _ = writeln!(stderr, "for your information: {line}");
            } else {
                flaws.push(line);
            }
        }
    }
    assert_eq!(flaws, Vec::<String>::new());
    for (id, since, reason) in IGNORED {
        let state = if used.iter().any(|other| other == id) { "ignored" } else { "not met" };
        let _ = writeln!(stderr, "{state} since {since}: {id} ({reason})");
    }
}

#[test]
fn ranges_are_read_by_plain_order() {
    let table = [
        (">= 6.0.10", "8.0.0-rc.5", true),
        (">= 8.0.0", "8.0.0-rc.5", false),
        (">= 8.0.0-rc.4", "8.0.0-rc.5", true),
        ("< 0.7.0-alpha1", "0.7.0-alpha.0", true),
        ("> 1.2", "1.2.9", false),
        ("> 1.2.3", "1.2.4", true),
        ("<= 1.2", "1.2.9", true),
        ("<= 1.2.3", "1.2.4", false),
        ("^1.2.3", "1.9.0", true),
        ("^1.2.3", "2.0.0", false),
        ("0.3.1", "0.3.9", true),
        ("0.3.1", "0.4.0", false),
        ("^0.0.3", "0.0.4", false),
        ("^0", "0.9.0", true),
        ("~1.2.3", "1.2.9", true),
        ("~1.2.3", "1.3.0", false),
        ("~1", "1.9.9", true),
        ("=1.2.3", "1.2.3", true),
        ("=1.2", "1.2.7", true),
        ("1.*", "1.7.0", true),
        (">= 0.1.2, < 0.2.0", "0.2.0", false),
        (">= 0.1.2, < 0.2.0", "0.1.5", true),
    ];
    for (range, version, expected) in table {
        let (range, version) = (VersionReq::parse(range), Version::parse(version));
        let (range, version) = (range.unwrap(), version.unwrap());
        let found = range.comparators.iter().all(|one| holds(one, &version));
        assert_eq!(found, expected, "{version} in {range}");
    }
}

#[test]
fn a_planted_flaw_is_seen() {
    let text = |versions: &str, more: &str| {
        format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-0000-0000\"\npackage = \"p\"\n{more}\n\
             [versions]\n{versions}\n```\n\n# Title\n"
        )
    };
    let affects =
        |versions: &str, more: &str| File::parse(&text(versions, more)).unwrap().affects(&Version::new(1, 4, 0));
    assert!(affects("patched = []", ""));
    assert!(affects("patched = [\">= 1.5.0\", \"^1.3.7, < 1.4.0\"]\nunaffected = [\"< 1.2\"]", ""));
    assert!(!affects("patched = [\">= 1.4.0\"]", ""));
    assert!(!affects("patched = []\nunaffected = [\"< 1.5.0\"]", ""));
    assert!(!affects("patched = []", "withdrawn = \"2025-01-01\""));
    let news = File::parse(&text("patched = []", "informational = \"unmaintained\"")).unwrap();
    let unsound = File::parse(&text("patched = []", "informational = \"unsound\"")).unwrap();
    assert!(news.is_only_news() && !unsound.is_only_news());
    assert!(File::parse("# Title only").is_err());
}
