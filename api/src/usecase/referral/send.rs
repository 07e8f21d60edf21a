//! Sending a draft to the receiver.

use super::blockers::known;
use super::details::{check, sent as sent_with};
use super::{Chosen, Which, choose, go, happening};
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::case::{Case, ConsentField};
use crate::domain::id::ReferralId;
use crate::domain::notice::Notice;
use crate::domain::referral::carried::Details;
use crate::domain::referral::clocks::{applying, deadlines};
pub use crate::domain::referral::sending::Send;
use crate::domain::referral::sending::{Ground, cleared};
use crate::domain::referral::{Command, Status};
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode};
use crate::store::referral_writes::Facts;
use crate::store::statement::json;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// What a receiver sees before it has decided; the rest of what was consented to is shown on acceptance.
pub(crate) const TO_DECIDE: &[ConsentField] = &[
    ConsentField::CaseIdentifier,
    ConsentField::Need,
    ConsentField::Urgency,
    ConsentField::AgeBand,
    ConsentField::Sex,
    ConsentField::Language,
    ConsentField::PriorHelp,
];

/// The sender's worker sends a draft, under a consent that covers receiver, purpose and fields. What a receiver passes on
/// goes under a consent that the case's holder recorded.
///
/// # Errors
/// What is wrong with the details; those of [`choose`]; CASE_CLOSED; all those of [`cleared`] at once.
pub async fn send(app: &App, ask: Ask<'_>, which: Which, how: Send, details: Details) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check(&work, &details).await?;
    let chosen = choose(&work, which, Command::Send).await?;
    let case = match chosen.referral.chain.parent_id {
        None => crate::usecase::case::held_open_case(&work, chosen.referral.case_id).await?,
        Some(_) => super::pass_on::case_of(&work, &chosen.referral).await?,
    };
    dispatch(&work, &chosen, &case, how, details).await?;
    work.commit(chosen.referral.id).await
}

/// Sends the draft that this work has just begun.
pub(super) async fn send_draft(
    work: &Work<'_>,
    id: ReferralId,
    case: &Case,
    how: Send,
    details: Details,
) -> Result<(), Failure> {
    let chosen = choose(work, Which { referral: id, expected_version: 1 }, Command::Send).await?;
    dispatch(work, &chosen, case, how, details).await
}

async fn dispatch(work: &Work<'_>, chosen: &Chosen, case: &Case, how: Send, details: Details) -> Result<(), Failure> {
    let referral = &chosen.referral;
    if let Some(id) = how.stands_in {
        work.tx.hold_override(id).await?;
    }
    let known = known(&work.tx, work.app, work.actor, (case, referral), how).await?;
    let cleared = cleared(case, referral, how, &known).map_err(Failure::Rules)?;
    let (agreed, slot) = (cleared.agreed, cleared.slot);
    let ground = held(work, cleared.ground).await?;
    let terms = work.tx.terms(referral.receiver.id, referral.program_id, case.area_id).await?;
    let limits = applying(referral.urgency, agreed.as_ref().map(|agreed| agreed.response_times), terms.program);
    let due = deadlines(&limits, &terms.calendar.clone().unwrap_or_default(), work.app.clock.now());
    let is_reachable = terms.is_reachable(referral.program_id, referral.urgency, work.deed.now);
    let facts = Facts::default()
        .set("consent_id", ground.consent.map(|consent| Uuid::from(consent.id)))
        .set("override_id", ground.stands_in.map(|(id, _)| Uuid::from(id)))
        .set("agreement_id", agreed.as_ref().map(|agreed| Uuid::from(agreed.id)))
        .set("sent_at", work.deed.now)
        .set("limits", json(&limits)?)
        .set("unreachable_at", (!is_reachable).then_some(work.deed.now))
        .set("acknowledge_due_at", due.acknowledge)
        .set("decide_due_at", due.decide)
        .set("decide_from_at", work.deed.now)
        .set("capacity_id", slot.map(Uuid::from))
        .set("slot_until_at", slot.map(|_| due.decide))
        .due(Some(due.acknowledge));
    go(work, chosen, Status::Sent, sent_with(work, referral, details, facts)?).await?;
    let fields: Vec<ConsentField> = ground.fields.iter().copied().filter(|field| TO_DECIDE.contains(field)).collect();
    work.tx.open_grant(case.id, referral.receiver.id, &fields, referral.id, work.deed.now);
    let mut sent = happening(chosen, Status::Sent, None);
    if !is_reachable {
        let unreachable = Notice::act(referral.sender.id, MemberRole::CaseManager).of_kind("RECEIVER_UNREACHABLE");
        sent.notify.push(Notice { program: Some(referral.program_id), ..unreachable });
    }
    work.record(&sent).await?;
    match slot {
        // Last, because all who ask for a place of this service meet here.
        Some(capacity) => super::held::hold(work, capacity, "holdPlace").await,
        None => Ok(()),
    }
}

/// Keeps the consent, and single fields of it, from being withdrawn until the referral is sent. Fields that were
/// withdrawn since it was read are not disclosed.
///
/// # Errors
/// CONSENT_MISSING for one that was withdrawn at this moment.
async fn held<'a>(work: &Work<'_>, ground: Ground<'a>) -> Result<Ground<'a>, Failure> {
    let Some(consent) = ground.consent else { return Ok(ground) };
    let held = work.tx.hold_consent(consent.id).await?;
    let fields = held.ok_or_else(|| Rule::at("consentId", RuleCode::ConsentMissing))?;
    Ok(Ground { fields, ..ground })
}
