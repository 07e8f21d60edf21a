//! On what ground something about a person is disclosed when a referral is sent: a consent, or what stands in its place.

use super::send::Send;
use crate::domain::case::{Case, Consent, ConsentField};
use crate::domain::consent::OverrideBasis;
use crate::domain::id::{ConsentId, ConsentOverrideId, OrganizationId};
use crate::domain::referral::Referral;
use crate::domain::rule::{Failure, Rule, RuleCode};
use crate::usecase::work::Work;

/// A ground, and what may be disclosed on it.
pub(super) struct Ground<'a> {
    pub consent: Option<&'a Consent>,
    pub stands_in: Option<(ConsentOverrideId, OverrideBasis)>,
    pub fields: Vec<ConsentField>,
}

impl<'a> Ground<'a> {
    /// Whether nobody waits for a guardian: a life is at risk, and a licensed professional has answered for it.
    pub(super) fn cannot_wait(&self) -> bool {
        self.stands_in.is_some_and(|(_, basis)| basis == OverrideBasis::LifeAtRisk)
    }

    /// The ground on which a referral is to be sent: what stands in for a consent where that is named, and else the consent
    /// that is named, or the newest that covers it.
    ///
    /// # Errors
    /// CONSENT_MISSING at the one that does not hold; INVALID for what stands in where a consent covers.
    pub(super) async fn of(
        work: &Work<'_>,
        case: &'a Case,
        referral: &Referral,
        how: Send,
    ) -> Result<Ground<'a>, Failure> {
        // Beside what stands in, no consent is chosen: otherwise naming one that does not cover would hide one that does.
        let named = how.consent.filter(|_| how.stands_in.is_none());
        let consent = covering(case, referral.receiver.id, named, &work.app.today());
        let Some(id) = how.stands_in else {
            let consent = consent?;
            return Ok(Self { consent: Some(consent), stands_in: None, fields: consent.fields.clone() });
        };
        // Where the person agreed, nothing stands in for it.
        if consent.is_ok() {
            return Err(Rule::at("overrideId", RuleCode::Invalid).into());
        }
        let missing = || Rule::at("overrideId", RuleCode::ConsentMissing);
        let found = work.tx.hold_override(work.deed.organization, id).await?.ok_or_else(missing)?;
        if !found.covers(case.id, referral.receiver.id, work.deed.now) {
            return Err(missing().into());
        }
        Ok(Self { consent: None, stands_in: Some((id, found.basis)), fields: found.fields })
    }

    /// Keeps the consent, and single fields of it, from being withdrawn until the referral is sent. Fields that were
    /// withdrawn since it was read are not disclosed.
    ///
    /// # Errors
    /// CONSENT_MISSING for one that was withdrawn at this moment.
    pub(super) async fn hold(self, work: &Work<'_>) -> Result<Self, Failure> {
        let Some(consent) = self.consent else { return Ok(self) };
        let held = work.tx.hold_consent(consent.id).await?;
        let fields = held.ok_or_else(|| Rule::at("consentId", RuleCode::ConsentMissing))?;
        Ok(Self { fields, ..self })
    }
}

/// The consent to send under: the one named, or the newest that covers it.
fn covering<'a>(
    case: &'a Case,
    receiver: OrganizationId,
    named: Option<ConsentId>,
    today: &str,
) -> Result<&'a Consent, Failure> {
    case.consents
        .iter()
        .rev()
        .find(|consent| named.is_none_or(|named| consent.id == named) && consent.covers(receiver, today))
        .ok_or_else(|| Rule::at("consentId", RuleCode::ConsentMissing).into())
}
