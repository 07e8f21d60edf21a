//! What a client must know to ask for a token (RFC 8414).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::domain::actor::Scope;
use crate::domain::code::Code as _;
use crate::token::{DEMO_AUDIENCE, Keyring};

/// The metadata, as whoever asks reaches this server.
pub fn answer(request: &HttpRequest, tokens: &Keyring) -> HttpResponse {
    let base = base(request, tokens.audience());
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.code()).collect();
    let body = json!({
        "issuer": tokens.issuer(),
        "token_endpoint": format!("{base}/oauth/token"),
        "jwks_uri": format!("{base}/.well-known/jwks.json"),
        "scopes_supported": scopes,
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "access_token_signing_alg_values_supported": ["EdDSA"],
        "service_documentation": format!("{base}/graphiql"),
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(body.to_string())
}

/// Where this server is reached: at the origin of the audience where that is an address, since it is ours to say, and else
/// where the request says that it went.
fn base(request: &HttpRequest, audience: &str) -> String {
    let origin = audience.strip_prefix("https://").and_then(|rest| rest.split('/').next());
    match origin {
        Some(host) if audience != DEMO_AUDIENCE && !host.is_empty() => format!("https://{host}"),
        _ => {
            let seen = request.connection_info();
            format!("{}://{}", seen.scheme(), seen.host())
        }
    }
}
