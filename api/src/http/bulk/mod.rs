//! Files of bulk jobs by links that are good once, below `/bulk`. A link that is unknown, used, too old or whose owner has
//! lost their access gets one answer. Its path is a secret: it is not logged here, and nobody on the way may keep what is
//! answered.

mod upload;

use std::sync::Arc;

use actix_web::http::{Method, StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, stream};
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::{App, log_fault};
use crate::domain::bulk::{Course, OpenFile, Received, Upload};
use crate::domain::rule::Fault;
use crate::graphql::RequestInfo;
use crate::http::hsds::complaint::Complaint;
use crate::http::request_info;

/// Files that are sent at once; more are told to come again with the same link.
const AT_ONCE: usize = 16;
/// How long a link's secret is.
const SECRET: usize = 64;

/// Bytes of a file, and how far it is sent with them; nothing at its end.
type Sent = Option<(Vec<u8>, Course)>;

/// What files are fetched from.
pub trait Files: Send + Sync {
    /// Uses a link up and opens the file behind it.
    ///
    /// # Errors
    /// What the storage says.
    fn open<'a>(&'a self, secret: &'a str) -> BoxFuture<'a, Result<Option<OpenFile>, Fault>>;

    /// The next bytes of a file; none at its end.
    ///
    /// # Errors
    /// What the storage says, and that access has ended.
    fn next(&self, course: Course) -> BoxFuture<'_, Result<Sent, Fault>>;

    /// Uses a link up and opens what is uploaded by it.
    ///
    /// # Errors
    /// What the storage says.
    fn open_upload<'a>(&'a self, secret: &'a str) -> BoxFuture<'a, Result<Option<Upload>, Fault>>;

    /// Keeps bytes that came; nothing where they are too many.
    ///
    /// # Errors
    /// What the storage says.
    fn keep<'a>(&'a self, upload: Upload, bytes: &'a [u8]) -> BoxFuture<'a, Result<Option<Upload>, Fault>>;

    /// Tells how much has come.
    ///
    /// # Errors
    /// What the storage says.
    fn end<'a>(&'a self, upload: &'a Upload) -> BoxFuture<'a, Result<Received, Fault>>;
}

impl Files for App {
    fn open<'a>(&'a self, secret: &'a str) -> BoxFuture<'a, Result<Option<OpenFile>, Fault>> {
        self.open_bulk_file(secret).boxed()
    }

    fn next(&self, course: Course) -> BoxFuture<'_, Result<Sent, Fault>> {
        self.next_of_bulk_file(course).boxed()
    }

    fn open_upload<'a>(&'a self, secret: &'a str) -> BoxFuture<'a, Result<Option<Upload>, Fault>> {
        self.open_bulk_upload(secret).boxed()
    }

    fn keep<'a>(&'a self, upload: Upload, bytes: &'a [u8]) -> BoxFuture<'a, Result<Option<Upload>, Fault>> {
        self.keep_bulk_upload(upload, bytes).boxed()
    }

    fn end<'a>(&'a self, upload: &'a Upload) -> BoxFuture<'a, Result<Received, Fault>> {
        self.end_bulk_upload(upload).boxed()
    }
}

/// Where files are fetched, and how many at once.
#[derive(Clone)]
struct Desk {
    files: Arc<dyn Files>,
    running: Arc<Semaphore>,
}

/// Adds `/bulk` to an actix app.
pub fn routes(files: Arc<dyn Files>) -> impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static {
    let desk = Desk { files, running: Arc::new(Semaphore::new(AT_ONCE)) };
    move |config| {
        let scope = web::scope("/bulk").app_data(web::Data::new(desk.clone()));
        config.service(scope.default_service(web::to(fetch)));
    }
}

async fn fetch(request: HttpRequest, payload: web::Payload, desk: web::Data<Desk>) -> HttpResponse {
    let info = request_info::of(&request, Timestamp::UNIX_EPOCH);
    let answered = if *request.method() == Method::PUT {
        upload::taken(&request, payload, &desk, &info).await
    } else {
        opened(&request, &desk, &info).await
    };
    answered.unwrap_or_else(|complaint| {
        let mut response = plain(complaint.status, &info);
        if complaint.status == StatusCode::METHOD_NOT_ALLOWED {
            response.insert_header((header::ALLOW, "GET, PUT"));
        }
        if complaint.status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((header::RETRY_AFTER, "5"));
        }
        response.insert_header((header::CONTENT_TYPE, "application/json")).body(complaint.body(&info.request_id))
    })
}

/// What every answer says: nobody keeps it, no page learns where it came from, and it is never taken for something else.
fn plain(status: StatusCode, info: &RequestInfo) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((request_info::REQUEST_ID, info.request_id.to_string()));
    response
}

/// How far a file was sent, and the place it is sent in.
struct Sending {
    desk: Desk,
    course: Course,
    request_id: Arc<str>,
    _place: OwnedSemaphorePermit,
}

/// The secret of the link that is asked.
fn secret_of(request: &HttpRequest) -> Result<&str, Complaint> {
    let secret = request.path().strip_prefix("/bulk/").unwrap_or_default();
    let is_one = secret.len() == SECRET && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_one { Ok(secret) } else { Err(Complaint::not_found()) }
}

fn busy() -> Complaint {
    Complaint::new(503, "UNAVAILABLE", "Too many files are on their way now; try again.")
}

/// A fault of ours, masked.
fn broken(fault: &Fault, info: &RequestInfo) -> Complaint {
    log_fault(fault, &info.request_id);
    if matches!(fault, Fault::Unavailable(_)) {
        return busy();
    }
    Complaint::new(500, "INTERNAL", "The file can't be handled; the request id tells us where.")
}

async fn opened(request: &HttpRequest, desk: &Desk, info: &RequestInfo) -> Result<HttpResponse, Complaint> {
    // A HEAD would use the link up and bring nothing.
    if *request.method() != Method::GET {
        return Err(Complaint::new(405, "BAD_REQUEST", "This is asked with GET or PUT."));
    }
    let place = Arc::clone(&desk.running).try_acquire_owned().map_err(|_| busy())?;
    let secret = secret_of(request)?;
    // In a task of its own, which is never dropped half-way.
    let (files, owned) = (Arc::clone(&desk.files), secret.to_owned());
    let opened = tokio::spawn(async move { files.open(&owned).await }).await;
    let stopped = |_| Fault::Store("opening a file ended early".into());
    let file = opened.map_err(stopped).and_then(|opened| opened).map_err(|fault| broken(&fault, info))?;
    let file = file.ok_or_else(Complaint::not_found)?;
    let mut response = plain(StatusCode::OK, info);
    response
        .insert_header((header::CONTENT_TYPE, "application/gzip"))
        // The file is compressed; on its way it is not compressed once more, so that its bytes can be counted.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name)))
        .insert_header(("Bulk-Offset", file.start_at.to_string()));
    let sending =
        Sending { desk: desk.clone(), course: file.course, request_id: Arc::clone(&info.request_id), _place: place };
    let body = actix_web::body::SizedStream::new(file.length, stream::try_unfold(sending, piece));
    Ok(response.body(body))
}

async fn piece(mut sending: Sending) -> Result<Option<(Bytes, Sending)>, actix_web::Error> {
    match sending.desk.files.next(sending.course.clone()).await {
        Ok(Some((bytes, course))) => {
            sending.course = course;
            Ok(Some((Bytes::from(bytes), sending)))
        }
        Ok(None) => Ok(None),
        Err(fault) => {
            log_fault(&fault, &sending.request_id);
            Err(actix_web::error::ErrorInternalServerError("the file can't be sent on"))
        }
    }
}
