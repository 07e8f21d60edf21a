//! What does not exist, and what is answered about it.

use crate::support::app::Answer;
use crate::support::world::gid;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

/// An answer without what differs between any two requests.
pub fn told(answer: &Answer) -> String {
    let mut body = answer.body.clone();
    for error in body["errors"].as_array_mut().into_iter().flatten() {
        error["extensions"]["requestId"] = json!("");
    }
    format!("{} {body}", answer.status)
}

/// The same input on what does not exist.
pub fn elsewhere(input: &Value) -> Value {
    let mut input = input.clone();
    for (field, kind) in [
        ("caseId", Kind::Case),
        ("referralId", Kind::Referral),
        ("previousId", Kind::Referral),
        ("consentId", Kind::Consent),
    ] {
        if input.get(field).is_some() {
            input[field] = json!(gid(kind, Uuid::new_v4()));
        }
    }
    input["idempotencyKey"] = json!(crate::support::verbs::key());
    input
}
