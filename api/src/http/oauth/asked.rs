//! What is asked of the token endpoint, and by whom.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::{Method, header};
use actix_web::web::{self, BytesMut};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt as _;

use super::answer::Refused;
use super::form::{Form, decoded};
use crate::domain::sealed::Private;
use crate::domain::sign_in::{ClientAsks, MemberAsks};
use crate::http::address;
use crate::http::request_info::text;

/// The longest body, in bytes: an identity token and what belongs to it.
const LONGEST: usize = 32 * 1024;
/// How long a body may take to arrive.
const DEADLINE: Duration = Duration::from_secs(10);
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// Who asks for which token.
pub enum Asks {
    Client(ClientAsks),
    Member(MemberAsks),
}

/// A request that has the right form.
pub struct Asked {
    pub asks: Asks,
    /// Whether the client said who it is in a header.
    pub with_header: bool,
}

/// What a client says of itself.
struct Credentials {
    client: String,
    secret: Private<String>,
    with_header: bool,
}

/// Reads a request.
///
/// # Errors
/// By the codes of RFC 6749.
pub async fn read(request: &HttpRequest, payload: web::Payload, proxies: usize) -> Result<Asked, Refused> {
    if request.method() != Method::POST {
        return Err(Refused::request("Tokens are asked for with POST.").with_status(405));
    }
    if !request.query_string().is_empty() {
        // Addresses end up in logs, and what was in this one must be taken for lost.
        return Err(Refused::request("Nothing may stand in the address: send a form in the body."));
    }
    if !is_form(request) {
        return Err(Refused::request("The body must be application/x-www-form-urlencoded in UTF-8, not compressed."));
    }
    let body = tokio::time::timeout(DEADLINE, body(payload)).await;
    let mut form = Form::read(&body.map_err(|_| Refused::request("The body did not arrive in time."))??)?;
    let grant = form.take("grant_type").ok_or(Refused::request("The parameter grant_type is missing."))?;
    let address = address::of(request, proxies);
    match grant.as_str() {
        "client_credentials" => {
            let Credentials { client, secret, with_header } = credentials(request, &mut form)?;
            let asks = ClientAsks { client, secret, scope: form.take("scope"), address };
            Ok(Asked { asks: Asks::Client(asks), with_header })
        }
        TOKEN_EXCHANGE => Ok(Asked { asks: Asks::Member(member(request, form, address)?), with_header: false }),
        _ => Err(Refused::grant_type()),
    }
}

fn is_form(request: &HttpRequest) -> bool {
    let plain = text(request, header::CONTENT_ENCODING).is_none_or(|coding| coding.eq_ignore_ascii_case("identity"));
    let mut parts = text(request, header::CONTENT_TYPE).unwrap_or_default().split(';').map(str::trim);
    let form = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    let utf8 =
        parts.all(|part| part.eq_ignore_ascii_case("charset=utf-8") || part.eq_ignore_ascii_case("charset=\"utf-8\""));
    plain && form && utf8 && request.headers().get_all(header::CONTENT_TYPE).count() == 1
}

async fn body(mut payload: web::Payload) -> Result<BytesMut, Refused> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Refused::request("The body ended early."))?;
        if bytes.len() + chunk.len() > LONGEST {
            return Err(Refused::request("The body is too long.").with_status(413));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Who the client says it is, in one of two ways and not in both.
fn credentials(request: &HttpRequest, form: &mut Form) -> Result<Credentials, Refused> {
    let (client, secret) = (form.take("client_id"), form.take("client_secret"));
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let Some(value) = headers.next() else {
        return match (client, secret) {
            (Some(client), Some(secret)) => {
                Ok(Credentials { client, secret: Private::new(secret), with_header: false })
            }
            _ => Err(Refused::client(true)),
        };
    };
    if headers.next().is_some() || secret.is_some() {
        return Err(Refused::request("A client says who it is in one way: in the header, or in the body."));
    }
    let basic = basic(value.to_str().unwrap_or_default()).ok_or(Refused::client(true))?;
    if client.is_some_and(|client| client != basic.client) {
        return Err(Refused::request("The header and the body name two clients."));
    }
    Ok(basic)
}

/// The two sides of a Basic header, each written as in a form (RFC 6749, 2.3.1).
fn basic(value: &str) -> Option<Credentials> {
    let (scheme, coded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(coded.trim()).ok()?).ok()?;
    let (client, secret) = text.split_once(':')?;
    let client = decoded(client.as_bytes()).ok()?;
    let secret = Private::new(decoded(secret.as_bytes()).ok()?);
    Some(Credentials { client, secret, with_header: true })
}

/// What an identity provider said of a member. The app that hands it in says nothing of itself: it may run on a telephone,
/// where no secret is one.
fn member(request: &HttpRequest, mut form: Form, address: std::net::IpAddr) -> Result<MemberAsks, Refused> {
    if request.headers().contains_key(header::AUTHORIZATION) || form.take("client_secret").is_some() {
        return Err(Refused::request("A token is exchanged without a client's secret."));
    }
    let token = form.take("subject_token").ok_or(Refused::request("The parameter subject_token is missing."))?;
    if form.take("subject_token_type").as_deref() != Some(ID_TOKEN) {
        return Err(Refused::request("The subject_token_type must be urn:ietf:params:oauth:token-type:id_token."));
    }
    if form.take("requested_token_type").is_some_and(|kind| kind != ACCESS_TOKEN) {
        return Err(Refused::request("The requested_token_type can only be that of an access token."));
    }
    if form.take("actor_token").is_some() {
        return Err(Refused::request("Nobody may act for somebody else."));
    }
    if form.take("scope").is_some() {
        return Err(Refused { error: "invalid_scope", ..Refused::request("A member's roles say what may be done.") });
    }
    Ok(MemberAsks {
        token: Private::new(token),
        nonce: form.take("nonce").map(Private::new),
        invitation: form.take("invitation").map(Private::new),
        organization: form.take("organization"),
        address,
    })
}
