//! The door over real sockets, with a small schema and a small app behind it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use async_graphql::connection::{Connection, Edge, query};
use async_graphql::{
    Context, EmptySubscription, Error, ErrorExtensions as _, ID, InputObject, Object, Result, Schema, SimpleObject,
};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::*;
use crate::app::NotIdentified;
use crate::domain::actor::Actor;
use crate::domain::disclosed::Disclosed;
use crate::domain::map::{MapAsked, NoMap};
use crate::graphql::RequestInfo;
use crate::token::{Claims, Keyring, Kind};

use crate::http::Room;

mod life;
mod limits;
mod requests;

const NOW: i64 = 1_800_000_000;
const NEW: &str = "application/graphql-response+json";
const OLD: &str = "application/json";

struct Query;
struct Mutation;

#[derive(SimpleObject)]
struct Service {
    id: ID,
}

#[derive(InputObject)]
struct Filter {
    text: Option<String>,
    size: Option<i32>,
    and: Option<Vec<Filter>>,
}

#[Object]
impl Query {
    async fn version(&self) -> &str {
        "1"
    }

    async fn who(&self, context: &Context<'_>) -> Result<String> {
        let anonymous = matches!(context.data::<Actor>()?, Actor::Anonymous);
        let info = context.data::<RequestInfo>()?;
        Ok(format!("{anonymous} {} {}", info.language.tag(), info.request_id))
    }

    async fn services(
        &self,
        first: Option<i32>,
        after: Option<String>,
        filter: Option<Filter>,
    ) -> Result<Connection<usize, Service>> {
        let there = filter.map_or(3, |filter| {
            filter.size.unwrap_or(0) as usize
                + filter.text.map_or(0, |text| text.len())
                + filter.and.map_or(0, |and| and.len())
        });
        query(after, None, first, None, |_: Option<usize>, _, first, _| async move {
            let mut page = Connection::new(false, false);
            let shown = first.unwrap_or(20).min(there);
            page.edges.extend((0..shown).map(|at| Edge::new(at, Service { id: at.to_string().into() })));
            Ok::<_, Error>(page)
        })
        .await
    }

    async fn forbidden(&self) -> Option<Result<String>> {
        let error = Error::new("Not yours.");
        Some(Err(error.extend_with(|_, values| values.set("code", "FORBIDDEN"))))
    }

    async fn uncoded(&self) -> Option<Result<String>> {
        Some(Err(Error::new("duplicate key, canary-4711")))
    }

    async fn panics(&self, #[graphql(default = true)] really: bool) -> bool {
        assert!(!really, "on purpose, canary-4711");
        really
    }

    async fn never(&self) -> bool {
        std::future::pending().await
    }
}

#[Object]
impl Mutation {
    async fn go(&self, input: Filter) -> Option<Service> {
        Some(Service { id: input.text.unwrap_or_default().into() })
    }
}

/// Behind the door: 0 all is well, 1 the subject is revoked, 2 the storage is away.
struct House {
    state: AtomicU8,
    keyring: Keyring,
}

impl Behind for House {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(NOW).unwrap()
    }

    fn tokens(&self) -> &Keyring {
        &self.keyring
    }

    fn identify<'a>(&'a self, _: &'a Claims) -> BoxFuture<'a, Result<Actor, NotIdentified>> {
        let answer = match self.state.load(Ordering::SeqCst) {
            0 => Ok(Actor::Anonymous),
            1 => Err(NotIdentified::Refused),
            _ => Err(NotIdentified::Unavailable),
        };
        async move { answer }.boxed()
    }

    fn keep_account<'a>(&'a self, _: &'a Actor, _: &'a str, _: &'a Disclosed) -> BoxFuture<'a, Result<(), ()>> {
        async { Ok(()) }.boxed()
    }

    fn map<'a>(
        &'a self,
        _: &'a Actor,
        _: &'a MapAsked,
        _: &'a str,
    ) -> BoxFuture<'a, std::result::Result<String, NoMap>> {
        async { Err(NoMap::NotFound) }.boxed()
    }

    fn is_ready(&self) -> BoxFuture<'_, bool> {
        let ready = self.state.load(Ordering::SeqCst) == 0;
        async move { ready }.boxed()
    }
}

fn schema() -> Schema<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation, EmptySubscription).disable_suggestions().finish()
}

fn house() -> Arc<House> {
    Arc::new(House { state: AtomicU8::new(0), keyring: Keyring::generate_demo().unwrap() })
}

fn settings() -> Settings {
    let mut settings = Settings::at(SocketAddr::from(([127, 0, 0, 1], 0)));
    settings.workers = Some(1);
    settings
}

/// A served door; it ends when `stop` is used.
struct Served {
    house: Arc<House>,
    address: SocketAddr,
    client: reqwest::Client,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<std::result::Result<(), RunError>>,
}

async fn serve(settings: Settings) -> Served {
    let house = house();
    let behind: Arc<dyn Behind> = house.clone();
    let (stop, stopped) = oneshot::channel();
    let (tell, told) = oneshot::channel();
    let ended = tokio::spawn(async move {
        let bound = move |address| {
            let _ = tell.send(address);
        };
        let stopped = stopped.map(|_| ());
        run_until(settings, behind, schema(), |_| {}, bound, stopped).await
    });
    let address = told.await.unwrap();
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    Served { house, address, client, stop, ended }
}

impl Served {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    fn post(&self, accept: &str) -> RequestBuilder {
        self.request(Method::POST, "/graphql").header("accept", accept).header("content-type", "application/json")
    }

    async fn ask(&self, accept: &str, query: &str) -> (u16, Value) {
        let body = json!({ "query": query }).to_string();
        read(self.post(accept).body(body).send().await.unwrap()).await
    }

    fn token(&self) -> String {
        let claims = Claims {
            iss: self.house.keyring.issuer().to_owned(),
            aud: self.house.keyring.audience().to_owned(),
            sub: Uuid::from_u128(1),
            org: Uuid::from_u128(2),
            kind: Kind::Member,
            iat: NOW,
            nbf: NOW,
            exp: NOW + 60,
            jti: Uuid::from_u128(3),
            client_id: "console".to_owned(),
            epoch: 0,
            org_epoch: 0,
            scope: String::new(),
        };
        self.house.keyring.issue(&claims).unwrap()
    }

    async fn with_authorization(&self, value: &str) -> Response {
        let body = json!({ "query": "{ version }" }).to_string();
        self.post(OLD).header("authorization", value).body(body).send().await.unwrap()
    }
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

fn code(body: &Value) -> &str {
    body["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
