//! When an identity token is believed (OpenID Connect Core, 3.1.3.7; RFC 8725).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::jwks::Keys;
use crate::token::SKEW_SECONDS;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;
/// How long ago a token may have been made, in seconds: an app hands it in right after the sign-in.
const OLDEST: i64 = 3600;
/// Members of a header that would tell us how to believe the token: where its key is, what must be understood first.
const NOT_THE_TOKENS_TO_SAY: [&str; 9] = ["crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc", "cty"];

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Said {
    iss: String,
    aud: Audience,
    sub: String,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    azp: Option<String>,
    nonce: Option<String>,
}

/// A token whose form is sound, and of which nothing is believed yet: what it says is good for finding whose keys to try.
pub struct Unverified {
    header: Header,
    said: Said,
    message: String,
    signature: Vec<u8>,
}

/// What a token must say.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub audience: &'a str,
    /// What the app gave to the provider; a token that has one is believed only from somebody who knows it.
    pub nonce: Option<&'a str>,
    /// Seconds since 1970.
    pub now: i64,
}

/// Whom a provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    pub subject: String,
    /// The token, by the SHA-256 of what was signed: the same for every spelling of its signature.
    pub fingerprint: String,
    /// The last second at which the token could be believed.
    pub until: i64,
}

/// A token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotBelieved {
    /// It names a key that is not among those at hand: newer ones may have it.
    UnknownKey,
    /// Whatever else. There is one such answer.
    Bad,
}

impl Unverified {
    /// Takes a token apart; nothing where its form is not sound.
    #[must_use]
    pub fn read(token: &str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (head, body) = message.split_once('.').filter(|(_, body)| !body.contains('.'))?;
        let head = URL_SAFE_NO_PAD.decode(head).ok()?;
        let members: Map<String, Value> = serde_json::from_slice(&head).ok()?;
        if NOT_THE_TOKENS_TO_SAY.iter().any(|name| members.contains_key(*name)) {
            return None;
        }
        let header: Header = serde_json::from_slice(&head).ok()?;
        let plain = header.typ.as_deref().is_none_or(|typ| typ.eq_ignore_ascii_case("JWT"));
        let said: Said = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        plain.then(|| Self { header, said, message: message.to_owned(), signature })
    }

    /// Who says to have made it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.said.iss
    }

    /// To whom it says to have been given.
    #[must_use]
    pub fn given_to(&self) -> Vec<String> {
        self.said.azp.clone().map_or_else(|| self.audiences().to_vec(), |party| vec![party])
    }

    fn audiences(&self) -> &[String] {
        match &self.said.aud {
            Audience::One(one) => std::slice::from_ref(one),
            Audience::Many(many) => many,
        }
    }

    /// Believes the token, or not.
    ///
    /// # Errors
    /// [`NotBelieved`].
    pub fn verify(&self, keys: &Keys, expected: Expected<'_>) -> Result<Vouched, NotBelieved> {
        if !matches!(self.header.alg.as_str(), "RS256" | "ES256" | "EdDSA") {
            return Err(NotBelieved::Bad);
        }
        let key = keys.find(self.header.kid.as_deref(), &self.header.alg).ok_or(NotBelieved::UnknownKey)?;
        if !key.verifies(self.message.as_bytes(), &self.signature) || !self.says(expected) {
            return Err(NotBelieved::Bad);
        }
        let until = self.said.exp.min(self.said.iat.saturating_add(OLDEST)).saturating_add(SKEW_SECONDS);
        let digest = Sha256::digest(self.message.as_bytes());
        Ok(Vouched { subject: self.said.sub.clone(), fingerprint: URL_SAFE_NO_PAD.encode(digest), until })
    }

    fn says(&self, expected: Expected<'_>) -> bool {
        let Said { iss, sub, exp, iat, nbf, azp, nonce, .. } = &self.said;
        let now = expected.now;
        let audiences = self.audiences();
        let for_us = audiences.iter().any(|one| one == expected.audience);
        // Where it is for several, it must say to whom it was given.
        let given_to_us = match azp {
            Some(party) => party == expected.audience,
            None => audiences.len() == 1,
        };
        let begun =
            *iat <= now.saturating_add(SKEW_SECONDS) && nbf.is_none_or(|nbf| nbf <= now.saturating_add(SKEW_SECONDS));
        let not_over = now < exp.saturating_add(SKEW_SECONDS) && *exp > *iat;
        let recent = *iat >= 0 && now.saturating_sub(*iat) <= OLDEST.saturating_add(SKEW_SECONDS);
        let somebody = (1..=255).contains(&sub.len()) && !sub.chars().any(char::is_control);
        let same_sign_in = nonce.as_deref() == expected.nonce;
        iss == expected.issuer && for_us && given_to_us && begun && not_over && recent && somebody && same_sign_in
    }
}
