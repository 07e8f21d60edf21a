//! A receiver that comes to be out of reach while something waits there.

use super::notices::notices;
use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::ReferralId;
use crate::domain::referral::clocks::Told;
use crate::domain::rule::Fault;
use crate::store::leases::Lease;

/// How many referrals are noted in one run, so that it ends.
const MOST: u32 = 500;

/// Tells senders of referrals whose receiver nobody answers for any more, once each time that it comes to be so. Tells how
/// many. None when the lease is another node's by now.
pub(super) async fn note_lost_reach(app: &App, lease: &Lease) -> Result<Option<u64>, Fault> {
    let mut noted = 0;
    for id in app.store.newly_unreachable(app.now(), MOST).await? {
        match note(app, lease, id).await? {
            Some(is_noted) => noted += u64::from(is_noted),
            None => return Ok(None),
        }
    }
    Ok(Some(noted))
}

async fn note(app: &App, lease: &Lease, id: ReferralId) -> Result<Option<bool>, Fault> {
    let now = app.now();
    let tx = app.store.begin().await?;
    if !tx.holds(lease).await? {
        return Ok(None);
    }
    if !tx.lose_reach(id, now).await? {
        return Ok(Some(false));
    }
    let Some(seen) = tx.clocked(id, now).await? else { return Ok(Some(false)) };
    let kind = "RECEIVER_UNREACHABLE";
    for notice in notices(&seen.referral, kind, &[Told::SenderWorker]) {
        tx.tell(&notice, kind, (Kind::Referral, id.into()), now);
    }
    tx.commit().await?;
    Ok(Some(true))
}
