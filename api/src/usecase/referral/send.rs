//! Sending a draft to the receiver.

use super::ground::Ground;
use super::{Chosen, Which, choose, go, happening};
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::case::{AgeBand, Case, ConsentField, Sex};
use crate::domain::consent::{Age, missing_for_age};
use crate::domain::criterion::ages;
use crate::domain::id::{CapacityId, ConsentId, ConsentOverrideId, ReferralId};
use crate::domain::notice::Notice;
use crate::domain::policy::parties;
use crate::domain::referral::clocks::{applying, deadlines};
use crate::domain::referral::{Command, Party, Referral, Status};
use crate::domain::rule::{Detail, Failure, Outcome, Rule, RuleCode};
use crate::domain::service::{ClosedBecause, Eligibility, ReturnType, Visibility};
use crate::store::referral_writes::Facts;
use crate::store::statement::json;
use crate::usecase::agreement::terms_to_send;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// What a receiver sees before it has decided; the rest of what was consented to is shown on acceptance.
pub(super) const TO_DECIDE: &[ConsentField] = &[
    ConsentField::CaseIdentifier,
    ConsentField::Need,
    ConsentField::Urgency,
    ConsentField::AgeBand,
    ConsentField::Sex,
    ConsentField::Language,
];

/// How a draft is sent.
#[derive(Debug, Clone, Copy)]
pub struct Send {
    /// The consent to send under; the newest that covers it when none is named.
    pub consent: Option<ConsentId>,
    /// Whether the person knows of the referral.
    pub person_informed: bool,
    /// What stands in for a consent that could not be had.
    pub stands_in: Option<ConsentOverrideId>,
    /// Have a place held until the decision is due.
    pub hold_place: bool,
}

/// The sender's worker sends a draft, under a consent that covers receiver, purpose and fields. What a receiver passes on
/// goes under a consent that the case's holder recorded.
///
/// # Errors
/// Those of [`choose`]; INCOMPLETE; CONSENT_MISSING; AGREEMENT_MISSING; SERVICE_CLOSED; SERVICE_STALE; NEED_CLOSED;
/// CASE_CLOSED; NOT_OFFERED_BY_SERVICE and CAPACITY_TAKEN where a place is to be held.
pub async fn send(app: &App, ask: Ask<'_>, which: Which, how: Send) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let chosen = choose(&work, which, Command::Send).await?;
    let case = match chosen.referral.chain.parent_id {
        None => crate::usecase::case::held_open_case(&work, chosen.referral.case_id).await?,
        Some(_) => super::pass_on::case_of(&work, &chosen.referral).await?,
    };
    dispatch(&work, &chosen, &case, how).await?;
    work.commit(chosen.referral.id).await
}

/// Sends the draft that this work has just begun.
pub(super) async fn send_draft(work: &Work<'_>, id: ReferralId, case: &Case, how: Send) -> Result<(), Failure> {
    let chosen = choose(work, Which { referral: id, expected_version: 1 }, Command::Send).await?;
    dispatch(work, &chosen, case, how).await
}

async fn dispatch(work: &Work<'_>, chosen: &Chosen, case: &Case, how: Send) -> Result<(), Failure> {
    let referral = &chosen.referral;
    check_service(work, referral)?;
    let slot = how.hold_place.then(|| slot_of(referral)).transpose()?.flatten();
    let returned = work.app.return_facts(case)?.map(|facts| facts.return_type());
    let ground = Ground::of(work, case, referral, how).await;
    let known = Known {
        person_informed: how.person_informed,
        returned,
        age: age_of(work, case).await?,
        is_served: work.tx.serves(referral.service.id, case.area_id).await?,
        sent_by_supervisor: parties(work.actor, referral).contains(&Party::SenderSupervisor),
    };
    check_complete(case, referral, &known, ground.as_ref().ok())?;
    let ground = ground?.hold(work).await?;
    let agreed = terms_to_send(work, referral, &ground.fields).await?;
    let terms = work.tx.terms(referral.receiver.id, referral.program_id, case.area_id).await?;
    let limits = applying(referral.urgency, agreed.as_ref().map(|agreed| agreed.response_times), terms.program);
    let due = deadlines(&limits, &terms.calendar.clone().unwrap_or_default(), work.app.clock.now());
    let is_reachable = terms.is_reachable(referral.program_id);
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
    go(work, chosen, Status::Sent, facts).await?;
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

/// The capacity of which a place is held from sending on; none where no places are stated, so that there is always one.
fn slot_of(referral: &Referral) -> Result<Option<CapacityId>, Failure> {
    if !referral.service.holds_places_at_sending {
        return Err(Rule::at("holdPlace", RuleCode::NotOfferedByService).into());
    }
    Ok(referral.service.capacity_for(referral.service_at_location_id).map(|capacity| capacity.id))
}

fn check_service(work: &Work<'_>, referral: &Referral) -> Result<(), Failure> {
    // Hidden since the draft was begun: nobody else may know that it is still there.
    if referral.service.visibility == Visibility::Own && !referral.service.belongs_to(work.deed.organization) {
        return Err(Rule::at("serviceId", RuleCode::ServiceClosed).into());
    }
    let today = crate::domain::clock::date_of(work.app.clock.now());
    let code = match referral.service.closed_because(today, work.app.policy.service_max_age_days) {
        None => return Ok(()),
        Some(ClosedBecause::Stale) => RuleCode::ServiceStale,
        Some(
            ClosedBecause::NotOffered
            | ClosedBecause::NoReferrals
            | ClosedBecause::Unclassified
            | ClosedBecause::FundingEnded,
        ) => RuleCode::ServiceClosed,
    };
    Err(Rule::at("serviceId", code).into())
}

/// Whether a case is a child's, by whatever is known: the age band, the date of birth, or that a child is alone.
pub(crate) async fn age_of(work: &Work<'_>, case: &Case) -> Result<Age, Failure> {
    let today = crate::domain::clock::date_of(work.app.clock.now());
    let mut says = Vec::new();
    let mut is_alone = false;
    for (person, known) in work.tx.signs_of_a_child(case.id).await? {
        is_alone |= known.field == ConsentField::UnaccompaniedChild;
        let value = work.app.person_value(person, &known)?;
        says.push(known.says_child(value.as_ref().map(|value| value.expose().as_str()), today));
    }
    Ok(if is_alone { Age::ChildAlone } else { Age::of(case.age_band, &says) })
}

/// What is known beside the case and the referral when it is sent.
struct Known {
    /// Whether the person knows of the referral.
    person_informed: bool,
    /// The way of return.
    returned: Option<ReturnType>,
    age: Age,
    /// Whether the service serves where the person is.
    is_served: bool,
    /// Whether whoever sends it answers for the sender's work.
    sent_by_supervisor: bool,
}

/// Everything that is missing, told at once.
fn check_complete(case: &Case, referral: &Referral, known: &Known, ground: Option<&Ground<'_>>) -> Result<(), Failure> {
    let need = case.needs.iter().find(|need| Some(need.id) == referral.need_id);
    if !need.is_some_and(|need| need.status.is_open()) {
        return Err(Rule::at("needId", RuleCode::NeedClosed).into());
    }
    let eligibility = &referral.service.eligibility;
    let checks = [
        (referral.goals.is_empty(), "GOALS"),
        (!known.person_informed, "PERSON_INFORMED"),
        (case.age_band.is_some_and(|band| outside(band, eligibility)), "ELIGIBLE_AGE"),
        (case.sex.is_some_and(|sex| other_sex(sex, eligibility)), "ELIGIBLE_SEX"),
        (known.returned.is_some_and(|returned| other_return(returned, eligibility)), "ELIGIBLE_RETURN_TYPE"),
        (!known.is_served, "ELIGIBLE_AREA"),
    ];
    let mut missing: Vec<&'static str> = checks.into_iter().filter_map(|(lacks, code)| lacks.then_some(code)).collect();
    if !ground.is_some_and(Ground::cannot_wait) {
        missing.extend(missing_for_age(known.age, ground.and_then(|ground| ground.consent)));
        // The extra approval: whoever answers for the sender's work sends it.
        let is_approved = known.age != Age::ChildAlone || known.sent_by_supervisor;
        missing.extend((!is_approved).then_some("SUPERVISOR_APPROVAL"));
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Rule::at("", RuleCode::Incomplete).with(Detail::Missing(missing)).into())
    }
}

/// Whether no age of the band meets the published ages.
fn outside(band: AgeBand, eligibility: &Eligibility) -> bool {
    let (youngest, oldest) = ages(band);
    eligibility.minimum_age.is_some_and(|least| oldest < least)
        || eligibility.maximum_age.is_some_and(|most| youngest > most)
}

/// Whether the service is published for another sex only.
fn other_sex(sex: Sex, eligibility: &Eligibility) -> bool {
    matches!(sex, Sex::Female | Sex::Male) && eligibility.sex.is_some_and(|only| only != sex)
}

/// Whether the service is published for other ways of return only. A return of which too little is known, or told, is
/// never refused.
fn other_return(returned: ReturnType, eligibility: &Eligibility) -> bool {
    let only = &eligibility.return_types;
    returned != ReturnType::Unspecified && !only.is_empty() && !only.contains(&returned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_band_is_refused_only_when_no_age_in_it_fits() {
        let ages = |minimum_age, maximum_age| Eligibility { minimum_age, maximum_age, ..Eligibility::default() };
        assert!(outside(AgeBand::From12To17, &ages(Some(18), None)));
        assert!(!outside(AgeBand::From12To17, &ages(Some(16), None)));
        assert!(outside(AgeBand::From60, &ages(None, Some(59))));
        assert!(!outside(AgeBand::From60, &ages(None, Some(60))));
        assert!(!outside(AgeBand::From0To4, &Eligibility::default()));
    }
}
