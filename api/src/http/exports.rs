//! Exports by address, below `/exports`: public things only, without a token, open to every site, read again only if
//! something has changed.

use std::sync::Arc;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::app::log_fault;
use crate::domain::rule::Fault;
use crate::graphql::RequestInfo;
use crate::hsds::export::{Exports, Form, Scope};
use crate::http::hsds::answer::{open, weak};
use crate::http::hsds::complaint::Complaint;
use crate::http::places::{Class, Places};
use crate::http::request_info::{self, text};

/// Exports that are made at once; more are told to come again, since each holds a part of the directory.
const AT_ONCE: usize = 2;

/// Longest value of a parameter, in bytes.
const LONGEST: usize = 100;

/// Where exports are made, and how many at once.
#[derive(Clone)]
struct Desk {
    exports: Arc<dyn Exports>,
    running: Arc<Semaphore>,
}

/// Which part is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    area: Option<String>,
    organization: Option<String>,
}

/// Adds `/exports` to an actix app.
pub fn routes(exports: Arc<dyn Exports>) -> impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static {
    let desk = Desk { exports, running: Arc::new(Semaphore::new(AT_ONCE)) };
    move |config| {
        let scope = web::scope("/exports").app_data(web::Data::new(desk.clone()));
        config.service(scope.default_service(web::to(asked)));
    }
}

async fn asked(request: HttpRequest, desk: web::Data<Desk>) -> HttpResponse {
    let info = request_info::of(&request, Timestamp::UNIX_EPOCH);
    let answered = respond(&request, &desk, &info).await;
    answered.unwrap_or_else(|complaint| {
        let mut response = open(complaint.status, &info);
        if complaint.status == StatusCode::METHOD_NOT_ALLOWED {
            response.insert_header((header::ALLOW, "GET, HEAD, OPTIONS"));
        }
        if complaint.status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((header::RETRY_AFTER, "5"));
        }
        response
            .insert_header((header::CONTENT_TYPE, "application/json"))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(complaint.body(&info.request_id))
    })
}

async fn respond(request: &HttpRequest, desk: &Desk, info: &RequestInfo) -> Result<HttpResponse, Complaint> {
    let file = request.path().strip_prefix("/exports/").unwrap_or_default();
    let form = Form::ALL.into_iter().find(|form| form.file() == file).ok_or_else(Complaint::not_found)?;
    match *request.method() {
        Method::OPTIONS => {
            let mut response = open(StatusCode::NO_CONTENT, info);
            return Ok(response
                .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS"))
                .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "Accept-Language, If-None-Match, X-Request-Id"))
                .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
                .finish());
        }
        Method::GET | Method::HEAD => {}
        _ => return Err(Complaint::new(405, "BAD_REQUEST", "This is read with GET.")),
    }
    let bytes = made(desk, form, given(request)?, request, info).await?;
    Ok(told(request, info, form, bytes))
}

fn given(request: &HttpRequest) -> Result<Scope, Complaint> {
    let wrong = || Complaint::new(400, "BAD_USER_INPUT", "There are two parameters: area and organization.");
    let Given { area, organization } =
        web::Query::<Given>::from_query(request.query_string()).map_err(|_| wrong())?.into_inner();
    if [&area, &organization]
        .into_iter()
        .flatten()
        .any(|text| text.is_empty() || text.len() > LONGEST || text.contains('\0'))
    {
        return Err(wrong());
    }
    Ok(Scope { area, organization })
}

/// Makes an export in a task of its own, which is never dropped half-way.
async fn made(
    desk: &Desk,
    form: Form,
    scope: Scope,
    request: &HttpRequest,
    info: &RequestInfo,
) -> Result<Vec<u8>, Complaint> {
    let busy = || Complaint::new(503, "UNAVAILABLE", "The directory cannot be exported now; try again.");
    let broken = || Complaint::new(500, "INTERNAL", "The export failed; the request id tells us where.");
    let permit = Arc::clone(&desk.running).try_acquire_owned().map_err(|_| busy())?;
    let place = match request.app_data::<web::Data<Places>>() {
        Some(places) => Some(places.take(Class::Heavy).await.map_err(|_| busy())?),
        None => None,
    };
    let exports = Arc::clone(&desk.exports);
    let language = request.headers().contains_key(header::ACCEPT_LANGUAGE).then_some(info.language);
    let task = tokio::spawn(async move {
        let _places = (permit, place);
        exports.export(form, &scope, language).await
    });
    match task.await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => Err(Complaint::not_found()),
        Ok(Err(fault)) => {
            log_fault(&fault, &info.request_id);
            Err(if matches!(fault, Fault::Unavailable(_)) { busy() } else { broken() })
        }
        Err(_) => {
            tracing::error!(request_id = %info.request_id, "an export panicked");
            Err(broken())
        }
    }
}

fn told(request: &HttpRequest, info: &RequestInfo, form: Form, bytes: Vec<u8>) -> HttpResponse {
    let hash: String = Sha256::digest(&bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    // Weak, since the same answer may go over the line compressed.
    let tag = format!("W/\"{hash}\"");
    let same = text(request, header::IF_NONE_MATCH)
        .is_some_and(|tags| tags.trim() == "*" || tags.split(',').any(|each| weak(each) == weak(&tag)));
    let mut response = open(if same { StatusCode::NOT_MODIFIED } else { StatusCode::OK }, info);
    response.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, "no-cache"));
    if request.headers().contains_key(header::ACCEPT_LANGUAGE) {
        response.insert_header((header::CONTENT_LANGUAGE, info.language.tag()));
    }
    if same {
        return response.finish();
    }
    let name = format!("attachment; filename=\"{}\"", form.file());
    response
        .insert_header((header::CONTENT_TYPE, form.media()))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(bytes)
}
