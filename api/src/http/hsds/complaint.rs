//! What is answered when a request of the reference API can't be served. The standard says nothing about it.

use actix_web::http::StatusCode;
use serde_json::json;

/// A refusal with one of the codes that the whole API has, and a sentence that never repeats the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The HTTP status.
    pub status: StatusCode,
    code: &'static str,
    message: String,
    parameter: Option<&'static str>,
}

impl Complaint {
    /// A refusal; a status that there is not is a fault of ours.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, code, message: message.into(), parameter: None }
    }

    /// A parameter's value makes no sense.
    pub fn about(parameter: &'static str, message: impl Into<String>) -> Self {
        Self { parameter: Some(parameter), ..Self::new(400, "BAD_USER_INPUT", message) }
    }

    /// What does not exist, or is not public.
    pub fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "There is no such thing here.")
    }

    /// The answer's body.
    #[must_use]
    pub fn body(&self, request_id: &str) -> String {
        let mut error = json!({ "code": self.code, "message": self.message, "requestId": request_id });
        if let Some(parameter) = self.parameter {
            error["parameter"] = parameter.into();
        }
        json!({ "error": error }).to_string()
    }
}
