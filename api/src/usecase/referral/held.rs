//! Places that are held, and the decision clock while it stands still: what several steps do alike.

use crate::domain::id::CapacityId;
use crate::domain::referral::Referral;
use crate::domain::rule::{Failure, Rule, RuleCode};
use crate::store::referral_writes::Facts;
use crate::usecase::work::Work;
use uuid::Uuid;

/// Lets the place go that is held for a referral, if one is, along with what else a step sets.
pub(crate) fn let_go(work: &Work<'_>, referral: &Referral, facts: Facts) -> Facts {
    let facts = facts.set("slot_until_at", None::<i64>).set("offer_until_at", None::<i64>);
    match referral.held_place() {
        Some(capacity) => {
            work.tx.release_place(capacity);
            facts.set("capacity_id", None::<Uuid>)
        }
        None => facts,
    }
}

/// Holds a place. To be done last, because all who ask for a place of one service meet here.
///
/// # Errors
/// CAPACITY_TAKEN at `field` when none is free.
pub(super) async fn hold(work: &Work<'_>, capacity: CapacityId, field: &str) -> Result<(), Failure> {
    if work.tx.hold_place(capacity).await? { Ok(()) } else { Err(Rule::at(field, RuleCode::CapacityTaken).into()) }
}

/// Keeps for how long the decision clock stood still, when a pause ends now.
pub(crate) fn paused_until(referral: &Referral, facts: Facts, now: i64) -> Facts {
    if referral.is_paused() { facts.set("paused_micros", referral.paused(now)) } else { facts }
}

/// Moves the decision clock by the time in which it stood still, and makes the decision the next deadline. A place that
/// is held from sending on stays held until then.
pub(super) fn move_decision(referral: &Referral, facts: Facts, by: i64) -> Facts {
    let moved = |at: Option<i64>| at.map(|at| at + by);
    let due = moved(referral.due.decide);
    facts
        .set("decide_due_at", due)
        .set("decide_from_at", moved(referral.due.decide_from))
        .set("slot_until_at", referral.due.slot_until.and(due))
        .due(due)
}
