//! A consent that is recorded anew takes the place of one that has expired, for the referrals that run under it: without
//! that, a person who agrees again would stay unheard, and the referral frozen until its end.

use crate::domain::case::{Case, Consent, ConsentField, Purpose};
use crate::domain::consent::missing_for_age;
use crate::domain::global_id::Kind;
use crate::domain::referral::Status;
use crate::domain::rule::{Failure, Rule, RuleCode};
use crate::store::consent_renewal::Resting;
use crate::store::ledger::Happening;
use crate::usecase::referral::{TO_DECIDE, age_of};
use crate::usecase::work::Work;

/// Puts the open referrals to the receiver of a consent that was just recorded under it, where what they rest on is over
/// or ends before, and shows the receiver what it releases at the stage that each has reached.
///
/// # Errors
/// STALE_VERSION for a referral that changes at this moment.
pub(crate) async fn renew(work: &Work<'_>, case: &Case, consent: &Consent) -> Result<(), Failure> {
    let today = work.app.today();
    if consent.purpose != Purpose::Care || !consent.covers(consent.receiver_id, &today) {
        return Ok(());
    }
    let resting = work.tx.resting(case.id, consent.receiver_id, (&today, work.deed.now)).await?;
    let resting: Vec<Resting> = resting.into_iter().filter(|referral| referral.goes_under(consent)).collect();
    if resting.is_empty() || !missing_for_age(age_of(&work.tx, work.app, case).await?, Some(consent)).is_empty() {
        return Ok(());
    }
    for referral in resting {
        if !work.tx.rest_on(&referral, consent.id, work.deed.now).await? {
            return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).into());
        }
        show(work, &referral, consent, &today).await?;
        work.record(&Happening {
            case: Some(case.id),
            program: Some(case.program_id),
            area: case.area_id,
            receiver: Some(consent.receiver_id),
            ..Happening::to((Kind::Referral, referral.id.into()), "HOLDER", referral.version + 1)
        })
        .await?;
    }
    Ok(())
}

async fn show(work: &Work<'_>, referral: &Resting, consent: &Consent, today: &str) -> Result<(), Failure> {
    use Status::{Accepted, CancelRequested, InService, OnHold};
    if matches!(referral.status, Accepted | InService | OnHold | CancelRequested) {
        work.tx.widen_grants(referral.id, today, work.deed.now);
        return Ok(());
    }
    let fields: Vec<ConsentField> = consent.fields.iter().copied().filter(|field| TO_DECIDE.contains(field)).collect();
    Ok(work.tx.show_fields(referral.id, &fields).await?)
}
