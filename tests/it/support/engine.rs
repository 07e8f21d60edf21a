//! One story, told on both engines.

use super::postgres::Cluster;
use std::io::Write;

/// The engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default.
    Sqlite,
    /// The production engine, from [`Cluster::get`].
    Postgres,
}

impl Engine {
    /// Whether this engine can be tested here; says on standard error which test is skipped.
    /// Panics when PostgreSQL is required and missing.
    pub fn is_ready_for(self, test: &str) -> bool {
        let ready = match self {
            Self::Sqlite => true,
            Self::Postgres => Cluster::get().is_some(),
        };
        if !ready {
            let _ = writeln!(std::io::stderr(), "SKIPPED, no PostgreSQL: {test}");
        }
        ready
    }
}

/// Makes the tests `name::sqlite` and `name::postgres` of each `async fn name(engine: Engine)`.
///
/// `on_both_engines!(a, b)` runs them on Tokio, `on_both_engines!(actix_web: a, b)` with
/// `#[actix_web::test]`, for what spawns tasks on the local thread. The PostgreSQL test ends
/// early, and loudly, where there is no server and none is required.
macro_rules! on_both_engines {
    ($runner:ident: $($name:ident),+ $(,)?) => {$(
        mod $name {
            use $crate::support::engine::Engine;

            #[$runner::test]
            async fn sqlite() {
                super::$name(Engine::Sqlite).await;
            }

            #[$runner::test]
            async fn postgres() {
                let name = concat!(module_path!(), "::postgres");
                if Engine::Postgres.is_ready_for(name) {
                    super::$name(Engine::Postgres).await;
                }
            }
        }
    )+};
    ($($name:ident),+ $(,)?) => {
        $crate::support::engine::on_both_engines!(tokio: $($name),+);
    };
}
pub(crate) use on_both_engines;
