//! Answers of the reference API: what all of them carry, the page, and the answer that nothing has changed.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use super::parameters::Asked;
use crate::graphql::RequestInfo;
use crate::hsds::directory::Found;
use crate::http::request_info::{REQUEST_ID, text};

const JSON: &str = "application/json";

/// A page as the standard has it: flat, with all eight members.
#[must_use]
pub fn page(asked: &Asked, found: &Found) -> String {
    let pages = found.total.div_ceil(asked.size.max(1));
    format!(
        r#"{{"total_items":{},"total_pages":{pages},"page_number":{},"size":{},"first_page":{},"last_page":{},"empty":{},"contents":[{}]}}"#,
        found.total,
        asked.page,
        found.objects.len(),
        asked.page == 1,
        asked.page >= pages,
        found.objects.is_empty(),
        found.objects.join(",")
    )
}

/// An answer with what every one of them carries: open to every page of every site, and dated by nothing personal.
pub fn open(status: StatusCode, info: &RequestInfo) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            "ETag, Last-Modified, Content-Language, Retry-After, X-Request-Id",
        ))
        .insert_header((header::VARY, "Accept-Language"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REQUEST_ID, info.request_id.as_ref()));
    response
}

/// JSON that a reader may keep and ask about again; 304 when the reader has it already. Only of a single object the
/// date tells whether anything changed: from a list, things also vanish.
pub fn told(
    request: &HttpRequest,
    info: &RequestInfo,
    body: String,
    modified: Option<i64>,
    is_single: bool,
) -> HttpResponse {
    let hash: String = Sha256::digest(body.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    // Weak, since the same answer may go over the line compressed.
    let tag = format!("W/\"{hash}\"");
    let seconds = modified.map(|at| at.div_euclid(1_000_000));
    let is_read = request.method().is_safe();
    let same = match (text(request, header::IF_NONE_MATCH), text(request, header::IF_MODIFIED_SINCE)) {
        (Some(tags), _) => tags.trim() == "*" || tags.split(',').any(|each| weak(each) == weak(&tag)),
        (None, Some(date)) if is_single => date_of(date).zip(seconds).is_some_and(|(known, changed)| changed <= known),
        _ => false,
    };
    let mut response = open(if is_read && same { StatusCode::NOT_MODIFIED } else { StatusCode::OK }, info);
    response
        .insert_header((header::ETAG, tag.as_str()))
        .insert_header((header::CACHE_CONTROL, if is_read { "no-cache" } else { "no-store" }));
    if request.headers().contains_key(header::ACCEPT_LANGUAGE) {
        response.insert_header((header::CONTENT_LANGUAGE, info.language.tag()));
    }
    if let Some(date) = seconds.and_then(http_date) {
        response.insert_header((header::LAST_MODIFIED, date));
    }
    if is_read && same {
        return response.finish();
    }
    response.insert_header((header::CONTENT_TYPE, JSON)).body(body)
}

/// A tag without the sign of its weakness.
pub fn weak(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag)
}

const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

fn http_date(seconds: i64) -> Option<String> {
    let at = Timestamp::from_second(seconds).ok()?;
    Some(TimeZone::UTC.to_datetime(at).strftime(HTTP_DATE).to_string())
}

fn date_of(text: &str) -> Option<i64> {
    let time = jiff::civil::DateTime::strptime(HTTP_DATE, text.trim()).ok()?;
    TimeZone::UTC.to_timestamp(time).ok().map(|at| at.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hsds::directory::{Filter, Fullness};

    #[test]
    fn dates_are_those_of_http() {
        assert_eq!(http_date(784_111_777).as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_eq!(date_of("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(date_of("yesterday"), None);
    }

    #[test]
    fn a_page_tells_all_eight_members() {
        let told = |page, total, objects: &[&str]| {
            let asked = Asked { fullness: Fullness::Direct, filter: Filter::default(), page, size: 2, streamed: false };
            let objects = objects.iter().map(|object| (*object).to_owned()).collect();
            super::page(&asked, &Found { objects, total, ..Found::default() })
        };
        assert_eq!(
            told(2, 3, &["{}"]),
            r#"{"total_items":3,"total_pages":2,"page_number":2,"size":1,"first_page":false,"last_page":true,"empty":false,"contents":[{}]}"#
        );
        assert_eq!(
            told(1, 0, &[]),
            r#"{"total_items":0,"total_pages":0,"page_number":1,"size":0,"first_page":true,"last_page":true,"empty":true,"contents":[]}"#
        );
        assert!(told(1, 3, &["{}", "{}"]).contains(r#""first_page":true,"last_page":false"#));
        assert!(told(9, 3, &[]).contains(r#""first_page":false,"last_page":true,"empty":true"#));
    }
}
