//! The answer to a GraphQL request, and how it goes over HTTP.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::header::ContentEncoding;
use actix_web::http::{StatusCode, header};
use async_graphql::{Response, Value};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::code::Code;
use super::errors::{self, Told};
use super::guard::Guard;
use super::negotiate::Media;
use super::refusal::Refusal;
use super::request_info::REQUEST_ID;
use super::till;
use crate::domain::budget::Payment;
use crate::graphql::{REPLAYED, RequestInfo};

/// The bytes from which on compressing an answer saves a packet; smaller ones go as they are.
const WORTH_COMPRESSING: usize = 1_024;

/// An answer before it is written. The members are in the order of the specification's advice:
/// errors first, so that they are seen.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[Told]>::is_empty")]
    errors: &'a [Told],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    extensions: BTreeMap<&'a str, serde_json::Value>,
}

/// What is answered.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    errors: Vec<Told>,
    data: Option<Value>,
    extensions: BTreeMap<String, Value>,
    /// The methods named with a 405.
    allow: Option<&'static str>,
    /// How the budgets of who asked stand, and as of when in UTC microseconds.
    paid: (Payment, i64),
}

impl Answer {
    /// Nothing ran.
    pub fn refused(refusal: Refusal, media: Media, info: &RequestInfo) -> Self {
        let legacy = media == Media::Legacy && refusal.code.is_documents_fault();
        let by_code = if legacy { 200 } else { refusal.code.status() };
        let status = refusal.status.unwrap_or(by_code);
        let errors = vec![Told::refusal(refusal, &info.request_id)];
        Self { status, errors, data: None, extensions: BTreeMap::new(), allow: None, paid: Default::default() }
    }

    /// The executor answered; that does not mean that anything ran.
    pub fn executed(response: Response, guard: &Guard, media: Media, info: &RequestInfo) -> Self {
        // Only an error inside the data has a path, so null with none of them never ran.
        let ran = response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
        let errors = errors::told(response.errors, guard.shape(), guard.limits(), &info.request_id);
        let status = match errors.first() {
            Some(first) if !ran => {
                let legacy = media == Media::Legacy && first.code.is_documents_fault();
                if legacy { 200 } else { first.code.status() }
            }
            _ => 200,
        };
        let data = ran.then_some(response.data);
        let mut extensions = response.extensions;
        if response.http_headers.contains_key(REPLAYED) {
            extensions.insert("idempotentReplay".to_owned(), true.into());
        }
        Self { status, errors, data, extensions, allow: None, paid: Default::default() }
    }

    /// The same answer with the methods that are allowed, where it is about them.
    #[must_use]
    pub fn allowing(mut self, methods: Option<&'static str>) -> Self {
        self.allow = methods;
        self
    }

    /// The same answer with what was paid for it.
    #[must_use]
    pub fn paid(mut self, payment: Payment, now: Timestamp) -> Self {
        self.paid = (payment, now.as_microsecond());
        self
    }

    /// After how many whole seconds the same may be tried again.
    fn retry_after(&self) -> u64 {
        self.errors.first().and_then(Told::retry_after_ms).map_or(1, |milliseconds| milliseconds.div_ceil(1_000).max(1))
    }

    /// Writes the answer.
    pub fn respond(self, media: Media, info: &RequestInfo, cost: u64, limit: u64) -> HttpResponse {
        let status = StatusCode::from_u16(self.status);
        let mut response = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        response
            .insert_header((header::CONTENT_TYPE, media.content_type()))
            .insert_header((header::VARY, "Accept, Authorization, Accept-Language"))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::CONTENT_LANGUAGE, info.language.tag()))
            .insert_header((REQUEST_ID, info.request_id.as_ref()));
        if let Some(methods) = self.allow {
            response.insert_header((header::ALLOW, methods));
        }
        if self.status == 401 {
            response.insert_header((header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#));
        }
        if matches!(self.status, 429 | 503) {
            response.insert_header((header::RETRY_AFTER, self.retry_after()));
        }
        till::tell(&mut response, &self.paid.0, self.paid.1);
        let body = self.body(cost, limit, info);
        if body.len() < WORTH_COMPRESSING {
            response.insert_header(ContentEncoding::Identity);
        }
        response.body(body)
    }

    /// Whether the executor got to the data; otherwise only errors are told.
    #[must_use]
    pub fn has_data(&self) -> bool {
        self.data.is_some()
    }

    /// The errors alone, as JSON.
    #[must_use]
    pub fn errors(&self) -> serde_json::Value {
        serde_json::to_value(&self.errors).unwrap_or_default()
    }

    /// The same answer with one more extension.
    #[must_use]
    pub fn telling(mut self, name: &str, value: String) -> Self {
        self.extensions.insert(name.to_owned(), value.into());
        self
    }

    /// The answer as JSON.
    #[must_use]
    pub fn body(&self, cost: u64, limit: u64, info: &RequestInfo) -> Vec<u8> {
        let mut extensions: BTreeMap<&str, serde_json::Value> = BTreeMap::new();
        for (name, value) in &self.extensions {
            extensions.insert(name, value.clone().into_json().unwrap_or_default());
        }
        let mut told = json!({ "requested": cost, "limit": limit });
        if let Some(scarcest) = self.paid.0.scarcest() {
            let reset_at = Timestamp::from_microsecond(scarcest.reset_at).unwrap_or_default().to_string();
            told["bucket"] = json!({ "name": scarcest.purse.name(), "limit": scarcest.rate.points,
                "remaining": scarcest.remaining, "resetAt": reset_at });
        }
        extensions.insert("cost", told);
        let body = Body { errors: &self.errors, data: self.data.as_ref(), extensions };
        serde_json::to_vec(&body).unwrap_or_else(|_| {
            // Only a number that JSON does not have could bring us here.
            let id = &info.request_id;
            let fault = Told::refusal(Refusal::new(Code::Internal, "The answer is no JSON."), id);
            json!({ "errors": [fault] }).to_string().into_bytes()
        })
    }
}
