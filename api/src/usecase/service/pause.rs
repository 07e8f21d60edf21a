//! A provider stops taking people for a while.

use crate::app::App;
use crate::domain::id::ServiceId;
use crate::domain::policy::Power;
use crate::domain::rule::{Outcome, Rules};
use crate::domain::service::ServiceStatus;
use crate::domain::service_entry::LONGEST_NOTE;
use crate::store::services::ServiceChange;
use crate::usecase::Ask;
use crate::usecase::service::standing::{Target, record, standing};
use crate::usecase::work::open;

/// Pauses a service, or gives another reason for a pause that stands. Referrals under way go on.
///
/// # Errors
/// REQUIRED or TOO_LONG at `reason`; those of every change of a service.
pub async fn pause(app: &App, ask: Ask<'_>, target: Target, reason: &str) -> Outcome<ServiceId> {
    let mut rules = Rules::default();
    rules.text("reason", reason, 1, LONGEST_NOTE);
    rules.settle()?;
    let work = open!(app, ask);
    let service = standing(&work, target, Power::EditDirectory).await?;
    let change = ServiceChange::Status(ServiceStatus::Paused, Some(reason.trim()));
    work.tx.change_service(service.id, change, work.deed.now).await?;
    record(&work, &service).await?;
    work.commit(service.id).await
}
