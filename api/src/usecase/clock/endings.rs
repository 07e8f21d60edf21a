//! What the clock ends.

use super::acts::{begun, chosen, happened, named};
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::notice::Notice;
use crate::domain::referral::{Command, Party, Reason, Referral, Status};
use crate::domain::rule::{Failure, Fault};
use crate::store::door::Tx;
use crate::store::ledger::Happening;
use crate::store::referral_writes::Facts;
use crate::usecase::referral::cancel::asked_for;
use crate::usecase::referral::course::{ended, give_back_place};
use crate::usecase::referral::held::{let_go, paused_until};
use crate::usecase::referral::{Chosen, go};
use crate::usecase::work::Work;
use uuid::Uuid;

/// Gives up on a silent receiver: back to the sender. It counts as silence, not as a decision.
pub(super) async fn expire(work: Work<'_>, chosen: Chosen) -> Result<(), Failure> {
    let referral = &chosen.referral;
    let facts = paused_until(referral, let_go(&work, referral, Facts::default()), work.deed.now)
        .set("reason", Reason::NoResponse.code())
        .set("ended_at", work.deed.now)
        .due(None);
    go(&work, &chosen, Status::Expired, facts).await?;
    work.tx.end_grants(referral.id, work.deed.now);
    work.record(&happened(&work, &chosen, Status::Expired, Some(Reason::NoResponse))).await?;
    Ok(work.done().await?)
}

/// The receiver neither wound down nor objected in time: it ends for the reason that was asked for.
pub(super) async fn confirm_cancellation(app: &App, tx: Tx, referral: Referral) -> Result<(), Failure> {
    let work = begun(app, tx, referral.receiver.id, &Command::ConfirmCancellation);
    let chosen = chosen(referral, Command::ConfirmCancellation)?;
    let reason = asked_for(&chosen.referral)?;
    go(&work, &chosen, Status::Withdrawn, ended(&work, reason)).await?;
    work.tx.end_grants(chosen.referral.id, work.deed.now);
    work.record(&happened(&work, &chosen, Status::Withdrawn, Some(reason))).await?;
    give_back_place(&work, &chosen.referral);
    Ok(work.done().await?)
}

/// Nobody said what the result means: the loop is closed unseen, and the need stays as it is.
pub(super) async fn close_loop(app: &App, tx: Tx, referral: Referral) -> Result<(), Failure> {
    let work = begun(app, tx, referral.sender.id, &Command::CloseLoop);
    let chosen = chosen(referral, Command::CloseLoop)?;
    let to = chosen.referral.status;
    let facts = Facts::default().set("loop_closed_at", work.deed.now).set("loop_unseen", true).clock(None);
    go(&work, &chosen, to, facts).await?;
    work.record(&happened(&work, &chosen, to, None)).await?;
    Ok(work.done().await?)
}

/// Throws a forgotten draft away. That it was there stays written down; nobody but its sender ever knew of it.
pub(super) async fn purge(app: &App, tx: Tx, referral: Referral) -> Result<(), Failure> {
    let work = named(app, tx, referral.sender.id, "purgeReferralDraft");
    if !work.tx.purge_draft(&referral).await? {
        return Err(Fault::Corrupt("referral", referral.id.into()).into());
    }
    let notice = Notice { role: Some(MemberRole::CaseManager), ..Notice::to(referral.sender.id) };
    let happened = Happening {
        case: Some(referral.case_id),
        from: Some(Status::Draft),
        program: Some(referral.program_id),
        area: referral.area_id,
        dimension: Some(referral.dimension),
        level: Some(referral.level),
        notify: vec![Notice { program: Some(referral.program_id), ..notice.of_kind("DRAFT_PURGED") }],
        ..Happening::to((Kind::Referral, Uuid::from(referral.id)), Party::Clock.code(), referral.version)
    };
    work.record(&happened).await?;
    Ok(work.done().await?)
}
