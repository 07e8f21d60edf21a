//! Agreements: registered by one party, in force when all have confirmed, ended by any.

mod confirm;
mod end;
mod expiring;
mod read;
mod register;

pub use confirm::confirm;
pub use end::end;
pub use expiring::tell_expiring;
pub use read::{AgreementFilter, list, one};
pub use register::{Register, register};

use crate::domain::actor::MemberRole;
use crate::domain::agreement::{Agreement, AgreementStatus};
use crate::domain::global_id::Kind;
use crate::domain::id::{AgreementId, OrganizationId};
use crate::domain::notice::Notice;
use crate::domain::policy::Power;
use crate::domain::rule::{Detail, Failure, Fault, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::usecase::work::{Work, fresh};

/// Which agreement, in which version.
#[derive(Debug, Clone, Copy)]
pub struct Which {
    pub agreement: AgreementId,
    pub expected_version: i32,
}

/// The agreement that the asker may change for their organization.
///
/// # Errors
/// NOT_FOUND for whom is no party; NOT_PERMITTED; STALE_VERSION.
async fn chosen(work: &Work<'_>, which: Which) -> Result<Agreement, Failure> {
    let found = work.tx.agreement(&work.sight(), which.agreement).await?;
    let agreement = found.ok_or_else(|| Rule::at("agreementId", RuleCode::NotFound))?;
    work.needs(Power::ManageAgreements, None, "agreementId")?;
    fresh(which.expected_version, agreement.version)?;
    Ok(agreement)
}

/// Says how the agreement stands from now on, unless somebody was faster.
///
/// # Errors
/// STALE_VERSION.
async fn go(work: &Work<'_>, agreement: &Agreement, to: AgreementStatus) -> Result<(), Failure> {
    if work.tx.move_agreement(agreement, to, work.deed.now).await? {
        Ok(())
    } else {
        let newer = Detail::Version(agreement.version + 1);
        Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(newer).into())
    }
}

/// Writes down what happened to an agreement and tells the other parties, by `notice`.
async fn record(
    work: &Work<'_>,
    id: AgreementId,
    version: i32,
    parties: &[OrganizationId],
    notice: impl Fn(OrganizationId) -> Notice,
) -> Result<(), Fault> {
    let others = parties.iter().copied().filter(|party| *party != work.deed.organization);
    work.record(&Happening {
        notify: others.map(notice).collect(),
        ..Happening::to((Kind::Agreement, id.into()), "AGREEMENT_PARTY", version)
    })
    .await
}

/// The keys of an agreement's parties.
fn parties(agreement: &Agreement) -> Vec<OrganizationId> {
    agreement.parties.iter().map(|party| party.organization.id).collect()
}

/// What those who manage an organization's agreements must act on: its program managers, and its supervisors, who are
/// told all that anybody of theirs is.
fn must_act(party: OrganizationId) -> Notice {
    Notice::act(party, MemberRole::ProgramManager)
}
