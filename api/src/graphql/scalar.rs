//! Scalars: strict on input, canonical on output.

use crate::domain::global_id::{self, Kind};
use async_graphql::{ID, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

/// An instant, UTC, in whole microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTime(pub i64);

/// An instant as RFC 3339 text with an offset; answered in UTC, to the microsecond.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let instant: Timestamp =
            text.parse().map_err(|_| InputValueError::custom("not an RFC 3339 instant with an offset"))?;
        Ok(Self(instant.as_microsecond()))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(Timestamp::from_microsecond(self.0).unwrap_or_default().to_string())
    }
}

/// A calendar date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalDate(pub Date);

/// A calendar date as ISO 8601 text, such as 2026-11-25.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/local-date.html")]
impl ScalarType for LocalDate {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) if text.len() == 10 => {
                text.parse().map(Self).map_err(|_| InputValueError::custom("not a calendar date such as 2026-11-25"))
            }
            _ => Err(InputValueError::custom("not a calendar date such as 2026-11-25")),
        }
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl LocalDate {
    /// A stored date.
    #[must_use]
    pub fn stored(text: Option<&str>) -> Option<Self> {
        text.and_then(|text| text.parse().ok()).map(Self)
    }

    /// As it is stored.
    #[must_use]
    pub fn store(self) -> String {
        self.0.to_string()
    }
}

/// A language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageTag(pub String);

/// A language as a BCP 47 tag, such as fr, ar or fa-AF.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc5646")]
impl ScalarType for LanguageTag {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let mut parts = text.split('-');
        let language = parts.next().unwrap_or_default();
        let formed = (2..=3).contains(&language.len())
            && language.bytes().all(|byte| byte.is_ascii_alphabetic())
            && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if formed && text.len() <= 35 {
            Ok(Self(text.clone()))
        } else {
            Err(InputValueError::custom("not a language tag such as fr or fa-AF"))
        }
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A web address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uri(pub String);

/// An absolute web address that begins with https: or http:.
#[Scalar(name = "URI", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3986")]
impl ScalarType for Uri {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text)
                if text.len() <= 2_000
                    && (text.starts_with("https://") || text.starts_with("http://"))
                    && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) =>
            {
                Ok(Self(text.clone()))
            }
            _ => Err(InputValueError::custom("not a web address that begins with https: or http:")),
        }
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// A place in a list: opaque, and valid only in the list and order it came from.
#[Scalar(specified_by_url = "https://relay.dev/graphql/connections.htm#sec-Cursor")]
impl ScalarType for Cursor {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) if text.len() <= 1_000 => Ok(Self(text.clone())),
            _ => Err(InputValueError::custom("not a cursor")),
        }
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// The public identifier of a thing.
#[must_use]
pub fn id(kind: Kind, key: impl Into<Uuid>) -> ID {
    ID(global_id::encode(kind, key.into()))
}

/// The key behind a public identifier of this kind; nothing for any other text.
#[must_use]
pub fn key(kind: Kind, id: &ID) -> Option<Uuid> {
    global_id::decode(id).filter(|(found, _)| *found == kind).map(|(_, key)| key)
}
