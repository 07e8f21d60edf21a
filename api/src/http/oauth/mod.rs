//! OAuth 2.0: `POST /oauth/token` (RFC 6749, 8693) and the metadata by which a client finds it (RFC 8414).
//!
//! What is answered is fixed by the standards: their error codes, a body of JSON, never kept by anybody on the way. A
//! client that is unknown, one that has ended and one with a wrong secret get the same answer after the same work.

mod answer;
mod asked;
mod form;
mod metadata;

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::request_info;
use crate::app::App;
use crate::domain::sign_in::{ClientAsks, Granted, MemberAsks, NotGranted};
use crate::token::Keyring;
use answer::Refused;
use asked::Asked;

/// Requests for tokens that are worked on at once; more are told to come again.
const AT_ONCE: usize = 64;
/// How long one may take.
const RUN_LIMIT: Duration = Duration::from_secs(15);

/// Who gives tokens.
pub trait Grants: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
    /// The keys that sign, and whose name is in the tokens.
    fn tokens(&self) -> &Keyring;
    /// A token for an application.
    ///
    /// # Errors
    /// Why there is none.
    fn to_client<'a>(&'a self, asks: &'a ClientAsks, request: &'a str) -> BoxFuture<'a, Result<Granted, NotGranted>>;
    /// A token for a member.
    ///
    /// # Errors
    /// Why there is none.
    fn to_member<'a>(&'a self, asks: &'a MemberAsks, request: &'a str) -> BoxFuture<'a, Result<Granted, NotGranted>>;
}

impl Grants for App {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn tokens(&self) -> &Keyring {
        &self.tokens
    }

    fn to_client<'a>(&'a self, asks: &'a ClientAsks, request: &'a str) -> BoxFuture<'a, Result<Granted, NotGranted>> {
        self.grant_to_client(asks, request).boxed()
    }

    fn to_member<'a>(&'a self, asks: &'a MemberAsks, request: &'a str) -> BoxFuture<'a, Result<Granted, NotGranted>> {
        self.grant_to_member(asks, request).boxed()
    }
}

/// Where tokens are asked for.
#[derive(Clone)]
struct Desk {
    grants: Arc<dyn Grants>,
    running: Arc<Semaphore>,
    /// How many servers of ours stand in front and say whom they speak for.
    proxies: usize,
}

/// Adds `/oauth/token` and `/.well-known/oauth-authorization-server` to an actix app. `proxies` is how many servers of the
/// deployment's own stand in front of it; each of them adds the address it was asked from to `X-Forwarded-For`.
pub fn routes(grants: Arc<dyn Grants>, proxies: usize) -> impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static {
    let desk = Desk { grants, running: Arc::new(Semaphore::new(AT_ONCE)), proxies };
    move |config| {
        let desk = web::Data::new(desk.clone());
        config
            .service(web::resource("/oauth/token").app_data(desk.clone()).to(token))
            .service(web::resource("/.well-known/oauth-authorization-server").app_data(desk).to(metadata));
    }
}

async fn metadata(request: HttpRequest, desk: web::Data<Desk>) -> HttpResponse {
    metadata::answer(&request, desk.grants.tokens())
}

async fn token(request: HttpRequest, payload: web::Payload, desk: web::Data<Desk>) -> HttpResponse {
    let info = request_info::of(&request, desk.grants.now());
    let answered = async {
        let asked = asked::read(&request, payload, desk.proxies).await?;
        granted(&desk, asked, info.request_id.to_string()).await
    };
    let answered = answered.await;
    let outcome = answered.as_ref().map_or_else(|refused| refused.error, |_| "granted");
    tracing::info!(request_id = %info.request_id, operation = "token", outcome, "request");
    answer::respond(answered, &info.request_id)
}

/// Works in a task of its own, which is never dropped half-way.
async fn granted(desk: &Desk, asked: Asked, request: String) -> Result<Granted, Refused> {
    let Ok(permit) = Arc::clone(&desk.running).try_acquire_owned() else { return Err(Refused::busy()) };
    let grants = Arc::clone(&desk.grants);
    let with_header = asked.with_header;
    let task = tokio::spawn(async move {
        let _permit = permit;
        match &asked.asks {
            asked::Asks::Client(asks) => grants.to_client(asks, &request).await,
            asked::Asks::Member(asks) => grants.to_member(asks, &request).await,
        }
    });
    match tokio::time::timeout(RUN_LIMIT, task).await {
        Ok(Ok(granted)) => granted.map_err(|why| Refused::of(why, with_header)),
        Ok(Err(_)) => Err(Refused::of(NotGranted::Broken, with_header)),
        Err(_) => Err(Refused::busy()),
    }
}
