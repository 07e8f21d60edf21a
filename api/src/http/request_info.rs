//! What is known of a request besides its content.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName};
use jiff::Timestamp;
use uuid::{NoContext, Uuid};

use crate::domain::language::Language;
use crate::graphql::RequestInfo;

/// The header with the id of a request, in and out.
pub const REQUEST_ID: &str = "x-request-id";

/// Reads a request's id and language from its headers; `now` dates a new id.
#[must_use]
pub fn of(request: &HttpRequest, now: Timestamp) -> RequestInfo {
    let given = text(request, HeaderName::from_static(REQUEST_ID)).filter(|id| is_sound(id));
    let language = text(request, header::ACCEPT_LANGUAGE).unwrap_or_default();
    RequestInfo {
        request_id: given.map_or_else(|| new_id(now).into(), Into::into),
        language: Language::negotiate(language),
    }
}

/// A header as text; nothing when it is absent or not text.
pub(super) fn text(request: &HttpRequest, name: HeaderName) -> Option<&str> {
    request.headers().get(name)?.to_str().ok()
}

/// An id goes into logs and answers, so only forms are taken that cannot be a name, a number of
/// a person or a secret in words: a UUID, or 16 to 64 hexadecimal digits as tracing tools write.
fn is_sound(id: &str) -> bool {
    let hexadecimal = id.bytes().all(|byte| byte.is_ascii_hexdigit());
    match id.len() {
        36 => Uuid::try_parse(id).is_ok(),
        16..=64 => hexadecimal,
        _ => false,
    }
}

fn new_id(now: Timestamp) -> String {
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
    let at = uuid::Timestamp::from_unix(NoContext, seconds, nanoseconds);
    Uuid::new_v7(at).hyphenated().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_that_say_nothing_are_echoed() {
        for (id, sound) in [
            ("4bf92f3577b34da6a3ce929d0e0e4736", true),
            ("4bf92f3577b34da6", true),
            ("018f3c5e-7d1a-7c44-9f6a-2b6d1f0e9a11", true),
            ("018f3c5e-7d1a-7c44-9f6a-2b6d1f0e9a1g", false),
            ("", false),
            ("12345", false),
            ("0033612345678", false),
            ("amina-of-the-lake", false),
            ("4bf92f3577b34da6\n4bf92f3577b34da6", false),
            (&"a".repeat(65), false),
        ] {
            assert_eq!(is_sound(id), sound, "{id}");
        }
    }

    #[test]
    fn a_new_id_is_dated() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let id = Uuid::try_parse(&new_id(now)).unwrap();
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_timestamp().unwrap().to_unix().0, 1_800_000_000);
    }
}
