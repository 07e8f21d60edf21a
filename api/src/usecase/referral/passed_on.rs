//! What was passed on follows the referral of which it is a part: nothing of it outlives that one.

use super::{Chosen, give_back_place, go, happening};
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::ReferralId;
use crate::domain::notice::Notice;
use crate::domain::parts::Parts;
use crate::domain::policy::{Extent, Sight};
use crate::domain::referral::clocks::{CANCEL_HOURS, hours_after};
use crate::domain::referral::table::{TRANSITIONS, Target};
use crate::domain::referral::{Command, Party, Reason, Referral, Status};
use crate::domain::rule::{Failure, Fault, Rule, RuleCode};
use crate::store::referral_writes::Facts;
use crate::usecase::work::Work;

/// Whether something may have been passed on of a referral that is about to end, or whose acceptance is taken back.
pub(super) fn may_follow(chosen: &Chosen, to: Status) -> bool {
    let referral = &chosen.referral;
    let was_taken = referral.times.decided_at.is_some() && !referral.status.is_terminal();
    was_taken && referral.chain.parent_id.is_none() && (to.is_terminal() || to == Status::Acknowledged)
}

/// Looks at what was passed on of a referral that is about to end. The receiver ends its own part last: it
/// is refused while others still have theirs. Whatever else ends the referral ends what was passed on, too.
///
/// # Errors
/// OPEN_REFERRALS.
pub(super) async fn follow(work: &Work<'_>, chosen: &Chosen) -> Result<(), Failure> {
    let open = work.tx.passed_on_open(chosen.referral.id).await?;
    let by_receiver = matches!(chosen.party, Party::ReceiverIntake | Party::ReceiverWorker | Party::ReceiverSupervisor);
    if by_receiver && !open.is_empty() {
        return Err(Rule::at("referralId", RuleCode::OpenReferrals).into());
    }
    for id in open {
        Box::pin(end(work, &chosen.referral, id)).await?;
    }
    Ok(())
}

async fn end(work: &Work<'_>, parent: &Referral, id: ReferralId) -> Result<(), Failure> {
    let sight = Sight {
        organization: Some(parent.receiver.id),
        referrals: Extent::Programs(vec![parent.program_id]),
        ..work.sight()
    };
    let referral = work.tx.referral(&sight, id, &Parts::All).await?;
    let referral = referral.ok_or_else(|| Fault::Corrupt("referral", id.into()))?;
    let row = |row: &&crate::domain::referral::table::Transition| {
        row.command == Command::FollowParent && row.from.contains(&referral.status)
    };
    let target = TRANSITIONS.iter().find(row).map(|row| row.to);
    let before = referral.status;
    let chosen = Chosen { referral, command: Command::FollowParent, party: Party::Clock, channel: None };
    work.tx.end_grants(id, work.deed.now);
    match target {
        Some(Target::To(Status::CancelRequested)) => {
            let below = chosen.referral.before.filter(|_| before == Status::OnHold).map(Code::code);
            let facts = Facts::default()
                .set("before_status", before.code())
                .set("held_from_status", below)
                .set("cancel_asked_at", work.deed.now)
                .set("cancel_by", Party::Clock.code())
                .set("cancel_reason", Reason::NoLongerNeeded.code())
                .due(Some(hours_after(work.deed.now, CANCEL_HOURS)));
            carry(work, &chosen, Status::CancelRequested, facts).await
        }
        Some(Target::To(to)) => {
            let facts = Facts::default()
                .set("reason", Reason::NoLongerNeeded.code())
                .set("ended_at", work.deed.now)
                .set("slot_until_at", None::<i64>)
                .set("offer_until_at", None::<i64>)
                .due(None);
            carry(work, &chosen, to, facts).await?;
            give_back_place(work, &chosen.referral);
            Ok(())
        }
        // It is being wound down already; only its grants end.
        _ => Ok(()),
    }
}

async fn carry(work: &Work<'_>, chosen: &Chosen, to: Status, facts: Facts) -> Result<(), Failure> {
    Box::pin(go(work, chosen, to, facts)).await?;
    let mut happened = happening(chosen, to, Some(Reason::NoLongerNeeded));
    let sender = Notice::to(chosen.referral.sender.id);
    happened.notify.push(Notice { program: Some(chosen.referral.program_id), ..sender });
    // One event for each referral that moves, under the name of what follows.
    work.tx.record_as(&work.deed, "followParentReferral", &happened);
    Ok(())
}

/// Tells the case's holder that a part that was passed on of a referral of its own has moved.
///
/// # Errors
/// What the engine refuses.
pub(super) async fn tell_holder(work: &Work<'_>, chosen: &Chosen, to: Status) -> Result<(), Fault> {
    let referral = &chosen.referral;
    let Some(parent) = referral.chain.parent_id.filter(|_| to != referral.status) else { return Ok(()) };
    let holder = work.tx.holder_of(referral.case_id).await?;
    let notice = Notice { program: Some(referral.program_id), ..Notice::to(holder).of_kind("PASSED_ON_MOVED") };
    work.tx.tell(&notice, work.deed.mutation, (Kind::Referral, parent.into()), work.deed.now);
    Ok(())
}
