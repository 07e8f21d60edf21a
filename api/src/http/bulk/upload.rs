//! Taking a file in. What has come is kept piece by piece, also when the line breaks.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt as _;

use super::{Desk, broken, busy, plain, secret_of};
use crate::domain::bulk::Upload;
use crate::domain::rule::Fault;
use crate::graphql::RequestInfo;
use crate::http::hsds::complaint::Complaint;

/// How many bytes are kept at once.
const PIECE: usize = 256 * 1024;
/// How long the next bytes may take to come.
const SILENCE: Duration = Duration::from_secs(30);

/// Takes in what is sent to a link.
///
/// # Errors
/// The link leads nowhere, or more comes than was said would.
pub(super) async fn taken(
    request: &HttpRequest,
    mut payload: web::Payload,
    desk: &Desk,
    info: &RequestInfo,
) -> Result<HttpResponse, Complaint> {
    let _place = Arc::clone(&desk.running).try_acquire_owned().map_err(|_| busy())?;
    let (files, secret) = (Arc::clone(&desk.files), secret_of(request)?.to_owned());
    let opened = whole(async move { files.open_upload(&secret).await }).await;
    let mut upload = opened.map_err(|fault| broken(&fault, info))?.ok_or_else(Complaint::not_found)?;
    let mut bytes = Vec::with_capacity(PIECE);
    loop {
        // Whoever breaks off, or falls silent, goes on later behind what has come.
        let came = match tokio::time::timeout(SILENCE, payload.next()).await {
            Ok(Some(Ok(came))) => Some(came),
            Ok(Some(Err(_)) | None) | Err(_) => None,
        };
        let has_ended = came.is_none();
        bytes.extend_from_slice(&came.unwrap_or_default());
        if bytes.len() >= PIECE || (has_ended && !bytes.is_empty()) {
            upload = kept(desk, upload, std::mem::take(&mut bytes), info).await?;
        }
        if has_ended {
            break;
        }
    }
    let files = Arc::clone(&desk.files);
    let received = whole(async move { files.end(&upload).await }).await.map_err(|fault| broken(&fault, info))?;
    let body = serde_json::json!({
        "receivedBytes": received.bytes, "bytes": received.of, "isComplete": received.is_whole,
    });
    let mut response = plain(StatusCode::OK, info);
    Ok(response.insert_header((header::CONTENT_TYPE, "application/json")).body(body.to_string()))
}

async fn kept(desk: &Desk, upload: Upload, bytes: Vec<u8>, info: &RequestInfo) -> Result<Upload, Complaint> {
    let files = Arc::clone(&desk.files);
    let kept = whole(async move { files.keep(upload, &bytes).await }).await.map_err(|fault| broken(&fault, info))?;
    kept.ok_or_else(|| {
        Complaint::new(413, "BAD_USER_INPUT", "More bytes came than were said would, or from elsewhere too.")
    })
}

/// Does something in a task of its own, which is never dropped half-way.
async fn whole<T: Send + 'static>(work: impl Future<Output = Result<T, Fault>> + Send + 'static) -> Result<T, Fault> {
    let stopped = |_| Fault::Store("an upload ended early".into());
    tokio::spawn(work).await.map_err(stopped).and_then(|done| done)
}
