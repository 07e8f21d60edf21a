//! A partner's server: it takes what it is sent, or behaves badly, and remembers all of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use passerelle::domain::webhook::signing::Key;
use serde_json::Value;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

/// What a receiver was sent.
#[derive(Debug, Clone)]
pub struct Got {
    pub id: String,
    pub seconds: i64,
    pub signature: String,
    pub body: String,
    /// When it arrived.
    pub arrived: Instant,
}

impl Got {
    /// The body.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whether one of the signatures is that of a key in the form in which it was told.
    pub fn is_signed_with(&self, told: &str) -> bool {
        self.signature.split(' ').any(|signature| match told.strip_prefix("whpk_") {
            None => signature == Key::read(told).unwrap().sign(&self.id, self.seconds, &self.body),
            Some(public) => {
                let Some(signature) = signature.strip_prefix("v1a,") else { return false };
                let public: [u8; 32] = STANDARD.decode(public).unwrap().try_into().unwrap();
                let signature = Signature::from_slice(&STANDARD.decode(signature).unwrap()).unwrap();
                let signed = format!("{}.{}.{}", self.id, self.seconds, self.body);
                VerifyingKey::from_bytes(&public).unwrap().verify_strict(signed.as_bytes(), &signature).is_ok()
            }
        })
    }
}

/// How a receiver behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaves {
    /// It answers with a status and perhaps a header.
    Answers(u16, &'static str),
    /// It takes what it is sent after so many milliseconds.
    TakesItsTime(u64),
    /// It never answers.
    Hangs,
    /// It hangs up.
    HangsUp,
}

/// A receiver that takes what it is sent.
pub const TAKES: Behaves = Behaves::Answers(204, "");

struct State {
    behaves: Behaves,
    /// The things of which it takes nothing, by their identifiers.
    refused: Vec<String>,
    got: Vec<Got>,
    connects: usize,
}

/// A receiver on a port of this machine.
#[derive(Clone)]
pub struct Receiver {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    /// Starts one that takes what it is sent.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State { behaves: TAKES, refused: Vec::new(), got: Vec::new(), connects: 0 }));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connects += 1;
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state }
    }

    pub fn url(&self) -> String {
        format!("http://{}/in", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn behave(&self, behaves: Behaves) {
        self.state.lock().unwrap().behaves = behaves;
    }

    /// From now on it refuses what is told of a thing, and of nothing else.
    pub fn refuse(&self, id: &str) {
        self.state.lock().unwrap().refused.push(id.to_owned());
    }

    /// All that was sent, whatever was answered.
    pub fn got(&self) -> Vec<Got> {
        self.state.lock().unwrap().got.clone()
    }

    /// How often somebody connected.
    pub fn connects(&self) -> usize {
        self.state.lock().unwrap().connects
    }

    /// The versions of each thing in the order in which they first arrived.
    pub fn versions(&self) -> HashMap<String, Vec<i64>> {
        let mut seen: HashMap<String, Vec<i64>> = HashMap::new();
        for got in self.got() {
            let body = got.json();
            let version = body["data"]["version"].as_i64().unwrap();
            let versions = seen.entry(body["data"]["id"].as_str().unwrap().to_owned()).or_default();
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
        seen
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    while let Some(got) = request(&mut stream).await {
        let behaves = {
            let mut state = state.lock().unwrap();
            let is_refused = state.refused.iter().any(|id| got.body.contains(id.as_str()));
            state.got.push(got);
            if is_refused && state.behaves == TAKES { Behaves::Answers(500, "") } else { state.behaves }
        };
        if let Behaves::TakesItsTime(milliseconds) = behaves {
            sleep(Duration::from_millis(milliseconds)).await;
        }
        match behaves {
            Behaves::Answers(..) | Behaves::TakesItsTime(_) => {
                let (status, header) =
                    if let Behaves::Answers(status, header) = behaves { (status, header) } else { (204, "") };
                let answer = format!("HTTP/1.1 {status} X\r\n{header}content-length: 0\r\n\r\n");
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
            Behaves::Hangs => std::future::pending::<()>().await,
            Behaves::HangsUp => return,
        }
    }
}

/// Reads one request; nothing when the other side has hung up.
async fn request(stream: &mut TcpStream) -> Option<Got> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut chunk).await.ok()? {
            0 => return None,
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).ok()?;
    let headers: HashMap<String, String> = text
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length")?.parse().ok()?;
    while bytes.len() < head + length {
        match stream.read(&mut chunk).await.ok()? {
            0 => return None,
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    }
    Some(Got {
        id: headers.get("webhook-id")?.clone(),
        seconds: headers.get("webhook-timestamp")?.parse().ok()?,
        signature: headers.get("webhook-signature")?.clone(),
        body: String::from_utf8(bytes[head..head + length].to_vec()).ok()?,
        arrived: Instant::now(),
    })
}
