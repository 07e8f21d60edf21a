//! A PostgreSQL cluster of the tests' own: made when the first test asks, gone with the process.
//!
//! The handle holds no connection, because every test has a runtime of its own and a connection
//! dies with the runtime that opened it. Clients come in through a socket file in a folder only
//! we can enter, so no password and no free port are needed, and runs side by side never meet.

use super::pg_install::Install;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

/// Owner of everything in the cluster.
const OWNER: &str = "passerelle";

/// A socket's path may have about a hundred bytes; a longer temporary folder is not used.
const LONGEST_TEMP: usize = 60;

const FAST: &str = "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\n";
const DURABLE: &str = "fsync=on\nsynchronous_commit=on\nfull_page_writes=on\n";
const SETTINGS: &str = "listen_addresses=''\nmax_connections=200\nshared_buffers=64MB\n\
    jit=off\nrandom_page_cost=1.1\nautovacuum=on\ntimezone='UTC'\nlog_timezone='UTC'\n";

/// Ends the server and removes its folder as soon as our end of the pipe closes, however we die.
/// It tries again for a while, because a run killed early leaves a server that is still starting.
const WATCHDOG: &str = "trap '' INT TERM HUP; cat; cd /; \
    for pause in 1 2 0; do \"$1\" stop -D \"$2/data\" -m immediate && break; sleep $pause; done; \
    rm -rf \"$2\"";

/// A running server with its folder. Dropping it ends the server and removes the folder; the
/// shared one of [`Cluster::get`] ends with the process.
pub struct Cluster {
    install: Install,
    folder: PathBuf,
    watchdog: Child,
    next: AtomicU64,
    templates: Mutex<BTreeSet<String>>,
}

impl Cluster {
    /// The cluster all tests share; the first caller starts it and the others wait (about two
    /// seconds). It is quick and forgets after a crash.
    ///
    /// `None`, said once on standard error, when the machine has no server; a panic instead when
    /// the variable `PASSERELLE_TEST_POSTGRES` is `required`, and also when a server is there
    /// but does not start.
    pub fn get() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED.get_or_init(|| Some(Self::start(found()?, FAST))).as_ref()
    }

    /// A cluster of the caller's own that keeps what it confirmed, for tests that crash it.
    /// `None` and panics as with [`Cluster::get`].
    pub fn start_durable() -> Option<Self> {
        Some(Self::start(found()?, DURABLE))
    }

    /// URL of a database in this cluster, whether it exists or not.
    pub fn database_url(&self, name: &str) -> String {
        let host = self.folder.to_string_lossy().replace('%', "%25").replace('/', "%2F");
        format!("postgres://{OWNER}@localhost:5432/{name}?host={host}&sslmode=disable")
    }

    /// Makes a database with a name not used before, as a copy of `template` if one is named,
    /// and gives its URL.
    pub async fn create_database(&self, template: Option<&str>) -> String {
        let name = format!("t{}", self.next.fetch_add(1, Ordering::Relaxed));
        let template = template.unwrap_or("template0");
        self.admin(format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")).await;
        self.database_url(&name)
    }

    /// Removes the database of a URL that [`Cluster::create_database`] gave, together with all
    /// its connections.
    pub async fn drop_database(&self, url: &str) {
        let path = url.split('?').next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        self.admin(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }

    /// Makes a template database unless it was made before, and gives its name. `prepare` gets
    /// the URL of an empty database and fills it (migrations, seed); it panics if it cannot. One
    /// template is made at a time, and a half-made one is thrown away by the next caller.
    pub async fn template(&self, name: &str, prepare: impl AsyncFnOnce(String)) -> String {
        let mut made = self.templates.lock().await;
        if !made.contains(name) {
            self.admin(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            self.admin(format!("CREATE DATABASE {name} TEMPLATE template0 STRATEGY wal_log")).await;
            prepare(self.database_url(name)).await;
            // PostgreSQL copies only a database that nobody is connected to.
            self.admin(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
            self.admin(format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
                .await;
            made.insert(name.to_owned());
        }
        name.to_owned()
    }

    /// Stops the server at once, without a checkpoint and without a goodbye to its clients: what
    /// was not in the write-ahead log is lost, as after a power cut.
    pub fn crash(&self) {
        self.control(&["stop", "-m", "immediate"]);
    }

    /// Starts the server again after [`Cluster::crash`]; the URLs stay as they were.
    pub fn restart(&self) {
        let log = self.folder.join("log");
        self.control(&["start", "-w", "-t", "60", "-l", &log.to_string_lossy()]);
    }

    fn start(install: Install, durability: &str) -> Self {
        let folder = new_folder(&install);
        let watchdog = watch(&install, &folder);
        let cluster = Self { install, folder, watchdog, next: AtomicU64::new(1), templates: Mutex::default() };
        cluster.initialize(durability);
        cluster.restart();
        cluster
    }

    fn initialize(&self, durability: &str) {
        let data = self.folder.join("data");
        let socket = self.folder.to_string_lossy().replace('\'', "''");
        let settings = format!("{SETTINGS}{durability}unix_socket_directories='{socket}'\n");
        // Code points order text as SQLite does; C.UTF-8 also knows letters, but not everywhere.
        let done = ["C.UTF-8", "C"].into_iter().any(|locale| {
            let mut initdb = self.install.command("initdb");
            initdb.args(["--no-sync", "--auth=trust", "--encoding=UTF8", "--username", OWNER]);
            initdb.arg(format!("--locale={locale}")).arg("--pgdata").arg(&data);
            initdb.current_dir(&self.folder).status().is_ok_and(|code| code.success())
        });
        assert!(done, "initdb failed in {}", data.display());
        let file = data.join("postgresql.auto.conf");
        let written = fs::write(&file, settings);
        assert!(written.is_ok(), "cannot write {}: {written:?}", file.display());
    }

    fn control(&self, arguments: &[&str]) {
        let mut command = self.install.command("pg_ctl");
        command.args(arguments).arg("-D").arg(self.folder.join("data")).current_dir(&self.folder);
        if command.status().is_ok_and(|code| code.success()) {
            return;
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("pg_ctl {arguments:?} failed; the server said:\n{log}");
    }

    async fn admin(&self, statement: String) {
        let done = async {
            let mut admin = PgConnection::connect(&self.database_url("postgres")).await?;
            sqlx::raw_sql(AssertSqlSafe(statement.as_str())).execute(&mut admin).await?;
            admin.close().await
        };
        let done: Result<(), sqlx::Error> = done.await;
        assert!(done.is_ok(), "{statement}: {done:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Closing the pipe is the whole order; waiting only keeps the next test's disk quiet.
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

/// A server of this machine, or `None` after saying so once.
fn found() -> Option<Install> {
    static FOUND: OnceLock<Option<Install>> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            let install = Install::find();
            if install.is_none() {
                missing();
            }
            install
        })
        .clone()
}

fn missing() {
    let required = std::env::var("PASSERELLE_TEST_POSTGRES").is_ok_and(|word| word == "required");
    let text = "no PostgreSQL server here (initdb, postgres, pg_ctl in PG_BIN, PATH or \
        /usr/lib/postgresql)";
    assert!(!required, "PASSERELLE_TEST_POSTGRES=required, but {text}");
    // Past the test harness's capture, so that nobody takes a skipped engine for a tested one.
    let _ = writeln!(std::io::stderr(), "\nNOT TESTED ON POSTGRESQL: {text}\n");
}

fn new_folder(install: &Install) -> PathBuf {
    let mut parent = std::env::temp_dir();
    if parent.as_os_str().len() > LONGEST_TEMP {
        parent = PathBuf::from("/tmp");
    }
    let mut random = [0; 8];
    assert!(getrandom::fill(&mut random).is_ok(), "the system gives no randomness");
    let folder = parent.join(format!("passerelle-pg-{:016x}", u64::from_ne_bytes(random)));
    let made = fs::DirBuilder::new().mode(0o700).create(&folder);
    assert!(made.is_ok(), "cannot make {}: {made:?}", folder.display());
    let closed = fs::set_permissions(&folder, fs::Permissions::from_mode(0o700));
    assert!(closed.is_ok(), "cannot close {}: {closed:?}", folder.display());
    install.hand_over(&folder);
    folder
}

fn watch(install: &Install, folder: &Path) -> Child {
    let mut shell = install.foreign("sh");
    shell.args(["-c", WATCHDOG, "watchdog"]).arg(install.command("pg_ctl").get_program());
    match shell.arg(folder).current_dir(folder).stdin(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(fault) => panic!("cannot start the watchdog of the test server: {fault}"),
    }
}
