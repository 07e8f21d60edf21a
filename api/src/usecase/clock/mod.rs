//! The clock: what happens to referrals when nobody moves them, and what is done once a day. Several nodes share it: one
//! holds the lease at a time, and a write of a former holder is refused.

mod acts;
mod endings;
mod notices;
mod offers;
mod reach;
mod set_calendar;
mod set_limits;
mod sweeps;

pub use notices::notices;
pub use set_calendar::{SetCalendar, set_calendar, working_calendar};
pub use set_limits::{LONGEST_OUTCOME_DAYS, SetLimits, program_limits, set_limits};
pub use sweeps::{AGAIN, SWEEPS, Sweep, run_all};

use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::clocks::tick;
use crate::domain::rule::{Failure, Fault};
use crate::store::leases::Lease;
use uuid::Uuid;

/// The lease under which the clock runs.
pub const LEASE: &str = "clock";
/// For how long a lease is held without a sign of life, in microseconds.
const HELD: i64 = 60_000_000;
/// A referral that the clock can't deal with is looked at again after this, in microseconds.
const PUT_OFF: i64 = 5 * 60_000_000;
/// How many referrals are taken up at once.
const BATCH: u32 = 100;
/// How many batches one run works off, so that it ends.
const MOST_BATCHES: u32 = 50;
/// The most steps taken with one referral in one run.
const MOST_STEPS: u32 = 20;

/// A node that runs the clock whenever it holds the lease.
#[derive(Debug)]
pub struct Runner {
    holder: Uuid,
    lease: Option<(Lease, i64)>,
}

/// What a run came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ran {
    /// Steps that were taken.
    pub steps: u64,
    /// Referrals that were put off, each logged.
    pub put_off: u64,
}

impl Default for Runner {
    fn default() -> Self {
        Self::named(Uuid::new_v4())
    }
}

impl Runner {
    /// A node by its own key.
    #[must_use]
    pub fn named(holder: Uuid) -> Self {
        Self { holder, lease: None }
    }

    /// The lease that it believes to hold.
    #[must_use]
    pub fn lease(&self) -> Option<Lease> {
        self.lease.map(|(lease, _)| lease)
    }

    /// Takes the lease if it is free, or prolongs it; false while another node holds it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take(&mut self, app: &App) -> Result<bool, Fault> {
        let now = app.now();
        // A sign of life is written when half of the time is over, not each time.
        if self.lease.is_some_and(|(_, until)| now < until - HELD / 2) {
            return Ok(true);
        }
        let lease = app.store.take_lease(LEASE, self.holder, now, now + HELD).await?;
        self.lease = lease.map(|lease| (lease, now + HELD));
        Ok(lease.is_some())
    }

    /// Does what is due by now, if this node holds the lease; nothing when another does.
    ///
    /// # Errors
    /// What the engine refuses to all; what it refuses to one referral is logged, and the others go on.
    pub async fn run(&mut self, app: &App) -> Result<Option<Ran>, Fault> {
        let mut ran = Ran::default();
        for _ in 0..MOST_BATCHES {
            if !self.take(app).await? {
                return Ok(None);
            }
            let Some(lease) = self.lease() else { return Ok(None) };
            let due = app.store.clock_due(app.now(), BATCH).await?;
            if due.is_empty() {
                break;
            }
            for id in due {
                match work_off(app, &lease, id).await {
                    Ok(Some(steps)) => ran.steps += steps,
                    Ok(None) => {
                        // Another node has taken over; what it does is not ours any more.
                        self.lease = None;
                        return Ok(None);
                    }
                    Err(fault) => {
                        put_off(app, id, &fault).await?;
                        ran.put_off += 1;
                    }
                }
            }
        }
        if let Some(lease) = self.lease() {
            let Some(noted) = reach::note_lost_reach(app, &lease).await? else {
                self.lease = None;
                return Ok(None);
            };
            ran.steps += noted;
            let Some(offered) = offers::offer_free_places(app, &lease).await? else {
                self.lease = None;
                return Ok(None);
            };
            ran.steps += offered;
        }
        sweeps::run_due(app, self.holder).await;
        Ok(Some(ran))
    }
}

/// Takes all steps that are due with one referral, each in a transaction of its own. None when the lease is another
/// node's by now.
async fn work_off(app: &App, lease: &Lease, id: ReferralId) -> Result<Option<u64>, Fault> {
    for steps in 0..MOST_STEPS {
        match step(app, lease, id).await? {
            Stepped::Taken => {}
            Stepped::Nothing => return Ok(Some(u64::from(steps))),
            Stepped::Fenced => return Ok(None),
        }
    }
    Ok(Some(u64::from(MOST_STEPS)))
}

enum Stepped {
    /// A step was taken; another one may be due.
    Taken,
    /// Nothing is due any more, or somebody moved it meanwhile.
    Nothing,
    /// Another node holds the lease.
    Fenced,
}

async fn step(app: &App, lease: &Lease, id: ReferralId) -> Result<Stepped, Fault> {
    let now = app.now();
    let tx = app.store.begin().await?;
    if !tx.holds(lease).await? {
        return Ok(Stepped::Fenced);
    }
    let Some(seen) = tx.clocked(id, now).await? else { return Ok(Stepped::Nothing) };
    let due = tick(&seen, now);
    let Some(step) = due.step else {
        tx.set_clock(id, due.next).await?;
        tx.commit().await?;
        return Ok(Stepped::Nothing);
    };
    match acts::act(app, tx, seen.referral, &step, due.next).await {
        Ok(()) => Ok(Stepped::Taken),
        Err(Failure::Fault(fault)) => Err(fault),
        // Somebody was faster, although the row was locked: it is looked at again.
        Err(Failure::Rules(_) | Failure::Refused(_)) => Err(Fault::Store("the clock was refused".into())),
    }
}

/// Puts a referral behind the others, so that it blocks none of them. That the database is out of reach is no fault of
/// the referral: then the run ends.
async fn put_off(app: &App, id: ReferralId, fault: &Fault) -> Result<(), Fault> {
    if let Fault::Unavailable(why) = fault {
        return Err(Fault::Unavailable(why.clone()));
    }
    // The key tells an operator which row it is; nothing of what the row says is logged.
    tracing::error!(error = %fault, referral = %uuid::Uuid::from(id), "the clock can't deal with a referral; it is put off");
    app.store.put_clock_off(id, app.now() + PUT_OFF).await
}
