//! Access tokens: who may issue them, what they say, and when one is believed.
//!
//! A token is a signed JWT of the access-token profile (RFC 9068), checked as RFC 8725 asks:
//! the type, the algorithm and the keys come from our configuration and never from the token.
//! There is one algorithm, Ed25519; `jsonwebtoken` reaches it through [`provider`], so that the
//! `rsa` crate stays out of the program. Whatever is wrong with a token, the answer is one and
//! the same [`BadToken`], so that a refusal teaches an attacker nothing.
//!
//! - [`keyring`]: the signing key, the keys of a rotation, issuing and the published key set.
//! - [`claims`]: what a token says.
//! - [`verify`]: when a token is believed.

mod claims;
mod keyring;
mod pem;
mod provider;
mod seen;
mod verify;

#[cfg(test)]
mod bad_tokens;

pub use claims::{Claims, Kind};
pub use keyring::{
    DEMO_AUDIENCE, DEMO_ISSUER, DEMO_LIFETIME_SECONDS, IssueError, Keyring, KeyringError, PRODUCTION_LIFETIME_SECONDS,
};
pub use verify::{BadToken, MAX_TOKEN_BYTES, SKEW_SECONDS};
