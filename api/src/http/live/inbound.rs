//! Frames as they come in: each is bounded, and so is what waits for the rest of one.

use actix_codec::Decoder as _;
use actix_http::ws::{Codec, Frame, ProtocolError};
use actix_web::web::{self, Bytes, BytesMut};
use futures_util::StreamExt as _;

/// What a peer sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    Text(Bytes),
    Ping(Bytes),
    Pong,
    Close,
    /// Something that this protocol has no use for: bytes, or a message in several frames.
    Foreign,
    /// A frame that is too large.
    TooLarge,
    /// No WebSocket frame.
    Broken,
}

/// Frames of one peer.
pub struct Inbound {
    payload: web::Payload,
    codec: Codec,
    frame_bytes: usize,
    buffer: BytesMut,
}

impl Inbound {
    /// Reads frames of at most so many bytes.
    pub fn new(payload: web::Payload, frame_bytes: usize) -> Self {
        Self { payload, codec: Codec::new().max_size(frame_bytes), frame_bytes, buffer: BytesMut::new() }
    }

    /// The next frame; nothing once the peer is gone. It may be dropped and called again.
    pub async fn next(&mut self) -> Option<Sent> {
        loop {
            // By its head: the codec waits for all that a frame says it is before it looks at how much that is.
            if announced(&self.buffer).is_some_and(|bytes| bytes > self.frame_bytes as u64) {
                return Some(Sent::TooLarge);
            }
            match self.codec.decode(&mut self.buffer) {
                Ok(Some(frame)) => return Some(sent(frame)),
                Ok(None) => {}
                Err(ProtocolError::Overflow) => return Some(Sent::TooLarge),
                Err(_) => return Some(Sent::Broken),
            }
            if self.buffer.is_empty() {
                // Ten thousand idle peers keep no room for what they sent.
                self.buffer = BytesMut::new();
            }
            // A frame that is too large is refused by its head, so no more than one frame and one read wait here.
            let chunk = self.payload.next().await?.ok()?;
            self.buffer.extend_from_slice(&chunk);
        }
    }
}

/// How many bytes the frame that begins here says it carries; nothing while its head is not whole.
fn announced(buffer: &[u8]) -> Option<u64> {
    match buffer.get(1)? & 0x7f {
        126 => Some(u16::from_be_bytes(buffer.get(2..4)?.try_into().ok()?).into()),
        127 => Some(u64::from_be_bytes(buffer.get(2..10)?.try_into().ok()?)),
        short => Some(short.into()),
    }
}

fn sent(frame: Frame) -> Sent {
    match frame {
        Frame::Text(text) => Sent::Text(text),
        Frame::Ping(bytes) => Sent::Ping(bytes),
        Frame::Pong(_) => Sent::Pong,
        Frame::Close(_) => Sent::Close,
        Frame::Binary(_) | Frame::Continuation(_) => Sent::Foreign,
    }
}
