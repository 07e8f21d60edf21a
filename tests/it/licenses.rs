//! What we build upon may be given on by everyone, comes from one place, and leaves out what we
//! decided against.

use crate::support::dependencies::{Package, locked};
use crate::support::spdx::is_satisfied;
use std::collections::BTreeSet;

/// Licenses that let anyone use, change and host Passerelle. GPL and AGPL are absent on purpose:
/// they would bind everyone who hosts it to more than our own license asks.
const ALLOWED: [&str; 15] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "MPL-2.0",
    "0BSD",
    "CC0-1.0",
    "Unlicense",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
];

/// Packages that must not come in, not even through another one, and why.
const BANNED: [(&str, &str); 6] = [
    ("rsa", "open timing advisory without a repaired version; tokens are Ed25519"),
    ("openssl", "a system library and a second TLS stack"),
    ("native-tls", "a second TLS stack"),
    ("aws-lc-sys", "minutes of C compilation; ring serves"),
    ("h2", "open advisories; HTTP/2 ends in front of us"),
    ("actix-governor", "GPL"),
];

/// Everything that is wrong with a list of packages, a line each.
fn complaints(packages: &[Package]) -> Vec<String> {
    let mut found = Vec::new();
    for Package { name, version, license, source, .. } in packages {
        let license = license.as_deref().unwrap_or_default();
        if !is_satisfied(license, &ALLOWED) {
            found.push(format!("{name} {version}: license {license:?} is not on the list"));
        }
        if source.as_ref().is_some_and(|it| !it.starts_with("registry+")) {
            found.push(format!("{name} {version} does not come from a registry: {source:?}"));
        }
        if let Some((_, reason)) = BANNED.iter().find(|(banned, _)| banned == name) {
            found.push(format!("{name} {version} is banned: {reason}"));
        }
    }
    let sources: BTreeSet<_> = packages.iter().filter_map(|it| it.source.as_deref()).collect();
    if sources.len() > 1 {
        found.push(format!("more than one registry: {sources:?}"));
    }
    found
}

#[test]
fn every_dependency_is_free_known_and_wanted() {
    let packages = locked();
    assert!(packages.iter().any(|package| package.name == "async-graphql"), "an empty graph");
    assert_eq!(complaints(packages), Vec::<String>::new());
}

#[test]
fn what_we_do_not_want_is_seen() {
    let package = |name: &str, license: &str, source: Option<&str>| {
        let text = serde_json::json!({
            "id": name, "name": name, "version": "1.0.0", "license": license, "source": source,
        });
        serde_json::from_value::<Package>(text).unwrap()
    };
    let wrong = [
        package("ours", "Apache-2.0", None),
        package("good", "MIT OR GPL-3.0-only", Some("registry+one")),
        package("copyleft", "AGPL-3.0-only", Some("registry+one")),
        package("elsewhere", "MIT", Some("git+https://example.org/elsewhere")),
        package("h2", "MIT", Some("registry+two")),
    ];
    let found = complaints(&wrong);
    let starts = ["copyleft 1.0.0: license", "elsewhere 1.0.0 does", "h2 1.0.0 is", "more than"];
    assert_eq!(found.len(), starts.len(), "{found:?}");
    for (complaint, start) in found.iter().zip(starts) {
        assert!(complaint.starts_with(start), "{complaint}");
    }
    assert_eq!(complaints(&wrong[..2]), Vec::<String>::new());
}
