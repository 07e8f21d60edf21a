//! What an access token says.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whether a token speaks for a person or for a program of a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A member of an organization: a person.
    Member,
    /// A client application of an organization: a program.
    Client,
}

/// The claims of an access token; every one of them is required.
///
/// Times are whole seconds since 1970-01-01T00:00:00Z. There is no `Debug` that shows the ids,
/// because claims travel close to log lines.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The issuer; equal to the one the keyring was made with.
    pub iss: String,
    /// The audience; equal to the one the keyring was made with.
    pub aud: String,
    /// The id of the member or client application the token speaks for.
    pub sub: Uuid,
    /// The id of the organization the subject acts for.
    pub org: Uuid,
    /// Person or program.
    pub kind: Kind,
    /// When the token was issued.
    pub iat: i64,
    /// The first second the token may be used; not before `iat`.
    pub nbf: i64,
    /// The first second the token may no longer be used.
    pub exp: i64,
    /// The id of this one token.
    pub jti: Uuid,
    /// The OAuth client that obtained the token: 1 to 128 printable ASCII characters.
    pub client_id: String,
    /// The revocation epoch of the member or client when the token was issued; 0 or more.
    pub epoch: i32,
    /// The revocation epoch of the organization when the token was issued; 0 or more.
    pub org_epoch: i32,
    /// What the token may be used for: scopes with one space between them, or nothing.
    pub scope: String,
}

impl fmt::Debug for Claims {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Claims").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Claims {
    /// Whether the claims hold together by themselves, whatever the time is: their order in
    /// time, a lifetime of at most `max_lifetime` seconds, ids that are not empty, epochs that
    /// are not negative.
    pub(super) fn are_sound(&self, max_lifetime: i64) -> bool {
        let ordered = self.iat >= 0 && self.iat <= self.nbf && self.nbf < self.exp;
        let lifetime = self.exp.saturating_sub(self.iat);
        let ids = ![self.sub, self.org, self.jti].iter().any(Uuid::is_nil);
        let client =
            (1..=128).contains(&self.client_id.len()) && self.client_id.bytes().all(|byte| byte.is_ascii_graphic());
        let scope = self.scope.len() <= 1024 && self.scope.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        let epochs = self.epoch >= 0 && self.org_epoch >= 0;
        ordered && lifetime <= max_lifetime && ids && client && scope && epochs
    }
}
