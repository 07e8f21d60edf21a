//! What can be followed. The door keeps each subscription's place and hands over one change at a time: the document is
//! then executed for that one change, by fresh eyes, so that nothing is shown that a query would not show at that moment.

use crate::domain::actor::Actor;
use crate::domain::change::{self as domain, ChangeSubject, Followed, Side};
use crate::domain::global_id::Kind;
use crate::domain::id::ReferralId;
use crate::domain::referral::Status;
use crate::graphql::change::{Change, ReferralChange, followed, known};
use crate::graphql::context::Here;
use crate::graphql::error::bad_input;
use crate::graphql::scalar::{self, Cursor};
use crate::usecase::change::{self, Told};
use crate::usecase::node::Found;
use async_graphql::{Context, ID, InputObject, Subscription};
use futures_util::stream::{Stream, iter};
use lru::LruCache;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Where a subscription that is opened writes what it follows.
#[derive(Debug, Default)]
pub struct Opening(OnceLock<Followed>);

impl Opening {
    /// What is followed, once the document was executed.
    #[must_use]
    pub fn followed(&self) -> Option<Followed> {
        self.0.get().cloned()
    }
}

/// The change for which a subscription's document is executed.
#[derive(Debug, Clone)]
pub struct Delivery(pub Arc<domain::Change>);

/// For how long what was read for one is shown to another who sees the same.
const FRESH: Duration = Duration::from_millis(500);
/// How many things are kept for that long.
const KEPT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(511);

/// A thing as one kind of asker saw it a moment ago.
struct Seen {
    actor: Actor,
    at: Instant,
    found: OnceCell<Option<Found>>,
}

/// Things read for a moment, so that a hundred connections of one application read a changed thing once.
pub struct Shared(Mutex<LruCache<(Uuid, i64, Uuid), Arc<Seen>>>);

impl Default for Shared {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Shared {
    fn seen(&self, actor: &Actor, change: &domain::Change) -> Arc<Seen> {
        let key = (actor.principal().unwrap_or_default(), change.place.sequence, change.place.subject);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.get(&key) {
            Some(seen) if seen.at.elapsed() < FRESH && seen.actor == *actor => Arc::clone(seen),
            _ => {
                let seen = Seen { actor: actor.clone(), at: Instant::now(), found: OnceCell::new() };
                let seen = Arc::new(seen);
                kept.put(key, Arc::clone(&seen));
                seen
            }
        }
    }
}

/// The thing that changed, as the asker can read it now.
async fn told(ctx: &Context<'_>, delivery: &Delivery) -> async_graphql::Result<Told> {
    let change = &delivery.0;
    let read = async || {
        let told = change::told(ctx.app(), ctx.actor(), vec![Arc::clone(change)]).await;
        told.map(|mut told| told.pop().and_then(|told| told.found))
    };
    let found = match ctx.data_opt::<Arc<Shared>>() {
        Some(shared) => shared.seen(ctx.actor(), change).found.get_or_try_init(read).await.cloned(),
        None => read().await,
    };
    let found = found.map_err(|fault| ctx.broke(&fault))?;
    Ok(Told { change: Arc::clone(change), found })
}

/// Which referrals are followed; what is absent does not limit.
#[derive(Debug, Default, InputObject)]
pub struct ReferralChangeFilter {
    /// Only these referrals, 100 at the most.
    referral_ids: Option<Vec<ID>>,
    /// Only while they are in one of these states.
    status: Option<Vec<Status>>,
    /// Only those that your organization sent, or received.
    side: Option<Side>,
}

/// The most referrals that are named in one subscription.
const MOST: usize = 100;

impl ReferralChangeFilter {
    fn read(self) -> async_graphql::Result<domain::ReferralFilter> {
        let ids = self.referral_ids.unwrap_or_default();
        if ids.len() > MOST {
            return Err(bad_input("Name 100 referrals at the most."));
        }
        let read = |id: &ID| scalar::key(Kind::Referral, id).map(ReferralId::from);
        let ids: Option<Vec<ReferralId>> = ids.iter().map(read).collect();
        let ids = ids.ok_or_else(|| bad_input("One of `referralIds` is not a referral's identifier."))?;
        Ok(domain::ReferralFilter { ids, statuses: self.status.unwrap_or_default(), side: self.side })
    }
}

/// Whether a referral, as it is now, is one that is followed. One that can no longer be read is told of.
fn is_followed(filter: &domain::ReferralFilter, actor: &Actor, found: Option<&Found>) -> bool {
    let Some(Found::Referral(referral)) = found else { return true };
    let own = actor.organization();
    let side = match filter.side {
        None => true,
        Some(Side::Sent) => own == Some(referral.sender.id),
        Some(Side::Received) => own == Some(referral.receiver.id),
    };
    side && (filter.statuses.is_empty() || filter.statuses.contains(&referral.status))
}

/// What can be followed.
#[derive(Default)]
pub struct Following;

/// What can be followed, over WebSocket (graphql-transport-ws) and as server-sent events.
#[Subscription(name = "Subscription")]
impl Following {
    /// What changes of all that you can read, as the query `changes` tells it: in order, at least once, without gaps. Go on
    /// after the last cursor you have when the connection is lost. Needs a token.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Begin behind this cursor; with what happens from now on when not given.")] after: Option<
            Cursor,
        >,
        #[graphql(desc = "Only these kinds of things; all that you can read when not given.")] types: Option<
            Vec<ChangeSubject>,
        >,
    ) -> async_graphql::Result<impl Stream<Item = Change>> {
        let organization = known(ctx)?;
        let mut found = Vec::new();
        if let Some(delivery) = ctx.data_opt::<Delivery>() {
            found.push(Change::new(told(ctx, delivery).await?, organization));
        } else {
            open(ctx, followed(ctx, after, types, None)?);
        }
        Ok(iter(found))
    }

    /// What happens to referrals, each time with the whole referral as you can read it then. Needs a token.
    async fn referral_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referrals.")] filter: Option<ReferralChangeFilter>,
        #[graphql(desc = "Begin behind this cursor; with what happens from now on when not given.")] after: Option<
            Cursor,
        >,
    ) -> async_graphql::Result<impl Stream<Item = ReferralChange>> {
        let organization = known(ctx)?;
        let filter = filter.unwrap_or_default().read()?;
        let mut found = Vec::new();
        if let Some(delivery) = ctx.data_opt::<Delivery>() {
            let told = told(ctx, delivery).await?;
            if is_followed(&filter, ctx.actor(), told.found.as_ref()) {
                found.push(ReferralChange(Change::new(told, organization)));
            }
        } else {
            open(ctx, followed(ctx, after, Some(vec![ChangeSubject::Referral]), Some(filter))?);
        }
        Ok(iter(found))
    }
}

fn open(ctx: &Context<'_>, followed: Followed) {
    if let Some(opening) = ctx.data_opt::<Arc<Opening>>() {
        // Only the first is kept: a subscription has one root field.
        let _ = opening.0.set(followed);
    }
}
