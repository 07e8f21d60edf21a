//! The writes that the plan and the prepared case have in common.

use super::stage::{Hand, found};
use super::walk::CaseState;
use crate::domain::actor::Actor;
use crate::domain::case::{Basis, ConsentField, ConsentMethod, Delivery, Purpose, Urgency};
use crate::domain::code::Code;
use crate::domain::consent::Terms;
use crate::domain::id::{CaseId, NeedId, OrganizationId, ServiceId};
use crate::domain::parts::Parts;
use crate::domain::policy::Sight;
use crate::domain::referral::{GoalResult, ReferralGoal};
use crate::domain::rule::Outcome;
use crate::domain::sealed::Private;
use crate::domain::service::{Dimension, Level};
use crate::usecase::case::{self, AddNeed, RecordConsent};
use crate::usecase::referral::{self, Complete, Create, GoalOutcome, Start, Which};

/// Adds a need that is to be met by referral; the case's version rises by one.
///
/// # Errors
/// What the use case refuses.
pub async fn add_need(
    hand: &Hand<'_>,
    actor: &Actor,
    case: CaseState,
    category: &str,
    urgency: Urgency,
    goals: &[&str],
) -> Outcome<NeedId> {
    let dimension = match category.get(..3) {
        Some("ECO") => Dimension::Economic,
        Some("PSY") => Dimension::Psychosocial,
        _ => Dimension::Social,
    };
    let input = AddNeed {
        case: case.id,
        expected_version: case.version,
        category: category.to_owned(),
        dimension,
        level: Level::Individual,
        urgency,
        delivery: Delivery::Referral,
        goals: goals.iter().map(|text| Private::new((*text).to_owned())).collect(),
    };
    let mut key = String::new();
    case::add_need(hand.app, hand.ask(actor, "addNeed", &mut key), input).await.map(|(_, need)| need)
}

/// Records that the person agrees to a disclosure to one receiver; the case's version rises by one.
///
/// # Errors
/// What the use case refuses.
pub async fn agree(
    hand: &Hand<'_>,
    actor: &Actor,
    case: CaseState,
    receiver: OrganizationId,
    method: ConsentMethod,
) -> Outcome<()> {
    let input = RecordConsent {
        case: case.id,
        expected_version: case.version,
        receiver,
        basis: Basis::Consent,
        purpose: Purpose::Care,
        // All that is shared under the case's identifier; who somebody is moves under an agreement only.
        fields: ConsentField::ALL.iter().copied().filter(|field| field.compartment().is_none()).collect(),
        method,
        language: "fr".into(),
        notice_version: "2026-1".into(),
        given_on: hand.app.today(),
        expires_on: None,
        terms: Terms::default(),
        caregiver_reason: None,
    };
    let mut key = String::new();
    case::record_consent(hand.app, hand.ask(actor, "recordConsent", &mut key), input).await.map(drop)
}

/// A referral of all goals of a need to a service, with nothing more to say.
#[must_use]
pub fn plain(case: CaseId, need: NeedId, service: ServiceId, send: bool) -> Create {
    Create {
        case,
        need,
        service,
        service_at_location: None,
        goals: Vec::new(),
        consent: None,
        background: None,
        person_informed: true,
        client_reference: None,
        previous: None,
        send,
        hold_place: false,
        stands_in: None,
    }
}

/// Records the first contact, today.
///
/// # Errors
/// What the use case refuses.
pub async fn start(hand: &Hand<'_>, actor: &Actor, which: Which) -> Outcome<()> {
    let mut key = String::new();
    let ask = hand.ask(actor, "startReferralService", &mut key);
    referral::start(hand.app, ask, Start { which, first_contact_on: hand.app.today(), planned_end_on: None })
        .await
        .map(drop)
}

/// The same result for every goal, today.
///
/// # Errors
/// NOT_FOUND for a referral that the actor can't see.
pub async fn results(
    hand: &Hand<'_>,
    actor: &Actor,
    which: Which,
    result: GoalResult,
    note: Option<&str>,
) -> Outcome<Vec<GoalOutcome>> {
    let seen = referral::after(hand.app, &Sight::of(actor), which.referral, &Parts::All).await?;
    let one = |goal: &ReferralGoal| GoalOutcome {
        goal: goal.id,
        result,
        achieved_on: (result == GoalResult::Achieved).then(|| hand.app.today()),
        quantity: None,
        unit: None,
        note: note.map(|text| Private::new(text.to_owned())),
    };
    Ok(found(seen, "referral")?.goals.iter().map(one).collect())
}

/// Reports the same result for every goal, today.
///
/// # Errors
/// What the use case refuses.
pub async fn complete(
    hand: &Hand<'_>,
    actor: &Actor,
    which: Which,
    result: GoalResult,
    note: Option<&str>,
) -> Outcome<()> {
    let outcomes = results(hand, actor, which, result, note).await?;
    let input = Complete { which, service_on: hand.app.today(), first_contact_on: None, outcomes };
    let mut key = String::new();
    referral::complete(hand.app, hand.ask(actor, "completeReferral", &mut key), input).await.map(drop)
}
