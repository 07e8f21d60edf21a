//! A server of its own for each test: its own database, its own clock, a real port.

use super::clock::TestClock;
use super::engine::Engine;
use super::postgres::Cluster;
use passerelle::app::{App, Policy};
use passerelle::domain::clock::Clock;
use passerelle::graphql;
use passerelle::http;
use passerelle::store::door::{Door, Settings};
use passerelle::store::sealing::Sealer;
use passerelle::token::{Claims, Keyring, Kind};
use passerelle::usecase::budget::Budgets;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::oneshot;
use uuid::Uuid;

/// A running server.
pub struct TestApp {
    pub app: Arc<App>,
    pub clock: Arc<TestClock>,
    pub url: String,
    client: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    folder: Option<PathBuf>,
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

/// Somebody who asks: a token, or none.
#[derive(Debug, Clone)]
pub struct Persona {
    pub id: Uuid,
    pub organization: Uuid,
    pub token: Option<String>,
}

impl Persona {
    /// Somebody without a token.
    pub fn public() -> Self {
        Self { id: Uuid::nil(), organization: Uuid::nil(), token: None }
    }
}

/// A new database of the engine, migrated, and the folder it lies in.
pub async fn new_database(engine: Engine) -> (String, Option<PathBuf>) {
    match engine {
        Engine::Postgres => {
            let cluster = Cluster::get().unwrap();
            let template = cluster.template("passerelle", async |url| migrate(&url).await).await;
            (cluster.create_database(Some(&template)).await, None)
        }
        Engine::Sqlite => {
            static COUNT: AtomicU64 = AtomicU64::new(0);
            let name = format!("passerelle-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
            let folder = std::env::temp_dir().join(name);
            std::fs::create_dir_all(&folder).unwrap();
            let url = format!("sqlite://{}", folder.join("test.sqlite").display());
            migrate(&url).await;
            (url, Some(folder))
        }
    }
}

async fn migrate(url: &str) {
    let door = open(url).await;
    door.migrate().await.unwrap();
    door.close().await;
}

/// Opens a database.
pub async fn open(url: &str) -> Door {
    Door::open(&Settings { url: url.to_owned(), readers: 4, create: true }).await.unwrap()
}

/// Serves a database on a free port of this machine until `stop`; tells `bound` where.
pub async fn serve(
    url: &str,
    clock: Arc<TestClock>,
    tokens: Keyring,
    bound: impl FnOnce(SocketAddr, Arc<App>),
    stop: impl Future<Output = ()>,
) {
    serve_with(url, clock, tokens, (unbounded(), http::DoorSettings::default()), bound, stop).await;
}

/// Time stands still in a test, so no budget would ever come back.
pub fn unbounded() -> Policy {
    let usual = Policy::default();
    Policy { rates: usual.rates.without_bound(), ..usual }
}

/// As [`serve`], under a policy and with a door of one's choice.
async fn serve_with(
    url: &str,
    clock: Arc<TestClock>,
    tokens: Keyring,
    (policy, door): (Policy, http::DoorSettings),
    bound: impl FnOnce(SocketAddr, Arc<App>),
    stop: impl Future<Output = ()>,
) {
    let app = Arc::new(App {
        store: open(url).await,
        clock,
        tokens,
        sealer: Sealer::from_root("test", [7; 32]).unwrap(),
        policy,
        budgets: Budgets::default(),
        providers: passerelle::oidc::Providers::new().unwrap(),
        egress: super::egress::egress(),
    });
    let settings = http::Settings { workers: Some(1), door, ..http::Settings::at("127.0.0.1:0".parse().unwrap()) };
    let api = graphql::api(Arc::clone(&app));
    let behind = Arc::clone(&app);
    let hsds = http::hsds::routes(Arc::<App>::clone(&app));
    let exports = http::exports::routes(Arc::<App>::clone(&app));
    let files = http::bulk::routes(Arc::<App>::clone(&app));
    let oauth = http::oauth::routes(Arc::<App>::clone(&app), 1);
    let routes = move |config: &mut actix_web::web::ServiceConfig| {
        http::graphiql::routes(config);
        hsds(config);
        exports(config);
        oauth(config);
        files(config);
    };
    let bound = |address| bound(address, app);
    http::run_until(settings, behind, api, routes, bound, stop).await.unwrap();
}

impl TestApp {
    /// A server on a new database.
    pub async fn start(engine: Engine) -> Self {
        let (url, folder) = new_database(engine).await;
        let mut started = Self::over(&url).await;
        started.folder = folder;
        started
    }

    /// A server over a database that exists.
    pub async fn over(url: &str) -> Self {
        Self::over_with(url, unbounded()).await
    }

    /// A server on a new database, with a door of one's choice.
    pub async fn behind(engine: Engine, door: http::DoorSettings) -> Self {
        let (url, folder) = new_database(engine).await;
        let mut started = Self::over_as(&url, unbounded(), door).await;
        started.folder = folder;
        started
    }

    /// A server on a new database under a policy.
    pub async fn start_with(engine: Engine, policy: Policy) -> Self {
        let (url, folder) = new_database(engine).await;
        let mut started = Self::over_with(&url, policy).await;
        started.folder = folder;
        started
    }

    /// A server over a database that exists, under a policy.
    pub async fn over_with(url: &str, policy: Policy) -> Self {
        Self::over_as(url, policy, http::DoorSettings::default()).await
    }

    async fn over_as(url: &str, policy: Policy, door: http::DoorSettings) -> Self {
        let clock = Arc::new(TestClock::new());
        let (stop, stopped) = oneshot::channel::<()>();
        let (told, bound) = oneshot::channel();
        let (url, its_clock) = (url.to_owned(), Arc::clone(&clock));
        let thread = std::thread::spawn(move || {
            let tokens = Keyring::generate_demo().unwrap();
            let bound = |address, app| {
                let _ = told.send((address, app));
            };
            let setting = (policy, door);
            actix_web::rt::System::new().block_on(serve_with(&url, its_clock, tokens, setting, bound, async move {
                let _ = stopped.await;
            }));
        });
        let (address, app) = bound.await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("http://{address}");
        Self { app, clock, url, client, stop: Some(stop), thread: Some(thread), folder: None }
    }

    /// A token for a member or application, at the epochs given.
    pub fn token(&self, id: Uuid, organization: Uuid, kind: Kind, epoch: i32, org_epoch: i32) -> String {
        self.scoped_token((id, organization), kind, (epoch, org_epoch), "")
    }

    /// The same with scopes that it names.
    pub fn scoped_token(
        &self,
        (id, organization): (Uuid, Uuid),
        kind: Kind,
        (epoch, org_epoch): (i32, i32),
        scope: &str,
    ) -> String {
        let now = self.clock.now().as_second();
        let tokens = &self.app.tokens;
        let claims = Claims {
            iss: tokens.issuer().to_owned(),
            aud: tokens.audience().to_owned(),
            sub: id,
            org: organization,
            kind,
            iat: now,
            nbf: now,
            exp: now + tokens.max_lifetime_seconds(),
            jti: Uuid::now_v7(),
            client_id: id.to_string(),
            epoch,
            org_epoch,
            scope: scope.to_owned(),
        };
        tokens.issue(&claims).unwrap()
    }

    /// Sends a document and gives what came back.
    pub async fn post(&self, who: &Persona, query: &str, variables: Value) -> Answer {
        let request = self
            .client
            .post(format!("{}/graphql", self.url))
            .header("accept", "application/graphql-response+json")
            .json(&json!({ "query": query, "variables": variables }));
        let request = match &who.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        read(request.send().await.unwrap()).await
    }

    /// A request of another shape to this server.
    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// Sends a document that must come back without errors, and gives its data.
    pub async fn run(&self, who: &Persona, query: &str, variables: Value) -> Value {
        let answer = self.post(who, query, variables).await;
        assert!(answer.body.get("errors").is_none(), "{}\nfor {query}", answer.body);
        answer.body["data"].clone()
    }

    /// Sends a document that must come back with an error, and gives the first one's code.
    pub async fn refused(&self, who: &Persona, query: &str, variables: Value) -> String {
        let answer = self.post(who, query, variables).await;
        answer.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
    }

    /// Moves time on, in seconds.
    pub fn wait(&self, seconds: i64) {
        self.clock.advance(jiff::SignedDuration::from_secs(seconds));
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        let rows = self.app.store.rows(&format!("SELECT count(*) AS total FROM {table}"), vec![]).await.unwrap();
        rows[0].try_get("", "total").unwrap()
    }

    /// The statements that a piece of work needed.
    pub async fn statements<T>(&self, work: impl Future<Output = T>) -> (u64, T) {
        let before = self.app.store.statements();
        let done = work.await;
        (self.app.store.statements() - before, done)
    }

    /// Ends the server as a signal would, and waits for it.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads an answer.
pub async fn read(response: reqwest::Response) -> Answer {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status, headers, body }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop();
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
