//! What identity providers say of members: their identity tokens (OpenID Connect), and the keys by which they are believed.
//!
//! Our own tokens are believed by [`crate::token`] alone, with one algorithm and keys of our own; nothing here can make one
//! of those. Providers sign with RS256, ES256 or EdDSA: which of them, the key says, and the token must agree with it.

mod jwks;
mod verify;

#[cfg(test)]
mod bad_id_tokens;

pub use jwks::Keys;
pub use verify::{Expected, NotBelieved, Unverified, Vouched};

use crate::outgoing::{Call, NoClient, Outgoing};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Where identity providers are asked for their keys.
pub struct Providers {
    outgoing: Outgoing,
    turns: Mutex<HashMap<Uuid, Arc<tokio::sync::Mutex<()>>>>,
}

/// A provider's keys can't be had now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoKeys {
    /// It does not answer.
    #[error("the provider does not answer")]
    Silent,
    /// What it answers is no discovery document of this issuer, or no key set with a key that can be used.
    #[error("the provider answers something else")]
    Wrong,
}

impl Providers {
    /// Issuers are entered by operators, who may run one in their own network: so every address may be asked.
    ///
    /// # Errors
    /// The TLS client can't be made.
    pub fn new() -> Result<Self, NoClient> {
        Ok(Self { outgoing: Outgoing::new(|_| true)?, turns: Mutex::default() })
    }

    /// The turn to ask one provider: who waits for it finds the keys that another has fetched.
    #[must_use]
    pub fn turn(&self, provider: Uuid) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(provider).or_default())
    }

    /// The key set that an issuer publishes, as text that was found to hold keys.
    ///
    /// # Errors
    /// [`NoKeys`].
    pub async fn fetch(&self, issuer: &str) -> Result<String, NoKeys> {
        let at = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let found: serde_json::Value = serde_json::from_str(&self.get(&at).await?).map_err(|_| NoKeys::Wrong)?;
        // One issuer must not speak for another (OpenID Connect Discovery, 4.3).
        if found["issuer"].as_str() != Some(issuer) {
            return Err(NoKeys::Wrong);
        }
        let keys = self.get(found["jwks_uri"].as_str().ok_or(NoKeys::Wrong)?).await?;
        Keys::read(&keys).map(|_| keys).ok_or(NoKeys::Wrong)
    }

    async fn get(&self, url: &str) -> Result<String, NoKeys> {
        let reply = self.outgoing.send(Call::get(url)).await.map_err(|_| NoKeys::Silent)?;
        if reply.status != 200 {
            return Err(NoKeys::Silent);
        }
        String::from_utf8(reply.body.to_vec()).map_err(|_| NoKeys::Wrong)
    }
}
