//! Signatures after Standard Webhooks 1.0: over the identifier, the time and the body, parted by full stops, so that a
//! captured webhook can neither be changed nor sent again later under another identifier.

use crate::domain::code::codes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The header with the identifier: the same however often something is sent.
pub const ID: &str = "webhook-id";
/// The header with the time of the attempt, in whole seconds since 1970.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signatures, parted by blanks.
pub const SIGNATURE: &str = "webhook-signature";

/// The fewest and the most bytes of a shared secret.
pub const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

codes! {
    /// How webhooks are signed.
    pub enum SigningKind {
        /// With a key pair, ed25519, `v1a`: you are given the public key, so that nobody who reads your settings can forge a webhook.
        KeyPair = "KEY_PAIR",
        /// With a shared secret, HMAC-SHA256, `v1`.
        SharedSecret = "SHARED_SECRET",
    }
}

/// A key that signs. Has no `Debug`, so that it does not end up in a log.
pub enum Key {
    /// 24 to 64 bytes, at least as good as chosen by chance.
    Shared(Vec<u8>),
    /// A private key.
    Pair(Box<SigningKey>),
}

impl Key {
    /// A key from 32 bytes of chance.
    #[must_use]
    pub fn of(kind: SigningKind, chance: [u8; 32]) -> Self {
        match kind {
            SigningKind::SharedSecret => Self::Shared(chance.to_vec()),
            SigningKind::KeyPair => Self::Pair(Box::new(SigningKey::from_bytes(&chance))),
        }
    }

    /// Reads a key in its written form; nothing when it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if let Some(secret) = text.strip_prefix("whsec_") {
            return STANDARD.decode(secret).ok().filter(|bytes| SECRET_BYTES.contains(&bytes.len())).map(Self::Shared);
        }
        let seed: [u8; 32] = STANDARD.decode(text.strip_prefix("whsk_")?).ok()?.try_into().ok()?;
        Some(Self::Pair(Box::new(SigningKey::from_bytes(&seed))))
    }

    /// The written form that signs: to be sealed.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Shared(secret) => format!("whsec_{}", STANDARD.encode(secret)),
            Self::Pair(key) => format!("whsk_{}", STANDARD.encode(key.to_bytes())),
        }
    }

    /// What a receiver verifies with: the secret itself, or the public key.
    #[must_use]
    pub fn verifier(&self) -> String {
        match self {
            Self::Shared(_) => self.written(),
            Self::Pair(key) => format!("whpk_{}", STANDARD.encode(key.verifying_key().to_bytes())),
        }
    }

    /// The signature of a webhook, with its scheme before it.
    #[must_use]
    pub fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        let signed = format!("{id}.{seconds}.{body}");
        match self {
            Self::Shared(secret) => {
                // HMAC takes keys of any length, so that there is no case that could fail.
                let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
                mac.update(signed.as_bytes());
                format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
            }
            Self::Pair(key) => format!("v1a,{}", STANDARD.encode(key.sign(signed.as_bytes()).to_bytes())),
        }
    }
}

/// The signatures of all keys that hold at the time, the newest first: while a key is being replaced, whoever verifies
/// with the old or with the new one finds theirs.
#[must_use]
pub fn signatures(keys: &[Key], id: &str, seconds: i64, body: &str) -> String {
    let signed: Vec<String> = keys.iter().map(|key| key.sign(id, seconds, body)).collect();
    signed.join(" ")
}
