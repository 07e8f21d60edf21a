//! Whether the process lives, whether it can serve, and its public keys.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::json;

use super::door::Door;

/// How long the storage may take to say that it is ready.
const READY_LIMIT: Duration = Duration::from_secs(2);

/// Adds `/livez`, `/readyz` and `/.well-known/jwks.json`.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/livez", web::get().to(live))
        .route("/readyz", web::get().to(ready))
        .route("/.well-known/jwks.json", web::get().to(keys));
}

async fn live() -> HttpResponse {
    plain(HttpResponse::Ok(), "live")
}

/// No details: the caller may be anyone.
async fn ready(door: web::Data<Door>) -> HttpResponse {
    let inner = &door.inner;
    if inner.closing.load(Ordering::SeqCst) {
        return plain(HttpResponse::ServiceUnavailable(), "closing");
    }
    // In a task, so that a slow storage call is left to end and never dropped half-way.
    let app = Arc::clone(&inner.app);
    let asked = tokio::spawn(async move { app.is_ready().await });
    match tokio::time::timeout(READY_LIMIT, asked).await {
        Ok(Ok(true)) => plain(HttpResponse::Ok(), "ready"),
        _ => plain(HttpResponse::ServiceUnavailable(), "unready"),
    }
}

async fn keys(door: web::Data<Door>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/jwk-set+json"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(door.inner.app.tokens().jwks().to_string())
}

fn plain(mut response: actix_web::HttpResponseBuilder, status: &str) -> HttpResponse {
    response
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(json!({ "status": status }).to_string())
}
