//! Objects of HSDS 3.2.3 as they leave: made of what is public, never with a null, an empty text or an empty list.

mod listing;
mod organization;
mod schedule;
mod service;
pub mod taxonomy;

use crate::domain::language::Language;
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

pub use organization::{OrganizationRow, organization};
pub use service::{On, PlaceRow, minimal, place, service};

/// The namespace of the keys of what has none here: terms, languages, documents. Never to be changed.
const NAMESPACE: Uuid = Uuid::from_u128(0x0e5c_6f38_9d0b_5a47_8c61_f2b7_45d3_1a90);

/// The key of a thing that is a part of another and has none of its own: the same for the same part, for ever.
#[must_use]
pub fn part_id(of: Uuid, kind: &str, part: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{of} {kind} {part}").as_bytes())
}

/// One object under construction. What is absent leaves no trace: the standard knows no null.
#[derive(Debug, Clone)]
pub struct Thing(Map<String, Value>);

impl Thing {
    /// An object with its key.
    #[must_use]
    pub fn of(id: Uuid) -> Self {
        Self(Map::from_iter([("id".to_owned(), Value::String(id.to_string()))]))
    }

    /// With a property, if there is a value for it.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let absent = match &value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
        };
        if !absent {
            self.0.insert(name.to_owned(), value);
        }
        self
    }

    /// With the key of something else.
    #[must_use]
    pub fn key(self, name: &str, key: impl Into<Uuid>) -> Self {
        self.with(name, key.into().to_string())
    }

    /// With an instant, UTC microseconds.
    #[must_use]
    pub fn instant(self, name: &str, at: i64) -> Self {
        let at = Timestamp::from_microsecond(at).ok();
        self.with(name, at.map(|at| at.to_string()))
    }

    /// With another object inside.
    #[must_use]
    pub fn inside(self, name: &str, thing: Self) -> Self {
        self.with(name, Value::from(thing))
    }

    /// With a list of objects.
    #[must_use]
    pub fn list(self, name: &str, things: impl IntoIterator<Item = Self>) -> Self {
        self.with(name, things.into_iter().map(Value::from).collect::<Vec<_>>())
    }

    /// The object as JSON.
    #[must_use]
    pub fn json(self) -> String {
        Value::from(self).to_string()
    }
}

impl From<Thing> for Value {
    fn from(thing: Thing) -> Self {
        Self::Object(thing.0)
    }
}

/// The language of texts that have no base language of their own.
#[must_use]
pub fn spoken(language: Option<Language>) -> Language {
    language.unwrap_or(Language::En)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_absent_leaves_no_trace() {
        let thing = Thing::of(Uuid::nil())
            .with("none", None::<String>)
            .with("blank", " ")
            .with("empty", Vec::<String>::new())
            .with("zero", 0)
            .with("no", false)
            .list("things", [])
            .instant("at", 1_500_000);
        let expected = json!({ "id": Uuid::nil(), "zero": 0, "no": false, "at": "1970-01-01T00:00:01.5Z" });
        assert_eq!(Value::from(thing), expected);
    }

    #[test]
    fn a_parts_key_never_changes() {
        let key = part_id(Uuid::nil(), "language", "fr");
        assert_eq!(key, part_id(Uuid::nil(), "language", "fr"));
        assert_ne!(key, part_id(Uuid::nil(), "language", "ar"));
        assert_eq!(key.get_version_num(), 5);
    }
}
