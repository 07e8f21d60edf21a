//! Finds a PostgreSQL server on this machine and a user who may run it.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a folder must hold to serve as a server installation.
const NEEDED: [&str; 3] = ["initdb", "postgres", "pg_ctl"];

/// A server installation and the user who runs it.
#[derive(Clone, Debug)]
pub struct Install {
    /// Folder with `initdb`, `postgres` and `pg_ctl`.
    bin: PathBuf,
    /// User and group id to change to; `None` when the tests' own user may run a server.
    run_as: Option<(u32, u32)>,
}

impl Install {
    /// Looks in `PG_BIN`, then where `pg_config` and `postgres` of `PATH` point to, then in
    /// Debian's versioned folders, newest first. `None` when no folder holds a whole server.
    ///
    /// Panics when the tests run as root and no other user can be found, because PostgreSQL
    /// refuses to serve root.
    pub fn find() -> Option<Self> {
        let bin = candidates().into_iter().find(|folder| is_whole(folder))?;
        Some(Self { bin, run_as: other_user() })
    }

    /// A command of this installation, run by the server's user, away from our terminal.
    pub fn command(&self, program: &str) -> Command {
        self.foreign(self.bin.join(program))
    }

    /// Any command, run by the server's user: a group of its own (so that Ctrl-C in a terminal
    /// does not reach it), no output of its own and no settings from `PG…` variables.
    pub fn foreign(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.env("LC_MESSAGES", "C");
        if let Some((user, group)) = self.run_as {
            command.uid(user).gid(group);
        }
        command
    }

    /// Hands a folder over to the server's user. Panics when the system refuses.
    pub fn hand_over(&self, folder: &Path) {
        let Some((user, group)) = self.run_as else { return };
        let done = Command::new("chown").arg(format!("{user}:{group}")).arg(folder).status();
        assert!(done.is_ok_and(|code| code.success()), "cannot chown {}", folder.display());
    }
}

fn candidates() -> Vec<PathBuf> {
    let mut found = Vec::new();
    found.extend(env::var_os("PG_BIN").map(PathBuf::from));
    if let Ok(told) = Command::new("pg_config").arg("--bindir").output() {
        found.push(PathBuf::from(String::from_utf8_lossy(&told.stdout).trim()));
    }
    let path = env::var_os("PATH").unwrap_or_default();
    for folder in env::split_paths(&path) {
        // A link such as /usr/local/bin/postgres stands for the folder it leads to.
        let real = fs::canonicalize(folder.join("postgres")).ok();
        found.extend(real.as_deref().and_then(Path::parent).map(Path::to_path_buf));
    }
    found.extend(debian_folders());
    found
}

fn debian_folders() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, folder)| folder).collect()
}

fn is_whole(folder: &Path) -> bool {
    NEEDED.iter().all(|name| {
        fs::metadata(folder.join(name)).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    })
}

fn other_user() -> Option<(u32, u32)> {
    if id("-u", None) != Some(0) {
        return None;
    }
    let found =
        ["postgres", "nobody"].into_iter().find_map(|name| Some((id("-u", Some(name))?, id("-g", Some(name))?)));
    assert!(found.is_some(), "PostgreSQL does not serve root, and no other user was found");
    found
}

/// Asks `id`, because the standard library does not tell and `unsafe` is forbidden.
fn id(which: &str, user: Option<&str>) -> Option<u32> {
    let told = Command::new("id").arg(which).args(user).output().ok()?;
    String::from_utf8_lossy(&told.stdout).trim().parse().ok()
}
