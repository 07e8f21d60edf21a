//! What the API says of itself: its root, its OpenAPI document and the page of its profile.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::answer;
use crate::graphql::RequestInfo;

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

/// The scheme and host under which this server was reached. A host that is no host's name is not repeated.
fn base(request: &HttpRequest) -> String {
    let connection = request.connection_info();
    let scheme = if connection.scheme() == "https" { "https" } else { "http" };
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte);
    let host = Some(connection.host()).filter(|host| !host.is_empty() && host.len() < 256 && host.bytes().all(sound));
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
