//! When an access token is believed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;

use super::claims::Claims;
use super::keyring::Keyring;

/// The one media type of our tokens, compared exactly.
pub(super) const TOKEN_TYPE: &str = "at+jwt";
/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 4096;
/// How far the clocks of issuer and server may differ, in seconds.
pub const SKEW_SECONDS: i64 = 30;

/// The token is not believed. There is one such answer, whatever the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the access token is not valid")]
pub struct BadToken;

/// The header we accept: these three members and no other, so that `crit`, `jku`, `jwk`, `x5u`
/// and whatever comes next are refused without a list of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    typ: String,
    alg: String,
    kid: String,
}

impl Keyring {
    /// Reads a token at the instant `now`.
    ///
    /// # Errors
    /// [`BadToken`], the same for every fault: form, type, algorithm, key, signature, issuer,
    /// audience, times with [`SKEW_SECONDS`] of tolerance, a lifetime above the keyring's.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, BadToken> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(BadToken);
        }
        if let Some(claims) = self.seen.find(token) {
            return self.believe(claims, now.as_second());
        }
        let claims = self.believe(self.read(token)?, now.as_second())?;
        self.seen.keep(token, claims.clone(), now.as_second());
        Ok(claims)
    }

    /// What a token with the right form and signature says.
    fn read(&self, token: &str) -> Result<Claims, BadToken> {
        let mut parts = token.split('.');
        let (Some(header), Some(_), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(BadToken);
        };
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| BadToken)?;
        let header: StrictHeader = serde_json::from_slice(&header).map_err(|_| BadToken)?;
        if header.typ != TOKEN_TYPE || header.alg != "EdDSA" {
            return Err(BadToken);
        }
        let key = self.key(&header.kid).ok_or(BadToken)?;
        let read = jsonwebtoken::decode::<Claims>(token, key, &self.validation()).map_err(|_| BadToken)?;
        Ok(read.claims)
    }

    /// The library checks the signature, that the algorithm is ours, issuer and audience. Times
    /// are checked here, because the library would ask the machine's clock.
    fn validation(&self) -> Validation {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        validation.set_issuer(&[self.issuer()]);
        validation.set_audience(&[self.audience()]);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }

    fn believe(&self, claims: Claims, now: i64) -> Result<Claims, BadToken> {
        let ours = claims.iss == self.issuer() && claims.aud == self.audience();
        let begun = claims.iat <= now.saturating_add(SKEW_SECONDS) && claims.nbf <= now.saturating_add(SKEW_SECONDS);
        let not_over = now < claims.exp.saturating_add(SKEW_SECONDS);
        let sound = claims.are_sound(self.max_lifetime_seconds());
        if ours && begun && not_over && sound { Ok(claims) } else { Err(BadToken) }
    }
}
