//! Ending a service before it is complete.

use super::outcomes::{GoalOutcome, check_each, check_if_delivered, keep};
use super::{Which, check_reason, choose, ended, give_back_place, go, happening, seal};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::{Command, Reason, Status};
use crate::domain::rule::{Outcome, Rules};
use crate::domain::sealed::Private;
use crate::usecase::work::{Ask, open as begin};

/// Why a service ends early, and what was reached until then.
#[derive(Debug, Clone)]
pub struct EndEarly {
    pub which: Which,
    pub reason: Reason,
    pub note: Option<Private<String>>,
    /// Every goal once where the service had begun; none or all where it had not.
    pub outcomes: Vec<GoalOutcome>,
}

/// The receiver, or the coordinator, ends a service early: the place is given back, the receiver's window on the case
/// closes, and the sender closes the loop.
///
/// # Errors
/// Those of [`choose`]; REASON_NOT_ALLOWED; TEXT_REQUIRED; OUTCOME_MISSING.
pub async fn end_early(app: &App, ask: Ask<'_>, input: EndEarly) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check_reason(input.reason, input.note.as_ref(), Status::EndedEarly)?;
    let mut rules = Rules::default();
    check_each(&mut rules, &input.outcomes, &app.today());
    rules.settle()?;
    let chosen = choose(&work, input.which, Command::EndEarly).await?;
    let referral = &chosen.referral;
    check_if_delivered(referral, &input.outcomes)?;
    let note = seal(&work, "referral", "note_sealed", referral.id.into(), input.note.as_ref())?;
    go(&work, &chosen, Status::EndedEarly, ended(&work, input.reason).set("note_sealed", note)).await?;
    keep(&work, &chosen, &input.outcomes)?;
    work.tx.end_grants(referral.id, work.deed.now);
    work.record(&happening(&chosen, Status::EndedEarly, Some(input.reason))).await?;
    give_back_place(&work, referral);
    work.commit(referral.id).await
}
