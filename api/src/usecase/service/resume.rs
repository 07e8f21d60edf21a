//! A provider takes people again.

use crate::app::App;
use crate::domain::clock::date_of;
use crate::domain::id::ServiceId;
use crate::domain::policy::Power;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::domain::service::ServiceStatus;
use crate::store::services::ServiceChange;
use crate::usecase::Ask;
use crate::usecase::service::standing::{Target, record, standing};
use crate::usecase::work::open;

/// Ends a pause.
///
/// # Errors
/// INVALID at `serviceId` for a service that is not paused; NOT_NOW for one whose funding has ended; those of every change of a service.
pub async fn resume(app: &App, ask: Ask<'_>, target: Target) -> Outcome<ServiceId> {
    let work = open!(app, ask);
    let service = standing(&work, target, Power::EditDirectory).await?;
    if service.status != ServiceStatus::Paused {
        return Err(Rule::at("serviceId", RuleCode::Invalid).into());
    }
    if service.is_unfunded(date_of(app.clock.now())) {
        return Err(Rule::at("serviceId", RuleCode::NotNow).into());
    }
    let change = ServiceChange::Status(ServiceStatus::Published, None);
    work.tx.change_service(service.id, change, work.deed.now).await?;
    record(&work, &service).await?;
    work.commit(service.id).await
}
