//! What ends proposals that nobody answers: the clock, and the end of the case itself.

use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::case_transfer::CaseTransferStatus;
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::CaseId;
use crate::domain::notice::Notice;
use crate::domain::referral::Party;
use crate::domain::rule::Fault;
use crate::store::case_transfers::{Ending, Unanswered};
use crate::store::ledger::{Deed, Happening};
use crate::usecase::work::Work;
use uuid::Uuid;

/// Lets proposals lapse that were not answered in time. The holder keeps the case and is told that it must act; the
/// organization that was silent is told as well. Tells how many; call it again until none were.
///
/// # Errors
/// What the engine refuses.
pub async fn lapse_unanswered(app: &App) -> Result<u64, Fault> {
    let due = app.store.unanswered_transfers(app.now()).await?;
    let mut lapsed = 0;
    for unanswered in due {
        if lapse(app, unanswered).await? {
            lapsed += 1;
        }
    }
    Ok(lapsed)
}

/// Takes back the proposal that runs for a case, if one does, because the case is closed; who was asked is told.
///
/// # Errors
/// What the engine refuses.
pub(crate) async fn withdraw_with_case(work: &Work<'_>, case: CaseId) -> Result<(), Fault> {
    let Some(running) = work.tx.running_transfer(case).await? else { return Ok(()) };
    let ending = Ending { status: CaseTransferStatus::Withdrawn, ..Ending::default() };
    if !work.tx.end_transfer(running.id, running.version, ending, work.deed.now).await? {
        return Ok(());
    }
    let program = Some(running.program);
    let told = Notice { program, ..Notice::to(running.to).of_kind("withdrawCaseTransfer") };
    work.tx.tell(&told, work.deed.mutation, (Kind::CaseTransfer, running.id.into()), work.deed.now);
    Ok(())
}

async fn lapse(app: &App, unanswered: Unanswered) -> Result<bool, Fault> {
    let deed = Deed {
        organization: unanswered.to,
        principal: Uuid::nil(),
        principal_kind: "CLOCK",
        mutation: "lapseCaseTransfer",
        request: "clock".to_owned(),
        now: app.now(),
    };
    let work = Work::of_clock(app, app.store.begin().await?, deed);
    let ending = Ending { status: CaseTransferStatus::Lapsed, ..Ending::default() };
    if !work.tx.end_transfer(unanswered.id, unanswered.version, ending, work.deed.now).await? {
        return Ok(false);
    }
    let program = Some(unanswered.program);
    let subject = (Kind::CaseTransfer, Uuid::from(unanswered.id));
    let happening = Happening {
        case: Some(unanswered.case),
        program,
        receiver: Some(unanswered.from),
        notify: vec![
            Notice { program, ..Notice::act(unanswered.from, MemberRole::CaseManager) },
            Notice { program, ..Notice::to(unanswered.to) },
        ],
        ..Happening::to(subject, Party::Clock.code(), unanswered.version + 1)
    };
    work.record(&happening).await?;
    work.done().await?;
    Ok(true)
}
