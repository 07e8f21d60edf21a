//! What is done once a day by one node of all.

use crate::app::App;
use crate::domain::referral::clocks::DAY;
use crate::domain::rule::Fault;
use crate::usecase::work::forget_old_keys;
use crate::usecase::{agreement, case_transfer, change, consent, envelope, service, unmet, webhook};
use std::pin::Pin;
use uuid::Uuid;

/// The answer of a daily function: how much it did.
pub type Swept<'a> = Pin<Box<dyn Future<Output = Result<u64, Fault>> + Send + 'a>>;

/// Something that is done once a day. It is called again until it has nothing left to do.
pub struct Sweep {
    /// Its name among the leases.
    pub name: &'static str,
    /// What it does: a bounded amount each time, and how much that was.
    pub run: for<'a> fn(&'a App) -> Swept<'a>,
}

/// All that is done once a day.
pub const SWEEPS: &[Sweep] = &[
    Sweep { name: "sweep.idempotency", run: |app| Box::pin(forget_old_keys(app)) },
    Sweep { name: "sweep.consents", run: |app| Box::pin(consent::tell_expired(app)) },
    Sweep { name: "sweep.redactions", run: |app| Box::pin(consent::tell_overdue(app)) },
    Sweep { name: "sweep.services", run: |app| Box::pin(service::tell_aging(app)) },
    Sweep { name: "sweep.funding", run: |app| Box::pin(service::end_funding(app)) },
    Sweep { name: "sweep.agreements", run: |app| Box::pin(agreement::tell_expiring(app)) },
    Sweep { name: "sweep.figures", run: |app| Box::pin(unmet::make_due(app)) },
    Sweep { name: "sweep.changes", run: |app| Box::pin(change::forget_old(app)) },
    Sweep { name: "sweep.webhooks", run: |app| Box::pin(webhook::forget_old(app)) },
    Sweep { name: "sweep.parked", run: |app| Box::pin(envelope::expire_parked(app)) },
    Sweep { name: "sweep.transfers", run: |app| Box::pin(case_transfer::lapse_unanswered(app)) },
];

/// How often one function is called in a row, so that it ends.
const MOST_CALLS: u32 = 1_000;

/// After how long one that did not succeed is tried again, in microseconds.
pub const AGAIN: i64 = 10 * 60_000_000;

/// Does what was not done by any node for a day. One that fails is logged, does not keep the others from being done, and
/// is tried again ten minutes later, by whichever node.
pub(super) async fn run_due(app: &App, holder: Uuid) {
    run_all(app, holder, SWEEPS).await;
}

/// The same with a list of its own.
pub async fn run_all(app: &App, holder: Uuid, sweeps: &[Sweep]) {
    for sweep in sweeps {
        if let Err(fault) = run_one(app, holder, sweep).await {
            tracing::warn!(error = %fault, sweep = sweep.name, "a daily task did not succeed");
            if let Err(fault) = app.store.put_round_off(sweep.name, holder, app.now() + AGAIN).await {
                tracing::warn!(error = %fault, sweep = sweep.name, "it is tried again a day later only");
            }
        }
    }
}

async fn run_one(app: &App, holder: Uuid, sweep: &Sweep) -> Result<(), Fault> {
    let now = app.now();
    if !app.store.round_is_due(sweep.name, now).await?
        || !app.store.claim_round(sweep.name, holder, now, now + DAY).await?
    {
        return Ok(());
    }
    for _ in 0..MOST_CALLS {
        if (sweep.run)(app).await? == 0 {
            break;
        }
    }
    Ok(())
}
