//! A provider changes what the directory says about a service.

use crate::app::App;
use crate::domain::id::ServiceId;
use crate::domain::policy::Power;
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode};
use crate::domain::service::Service;
use crate::domain::service_entry::CheckedEntry;
use crate::usecase::Ask;
use crate::usecase::service::references::resolve;
use crate::usecase::service::review::without_review;
use crate::usecase::service::standing::{Target, changed, standing};
use crate::usecase::work::{Work, open};

/// Changes a service of the asker's organization; what the entry does not say stays as it is. A place to which
/// referrals or capacities refer can't be left out.
///
/// # Errors
/// Rules that the input breaks, at their fields; INVALID at `locations` for a place that can't be left out;
/// REVIEW_REQUIRED where its program asks for a review first; those of every change of a service.
pub async fn update(app: &App, ask: Ask<'_>, target: Target, entry: CheckedEntry) -> Outcome<ServiceId> {
    let work = open!(app, ask);
    let service = standing(&work, target, Power::EditDirectory).await?;
    if let Some(program) = entry.program {
        // Who may edit in one program only can't move a service out of it.
        work.needs(Power::EditDirectory, program, "programId")?;
    }
    without_review(&work, [service.program_id, entry.program.flatten()], "serviceId").await?;
    put_change(&work, &service, &entry).await?;
    work.commit(service.id).await
}

/// Changes what the directory says of a locked service, and writes down that it was done.
///
/// # Errors
/// NOT_FOUND, NOT_PERMITTED and NOT_IN_PROGRAM at what the entry refers to; INVALID at `locations` for a place that can't
/// be left out.
pub async fn put_change(work: &Work<'_>, service: &Service, entry: &CheckedEntry) -> Result<(), Failure> {
    let organization = service.organization.id;
    let category = resolve(work, organization, entry).await?;
    work.tx.update_service(service, entry, category.as_ref(), work.deed.now).await?;
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
    work.tx.record_as(&work.deed, "updateService", &changed(service));
    Ok(())
}
