//! Hints that an entry of the directory is wrong, and what became of them.

use crate::domain::code::codes;
use crate::domain::id::{ServiceCorrectionId, ServiceId};
use crate::domain::organization::Organization;
use serde::{Deserialize, Serialize};

/// The most characters of a hint, and of its answer.
pub const LONGEST_HINT: usize = 500;

codes! {
    /// What is wrong with an entry.
    pub enum CorrectionAbout {
        /// A decline rests on a condition that the entry does not publish.
        ProposedCriterion = "PROPOSED_CRITERION",
        /// A decline rests on a published condition that the person meets by what the receiver was shown.
        CitedCriterion = "CITED_CRITERION",
        /// The phone number or another contact is wrong.
        Contact = "CONTACT",
        /// It is not where the entry says.
        Moved = "MOVED",
        /// It does not exist any more, or takes nobody.
        Closed = "CLOSED",
        /// The hours are wrong.
        Hours = "HOURS",
        /// The conditions are wrong.
        Eligibility = "ELIGIBILITY",
        /// It costs something else.
        Cost = "COST",
        /// The number of places is wrong.
        Places = "PLACES",
        /// Another entry describes the same.
        Duplicate = "DUPLICATE",
        /// Something else; the text says what.
        Other = "OTHER",
    }
}

impl CorrectionAbout {
    /// Whether somebody can report it: the others come from declines alone.
    #[must_use]
    pub fn is_reported(self) -> bool {
        !matches!(self, Self::ProposedCriterion | Self::CitedCriterion)
    }
}

codes! {
    /// How a correction stands.
    pub enum CorrectionStatus {
        /// The publisher has not answered.
        Open = "OPEN",
        /// The publisher took it over into the entry.
        TakenOver = "TAKEN_OVER",
        /// The publisher says that the entry is right, and why.
        Dismissed = "DISMISSED",
    }
}

/// A hint that an entry is wrong. It never names a person.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceCorrection {
    pub id: ServiceCorrectionId,
    pub service_id: ServiceId,
    pub service_name: String,
    /// Whose service it is.
    pub publisher: Organization,
    /// Who found it wrong.
    pub reported_by: Organization,
    pub about: CorrectionAbout,
    /// The key of the condition that was cited.
    pub criterion: Option<String>,
    pub text: String,
    pub status: CorrectionStatus,
    /// Why it was dismissed, or what was changed.
    pub answer: String,
    pub answered_at: Option<i64>,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}
