//! What is followed: subscriptions over WebSocket (graphql-transport-ws) and as server-sent events (graphql-sse, distinct
//! connections). The executor's own transport is not used: it queues without bound, joins frames without bound and never
//! asks a token again. Here everything is bounded; whoever reads too slowly, or loses their access, is told where to go on.

mod access;
mod crowd;
mod events;
mod follow;
mod inbound;
mod message;
mod operation;
mod outbound;
mod socket;
mod upgrade;

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use tokio::sync::{Semaphore, watch};

pub(super) use events::{events, is_asked as asks_for_events};
pub(super) use upgrade::{is_asked as asks_for_socket, upgrade};

use super::address;
use super::code::Code;
use super::refusal::Refusal;
use crate::graphql::subscription::Shared;
use access::Access;
pub use crowd::Connections;
use crowd::{Crowd, Full, Room};

/// What a deployment may choose about what is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveSettings {
    /// Connections that are open at once, in all and of one caller.
    pub connections: Connections,
    /// Operations that run at once on one socket.
    pub operations: usize,
    /// The largest frame that is taken, in bytes; a message is one frame.
    pub frame_bytes: usize,
    /// The most messages that wait for one reader.
    pub queue_messages: usize,
    /// The most bytes that wait for one reader.
    pub queue_bytes: usize,
    /// How long a full queue may stay full before the reader is told to come back.
    pub patience: Duration,
    /// How long a peer may take to read what still waits for it and to close in its turn.
    pub farewell: Duration,
    /// How long a reader may take nothing at all before the connection is given up.
    pub stall: Duration,
    /// How long `connection_init` may take.
    pub init_deadline: Duration,
    /// How often access is asked again; what was asked may be as old as that once more.
    pub recheck: Duration,
    /// How often a silent peer is asked for a sign of life; after three without one it is given up.
    pub ping: Duration,
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            connections: Connections::default(),
            operations: 16,
            frame_bytes: 64 * 1024,
            queue_messages: 64,
            queue_bytes: 256 * 1024,
            patience: Duration::from_secs(5),
            farewell: Duration::from_secs(10),
            stall: Duration::from_secs(30),
            init_deadline: Duration::from_secs(10),
            recheck: Duration::from_secs(2),
            ping: Duration::from_secs(25),
        }
    }
}

/// What all connections of a door share.
pub struct Live {
    pub(super) settings: LiveSettings,
    crowd: Crowd,
    /// How many changes are made into messages at once.
    delivering: Semaphore,
    shared: Arc<Shared>,
    access: Access,
    closing: watch::Sender<bool>,
}

/// Changes made into messages at once, so that the others' requests have their turn.
const DELIVERING: usize = 64;

impl Live {
    pub(super) fn new(settings: LiveSettings) -> Self {
        Self {
            settings,
            crowd: Crowd::new(settings.connections),
            delivering: Semaphore::new(DELIVERING),
            shared: Arc::default(),
            access: Access::new(settings.recheck),
            closing: watch::channel(false).0,
        }
    }

    /// From now on connections are closed and none is taken.
    pub(super) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// How many connections are open now.
    pub(super) fn open(&self) -> usize {
        self.crowd.open()
    }

    /// Room for a connection.
    ///
    /// # Errors
    /// UNAVAILABLE while the node is full or goes down; RATE_LIMITED where too many come from this address.
    fn room(&self, request: &HttpRequest, proxies: usize) -> Result<Room, Refusal> {
        let is_leaving = *self.closing.borrow();
        match self.crowd.enter(address::of(request, proxies)) {
            Ok(room) if !is_leaving => Ok(room),
            Err(Full::Theirs) => Err(too_many()),
            Ok(_) | Err(Full::Node) => {
                Err(Refusal::new(Code::Unavailable, "Too many connections are open now; try again."))
            }
        }
    }
}

/// What is said to those who have all the connections that one may have.
fn too_many() -> Refusal {
    Refusal::new(
        Code::RateLimited,
        "You have as many connections open as one may have; close some, or try again later.",
    )
}
