//! Messages of graphql-transport-ws, in and out, and the codes a socket is closed with.

use actix_codec::Encoder as _;
use actix_http::ws::{CloseCode, CloseReason, Codec, Message};
use actix_web::web::{Bytes, BytesMut};
use serde_json::{Map, Value, json};

use crate::http::json_scan;
use crate::http::limits::Limits;

/// Why a socket is closed: the code, and what is said with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// The client said so.
    Normal,
    /// The server goes down; come back.
    Leaving,
    /// What was sent is no WebSocket frame.
    Broken,
    /// A frame was too large.
    TooLarge,
    /// The reader does not keep up; come back.
    Slow,
    /// Too much is open here now; come back.
    Busy,
    /// What was sent is no message of this protocol.
    Invalid,
    /// Something was asked for before the connection was acknowledged.
    Unauthorized,
    /// The token is not believed, or no longer.
    Forbidden,
    /// The other side speaks another protocol.
    Protocol,
    /// `connection_init` did not come in time.
    NotBegun,
    /// The id is in use.
    Taken,
    /// `connection_init` came twice.
    Twice,
    /// They have all the connections that one may have.
    Full,
    /// What they may ask for in this time is used up.
    Spent,
    /// A fault of ours; come back.
    Broke,
}

impl Close {
    /// The code, and the words.
    #[must_use]
    pub fn told(self) -> (u16, &'static str) {
        match self {
            Self::Normal => (1000, "Bye"),
            Self::Leaving => (1001, "The server goes down; come back"),
            Self::Broken => (1002, "No WebSocket frame"),
            Self::TooLarge => (1009, "A frame is too large"),
            Self::Slow => (1013, "Too slow a reader; come back"),
            Self::Busy => (1013, "Too much is open now; come back"),
            Self::Invalid => (4400, "Invalid message"),
            Self::Unauthorized => (4401, "Unauthorized"),
            Self::Forbidden => (4403, "Forbidden"),
            Self::Protocol => (4406, "Subprotocol not acceptable"),
            Self::NotBegun => (4408, "Connection initialisation timeout"),
            Self::Taken => (4409, "Subscriber already exists"),
            Self::Twice => (4429, "Too many initialisation requests"),
            Self::Full => (4429, "Too many connections; close some"),
            Self::Spent => (4429, "Budget used up; come back later"),
            Self::Broke => (1011, "Something went wrong here; come back"),
        }
    }

    /// The frame, with the cursor from which to go on.
    #[must_use]
    pub fn frame(self, resume: Option<&str>) -> Bytes {
        let (code, words) = self.told();
        let description = match resume {
            Some(cursor) => format!("{words}; resume={cursor}"),
            None => words.to_owned(),
        };
        encoded(Message::Close(Some(CloseReason { code: CloseCode::from(code), description: Some(description) })))
    }
}

/// A message of a client.
#[derive(Debug, PartialEq)]
pub enum Asks {
    Init { token: Option<String> },
    Ping,
    Pong,
    Subscribe { id: String, payload: Map<String, Value> },
    Complete { id: String },
}

/// The longest id of an operation.
const ID_BYTES: usize = 128;

/// Reads a message; nothing for what is none.
pub fn read(text: &[u8], limits: &Limits) -> Option<Asks> {
    json_scan::scan(text, limits.variables_depth + 2, limits.values).ok()?;
    let Ok(Value::Object(mut members)) = serde_json::from_slice(text) else { return None };
    let payload = match members.remove("payload") {
        None | Some(Value::Null) => None,
        Some(Value::Object(payload)) => Some(payload),
        Some(_) => return None,
    };
    let id = match members.remove("id") {
        Some(Value::String(id)) if !id.is_empty() && id.len() <= ID_BYTES => Some(id),
        _ => None,
    };
    match members.get("type")?.as_str()? {
        "connection_init" => Some(Asks::Init { token: payload.as_ref().and_then(token) }),
        "ping" => Some(Asks::Ping),
        "pong" => Some(Asks::Pong),
        "subscribe" => Some(Asks::Subscribe { id: id?, payload: payload? }),
        "complete" => Some(Asks::Complete { id: id? }),
        _ => None,
    }
}

/// The token in the payload of `connection_init`: as a header would have it, or alone.
fn token(payload: &Map<String, Value>) -> Option<String> {
    let given = ["Authorization", "authorization", "token"].iter().find_map(|name| payload.get(*name)?.as_str())?;
    let is_scheme = |scheme: &str| scheme.eq_ignore_ascii_case("bearer");
    let token = given.split_once(' ').filter(|(scheme, _)| is_scheme(scheme)).map_or(given, |(_, token)| token);
    Some(token.trim().to_owned())
}

/// `connection_ack`.
#[must_use]
pub fn ack() -> Bytes {
    text(r#"{"type":"connection_ack"}"#.to_owned())
}

/// `pong`.
#[must_use]
pub fn pong() -> Bytes {
    text(r#"{"type":"pong"}"#.to_owned())
}

/// `next` with an answer.
#[must_use]
pub fn next(id: &str, answer: &[u8]) -> Bytes {
    let answer = String::from_utf8_lossy(answer);
    text(format!(r#"{{"id":{},"type":"next","payload":{answer}}}"#, json!(id)))
}

/// `error` with errors.
#[must_use]
pub fn error(id: &str, errors: &Value) -> Bytes {
    text(json!({ "id": id, "type": "error", "payload": errors }).to_string())
}

/// `complete`.
#[must_use]
pub fn complete(id: &str) -> Bytes {
    text(json!({ "id": id, "type": "complete" }).to_string())
}

/// A frame that asks for a sign of life.
#[must_use]
pub fn ping_frame() -> Bytes {
    encoded(Message::Ping(Bytes::new()))
}

/// A frame that gives one.
#[must_use]
pub fn pong_frame(bytes: Bytes) -> Bytes {
    encoded(Message::Pong(bytes))
}

fn text(text: String) -> Bytes {
    encoded(Message::Text(text.into()))
}

fn encoded(message: Message) -> Bytes {
    let mut buffer = BytesMut::new();
    // Only a continuation that was not begun could fail.
    if Codec::new().encode(message, &mut buffer).is_err() {
        buffer.clear();
    }
    buffer.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Option<Asks> {
        read(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn only_messages_of_the_protocol_are_read() {
        assert_eq!(asked(r#"{"type":"connection_init"}"#), Some(Asks::Init { token: None }));
        for payload in [r#"{"Authorization":"Bearer abc"}"#, r#"{"authorization":"bearer abc"}"#, r#"{"token":"abc"}"#]
        {
            let text = format!(r#"{{"type":"connection_init","payload":{payload}}}"#);
            assert_eq!(asked(&text), Some(Asks::Init { token: Some("abc".into()) }), "{payload}");
        }
        assert_eq!(asked(r#"{"type":"complete","id":"1"}"#), Some(Asks::Complete { id: "1".into() }));
        assert!(matches!(
            asked(r#"{"type":"subscribe","id":"1","payload":{"query":"{x}"}}"#),
            Some(Asks::Subscribe { .. })
        ));
        for broken in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"type":"other"}"#,
            r#"{"type":1}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","payload":{}}"#,
            r#"{"type":"subscribe","id":"","payload":{}}"#,
            r#"{"type":"subscribe","id":1,"payload":{}}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"ping","payload":[]}"#,
            &format!(r#"{{"type":"complete","id":"{}"}}"#, "x".repeat(129)),
            &format!(
                r#"{{"type":"subscribe","id":"1","payload":{{"variables":{}{}}}}}"#,
                "[".repeat(99),
                "]".repeat(99)
            ),
        ] {
            assert_eq!(asked(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_reason_with_its_cursor_fits_into_a_close_frame() {
        let cursor = "x".repeat(44);
        for close in [Close::Leaving, Close::Slow, Close::Forbidden, Close::Spent] {
            let frame = close.frame(Some(&cursor));
            assert!(frame.len() <= 2 + 125, "{close:?}");
            assert!(String::from_utf8_lossy(&frame).ends_with(&cursor), "{close:?}");
        }
    }
}
