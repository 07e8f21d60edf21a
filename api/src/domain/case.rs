//! Cases, needs, goals and consents. What a consent can release is a closed list.

pub use crate::domain::case_code::{
    AgeBand, Assistance, Basis, CaseStatus, CloseReason, ConsentField, ConsentMethod, Delivery, HostLegalSituation,
    NeedStatus, Purpose, Remigration, ReturnInstrument, Sex, Urgency, Voluntariness,
};
use crate::domain::consent::Terms;
use crate::domain::id::{AreaId, CaseAliasId, CaseId, ConsentId, GoalId, NeedId, OrganizationId, ProgramId};
use crate::domain::organization::Organization;
use crate::domain::person::Person;
use crate::domain::sealed::Sealed;
use crate::domain::service::{Dimension, Level, ReturnType};
use crate::domain::stage::CaseStage;
use serde::{Deserialize, Serialize};

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

impl NeedStatus {
    /// Whether a referral may be made for it.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Met | Self::Withdrawn)
    }
}

/// What a receiver must at least see to decide.
pub const NEEDED_TO_DECIDE: &[ConsentField] =
    &[ConsentField::CaseIdentifier, ConsentField::Need, ConsentField::Urgency];

/// A case, as its holder or somebody with a grant sees it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Case {
    pub id: CaseId,
    pub holder: Organization,
    pub program_id: ProgramId,
    pub area_id: Option<AreaId>,
    pub status: CaseStatus,
    /// Where the holder's work stands; nothing for whom does not hold it.
    pub stage: Option<CaseStage>,
    /// Whether the asker's organization holds it; otherwise a grant lets the asker see some of it.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_held: bool,
    pub identifier: Option<String>,
    pub age_band: Option<AgeBand>,
    pub sex: Option<Sex>,
    pub language: Option<String>,
    pub return_facts: Option<Sealed>,
    /// The person, for the holder's side.
    pub person: Option<Person>,
    pub close_reason: Option<CloseReason>,
    pub remigration: Option<Remigration>,
    /// Zero for whom does not hold it, as `updated_at` and `version`.
    pub opened_at: i64,
    pub closed_at: Option<i64>,
    pub updated_at: i64,
    pub needs: Vec<Need>,
    pub consents: Vec<Consent>,
    pub aliases: Vec<CaseAlias>,
    pub version: i32,
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
    /// The need of which this is the part that a receiver did not take on.
    pub parent_id: Option<NeedId>,
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
    #[serde(flatten)]
    pub terms: Terms,
    pub created_at: i64,
    pub version: i32,
}

impl Consent {
    /// Whether it covers a referral to `receiver` on `today` (ISO 8601).
    #[must_use]
    pub fn covers(&self, receiver: OrganizationId, today: &str) -> bool {
        self.covers_for(Purpose::Care, receiver, today)
    }

    /// Whether it covers something done for `purpose` with `receiver` on `today` (ISO 8601). A consent to a referral is
    /// none to handing the case over, nor the other way round.
    #[must_use]
    pub fn covers_for(&self, purpose: Purpose, receiver: OrganizationId, today: &str) -> bool {
        self.purpose == purpose
            && self.receiver_id == receiver
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
