//! Marking a referral as entered in error. It takes two people: a supervisor of the sender and the coordinator.

use super::cancel::coordinator_of;
use super::need::settle;
use super::{Chosen, Which, choose, give_back_place, go, happening};
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::code::Code;
use crate::domain::consent::RedactionCause;
use crate::domain::id::ReferralId;
use crate::domain::notice::Notice;
use crate::domain::referral::course::VoidReason;
use crate::domain::referral::{Command, Party, Referral, Status};
use crate::domain::rule::{Failure, Outcome};
use crate::store::ledger::Happening;
use crate::store::redactions::Removal;
use crate::store::referral_writes::Facts;
use crate::usecase::consent::ask_redaction;
use crate::usecase::work::{Ask, Work, open as begin};

/// Why a referral should not exist.
#[derive(Debug, Clone, Copy)]
pub struct Void {
    pub which: Which,
    pub reason: VoidReason,
}

/// The first of the two asks, and the other part is told; the second, another person of the other part, voids. Then
/// the texts are erased, the place is given back and all grants end; the tombstone stays. Where it was about somebody else,
/// the receiver must remove what it was shown.
///
/// # Errors
/// Those of [`choose`]; NOT_PERMITTED for whoever asked first, and for another of the same part.
pub async fn void(app: &App, ask: Ask<'_>, input: Void) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let chosen = choose(&work, input.which, Command::Void).await?;
    match chosen.referral.voiding.asked_as {
        None => ask_first(&work, &chosen, input.reason).await?,
        Some(_) => entomb(&work, &chosen, input.reason).await?,
    }
    work.commit(chosen.referral.id).await
}

async fn ask_first(work: &Work<'_>, chosen: &Chosen, reason: VoidReason) -> Result<(), Failure> {
    let referral = &chosen.referral;
    let facts = Facts::default()
        .set("void_asked_at", work.deed.now)
        .set("void_asked_by", work.deed.principal)
        .set("void_asked_as", chosen.party.code())
        .set("void_reason", reason.code());
    go(work, chosen, referral.status, facts).await?;
    let notice = other_part(chosen.party, referral);
    // The receiver is not told of what may come to nothing.
    let receiver = notice.map(|notice| notice.organization);
    let notify = notice.into_iter().collect();
    work.record(&Happening { notify, receiver, ..happening(chosen, referral.status, None) }).await?;
    Ok(())
}

fn other_part(asked: Party, referral: &Referral) -> Option<Notice> {
    let program = Some(referral.program_id);
    let notice = match asked {
        Party::SenderSupervisor => coordinator_of(referral),
        _ => Some(Notice { program, ..Notice::act(referral.sender.id, MemberRole::Supervisor) }),
    };
    notice.map(|notice| notice.of_kind("VOID_ASKED"))
}

async fn entomb(work: &Work<'_>, chosen: &Chosen, reason: VoidReason) -> Result<(), Failure> {
    let referral = &chosen.referral;
    let facts = Facts::default()
        .set("voided_at", work.deed.now)
        .set("void_reason", reason.code())
        .set("ended_at", referral.times.ended_at.unwrap_or(work.deed.now))
        .set("slot_until_at", Option::<i64>::None)
        .set("offer_until_at", Option::<i64>::None)
        .due(None);
    go(work, chosen, Status::Voided, facts).await?;
    work.tx.erase_texts(referral.id);
    if referral.times.loop_closed_at.is_some() {
        settle(work, referral.id, referral.loop_meaning, None).await?;
    }
    work.tx.end_grants(referral.id, work.deed.now);
    work.record(&happening(chosen, Status::Voided, None)).await?;
    let about_another = [Some(reason), referral.voiding.reason].contains(&Some(VoidReason::WrongPerson));
    if about_another && referral.times.sent_at.is_some() {
        ask_redaction(
            work,
            Removal {
                cause: RedactionCause::WrongPerson,
                consent: None,
                referral: referral.id,
                receiver: referral.receiver.id,
                holder: referral.sender.id,
                program: referral.program_id,
                fields: None,
            },
        );
    }
    give_back_place(work, referral);
    Ok(())
}
