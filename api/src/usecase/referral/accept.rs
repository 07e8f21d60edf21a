//! Taking the person on.

use super::{Chosen, Which, choose, go, happening};
use crate::app::App;
use crate::domain::agreement::contact_due_under;
use crate::domain::id::ReferralId;
use crate::domain::referral::{Command, Status};
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode};
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// The receiver takes the person on: a place is taken, and the rest of what was consented to is shown.
///
/// # Errors
/// Those of [`choose`]; CAPACITY_TAKEN when no place is free and the service allows no overbooking.
pub async fn accept(app: &App, ask: Ask<'_>, which: Which) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let chosen = choose(&work, which, Command::Accept).await?;
    let referral = &chosen.referral;
    let capacity = referral.service.capacity_for(referral.service_at_location_id);
    let due = contact_due_under(referral.response_times.as_ref(), referral.urgency, app.clock.now());
    let facts = Facts::default()
        .set("decided_at", work.deed.now)
        .set("contact_due_at", due)
        .due(Some(due))
        .set("capacity_id", capacity.map(|capacity| Uuid::from(capacity.id)));
    go(&work, &chosen, Status::Accepted, facts).await?;
    work.tx.widen_grants(referral.id, &app.today());
    work.record(&happening(&chosen, Status::Accepted, None)).await?;
    // Last, because all who accept for this service meet here: the row is held as short as can be.
    take_place(&work, &chosen).await?;
    work.commit(referral.id).await
}

async fn take_place(work: &Work<'_>, chosen: &Chosen) -> Result<(), Failure> {
    let referral = &chosen.referral;
    let Some(capacity) = referral.service.capacity_for(referral.service_at_location_id) else { return Ok(()) };
    if work.tx.take_place(capacity.id, false).await? {
        return Ok(());
    }
    if referral.service.allows_overbooking && work.tx.take_place(capacity.id, true).await? {
        return Ok(work.tx.mark_overbooked(referral.id).await?);
    }
    Err(Rule::at("referralId", RuleCode::CapacityTaken).into())
}
