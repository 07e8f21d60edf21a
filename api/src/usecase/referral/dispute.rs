//! Objecting to a reported outcome, and what the coordinator finds.

use super::cancel::coordinator_of;
use super::need::settle;
use super::{MAX_TEXT, Which, choose, go, happening, seal};
use crate::app::App;
use crate::domain::code::Code;
use crate::domain::id::ReferralId;
use crate::domain::referral::clocks::{LOOP_DAYS, days_after};
use crate::domain::referral::course::{DisputeAbout, DisputeDecision};
use crate::domain::referral::{Channel, Command, Status, Verification};
use crate::domain::rule::{Outcome, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};

/// What is wrong with an outcome.
#[derive(Debug, Clone)]
pub struct DisputeOutcome {
    pub which: Which,
    pub about: DisputeAbout,
    pub note: Option<Private<String>>,
    /// Set when it is the person who objects.
    pub channel: Option<Channel>,
}

/// The sender's side or the person objects to what was reported, before or after the loop was closed: the loop is
/// open again, and the need unless something else was done for it; the coordinator decides. An outcome is disputed once.
///
/// # Errors
/// Those of [`choose`]; TEXT_REQUIRED where something was received, but not as reported; TOO_LONG.
pub async fn dispute_outcome(app: &App, ask: Ask<'_>, input: DisputeOutcome) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    if let Some(note) = &input.note {
        rules.text("note", note.expose(), 0, MAX_TEXT);
    }
    rules.check(input.note.is_some() || input.about == DisputeAbout::NotReceived, "note", RuleCode::TextRequired);
    rules.settle()?;
    let chosen = choose(&work, input.which, Command::DisputeOutcome).await?.for_person(input.channel)?;
    let referral = &chosen.referral;
    let note = seal(&work, "referral", "dispute_note_sealed", referral.id.into(), input.note.as_ref())?;
    let facts = Facts::default()
        .set("disputed_at", work.deed.now)
        .set("dispute_about", input.about.code())
        .set("dispute_by", chosen.party.code())
        .set("dispute_note_sealed", note)
        .set("dispute_before", referral.verification.code())
        .set("verification", Verification::Disputed.code())
        .set("loop_closed_at", Option::<i64>::None)
        .set("loop_meaning", Option::<String>::None)
        .set("loop_unseen", false)
        .due(None);
    go(&work, &chosen, Status::Completed, facts).await?;
    settle(&work, referral.id, referral.loop_meaning, None).await?;
    let mut happening = happening(&chosen, Status::Completed, None);
    // The sender has nothing to do before the coordinator has decided.
    happening.notify.retain(|notice| notice.organization != referral.sender.id);
    happening.notify.extend(coordinator_of(referral).map(|notice| notice.of_kind("OUTCOME_DISPUTED")));
    work.record(&happening).await?;
    work.commit(referral.id).await
}

/// What the coordinator finds.
#[derive(Debug, Clone, Copy)]
pub struct DecideDispute {
    pub which: Which,
    pub decision: DisputeDecision,
}

/// The coordinator decides a dispute. Upheld, the outcome stands as not delivered; rejected, it is as confirmed as
/// before. Then the sender or the coordinator closes the loop.
///
/// # Errors
/// Those of [`choose`].
pub async fn decide_dispute(app: &App, ask: Ask<'_>, input: DecideDispute) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let chosen = choose(&work, input.which, Command::DecideDispute).await?;
    let referral = &chosen.referral;
    let verification = match input.decision {
        DisputeDecision::Upheld => Verification::Refuted,
        DisputeDecision::Rejected => referral.dispute.before.unwrap_or_default(),
    };
    let facts = Facts::default()
        .set("dispute_decision", input.decision.code())
        .set("dispute_decided_at", work.deed.now)
        .set("verification", verification.code())
        .clock(Some(days_after(work.deed.now, LOOP_DAYS)));
    go(&work, &chosen, Status::Completed, facts).await?;
    work.record(&happening(&chosen, Status::Completed, None)).await?;
    work.commit(referral.id).await
}
