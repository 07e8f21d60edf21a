//! Stopping a service that runs: the sender's side asks, the receiver agrees or objects, and the coordinator decides
//! where it objects. A service is never cut off from outside.

use super::outcomes::{GoalOutcome, check_all, check_each, check_if_delivered, keep};
use super::{
    Chosen, MAX_TEXT, Which, check_reason, choose, ended, give_back_place, go, happening, running_again, seal,
};
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::code::Code;
use crate::domain::id::ReferralId;
use crate::domain::notice::Notice;
use crate::domain::referral::clocks::{CANCEL_HOURS, hours_after};
use crate::domain::referral::course::ContestDecision;
use crate::domain::referral::{Channel, Command, Reason, Referral, Status};
use crate::domain::rule::{Failure, Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, Work, open as begin};

/// Why the sender's side asks to stop.
#[derive(Debug, Clone)]
pub struct RequestCancellation {
    pub which: Which,
    pub reason: Reason,
    pub note: Option<Private<String>>,
    /// Set when the person themselves asks.
    pub channel: Option<Channel>,
}

/// The sender's side, the person or the coordinator asks the receiver to stop; it has 72 hours to wind down safely.
///
/// # Errors
/// Those of [`choose`]; REASON_NOT_ALLOWED; TEXT_REQUIRED.
pub async fn request_cancellation(app: &App, ask: Ask<'_>, input: RequestCancellation) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check_reason(input.reason, input.note.as_ref(), Status::CancelRequested)?;
    let chosen = choose(&work, input.which, Command::RequestCancellation).await?.for_person(input.channel)?;
    let referral = &chosen.referral;
    let note = seal(&work, "referral", "cancel_note_sealed", referral.id.into(), input.note.as_ref())?;
    let below = referral.before.filter(|_| referral.status == Status::OnHold).map(Code::code);
    let facts = Facts::default()
        .set("before_status", referral.status.code())
        .set("held_from_status", below)
        .set("cancel_asked_at", work.deed.now)
        .set("cancel_by", chosen.party.code())
        .set("cancel_reason", input.reason.code())
        .set("cancel_note_sealed", note)
        .set("contest_note_sealed", Option::<String>::None)
        .due(Some(hours_after(work.deed.now, CANCEL_HOURS)));
    go(&work, &chosen, Status::CancelRequested, facts).await?;
    work.record(&happening(&chosen, Status::CancelRequested, Some(input.reason))).await?;
    work.commit(referral.id).await
}

/// What was delivered until a service stopped.
#[derive(Debug, Clone)]
pub struct ConfirmCancellation {
    pub which: Which,
    /// Every goal once, where anything was delivered.
    pub outcomes: Vec<GoalOutcome>,
    /// That nothing was.
    pub nothing_delivered: bool,
}

/// The receiver has wound down and says what was delivered; the referral ends for the reason that was asked for.
///
/// # Errors
/// Those of [`choose`]; OUTCOME_MISSING; INVALID for nothing delivered beside outcomes or reported progress.
pub async fn confirm_cancellation(app: &App, ask: Ask<'_>, input: ConfirmCancellation) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    check_each(&mut rules, &input.outcomes, &app.today());
    rules.settle()?;
    let chosen = choose(&work, input.which, Command::ConfirmCancellation).await?;
    let referral = &chosen.referral;
    if input.nothing_delivered {
        let reported = referral.progress.done.is_some_and(|done| done > 0);
        rules_of(!reported && input.outcomes.is_empty(), "nothingDelivered", RuleCode::Invalid)?;
    } else {
        check_all(referral, &input.outcomes)?;
    }
    let reason = asked_for(referral)?;
    go(&work, &chosen, Status::Withdrawn, ended(&work, reason)).await?;
    keep(&work, &chosen, &input.outcomes)?;
    work.tx.end_grants(referral.id, work.deed.now);
    work.record(&happening(&chosen, Status::Withdrawn, Some(reason))).await?;
    give_back_place(&work, referral);
    work.commit(referral.id).await
}

fn rules_of(holds: bool, field: &str, code: RuleCode) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(Rule::at(field, code).into()) }
}

/// For which reason the sender's side asked to stop.
///
/// # Errors
/// A row that does not say so.
pub(crate) fn asked_for(referral: &Referral) -> Result<Reason, Fault> {
    referral.cancellation.reason.ok_or_else(|| Fault::Corrupt("referral", referral.id.into()))
}

/// That the person wishes the service to go on.
#[derive(Debug, Clone)]
pub struct ContestCancellation {
    pub which: Which,
    /// How the receiver knows it.
    pub statement: Private<String>,
}

/// The receiver's supervisor objects: the person wishes to go on, and the consent under which the service runs stands.
/// The referral goes back to where it was, and the program's coordinator decides within five days.
///
/// # Errors
/// Those of [`choose`]; REQUIRED; TOO_LONG; CONSENT_MISSING once the consent was withdrawn.
pub async fn contest_cancellation(app: &App, ask: Ask<'_>, input: ContestCancellation) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    rules.text("statement", input.statement.expose(), 1, MAX_TEXT);
    rules.settle()?;
    let chosen = choose(&work, input.which, Command::ContestCancellation).await?;
    let referral = &chosen.referral;
    rules_of(work.tx.consent_stands(referral.id).await?, "referralId", RuleCode::ConsentMissing)?;
    let to = referral.before.ok_or_else(|| Fault::Corrupt("referral", referral.id.into()))?;
    let paused = work.deed.now - referral.times.cancel_asked_at.unwrap_or(work.deed.now);
    let statement = seal(&work, "referral", "contest_note_sealed", referral.id.into(), Some(&input.statement))?;
    let facts = running_again(referral, to, paused)
        .set("before_status", referral.hold.from.map(Code::code))
        .set("held_from_status", Option::<String>::None)
        .set("contested_at", work.deed.now)
        .set("contest_note_sealed", statement);
    go(&work, &chosen, to, facts).await?;
    let mut happening = happening(&chosen, to, None);
    happening.notify.extend(coordinator_of(referral).map(|notice| notice.of_kind("CANCELLATION_CONTESTED")));
    work.record(&happening).await?;
    work.commit(referral.id).await
}

/// What the program's coordinator must act on.
pub(crate) fn coordinator_of(referral: &Referral) -> Option<Notice> {
    let lead = referral.lead_organization_id?;
    Some(Notice { program: Some(referral.program_id), ..Notice::act(lead, MemberRole::Coordinator) })
}

/// Whether a service goes on that the receiver objects to stopping.
#[derive(Debug, Clone)]
pub struct DecideContest {
    pub which: Which,
    pub decision: ContestDecision,
    /// With STOP, as for an early end.
    pub outcomes: Vec<GoalOutcome>,
}

/// The coordinator decides: the service goes on, or ends early for the reason that was asked for.
///
/// # Errors
/// Those of [`choose`]; OUTCOME_MISSING; INVALID for outcomes of a service that goes on.
pub async fn decide_contest(app: &App, ask: Ask<'_>, input: DecideContest) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    check_each(&mut rules, &input.outcomes, &app.today());
    rules.settle()?;
    let chosen = choose(&work, input.which, Command::DecideContest).await?;
    match input.decision {
        ContestDecision::Continue => {
            rules_of(input.outcomes.is_empty(), "outcomes", RuleCode::Invalid)?;
            let facts = Facts::default().set("contested_at", Option::<i64>::None);
            go(&work, &chosen, chosen.referral.status, facts).await?;
            work.record(&happening(&chosen, chosen.referral.status, None)).await?;
        }
        ContestDecision::Stop => stop(&work, &chosen, &input.outcomes).await?,
    }
    work.commit(chosen.referral.id).await
}

async fn stop(work: &Work<'_>, chosen: &Chosen, outcomes: &[GoalOutcome]) -> Result<(), Failure> {
    let referral = &chosen.referral;
    check_if_delivered(referral, outcomes)?;
    let reason = asked_for(referral)?;
    go(work, chosen, Status::EndedEarly, ended(work, reason)).await?;
    keep(work, chosen, outcomes)?;
    work.tx.end_grants(referral.id, work.deed.now);
    work.record(&happening(chosen, Status::EndedEarly, Some(reason))).await?;
    give_back_place(work, referral);
    Ok(())
}
