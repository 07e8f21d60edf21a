//! The tests' own PostgreSQL cluster does what the other tests take for granted.

use crate::support::engine::{Engine, on_both_engines};
use crate::support::postgres::Cluster;
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::sync::atomic::{AtomicU32, Ordering};

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap_or_else(|fault| panic!("{url}: {fault}"))
}

async fn run(connection: &mut PgConnection, statement: &'static str) {
    let done = sqlx::raw_sql(statement).execute(connection).await;
    assert!(done.is_ok(), "{statement}: {done:?}");
}

async fn notes(url: &str) -> Result<i64, sqlx::Error> {
    let mut reader = PgConnection::connect(url).await?;
    let count = sqlx::query_scalar("SELECT count(*) FROM note").fetch_one(&mut reader).await;
    reader.close().await?;
    count
}

async fn answers(engine: Engine) {
    let one: Result<i32, sqlx::Error> = match engine {
        Engine::Sqlite => match SqliteConnection::connect("sqlite::memory:").await {
            Ok(mut memory) => sqlx::query_scalar("SELECT 1").fetch_one(&mut memory).await,
            Err(fault) => Err(fault),
        },
        Engine::Postgres => {
            let url = Cluster::get().map(|it| it.database_url("postgres")).unwrap_or_default();
            sqlx::query_scalar("SELECT 1").fetch_one(&mut connect(&url).await).await
        }
    };
    assert_eq!(one.ok(), Some(1));
}
on_both_engines!(answers);

#[test]
fn a_template_is_made_once_and_copied_for_each_test() {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let Some(cluster) = Cluster::get() else { return };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            // A runtime per thread, as the test harness has it.
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.unwrap().block_on(copy_and_change(cluster, &MADE));
            });
        }
    });
    assert_eq!(MADE.load(Ordering::Relaxed), 1);
}

async fn copy_and_change(cluster: &Cluster, made: &AtomicU32) {
    let template = cluster
        .template("with_note", async |url| {
            made.fetch_add(1, Ordering::Relaxed);
            // The connection is left open on purpose: the template is closed all the same.
            let mut writer = connect(&url).await;
            run(&mut writer, "CREATE TABLE note (id int)").await;
            std::mem::forget(writer);
        })
        .await;
    let url = cluster.create_database(Some(&template)).await;
    let mut writer = connect(&url).await;
    run(&mut writer, "INSERT INTO note VALUES (1)").await;
    assert_eq!(notes(&url).await.ok(), Some(1));
    // The writer is still connected.
    cluster.drop_database(&url).await;
    assert!(notes(&url).await.is_err());
}

#[tokio::test]
async fn the_shared_cluster_is_quick_and_the_durable_one_is_durable() {
    let Some(shared) = Cluster::get() else { return };
    let Some(durable) = Cluster::start_durable() else { return };
    for (cluster, expected) in [(shared, "off"), (&durable, "on")] {
        let mut admin = connect(&cluster.database_url("postgres")).await;
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            let query = sqlx::query_scalar("SELECT current_setting($1)").bind(setting);
            let found: String = query.fetch_one(&mut admin).await.unwrap();
            assert_eq!(found, expected, "{setting}");
        }
    }
}

#[tokio::test]
async fn what_was_committed_outlives_a_crash() {
    let Some(cluster) = Cluster::start_durable() else { return };
    let url = cluster.create_database(None).await;
    let mut writer = connect(&url).await;
    run(&mut writer, "CREATE TABLE note (id int); INSERT INTO note VALUES (1), (2)").await;
    cluster.crash();
    assert!(notes(&url).await.is_err(), "the server still answers");
    cluster.restart();
    assert_eq!(notes(&url).await.ok(), Some(2));
    assert!(run_fails(&mut writer).await, "a connection outlived the crash");
}

async fn run_fails(connection: &mut PgConnection) -> bool {
    sqlx::raw_sql("SELECT 1").execute(connection).await.is_err()
}
