//! The server in production.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::web;

use super::arguments::Serve;
use super::background::Background;
use super::configuration::{self, Configuration};
use super::failed::{Ending, Failed};
use super::{bulk, clockwork, couriers, database, logs, parts, sequencer, treasury};
use crate::app::App;
use crate::graphql;
use crate::http::{self, DoorSettings, LiveSettings, RunError, Settings, graphiql};

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// The configuration, the database or the address.
pub async fn serve(given: Serve) -> Result<(), Failed> {
    let Configuration { database, tokens, sealer, listen, log, policy, rooms, connections } =
        configuration::read(given)?;
    logs::json(log);
    let lock = database.lock()?;
    let store = database::open_current(&database).await?;
    let app = parts::production(store, tokens, sealer, policy)?;
    let told = |address: SocketAddr| tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "ready");
    let usual = Settings::at(listen);
    let live = LiveSettings { connections, ..usual.door.live };
    let settings = Settings { door: DoorSettings { rooms, live, ..usual.door }, ..usual };
    let ended = run(app, settings, graphiql::routes, |_| None, told).await;
    drop(lock);
    ended
}

/// Serves an app with its background work and with what `beside` starts; `bound` hears the address that was really bound.
///
/// # Errors
/// The address can't be had, or the server broke.
pub async fn run(
    app: App,
    settings: Settings,
    routes: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
    beside: impl FnOnce(&Arc<App>) -> Option<Background>,
    bound: impl FnOnce(SocketAddr),
) -> Result<(), Failed> {
    let app = Arc::new(app);
    if !app.holds_the_key().await? {
        let sentence = "The database's texts are sealed under another key; give that one with --sealing-key-file.";
        return Err(Failed::with(Ending::Configuration, sentence));
    }
    let api = graphql::api(Arc::clone(&app));
    let sequencer = sequencer::start(Arc::clone(&app));
    let clockwork = clockwork::start(Arc::clone(&app));
    let couriers = couriers::start(&app)?;
    let beside = beside(&app);
    let treasury = treasury::start(Arc::clone(&app));
    let jobs = bulk::start(&app, api.clone());
    let files = http::bulk::routes(Arc::<App>::clone(&app));
    let hsds = http::hsds::routes(Arc::<App>::clone(&app));
    let exports = http::exports::routes(Arc::<App>::clone(&app));
    let oauth = http::oauth::routes(Arc::<App>::clone(&app), app.policy.rates.proxies);
    let all = move |config: &mut web::ServiceConfig| {
        routes(config);
        hsds(config);
        exports(config);
        oauth(config);
        files(config);
    };
    let ended = http::run(settings, Arc::<App>::clone(&app), api, all, bound).await;
    couriers.end().await;
    if let Some(beside) = beside {
        beside.end().await;
    }
    jobs.end().await;
    treasury.end().await;
    clockwork.end().await;
    sequencer.end().await;
    app.store.close().await;
    ended.map_err(failed)
}

fn failed(error: RunError) -> Failed {
    match error {
        RunError::Occupied(address) => occupied(address),
        RunError::Bind { address, source } => {
            let sentence = format!("{address} can't be listened at ({source}); choose another with --listen.");
            Failed::with(Ending::Configuration, sentence)
        }
        other @ (RunError::Schema(_) | RunError::Signals(_) | RunError::Server(_)) => {
            Failed::with(Ending::Broken, format!("{other}."))
        }
    }
}

/// What is said when something listens there already.
#[must_use]
pub fn occupied(address: SocketAddr) -> Failed {
    let sentence = format!("Something listens at {address} already; end it, or choose another port with --listen.");
    Failed::with(Ending::Occupied, sentence)
}
