//! The keys that sign and verify access tokens.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{SigningKey, VerifyingKey};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::claims::Claims;
use super::seen::Seen;
use super::{pem, provider, verify};

/// The issuer of the demonstration; a production keyring refuses it.
pub const DEMO_ISSUER: &str = "https://demo.passerelle.invalid";
/// The audience of the demonstration.
pub const DEMO_AUDIENCE: &str = "https://demo.passerelle.invalid/graphql";
/// The longest lifetime of a token in production: ten minutes.
pub const PRODUCTION_LIFETIME_SECONDS: i64 = 600;
/// The longest lifetime of a token in the demonstration: twelve hours.
pub const DEMO_LIFETIME_SECONDS: i64 = 43_200;

/// Why no keyring could be made. No variant carries key material.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// The signing key is not an Ed25519 private key in PKCS#8 PEM.
    #[error("the signing key is not an Ed25519 private key in PKCS#8 PEM form")]
    SigningKey,
    /// One of the verifying keys is not an Ed25519 key in PEM; its position counts from 0.
    #[error("verifying key number {0} is not an Ed25519 key in PEM form")]
    VerifyingKey(usize),
    /// The issuer is empty, not an `https` URL, or belongs to the demonstration.
    #[error("the issuer must be an https URL of this deployment, not the demonstration's")]
    Issuer,
    /// The audience is empty or belongs to the demonstration.
    #[error("the audience must be a text of this deployment, not the demonstration's")]
    Audience,
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness for a key")]
    Randomness,
    /// Other code in this process installed another crypto provider first.
    #[error("another token crypto provider is already installed in this process")]
    OtherProvider,
}

/// Why a token was not issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// The claims name another issuer or audience, or contradict themselves.
    #[error("the claims do not fit this keyring")]
    Claims,
    /// Signing failed; with a sound keyring it cannot.
    #[error("the token could not be signed")]
    Signing,
}

/// One active signing key and any number of keys that only verify.
///
/// To rotate without a refused request: give every node the new public key as a verifying key,
/// then make it the signing key everywhere and keep the old one as a verifying key for one
/// token lifetime, then drop it. Secrets are wiped from memory when the keyring is dropped.
pub struct Keyring {
    issuer: String,
    audience: String,
    max_lifetime: i64,
    active_kid: String,
    signing: EncodingKey,
    /// By key id: the raw public key and its form for verification.
    verifying: BTreeMap<String, Published>,
    pub(super) seen: Seen,
}

struct Published {
    x: String,
    key: DecodingKey,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keyring").field("active_kid", &self.active_kid).finish_non_exhaustive()
    }
}

impl Keyring {
    /// A keyring for production; tokens live at most [`PRODUCTION_LIFETIME_SECONDS`].
    ///
    /// `signing_pem` is a private key as `openssl genpkey -algorithm ed25519` writes it;
    /// `verifying_pems` are public keys, or private ones of which only the public half is kept.
    ///
    /// # Errors
    /// A [`KeyringError`] when a key cannot be read or the issuer or audience is the
    /// demonstration's.
    pub fn production(
        issuer: &str,
        audience: &str,
        signing_pem: &str,
        verifying_pems: &[&str],
    ) -> Result<Self, KeyringError> {
        let host = issuer.strip_prefix("https://").unwrap_or_default();
        if host.is_empty() || host.starts_with('/') || is_demo(issuer) || has_blank(issuer) {
            return Err(KeyringError::Issuer);
        }
        if audience.is_empty() || is_demo(audience) || has_blank(audience) {
            return Err(KeyringError::Audience);
        }
        let signing = pem::signing_key(signing_pem).ok_or(KeyringError::SigningKey)?;
        let mut others = Vec::with_capacity(verifying_pems.len());
        for (index, text) in verifying_pems.iter().enumerate() {
            others.push(pem::verifying_key(text).ok_or(KeyringError::VerifyingKey(index))?);
        }
        Self::assemble(issuer, audience, PRODUCTION_LIFETIME_SECONDS, &signing, &others)
    }

    /// A keyring for the demonstration: a fresh key from the operating system, the issuer
    /// [`DEMO_ISSUER`], tokens of at most [`DEMO_LIFETIME_SECONDS`].
    ///
    /// # Errors
    /// [`KeyringError::Randomness`] or [`KeyringError::OtherProvider`].
    pub fn generate_demo() -> Result<Self, KeyringError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| KeyringError::Randomness)?;
        let signing = SigningKey::from_bytes(&seed);
        // The copy on the stack goes; `SigningKey` and `EncodingKey` wipe their own.
        seed.fill(0);
        std::hint::black_box(&seed);
        Self::assemble(DEMO_ISSUER, DEMO_AUDIENCE, DEMO_LIFETIME_SECONDS, &signing, &[])
    }

    fn assemble(
        issuer: &str,
        audience: &str,
        max_lifetime: i64,
        signing: &SigningKey,
        others: &[VerifyingKey],
    ) -> Result<Self, KeyringError> {
        if !provider::install() {
            return Err(KeyringError::OtherProvider);
        }
        let active = signing.verifying_key();
        let mut verifying = BTreeMap::new();
        for key in std::iter::once(&active).chain(others) {
            let x = URL_SAFE_NO_PAD.encode(key.as_bytes());
            let published = Published { key: DecodingKey::from_ed_der(key.as_bytes()), x };
            verifying.insert(thumbprint(&published.x), published);
        }
        Ok(Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            max_lifetime,
            active_kid: thumbprint(&URL_SAFE_NO_PAD.encode(active.as_bytes())),
            signing: EncodingKey::from_ed_der(signing.as_bytes()),
            verifying,
            seen: Seen::default(),
        })
    }

    /// The issuer every token of this keyring names.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The audience every token of this keyring names.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// The longest lifetime of a token, in seconds.
    #[must_use]
    pub fn max_lifetime_seconds(&self) -> i64 {
        self.max_lifetime
    }

    /// The id of the key that signs now: its RFC 7638 thumbprint.
    #[must_use]
    pub fn active_kid(&self) -> &str {
        &self.active_kid
    }

    /// Signs the claims with the active key.
    ///
    /// # Errors
    /// [`IssueError::Claims`] when [`Keyring::verify`] would refuse the result at every time.
    pub fn issue(&self, claims: &Claims) -> Result<String, IssueError> {
        let ours = claims.iss == self.issuer && claims.aud == self.audience;
        if !ours || !claims.are_sound(self.max_lifetime) {
            return Err(IssueError::Claims);
        }
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(verify::TOKEN_TYPE.to_owned());
        header.kid = Some(self.active_kid.clone());
        jsonwebtoken::encode(&header, claims, &self.signing).map_err(|_| IssueError::Signing)
    }

    /// The public keys as a JSON Web Key Set, for `/.well-known/jwks.json`.
    #[must_use]
    pub fn jwks(&self) -> serde_json::Value {
        let keys: Vec<_> = self
            .verifying
            .iter()
            .map(|(kid, published)| {
                json!({
                    "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
                    "kid": kid, "x": published.x,
                })
            })
            .collect();
        json!({ "keys": keys })
    }

    /// The key of that id, when we know it.
    pub(super) fn key(&self, kid: &str) -> Option<&DecodingKey> {
        self.verifying.get(kid).map(|published| &published.key)
    }
}

/// RFC 7638: the hash of the required members in their fixed order, without blanks.
fn thumbprint(x: &str) -> String {
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.as_bytes()))
}

fn is_demo(text: &str) -> bool {
    text.to_ascii_lowercase().contains("demo.passerelle.invalid")
}

fn has_blank(text: &str) -> bool {
    text.chars().any(|character| character.is_whitespace() || character.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key and thumbprint of RFC 8037, appendix A.
    #[test]
    fn the_key_id_is_the_thumbprint_of_rfc_8037() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        assert_eq!(thumbprint(x), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn nothing_secret_is_shown_for_debugging() {
        let ring = Keyring::generate_demo().unwrap();
        let shown = format!("{ring:?}");
        assert_eq!(shown, format!("Keyring {{ active_kid: {:?}, .. }}", ring.active_kid()));
    }

    #[test]
    fn two_demonstrations_have_two_keys() {
        let (one, two) = (Keyring::generate_demo().unwrap(), Keyring::generate_demo().unwrap());
        assert_ne!(one.active_kid(), two.active_kid());
        assert_eq!(one.jwks()["keys"].as_array().unwrap().len(), 1);
        assert_eq!(one.jwks()["keys"][0].get("d"), None);
    }
}
