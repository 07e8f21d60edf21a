//! The side that asks: a process of its own, so that its work is not counted as the server's. It speaks just enough
//! HTTP for connections that stay open, and checks every answer.

use crate::failure::Done;
use crate::random::Random;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What an answer must hold, by JSON pointer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Expect {
    /// A list of so many items.
    Items(String, usize),
    /// This number.
    Number(String, i64),
    /// A text that begins so.
    Text(String, String),
}

impl Expect {
    fn holds(&self, answer: &Value) -> bool {
        match self {
            Self::Items(at, count) => {
                answer.pointer(at).and_then(Value::as_array).is_some_and(|items| items.len() == *count)
            }
            Self::Number(at, number) => answer.pointer(at).and_then(Value::as_i64) == Some(*number),
            Self::Text(at, begin) => {
                answer.pointer(at).and_then(Value::as_str).is_some_and(|text| text.starts_with(begin))
            }
        }
    }
}

/// A request, and what must come back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ask {
    /// The token's place in the list; none for the public.
    pub token: Option<usize>,
    pub variables: Value,
    pub expect: Vec<Expect>,
}

/// What this process is to do.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job {
    /// `host:port`.
    pub address: String,
    pub document: String,
    pub tokens: Vec<String>,
    pub asks: Vec<Ask>,
    /// Whether each request is sent once, in order; the job ends early when they are used up.
    pub once: bool,
    pub seconds: f64,
    pub connections: usize,
    pub seed: u64,
}

/// What came of it. Times are microseconds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Ran {
    pub done: usize,
    pub seconds: f64,
    pub p50: u64,
    pub p90: u64,
    pub p99: u64,
    /// Bytes of an answer's body, on average.
    pub bytes: f64,
    /// The first answers that were not as they must be.
    pub wrong: Vec<String>,
}

/// Does a job.
pub async fn drive(job: Job) -> Done<Ran> {
    let job = Arc::new(job);
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let end = began + Duration::from_secs_f64(job.seconds);
    let running: Vec<_> = (0..job.connections)
        .map(|number| tokio::spawn(connection(Arc::clone(&job), Arc::clone(&next), number as u64, end)))
        .collect();
    let (mut times, mut bytes, mut wrong) = (Vec::new(), 0, Vec::new());
    for one in running {
        let seen = one.await??;
        times.extend(seen.times);
        bytes += seen.bytes;
        wrong.extend(seen.wrong);
    }
    times.sort_unstable();
    let seconds = began.elapsed().as_secs_f64();
    let part = |share: usize| times.get(times.len().saturating_sub(1) * share / 100).copied().unwrap_or_default();
    let (p50, p90, p99) = (part(50), part(90), part(99));
    wrong.truncate(3);
    Ok(Ran { done: times.len(), seconds, p50, p90, p99, bytes: bytes as f64 / times.len().max(1) as f64, wrong })
}

#[derive(Default)]
struct Seen {
    times: Vec<u64>,
    bytes: usize,
    wrong: Vec<String>,
}

async fn connection(job: Arc<Job>, next: Arc<AtomicUsize>, number: u64, end: Instant) -> Done<Seen> {
    let mut random = Random::new(job.seed ^ (number << 32));
    let mut stream = TcpStream::connect(&job.address).await?;
    stream.set_nodelay(true)?;
    let (mut seen, mut buffer) = (Seen::default(), Vec::with_capacity(64 * 1024));
    while Instant::now() < end {
        let place = if job.once { next.fetch_add(1, Ordering::Relaxed) } else { random.below(job.asks.len()) };
        let Some(ask) = job.asks.get(place) else { break };
        let request = written(&job, ask);
        let sent = Instant::now();
        stream.write_all(&request).await?;
        let (status, body) = read(&mut stream, &mut buffer).await?;
        seen.times.push(u64::try_from(sent.elapsed().as_micros())?);
        seen.bytes += body.len();
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        let right = status == 200 && answer.get("errors").is_none() && ask.expect.iter().all(|it| it.holds(&answer));
        if !right && seen.wrong.len() < 3 {
            let text: String = String::from_utf8_lossy(body).chars().take(600).collect();
            seen.wrong.push(format!("{} gave {status} {text}", ask.variables));
        }
    }
    Ok(seen)
}

fn written(job: &Job, ask: &Ask) -> Vec<u8> {
    let body = json!({ "query": job.document, "variables": ask.variables }).to_string();
    let bearer = match ask.token.and_then(|place| job.tokens.get(place)) {
        Some(token) => format!("authorization: Bearer {token}\r\n"),
        None => String::new(),
    };
    format!(
        "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
         accept: application/graphql-response+json\r\n{bearer}content-length: {}\r\n\r\n{body}",
        job.address,
        body.len()
    )
    .into_bytes()
}

/// Reads one answer: its status and its body, which lies in `buffer`.
async fn read<'a>(stream: &mut TcpStream, buffer: &'a mut Vec<u8>) -> Done<(u16, &'a [u8])> {
    buffer.clear();
    let (start, length, status) = loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the server closed the connection".into());
        }
        if let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let head = std::str::from_utf8(&buffer[..end])?.to_ascii_lowercase();
            let status = head.split(' ').nth(1).ok_or("no status")?.parse()?;
            let length = head.split("\r\ncontent-length:").nth(1).and_then(|rest| rest.lines().next());
            break (end + 4, length.ok_or("no content-length")?.trim().parse::<usize>()?, status);
        }
    };
    while buffer.len() < start + length {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the server closed the connection".into());
        }
    }
    Ok((status, &buffer[start..start + length]))
}
