//! What several steps after an acceptance have in common.

use crate::domain::clock::date_of;
use crate::domain::code::Code;
use crate::domain::referral::clocks::{LOOP_DAYS, PLAN_DAYS, days_after};
use crate::domain::referral::{Reason, Referral, Status};
use crate::domain::rule::{Failure, Rule, RuleCode};
use crate::store::referral_writes::Facts;
use crate::usecase::work::Work;
use jiff::ToSpan as _;

/// That a planned end, if one is given, is not before today and within five years.
///
/// # Errors
/// DATE_OUT_OF_RANGE at `plannedEndOn`.
pub(super) fn planned_end(work: &Work<'_>, date: Option<&str>) -> Result<(), Failure> {
    let today = date_of(work.app.clock.now());
    let last = today.checked_add(PLAN_DAYS.days()).unwrap_or(today).to_string();
    if date.is_none_or(|date| (today.to_string().as_str()..=last.as_str()).contains(&date)) {
        Ok(())
    } else {
        Err(Rule::at("plannedEndOn", RuleCode::DateOutOfRange).into())
    }
}

/// The clocks of a referral that goes on in `to` after `paused` microseconds: the deadline that was running moves by
/// them.
pub(super) fn running_again(referral: &Referral, to: Status, paused: i64) -> Facts {
    let moved = |due: Option<i64>| due.map(|due| due.saturating_add(paused));
    let facts = Facts::default();
    match to {
        Status::Accepted => {
            let due = moved(referral.due.contact);
            facts.set("contact_due_at", due).due(due)
        }
        Status::InService => {
            let due = moved(referral.due.outcome);
            facts.set("outcome_due_at", due).due(due)
        }
        _ => facts.due(referral.due.review),
    }
}

/// The facts of an ending; the clock looks again when a loop that nobody closed is closed unseen.
pub(crate) fn ended(work: &Work<'_>, reason: Reason) -> Facts {
    let now = work.deed.now;
    Facts::default().set("reason", reason.code()).set("ended_at", now).due(None).clock(Some(days_after(now, LOOP_DAYS)))
}

/// Gives back the place that a referral takes or holds in its state, if it does. Written last.
pub(crate) fn give_back_place(work: &Work<'_>, referral: &Referral) {
    let Some(capacity) = referral.capacity_id else { return };
    match referral.status {
        Status::Accepted | Status::InService | Status::OnHold | Status::CancelRequested => {
            work.tx.free_place(capacity);
        }
        Status::Offered => work.tx.release_place(capacity),
        Status::Sent | Status::Acknowledged | Status::InfoRequested | Status::Waitlisted
            if referral.due.slot_until.is_some() =>
        {
            work.tx.release_place(capacity);
        }
        _ => {}
    }
}
