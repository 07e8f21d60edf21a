//! The table.

use crate::operation::Operation;
use std::fmt::Write as _;

/// What one round of an operation came to.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    pub requests_per_second: f64,
    /// Latencies in milliseconds.
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    /// Milliseconds of processor time for each request: the server's, and the database's own.
    pub server: f64,
    pub database: f64,
    pub statements: f64,
    /// Kilobytes of an answer.
    pub kilobytes: f64,
}

/// Figures to compare with, in milliseconds of processor time for each request, server and database together: what we
/// want to reach, a server without GraphQL over the same PostgreSQL, and the best other GraphQL server.
fn beside(operation: Operation) -> [f64; 3] {
    match operation {
        Operation::Q1 => [0.46, 0.79, 2.28],
        Operation::Q2 => [0.27, 0.26, 1.34],
        Operation::Q3 => [0.53, 1.10, 2.67],
        Operation::M1 => [0.53, 0.55, 1.58],
        Operation::M2 => [0.46, 0.47, 1.39],
    }
}

/// The head of the table.
pub fn head() -> String {
    "| operation | requests/s | p50 ms | p90 ms | p99 ms | server | database | **total** | to reach | no GraphQL | \
     PostGraphile | statements | kB |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
        .into()
}

/// A row: the mean of the rounds.
pub fn row(operation: Operation, rounds: &[Measured]) -> String {
    let mean = |of: fn(&Measured) -> f64| rounds.iter().map(of).sum::<f64>() / rounds.len().max(1) as f64;
    let (server, database) = (mean(|it| it.server), mean(|it| it.database));
    let [wanted, plain, other] = beside(operation);
    format!(
        "| {operation:?} | {:.0} | {:.1} | {:.1} | {:.1} | {server:.2} | {database:.2} | **{:.2}** | {wanted:.2} | {plain:.2} \
         | {other:.2} | {:.1} | {:.1} |\n",
        mean(|it| it.requests_per_second),
        mean(|it| it.p50),
        mean(|it| it.p90),
        mean(|it| it.p99),
        server + database,
        mean(|it| it.statements),
        mean(|it| it.kilobytes),
    )
}

/// What the columns mean.
pub fn foot(operations: &[Operation]) -> String {
    let mut text = String::from(
        "\nServer, database and total are milliseconds of processor time for each request; SQLite works inside the \
         server. They are the figures to trust on a shared machine; requests/s and latencies are not. Statements \
         counts SQL statements without BEGIN and COMMIT. Beside the total: what we want to reach, a server that gives \
         PostgreSQL's JSON without GraphQL, and PostGraphile, both measured elsewhere on PostgreSQL 15, S, without \
         authorization, audit and idempotency, all of which are on here.\n\n",
    );
    for operation in operations {
        let _ = writeln!(text, "- **{operation:?}** {}", operation.told());
    }
    text
}
