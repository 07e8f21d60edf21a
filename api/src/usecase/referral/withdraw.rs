//! Taking a referral back.

use super::held::{let_go, paused_until};
use super::{Which, check_reason, choose, go, happening, seal};
use crate::app::App;
use crate::domain::code::Code;
use crate::domain::id::ReferralId;
use crate::domain::referral::{Channel, Command, Reason, Status};
use crate::domain::rule::Outcome;
use crate::domain::sealed::Private;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};

/// Why the sender's side takes it back.
#[derive(Debug, Clone)]
pub struct Withdraw {
    pub which: Which,
    pub reason: Reason,
    pub note: Option<Private<String>>,
    /// Set when the person themselves takes it back.
    pub channel: Option<Channel>,
}

/// The sender's side, or the coordinator, takes a referral back before it was accepted; all its grants end at once.
///
/// # Errors
/// Those of [`choose`]; REASON_NOT_ALLOWED; TEXT_REQUIRED.
pub async fn withdraw(app: &App, ask: Ask<'_>, input: Withdraw) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check_reason(input.reason, input.note.as_ref(), Status::Withdrawn)?;
    let chosen = choose(&work, input.which, Command::Withdraw).await?.for_person(input.channel)?;
    let note = seal(&work, "referral", "note_sealed", chosen.referral.id.into(), input.note.as_ref())?;
    let facts = paused_until(&chosen.referral, let_go(&work, &chosen.referral, Facts::default()), work.deed.now)
        .set("reason", input.reason.code())
        .set("note_sealed", note)
        .set("ended_at", work.deed.now)
        .due(None);
    go(&work, &chosen, Status::Withdrawn, facts).await?;
    work.tx.end_grants(chosen.referral.id, work.deed.now);
    work.record(&happening(&chosen, Status::Withdrawn, Some(input.reason))).await?;
    work.commit(chosen.referral.id).await
}
