//! A request error of our own: what the door or the guard says instead of running.

use async_graphql::parser::Pos;
use serde_json::{Map, Value, json};

use super::code::Code;

/// One refusal: a code, a sentence that never repeats the request, and where it went wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Which of the closed codes.
    pub code: Code,
    /// The sentence for the developer, below 200 bytes.
    pub message: String,
    /// Where in the document, when it is about a place.
    pub location: Option<Pos>,
    /// More members for `extensions`.
    pub extras: Map<String, Value>,
    /// A status other than the code's own, such as 405 or 413.
    pub status: Option<u16>,
}

impl Refusal {
    /// A refusal without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), location: None, extras: Map::new(), status: None }
    }

    /// The same refusal, about a place in the document.
    #[must_use]
    pub fn at(mut self, pos: Pos) -> Self {
        self.location = Some(pos);
        self
    }

    /// The same refusal with an HTTP status of its own.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The same refusal with one more member in its extensions.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.extras.insert(name.to_owned(), value);
        self
    }

    /// The document passes a limit that can be counted.
    pub fn limit(code: Code, what: &str, limit: usize) -> Self {
        Self::new(code, format!("The document has more than {limit} {what}.")).with("limit", json!(limit))
    }
}
