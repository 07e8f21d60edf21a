//! A provider confirms that what the directory says is right.

use crate::app::App;
use crate::domain::id::ServiceId;
use crate::domain::policy::Power;
use crate::domain::rule::Outcome;
use crate::store::services::ServiceChange;
use crate::usecase::Ask;
use crate::usecase::service::standing::{Target, record, standing};
use crate::usecase::work::open;

/// Confirms a service as of today, so that it is not stale.
///
/// # Errors
/// Those of every change of a service.
pub async fn verify(app: &App, ask: Ask<'_>, target: Target) -> Outcome<ServiceId> {
    let work = open!(app, ask);
    let service = standing(&work, target, Power::ReportCapacity).await?;
    let today = app.today();
    let change = ServiceChange::Assured(&today, work.deed.principal);
    work.tx.change_service(service.id, change, work.deed.now).await?;
    record(&work, &service).await?;
    work.commit(service.id).await
}
