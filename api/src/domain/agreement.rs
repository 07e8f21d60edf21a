//! Agreements between organizations: what may move between them, for which services and where, and by when the receiver
//! answers. Identified data moves under an agreement in force only; its end stops what is new and hides nothing that
//! runs.

use crate::domain::area::Area;
use crate::domain::case::{ConsentField, Urgency};
use crate::domain::code::codes;
use crate::domain::id::{AgreementId, OrganizationId};
use crate::domain::organization::Organization;
use crate::domain::service::ContactRole;
use serde::{Deserialize, Serialize};

codes! {
    /// The form of an agreement.
    pub enum AgreementKind {
        /// A memorandum of understanding, as with an authority.
        Mou = "MOU",
        /// A long-term agreement with a provider.
        Lta = "LTA",
        /// A grant to a partner from a grant.
        Subgrant = "SUBGRANT",
        /// An agreement on sharing data alone.
        DataSharing = "DATA_SHARING",
    }
}

codes! {
    /// How an agreement stands.
    pub enum AgreementStatus {
        /// Registered by one party; not all others have confirmed it.
        Draft = "DRAFT",
        /// Confirmed by all; it is in force between its dates.
        Active = "ACTIVE",
        /// Ended by a party.
        Ended = "ENDED",
    }
}

/// By when a receiver answers, in hours; what is not said is as the default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hours {
    pub acknowledge: Option<i64>,
    pub decide: Option<i64>,
    /// From the acceptance on.
    pub contact: Option<i64>,
}

/// The hours by urgency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResponseTimes {
    pub emergency: Hours,
    pub urgent: Hours,
    pub routine: Hours,
}

/// The most hours that may be agreed on: 90 days.
pub const MOST_HOURS: i64 = 90 * 24;
/// How many days ahead the end of an agreement is told, once each.
pub const WARNED: [i64; 3] = [7, 30, 60];

impl ResponseTimes {
    /// The hours of an urgency.
    #[must_use]
    pub fn of(&self, urgency: Urgency) -> Hours {
        match urgency {
            Urgency::Emergency => self.emergency,
            Urgency::Urgent => self.urgent,
            Urgency::Routine => self.routine,
        }
    }
}

/// An agreement, as its parties see it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Agreement {
    pub id: AgreementId,
    /// Who registered it.
    pub registered_by: OrganizationId,
    pub kind: AgreementKind,
    pub status: AgreementStatus,
    /// ISO 8601.
    pub valid_from: String,
    /// ISO 8601, the last day; none when it has no end.
    pub valid_to: Option<String>,
    /// Codes of service categories; empty means all.
    pub categories: Vec<String>,
    /// Areas with all that lies in them; empty means all.
    pub areas: Vec<Area>,
    pub data_allowed: Vec<ConsentField>,
    pub response_times: ResponseTimes,
    pub cost_rule: String,
    pub contacts: Vec<ContactRole>,
    pub document_ref: Option<String>,
    pub parties: Vec<AgreementParty>,
    pub ended_at: Option<i64>,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

/// A party of an agreement.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AgreementParty {
    pub organization: Organization,
    /// UTC microseconds; none as long as it has not confirmed.
    pub confirmed_at: Option<i64>,
}

impl Agreement {
    /// Whether it is in force on `today` (ISO 8601).
    #[must_use]
    pub fn in_force(&self, today: &str) -> bool {
        self.status == AgreementStatus::Active
            && self.valid_from.as_str() <= today
            && self.valid_to.as_deref().is_none_or(|last| today <= last)
    }
}

/// What an agreement in force says about one referral.
#[derive(Debug, Clone, Deserialize)]
pub struct Terms {
    pub id: AgreementId,
    pub data_allowed: Vec<ConsentField>,
    pub response_times: ResponseTimes,
}

/// The terms under which `fields`, all of them identified, may be sent; without such fields, the first that say
/// anything.
///
/// # Errors
/// The fields that are missing from the agreement that lacks fewest.
pub fn covering<'a>(terms: &'a [Terms], fields: &[ConsentField]) -> Result<Option<&'a Terms>, Vec<ConsentField>> {
    let lacks = |terms: &Terms| -> Vec<ConsentField> {
        fields.iter().copied().filter(|field| !terms.data_allowed.contains(field)).collect()
    };
    let best = terms.iter().min_by_key(|terms| lacks(terms).len());
    match best {
        None if fields.is_empty() => Ok(None),
        None => Err(fields.to_vec()),
        Some(best) => {
            let missing = lacks(best);
            if missing.is_empty() { Ok(Some(best)) } else { Err(missing) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(id: u128, data_allowed: &[ConsentField]) -> Terms {
        let id = uuid::Uuid::from_u128(id).into();
        Terms { id, data_allowed: data_allowed.to_vec(), response_times: ResponseTimes::default() }
    }

    #[test]
    fn an_agreement_covers_only_if_it_allows_every_field() {
        use ConsentField::{BirthDate, GivenName, Phone};
        let known = [terms(1, &[GivenName]), terms(2, &[GivenName, Phone])];
        let id = |found: Result<Option<&Terms>, Vec<ConsentField>>| found.map(|terms| terms.map(|terms| terms.id));
        assert_eq!(id(covering(&known, &[GivenName, Phone])), Ok(Some(known[1].id)));
        assert_eq!(id(covering(&known, &[GivenName, Phone, BirthDate])), Err(vec![BirthDate]));
        assert_eq!(id(covering(&[], &[Phone])), Err(vec![Phone]));
        assert_eq!(id(covering(&[], &[])), Ok(None));
        assert_eq!(id(covering(&known, &[])), Ok(Some(known[0].id)));
    }

    #[test]
    fn an_agreement_is_in_force_between_its_dates_once_all_confirmed() {
        let agreement = |status, valid_to: Option<&str>| Agreement {
            status,
            valid_from: "2026-01-01".into(),
            valid_to: valid_to.map(str::to_owned),
            ..Agreement::default()
        };
        let active = agreement(AgreementStatus::Active, Some("2026-11-25"));
        assert!(active.in_force("2026-11-25") && !active.in_force("2026-11-26") && !active.in_force("2025-12-31"));
        assert!(agreement(AgreementStatus::Active, None).in_force("2999-01-01"));
        for status in [AgreementStatus::Draft, AgreementStatus::Ended] {
            assert!(!agreement(status, None).in_force("2026-11-25"));
        }
    }
}
