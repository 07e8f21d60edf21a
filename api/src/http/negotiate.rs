//! Media types in and out.

use super::weights;

/// The two forms of a GraphQL answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: the status tells whether the request was sound.
    Response,
    /// `application/json`, the older form: 200 also for documents that are refused.
    Legacy,
}

impl Media {
    /// The content type with its character set.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Response => "application/graphql-response+json; charset=utf-8",
            Self::Legacy => "application/json; charset=utf-8",
        }
    }
}

/// How closely a range names a media type; the closest range that fits decides its weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    #[default]
    None,
    Anything,
    Application,
    Exact,
}

/// Chooses by an `Accept` header. No header means the older form; nothing means that neither is
/// acceptable. Of equal weights the one named more closely wins, then the newer form if it was
/// named at all.
#[must_use]
pub fn accept(header: Option<&str>) -> Option<Media> {
    let Some(header) = header else { return Some(Media::Legacy) };
    if header.trim().is_empty() {
        return Some(Media::Legacy);
    }
    let response = judged(header, "application/graphql-response+json");
    let legacy = judged(header, "application/json");
    match (response, legacy) {
        ((0, _), (0, _)) => None,
        ((weight, Closeness::Exact), legacy) if weight >= legacy.0 => Some(Media::Response),
        (response, legacy) if response.0 > legacy.0 => Some(Media::Response),
        _ => Some(Media::Legacy),
    }
}

/// The weight of one media type under the header, and how closely it was named.
fn judged(header: &str, media: &str) -> (u16, Closeness) {
    let mut best = (0, Closeness::None);
    for (range, weight) in weights::parse(header) {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let closeness = match name.as_str() {
            "*/*" => Closeness::Anything,
            "application/*" => Closeness::Application,
            name if name == media => Closeness::Exact,
            _ => continue,
        };
        let utf8 = parts.all(|part| charset(part).is_none_or(is_utf8));
        if utf8 && closeness > best.1 {
            best = (weight, closeness);
        }
    }
    best
}

/// Whether a `Content-Type` is JSON in UTF-8.
#[must_use]
pub fn is_json(header: Option<&str>) -> bool {
    let Some(header) = header else { return false };
    let mut parts = header.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    name.eq_ignore_ascii_case("application/json") && parts.all(|part| charset(part).is_none_or(is_utf8))
}

fn charset(parameter: &str) -> Option<&str> {
    let (name, value) = parameter.split_once('=')?;
    name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
}

fn is_utf8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_has_the_form_that_is_accepted() {
        use Media::{Legacy, Response};
        for (header, media) in [
            (None, Some(Legacy)),
            (Some(""), Some(Legacy)),
            (Some("*/*"), Some(Legacy)),
            (Some("application/*"), Some(Legacy)),
            (Some("application/json"), Some(Legacy)),
            (Some("application/json; charset=utf-8"), Some(Legacy)),
            (Some("application/json; charset=latin1"), None),
            (Some("application/graphql-response+json"), Some(Response)),
            (Some("APPLICATION/GraphQL-Response+JSON"), Some(Response)),
            (Some("application/graphql-response+json, application/json"), Some(Response)),
            (Some("application/json, application/graphql-response+json"), Some(Response)),
            (Some("application/graphql-response+json;q=0.9, application/json"), Some(Legacy)),
            (Some("application/json;q=0.5, application/graphql-response+json;q=0.6"), Some(Response)),
            (Some("application/graphql-response+json, */*;q=0.1"), Some(Response)),
            (Some("application/json;q=0, */*"), Some(Response)),
            (Some("application/graphql-response+json;q=0, */*"), Some(Legacy)),
            (Some("text/html"), None),
            (Some("text/html, */*;q=0.1"), Some(Legacy)),
            (Some("*/*;q=0"), None),
            (Some("application/json;q=0"), None),
            (Some(",,;q=1,"), None),
        ] {
            assert_eq!(accept(header), media, "{header:?}");
        }
    }

    #[test]
    fn a_body_is_json_in_utf_8() {
        for (header, sound) in [
            (None, false),
            (Some("application/json"), true),
            (Some("Application/JSON; charset=UTF-8"), true),
            (Some("application/json; charset=\"utf-8\""), true),
            (Some("application/json; charset=utf-16"), false),
            (Some("text/plain"), false),
            (Some("application/x-www-form-urlencoded"), false),
            (Some("multipart/form-data; boundary=x"), false),
            (Some("application/graphql"), false),
            (Some("application/jsonp"), false),
        ] {
            assert_eq!(is_json(header), sound, "{header:?}");
        }
    }
}
