//! Tokens whose signature was found right before, so that a caller's next requests need not have it checked again.
//! Times, and whether access still stands, are checked with every request all the same.

use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::claims::Claims;

/// How many tokens are remembered: more than people at work on one node at a time.
const MOST: usize = 4096;

/// A token by its SHA-256: the token itself is not kept.
type Fingerprint = [u8; 32];

/// The tokens seen, with what they say.
#[derive(Default)]
pub(super) struct Seen(Mutex<HashMap<Fingerprint, Claims>>);

impl Seen {
    /// What a token that was kept says.
    pub(super) fn find(&self, token: &str) -> Option<Claims> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&fingerprint(token)).cloned()
    }

    /// Keeps a token whose signature is right. When there are too many, those that are over at `now` are forgotten, and
    /// all of them if that is not enough: then each is checked once more.
    pub(super) fn keep(&self, token: &str, claims: Claims, now: i64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, kept| kept.exp > now);
            if known.len() >= MOST {
                known.clear();
            }
        }
        known.insert(fingerprint(token), claims);
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

fn fingerprint(token: &str) -> Fingerprint {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{DEMO_LIFETIME_SECONDS, Keyring, Kind};
    use jiff::Timestamp;
    use uuid::Uuid;

    const NOW: i64 = 1_795_000_000;

    fn claims(tokens: &Keyring, exp: i64) -> Claims {
        Claims {
            iss: tokens.issuer().to_owned(),
            aud: tokens.audience().to_owned(),
            sub: Uuid::from_u128(1),
            org: Uuid::from_u128(2),
            kind: Kind::Member,
            iat: NOW,
            nbf: NOW,
            exp,
            jti: Uuid::now_v7(),
            client_id: "test".into(),
            epoch: 0,
            org_epoch: 0,
            scope: String::new(),
        }
    }

    #[test]
    fn a_known_token_is_over_when_its_time_is() {
        let tokens = Keyring::generate_demo().unwrap();
        let token = tokens.issue(&claims(&tokens, NOW + 60)).unwrap();
        let at = |second| tokens.verify(&token, Timestamp::from_second(second).unwrap()).is_ok();
        assert!(at(NOW) && at(NOW + 59));
        assert!(!at(NOW + 1_000) && !at(NOW - 1_000), "known, and still bound to its times");
    }

    #[test]
    fn a_changed_token_is_another_one() {
        let tokens = Keyring::generate_demo().unwrap();
        let token = tokens.issue(&claims(&tokens, NOW + 60)).unwrap();
        let now = Timestamp::from_second(NOW).unwrap();
        assert!(tokens.verify(&token, now).is_ok());
        let (rest, signature) = token.rsplit_once('.').unwrap();
        let other = if signature.starts_with('A') { "B" } else { "A" };
        assert!(tokens.verify(&format!("{rest}.{other}{}", &signature[1..]), now).is_err());
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let tokens = Keyring::generate_demo().unwrap();
        let seen = Seen::default();
        for number in 0..MOST + 10 {
            seen.keep(&number.to_string(), claims(&tokens, NOW + DEMO_LIFETIME_SECONDS), NOW);
        }
        assert!(seen.count() <= MOST);
        assert!(seen.find(&(MOST + 9).to_string()).is_some());
    }
}
