//! Taking the person on.

use super::{Chosen, Which, choose, go, happening, planned_end};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::clocks::contact_due;
use crate::domain::referral::{Command, Status};
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode};
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// The receiver takes the person on: a place is taken, and the rest of what was consented to is shown.
///
/// # Errors
/// Those of [`choose`]; DATE_OUT_OF_RANGE for a planned end; CAPACITY_TAKEN when no place is held or free and the service
/// allows no overbooking.
pub async fn accept(app: &App, ask: Ask<'_>, which: Which, planned_end_on: Option<String>) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    planned_end(&work, planned_end_on.as_deref())?;
    let chosen = choose(&work, which, Command::Accept).await?;
    take_on(&work, &chosen, Facts::default().set("planned_end_on", planned_end_on)).await?;
    work.commit(chosen.referral.id).await
}

/// Takes the person on, with what else the step sets: the place that is held, or else a free one.
///
/// # Errors
/// STALE_VERSION; CAPACITY_TAKEN.
pub(super) async fn take_on(work: &Work<'_>, chosen: &Chosen, facts: Facts) -> Result<(), Failure> {
    let referral = &chosen.referral;
    let capacity = referral.service.capacity_for(referral.service_at_location_id).map(|capacity| capacity.id);
    let due = contact_due(&referral.limits(), work.app.clock.now());
    let facts = facts
        .set("decided_at", work.deed.now)
        .set("contact_due_at", due)
        .due(Some(due))
        .set("slot_until_at", None::<i64>)
        .set("offer_until_at", None::<i64>)
        .set("capacity_id", referral.held_place().or(capacity).map(Uuid::from));
    go(work, chosen, Status::Accepted, facts).await?;
    work.tx.widen_grants(referral.id, &work.app.today(), work.deed.now);
    work.record(&happening(chosen, Status::Accepted, None)).await?;
    // Last, because all who accept for this service meet here: the row is held as short as can be.
    take_place(work, chosen).await
}

async fn take_place(work: &Work<'_>, chosen: &Chosen) -> Result<(), Failure> {
    let referral = &chosen.referral;
    if let Some(held) = referral.held_place() {
        work.tx.take_held_place(held);
        return Ok(());
    }
    let Some(capacity) = referral.service.capacity_for(referral.service_at_location_id) else { return Ok(()) };
    if work.tx.take_place(capacity.id, false).await? {
        return Ok(());
    }
    if referral.service.allows_overbooking && work.tx.take_place(capacity.id, true).await? {
        return Ok(work.tx.mark_overbooked(referral.id).await?);
    }
    Err(Rule::at("referralId", RuleCode::CapacityTaken).into())
}
