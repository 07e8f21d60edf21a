//! The demonstration server.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web;
use indicatif::{ProgressBar, ProgressStyle};
use uuid::Uuid;

use super::arguments::Demo;
use super::console::console;
use super::database::{Address, newer};
use super::failed::{Ending, Failed};
use super::serve::{occupied, run};
use super::token::{self, issue, now};
use super::welcome::{Bearer, Client, Welcome};
use super::{counterparties, logs, parts};
use crate::app::App;
use crate::demo::personas::{PERSONAS, Right};
use crate::demo::{LoopIds, WalkingClock, load, public_secret, sandbox};
use crate::domain::clock::{Clock as _, SystemClock};
use crate::domain::global_id::{Kind, encode};
use crate::http::graphiql::{self, DemoConsole};
use crate::http::{Connections, DoorSettings, LiveSettings, Settings};
use crate::store::door::Door;
use crate::store::door::OpenError;
use crate::store::schema_state::SchemaState;
use crate::token::DEMO_LIFETIME_SECONDS;

/// The OAuth client that is named in the demonstration's tokens.
const CLIENT: &str = "passerelle-demo";

/// Serves the demonstration until SIGTERM or Ctrl-C.
///
/// # Errors
/// The database or the address.
pub async fn demo(given: Demo) -> Result<(), Failed> {
    let began = Instant::now();
    if let Some(filter) = logs::filter("warn") {
        logs::plain(filter);
    }
    let listen = SocketAddr::new(given.listen.ip(), given.port.unwrap_or(given.listen.port()));
    free(listen)?;
    let address = Address::read_or_path(&given.database).ok_or(OpenError::Address)?;
    let lock = address.lock()?;
    if given.fresh {
        start_over(&address).await?;
    }
    let store = migrated(&address).await?;
    let made_in = filled(&store, &address, given.json).await?;
    let marks = store.marks().await?;
    let ids = whole(&marks, &address)?;
    let sandbox = sandbox::ids(&marks);
    let app = parts::demonstration(store, Arc::new(SystemClock))?;
    let bearers = bearers(&app).await?;
    let census = app.store.census().await?;
    let clients = clients(&app).await?;
    let offered = web::Data::new(DemoConsole(Some(console(&bearers, &ids, &app.today()))));
    let routes = move |config: &mut web::ServiceConfig| {
        config.app_data(offered.clone());
        graphiql::routes(config);
    };
    let shown = address.shown();
    let greet = |bound: SocketAddr| {
        let welcome = Welcome {
            address: &format!("http://{bound}"),
            database: &shown,
            made_in,
            ready_in: began.elapsed(),
            census,
            bearers: &bearers,
            clients: &clients,
            ids: &ids,
            sandbox: &sandbox,
            env_file: &given.env_file,
        };
        greet(&welcome, given.json);
    };
    let beside = |app: &Arc<App>| Some(counterparties::start(Arc::clone(app), &marks));
    let usual = Settings::at(listen);
    // All who try it come from one machine.
    let live = LiveSettings { connections: Connections::of_all(20_000), ..usual.door.live };
    let settings = Settings { door: DoorSettings { live, ..usual.door }, ..usual };
    let ended = run(app, settings, routes, beside, greet).await;
    drop(lock);
    ended
}

/// That nothing listens at the address yet: told before the network is made, not after.
fn free(listen: SocketAddr) -> Result<(), Failed> {
    match TcpListener::bind(listen) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(occupied(listen)),
        // What else may be wrong is told when the server binds.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Deletes a demonstration's file, and no other.
async fn start_over(address: &Address) -> Result<(), Failed> {
    let Address::File(path) = address else {
        let sentence = "--fresh deletes files only; empty the PostgreSQL database yourself.";
        return Err(Failed::with(Ending::Configuration, sentence));
    };
    if !path.exists() {
        return Ok(());
    }
    let door = address.open(false).await?;
    let ours = is_ours(&door).await;
    door.close().await;
    if !ours {
        let sentence = format!("{} is no demonstration's file, so it stays; name another.", path.display());
        return Err(Failed::with(Ending::Database, sentence));
    }
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        remove(Path::new(&name))?;
    }
    Ok(())
}

/// Whether a database was made by a demonstration or holds nothing yet.
async fn is_ours(door: &Door) -> bool {
    let marked = door.marks().await.is_ok_and(|marks| !marks.is_empty());
    marked || door.is_untouched().await.unwrap_or(false)
}

fn remove(path: &Path) -> Result<(), Failed> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failed::with(Ending::Database, format!("{} can't be deleted ({error}).", path.display())))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

async fn migrated(address: &Address) -> Result<Door, Failed> {
    let store = address.open(true).await?;
    if let SchemaState::Ahead(_) = store.schema_state().await? {
        return Err(newer(address));
    }
    store.migrate().await?;
    Ok(store)
}

/// Makes the network if nobody has entered anything yet; tells how long that took.
async fn filled(store: &Door, address: &Address, quiet: bool) -> Result<Option<Duration>, Failed> {
    if !store.is_untouched().await? {
        return Ok(None);
    }
    let began = Instant::now();
    let now = SystemClock.now().as_microsecond();
    let clock = Arc::new(WalkingClock::at(now));
    let app = parts::demonstration(store.clone(), Arc::<WalkingClock>::clone(&clock))?;
    let bar = bar(quiet);
    load(&app, &clock, now, &|done, total| {
        bar.set_length(total);
        bar.set_position(done);
    })
    .await
    .map_err(|failure| {
        let failed = Failed::from(failure);
        let sentences = failed.sentences.join(" ");
        Failed::with(Ending::Broken, format!("{} could not be filled: {sentences}", address.shown()))
    })?;
    bar.finish_and_clear();
    Ok(Some(began.elapsed()))
}

/// A bar on standard error, where that is a terminal.
fn bar(quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(1);
    if let Ok(style) = ProgressStyle::with_template("Making the network {bar:40} {pos}/{len}") {
        bar.set_style(style);
    }
    bar
}

/// The prepared rows of a network that is whole.
fn whole(marks: &BTreeMap<String, Uuid>, address: &Address) -> Result<LoopIds, Failed> {
    LoopIds::read(marks).ok_or_else(|| {
        let sentence = format!(
            "{} holds something else than a whole demonstration; start with --fresh, or name another database.",
            address.shown()
        );
        Failed::with(Ending::Database, sentence)
    })
}

/// A token for each persona.
async fn bearers(app: &App) -> Result<Vec<Bearer>, Failed> {
    let marks = app.store.marks().await?;
    let mut all = Vec::with_capacity(PERSONAS.len());
    for persona in &PERSONAS {
        let is_client = matches!(persona.right, Right::Scopes(_));
        let lost =
            || Failed::with(Ending::Database, format!("The persona {} is gone; start with --fresh.", persona.name));
        let sub = *marks.get(&format!("persona.{}", persona.variable)).ok_or_else(lost)?;
        let subject = app.store.subject(sub, is_client).await?.ok_or_else(lost)?;
        let bearer = token::Bearer { sub, is_client, subject, client: CLIENT };
        let token = issue(&app.tokens, &bearer, now(), DEMO_LIFETIME_SECONDS)
            .map_err(|error| Failed::with(Ending::Broken, format!("{error}.")))?;
        all.push(Bearer { persona, token });
    }
    Ok(all)
}

/// The applications that get their own tokens. Their secrets are as public as the demonstration's sealing key, so that they
/// are the same after a restart.
async fn clients(app: &App) -> Result<Vec<Client>, Failed> {
    let marks = app.store.marks().await?;
    let mut all = Vec::new();
    for persona in PERSONAS.iter().filter(|persona| matches!(persona.right, Right::Scopes(_))) {
        let Some(key) = marks.get(&format!("persona.{}", persona.variable)) else { continue };
        let secret = public_secret(app, (*key).into()).await?;
        all.push(Client { persona, id: encode(Kind::ClientApplication, *key), secret });
    }
    Ok(all)
}

fn greet(welcome: &Welcome<'_>, json: bool) {
    if let Err(error) = welcome.environment() {
        let file = welcome.env_file.display();
        // Nobody is left to tell when standard error is gone.
        let _ = writeln!(io::stderr(), "passerelle: {file} can't be written ({error}); the shell lines above work.");
    }
    let mut out = io::stdout().lock();
    let told = if json { welcome.json(&mut out) } else { welcome.banner(&mut out) };
    if let Err(error) = told {
        tracing::warn!(error = %error, "the welcome can't be written");
    }
}
