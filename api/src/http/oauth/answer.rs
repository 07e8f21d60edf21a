//! What is answered to whoever asks for a token.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use serde_json::json;

use crate::domain::sign_in::{Granted, NotGranted};
use crate::http::REQUEST_ID;

/// A refusal by the codes of RFC 6749, 5.2.
#[derive(Debug, Clone, Copy)]
pub struct Refused {
    pub status: u16,
    pub error: &'static str,
    pub words: &'static str,
    /// Whether the client tried to say who it is in a header, so that it is told in one how.
    pub with_header: bool,
    /// After how many seconds it may try again.
    pub wait: Option<i64>,
}

impl Refused {
    const fn new(status: u16, error: &'static str, words: &'static str) -> Self {
        Self { status, error, words, with_header: false, wait: None }
    }

    /// The request itself is wrong.
    pub const fn request(words: &'static str) -> Self {
        Self::new(400, "invalid_request", words)
    }

    /// The kind of grant is not one of ours.
    pub const fn grant_type() -> Self {
        let words = "The grant types are client_credentials and urn:ietf:params:oauth:grant-type:token-exchange.";
        Self::new(400, "unsupported_grant_type", words)
    }

    /// There is another way to ask.
    pub const fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// Nobody said who they are, or not in a way that is known here.
    pub const fn client(with_header: bool) -> Self {
        let words = "The client is not known, or its secret is not good.";
        Self { with_header, ..Self::new(401, "invalid_client", words) }
    }

    /// Too much is going on.
    pub const fn busy() -> Self {
        Self { wait: Some(1), ..Self::new(503, "temporarily_unavailable", "No token can be given now; try again.") }
    }

    /// Why no token was given.
    pub const fn of(why: NotGranted, with_header: bool) -> Self {
        match why {
            NotGranted::Client => Self::client(with_header),
            NotGranted::Grant => {
                Self::new(400, "invalid_grant", "The token is not believed, or nobody here is known by it.")
            }
            NotGranted::Scope => Self::new(400, "invalid_scope", "The client does not have a scope that is asked for."),
            NotGranted::TooOften(seconds) => {
                Self { wait: Some(seconds), ..Self::new(429, "slow_down", "Too many failures; wait, and try again.") }
            }
            NotGranted::Unavailable => Self::busy(),
            NotGranted::Broken => Self::new(500, "server_error", "No token was given; the request id tells us why."),
        }
    }
}

/// The answer, which nobody on the way may keep.
pub fn respond(answered: Result<Granted, Refused>, request_id: &str) -> HttpResponse {
    let status = answered.as_ref().map_or_else(|refused| refused.status, |_| 200);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::PRAGMA, "no-cache"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REQUEST_ID, request_id));
    let body = match answered {
        Ok(granted) => {
            let mut body = json!({
                "access_token": granted.token.expose(),
                "token_type": "Bearer",
                "expires_in": granted.seconds,
            });
            if granted.is_exchanged {
                body["issued_token_type"] = json!("urn:ietf:params:oauth:token-type:access_token");
            }
            if !granted.scope.is_empty() {
                body["scope"] = json!(granted.scope);
            }
            body
        }
        Err(refused) => {
            if refused.status == 401 && refused.with_header {
                response.insert_header((header::WWW_AUTHENTICATE, r#"Basic realm="passerelle", charset="UTF-8""#));
            }
            if refused.status == 405 {
                response.insert_header((header::ALLOW, "POST"));
            }
            if let Some(seconds) = refused.wait {
                response.insert_header((header::RETRY_AFTER, seconds.to_string()));
            }
            json!({ "error": refused.error, "error_description": refused.words })
        }
    };
    response.body(body.to_string())
}
