//! The door: everything between an HTTP request and the executor.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::parser::types::OperationType;
use async_graphql::{ObjectType, Request, Response, Schema, SubscriptionType, Variables};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use super::answer::Answer;
use super::asked;
use super::behind::Behind;
use super::code::Code;
use super::documents::Shelf;
use super::guard::shape::ShapeError;
use super::guard::{Guard, root_fields, variables_are_given};
use super::limits::Limits;
use super::live::{self, Live, LiveSettings};
use super::negotiate::{self, Media};
use super::places::{Class, Places, Rooms};
use super::refusal::Refusal;
use super::request_info::{self, text};
use super::till::{self, Till};
use super::{bearer, errors, health, maps};
use crate::app::NotIdentified;
use crate::domain::actor::Actor;
use crate::domain::budget::Payment;
use crate::domain::disclosed::Disclosed;
use crate::graphql::document_manifest::Bounds;
use crate::graphql::{BeginUntil, Charged, Loaders, RequestInfo, TokenUntil};
use crate::token::Claims;

/// A schema whose types no longer matter.
type Executor = Box<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>;
/// The same for what is followed.
type Streamer = Box<dyn Fn(Request) -> BoxStream<'static, Response> + Send + Sync>;

/// What a deployment may choose about the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoorSettings {
    /// The bounds of a request.
    pub limits: Limits,
    /// How long a body may take to arrive.
    pub body_deadline: Duration,
    /// How long an operation may run before its caller is told `TIMEOUT`.
    pub run_limit: Duration,
    /// How long commands of an envelope or rows of a batch are begun, well below [`Self::run_limit`]: what was not begun by
    /// then is told so, instead of the whole being a `TIMEOUT`.
    pub begin_limit: Duration,
    /// Operations that run at once, by their class; more wait a short while, or are told `UNAVAILABLE`.
    pub rooms: Rooms,
    /// What is followed.
    pub live: LiveSettings,
}

impl Default for DoorSettings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            body_deadline: Duration::from_secs(10),
            run_limit: Duration::from_secs(10),
            begin_limit: Duration::from_secs(6),
            rooms: Rooms::default(),
            live: LiveSettings::default(),
        }
    }
}

/// The door of one app and schema. Clones are the same door.
#[derive(Clone)]
pub struct Door {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) app: Arc<dyn Behind>,
    executor: Executor,
    pub(super) streamer: Streamer,
    pub(super) guard: Guard,
    pub(super) shelf: Shelf,
    pub(super) live: Live,
    pub(super) settings: DoorSettings,
    pub(super) places: Places,
    pub(super) closing: AtomicBool,
}

/// What the log line tells besides the answer.
#[derive(Default)]
struct Seen {
    operation: Option<OperationType>,
    cost: u64,
    steps: usize,
    class: Class,
    payment: Payment,
}

/// A door with the settings we publish.
///
/// # Errors
/// [`ShapeError`] when the schema's SDL cannot be read, which is a fault in the schema.
pub fn door<Q, M, S>(app: Arc<dyn Behind>, api: Schema<Q, M, S>) -> Result<Door, ShapeError>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    door_with(app, api, DoorSettings::default())
}

/// A door with other settings.
///
/// # Errors
/// As [`door`].
pub fn door_with<Q, M, S>(
    app: Arc<dyn Behind>,
    api: Schema<Q, M, S>,
    settings: DoorSettings,
) -> Result<Door, ShapeError>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let guard = Guard::new(&api.sdl(), settings.limits)?;
    let places = Places::new(settings.rooms);
    let closing = AtomicBool::new(false);
    let streams = api.clone();
    let streamer: Streamer = Box::new(move |request| streams.execute_stream(request));
    let live = Live::new(settings.live);
    let executor: Executor = Box::new(move |request| {
        let api = api.clone();
        async move { api.execute(request).await }.boxed()
    });
    let shelf = Shelf::new();
    Ok(Door { inner: Arc::new(Inner { app, executor, streamer, guard, shelf, live, settings, places, closing }) })
}

impl Door {
    /// Adds `/graphql`, `/maps`, `/livez`, `/readyz` and `/.well-known/jwks.json` to an actix app.
    pub fn routes(&self, config: &mut web::ServiceConfig) {
        config
            .app_data(web::Data::new(self.clone()))
            .app_data(web::Data::new(self.inner.places.clone()))
            .service(web::resource("/graphql").to(graphql))
            .configure(maps::routes)
            .configure(health::routes);
    }

    /// From now on `/readyz` says no and what is followed is closed: shutdown has begun.
    pub fn close(&self) {
        self.inner.closing.store(true, Ordering::SeqCst);
        self.inner.live.close();
    }

    /// How many connections follow something now.
    #[must_use]
    pub fn followed_by(&self) -> usize {
        self.inner.live.open()
    }
}

async fn graphql(request: HttpRequest, payload: web::Payload, door: web::Data<Door>) -> HttpResponse {
    let started = Instant::now();
    let door = &door.inner;
    let info = request_info::of(&request, door.app.now());
    let accepted = negotiate::accept(text(&request, header::ACCEPT));
    let media = accepted.unwrap_or(Media::Legacy);
    if live::asks_for_socket(&request) {
        let opened = live::upgrade(door, &request, payload, &info);
        return opened.unwrap_or_else(|refusal| refused(refusal, &request, Media::Response, &info));
    }
    if live::asks_for_events(&request) {
        let opened = live::events(door, &request, payload, &info).await;
        return opened.unwrap_or_else(|refusal| refused(refusal, &request, Media::Response, &info));
    }
    let mut seen = Seen::default();
    let asked = door.answer(&request, payload, accepted, &info, &mut seen);
    // A panic of ours must cost one answer, not the worker.
    let answer = AssertUnwindSafe(asked).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(request_id = %info.request_id, "the door panicked");
        Err(errors::fault())
    });
    let answer = answer.unwrap_or_else(|refusal| {
        let methods = allowed(&refusal, request.method());
        Answer::refused(refusal, media, &info).allowing(methods)
    });
    tracing::info!(
        request_id = %info.request_id,
        operation = seen.operation.map_or("none", operation_name),
        status = answer.status,
        milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        cost = seen.cost,
        guard_steps = seen.steps,
        "request"
    );
    // Who is not believed learns nothing, not even that the token was one.
    let payment = if answer.status == 401 { Payment::default() } else { seen.payment };
    answer.paid(payment, door.app.now()).respond(media, &info, seen.cost, door.settings.limits.cost)
}

/// The answer to a request that was refused before anything ran.
fn refused(refusal: Refusal, request: &HttpRequest, media: Media, info: &RequestInfo) -> HttpResponse {
    let methods = allowed(&refusal, request.method());
    Answer::refused(refusal, media, info).allowing(methods).respond(media, info, 0, 0)
}

/// The methods to name with a 405: a GET that may not run its operation is told of POST.
fn allowed(refusal: &Refusal, method: &Method) -> Option<&'static str> {
    let get = method == Method::GET;
    (refusal.status == Some(405)).then_some(if get { "POST" } else { "GET, POST" })
}

impl Inner {
    async fn answer(
        self: &Arc<Self>,
        request: &HttpRequest,
        payload: web::Payload,
        accepted: Option<Media>,
        info: &RequestInfo,
        seen: &mut Seen,
    ) -> Result<Answer, Refusal> {
        let limits = &self.settings.limits;
        let get = request.method() == Method::GET;
        if !get && request.method() != Method::POST {
            let message = "GraphQL is asked with GET or POST.";
            return Err(Refusal::new(Code::BadRequest, message).with_status(405));
        }
        let Some(media) = accepted else {
            let message = "The answer can be application/graphql-response+json or application/json.";
            return Err(Refusal::new(Code::BadRequest, message).with_status(406));
        };
        let claims = bearer::claims(request, self.app.tokens(), self.app.now())?;
        if get && claims.is_some() {
            // What an address holds is written into logs on its way; who is known may ask for a person's case.
            let message = "A request with a token is a POST: addresses end up in logs.";
            return Err(Refusal::new(Code::BadRequest, message).with_status(405));
        }
        let payer = till::payer(request, claims.as_ref(), self.app.proxies());
        let till = Till::open(self.app.as_ref(), payer, &mut seen.payment).await?;
        let asked = if get {
            asked::from_query(request, limits)?
        } else {
            asked::from_body(request, payload, limits, self.settings.body_deadline).await?
        };
        let from = (asked.query, asked.named);
        let query = self.shelf.text(self.app.as_ref(), &self.guard, claims.as_ref(), from).await?;
        let prepared = self.guarded((query, asked.operation_name, asked.variables), get, seen)?;
        till.charge(seen.cost, &mut seen.payment).await?;
        let most = self.settings.limits.cost;
        let prepared = prepared.data(Charged { cost: seen.cost, most, payment: seen.payment.clone() });
        let response = self.run(prepared, seen.class, claims, info).await?;
        Ok(Answer::executed(response, &self.guard, media, info))
    }

    /// The guard's word on what is asked, and the request for the executor.
    fn guarded(
        &self,
        (query, name, variables): (String, Option<String>, Variables),
        get: bool,
        seen: &mut Seen,
    ) -> Result<Request, Refusal> {
        let guarded = self.guard.look(&query)?;
        seen.steps = guarded.steps;
        let operation = guarded.operation(name.as_deref())?;
        seen.operation = Some(operation.ty);
        if get && operation.ty != OperationType::Query {
            let message = "GET runs queries only; use POST.";
            return Err(Refusal::new(Code::BadRequest, message).with_status(405));
        }
        if operation.ty == OperationType::Subscription {
            let message = "Subscriptions are followed over WebSocket, or with Accept: text/event-stream.";
            return Err(Refusal::new(Code::BadRequest, message));
        }
        variables_are_given(operation, &variables)?;
        let price = self.guard.price(&guarded, operation, &variables);
        seen.cost = match &price {
            Ok(cost) => *cost,
            Err(refusal) => refusal.extras.get("cost").and_then(|cost| cost.as_u64()).unwrap_or(0),
        };
        price?;
        let mut roots = Vec::new();
        root_fields(&guarded.document, &operation.selection_set.node, &mut roots);
        seen.class = Class::of(operation.ty, seen.cost, &roots);
        let mut request = Request::new(query).variables(variables);
        request.operation_name = name;
        request.set_parsed_query(guarded.document.clone());
        Ok(request)
    }

    /// Runs a guarded request in a task of its own.
    ///
    /// The task is never dropped: a caller who is told `TIMEOUT`, or who hangs up, must not
    /// leave a transaction half begun. It ends by the storage's own time limits.
    pub(super) async fn run(
        self: &Arc<Self>,
        request: Request,
        class: Class,
        claims: Option<Claims>,
        info: &RequestInfo,
    ) -> Result<Response, Refusal> {
        let permit = self.places.take(class).await?;
        let door = Arc::clone(self);
        let until = claims.as_ref().map(|claims| TokenUntil(claims.exp));
        let begin_until = BeginUntil(tokio::time::Instant::now() + self.settings.begin_limit);
        let bounds = Arc::clone(self);
        let bounds = Bounds(Arc::new(move |text: &str| bounds.guard.examine(text).is_ok()));
        let request = request.data(info.clone()).data(until).data(begin_until).data(bounds);
        let request_id = Arc::clone(&info.request_id);
        let task = tokio::spawn(async move {
            let _permit = permit;
            let actor = identified(door.app.as_ref(), claims).await?;
            let disclosed = Arc::<Disclosed>::default();
            let request = request.data(actor.clone()).data(Loaders::default()).data(AtomicBool::new(false));
            let response = (door.executor)(request.data(Arc::clone(&disclosed))).await;
            // What was read of a person is on record before it is sent; without the record nothing is.
            match door.app.keep_account(&actor, &request_id, &disclosed).await {
                Ok(()) => Ok(response),
                Err(()) => Err(errors::fault()),
            }
        });
        match tokio::time::timeout(self.settings.run_limit, task).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => {
                tracing::error!(request_id = %info.request_id, "a resolver panicked");
                Err(errors::fault())
            }
            Err(_) => Err(Refusal::new(Code::Timeout, "The operation took too long.")),
        }
    }
}

pub(super) async fn identified(app: &dyn Behind, claims: Option<Claims>) -> Result<Actor, Refusal> {
    let Some(claims) = claims else { return Ok(Actor::Anonymous) };
    app.identify(&claims).await.map_err(|why| match why {
        NotIdentified::Refused => bearer::refused(),
        NotIdentified::Unavailable => Refusal::new(Code::Unavailable, "The service cannot answer now; try again."),
    })
}

fn operation_name(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}
