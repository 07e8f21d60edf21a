//! The side that is measured: a database of its own, filled, and the server over it in this process. Everything that
//! is confirmed is durable: SQLite synchronizes each commit, PostgreSQL too.

use crate::bulk::Bulk;
use crate::casework::Casework;
use crate::cpu;
use crate::directory::{Directory, NOW};
use crate::failure::Done;
use crate::operation::Person;
use crate::postgres::Cluster;
use crate::random::Random;
use crate::size::Size;
use jiff::Timestamp;
use passerelle::app::{App, Policy};
use passerelle::domain::clock::Clock;
use passerelle::store::dialect::Engine;
use passerelle::store::door::{Door, Settings};
use passerelle::store::sealing::Sealer;
use passerelle::token::{Claims, Keyring, Kind};
use passerelle::usecase::budget::Budgets;
use passerelle::{graphql, http};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::oneshot;
use uuid::Uuid;

/// A clock that stands still: the network is made around one instant.
struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A clock that stands at the instant around which networks are made.
pub fn still() -> Done<Arc<dyn Clock>> {
    Ok(Arc::new(Still(Timestamp::from_microsecond(NOW)?)))
}

/// A running server over a filled database.
pub struct Host {
    pub engine: Engine,
    pub address: String,
    /// The engine with its version.
    pub version: String,
    pub tokens: Vec<String>,
    pub directory: Directory,
    pub casework: Casework,
    app: Arc<App>,
    stop: oneshot::Sender<()>,
    thread: std::thread::JoinHandle<()>,
    /// The first process of the cluster.
    postgres: Option<u32>,
    _database: Database,
}

/// Where the data lies; gone with the value.
pub struct Database {
    pub url: String,
    _cluster: Option<Cluster>,
    folder: Option<PathBuf>,
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // What can't be removed is in the system's temporary folder, where it is found.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl Host {
    /// Makes the database, fills it and starts the server.
    pub async fn start(engine: Engine, size: Size, seed: u64, readers: u32) -> Done<Self> {
        let database = Database::new(engine).await?;
        let sealer = Sealer::from_root("bench", [7; 32])?;
        let (directory, casework) = fill(&database.url, size, &sealer, seed).await?;
        let (version, postgres) = settle(engine, &database.url).await?;
        let settings = Settings { url: database.url.clone(), readers, create: false };
        let (started, address, app, stop) = serve(settings, sealer).await?;
        let tokens = tokens(&app, &directory)?;
        Ok(Self {
            engine,
            address,
            version,
            tokens,
            directory,
            casework,
            app,
            stop,
            thread: started,
            postgres,
            _database: database,
        })
    }

    /// Where the database is, for those who want to look into it.
    pub fn database(&self) -> &str {
        &self._database.url
    }

    /// The statements sent so far.
    pub fn statements(&self) -> u64 {
        self.app.store.statements()
    }

    /// Milliseconds of processor time so far: this process, and the database's own.
    pub fn cpu(&self) -> Done<(f64, f64)> {
        Ok((cpu::of_this_process()?, self.postgres.map_or(Ok(0.0), cpu::of_cluster)?))
    }

    /// Ends the server and removes the database.
    pub fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

impl Database {
    /// An empty one.
    pub async fn new(engine: Engine) -> Done<Self> {
        if engine == Engine::Postgres {
            let cluster = Cluster::start_durable().ok_or("no PostgreSQL server here")?;
            let mut admin = PgConnection::connect(&cluster.database_url("postgres")).await?;
            for setting in ["shared_buffers = '512MB'", "max_wal_size = '4GB'", "checkpoint_timeout = '30min'"] {
                sqlx::raw_sql(AssertSqlSafe(format!("ALTER SYSTEM SET {setting}"))).execute(&mut admin).await?;
            }
            admin.close().await?;
            cluster.crash();
            cluster.restart();
            let url = cluster.create_database(None).await;
            return Ok(Self { url, _cluster: Some(cluster), folder: None });
        }
        let folder = std::env::temp_dir().join(format!("passerelle-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self { url: address_of(&folder), _cluster: None, folder: Some(folder) })
    }
}

fn address_of(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("bench.sqlite").display())
}

async fn fill(url: &str, size: Size, sealer: &Sealer, seed: u64) -> Done<(Directory, Casework)> {
    let door = Door::open(&Settings { url: url.to_owned(), readers: 2, create: true }).await?;
    door.migrate().await?;
    let mut random = Random::new(seed);
    let bulk = Bulk { database: door.for_migrations(), engine: door.engine() };
    let directory = Directory::fill(&bulk, size, &mut random).await?;
    let casework = Casework::fill(&bulk, size, &directory, sealer, &mut random).await?;
    door.close().await;
    Ok((directory, casework))
}

/// Brings the database to rest, as it would be on a quiet morning; tells its version and its first process.
async fn settle(engine: Engine, url: &str) -> Done<(String, Option<u32>)> {
    if engine == Engine::Postgres {
        let mut admin = PgConnection::connect(url).await?;
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut admin).await?;
        sqlx::raw_sql("CHECKPOINT").execute(&mut admin).await?;
        let version: String = sqlx::query_scalar("SHOW server_version").fetch_one(&mut admin).await?;
        let backend: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut admin).await?;
        let first = cpu::parent_of(u32::try_from(backend)?)?;
        admin.close().await?;
        return Ok((format!("PostgreSQL {version}"), Some(first)));
    }
    let mut admin = sqlx::SqliteConnection::connect(url).await?;
    sqlx::raw_sql("PRAGMA optimize = 0x10002").execute(&mut admin).await?;
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut admin).await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut admin).await?;
    admin.close().await?;
    Ok((format!("SQLite {version}"), None))
}

type Served = (std::thread::JoinHandle<()>, String, Arc<App>, oneshot::Sender<()>);

async fn serve(settings: Settings, sealer: Sealer) -> Done<Served> {
    let (stop, stopped) = oneshot::channel::<()>();
    let (told, bound) = oneshot::channel();
    let thread = std::thread::spawn(move || {
        let ran = actix_web::rt::System::new().block_on(async move {
            let app = Arc::new(App {
                store: Door::open(&settings).await?,
                clock: still()?,
                tokens: Keyring::generate_demo()?,
                sealer,
                // Counted, and never empty: what is measured is the server.
                policy: Policy { rates: plenty(), ..Policy::default() },
                budgets: Budgets::default(),
                providers: passerelle::oidc::Providers::new()?,
                egress: passerelle::outgoing::Egress::default(),
            });
            let (api, behind) = (graphql::api(Arc::clone(&app)), Arc::clone(&app));
            let at = http::Settings::at(([127, 0, 0, 1], 0).into());
            let tell = |address| drop(told.send((address, app)));
            let end = async move { drop(stopped.await) };
            http::run_until(at, behind, api, http::graphiql::routes, tell, end).await?;
            Done::Ok(())
        });
        if let Err(error) = ran {
            tracing_free(&error.to_string());
        }
    });
    let (address, app): (std::net::SocketAddr, Arc<App>) = bound.await.map_err(|_| "the server did not start")?;
    Ok((thread, address.to_string(), app, stop))
}

/// Tells a person what broke the server.
fn tracing_free(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "the server: {text}");
}

/// A token for each person of each organization, in the order of [`Person::ALL`].
fn tokens(app: &App, directory: &Directory) -> Done<Vec<String>> {
    let mut tokens = Vec::new();
    for organization in &directory.organizations {
        for person in Person::ALL {
            let now = app.now() / 1_000_000;
            let claims = Claims {
                iss: app.tokens.issuer().to_owned(),
                aud: app.tokens.audience().to_owned(),
                sub: person.at(organization),
                org: organization.id,
                kind: Kind::Member,
                iat: now,
                nbf: now,
                exp: now + app.tokens.max_lifetime_seconds(),
                jti: Uuid::now_v7(),
                client_id: "bench".into(),
                epoch: 0,
                org_epoch: 0,
                scope: String::new(),
            };
            tokens.push(app.tokens.issue(&claims)?);
        }
    }
    Ok(tokens)
}

/// Budgets that nobody empties.
fn plenty() -> passerelle::domain::budget::Rates {
    use passerelle::domain::budget::{Rate, Rates};
    let rate = Rate::hourly(1_000_000_000_000);
    Rates { principal: rate, organization: rate, address: rate, ..Rates::default() }
}
