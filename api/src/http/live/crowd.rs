//! How many connections are open, and whose: whoever opens many leaves room for others.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// How many connections may be open at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// Of everybody, on this node; more are told 503.
    pub node: usize,
    /// From one address, IPv6 by its first 64 bits, on this node; more are told 429.
    pub address: usize,
    /// Of one member or application, on this node; more are told 4429, or 429 where they ask for server-sent events.
    pub caller: usize,
    /// Of one organization, as of one caller.
    pub organization: usize,
}

impl Connections {
    /// So many in all, and nobody's are counted by themselves.
    #[must_use]
    pub const fn of_all(node: usize) -> Self {
        Self { node, address: node, caller: node, organization: node }
    }
}

impl Default for Connections {
    fn default() -> Self {
        Self { node: 20_000, address: 2_000, caller: 500, organization: 5_000 }
    }
}

/// Whose connections are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whose {
    Address(u128),
    Caller(Uuid),
    Organization(Uuid),
}

/// Why there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// The node has no room for anybody.
    Node,
    /// They have all the room that one may have.
    Theirs,
}

type Counts = Arc<Mutex<HashMap<Whose, usize>>>;

/// All who are connected.
pub struct Crowd {
    node: Arc<Semaphore>,
    counts: Counts,
    most: Connections,
}

/// The room that one connection takes, until it is dropped.
pub struct Room {
    _node: OwnedSemaphorePermit,
    counts: Counts,
    taken: Vec<Whose>,
}

impl Crowd {
    /// Nobody yet.
    pub fn new(most: Connections) -> Self {
        Self { node: Arc::new(Semaphore::new(most.node)), counts: Counts::default(), most }
    }

    /// Room for a connection from an address.
    ///
    /// # Errors
    /// Why there is none.
    pub fn enter(&self, address: IpAddr) -> Result<Room, Full> {
        let permit = Arc::clone(&self.node).try_acquire_owned().map_err(|_| Full::Node)?;
        let mut room = Room { _node: permit, counts: Arc::clone(&self.counts), taken: Vec::new() };
        let address = match address.to_canonical() {
            IpAddr::V4(address) => u128::from(u32::from(address)),
            IpAddr::V6(address) => u128::from(address) >> 64 | 1 << 64,
        };
        if room.take(Whose::Address(address), self.most.address) { Ok(room) } else { Err(Full::Theirs) }
    }

    /// Whether there is also room for one more connection of a caller and their organization. Asked once for each.
    pub fn admits(&self, room: &mut Room, caller: Uuid, organization: Uuid) -> bool {
        room.take(Whose::Caller(caller), self.most.caller)
            && room.take(Whose::Organization(organization), self.most.organization)
    }

    /// How many connections are open now.
    pub fn open(&self) -> usize {
        self.most.node - self.node.available_permits()
    }
}

impl Room {
    fn take(&mut self, whose: Whose, most: usize) -> bool {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(whose).or_default();
        if *count >= most {
            return false;
        }
        *count += 1;
        self.taken.push(whose);
        true
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for whose in self.taken.drain(..) {
            if let Entry::Occupied(mut count) = counts.entry(whose) {
                *count.get_mut() -= 1;
                if *count.get() == 0 {
                    count.remove();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_the_room_of_all() {
        let crowd = Crowd::new(Connections { node: 5, address: 3, caller: 2, organization: 3 });
        let (here, there) = ("2001:db8::1".parse().unwrap(), "192.0.2.1".parse().unwrap());
        let (one, other, organization) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let mut rooms: Vec<Room> = (0..3).map(|_| crowd.enter(here).ok().unwrap()).collect();
        assert_eq!(crowd.enter("2001:db8::2".parse().unwrap()).err(), Some(Full::Theirs), "one network, one count");
        assert!(crowd.admits(&mut rooms[0], one, organization) && crowd.admits(&mut rooms[1], one, organization));
        assert!(!crowd.admits(&mut rooms[2], one, organization), "the third of a caller");
        assert!(crowd.admits(&mut rooms[2], other, organization));
        let mut more = crowd.enter(there).ok().unwrap();
        assert!(!crowd.admits(&mut more, Uuid::from_u128(4), organization), "the fourth of an organization");
        let _last = crowd.enter(there).ok().unwrap();
        assert_eq!((crowd.enter(there).err(), crowd.open()), (Some(Full::Node), 5));
        drop((rooms, more));
        assert_eq!(crowd.open(), 1);
        assert_eq!(crowd.counts.lock().unwrap().len(), 1, "nothing is kept of those who left");
    }
}
