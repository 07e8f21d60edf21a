//! The one door to the database. No other file opens connections or begins transactions.
//!
//! A begin whose future is dropped half-way leaves its connection inside an open transaction; the next borrower's write
//! then reports success and is lost. So a begin runs in a task that is never dropped, every write is in an explicit
//! transaction, and a transaction that nobody waits for any more is rolled back.

use crate::domain::rule::Fault;
use crate::store::dialect::Engine;
use crate::store::feed::Feed;
use crate::store::joined::joined;
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::{
    ActiveModelTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr,
    EntityTrait, IntoActiveModel, QueryResult, QueryTrait, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait, Value,
};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How the database is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// Connections for reading; PostgreSQL has as many again for writing, SQLite one.
    pub readers: u32,
    /// Whether a missing SQLite file may be made.
    pub create: bool,
}

/// Why the database can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address names neither engine.
    #[error("the database address must begin with sqlite: or postgres:")]
    Address,
    /// Somebody else holds the file.
    #[error("the database is locked by another process")]
    Locked,
    /// The engine says no.
    #[error("the database can't be opened: {0}")]
    Engine(&'static str),
}

/// The database.
#[derive(Clone)]
pub struct Door {
    read: DatabaseConnection,
    write: DatabaseConnection,
    engine: Engine,
    tally: Arc<AtomicU64>,
    feed: Arc<Feed>,
}

impl Door {
    /// Opens the database.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(settings: &Settings) -> Result<Self, OpenError> {
        let engine = match settings.url.split(':').next() {
            Some("sqlite") => Engine::Sqlite,
            Some("postgres" | "postgresql") => Engine::Postgres,
            _ => return Err(OpenError::Address),
        };
        let writers = if engine == Engine::Sqlite { 1 } else { settings.readers };
        let write = connect(settings, engine, writers).await?;
        let read = connect(settings, engine, settings.readers).await?;
        Ok(Self { read, write, engine, tally: Arc::default(), feed: Arc::default() })
    }

    /// The engine behind the door.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The news of this node: who waits for changes, and what was placed last.
    #[must_use]
    pub fn feed(&self) -> &Arc<Feed> {
        &self.feed
    }

    /// How many statements were sent so far; transactions' begin and commit are not counted.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.tally.load(Ordering::Relaxed)
    }

    /// The writing pool, for the migrations, which bring their own transactions.
    #[must_use]
    pub fn for_migrations(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Reads rows outside a transaction.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn rows(&self, text: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, Fault> {
        self.tally.fetch_add(1, Ordering::Relaxed);
        self.read.query_all_raw(self.statement(text, values)).await.map_err(|error| fault(&error))
    }

    /// Begins a transaction that may write; on SQLite it takes the write lock at once.
    ///
    /// # Errors
    /// What the engine refuses, and a lock or connection that can't be had in time.
    pub async fn begin(&self) -> Result<Tx, Fault> {
        let door = self.clone();
        let begun = tokio::spawn(async move {
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            };
            #[expect(
                clippy::disallowed_methods,
                reason = "this task is never dropped, so the begin is never cancelled"
            )]
            let inner = door.write.begin_with_options(options).await;
            inner.map(|inner| Tx { inner, door: door.clone(), last: Mutex::default() })
        });
        match begun.await {
            Ok(begun) => begun.map_err(|error| fault(&error)),
            Err(_) => Err(Fault::Unavailable("the runtime is stopping".into())),
        }
    }

    fn statement(&self, text: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.engine.backend(), self.engine.sql(text), values)
    }

    /// Closes all connections.
    pub async fn close(&self) {
        for pool in [&self.read, &self.write] {
            if let Err(error) = pool.close_by_ref().await {
                tracing::warn!(error = %error, "a connection pool did not close");
            }
        }
    }
}

/// What reads rows: the door outside a transaction, or a transaction. For reads that a write and a look ahead share.
pub trait Rows: Sync {
    /// Reads rows.
    ///
    /// # Errors
    /// What the engine refuses.
    fn rows(&self, text: &str, values: Vec<Value>) -> impl Future<Output = Result<Vec<QueryResult>, Fault>> + Send;
}

impl Rows for Door {
    async fn rows(&self, text: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, Fault> {
        Self::rows(self, text, values).await
    }
}

impl Rows for Tx {
    async fn rows(&self, text: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, Fault> {
        Self::rows(self, text, values).await
    }
}

/// A transaction that may write. Dropped without [`Tx::commit`], it is rolled back.
pub struct Tx {
    inner: DatabaseTransaction,
    door: Door,
    /// What is written last, in one go.
    last: Mutex<Vec<Statement>>,
}

impl Tx {
    /// The engine behind the door.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.door.engine
    }

    /// The transaction itself, for the migrations: all steps in it, or none.
    pub(super) fn for_migrations(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// Reads rows.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn rows(&self, text: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, Fault> {
        self.door.tally.fetch_add(1, Ordering::Relaxed);
        self.inner.query_all_raw(self.door.statement(text, values)).await.map_err(|error| fault(&error))
    }

    /// Changes rows; tells how many.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn run(&self, text: &str, values: Vec<Value>) -> Result<u64, Fault> {
        self.try_run(text, values).await.map_err(|error| fault(&error))
    }

    /// Changes rows and hands back the engine's own error, for those who know a constraint by its name.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn try_run(&self, text: &str, values: Vec<Value>) -> Result<u64, DbErr> {
        self.door.tally.fetch_add(1, Ordering::Relaxed);
        Ok(self.inner.execute_raw(self.door.statement(text, values)).await?.rows_affected())
    }

    /// Adds one row.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add<M, A>(&self, row: M) -> Result<(), Fault>
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait,
    {
        self.try_add(row).await.map_err(|error| fault(&error))
    }

    /// Adds one row and hands back the engine's own error.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn try_add<M, A>(&self, row: M) -> Result<(), DbErr>
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait,
    {
        self.door.tally.fetch_add(1, Ordering::Relaxed);
        A::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await.map(drop)
    }

    /// Changes rows just before the commit, together with all that was said to be written last: PostgreSQL is asked
    /// once for all of it. For changes whose effect nothing in this transaction reads, and of which no two touch the
    /// same row; their order is not kept.
    pub fn run_last(&self, text: &str, values: Vec<Value>) {
        self.keep_for_last(self.door.statement(text, values));
    }

    /// Adds one row just before the commit, as [`Tx::run_last`].
    pub fn add_last<M, A>(&self, row: M)
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait,
    {
        self.keep_for_last(A::Entity::insert(row.into_active_model()).build(self.door.engine.backend()));
    }

    fn keep_for_last(&self, statement: Statement) {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).push(statement);
    }

    async fn run_kept(&self) -> Result<(), DbErr> {
        let kept = std::mem::take(&mut *self.last.lock().unwrap_or_else(PoisonError::into_inner));
        let kept = if self.door.engine == Engine::Postgres { joined(kept) } else { kept };
        for statement in kept {
            self.door.tally.fetch_add(1, Ordering::Relaxed);
            self.inner.execute_raw(statement).await?;
        }
        Ok(())
    }

    /// Writes what was kept for last and makes everything durable.
    ///
    /// # Errors
    /// What the engine refuses; then nothing was changed, or it is not known.
    pub async fn commit(self) -> Result<(), Fault> {
        self.run_kept().await.map_err(|error| fault(&error))?;
        self.inner.commit().await.map_err(|error| fault(&error))?;
        self.door.feed.committed();
        Ok(())
    }
}

async fn connect(settings: &Settings, engine: Engine, most: u32) -> Result<DatabaseConnection, OpenError> {
    let create = settings.create;
    let mut options = ConnectOptions::new(&settings.url);
    options
        .max_connections(most)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |options| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            options
                .create_if_missing(create)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
                .statement_cache_capacity(200)
                .pragma("cache_size", "-16384")
        })
        .map_sqlx_postgres_opts(|options| {
            options.application_name("passerelle").disable_statement_logging().options([
                ("statement_timeout", "10000"),
                ("random_page_cost", "1.1"),
                ("jit", "off"),
            ])
        });
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    let connection = Database::connect(options).await;
    connection.map_err(|error| not_opened(engine, &error))
}

/// Why a database can't be opened. The driver's words may repeat the address with its password, so they are not.
fn not_opened(engine: Engine, error: &DbErr) -> OpenError {
    let text = error.to_string();
    match engine {
        Engine::Sqlite if text.contains("locked") => OpenError::Locked,
        Engine::Sqlite => OpenError::Engine("the file is not a database or is out of reach"),
        Engine::Postgres if text.contains("cannot be parsed") || text.contains("invalid") => OpenError::Address,
        Engine::Postgres if text.contains("password") || text.contains("authentication") => {
            OpenError::Engine("the server refuses this user")
        }
        Engine::Postgres if text.contains("does not exist") => OpenError::Engine("the server has no such database"),
        Engine::Postgres => OpenError::Engine("no server answers at this address"),
    }
}

/// An engine's error as a fault of ours. Its text may hold values, so only its code and kind are kept.
pub fn fault(error: &DbErr) -> Fault {
    use sea_orm::{RuntimeErr, SqlErr};
    let code = match error {
        DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner)) => {
            inner.as_database_error().and_then(|inner| inner.code().map(|code| code.into_owned()))
        }
        _ => None,
    };
    match (error, error.sql_err(), code) {
        (DbErr::ConnectionAcquire(_) | DbErr::Conn(_), _, _) => Fault::Unavailable("no connection".into()),
        (_, Some(SqlErr::UniqueConstraintViolation(_)), _) => Fault::Store("a unique constraint was broken".into()),
        (_, Some(SqlErr::ForeignKeyConstraintViolation(_)), _) => Fault::Store("a foreign key was broken".into()),
        (_, _, Some(code)) if ["5", "517", "261", "40001", "40P01", "55P03", "57014"].contains(&code.as_str()) => {
            Fault::Unavailable(format!("engine code {code}"))
        }
        (_, _, Some(code)) => Fault::Store(format!("engine code {code}")),
        (DbErr::Type(_) | DbErr::Json(_), _, _) => Fault::Store("a value of an unexpected type".into()),
        _ => Fault::Store("the engine refused".into()),
    }
}

/// Whether an engine's error is a broken unique constraint that names `what`: the constraint on PostgreSQL, or a
/// column of it on SQLite, which knows no names.
#[must_use]
pub fn breaks_unique(error: &DbErr, constraint: &str, columns: &str) -> bool {
    match error.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(text)) => text.contains(constraint) || text.contains(columns),
        _ => false,
    }
}
