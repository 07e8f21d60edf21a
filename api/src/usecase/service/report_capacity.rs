//! A provider states how many places there are.

use crate::app::App;
use crate::domain::id::{ServiceAtLocationId, ServiceId};
use crate::domain::policy::Power;
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::domain::service_entry::Places;
use crate::store::services::ServiceChange;
use crate::usecase::Ask;
use crate::usecase::service::standing::{Target, record, standing};
use crate::usecase::work::open;

/// How many places there are, of the service as a whole or at one of its locations.
#[derive(Debug, Clone, Copy)]
pub struct CapacityReport {
    pub place: Option<ServiceAtLocationId>,
    pub places: Places,
}

/// States the places of a service as of now. A total below what is taken already is legal: then no place is free.
///
/// # Errors
/// INVALID at a number out of range; NOT_FOUND at `serviceAtLocationId` for another service's place; those of every
/// change of a service.
pub async fn report_capacity(app: &App, ask: Ask<'_>, target: Target, report: CapacityReport) -> Outcome<ServiceId> {
    let mut rules = Rules::default();
    report.places.check("", &mut rules);
    rules.settle()?;
    let work = open!(app, ask);
    let service = standing(&work, target, Power::ReportCapacity).await?;
    if report.place.is_some_and(|place| !service.places.iter().any(|known| known.id == place)) {
        return Err(Rule::at("serviceAtLocationId", RuleCode::NotFound).into());
    }
    let organization = service.organization.id;
    work.tx.put_capacity(organization, service.id, report.place, report.places, work.deed.now).await?;
    work.tx.change_service(service.id, ServiceChange::Places, work.deed.now).await?;
    record(&work, &service).await?;
    work.commit(service.id).await
}
