//! A provider ends a service.

use crate::app::App;
use crate::domain::id::ServiceId;
use crate::domain::policy::Power;
use crate::domain::rule::Outcome;
use crate::domain::service::ServiceStatus;
use crate::store::services::ServiceChange;
use crate::usecase::Ask;
use crate::usecase::service::standing::{Target, record, standing};
use crate::usecase::work::open;

/// Retires a service for good. It stays for history; only its own organization sees it from now on.
///
/// # Errors
/// Those of every change of a service.
pub async fn retire(app: &App, ask: Ask<'_>, target: Target) -> Outcome<ServiceId> {
    let work = open!(app, ask);
    let service = standing(&work, target, Power::EditDirectory).await?;
    let change = ServiceChange::Status(ServiceStatus::Retired, None);
    work.tx.change_service(service.id, change, work.deed.now).await?;
    record(&work, &service).await?;
    work.commit(service.id).await
}
