//! Referrals: each command is one use case, and each asks the table of transitions first.

mod accept;
mod accept_partly;
mod acknowledge;
mod answer_info;
mod assign;
mod blockers;
pub(crate) mod cancel;
mod close_loop;
mod complete;
pub(crate) mod course;
mod create;
mod decline;
mod details;
mod dispute;
mod end_early;
mod figures;
pub(crate) mod held;
pub(crate) mod hold;
pub(crate) mod lapse_offer;
mod need;
mod offer_place;
mod outcomes;
mod pass_on;
mod passed_on;
mod progress;
mod propose;
mod read;
mod redirect;
mod redraft;
mod request_info;
mod review_waiting;
mod send;
mod start;
mod take_offer;
mod unaccept;
mod void;
mod waitlist;
mod withdraw;

pub use accept::accept;
pub use accept_partly::{AcceptPartly, accept_partly};
pub use acknowledge::acknowledge;
pub use answer_info::{Answer, AnswerInfo, answer_info};
pub use assign::{Assign, assign};
pub(crate) use blockers::age_of;
pub use blockers::blockers;
pub use cancel::{
    ConfirmCancellation, ContestCancellation, DecideContest, RequestCancellation, confirm_cancellation,
    contest_cancellation, decide_contest, request_cancellation,
};
pub use close_loop::{CloseLoop, close_loop};
pub use complete::{Complete, complete};
pub use create::{Create, create};
pub use decline::{Cited, Decline, decline};
pub use dispute::{DecideDispute, DisputeOutcome, decide_dispute, dispute_outcome};
pub use end_early::{EndEarly, end_early};
pub use figures::{Named, Reasons, Standing, program_standing, reasons, stuck};
pub use hold::{Hold, hold, resume};
pub use lapse_offer::{LapseOffer, lapse_offer};
pub(crate) use need::settle_direct;
pub use offer_place::{OfferPlace, offer_place};
pub use outcomes::GoalOutcome;
pub(crate) use outcomes::check_each;
pub use pass_on::{PassOn, pass_on};
pub use progress::{ReportProgress, report_progress};
pub use propose::{Propose, propose};
pub use read::{Direction, Overview, ReferralFilter, ReferralOrder, Tally, after, by_reference, list, overview, read};
pub use redirect::{Redirect, redirect};
pub use redraft::{Redraft, redraft};
pub use request_info::{RequestInfo, request_info};
pub use review_waiting::review_waiting;
pub(crate) use send::TO_DECIDE;
pub use send::{Send, send};
pub use start::{Start, start};
pub use take_offer::{TakeOffer, take_offer};
pub use unaccept::{Unaccept, unaccept};
pub use void::{Void, void};
pub use waitlist::{Waitlist, waitlist};
pub use withdraw::{Withdraw, withdraw};

use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::{OrganizationId, ReferralId};
use crate::domain::notice::Notice;
use crate::domain::parts::Parts;
use crate::domain::policy::parties;
use crate::domain::referral::beside::Beside;
use crate::domain::referral::owner::{Side, next_owner};
use crate::domain::referral::table::{Unavailable, available, find, played};
use crate::domain::referral::{Channel, Command, Party, Reason, Referral, Status};
use crate::domain::rule::{Detail, Failure, Fault, Rule, RuleCode};
use crate::domain::sealed::Private;
use crate::domain::stage::CaseStage;
use crate::store::ledger::Happening;
use crate::store::referral_chain::Begun;
use crate::store::referral_writes::Facts;
use crate::store::sealing::Place;
use crate::usecase::work::{Work, fresh};
use course::{ended, give_back_place, planned_end, running_again};
use uuid::Uuid;

/// The most characters of a text that goes with a referral.
pub const MAX_TEXT: usize = 2_000;

/// Which referral, in which version.
#[derive(Debug, Clone, Copy)]
pub struct Which {
    pub referral: ReferralId,
    pub expected_version: i32,
}

/// A referral that a command may change, and the part in which the asker changes it.
pub(crate) struct Chosen {
    pub referral: Referral,
    pub command: Command,
    pub party: Party,
    /// By which way the person asked for it, when the step is theirs.
    pub channel: Option<Channel>,
}

/// The parts of a referral that commands decide by: all but texts and what only the directory shows.
fn to_decide() -> Parts {
    beside_texts(&Parts::none())
}

fn beside_texts(carried: &Parts) -> Parts {
    let key = || Parts::at(&[&["id"]]);
    let shown_only = [
        "description",
        "translations",
        "application_process",
        "languages",
        "required_documents",
        "cost",
        "contacts",
        "places",
        "areas",
    ];
    let service = shown_only.map(|field| (field, Parts::none())).into_iter().chain([("organization", key())]);
    Parts::all_but([
        ("service", Parts::all_but(service)),
        ("sender", key()),
        ("receiver", key()),
        ("background", Parts::none()),
        ("note", Parts::none()),
        ("released", Parts::none()),
        ("goals", Parts::at(&[&["id"], &["is_left_out"], &["result"]])),
        ("decision", Parts::none()),
        ("chain", Parts::at(&[&["parent_id"]])),
        ("restrictions", carried.clone()),
        ("prior_help", carried.clone()),
    ])
}

/// The same with what a draft carries, for sending it.
fn to_send() -> Parts {
    beside_texts(&Parts::All)
}

/// A referral among those the asker is a party of.
///
/// # Errors
/// NOT_FOUND for whoever is no party.
pub(crate) async fn of_party(work: &Work<'_>, id: ReferralId) -> Result<Referral, Failure> {
    let found = work.tx.referral(&work.sight(), id, &to_decide()).await?;
    found.ok_or_else(|| Rule::at("referralId", RuleCode::NotFound).into())
}

/// Finds the referral among those the asker is a party of, and asks the table whether the command may run.
///
/// # Errors
/// NOT_FOUND for whoever is no party; NOT_PERMITTED; STALE_VERSION; WRONG_STATE with what is possible now.
pub(crate) async fn choose(work: &Work<'_>, which: Which, command: Command) -> Result<Chosen, Failure> {
    let parts = if command == Command::Send { to_send() } else { to_decide() };
    let found = work.tx.referral(&work.sight(), which.referral, &parts).await?;
    let referral = found.ok_or_else(|| Rule::at("referralId", RuleCode::NotFound))?;
    let plays = parties(work.actor, &referral);
    let beside = Beside::of(&referral, work.actor);
    let row = match available(command, referral.status, beside, &plays) {
        Ok(row) => row,
        Err(Unavailable::Party) => return Err(Rule::at("referralId", RuleCode::NotPermitted).into()),
        Err(Unavailable::State) => {
            // Who read an older version learns that first: what they saw is no longer so.
            fresh(which.expected_version, referral.version)?;
            return Err(wrong_state(&referral, beside, &plays).into());
        }
    };
    fresh(which.expected_version, referral.version)?;
    let party = played(command, row, beside, &plays).unwrap_or(Party::Clock);
    Ok(Chosen { referral, command, party, channel: None })
}

impl Chosen {
    /// The same step as the person's own, recorded with the way in which they asked for it; nothing changes where they
    /// did not.
    ///
    /// # Errors
    /// INVALID at `personChannel` for a step that is not the person's to take.
    pub(crate) fn for_person(self, channel: Option<Channel>) -> Result<Self, Failure> {
        let Some(channel) = channel else { return Ok(self) };
        // Who speaks for the person knows them: a coordinator reads nothing of whom it is about.
        let may_speak = matches!(self.party, Party::SenderWorker | Party::SenderSupervisor);
        let is_theirs = may_speak
            && find(self.command, self.referral.status).is_some_and(|row| row.parties.contains(&Party::Person));
        if !is_theirs {
            return Err(Rule::at("personChannel", RuleCode::Invalid).into());
        }
        Ok(Self { party: Party::Person, channel: Some(channel), ..self })
    }
}

pub(crate) fn wrong_state(referral: &Referral, beside: Beside, plays: &[Party]) -> Rule {
    let possible = Command::ALL
        .iter()
        .copied()
        .filter(|command| available(*command, referral.status, beside, plays).is_ok())
        .collect();
    Rule::at("referralId", RuleCode::WrongState).with(Detail::State { current: referral.status, possible })
}

/// That a draft could be begun from a referral.
///
/// # Errors
/// WRONG_STATE, CASE_CLOSED, NEED_CLOSED, DUPLICATE_REFERRAL.
fn ended_or(begun: Begun) -> Result<(), Failure> {
    let rule = match begun {
        Begun::Yes => return Ok(()),
        Begun::Over => Rule::at("referralId", RuleCode::WrongState),
        Begun::CaseClosed => Rule::at("referralId", RuleCode::CaseClosed),
        Begun::NeedClosed => Rule::at("referralId", RuleCode::NeedClosed),
        Begun::Duplicate => Rule::at("serviceId", RuleCode::DuplicateReferral),
    };
    Err(rule.into())
}

/// Moves the referral to `to`, unless somebody was faster. What was passed on of it follows where it ends.
///
/// # Errors
/// STALE_VERSION; OPEN_REFERRALS.
pub(crate) async fn go(work: &Work<'_>, chosen: &Chosen, to: Status, facts: Facts) -> Result<(), Failure> {
    if passed_on::may_follow(chosen, to) {
        Box::pin(passed_on::follow(work, chosen)).await?;
    }
    if work.tx.move_referral(&chosen.referral, to, facts, work.deed.now).await? {
        if to == Status::Accepted {
            work.tx.carry_case(chosen.referral.case_id, CaseStage::InProgress, &work.deed).await?;
        }
        Ok(passed_on::tell_holder(work, chosen, to).await?)
    } else {
        let newer = Detail::Version(chosen.referral.version + 1);
        Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(newer).into())
    }
}

/// What happened, with all that the referral belonged to at the time.
pub(crate) fn happening(chosen: &Chosen, to: Status, reason: Option<Reason>) -> Happening {
    let referral = &chosen.referral;
    let by_sender =
        matches!(chosen.party, Party::SenderWorker | Party::SenderSupervisor | Party::Coordinator | Party::Person);
    let was_sent = referral.times.sent_at.is_some() || to == Status::Sent;
    let other = if by_sender { referral.receiver.id } else { referral.sender.id };
    Happening {
        case: Some(referral.case_id),
        from: Some(referral.status),
        to: Some(to),
        reason,
        channel: chosen.channel,
        program: Some(referral.program_id),
        area: referral.area_id,
        dimension: Some(referral.dimension),
        level: Some(referral.level),
        receiver: was_sent.then_some(other),
        notify: if was_sent { told(chosen, to, other) } else { Vec::new() },
        ..Happening::to((Kind::Referral, Uuid::from(referral.id)), chosen.party.code(), referral.version + 1)
    }
}

/// Who is told of a step: whoever must act next, and the other side.
fn told(chosen: &Chosen, to: Status, other: OrganizationId) -> Vec<Notice> {
    let referral = &chosen.referral;
    let program = Some(referral.program_id);
    let closes = chosen.command == Command::CloseLoop;
    let mut notices = Vec::new();
    if let Some((side, role)) = next_owner(to, closes) {
        let (organization, member) = match side {
            Side::Sender => (referral.sender.id, None),
            Side::Receiver => (referral.receiver.id, referral.assignee_id),
        };
        notices.push(Notice { program, member, ..Notice::act(organization, role) });
    }
    // What the coordinator does is news to both sides.
    let both = chosen.party == Party::Coordinator && Some(referral.sender.id) != referral.lead_organization_id;
    for organization in [Some(other), both.then_some(referral.sender.id)].into_iter().flatten() {
        if notices.iter().all(|notice| notice.organization != organization) {
            notices.push(Notice { program, ..Notice::to(organization) });
        }
    }
    notices
}

/// That a coded reason fits the ending and that OTHER comes with a text.
pub(crate) fn check_reason(reason: Reason, note: Option<&Private<String>>, ending: Status) -> Result<(), Failure> {
    check_told(reason, note, ending, false)
}

/// The same where something beside the text may already say why.
fn check_told(reason: Reason, note: Option<&Private<String>>, ending: Status, is_said: bool) -> Result<(), Failure> {
    let mut rules = crate::domain::rule::Rules::default();
    rules.check(reason.fits(ending), "reason", RuleCode::ReasonNotAllowed);
    let told = note.is_some_and(|note| !note.expose().trim().is_empty());
    // "Not eligible" must cite the criterion, or propose one: it is what mends the directory.
    let needs_text = matches!(reason, Reason::Other) || (reason == Reason::NotEligible && ending == Status::Declined);
    rules.check(told || is_said || !needs_text, "note", RuleCode::TextRequired);
    if let Some(note) = note {
        rules.text("note", note.expose(), 0, MAX_TEXT);
    }
    rules.settle()
}

/// A text about a person, sealed for its row.
pub(crate) fn seal(
    work: &Work<'_>,
    table: &'static str,
    column: &'static str,
    row: Uuid,
    text: Option<&Private<String>>,
) -> Result<Option<String>, Fault> {
    text.map(|text| {
        let sealed = work.app.sealer.seal(Place { table, column, row }, text.expose())?;
        Ok(sealed.as_stored().to_owned())
    })
    .transpose()
}
