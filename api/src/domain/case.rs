//! Cases, needs, goals and consents. No identity is stored: what a consent can release is a closed list.

use crate::domain::code::codes;
use crate::domain::id::{AreaId, CaseAliasId, CaseId, ConsentId, GoalId, NeedId, OrganizationId, ProgramId};
use crate::domain::organization::Organization;
use crate::domain::sealed::Sealed;
use crate::domain::service::{Dimension, Level, ReturnType};
use serde::{Deserialize, Serialize};

codes! {
    /// How soon help is needed.
    pub enum Urgency {
        /// Life or safety is at risk: a decision within 24 hours.
        Emergency = "EMERGENCY",
        /// A decision within 72 hours.
        Urgent = "URGENT",
        /// A decision within two weeks.
        Routine = "ROUTINE",
    }
}

codes! {
    /// Sex as the person states it.
    pub enum Sex {
        /// Female.
        Female = "FEMALE",
        /// Male.
        Male = "MALE",
        /// Another.
        Other = "OTHER",
        /// Not known or not said.
        Unknown = "UNKNOWN",
    }
}

codes! {
    /// Age in bands wide enough not to identify anybody.
    pub enum AgeBand {
        /// 0 to 4 years.
        From0To4 = "FROM_0_TO_4",
        /// 5 to 11 years.
        From5To11 = "FROM_5_TO_11",
        /// 12 to 17 years.
        From12To17 = "FROM_12_TO_17",
        /// 18 to 24 years.
        From18To24 = "FROM_18_TO_24",
        /// 25 to 39 years.
        From25To39 = "FROM_25_TO_39",
        /// 40 to 59 years.
        From40To59 = "FROM_40_TO_59",
        /// 60 years and older.
        From60 = "FROM_60",
    }
}

codes! {
    /// Whether a case is open.
    pub enum CaseStatus {
        /// Somebody works on it.
        Open = "OPEN",
        /// Closed, with a reason.
        Closed = "CLOSED",
    }
}

codes! {
    /// Why a case was closed.
    pub enum CloseReason {
        /// The goals were met.
        GoalsMet = "GOALS_MET",
        /// The program ended.
        ProgramEnded = "PROGRAM_ENDED",
        /// The person withdrew.
        Withdrew = "WITHDREW",
        /// The person can't be reached.
        Unreachable = "UNREACHABLE",
        /// The person migrated again; not by itself a failure.
        Remigrated = "REMIGRATED",
        /// Another organization took the case over.
        Transferred = "TRANSFERRED",
        /// The person died.
        Deceased = "DECEASED",
        /// The person turned out not to be eligible.
        Ineligible = "INELIGIBLE",
    }
}

codes! {
    /// Why a person migrated again.
    pub enum Remigration {
        /// By choice.
        Choice = "CHOICE",
        /// Out of necessity.
        Necessity = "NECESSITY",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

codes! {
    /// Whether the person decided to return.
    pub enum Voluntariness {
        /// The person decided.
        Voluntary = "VOLUNTARY",
        /// The person had to leave and complied.
        Obliged = "OBLIGED",
        /// The person was made to.
        Forced = "FORCED",
        /// Not known.
        Unknown = "UNKNOWN",
        /// The person does not say.
        Undisclosed = "UNDISCLOSED",
    }
}

codes! {
    /// Whether somebody assisted the return.
    pub enum Assistance {
        /// With assistance.
        Assisted = "ASSISTED",
        /// Without.
        Unassisted = "UNASSISTED",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

codes! {
    /// The person's legal situation in the host country. Never readable to a government.
    pub enum HostLegalSituation {
        /// With a right to stay.
        Regular = "REGULAR",
        /// Without a right to stay.
        Irregular = "IRREGULAR",
        /// Asylum was asked for and not decided.
        AsylumPending = "ASYLUM_PENDING",
        /// The request for asylum was withdrawn.
        AsylumWithdrawn = "ASYLUM_WITHDRAWN",
        /// Asylum was refused.
        AsylumRefused = "ASYLUM_REFUSED",
        /// Tolerated.
        Tolerated = "TOLERATED",
        /// Stranded on the way.
        StrandedTransit = "STRANDED_TRANSIT",
        /// Recognized as a refugee.
        Refugee = "REFUGEE",
        /// Another.
        Other = "OTHER",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

codes! {
    /// The legal act under which the return took place. Never readable to a government.
    pub enum ReturnInstrument {
        /// None.
        None = "NONE",
        /// A return decision.
        ReturnDecision = "RETURN_DECISION",
        /// A removal order.
        RemovalOrder = "REMOVAL_ORDER",
        /// A readmission agreement.
        ReadmissionAgreement = "READMISSION_AGREEMENT",
        /// Another.
        Other = "OTHER",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

/// Facts about the return, each kept apart and each optional: a case never needs one to be opened. Stored sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnFacts {
    pub voluntariness: Option<Voluntariness>,
    pub assistance: Option<Assistance>,
    pub host_legal_situation: Option<HostLegalSituation>,
    pub return_instrument: Option<ReturnInstrument>,
    /// Whether the return took place in a humanitarian setting.
    #[serde(default)]
    pub humanitarian_setting: bool,
    /// ISO 3166-1 alpha-2 code of the country returned from.
    pub host_country: Option<String>,
}

impl ReturnFacts {
    /// The customary label, derived from the separate facts.
    #[must_use]
    pub fn return_type(&self) -> ReturnType {
        use Voluntariness::{Forced, Obliged, Voluntary};
        match (self.voluntariness, self.assistance) {
            (Some(Forced), _) => ReturnType::Forced,
            (Some(Voluntary | Obliged), Some(Assistance::Assisted)) if self.humanitarian_setting => ReturnType::Vhr,
            (Some(Voluntary | Obliged), Some(Assistance::Assisted)) => ReturnType::Avrr,
            (Some(Voluntary), Some(Assistance::Unassisted)) => ReturnType::Spontaneous,
            _ => ReturnType::Unspecified,
        }
    }
}

codes! {
    /// How a need is to be answered.
    pub enum Delivery {
        /// By the organization that holds the case.
        Direct = "DIRECT",
        /// By referral to another service. Without a referral it is a gap.
        Referral = "REFERRAL",
    }
}

codes! {
    /// Whether a need is answered.
    pub enum NeedStatus {
        /// Not yet met.
        Open = "OPEN",
        /// Met.
        Met = "MET",
        /// Met in part; help may still be sought.
        PartlyMet = "PARTLY_MET",
        /// Tried and not met; help may still be sought.
        NotMet = "NOT_MET",
        /// The person no longer has it.
        Withdrawn = "WITHDRAWN",
    }
}

impl NeedStatus {
    /// Whether a referral may be made for it.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Met | Self::Withdrawn)
    }
}

codes! {
    /// On what ground something about a person is disclosed. A deployment chooses which it uses.
    pub enum Basis {
        /// The person agreed.
        Consent = "CONSENT",
        /// Life or health is at risk.
        VitalInterest = "VITAL_INTEREST",
        /// The law demands it.
        LegalDuty = "LEGAL_DUTY",
        /// The best interests of a child were determined.
        BestInterests = "BEST_INTERESTS",
    }
}

codes! {
    /// What a disclosure is for.
    pub enum Purpose {
        /// Referral to a service, and word back on what became of it.
        Referral = "REFERRAL",
    }
}

codes! {
    /// How consent was given.
    pub enum ConsentMethod {
        /// In writing.
        Written = "WRITTEN",
        /// Spoken, before a worker.
        Verbal = "VERBAL",
        /// With a mark or thumbprint on paper.
        Mark = "MARK",
        /// By phone.
        Phone = "PHONE",
        /// On the person's own device.
        Digital = "DIGITAL",
    }
}

codes! {
    /// What a consent can release. In this closed list there is no identity.
    pub enum ConsentField {
        /// The shared case identifier.
        CaseIdentifier = "CASE_IDENTIFIER",
        /// The need's category, and the background the sender wrote.
        Need = "NEED",
        /// The goals in the person's own words.
        Goals = "GOALS",
        /// The urgency.
        Urgency = "URGENCY",
        /// The age band.
        AgeBand = "AGE_BAND",
        /// The sex.
        Sex = "SEX",
        /// The language the person speaks.
        Language = "LANGUAGE",
        /// That the receiver may reach the person through the sender.
        ContactThroughSender = "CONTACT_THROUGH_SENDER",
    }
}

/// What a receiver must at least see to decide.
pub const NEEDED_TO_DECIDE: &[ConsentField] =
    &[ConsentField::CaseIdentifier, ConsentField::Need, ConsentField::Urgency];

/// A case, as its holder or somebody with a grant sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    pub holder: Organization,
    pub program_id: ProgramId,
    pub area_id: Option<AreaId>,
    pub status: CaseStatus,
    /// What a grant limits the asker to; nothing for the holder, who sees all.
    pub granted_fields: Option<Vec<ConsentField>>,
    pub identifier: String,
    pub age_band: Option<AgeBand>,
    pub sex: Option<Sex>,
    pub language: Option<String>,
    pub return_facts: Option<Sealed>,
    pub close_reason: Option<CloseReason>,
    pub remigration: Option<Remigration>,
    pub opened_at: i64,
    pub closed_at: Option<i64>,
    pub updated_at: i64,
    pub needs: Vec<Need>,
    pub consents: Vec<Consent>,
    pub aliases: Vec<CaseAlias>,
    pub version: i32,
}

impl Case {
    /// Whether the asker may see `field`.
    #[must_use]
    pub fn shows(&self, field: ConsentField) -> bool {
        self.granted_fields.as_ref().is_none_or(|fields| fields.contains(&field))
    }
}

/// An organization's own number for a case, visible to it alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseAlias {
    pub id: CaseAliasId,
    pub scheme: String,
    pub value: Sealed,
}

/// What a person requires.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Need {
    pub id: NeedId,
    pub case_id: CaseId,
    pub category: String,
    pub dimension: Dimension,
    pub level: Level,
    pub urgency: Urgency,
    pub delivery: Delivery,
    pub status: NeedStatus,
    pub goals: Vec<Goal>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i32,
}

/// One thing a person wants to reach, in their own words.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Goal {
    pub id: GoalId,
    pub position: i32,
    pub text: Sealed,
}

/// An agreement to one disclosure.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Consent {
    pub id: ConsentId,
    pub case_id: CaseId,
    pub receiver_id: OrganizationId,
    pub basis: Basis,
    pub purpose: Purpose,
    pub fields: Vec<ConsentField>,
    pub method: ConsentMethod,
    pub language: String,
    pub notice_version: String,
    pub given_on: String,
    pub expires_on: Option<String>,
    pub ended_at: Option<i64>,
    pub created_at: i64,
    pub version: i32,
}

impl Consent {
    /// Whether it covers a referral to `receiver` on `today` (ISO 8601).
    #[must_use]
    pub fn covers(&self, receiver: OrganizationId, today: &str) -> bool {
        self.receiver_id == receiver
            && self.ended_at.is_none()
            && self.given_on.as_str() <= today
            && self.expires_on.as_deref().is_none_or(|last| today <= last)
            && NEEDED_TO_DECIDE.iter().all(|field| self.fields.contains(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_without_facts_has_no_type_but_a_name() {
        assert_eq!(ReturnFacts::default().return_type(), ReturnType::Unspecified);
    }

    #[test]
    fn the_label_follows_the_separate_facts() {
        let facts = |voluntariness, assistance, humanitarian_setting| ReturnFacts {
            voluntariness: Some(voluntariness),
            assistance: Some(assistance),
            humanitarian_setting,
            ..ReturnFacts::default()
        };
        let expected = [
            (facts(Voluntariness::Voluntary, Assistance::Assisted, false), ReturnType::Avrr),
            (facts(Voluntariness::Obliged, Assistance::Assisted, true), ReturnType::Vhr),
            (facts(Voluntariness::Voluntary, Assistance::Unassisted, false), ReturnType::Spontaneous),
            (facts(Voluntariness::Forced, Assistance::Assisted, false), ReturnType::Forced),
            (facts(Voluntariness::Obliged, Assistance::Unassisted, false), ReturnType::Unspecified),
        ];
        for (facts, label) in expected {
            assert_eq!(facts.return_type(), label);
        }
    }
}
