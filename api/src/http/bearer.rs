//! The bearer token of a request.

use actix_web::HttpRequest;
use actix_web::http::header;
use jiff::Timestamp;

use super::code::Code;
use super::refusal::Refusal;
use crate::token::{Claims, Keyring};

/// The claims of the request's token: nothing when it has no `Authorization` header.
///
/// # Errors
/// [`refused`], whatever is wrong: the scheme, two headers, the token.
pub fn claims(request: &HttpRequest, keyring: &Keyring, now: Timestamp) -> Result<Option<Claims>, Refusal> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let Some(value) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err(refused());
    }
    let text = value.to_str().map_err(|_| refused())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused());
    }
    keyring.verify(token, now).map(Some).map_err(|_| refused())
}

/// The one answer to every token that is not believed, also when its subject is revoked.
pub fn refused() -> Refusal {
    Refusal::new(Code::Unauthenticated, "The access token is not valid.")
}
