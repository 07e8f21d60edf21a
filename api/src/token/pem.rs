//! Ed25519 keys from PEM text.

use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey};
use ed25519_dalek::{SigningKey, VerifyingKey};

/// Reads a private key as `openssl genpkey -algorithm ed25519` writes it (PKCS#8).
/// Nothing when the text is anything else; the text is never repeated.
pub(super) fn signing_key(text: &str) -> Option<SigningKey> {
    SigningKey::from_pkcs8_pem(text.trim()).ok()
}

/// Reads a key that may only verify: a public key (`openssl pkey -pubout`), or the private key
/// that used to sign, of which only the public half is kept.
pub(super) fn verifying_key(text: &str) -> Option<VerifyingKey> {
    let text = text.trim();
    let key = match VerifyingKey::from_public_key_pem(text) {
        Ok(key) => key,
        Err(_) => signing_key(text)?.verifying_key(),
    };
    // A key of small order would verify signatures nobody made.
    (!key.is_weak()).then_some(key)
}
