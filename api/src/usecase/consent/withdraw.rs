//! Withdrawing a consent: all that was sent under it follows in the same transaction.

use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::case::{Case, Consent};
use crate::domain::code::Code;
use crate::domain::consent::{ConsentPart, RedactionCause};
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, ConsentId, ReferralId};
use crate::domain::notice::Notice;
use crate::domain::parts::Parts;
use crate::domain::policy::{Extent, Power, Sight};
use crate::domain::referral::table::{TRANSITIONS, Target, Transition};
use crate::domain::referral::{Channel, Command, Party, Reason, Referral, Status};
use crate::domain::rule::{Detail, Failure, Fault, Outcome, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::store::redactions::Removal;
use crate::store::referral_writes::Facts;
use crate::usecase::consent::ask_redaction;
use crate::usecase::referral::{Chosen, go, happening};
use crate::usecase::work::{Ask, Work, fresh, open as begin};
use serde::{Deserialize, Serialize};

/// Which consent is withdrawn, and how much of it. No reason is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Withdraw {
    pub consent: ConsentId,
    pub expected_version: i32,
    pub part: ConsentPart,
    /// Set when the person themselves withdraws it.
    pub channel: Option<Channel>,
}

/// What was done to one referral that had been sent under the consent.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Moved {
    pub referral: ReferralId,
    pub was_withdrawn: bool,
    /// By when the receiver must have removed what it was shown, UTC microseconds.
    pub redaction_due: i64,
}

/// What was done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Withdrawn {
    pub case: CaseId,
    pub consent: ConsentId,
    pub referrals: Vec<Moved>,
}

/// The person, or the sender's worker, withdraws a consent. What was not accepted yet is taken back; a service that goes
/// on is not cut off, and the sender asks the person about it; the receiver sees from then on only what it wrote itself,
/// and removes the rest.
///
/// # Errors
/// NOT_FOUND, NOT_PERMITTED, STALE_VERSION; CONSENT_MISSING for what was withdrawn before.
pub async fn withdraw(app: &App, ask: Ask<'_>, input: Withdraw) -> Outcome<Withdrawn> {
    let work = begin!(app, ask);
    let (case, consent) = held(&work, input.consent).await?;
    work.needs(Power::SendReferrals, Some(case.program_id), "consentId")?;
    fresh(input.expected_version, consent.version)?;
    let ended = match input.part {
        ConsentPart::All => consent.ended_at,
        ConsentPart::ReportBack => consent.terms.report_back_ended_at,
    };
    if ended.is_some() {
        return Err(Rule::at("consentId", RuleCode::ConsentMissing).into());
    }
    let now = work.deed.now;
    let is_first = match input.part {
        ConsentPart::All => work.tx.end_consent(consent.id, consent.version, input.channel, now).await?,
        ConsentPart::ReportBack => work.tx.end_report_back(consent.id, consent.version, now).await?,
    };
    if !is_first {
        let newer = Detail::Version(consent.version + 1);
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(newer).into());
    }
    let mut referrals = Vec::new();
    if input.part == ConsentPart::All {
        for id in work.tx.sent_under(consent.id).await? {
            referrals.push(follow(&work, &case, consent.id, id, input.channel).await?);
        }
        work.tx.end_grants_under(consent.id, now).await?;
    } else {
        tell_of_silence(&work, &case, &consent).await?;
    }
    work.record(&Happening {
        case: Some(case.id),
        program: Some(case.program_id),
        channel: input.channel,
        ..Happening::to((Kind::Consent, consent.id.into()), party(input.channel).code(), consent.version + 1)
    })
    .await?;
    work.commit(Withdrawn { case: case.id, consent: consent.id, referrals }).await
}

/// Who receives under a consent learns that no word back is to be told any more; not why, nor what was told before.
async fn tell_of_silence(work: &Work<'_>, case: &Case, consent: &Consent) -> Result<(), Failure> {
    const KIND: &str = "WORD_BACK_ENDED";
    for id in work.tx.sent_under(consent.id).await? {
        let notice = Notice { program: Some(case.program_id), ..Notice::to(consent.receiver_id) };
        work.tx.tell(&notice.of_kind(KIND), work.deed.mutation, (Kind::Referral, id.into()), work.deed.now);
    }
    Ok(())
}

pub(super) fn party(channel: Option<Channel>) -> Party {
    if channel.is_some() { Party::Person } else { Party::SenderWorker }
}

pub(super) async fn held(work: &Work<'_>, id: ConsentId) -> Result<(Case, Consent), Failure> {
    let unknown = || Rule::at("consentId", RuleCode::NotFound);
    let case = work.tx.case_of_consent(id).await?.ok_or_else(unknown)?;
    let case = work.tx.case(&work.sight(), case).await?.ok_or_else(unknown)?;
    let consent = case.consents.iter().find(|consent| consent.id == id).cloned().ok_or_else(unknown)?;
    Ok((case, consent))
}

/// What the machine's table says of a referral whose consent is withdrawn; nothing once it has ended.
fn row_of(status: Status) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|row| row.command == Command::WithdrawConsent && row.from.contains(&status))
}

async fn follow(
    work: &Work<'_>,
    case: &Case,
    consent: ConsentId,
    id: ReferralId,
    channel: Option<Channel>,
) -> Result<Moved, Failure> {
    // What follows from a withdrawal does not depend on whether whoever records it may read referrals.
    // Nor does it on who passed it on: a receiver may be the sender.
    let organization = Some(work.tx.sender_of(id).await?);
    let sight = Sight { organization, referrals: Extent::Programs(vec![case.program_id]), ..work.sight() };
    let referral = work.tx.referral(&sight, id, &Parts::All).await?;
    let referral = referral.ok_or_else(|| Fault::Corrupt("referral", id.into()))?;
    let removal = Removal {
        cause: RedactionCause::ConsentWithdrawn,
        consent: Some(consent),
        referral: referral.id,
        receiver: referral.receiver.id,
        holder: case.holder.id,
        program: case.program_id,
        fields: None,
    };
    let due = ask_redaction(work, removal);
    let target = row_of(referral.status).map(|row| row.to);
    match target {
        Some(Target::To(status)) => take_back(work, referral, status, channel).await?,
        Some(Target::Same | Target::Before) => {
            let ask = Notice::act(referral.sender.id, MemberRole::CaseManager).of_kind("ASK_WHETHER_SERVICE_GOES_ON");
            let ask = Notice { program: Some(case.program_id), ..ask };
            work.tx.tell(&ask, work.deed.mutation, (Kind::Referral, id.into()), work.deed.now);
        }
        None => {}
    }
    Ok(Moved { referral: id, was_withdrawn: matches!(target, Some(Target::To(_))), redaction_due: due })
}

async fn take_back(work: &Work<'_>, referral: Referral, to: Status, channel: Option<Channel>) -> Result<(), Failure> {
    let holds_place = referral.status == Status::Offered || referral.due.slot_until.is_some();
    if let Some(capacity) = referral.capacity_id.filter(|_| holds_place) {
        work.tx.release_place_now(capacity).await?;
    }
    let chosen = Chosen { referral, command: Command::WithdrawConsent, party: party(channel), channel };
    let facts = Facts::default()
        .set("reason", Reason::ConsentWithdrawn.code())
        .set("ended_at", work.deed.now)
        .set("slot_until_at", None::<i64>)
        .set("offer_until_at", None::<i64>)
        .due(None);
    go(work, &chosen, to, facts).await?;
    let mut happened = happening(&chosen, to, Some(Reason::ConsentWithdrawn));
    // Who passed it on is not who withdraws.
    let sender = chosen.referral.sender.id;
    let program = Some(chosen.referral.program_id);
    happened.notify.extend((sender != work.deed.organization).then(|| Notice { program, ..Notice::to(sender) }));
    Ok(work.record(&happened).await?)
}
