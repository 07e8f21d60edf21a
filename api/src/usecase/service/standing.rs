//! A service of one's own that is to be changed.

use crate::domain::global_id::Kind;
use crate::domain::id::ServiceId;
use crate::domain::policy::Power;
use crate::domain::rule::{Fault, Outcome, Refusal, Rule, RuleCode};
use crate::domain::service::{Service, ServiceStatus};
use crate::store::ledger::Happening;
use crate::usecase::work::{Work, fresh};

/// Which service is to be changed, and the version the caller read.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    pub service: ServiceId,
    pub expected_version: i32,
}

/// Locks a service of the asker's organization that is still offered, and makes sure that the asker may use `power`
/// on it and knows how it stands. Another organization's service is told as an unknown one.
///
/// # Errors
/// NOT_FOUND, NOT_PERMITTED or SERVICE_CLOSED (it is retired) at `serviceId`; STALE_VERSION.
pub async fn standing(work: &Work<'_>, target: Target, power: Power) -> Outcome<Service> {
    let organization = work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    let found = work.tx.lock_own_service(organization, target.service).await?;
    let service = found.ok_or_else(|| Rule::at("serviceId", RuleCode::NotFound))?;
    work.needs(power, service.program_id, "serviceId")?;
    fresh(target.expected_version, service.version)?;
    if service.status == ServiceStatus::Retired {
        return Err(Rule::at("serviceId", RuleCode::ServiceClosed).into());
    }
    Ok(service)
}

/// Writes down that a service was changed, as it was classified before.
///
/// # Errors
/// What the engine refuses.
pub async fn record(work: &Work<'_>, before: &Service) -> Result<(), Fault> {
    work.record(&changed(before)).await
}

/// That a service was changed, as it was classified before.
#[must_use]
pub fn changed(before: &Service) -> Happening {
    let category = before.category.as_ref();
    Happening {
        program: before.program_id,
        dimension: category.map(|category| category.dimension),
        level: category.map(|category| category.level),
        ..Happening::to((Kind::Service, before.id.into()), "PROVIDER", before.version + 1)
    }
}
