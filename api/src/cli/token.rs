//! Issuing an access token by hand, for a first try and for partners without an identity provider.

use uuid::Uuid;

use super::arguments::Token;
use super::configuration::{Keys, keyring_of};
use super::database::open_current;
use super::entry::named;
use super::entry_arguments::key;
use super::failed::{Ending, Failed};
use crate::domain::clock::{Clock as _, SystemClock};
use crate::domain::global_id::Kind;
use crate::store::subjects::Subject;
use crate::token::{Claims, IssueError, Keyring, Kind as TokenKind};

/// The OAuth client that is named in tokens issued here.
const CLIENT: &str = "passerelle-cli";

/// Issues a token for an active member or client application.
///
/// # Errors
/// The keys, the database, or a subject that is unknown or no longer active.
pub async fn token(asked: Token) -> Result<String, Failed> {
    let keys = Keys {
        signing: Some(asked.signing_key_file),
        verifying: Vec::new(),
        issuer: Some(asked.issuer),
        audience: Some(asked.audience),
    };
    let ring = keyring_of(keys)?;
    let (kind, id) = match (&asked.subject.member, &asked.subject.client) {
        (Some(id), _) => (Kind::Member, id),
        (None, id) => (Kind::ClientApplication, id.as_ref().ok_or_else(nobody)?),
    };
    let sub = key(kind, id).map_err(|what| Failed::with(Ending::Configuration, format!("{what}.")))?;
    let address = named(&asked.of)?;
    let door = open_current(&address).await?;
    let is_client = kind == Kind::ClientApplication;
    let found = door.subject(sub, is_client).await;
    door.close().await;
    let subject = found?.ok_or_else(nobody)?;
    let minutes = i64::from(asked.minutes);
    let issued = issue(&ring, &Bearer { sub, is_client, subject, client: CLIENT }, now(), minutes * 60);
    issued.map_err(|error| Failed::with(Ending::Broken, format!("{error}.")))
}

/// Whole seconds since 1970.
#[must_use]
pub fn now() -> i64 {
    SystemClock.now().as_second()
}

fn nobody() -> Failed {
    Failed::with(Ending::Refused, "There is no active member or client application with this id; add one first.")
}

/// Whom a token is issued for.
pub struct Bearer {
    pub sub: Uuid,
    pub is_client: bool,
    pub subject: Subject,
    pub client: &'static str,
}

/// Issues a token that is good from `now`, for `seconds`.
///
/// # Errors
/// The keyring refuses.
pub fn issue(ring: &Keyring, bearer: &Bearer, now: i64, seconds: i64) -> Result<String, IssueError> {
    ring.issue(&Claims {
        iss: ring.issuer().to_owned(),
        aud: ring.audience().to_owned(),
        sub: bearer.sub,
        org: bearer.subject.organization,
        kind: if bearer.is_client { TokenKind::Client } else { TokenKind::Member },
        iat: now,
        nbf: now,
        exp: now + seconds,
        jti: Uuid::now_v7(),
        client_id: bearer.client.to_owned(),
        epoch: bearer.subject.epoch,
        org_epoch: bearer.subject.organization_epoch,
        scope: String::new(),
    })
}
