//! Open referrals and the ground that they rest on, when a consent is recorded anew.

use crate::domain::case::{Consent, ConsentField};
use crate::domain::id::{CaseId, ConsentId, OrganizationId, ReferralId};
use crate::domain::referral::Status;
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use crate::store::referral_writes::codes;
use crate::store::statement::body;
use serde::Deserialize;
use uuid::Uuid;

/// An open referral, with what it rests on.
#[derive(Debug, Deserialize)]
pub struct Resting {
    pub id: ReferralId,
    pub status: Status,
    pub version: i32,
    /// Whether the consent has expired, or what stood in for one has run out.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_over: bool,
    pub fields: Vec<ConsentField>,
    /// ISO 8601, the last day of the consent.
    pub expires_on: Option<String>,
    /// Whether it rests on something that stands in for a consent.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_override: bool,
}

impl Resting {
    /// Whether a new consent takes the place of what it rests on: where that is over, and where the new one agrees to as
    /// much for longer. A narrower one that is recorded while the older holds is for something else.
    #[must_use]
    pub fn goes_under(&self, new: &Consent) -> bool {
        let is_wider = self.fields.iter().all(|field| new.fields.contains(field));
        let is_longer = match (&self.expires_on, &new.expires_on) {
            (None, _) => self.is_override,
            (Some(_), None) => true,
            (Some(old), Some(new)) => old < new,
        };
        self.is_over || (is_wider && is_longer)
    }
}

impl Tx {
    /// The open referrals of a case to a receiver that rest on a consent which was not withdrawn, or on what stands in for
    /// one and was not found unjustified.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn resting(
        &self,
        case: CaseId,
        receiver: OrganizationId,
        (today, now): (&str, i64),
    ) -> Result<Vec<Resting>, Fault> {
        let text = "SELECT CAST(OBJ('id', UID(r.id), 'status', r.status, 'version', r.version, \
                    'is_over', CASE WHEN cn.expires_on < $3 OR co.expires_at <= $4 THEN 1 ELSE 0 END, \
                    'fields', JSON(coalesce(cn.fields, co.fields)), 'expires_on', cn.expires_on, \
                    'is_override', CASE WHEN cn.id IS NULL THEN 1 ELSE 0 END) AS TEXT) AS body \
                    FROM referral r LEFT JOIN consent cn ON cn.id = r.consent_id \
                    LEFT JOIN consent_override co ON co.id = r.override_id \
                    WHERE r.case_id = $1 AND r.receiver_organization_id = $2 AND r.sent_at IS NOT NULL \
                    AND r.ended_at IS NULL AND r.status <> 'VOIDED' AND coalesce(cn.fields, co.fields) IS NOT NULL \
                    AND cn.ended_at IS NULL AND (co.verdict IS NULL OR co.verdict <> 'NOT_JUSTIFIED') ORDER BY r.id";
        let values = vec![Uuid::from(case).into(), Uuid::from(receiver).into(), today.into(), now.into()];
        self.rows(text, values).await?.iter().map(|row| body(row, "referral")).collect()
    }

    /// Puts a referral under another consent, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn rest_on(&self, resting: &Resting, consent: ConsentId, now: i64) -> Result<bool, Fault> {
        let text = "UPDATE referral SET consent_id = $1, override_id = NULL, version = version + 1, updated_at = $2 \
                    WHERE id = $3 AND version = $4";
        let values =
            vec![Uuid::from(consent).into(), now.into(), Uuid::from(resting.id).into(), resting.version.into()];
        Ok(self.run(text, values).await? == 1)
    }

    /// Shows a receiver these fields, through the running grants of a referral.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn show_fields(&self, cause: ReferralId, fields: &[ConsentField]) -> Result<(), Fault> {
        let text = "UPDATE access_grant SET fields = $1 WHERE cause_id = $2 AND until_at IS NULL";
        self.run(text, vec![codes(fields).into(), Uuid::from(cause).into()]).await.map(drop)
    }
}
