//! Saying what a result means for the need.

use super::need::settle;
use super::{Which, choose, go, happening};
use crate::app::App;
use crate::domain::code::Code;
use crate::domain::id::ReferralId;
use crate::domain::referral::{
    Channel, Command, GoalResult, LoopMeaning, Party, Referral, ReferralGoal, Status, Verification,
};
use crate::domain::rule::{Outcome, RuleCode, Rules};
use crate::store::ledger::Happening;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};

/// What the sender makes of a result.
#[derive(Debug, Clone, Copy)]
pub struct CloseLoop {
    pub which: Which,
    pub meaning: LoopMeaning,
    /// By which way the person confirmed what was reported, if they did.
    pub confirmed_by: Option<Channel>,
}

/// The sender has seen the result and says what it means for the need; the receiver is told. The receiver never closes.
/// While a dispute waits nobody does, and after it the coordinator may.
///
/// # Errors
/// Those of [`choose`]; INVALID for a need said to be met by a referral under which nothing was delivered, and for a
/// person's confirmation of what nobody reported or of what was refuted.
pub async fn close_loop(app: &App, ask: Ask<'_>, input: CloseLoop) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let chosen = choose(&work, input.which, Command::CloseLoop).await?;
    let referral = &chosen.referral;
    let mut rules = Rules::default();
    let met = matches!(input.meaning, LoopMeaning::Met | LoopMeaning::PartlyMet);
    rules.check(!met || delivered(referral), "meaning", RuleCode::Invalid);
    let stands = referral.status == Status::Completed && referral.verification != Verification::Refuted;
    rules.check(stands || input.confirmed_by.is_none(), "personConfirmedBy", RuleCode::Invalid);
    rules.settle()?;
    let facts = Facts::default().set("loop_closed_at", work.deed.now).set("loop_meaning", input.meaning.code());
    let facts = match (stands, input.confirmed_by, chosen.party) {
        (true, Some(_), _) => facts.set("verification", Verification::PersonConfirmed.code()),
        (true, None, Party::SenderWorker | Party::SenderSupervisor) => {
            facts.set("verification", Verification::SenderConfirmed.code())
        }
        _ => facts,
    };
    go(&work, &chosen, referral.status, facts.clock(None)).await?;
    settle(&work, referral.id, referral.loop_meaning, Some(input.meaning)).await?;
    work.record(&Happening { channel: input.confirmed_by, ..happening(&chosen, referral.status, None) }).await?;
    work.commit(referral.id).await
}

/// Whether anything was delivered, as far as is known: a refuted outcome was not.
fn delivered(referral: &Referral) -> bool {
    let reached = |goal: &ReferralGoal| matches!(goal.result, Some(GoalResult::Achieved | GoalResult::Partly));
    match referral.status {
        Status::Completed => referral.verification != Verification::Refuted,
        Status::EndedEarly => true,
        Status::Withdrawn => referral.goals.iter().any(reached),
        _ => false,
    }
}
