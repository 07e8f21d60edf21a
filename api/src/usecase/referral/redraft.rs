//! The coordinator drafts the next attempt for the sender. It has no access to the case: it names the referral that
//! ended and a service, and reads nothing of what the draft says.

use super::to_decide;
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::{NeedId, ReferralId, ServiceId};
use crate::domain::notice::Notice;
use crate::domain::policy::parties;
use crate::domain::referral::beside::Beside;
use crate::domain::referral::table::{Unavailable, available};
use crate::domain::referral::{Command, Party, Referral, Status};
use crate::domain::rule::{Failure, Fault, Outcome, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::store::referral_redrafts::Redrafted;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// The attempt from which the coordinator is told.
const MANY: i32 = 3;

/// Another service for a need whose referral ended.
#[derive(Debug, Clone, Copy)]
pub struct Redraft {
    pub previous: ReferralId,
    pub service: ServiceId,
}

/// A draft for the sender's side with the same need and the same goals; the sender is told that it has to act.
///
/// # Errors
/// NOT_FOUND, NOT_PERMITTED; WRONG_STATE for a referral that has not ended; NEED_CLOSED, CASE_CLOSED;
/// DUPLICATE_REFERRAL.
pub async fn redraft(app: &App, ask: Ask<'_>, input: Redraft) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let previous = ended_before(&work, input.previous).await?;
    let service = work
        .tx
        .service(&work.sight(), input.service)
        .await?
        .ok_or_else(|| Rule::at("serviceId", RuleCode::NotFound))?;
    let id = Uuid::now_v7();
    let (need, attempt) = match work.tx.redraft(previous.id, id, &service, work.deed.now).await? {
        Redrafted::Added { need, attempt } => (need, attempt),
        Redrafted::CaseClosed => return Err(Rule::at("previousId", RuleCode::CaseClosed).into()),
        Redrafted::NeedClosed => return Err(Rule::at("previousId", RuleCode::NeedClosed).into()),
        Redrafted::Duplicate(_) => return Err(Rule::at("serviceId", RuleCode::DuplicateReferral).into()),
    };
    work.record(&begun(&previous, id)).await?;
    tell_of_many(&work, need, Some(previous.id), attempt).await?;
    work.commit(id.into()).await
}

async fn ended_before(work: &Work<'_>, id: ReferralId) -> Result<Referral, Failure> {
    let found = work.tx.referral(&work.sight(), id, &to_decide()).await?;
    let previous = found.ok_or_else(|| Rule::at("previousId", RuleCode::NotFound))?;
    let plays = parties(work.actor, &previous);
    match available(Command::Redraft, previous.status, Beside::of(&previous, work.actor), &plays) {
        Ok(_) => Ok(previous),
        Err(Unavailable::Party) => Err(Rule::at("previousId", RuleCode::NotPermitted).into()),
        Err(Unavailable::State) => Err(Rule::at("previousId", RuleCode::WrongState).into()),
    }
}

fn begun(previous: &Referral, id: Uuid) -> Happening {
    let act = Notice::act(previous.sender.id, MemberRole::CaseManager);
    Happening {
        case: Some(previous.case_id),
        to: Some(Status::Draft),
        program: Some(previous.program_id),
        area: previous.area_id,
        dimension: Some(previous.dimension),
        level: Some(previous.level),
        receiver: Some(previous.sender.id),
        notify: vec![Notice { program: Some(previous.program_id), ..act }],
        ..Happening::to((Kind::Referral, id), Party::Coordinator.code(), 1)
    }
}

/// From the third attempt for a need on the program's coordinator is told: a need that nobody meets is not the sender's
/// alone. It is told of a referral before, because it sees no draft. All attempts for the need count, whether or not one
/// names the other.
pub(super) async fn tell_of_many(
    work: &Work<'_>,
    need: NeedId,
    previous: Option<ReferralId>,
    attempt: i32,
) -> Result<(), Fault> {
    let tried = work.tx.tried_for(need).await?;
    // One that is turned down at this moment has not ended yet.
    let number = attempt.max(tried.number.saturating_add(1));
    let Some(about) = previous.or(tried.last).filter(|_| number >= MANY) else { return Ok(()) };
    let notice = Notice {
        role: Some(MemberRole::Coordinator),
        program: Some(tried.program),
        ..Notice::to(tried.lead).of_kind("THIRD_ATTEMPT")
    };
    for notice in work.tx.reaching(vec![notice], about.into()).await? {
        work.tx.tell(&notice, work.deed.mutation, (Kind::Referral, about.into()), work.deed.now);
    }
    Ok(())
}
