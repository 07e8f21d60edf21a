//! The answer to a proposal, and taking it back.

use super::MAX_TEXT;
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::case::Purpose;
use crate::domain::case_transfer::{CaseTransfer, CaseTransferDecline, CaseTransferStatus};
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseTransferId, OrganizationId};
use crate::domain::notice::Notice;
use crate::domain::policy::Power;
use crate::domain::referral::Party;
use crate::domain::rule::{Detail, Failure, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::case_handover::HandedOver;
use crate::store::case_transfers::Ending;
use crate::store::ledger::Happening;
use crate::usecase::referral::seal;
use crate::usecase::work::{Ask, Work, fresh, open as begin};
use uuid::Uuid;

/// Which proposal, in which version.
#[derive(Debug, Clone, Copy)]
pub struct Accept {
    pub transfer: CaseTransferId,
    pub expected_version: i32,
}

/// Why a case is not taken.
#[derive(Debug, Clone)]
pub struct Decline {
    pub which: Accept,
    pub reason: CaseTransferDecline,
    pub note: Option<Private<String>>,
}

/// The receiving organization takes the case: it holds it from then on, with all referrals of the former holder, and the
/// former holder sees nothing of it any more.
///
/// # Errors
/// Those of [`running`]; TOO_LATE; CASE_CLOSED; CONSENT_MISSING when the person does not agree any more.
pub async fn accept(app: &App, ask: Ask<'_>, input: Accept) -> Outcome<CaseTransferId> {
    let work = begin!(app, ask);
    let found = running(&work, input, Side::Receiving).await?;
    if work.deed.now >= found.until_at {
        return Err(Rule::at("transferId", RuleCode::TooLate).into());
    }
    let consent = work.tx.consent_of_transfer(found.id).await?;
    let covers = consent.covers_for(Purpose::CaseTransfer, found.to.id, &work.app.today());
    if !covers || work.tx.hold_consent(consent.id).await?.is_none() {
        return Err(Rule::at("transferId", RuleCode::ConsentMissing).into());
    }
    if !work.tx.change_holder(found.case_id, found.from.id, found.to.id, work.deed.now).await? {
        return Err(Rule::at("transferId", RuleCode::CaseClosed).into());
    }
    let referrals = work.tx.sent_of_case(found.case_id, found.from.id).await?;
    work.tx.change_sender(found.case_id, found.from.id, found.to.id, work.deed.now).await?;
    let open = referrals.iter().filter(|referral| referral.is_open).count();
    let handed_over = Some(i32::try_from(open).unwrap_or(i32::MAX));
    let ending = Ending { status: CaseTransferStatus::Accepted, handed_over, ..Ending::default() };
    end(&work, &found, ending).await?;
    for referral in &referrals {
        work.record(&goes_along(referral, &found)).await?;
    }
    work.commit(found.id).await
}

/// The receiving organization does not take the case; its holder keeps it and must act.
///
/// # Errors
/// Those of [`running`]; TEXT_REQUIRED for another reason without a text.
pub async fn decline(app: &App, ask: Ask<'_>, input: Decline) -> Outcome<CaseTransferId> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    rules.check(input.note.is_some() || input.reason != CaseTransferDecline::Other, "note", RuleCode::TextRequired);
    if let Some(note) = &input.note {
        rules.text("note", note.expose(), 0, MAX_TEXT);
    }
    rules.settle()?;
    let found = running(&work, input.which, Side::Receiving).await?;
    let answer = seal(&work, "case_transfer", "answer_sealed", found.id.into(), input.note.as_ref())?;
    let decline_reason = Some(input.reason);
    end(&work, &found, Ending { status: CaseTransferStatus::Declined, decline_reason, answer, handed_over: None })
        .await?;
    work.commit(found.id).await
}

/// The holder takes its proposal back.
///
/// # Errors
/// Those of [`running`].
pub async fn withdraw(app: &App, ask: Ask<'_>, input: Accept) -> Outcome<CaseTransferId> {
    let work = begin!(app, ask);
    let found = running(&work, input, Side::Proposing).await?;
    end(&work, &found, Ending { status: CaseTransferStatus::Withdrawn, ..Ending::default() }).await?;
    work.commit(found.id).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Proposing,
    Receiving,
}

/// A running proposal that the asker may answer or take back.
///
/// # Errors
/// NOT_FOUND for whoever is no side; NOT_PERMITTED for the other side and for whom cases are not to change;
/// STALE_VERSION; NOT_NOW for one that has ended.
async fn running(work: &Work<'_>, which: Accept, side: Side) -> Result<CaseTransfer, Failure> {
    let found = work.tx.transfer(&work.sight(), which.transfer).await?;
    let found = found.ok_or_else(|| Rule::at("transferId", RuleCode::NotFound))?;
    let whose: OrganizationId = if side == Side::Receiving { found.to.id } else { found.from.id };
    if whose != work.deed.organization {
        return Err(Rule::at("transferId", RuleCode::NotPermitted).into());
    }
    work.needs(Power::WriteCases, Some(found.program_id), "transferId")?;
    fresh(which.expected_version, found.version)?;
    if found.status != CaseTransferStatus::Proposed {
        return Err(Rule::at("transferId", RuleCode::NotNow).into());
    }
    Ok(found)
}

/// Ends the proposal and tells the other side; whoever is left with the case must act.
async fn end(work: &Work<'_>, found: &CaseTransfer, ending: Ending) -> Result<(), Failure> {
    let must_act = ending.status == CaseTransferStatus::Declined;
    let role = if ending.status == CaseTransferStatus::Withdrawn { "HOLDER" } else { "RECEIVER" };
    if !work.tx.end_transfer(found.id, found.version, ending, work.deed.now).await? {
        let newer = Detail::Version(found.version + 1);
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(newer).into());
    }
    let (program, other) = (Some(found.program_id), found.other(work.deed.organization));
    let notice = if must_act { Notice::act(other, MemberRole::CaseManager) } else { Notice::to(other) };
    let happening = Happening {
        case: Some(found.case_id),
        program,
        receiver: Some(other),
        notify: vec![Notice { program, ..notice }],
        ..Happening::to((Kind::CaseTransfer, found.id.into()), role, found.version + 1)
    };
    work.record(&happening).await.map_err(Failure::from)
}

/// That a referral has another sender now. Its receiver is told while there is something to do.
fn goes_along(referral: &HandedOver, found: &CaseTransfer) -> Happening {
    let program = Some(referral.program);
    let tells = referral.was_sent && referral.is_open && referral.receiver != found.to.id;
    Happening {
        case: Some(found.case_id),
        to: Some(referral.status),
        program,
        area: referral.area,
        dimension: referral.dimension,
        level: referral.level,
        receiver: referral.was_sent.then_some(referral.receiver),
        notify: if tells { vec![Notice { program, ..Notice::to(referral.receiver) }] } else { Vec::new() },
        ..Happening::to((Kind::Referral, Uuid::from(referral.id)), Party::SenderWorker.code(), referral.version + 1)
    }
}
