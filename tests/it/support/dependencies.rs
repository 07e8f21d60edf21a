//! What Passerelle is built from, as Cargo tells it.

use semver::Version;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// One package of the dependency graph, ours included.
#[derive(Debug, Deserialize)]
pub struct Package {
    id: String,
    /// Name in the registry.
    pub name: String,
    /// The one locked version of this entry; a name may have several entries.
    pub version: Version,
    /// SPDX expression, if the author gave one.
    pub license: Option<String>,
    /// Where it comes from; `None` for the members of our workspace.
    pub source: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
}

/// Root of the repository.
pub fn repository() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Every package that is part of a build on some platform, as the lock file pins it. Panics when
/// Cargo cannot tell, or when the lock file is not up to date.
pub fn locked() -> &'static [Package] {
    static PACKAGES: OnceLock<Vec<Package>> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        // Packages of other platforms may never have been fetched here: then the network is
        // asked, and where there is none, this platform has to do.
        let asked = metadata(&["--offline"])
            .or_else(|_| metadata(&[]))
            .or_else(|_| metadata(&["--offline", "--filter-platform", platform()]));
        let Metadata { mut packages, resolve } = match asked {
            Ok(metadata) => metadata,
            Err(fault) => panic!("cargo metadata: {fault}"),
        };
        let built: BTreeSet<String> = resolve.nodes.into_iter().map(|node| node.id).collect();
        packages.retain(|package| built.contains(&package.id));
        packages
    })
}

fn metadata(more: &[&str]) -> Result<Metadata, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let told = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(more)
        .current_dir(repository())
        .output()
        .map_err(|fault| fault.to_string())?;
    if !told.status.success() {
        return Err(String::from_utf8_lossy(&told.stderr).into_owned());
    }
    serde_json::from_slice(&told.stdout).map_err(|fault| fault.to_string())
}

fn platform() -> &'static str {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("macos", "aarch64") => "aarch64-apple-darwin",
        ("macos", _) => "x86_64-apple-darwin",
        (_, "aarch64") => "aarch64-unknown-linux-gnu",
        _ => "x86_64-unknown-linux-gnu",
    }
}
