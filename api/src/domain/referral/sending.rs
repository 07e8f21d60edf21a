//! What stands in the way of sending a draft: the one place for this rule, for those who send and for those who look
//! before they do.

use crate::domain::agreement::{self, covering};
use crate::domain::case::{AgeBand, Case, Consent, ConsentField, NEEDED_TO_DECIDE, Sex};
use crate::domain::code::Code;
use crate::domain::consent::{Age, ConsentOverride, OverrideBasis, missing_for_age};
use crate::domain::criterion::ages;
use crate::domain::id::{CapacityId, ConsentId, ConsentOverrideId, OrganizationId};
use crate::domain::person::identified;
use crate::domain::referral::Referral;
use crate::domain::rule::{Detail, Rule, RuleCode};
use crate::domain::service::{ClosedBecause, Eligibility, ReturnType, Visibility};
use jiff::civil::Date;

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

/// What is known beside the case and the referral when it is sent.
#[derive(Debug)]
pub struct Known {
    pub today: Date,
    /// UTC microseconds.
    pub now: i64,
    /// After how many days a confirmation of a service is too old.
    pub max_age_days: i32,
    /// Who sends.
    pub sender: OrganizationId,
    /// The way of return.
    pub returned: Option<ReturnType>,
    pub age: Age,
    /// Whether the service serves where the person is.
    pub is_served: bool,
    /// Whether whoever sends it answers for the sender's work.
    pub sent_by_supervisor: bool,
    /// What is named to stand in for a consent, where there is such a thing.
    pub stands_in: Option<ConsentOverride>,
    /// What the agreements in force say.
    pub terms: Vec<agreement::Terms>,
}

/// On what ground something about a person is disclosed, and what may be disclosed on it.
#[derive(Debug)]
pub struct Ground<'a> {
    pub consent: Option<&'a Consent>,
    pub stands_in: Option<(ConsentOverrideId, OverrideBasis)>,
    pub fields: Vec<ConsentField>,
}

impl Ground<'_> {
    /// Whether nobody waits for a guardian: a life is at risk, and a licensed professional has answered for it.
    fn cannot_wait(&self) -> bool {
        self.stands_in.is_some_and(|(_, basis)| basis == OverrideBasis::LifeAtRisk)
    }
}

/// A draft that may be sent.
#[derive(Debug)]
pub struct Cleared<'a> {
    pub ground: Ground<'a>,
    /// The agreement that it is sent under, where there is one.
    pub agreed: Option<agreement::Terms>,
    /// The capacity of which a place is to be held.
    pub slot: Option<CapacityId>,
}

/// What a draft may be sent on; or everything that stands in the way, told at once: what is wrong with the service, the
/// place, the need, what is missing, the consent, and the agreement. Where no consent covers, an agreement is asked for
/// what the nearest one releases.
///
/// # Errors
/// SERVICE_CLOSED, SERVICE_STALE; NOT_OFFERED_BY_SERVICE and CAPACITY_TAKEN where a place is to be held; NEED_CLOSED;
/// INCOMPLETE; CONSENT_MISSING, INVALID for what stands in where a consent covers; AGREEMENT_MISSING.
pub fn cleared<'a>(case: &'a Case, referral: &Referral, how: Send, known: &Known) -> Result<Cleared<'a>, Vec<Rule>> {
    let mut blockers: Vec<Rule> = service_closed(referral, known).into_iter().collect();
    let slot = slot(referral, how).map_err(|rule| blockers.push(rule)).ok().flatten();
    let is_full = slot.is_some() && !referral.has_free_place();
    let need = case.needs.iter().find(|need| Some(need.id) == referral.need_id);
    if !need.is_some_and(|need| need.status.is_open()) {
        blockers.push(Rule::at("needId", RuleCode::NeedClosed));
    }
    let ground = ground(case, referral, how, known);
    let missing = missing(case, referral, how, known, ground.as_ref().ok());
    if !missing.is_empty() {
        blockers.push(Rule::at("", RuleCode::Incomplete).with(Detail::Missing(missing)));
    }
    let fields = match &ground {
        Ok(ground) => ground.fields.as_slice(),
        Err(_) if how.stands_in.is_some() => &[],
        Err(_) => nearest(case, referral, how, known).map_or(&[][..], |consent| &consent.fields),
    };
    let agreed = covering(&known.terms, &identified(fields)).map(Option::<&agreement::Terms>::cloned);
    let lacks = agreed.as_ref().err().map(|lacks| lacks.iter().map(|field| field.code()).collect());
    match (ground, agreed) {
        (Ok(ground), Ok(agreed)) if blockers.is_empty() && !is_full => return Ok(Cleared { ground, agreed, slot }),
        (ground, _) => blockers.extend(ground.err()),
    }
    blockers.extend(lacks.map(|lacks| Rule::at("consentId", RuleCode::AgreementMissing).with(Detail::Missing(lacks))));
    blockers.extend(is_full.then(|| Rule::at("holdPlace", RuleCode::CapacityTaken)));
    Err(blockers)
}

fn service_closed(referral: &Referral, known: &Known) -> Option<Rule> {
    // Hidden since the draft was begun: nobody else may know that it is still there.
    if referral.service.visibility == Visibility::Own && !referral.service.belongs_to(known.sender) {
        return Some(Rule::at("serviceId", RuleCode::ServiceClosed));
    }
    let code = match referral.service.closed_because(known.today, known.max_age_days)? {
        ClosedBecause::Stale => RuleCode::ServiceStale,
        ClosedBecause::NotOffered
        | ClosedBecause::NoReferrals
        | ClosedBecause::Unclassified
        | ClosedBecause::FundingEnded => RuleCode::ServiceClosed,
    };
    Some(Rule::at("serviceId", code))
}

/// The capacity of which a place is held from sending on; none where no places are stated, so that there is always one.
fn slot(referral: &Referral, how: Send) -> Result<Option<CapacityId>, Rule> {
    if !how.hold_place {
        return Ok(None);
    }
    if !referral.service.holds_places_at_sending {
        return Err(Rule::at("holdPlace", RuleCode::NotOfferedByService));
    }
    Ok(referral.service.capacity_for(referral.service_at_location_id).map(|capacity| capacity.id))
}

/// The ground on which a referral is to be sent: what stands in for a consent where that is named, and else the consent
/// that is named, or the newest that covers it.
fn ground<'a>(case: &'a Case, referral: &Referral, how: Send, known: &Known) -> Result<Ground<'a>, Rule> {
    let today = known.today.to_string();
    // Beside what stands in, no consent is chosen: otherwise naming one that does not cover would hide one that does.
    let named = how.consent.filter(|_| how.stands_in.is_none());
    let covers = |consent: &&Consent| {
        named.is_none_or(|named| consent.id == named)
            && consent.covers(referral.receiver.id, &today)
            && is_meant(consent, referral)
    };
    let consent = case.consents.iter().rev().find(covers);
    match (how.stands_in, consent) {
        (None, Some(consent)) => Ok(Ground { consent: Some(consent), stands_in: None, fields: consent.fields.clone() }),
        (None, None) => Err(uncovered(case, referral, how, known)),
        // Where the person agreed, nothing stands in for it.
        (Some(_), Some(_)) => Err(Rule::at("overrideId", RuleCode::Invalid)),
        (Some(id), None) => {
            let found = known
                .stands_in
                .as_ref()
                .filter(|found| found.id == id && found.covers(case.id, referral.receiver.id, known.now));
            let found = found.ok_or_else(|| Rule::at("overrideId", RuleCode::ConsentMissing))?;
            Ok(Ground { consent: None, stands_in: Some((id, found.basis)), fields: found.fields.clone() })
        }
    }
}

/// Whether a consent may be meant for a referral. For a part that is passed on it is one recorded since its draft was
/// begun: whoever passes on must not learn by sending that the holder had one before, for a referral of its own.
fn is_meant(consent: &Consent, referral: &Referral) -> bool {
    referral.chain.parent_id.is_none() || consent.created_at >= referral.times.created_at
}

/// The newest consent for the receiver that still holds, or the one that is named if it does.
fn nearest<'a>(case: &'a Case, referral: &Referral, how: Send, known: &Known) -> Option<&'a Consent> {
    let today = known.today.to_string();
    case.consents.iter().rev().find(|consent| {
        how.consent.is_none_or(|named| consent.id == named)
            && consent.receiver_id == referral.receiver.id
            && consent.is_for_care()
            && consent.is_current(&today)
            && is_meant(consent, referral)
    })
}

/// That no consent covers, with the fields that nobody agreed to and without which nothing is sent.
fn uncovered(case: &Case, referral: &Referral, how: Send, known: &Known) -> Rule {
    let released = nearest(case, referral, how, known).map_or(&[][..], |consent| &consent.fields);
    let lacks = NEEDED_TO_DECIDE.iter().filter(|field| !released.contains(field)).map(|field| field.code());
    Rule::at("consentId", RuleCode::ConsentMissing).with(Detail::Missing(lacks.collect()))
}

/// Everything that is missing beside the consent, as codes.
fn missing(
    case: &Case,
    referral: &Referral,
    how: Send,
    known: &Known,
    ground: Option<&Ground<'_>>,
) -> Vec<&'static str> {
    let eligibility = &referral.service.eligibility;
    let checks = [
        (referral.goals.is_empty(), "GOALS"),
        (!how.person_informed, "PERSON_INFORMED"),
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
    missing
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
