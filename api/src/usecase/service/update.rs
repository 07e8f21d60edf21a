//! A provider changes what the directory says about a service.

use crate::app::App;
use crate::domain::id::ServiceId;
use crate::domain::policy::Power;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::domain::service_entry::CheckedEntry;
use crate::usecase::Ask;
use crate::usecase::service::references::resolve;
use crate::usecase::service::standing::{Target, record, standing};
use crate::usecase::work::open;

/// Changes a service of the asker's organization; what the entry does not say stays as it is. A place to which
/// referrals or capacities refer can't be left out.
///
/// # Errors
/// Rules that the input breaks, at their fields; INVALID at `locations` for a place that can't be left out; those of
/// every change of a service.
pub async fn update(app: &App, ask: Ask<'_>, target: Target, entry: CheckedEntry) -> Outcome<ServiceId> {
    let work = open!(app, ask);
    let service = standing(&work, target, Power::EditDirectory).await?;
    let organization = service.organization.id;
    if let Some(program) = entry.program {
        // Who may edit in one program only can't move a service out of it.
        work.needs(Power::EditDirectory, program, "programId")?;
    }
    let category = resolve(&work, organization, &entry).await?;
    work.tx.update_service(&service, &entry, category.as_ref(), work.deed.now).await?;
    if let Some(places) = &entry.places
        && !work.tx.put_places(organization, service.id, places, work.deed.now).await?
    {
        return Err(Rule::at("locations", RuleCode::Invalid).into());
    }
    match (&entry.places, &entry.areas) {
        (None, Some(_)) => work.tx.refresh_reach(service.id).await?,
        (None, None) => work.tx.refresh_search(&[service.id]).await?,
        (Some(_), _) => {}
    }
    record(&work, &service).await?;
    work.commit(service.id).await
}
