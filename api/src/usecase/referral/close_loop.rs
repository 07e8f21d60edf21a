//! Saying what a result means for the need.

use super::{Which, choose, go, happening};
use crate::app::App;
use crate::domain::case::NeedStatus;
use crate::domain::code::Code;
use crate::domain::id::ReferralId;
use crate::domain::referral::{Command, LoopMeaning, Status, Verification};
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};

/// What the sender makes of a result.
#[derive(Debug, Clone, Copy)]
pub struct CloseLoop {
    pub which: Which,
    pub meaning: LoopMeaning,
}

/// The sender has seen the result and says what it means for the need; the receiver is told. The receiver never closes.
///
/// # Errors
/// Those of [`choose`]; INVALID for a need said to be met by a referral under which nothing was delivered.
pub async fn close_loop(app: &App, ask: Ask<'_>, input: CloseLoop) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let chosen = choose(&work, input.which, Command::CloseLoop).await?;
    let referral = &chosen.referral;
    let delivered = matches!(referral.status, Status::Completed | Status::EndedEarly);
    if !delivered && matches!(input.meaning, LoopMeaning::Met | LoopMeaning::PartlyMet) {
        return Err(Rule::at("meaning", RuleCode::Invalid).into());
    }
    let facts = Facts::default().set("loop_closed_at", work.deed.now).set("loop_meaning", input.meaning.code());
    let facts = if referral.status == Status::Completed {
        facts.set("verification", Verification::SenderConfirmed.code())
    } else {
        facts
    };
    go(&work, &chosen, referral.status, facts).await?;
    if let Some(need) = referral.need_id {
        work.tx.set_need_status(need, meant(input.meaning), work.deed.now).await?;
    }
    work.record(&happening(&chosen, referral.status, None)).await?;
    work.commit(referral.id).await
}

/// How a need stands after what was done for it.
pub(crate) fn meant(meaning: LoopMeaning) -> NeedStatus {
    match meaning {
        LoopMeaning::Met => NeedStatus::Met,
        LoopMeaning::PartlyMet => NeedStatus::PartlyMet,
        LoopMeaning::NotMet => NeedStatus::NotMet,
        LoopMeaning::NoLongerNeeded => NeedStatus::Withdrawn,
    }
}
