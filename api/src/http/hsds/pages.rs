//! What the API says of itself: its root, its OpenAPI document and the page of its profile.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::answer;
use crate::graphql::RequestInfo;
use crate::http::request_info::text;

/// The OpenAPI document, as it is committed.
pub const OPENAPI: &str = include_str!("../../../docs/hsds/openapi.json");

const PROFILE: &str = include_str!("../../../docs/hsds/profile.html");

/// What the page may load and reach: nothing.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The root: which version this is, and where its description lies, at the address the reader used.
pub fn root(request: &HttpRequest) -> String {
    let base = base(request);
    json!({
        "version": "3.2.3",
        "profile": format!("{base}/hsds/profile"),
        "openapi_url": format!("{base}/hsds/openapi.json"),
        "description": "The public directory of services for migrant return and reintegration.",
        "data_guide": format!("{base}/hsds/profile"),
    })
    .to_string()
}

/// The scheme and host under which this server was reached. A host that is no host's name is not repeated, and what a
/// proxy's headers say of the host is not believed: anybody can send them, and a cache would tell everybody.
fn base(request: &HttpRequest) -> String {
    let scheme = if request.connection_info().scheme() == "https" { "https" } else { "http" };
    let named = text(request, header::HOST).or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte);
    let host = named.filter(|host| !host.is_empty() && host.len() < 256 && host.bytes().all(sound));
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}

/// The page of the profile.
pub fn profile(info: &RequestInfo) -> HttpResponse {
    answer::open(StatusCode::OK, info)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_LANGUAGE, "en"))
        .body(PROFILE)
}
