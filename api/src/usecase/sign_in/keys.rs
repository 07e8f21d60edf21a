//! The keys of identity providers: fetched when they are wanted, kept in the database for all nodes and for after a
//! restart, looked at again every ten minutes and when a token names one that is not among them, and good for two days
//! while the provider is out of reach.

use crate::app::App;
use crate::domain::rule::Fault;
use crate::domain::sign_in::{MemberAsks, NotGranted};
use crate::oidc::{Expected, Keys, NotBelieved, Unverified, Vouched};
use crate::store::identities::Provider;
use std::time::Duration;

const SECOND: i64 = 1_000_000;
/// For how long keys are not looked at again.
const FRESH: i64 = 600 * SECOND;
/// For how long keys are good while newer ones can't be had.
const GOOD: i64 = 48 * 3_600 * SECOND;
/// How often a provider is asked at the most, whatever the tokens say.
const PAUSE: i64 = 10 * SECOND;
/// How often, and after how long, it is seen whether another node has fetched the keys that it went for.
const LOOKS: u32 = 8;
const LOOK_AFTER: Duration = Duration::from_millis(250);

/// Whom a token vouches for, with the providers of its issuer and audience.
pub(super) type Believed = Result<(Vec<Provider>, Vouched), NotGranted>;

/// Believes a token by the keys of its issuer.
///
/// # Errors
/// What the engine refuses. Inside: Grant, or Unavailable where no good keys are at hand and the provider is out of reach.
pub(super) async fn believed(app: &App, token: &Unverified, asks: &MemberAsks) -> Result<Believed, Fault> {
    let providers = app.store.providers(token.issuer(), token.given_to()).await?;
    let Some(first) = providers.first() else { return Ok(Err(NotGranted::Grant)) };
    let fresh = first.keys_at.is_some_and(|at| app.now() - at < FRESH);
    let mut provider = if fresh { first.clone() } else { refreshed(app, first).await? };
    let mut judged = judge(app, token, asks, &provider);
    if judged == Judged::UnknownKey {
        provider = refreshed(app, &provider).await?;
        judged = judge(app, token, asks, &provider);
    }
    let audience = provider.audience;
    Ok(match judged {
        Judged::Good(vouched) => {
            let same = providers.into_iter().filter(|provider| provider.audience == audience).collect();
            Ok((same, vouched))
        }
        Judged::NoKeys => Err(NotGranted::Unavailable),
        Judged::UnknownKey | Judged::Bad => Err(NotGranted::Grant),
    })
}

#[derive(PartialEq, Eq)]
enum Judged {
    Good(Vouched),
    UnknownKey,
    Bad,
    /// There are none, or they are too old.
    NoKeys,
}

fn judge(app: &App, token: &Unverified, asks: &MemberAsks, provider: &Provider) -> Judged {
    let good = provider.keys_at.is_some_and(|at| app.now() - at <= GOOD);
    let keys = provider.keys.as_deref().filter(|_| good).and_then(Keys::read);
    let Some(keys) = keys else { return Judged::NoKeys };
    let expected = Expected {
        issuer: &provider.issuer,
        audience: &provider.audience,
        nonce: asks.nonce.as_ref().map(|nonce| nonce.expose().as_str()),
        now: app.clock.now().as_second(),
    };
    match token.verify(&keys, expected) {
        Ok(vouched) => Judged::Good(vouched),
        Err(NotBelieved::UnknownKey) => Judged::UnknownKey,
        Err(NotBelieved::Bad) => Judged::Bad,
    }
}

/// The provider with the newest keys that can be had now. On one node one asks at a time and the others find what it got;
/// of several nodes one asks, and the others look whether it has.
async fn refreshed(app: &App, known: &Provider) -> Result<Provider, Fault> {
    let turn = app.providers.turn(known.id);
    let mine = turn.lock().await;
    let present = || async { Ok(app.store.provider(known.id).await?.unwrap_or_else(|| known.clone())) };
    let newest: Provider = present().await?;
    if newest.keys_at > known.keys_at {
        return Ok(newest);
    }
    let now = app.now();
    if app.store.claim_keys(known.id, now, now - PAUSE).await? {
        match app.providers.fetch(&known.issuer).await {
            Ok(keys) => app.store.keep_keys(known.id, &keys, now).await?,
            Err(why) => tracing::warn!(provider = %known.id, error = %why, "an identity provider's keys can't be had"),
        }
        return present().await;
    }
    drop(mine);
    let under_way = newest.tried_at.is_some_and(|tried| newest.keys_at.is_none_or(|at| at < tried));
    for _ in 0..if under_way { LOOKS } else { 0 } {
        tokio::time::sleep(LOOK_AFTER).await;
        let newest: Provider = present().await?;
        if newest.keys_at > known.keys_at {
            return Ok(newest);
        }
    }
    present().await
}
