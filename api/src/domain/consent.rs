//! What a consent says beside what it releases, what stands in its place where life is at risk, and what is asked of a
//! receiver once it is withdrawn.

use crate::domain::actor::{Actor, MemberRole};
use crate::domain::case::{AgeBand, Basis, Consent, ConsentField, NEEDED_TO_DECIDE, Purpose};
use crate::domain::code::codes;
use crate::domain::id::{
    CaseId, ConsentId, ConsentOverrideId, MemberId, OrganizationId, ProgramId, RedactionId, ReferralId,
};
use crate::domain::policy::Extent;
use crate::domain::referral::Channel;
use crate::domain::sealed::Sealed;
use serde::{Deserialize, Serialize};

/// Within how many microseconds a receiver must have redacted what it was shown: 72 hours.
pub const REDACTION_MICROS: i64 = 72 * 3_600_000_000;
/// For how many microseconds an override holds at the most: 72 hours.
pub const OVERRIDE_MICROS: i64 = 72 * 3_600_000_000;
/// How many days before a consent expires its holder is told.
pub const EXPIRES_SOON_DAYS: i32 = 14;

codes! {
    /// Who gave a consent.
    pub enum GivenBy {
        /// The person themselves.
        Person = "PERSON",
        /// A guardian or caregiver, for a child.
        Guardian = "GUARDIAN",
        /// The authority that answers for a child without a guardian.
        CompetentAuthority = "COMPETENT_AUTHORITY",
    }
}

codes! {
    /// What a guardian is to the child.
    pub enum GuardianRelation {
        /// A parent.
        Parent = "PARENT",
        /// A grandparent.
        Grandparent = "GRANDPARENT",
        /// An adult brother or sister.
        Sibling = "SIBLING",
        /// Another relative.
        OtherRelative = "OTHER_RELATIVE",
        /// Somebody appointed by a court or an authority.
        AppointedGuardian = "APPOINTED_GUARDIAN",
        /// Somebody who cares for the child without being a relative.
        Caregiver = "CAREGIVER",
    }
}

codes! {
    /// What a child said of a disclosure.
    pub enum ChildView {
        /// The child agrees.
        Agrees = "AGREES",
        /// The child does not agree. Only a determination of best interests goes beyond it.
        Disagrees = "DISAGREES",
        /// The child is too young to have a view.
        TooYoung = "TOO_YOUNG",
        /// The child was not asked yet. Nothing is sent before.
        NotAsked = "NOT_ASKED",
    }
}

codes! {
    /// Why something may be disclosed though the person did not consent. A licensed professional determines it.
    pub enum OverrideBasis {
        /// A life is at risk.
        LifeAtRisk = "LIFE_AT_RISK",
        /// The person can't consent because of their state of mind.
        LacksCapacity = "LACKS_CAPACITY",
    }
}

codes! {
    /// What a review found of an override.
    pub enum OverrideVerdict {
        /// It was right.
        Justified = "JUSTIFIED",
        /// It was not; nothing more is disclosed under it.
        NotJustified = "NOT_JUSTIFIED",
    }
}

codes! {
    /// Why a receiver must remove what it was shown.
    pub enum RedactionCause {
        /// The consent was withdrawn.
        ConsentWithdrawn = "CONSENT_WITHDRAWN",
        /// Single fields were taken out of the consent.
        FieldsWithdrawn = "FIELDS_WITHDRAWN",
        /// What stood in for a consent was found not to be right.
        OverrideUnjustified = "OVERRIDE_UNJUSTIFIED",
        /// The referral was about somebody else.
        WrongPerson = "WRONG_PERSON",
    }
}

codes! {
    /// How much of a consent is withdrawn.
    pub enum ConsentPart {
        /// All of it: nothing more is disclosed and nothing is reported back.
        All = "ALL",
        /// Only that the receiver may tell the sender what became of it.
        ReportBack = "REPORT_BACK",
    }
}

/// What a consent says beside what it releases. Forward and back are two questions, each with its own answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Whether the receiver may tell the sender what became of it, as it was answered.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub report_back: bool,
    /// When that answer was ended, UTC microseconds.
    pub report_back_ended_at: Option<i64>,
    pub given_by: GivenBy,
    pub guardian_relation: Option<GuardianRelation>,
    pub child_view: Option<ChildView>,
    /// One when the caregiver was told, zero when not; nothing for adults.
    pub caregiver_informed: Option<i32>,
    /// Why the caregiver was not told.
    pub caregiver_reason: Option<Sealed>,
    /// By which way the person withdrew it themselves.
    pub withdrawn_channel: Option<Channel>,
}

impl Default for Terms {
    /// Given by the person, with word back.
    fn default() -> Self {
        Self {
            report_back: true,
            report_back_ended_at: None,
            given_by: GivenBy::Person,
            guardian_relation: None,
            child_view: None,
            caregiver_informed: None,
            caregiver_reason: None,
            withdrawn_channel: None,
        }
    }
}

impl Terms {
    /// Whether the receiver may now tell the sender what became of it.
    #[must_use]
    pub fn reports_back(&self) -> bool {
        self.report_back && self.report_back_ended_at.is_none()
    }

    /// Whether somebody gave it who can for a child; for one who is alone, only an appointed guardian or the competent
    /// authority.
    fn given_for_child(&self, is_alone: bool) -> bool {
        match self.given_by {
            GivenBy::Person => false,
            GivenBy::Guardian => !is_alone || self.guardian_relation == Some(GuardianRelation::AppointedGuardian),
            GivenBy::CompetentAuthority => true,
        }
    }
}

impl Consent {
    /// Whether it is for a referral to a service.
    #[must_use]
    pub fn is_for_care(&self) -> bool {
        self.purpose == Purpose::Care
    }

    /// Whether something more may be disclosed under it on `today` (ISO 8601). An expired one ends nothing.
    #[must_use]
    pub fn is_current(&self, today: &str) -> bool {
        self.ended_at.is_none()
            && self.given_on.as_str() <= today
            && self.expires_on.as_deref().is_none_or(|last| today <= last)
    }
}

impl AgeBand {
    /// Whether everybody in the band is below 18.
    #[must_use]
    pub fn is_child(self) -> bool {
        matches!(self, Self::From0To4 | Self::From5To11 | Self::From12To17)
    }
}

/// Whether somebody is a child, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    Child,
    /// A child without anybody who answers for it.
    ChildAlone,
    Adult,
    Unknown,
}

impl Age {
    /// By all that is known: whatever says that somebody is a child counts, and nobody is grown up for lack of a word.
    #[must_use]
    pub fn of(band: Option<AgeBand>, says_child: &[Option<bool>]) -> Self {
        let mut known = says_child.iter().copied().flatten().chain(band.map(AgeBand::is_child));
        match (known.clone().any(|child| child), known.next()) {
            (true, _) => Self::Child,
            (false, Some(_)) => Self::Adult,
            (false, None) => Self::Unknown,
        }
    }
}

/// What is missing before something about a person is sent under a consent, as codes. For a child a guardian or the
/// competent authority consents, whether the caregiver was told is answered, and the child's own view is heard; against
/// it, only a determination of best interests counts. For a child who is alone only an appointed guardian or the competent
/// authority consents, and there is no caregiver to tell. Of whom nothing says whether they are a child, that is asked first.
#[must_use]
pub fn missing_for_age(age: Age, consent: Option<&Consent>) -> Vec<&'static str> {
    match age {
        Age::Adult => return Vec::new(),
        Age::Unknown => return vec!["AGE"],
        Age::Child | Age::ChildAlone => {}
    }
    let is_alone = age == Age::ChildAlone;
    let terms = consent.map(|consent| &consent.terms);
    let view = terms.and_then(|terms| terms.child_view);
    let best_interests = consent.is_some_and(|consent| consent.basis == Basis::BestInterests);
    let checks = [
        (terms.is_none_or(|terms| !terms.given_for_child(is_alone)), "GUARDIAN_CONSENT"),
        (!is_alone && terms.is_none_or(|terms| terms.caregiver_informed.is_none()), "CAREGIVER_INFORMED"),
        (view.is_none_or(|view| view == ChildView::NotAsked), "CHILD_VIEW"),
        (view == Some(ChildView::Disagrees) && !best_interests, "BEST_INTERESTS"),
    ];
    checks.into_iter().filter_map(|(lacks, code)| lacks.then_some(code)).collect()
}

/// A disclosure to one receiver in place of a consent that could not be had.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConsentOverride {
    pub id: ConsentOverrideId,
    pub case_id: CaseId,
    pub program_id: ProgramId,
    pub receiver_id: OrganizationId,
    pub basis: OverrideBasis,
    /// The licensed member who determined it.
    pub determined_by: MemberId,
    pub recorded_by: MemberId,
    pub reason: Sealed,
    pub fields: Vec<ConsentField>,
    pub created_at: i64,
    /// Until when something may be disclosed under it, UTC microseconds.
    pub expires_at: i64,
    pub verdict: Option<OverrideVerdict>,
    pub verdict_text: Option<Sealed>,
    pub reviewed_at: Option<i64>,
    /// When the licensed member confirmed it, or recorded it, UTC microseconds. Nothing is sent under it before.
    pub confirmed_at: Option<i64>,
    /// Whether the person had withdrawn a consent for this receiver: whoever reviews it looks twice.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub after_withdrawal: bool,
    pub version: i32,
}

impl ConsentOverride {
    /// Whether something may be sent under it at `now` (UTC microseconds) of a case to a receiver: the licensed member has
    /// confirmed it, and it has neither run out nor been found wrong.
    #[must_use]
    pub fn covers(&self, case: CaseId, receiver: OrganizationId, now: i64) -> bool {
        self.case_id == case
            && self.receiver_id == receiver
            && self.confirmed_at.is_some()
            && now < self.expires_at
            && self.verdict != Some(OverrideVerdict::NotJustified)
            && NEEDED_TO_DECIDE.iter().all(|field| self.fields.contains(field))
    }
}

/// A receiver's duty to remove what it was shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Redaction {
    pub id: RedactionId,
    pub referral_id: ReferralId,
    /// Only for the holder of the case, as the consent: a receiver is told neutrally.
    pub cause: Option<RedactionCause>,
    pub consent_id: Option<ConsentId>,
    /// What is to be removed; nothing where it is all that was shown.
    pub fields: Option<Vec<ConsentField>>,
    /// Who must redact.
    pub organization_id: OrganizationId,
    /// UTC microseconds, as the others.
    pub asked_at: i64,
    pub due_at: i64,
    pub confirmed_at: Option<i64>,
}

/// Where somebody has one of these roles; an application has none.
#[must_use]
pub fn reach_of(actor: &Actor, roles: &[MemberRole]) -> Extent {
    let Actor::Member { roles: granted, .. } = actor else { return Extent::Nothing };
    let mut programs = Vec::new();
    for grant in granted.iter().filter(|grant| roles.contains(&grant.role)) {
        match grant.program {
            None => return Extent::Everything,
            Some(program) => programs.push(program),
        }
    }
    if programs.is_empty() { Extent::Nothing } else { Extent::Programs(programs) }
}

/// Those who see an organization's overrides: whoever answers for its work and whoever watches over people's data.
pub const OVERSEERS: &[MemberRole] = &[MemberRole::Supervisor, MemberRole::DataProtection];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::ConsentMethod;
    use crate::domain::code::Code as _;

    fn consent(basis: Basis, terms: Terms) -> Consent {
        Consent {
            id: ConsentId::default(),
            case_id: CaseId::default(),
            receiver_id: OrganizationId::default(),
            basis,
            purpose: Purpose::Care,
            fields: NEEDED_TO_DECIDE.to_vec(),
            method: ConsentMethod::Verbal,
            language: "fr".into(),
            notice_version: "1".into(),
            given_on: "2026-01-10".into(),
            expires_on: Some("2026-02-10".into()),
            ended_at: None,
            terms,
            created_at: 0,
            version: 1,
        }
    }

    #[test]
    fn a_consent_is_current_from_the_day_it_is_given_to_its_last_day() {
        let given = consent(Basis::Consent, Terms::default());
        let days = ["2026-01-09", "2026-01-10", "2026-02-10", "2026-02-11"];
        assert_eq!(days.map(|day| given.is_current(day)), [false, true, true, false]);
        assert!(!Consent { ended_at: Some(1), ..given }.is_current("2026-01-20"));
    }

    #[test]
    fn whoever_is_not_known_to_be_grown_up_is_not_taken_for_it() {
        let (young, grown) = (Some(AgeBand::From12To17), Some(AgeBand::From18To24));
        assert_eq!(Age::of(None, &[]), Age::Unknown);
        assert_eq!(Age::of(None, &[None]), Age::Unknown);
        assert_eq!(Age::of(None, &[Some(false)]), Age::Adult);
        assert_eq!(Age::of(grown, &[None]), Age::Adult);
        assert_eq!(Age::of(grown, &[Some(false), Some(true)]), Age::Child);
        assert_eq!(Age::of(young, &[Some(false)]), Age::Child);
    }

    #[test]
    fn a_child_needs_a_guardian_and_is_heard() {
        let by = |given_by, child_view| Terms { given_by, child_view, caregiver_informed: Some(1), ..Terms::default() };
        let missing = |basis, terms| missing_for_age(Age::Child, Some(&consent(basis, terms)));
        let all = ["GUARDIAN_CONSENT", "CAREGIVER_INFORMED", "CHILD_VIEW"];
        assert_eq!(missing_for_age(Age::Child, None), all);
        assert_eq!(missing(Basis::Consent, Terms::default()), all);
        let guardian = |view| by(GivenBy::Guardian, view);
        assert_eq!(missing(Basis::Consent, guardian(Some(ChildView::NotAsked))), ["CHILD_VIEW"]);
        assert_eq!(missing(Basis::Consent, guardian(Some(ChildView::Disagrees))), ["BEST_INTERESTS"]);
        assert!(missing(Basis::BestInterests, guardian(Some(ChildView::Disagrees))).is_empty());
        assert!(missing(Basis::Consent, guardian(Some(ChildView::TooYoung))).is_empty());
        assert!(missing(Basis::Consent, by(GivenBy::CompetentAuthority, Some(ChildView::Agrees))).is_empty());
        let untold = Terms { caregiver_informed: Some(0), ..guardian(Some(ChildView::Agrees)) };
        assert!(missing(Basis::Consent, untold).is_empty(), "that they were not told is an answer");
        let adult = consent(Basis::Consent, Terms::default());
        assert!(missing_for_age(Age::Adult, Some(&adult)).is_empty());
        assert_eq!(missing_for_age(Age::Unknown, Some(&adult)), ["AGE"]);
    }

    #[test]
    fn for_a_child_who_is_alone_only_an_appointed_guardian_or_the_authority_consents() {
        let missing = |given_by, guardian_relation| {
            let terms = Terms { given_by, guardian_relation, child_view: Some(ChildView::Agrees), ..Terms::default() };
            missing_for_age(Age::ChildAlone, Some(&consent(Basis::Consent, terms)))
        };
        for relation in GuardianRelation::ALL {
            let expected: &[&str] =
                if *relation == GuardianRelation::AppointedGuardian { &[] } else { &["GUARDIAN_CONSENT"] };
            assert_eq!(missing(GivenBy::Guardian, Some(*relation)), expected, "{relation:?}");
        }
        assert!(missing(GivenBy::CompetentAuthority, None).is_empty());
        assert_eq!(missing(GivenBy::Person, None), ["GUARDIAN_CONSENT"]);
    }
}
