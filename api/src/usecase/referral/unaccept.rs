//! Taking back an acceptance.

use super::held::move_decision;
use super::send::TO_DECIDE;
use super::{Which, check_reason, choose, go, happening, seal};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::{Command, Reason, Status};
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::domain::sealed::Private;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};
use uuid::Uuid;

/// Why the acceptance is taken back.
#[derive(Debug, Clone)]
pub struct Unaccept {
    pub which: Which,
    /// One of those for which it could have been declined; it is kept with the event.
    pub reason: Reason,
    pub note: Option<Private<String>>,
}

/// Within a day, and before anything was delivered, the receiver takes its acceptance back: the place is freed, what was
/// shown on acceptance is hidden again, and the decision clock goes on from where it stood.
///
/// # Errors
/// Those of `choose`; REASON_NOT_ALLOWED, TEXT_REQUIRED; TOO_LATE after 24 hours or after the first contact.
pub async fn unaccept(app: &App, ask: Ask<'_>, input: Unaccept) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check_reason(input.reason, input.note.as_ref(), Status::Acknowledged)?;
    let chosen = choose(&work, input.which, Command::Unaccept).await?;
    let (referral, now) = (&chosen.referral, work.deed.now);
    if referral.acceptance_stands(now) || referral.first_contact_on.is_some() {
        return Err(Rule::at("referralId", RuleCode::TooLate).into());
    }
    // Once the consent is withdrawn, there is nothing to decide anew: it goes on, or is wound down.
    if !work.tx.consent_stands(referral.id).await? {
        return Err(Rule::at("referralId", RuleCode::ConsentMissing).into());
    }
    let note = seal(&work, "referral", "note_sealed", referral.id.into(), input.note.as_ref())?;
    // Who waited for a place had a decision until then: the clock stood still from the waiting list on.
    let stood_since = referral.times.waitlisted_at.or(referral.times.decided_at);
    let facts = Facts::default()
        .set("note_sealed", note)
        .set("acknowledged_at", referral.times.acknowledged_at.or(referral.times.decided_at))
        .set("decided_at", None::<i64>)
        .set("contact_due_at", None::<i64>)
        .set("waitlisted_at", None::<i64>)
        .set("expected_on", None::<String>)
        .set("review_due_at", None::<i64>)
        .set("capacity_id", None::<Uuid>)
        .set("is_overbooked", false);
    let facts = move_decision(referral, facts, stood_since.map_or(0, |since| now - since));
    go(&work, &chosen, Status::Acknowledged, facts).await?;
    work.tx.narrow_grants(referral.id, TO_DECIDE).await?;
    work.record(&happening(&chosen, Status::Acknowledged, Some(input.reason))).await?;
    if let Some(capacity) = referral.capacity_id {
        work.tx.free_place(capacity);
    }
    work.commit(referral.id).await
}
