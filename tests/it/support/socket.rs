//! A client of graphql-transport-ws that can also misbehave: it writes frames by hand.

use super::app::{Persona, TestApp};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long anything may take here; only a failure ever waits so long.
const LONG: Duration = Duration::from_secs(60);

/// One socket.
pub struct Socket {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// The head of the handshake's answer.
    pub head: String,
}

/// The codes of frames.
pub const TEXT: u8 = 1;
pub const CLOSE: u8 = 8;
pub const PING: u8 = 9;
pub const PONG: u8 = 10;

/// A frame of a client, whole and masked.
pub fn frame(code: u8, payload: &[u8]) -> Vec<u8> {
    raw(0x80 | code, payload)
}

/// A masked frame with a first byte of one's choice.
pub fn raw(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..126 => bytes.push(0x80 | u8::try_from(short).unwrap()),
        middle @ 126..65_536 => {
            bytes.push(0x80 | 126);
            bytes.extend_from_slice(&u16::try_from(middle).unwrap().to_be_bytes());
        }
        long => {
            bytes.push(0x80 | 127);
            bytes.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    let mask = [1_u8, 2, 3, 4];
    bytes.extend_from_slice(&mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(LONG, what).await.unwrap()
}

impl Socket {
    /// Opens a socket with headers of one's choice; gives it whatever the answer is.
    pub async fn open_with(app: &TestApp, headers: &[(&str, &str)]) -> Self {
        Self::open_at(app.url.trim_start_matches("http://"), headers).await
    }

    /// As [`Socket::open_with`], at an address.
    pub async fn open_at(host: &str, headers: &[(&str, &str)]) -> Self {
        let stream = TcpStream::connect(host).await.unwrap();
        let mut socket = Self { stream, buffer: Vec::new(), head: String::new() };
        let mut request = format!(
            "GET /graphql HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        );
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        socket.send(format!("{request}\r\n").as_bytes()).await;
        let end = loop {
            if let Some(at) = socket.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at;
            }
            assert!(socket.fill().await, "no answer to the handshake");
        };
        socket.head = String::from_utf8(socket.buffer.drain(..end + 4).collect()).unwrap();
        socket
    }

    /// Opens a socket as a client does.
    pub async fn open(app: &TestApp) -> Self {
        let socket = Self::open_with(app, &[("Sec-WebSocket-Protocol", "graphql-transport-ws")]).await;
        assert!(socket.head.starts_with("HTTP/1.1 101"), "{}", socket.head);
        assert!(socket.head.contains("graphql-transport-ws"), "{}", socket.head);
        socket
    }

    /// Opens a socket for somebody and has it acknowledged.
    pub async fn of(app: &TestApp, who: &Persona) -> Self {
        let mut socket = Self::open(app).await;
        socket.init(who).await;
        assert_eq!(socket.message().await, json!({ "type": "connection_ack" }));
        socket
    }

    /// Sends `connection_init`.
    pub async fn init(&mut self, who: &Persona) {
        let payload = json!({ "Authorization": format!("Bearer {}", who.token.as_deref().unwrap_or("none")) });
        self.say(json!({ "type": "connection_init", "payload": payload })).await;
    }

    /// Sends bytes as they are.
    pub async fn send(&mut self, bytes: &[u8]) {
        // A server that has closed already need not hear the rest.
        let _ = soon(self.stream.write_all(bytes)).await;
    }

    /// Sends a message.
    pub async fn say(&mut self, message: Value) {
        self.send(&frame(TEXT, message.to_string().as_bytes())).await;
    }

    /// Subscribes under an id.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    async fn fill(&mut self) -> bool {
        let mut chunk = [0; 16 * 1024];
        let read = soon(self.stream.read(&mut chunk)).await.unwrap_or(0);
        self.buffer.extend_from_slice(&chunk[..read]);
        read > 0
    }

    /// The next frame: its code and payload; nothing once the connection ended.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some((code, from, length)) = head(&self.buffer)
                && self.buffer.len() >= from + length
            {
                let frame: Vec<u8> = self.buffer.drain(..from + length).collect();
                return Some((code, frame[from..].to_vec()));
            }
            if !self.fill().await {
                return None;
            }
        }
    }

    /// The next message.
    pub async fn message(&mut self) -> Value {
        loop {
            match self.frame().await {
                Some((TEXT, payload)) => return serde_json::from_slice(&payload).unwrap(),
                Some((PING, payload)) => self.send(&frame(PONG, &payload)).await,
                other => panic!(
                    "no message: {:?}",
                    other.map(|(code, it)| (code, String::from_utf8_lossy(&it).into_owned()))
                ),
            }
        }
    }

    /// The payload of the next `next` of an id.
    pub async fn next(&mut self, id: &str) -> Value {
        let message = self.message().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        message["payload"].clone()
    }

    /// The code and reason with which the server closes, whatever comes before.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.frame().await {
                Some((CLOSE, payload)) => {
                    let code = u16::from_be_bytes(payload[..2].try_into().unwrap());
                    return (code, String::from_utf8(payload[2..].to_vec()).unwrap());
                }
                Some(_) => {}
                None => panic!("the connection ended without a close frame"),
            }
        }
    }

    /// Waits until the connection has ended.
    pub async fn ended(&mut self) {
        while self.frame().await.is_some() {}
    }
}

/// The code of the first frame, where its payload begins and how long that is.
fn head(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let (from, length) = match second & 0x7f {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?),
        short => (2, usize::from(short)),
    };
    Some((first & 0x0f, from, length))
}
