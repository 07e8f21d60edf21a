//! A budget of wrong guesses at case identifiers.

use std::collections::HashMap;
use std::sync::Mutex;
use uuid::Uuid;

/// Wrong guesses that one principal may make in an hour.
pub const PER_PRINCIPAL: u32 = 20;
/// Wrong guesses that one organization may make in an hour.
pub const PER_ORGANIZATION: u32 = 200;
const HOUR: i64 = 3_600_000_000;

/// Counts wrong guesses by hour, on this node.
#[derive(Debug, Default)]
pub struct Misses(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    hour: i64,
    by_key: HashMap<Uuid, u32>,
}

impl Misses {
    /// Whether another guess may be made at `now`, in UTC microseconds.
    #[must_use]
    pub fn allows(&self, organization: Uuid, principal: Uuid, now: i64) -> bool {
        let counted = self.at(now);
        let made = |key: &Uuid| counted.by_key.get(key).copied().unwrap_or_default();
        made(&principal) < PER_PRINCIPAL && made(&organization) < PER_ORGANIZATION
    }

    /// Counts a wrong guess.
    pub fn note(&self, organization: Uuid, principal: Uuid, now: i64) {
        let mut counted = self.at(now);
        for key in [organization, principal] {
            *counted.by_key.entry(key).or_default() += 1;
        }
    }

    fn at(&self, now: i64) -> std::sync::MutexGuard<'_, Counted> {
        let mut counted = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let hour = now.div_euclid(HOUR);
        if counted.hour != hour {
            *counted = Counted { hour, by_key: HashMap::new() };
        }
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_guesses_is_stopped_until_the_next_hour() {
        let (misses, organization, principal) = (Misses::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        for _ in 0..PER_PRINCIPAL {
            assert!(misses.allows(organization, principal, 0));
            misses.note(organization, principal, 0);
        }
        assert!(!misses.allows(organization, principal, HOUR - 1));
        assert!(misses.allows(organization, Uuid::from_u128(3), 0), "colleagues have their own");
        assert!(misses.allows(organization, principal, HOUR));
    }
}
