//! Interrupting a service, and going on.

use super::{Which, check_reason, choose, go, happening, running_again, seal};
use crate::app::App;
use crate::domain::clock::date_of;
use crate::domain::code::Code;
use crate::domain::id::ReferralId;
use crate::domain::referral::clocks::{HOLD_DAYS, end_of_day};
use crate::domain::referral::{Command, Reason, Referral, Status};
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode};
use crate::domain::sealed::Private;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, Work, open as begin};
use jiff::ToSpan as _;

/// Why a service is interrupted, and when that is looked at again.
#[derive(Debug, Clone)]
pub struct Hold {
    pub which: Which,
    pub reason: Reason,
    pub note: Option<Private<String>>,
    /// ISO 8601; after today and within thirty days.
    pub review_on: String,
}

/// The receiver interrupts a service that it has taken on. The place stays taken; the review is due at the end of the
/// day that it names.
///
/// # Errors
/// Those of [`choose`]; REASON_NOT_ALLOWED; TEXT_REQUIRED; DATE_OUT_OF_RANGE.
pub async fn hold(app: &App, ask: Ask<'_>, input: Hold) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check_reason(input.reason, input.note.as_ref(), Status::OnHold)?;
    let today = date_of(app.clock.now());
    let last = today.checked_add(HOLD_DAYS.days()).unwrap_or(today).to_string();
    let within = input.review_on > today.to_string() && input.review_on <= last;
    let review = end_of_day(&input.review_on, 0)
        .filter(|_| within)
        .ok_or_else(|| Rule::at("reviewOn", RuleCode::DateOutOfRange))?;
    let chosen = choose(&work, input.which, Command::Hold).await?;
    let note = seal(&work, "referral", "hold_note_sealed", chosen.referral.id.into(), input.note.as_ref())?;
    let facts = Facts::default()
        .set("before_status", chosen.referral.status.code())
        .set("held_at", work.deed.now)
        .set("hold_reason", input.reason.code())
        .set("hold_note_sealed", note)
        .set("review_due_at", review)
        .due(Some(review));
    go(&work, &chosen, Status::OnHold, facts).await?;
    work.record(&happening(&chosen, Status::OnHold, Some(input.reason))).await?;
    work.commit(chosen.referral.id).await
}

/// The receiver goes on where it was. The deadline that was running then moves by the length of the interruption.
///
/// # Errors
/// Those of [`choose`].
pub async fn resume(app: &App, ask: Ask<'_>, which: Which) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let chosen = choose(&work, which, Command::Resume).await?;
    let (to, facts) = resumed(&work, &chosen.referral)?;
    go(&work, &chosen, to, facts).await?;
    work.record(&happening(&chosen, to, None)).await?;
    work.commit(chosen.referral.id).await
}

/// Where a referral goes on, and what is set then.
///
/// # Errors
/// A row that does not say where it was.
pub(crate) fn resumed(work: &Work<'_>, referral: &Referral) -> Result<(Status, Facts), Fault> {
    let to = referral.before.ok_or_else(|| Fault::Corrupt("referral", referral.id.into()))?;
    let paused = work.deed.now - referral.hold.since.unwrap_or(work.deed.now);
    let facts = running_again(referral, to, paused)
        .set("before_status", Option::<String>::None)
        .set("held_at", Option::<i64>::None)
        .set("hold_reason", Option::<String>::None)
        .set("hold_note_sealed", Option::<String>::None)
        .set("review_due_at", Option::<i64>::None);
    Ok((to, facts))
}
