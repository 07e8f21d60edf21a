//! The reference API of HSDS 3.2.3 under `/hsds`: public, without a token, open to every site, reading only.
//!
//! Parameters are read here and answers written here; what is shown is the [`Directory`]'s. A token that comes along is
//! not looked at: everybody sees the same.

pub(super) mod answer;
pub(super) mod complaint;
mod pages;
pub mod parameters;
mod stream;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::FutureExt as _;
use tokio::sync::Semaphore;
use uuid::Uuid;

use self::complaint::Complaint;
use self::parameters::{Given, of_list, of_one};
use crate::app::log_fault;
use crate::domain::rule::Fault;
use crate::graphql::RequestInfo;
use crate::hsds::directory::{Collection, Cut, Directory, Filter, Found, Question};
use crate::http::places::{Class, Places};
use crate::http::request_info;

/// How long a question may take.
const RUN_LIMIT: Duration = Duration::from_secs(10);

/// Questions that run at once; more are told to come again.
const AT_ONCE: usize = 64;

/// The directory and how many may ask it. Clones are the same.
#[derive(Clone)]
pub(super) struct Desk {
    directory: Arc<dyn Directory>,
    running: Arc<Semaphore>,
    /// The places for heavy reads, which all of the server shares.
    places: Option<Places>,
}

impl Desk {
    /// Asks in a task of its own, which is never dropped half-way.
    async fn ask(&self, question: Question, cut: Cut, info: &RequestInfo) -> Result<Found, Complaint> {
        let Ok(permit) = Arc::clone(&self.running).try_acquire_owned() else { return Err(busy()) };
        let place = match &self.places {
            Some(places) => Some(places.take(Class::Heavy).await.map_err(|_| busy())?),
            None => None,
        };
        let directory = Arc::clone(&self.directory);
        let task = tokio::spawn(async move {
            let _places = (permit, place);
            directory.list(&question, cut).await
        });
        match tokio::time::timeout(RUN_LIMIT, task).await {
            Ok(Ok(Ok(found))) => Ok(found),
            Ok(Ok(Err(fault))) => {
                log_fault(&fault, &info.request_id);
                Err(if matches!(fault, Fault::Unavailable(_)) { busy() } else { broken() })
            }
            Ok(Err(_)) => {
                tracing::error!(request_id = %info.request_id, "a question of the directory panicked");
                Err(broken())
            }
            Err(_) => Err(Complaint::new(504, "TIMEOUT", "The question took too long.")),
        }
    }
}

fn busy() -> Complaint {
    Complaint::new(503, "UNAVAILABLE", "The directory cannot answer now; try again.")
}

fn broken() -> Complaint {
    Complaint::new(500, "INTERNAL", "The directory failed; the request id tells us where.")
}

/// Adds `/hsds` and what lies below to an actix app.
pub fn routes(directory: Arc<dyn Directory>) -> impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static {
    let desk = Desk { directory, running: Arc::new(Semaphore::new(AT_ONCE)), places: None };
    move |config| {
        config.service(
            web::scope("/hsds")
                .app_data(web::Data::new(desk.clone()))
                .default_service(web::to(asked))
                .route("", web::to(asked)),
        );
    }
}

/// What an address below `/hsds` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Root,
    OpenApi,
    Profile,
    List(Collection),
    One(Collection, Uuid),
}

impl Target {
    fn of(path: &str) -> Option<Self> {
        let path = path.strip_prefix("/hsds")?;
        let path = path.strip_prefix('/').unwrap_or(path);
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        match (first, rest) {
            ("", "") => return Some(Self::Root),
            ("openapi.json", "") => return Some(Self::OpenApi),
            ("profile", "") => return Some(Self::Profile),
            _ => {}
        }
        let collection = Collection::ALL.into_iter().find(|collection| collection.name() == first)?;
        match rest {
            "" => Some(Self::List(collection)),
            id => Uuid::try_parse(id).ok().map(|id| Self::One(collection, id)),
        }
    }

    /// The address without what tells one request from another, for the log.
    fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::OpenApi => "openapi",
            Self::Profile => "profile",
            Self::List(collection) | Self::One(collection, _) => collection.name(),
        }
    }

    fn methods(self) -> &'static str {
        if matches!(self, Self::List(_)) { "GET, HEAD, POST, OPTIONS" } else { "GET, HEAD, OPTIONS" }
    }

    fn takes(self, method: &Method) -> bool {
        matches!(*method, Method::GET | Method::HEAD) || (*method == Method::POST && matches!(self, Self::List(_)))
    }
}

async fn asked(request: HttpRequest, payload: web::Payload, desk: web::Data<Desk>) -> HttpResponse {
    let started = Instant::now();
    let places = request.app_data::<web::Data<Places>>().map(|places| places.get_ref().clone());
    let desk = web::Data::new(Desk { places, ..desk.get_ref().clone() });
    let info = request_info::of(&request, desk.directory.now());
    let target = Target::of(request.path());
    let answered = respond(&request, payload, &desk, target, &info);
    let answered = AssertUnwindSafe(answered).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(request_id = %info.request_id, "an answer of the directory panicked");
        Err(broken())
    });
    let response = answered.unwrap_or_else(|complaint| refused(&complaint, target, &info));
    tracing::info!(
        request_id = %info.request_id,
        hsds = target.map_or("none", Target::name),
        status = response.status().as_u16(),
        milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    response
}

async fn respond(
    request: &HttpRequest,
    payload: web::Payload,
    desk: &web::Data<Desk>,
    target: Option<Target>,
    info: &RequestInfo,
) -> Result<HttpResponse, Complaint> {
    let Some(target) = target else { return Err(Complaint::not_found()) };
    if request.method() == Method::OPTIONS {
        return Ok(preflight(target, info));
    }
    if !target.takes(request.method()) {
        return Err(Complaint::new(405, "BAD_REQUEST", "This is read with GET, lists also with POST."));
    }
    match target {
        Target::Root => Ok(answer::told(request, info, pages::root(request), None, false)),
        Target::OpenApi => Ok(answer::told(request, info, pages::OPENAPI.to_owned(), None, false)),
        Target::Profile => Ok(pages::profile(info)),
        Target::List(collection) => list(request, payload, desk, collection, info).await,
        Target::One(collection, id) => one(request, payload, desk, (collection, id), info).await,
    }
}

async fn list(
    request: &HttpRequest,
    payload: web::Payload,
    desk: &web::Data<Desk>,
    collection: Collection,
    info: &RequestInfo,
) -> Result<HttpResponse, Complaint> {
    let asked = Given::read(request, payload, &of_list(collection)).await?.list(collection)?;
    let language = language(request, info);
    let question = Question { collection, fullness: asked.fullness, filter: asked.filter.clone(), language };
    if asked.streamed {
        return stream::lines(desk.get_ref().clone(), question, info).await;
    }
    let found = desk.ask(question, asked.cut(), info).await?;
    Ok(answer::told(request, info, answer::page(&asked, &found), found.modified, false))
}

async fn one(
    request: &HttpRequest,
    payload: web::Payload,
    desk: &web::Data<Desk>,
    (collection, id): (Collection, Uuid),
    info: &RequestInfo,
) -> Result<HttpResponse, Complaint> {
    let fullness = Given::read(request, payload, &of_one(collection)).await?.one()?;
    let filter = Filter { id: Some(id), ..Filter::default() };
    let question = Question { collection, fullness, filter, language: language(request, info) };
    let mut found = desk.ask(question, Cut::After { key: None, size: 1 }, info).await?;
    let object = found.objects.pop().ok_or_else(Complaint::not_found)?;
    Ok(answer::told(request, info, object, found.modified, true))
}

/// The language asked for; texts come in their own where nobody asked.
fn language(request: &HttpRequest, info: &RequestInfo) -> Option<crate::domain::language::Language> {
    request.headers().contains_key(header::ACCEPT_LANGUAGE).then_some(info.language)
}

/// What a browser asks before it sends a POST of another site.
fn preflight(target: Target, info: &RequestInfo) -> HttpResponse {
    answer::open(StatusCode::NO_CONTENT, info)
        .insert_header((header::ALLOW, target.methods()))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, target.methods()))
        .insert_header((
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Accept-Language, Content-Type, If-Modified-Since, If-None-Match, X-Request-Id",
        ))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
}

fn refused(complaint: &Complaint, target: Option<Target>, info: &RequestInfo) -> HttpResponse {
    let mut response = answer::open(complaint.status, info);
    response
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if let (StatusCode::METHOD_NOT_ALLOWED, Some(target)) = (complaint.status, target) {
        response.insert_header((header::ALLOW, target.methods()));
    }
    if complaint.status == StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((header::RETRY_AFTER, "1"));
    }
    response.body(complaint.body(&info.request_id))
}
