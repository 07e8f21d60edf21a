//! Under which agreement a referral is sent.

use crate::domain::agreement::{Terms, covering};
use crate::domain::case::ConsentField;
use crate::domain::code::Code;
use crate::domain::person::identified;
use crate::domain::referral::Referral;
use crate::domain::rule::{Detail, Failure, Rule, RuleCode};
use crate::usecase::work::Work;

/// The terms under which a referral may be sent: those of an agreement in force between the two sides, for its category
/// and area. Where what is to be disclosed has a field that identifies the person, there must be one that allows all such fields;
/// under the case's identifier alone none is needed.
///
/// # Errors
/// AGREEMENT_MISSING with the fields that no agreement allows.
pub(crate) async fn terms_to_send(
    work: &Work<'_>,
    referral: &Referral,
    fields: &[ConsentField],
) -> Result<Option<Terms>, Failure> {
    let known = work.tx.agreed_terms(referral.id, &work.app.today()).await?;
    match covering(&known, &identified(fields)) {
        Ok(terms) => Ok(terms.cloned()),
        Err(missing) => {
            let missing = missing.into_iter().map(|field| field.code()).collect();
            Err(Rule::at("consentId", RuleCode::AgreementMissing).with(Detail::Missing(missing)).into())
        }
    }
}
