//! The error map: what a caller is told, in one place.
//!
//! The executor's errors carry no code and repeat the request: names, values, whole lines. Here
//! each gets one of the closed codes and a bounded sentence that repeats nothing but names of
//! the schema itself. What our own resolvers coded is kept as it is.

use async_graphql::{PathSegment, Pos, ServerError};
use serde::Serialize;
use serde_json::{Map, Value};

use super::code::Code;
use super::guard::shape::Shape;
use super::limits::Limits;
use super::refusal::Refusal;
use super::wording::{FAULT, classify};

/// One error as the caller sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    /// The sentence.
    pub message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Pos>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    path: Vec<PathSegment>,
    extensions: Map<String, Value>,
    /// The code, also in the extensions.
    #[serde(skip)]
    pub code: Code,
}

impl Told {
    /// A refusal of ours.
    pub fn refusal(refusal: Refusal, request_id: &str) -> Self {
        Self {
            locations: refusal.location.into_iter().collect(),
            path: Vec::new(),
            extensions: extensions(refusal.code, refusal.extras, request_id),
            code: refusal.code,
            message: refusal.message,
        }
    }
}

impl Told {
    /// After how many milliseconds the same may be tried again, where that is told.
    pub fn retry_after_ms(&self) -> Option<u64> {
        self.extensions.get("retryAfterMs").and_then(Value::as_u64)
    }
}

/// Maps the errors of an execution: at most the limit, the same one once.
pub fn told(errors: Vec<ServerError>, shape: &Shape, limits: &Limits, request_id: &str) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for error in errors {
        if all.len() == limits.errors {
            break;
        }
        let one = map(error, shape, limits, request_id);
        // A place in the data is part of what is told: two fields that failed alike are two.
        let known = all.iter().any(|other| other.message == one.message && other.path == one.path);
        if !known {
            all.push(one);
        }
    }
    all
}

fn map(error: ServerError, shape: &Shape, limits: &Limits, request_id: &str) -> Told {
    let coded = error.extensions.as_ref().and_then(|values| match values.get("code") {
        Some(async_graphql::Value::String(text)) => Code::parse(text),
        _ => None,
    });
    let (code, message, extras) = match coded {
        Some(code) => (code, error.message, own_extensions(error.extensions)),
        None => {
            let (code, message) = classify(&error, shape);
            if code == Code::Internal {
                // Neither the message nor the path: both may repeat what the caller sent.
                let place = error.locations.first().copied().unwrap_or_default();
                tracing::error!(
                    request_id,
                    line = place.line,
                    column = place.column,
                    "a resolver gave an error without a code"
                );
            }
            (code, message, Map::new())
        }
    };
    Told {
        message: bounded(message, limits.message_bytes),
        locations: error.locations.into_iter().take(2).collect(),
        path: error.path,
        extensions: extensions(code, extras, request_id),
        code,
    }
}

fn extensions(code: Code, extras: Map<String, Value>, request_id: &str) -> Map<String, Value> {
    let mut all = Map::new();
    all.insert("code".to_owned(), code.as_str().into());
    all.insert("requestId".to_owned(), request_id.into());
    if let Some(milliseconds) = code.retry_after_ms() {
        all.insert("retryAfterMs".to_owned(), milliseconds.into());
    }
    all.extend(extras.into_iter().filter(|(name, _)| name != "code" && name != "requestId"));
    all
}

fn own_extensions(values: Option<async_graphql::ErrorExtensionValues>) -> Map<String, Value> {
    match values.map(serde_json::to_value) {
        Some(Ok(Value::Object(map))) => map,
        _ => Map::new(),
    }
}

/// The message below the limit, cut between characters.
fn bounded(mut message: String, limit: usize) -> String {
    if message.len() >= limit {
        let end = (0..limit.saturating_sub(3)).rev().find(|at| message.is_char_boundary(*at));
        message.truncate(end.unwrap_or(0));
        message.push('…');
    }
    message
}

/// What is said when a resolver panicked.
pub fn fault() -> Refusal {
    Refusal::new(Code::Internal, FAULT)
}

#[cfg(test)]
mod tests {
    use async_graphql::ErrorExtensionValues;
    use serde_json::json;

    use super::*;

    const ID: &str = "4bf92f3577b34da6";

    fn shape() -> Shape {
        Shape::from_sdl("type Query { service(id: ID!): Int } enum Color { RED }").unwrap()
    }

    fn one(message: &str, path: &[&str]) -> ServerError {
        let mut error = ServerError::new(message, Some(Pos { line: 1, column: 2 }));
        error.path = path.iter().map(|name| PathSegment::Field((*name).to_owned())).collect();
        error
    }

    fn told_of(message: &str, path: &[&str]) -> (Code, String) {
        let mut all = told(vec![one(message, path)], &shape(), &Limits::default(), ID);
        let only = all.remove(0);
        (only.code, only.message)
    }

    #[test]
    fn the_executors_words_become_codes_and_repeat_nothing() {
        for (message, path, code, said) in [
            (
                "Unknown field \"amina\" on type \"Query\".",
                &[][..],
                Code::ValidationFailed,
                "Unknown field \"?\" on type \"Query\".",
            ),
            (
                "Unknown argument \"id\" on field \"service\" of type \"Query\".",
                &[],
                Code::ValidationFailed,
                "Unknown argument \"id\" on field \"service\" of type \"Query\".",
            ),
            ("Unknown directive \"amina\"", &[], Code::ValidationFailed, "Unknown directive \"?\"."),
            (
                "Invalid value for argument \"id\", expected type \"ID\"",
                &[],
                Code::BadUserInput,
                "Invalid value for argument \"id\", expected type \"ID\".",
            ),
            (
                "Invalid value for argument \"id\", enumeration type \"Color\" does not contain the value \"a\"b\"",
                &[],
                Code::BadUserInput,
                "Invalid value for argument \"id\", enumeration type \"Color\".",
            ),
            (
                "Expected input type \"Int\", found \"amina\".",
                &["service"],
                Code::BadUserInput,
                "Expected input type \"Int\".",
            ),
            (
                "Failed to parse \"Color\": amina is none",
                &["service"],
                Code::BadUserInput,
                "Failed to parse \"Color\".",
            ),
            ("Variable amina is not defined.", &[], Code::BadUserInput, "A variable that must have a value has none."),
            (
                "Unknown operation named \"amina\"",
                &[],
                Code::OperationNotFound,
                "The document has no operation of that name.",
            ),
            ("Query is nested too deep.", &[], Code::DepthLimit, "The document is nested too deep."),
            ("Query is too complex.", &[], Code::CostLimit, "The operation costs more than one request may."),
            ("duplicate key violates constraint \"case_amina\"", &["service"], Code::Internal, FAULT),
        ] {
            assert_eq!(told_of(message, path), (code, said.to_owned()), "{message}");
        }
    }

    #[test]
    fn a_code_of_ours_is_kept_with_what_goes_with_it() {
        let mut error = one("Not yours.", &["service"]);
        let mut values = ErrorExtensionValues::default();
        values.set("code", "FORBIDDEN");
        values.set("scope", "referrals");
        values.set("requestId", "forged");
        error.extensions = Some(values);
        let all = told(vec![error], &shape(), &Limits::default(), ID);
        assert_eq!(
            serde_json::to_value(&all).unwrap(),
            json!([{ "message": "Not yours.", "locations": [{ "line": 1, "column": 2 }],
                "path": ["service"],
                "extensions": { "code": "FORBIDDEN", "requestId": ID, "scope": "referrals" } }])
        );
    }

    #[test]
    fn a_code_that_is_not_ours_is_a_fault() {
        let mut error = one("secret", &["service"]);
        let mut values = ErrorExtensionValues::default();
        values.set("code", "SQLSTATE");
        values.set("detail", "secret");
        error.extensions = Some(values);
        let all = told(vec![error], &shape(), &Limits::default(), ID);
        assert_eq!(all[0].code, Code::Internal);
        assert!(!serde_json::to_string(&all).unwrap().contains("secret"));
    }

    #[test]
    fn errors_are_few_told_once_and_short() {
        let same = vec![one("Unknown directive \"x\"", &[]); 50];
        assert_eq!(told(same, &shape(), &Limits::default(), ID).len(), 1);
        let many = (0..50).map(|n| one(&format!("Nothing {n}"), &[])).collect();
        assert_eq!(told(many, &shape(), &Limits::default(), ID).len(), 10);
        let two = vec![one("x", &["a"]), one("x", &["b"])];
        assert_eq!(told(two, &shape(), &Limits::default(), ID).len(), 2);
        let long = one(&format!("Nothing {}", "é".repeat(500)), &[]);
        assert!(told(vec![long], &shape(), &Limits::default(), ID)[0].message.len() < 200);
    }
}
