//! Saying who of the receiver's people works on a referral.

use super::{Which, to_decide};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::{MemberId, ReferralId};
use crate::domain::notice::Notice;
use crate::domain::policy::{Power, may, parties};
use crate::domain::referral::beside::Beside;
use crate::domain::referral::{Party, Referral};
use crate::domain::rule::{Detail, Failure, Outcome, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, Work, fresh, open as begin};
use uuid::Uuid;

/// To whom a referral is given.
#[derive(Debug, Clone, Copy)]
pub struct Assign {
    pub which: Which,
    /// Nobody when none is named.
    pub member: Option<MemberId>,
}

/// The receiver gives a referral to one of its members, who is told, or to nobody. It moves nothing: the referral's
/// state stays, and the other side learns no name.
///
/// # Errors
/// NOT_FOUND; NOT_PERMITTED; STALE_VERSION; WRONG_STATE for one that has ended; MEMBER_UNSUITABLE for whom is no active
/// member of the receiver who decides or delivers in the program.
pub async fn assign(app: &App, ask: Ask<'_>, input: Assign) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let (referral, party) = received(&work, input.which).await?;
    if let Some(member) = input.member {
        check(&work, &referral, member).await?;
    }
    let facts = Facts::default().set("assignee_id", input.member.map(Uuid::from));
    if !work.tx.move_referral(&referral, referral.status, facts, work.deed.now).await? {
        let newer = Detail::Version(referral.version + 1);
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(newer).into());
    }
    work.record(&happened(&work, &referral, party, input.member)).await?;
    work.commit(referral.id).await
}

async fn received(work: &Work<'_>, which: Which) -> Result<(Referral, Party), Failure> {
    let found = work.tx.referral(&work.sight(), which.referral, &to_decide()).await?;
    let referral = found.ok_or_else(|| Rule::at("referralId", RuleCode::NotFound))?;
    let receives =
        |party: &Party| matches!(party, Party::ReceiverIntake | Party::ReceiverWorker | Party::ReceiverSupervisor);
    let plays = parties(work.actor, &referral);
    let party = plays.iter().copied().find(receives);
    let party = party.ok_or_else(|| Rule::at("referralId", RuleCode::NotPermitted))?;
    fresh(which.expected_version, referral.version)?;
    if referral.status.is_terminal() {
        return Err(super::wrong_state(&referral, Beside::of(&referral, work.actor), &plays).into());
    }
    Ok((referral, party))
}

/// That a member of the receiver may decide or deliver in the referral's program. Whoever is no such member gets one
/// answer, whether they exist elsewhere or not.
async fn check(work: &Work<'_>, referral: &Referral, member: MemberId) -> Result<(), Failure> {
    let known = work.tx.active_member(referral.receiver.id, member).await?;
    let works = |member: &Actor| {
        let program = Some(referral.program_id);
        may(member, Power::DecideReferrals, program) || may(member, Power::DeliverServices, program)
    };
    if known.as_ref().is_some_and(works) {
        Ok(())
    } else {
        Err(Rule::at("memberId", RuleCode::MemberUnsuitable).into())
    }
}

fn happened(work: &Work<'_>, referral: &Referral, party: Party, member: Option<MemberId>) -> Happening {
    let program = Some(referral.program_id);
    // Who takes it upon themselves needs no word of it.
    let told = member.filter(|member| Uuid::from(*member) != work.deed.principal);
    let notice = told.map(|member| Notice { program, member: Some(member), ..Notice::to(referral.receiver.id) });
    Happening {
        case: Some(referral.case_id),
        from: Some(referral.status),
        to: Some(referral.status),
        program,
        area: referral.area_id,
        dimension: Some(referral.dimension),
        level: Some(referral.level),
        notify: notice.into_iter().collect(),
        ..Happening::to((Kind::Referral, Uuid::from(referral.id)), party.code(), referral.version + 1)
    }
}
