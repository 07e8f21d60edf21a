//! Getting in: an application shows its secret, or an app hands in what an identity provider said of a member. Both get an
//! access token of ten minutes that names the epochs of the moment, so that it ends when access does.

mod budget;
mod client;
mod keys;
mod member;

use crate::app::App;
use crate::domain::rule::Fault;
use crate::domain::sealed::Private;
use crate::domain::sign_in::{Granted, NotGranted, SECRET_BYTES, TOKEN_SECONDS, written};
use crate::token::{Claims, Kind};
use uuid::Uuid;

/// For whom a token is issued.
pub(super) struct Bearer {
    pub id: Uuid,
    pub organization: Uuid,
    pub kind: Kind,
    pub epoch: i32,
    pub organization_epoch: i32,
    /// The OAuth client that asked.
    pub client: String,
    pub scope: String,
}

/// Issues a token that is good from now on.
pub(super) fn issue(app: &App, bearer: Bearer) -> Result<Granted, NotGranted> {
    let now = app.clock.now().as_second();
    let seconds = TOKEN_SECONDS.min(app.tokens.max_lifetime_seconds());
    let issued = app.tokens.issue(&Claims {
        iss: app.tokens.issuer().to_owned(),
        aud: app.tokens.audience().to_owned(),
        sub: bearer.id,
        org: bearer.organization,
        kind: bearer.kind,
        iat: now,
        nbf: now,
        exp: now + seconds,
        jti: Uuid::now_v7(),
        client_id: bearer.client,
        epoch: bearer.epoch,
        org_epoch: bearer.organization_epoch,
        scope: bearer.scope.clone(),
    });
    let token = issued.map_err(|error| {
        tracing::error!(error = %error, "a token can't be issued");
        NotGranted::Broken
    })?;
    // Applications show a secret; members hand in the token of their identity provider.
    let is_exchanged = bearer.kind == Kind::Member;
    Ok(Granted { token: Private::new(token), seconds, scope: bearer.scope, is_exchanged })
}

/// A secret made of the operating system's randomness, with the hash that is kept of it.
///
/// # Errors
/// No randomness.
pub fn new_secret(app: &App, prefix: &'static str) -> Result<(Private<String>, String), Fault> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| Fault::Randomness)?;
    let secret = written(prefix, bytes);
    let hash = app.sealer.keyed_hash(prefix, secret.expose());
    Ok((secret, hash))
}

/// A fault of ours, told to whoever asks for a token.
pub(super) fn told(fault: Fault, request: &str) -> NotGranted {
    crate::app::log_fault(&fault, request);
    if matches!(fault, Fault::Unavailable(_)) { NotGranted::Unavailable } else { NotGranted::Broken }
}
