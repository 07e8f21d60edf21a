//! What a webhook says: which thing changed and how, and nothing of what is in it.

use crate::domain::change::{ChangeSubject, ChangeType};
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use serde::Serialize;

/// The type of the event by which an administrator tries an endpoint.
pub const TEST: &str = "webhook.test";
/// The type of the event by which a receiver learns that it was off for too long: what happened meanwhile is no longer all
/// kept, so that it has to read anew what it holds.
pub const BEGIN_ANEW: &str = "webhook.begin_anew";
/// The largest body, in bytes.
pub const LARGEST: usize = 20_000;

/// A webhook's body.
#[derive(Debug, Serialize)]
pub struct Body<'a> {
    /// What happened to which kind of thing.
    #[serde(rename = "type")]
    pub event: &'a str,
    /// When, RFC 3339.
    pub timestamp: &'a str,
    pub data: Data<'a>,
}

/// Which thing.
#[derive(Debug, Serialize)]
pub struct Data<'a> {
    /// The thing's public identifier.
    pub id: &'a str,
    /// The name of the event, as in `events`.
    pub kind: &'a str,
    pub change: ChangeType,
    /// The thing's version after it.
    pub version: i32,
    /// Where it stands among all changes: `changes` goes on from here.
    pub cursor: Option<&'a str>,
}

impl Body<'_> {
    /// The body as it is signed and sent.
    #[must_use]
    pub fn written(&self) -> String {
        // A body of texts and numbers can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A kind of thing as the types of its events name it: in small letters, such as `referral`.
fn topic(kind: &str) -> String {
    let mut name = String::with_capacity(kind.len() + 4);
    for sign in kind.chars() {
        if sign.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(sign.to_ascii_lowercase());
    }
    name
}

/// The type of an event: the topic, and whether the thing changed or is gone.
#[must_use]
pub fn event_type(kind: &str, change: ChangeType) -> String {
    let ending = match change {
        ChangeType::Upsert => "changed",
        ChangeType::Tombstone => "removed",
    };
    format!("{}.{ending}", topic(kind))
}

/// Whether an endpoint that asked for `topics` is told of things of a kind. Of what stands in for a consent it never is: no
/// application reads it.
#[must_use]
pub fn is_asked_for(topics: &[ChangeSubject], kind: &str) -> bool {
    let subject = Kind::from_code(kind).and_then(ChangeSubject::of);
    subject.is_some_and(|subject| is_offered(subject) && (topics.is_empty() || topics.contains(&subject)))
}

/// Whether things of a kind can be asked for.
#[must_use]
pub fn is_offered(subject: ChangeSubject) -> bool {
    subject != ChangeSubject::ConsentOverride
}
