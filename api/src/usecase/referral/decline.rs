//! Saying no, with a reason.

use super::held::{let_go, paused_until};
use super::{Which, check_reason, choose, go, happening, seal};
use crate::app::App;
use crate::domain::code::Code;
use crate::domain::id::ReferralId;
use crate::domain::referral::{Command, Reason, Status};
use crate::domain::rule::Outcome;
use crate::domain::sealed::Private;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};

/// Why the receiver says no.
#[derive(Debug, Clone)]
pub struct Decline {
    pub which: Which,
    pub reason: Reason,
    pub note: Option<Private<String>>,
}

/// The receiver declines; its window on the case closes.
///
/// # Errors
/// Those of [`choose`]; REASON_NOT_ALLOWED; TEXT_REQUIRED.
pub async fn decline(app: &App, ask: Ask<'_>, input: Decline) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check_reason(input.reason, input.note.as_ref(), Status::Declined)?;
    let chosen = choose(&work, input.which, Command::Decline).await?;
    let note = seal(&work, "referral", "note_sealed", chosen.referral.id.into(), input.note.as_ref())?;
    let facts = paused_until(&chosen.referral, let_go(&work, &chosen.referral, Facts::default()), work.deed.now)
        .set("reason", input.reason.code())
        .set("note_sealed", note)
        .set("decided_at", work.deed.now)
        .set("ended_at", work.deed.now)
        .due(None);
    go(&work, &chosen, Status::Declined, facts).await?;
    work.tx.end_grants(chosen.referral.id, work.deed.now);
    work.record(&happening(&chosen, Status::Declined, Some(input.reason))).await?;
    work.commit(chosen.referral.id).await
}
