//! Free places are offered to whoever waits, where the provider leaves that to the clock.

use super::acts::{begun, chosen, happened};
use crate::app::App;
use crate::domain::referral::decision::OFFER_HOLDS;
use crate::domain::referral::{Command, Status};
use crate::domain::rule::{Failure, Fault};
use crate::store::clock_offers::Turn;
use crate::store::door::Tx;
use crate::store::leases::Lease;
use crate::store::referral_writes::Facts;
use crate::usecase::referral::go;
use uuid::Uuid;

/// How many places are offered in one run, so that it ends.
const MOST: u32 = 500;

/// Offers free places, each in a transaction of its own: first to the most urgent, then to who has waited longest, and to
/// nobody who let two go. Tells how many. None when the lease is another node's by now.
pub(super) async fn offer_free_places(app: &App, lease: &Lease) -> Result<Option<u64>, Fault> {
    for offered in 0..MOST {
        let Some(turn) = app.store.next_turn().await? else { return Ok(Some(offered.into())) };
        let tx = app.store.begin().await?;
        if !tx.holds(lease).await? {
            return Ok(None);
        }
        if !offer(app, tx, turn).await? {
            // Somebody moved it, or took the place, at this moment: the next run looks again.
            return Ok(Some(offered.into()));
        }
    }
    Ok(Some(MOST.into()))
}

/// False where the place or the turn is gone.
async fn offer(app: &App, tx: Tx, turn: Turn) -> Result<bool, Fault> {
    let Some(seen) = tx.on_list(turn.referral).await? else { return Ok(false) };
    let work = begun(app, tx, seen.receiver.id, &Command::OfferPlace);
    let chosen = chosen(seen, Command::OfferPlace)?;
    let until = work.deed.now + OFFER_HOLDS;
    let facts =
        Facts::default().set("offer_until_at", until).set("capacity_id", Uuid::from(turn.capacity)).due(Some(until));
    match go(&work, &chosen, Status::Offered, facts).await {
        Ok(()) => {}
        Err(Failure::Fault(fault)) => return Err(fault),
        Err(Failure::Rules(_) | Failure::Refused(_)) => return Ok(false),
    }
    if !work.tx.hold_place(turn.capacity).await? {
        return Ok(false);
    }
    work.record(&happened(&work, &chosen, Status::Offered, None)).await?;
    work.done().await?;
    Ok(true)
}
