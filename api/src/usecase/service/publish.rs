//! A provider puts a new service into the directory.

use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::{OrganizationId, ServiceId};
use crate::domain::policy::Power;
use crate::domain::rule::{Failure, Outcome, Refusal};
use crate::domain::service_entry::{CheckedEntry, Places};
use crate::store::ledger::Happening;
use crate::store::service_writes::Publication;
use crate::usecase::Ask;
use crate::usecase::service::references::resolve;
use crate::usecase::service::review::without_review;
use crate::usecase::work::{Work, open};
use uuid::Uuid;

/// Publishes a service of the asker's organization. Who enters a service knows it, so it is verified today.
///
/// # Errors
/// Rules that the input breaks, at their fields; NOT_PERMITTED without the power to edit the directory; REVIEW_REQUIRED
/// where the program asks for a review first.
pub async fn publish(app: &App, ask: Ask<'_>, entry: CheckedEntry, capacity: Option<Places>) -> Outcome<ServiceId> {
    let work = open!(app, ask);
    work.needs(Power::EditDirectory, entry.program.flatten(), "")?;
    without_review(&work, [entry.program.flatten(), None], "programId").await?;
    let organization = work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    let id = put_new(&work, organization, &entry, capacity).await?;
    work.commit(id).await
}

/// Puts a new service of an organization into the directory, and writes down that it was done.
///
/// # Errors
/// NOT_FOUND, NOT_PERMITTED and NOT_IN_PROGRAM at what the entry refers to.
pub async fn put_new(
    work: &Work<'_>,
    organization: OrganizationId,
    entry: &CheckedEntry,
    capacity: Option<Places>,
) -> Result<ServiceId, Failure> {
    let category = resolve(work, organization, entry).await?;
    let places = entry.places.as_deref().unwrap_or_default();
    let id = ServiceId::from(Uuid::now_v7());
    let today = work.app.today();
    let publication = Publication { id, organization, assured_on: &today, assured_by: work.deed.principal };
    work.tx.insert_service(&publication, entry, category.as_ref(), work.deed.now).await?;
    // A new service has no places yet that could stand in the way.
    work.tx.put_places(organization, id, places, work.deed.now).await?;
    if let Some(places) = capacity {
        work.tx.put_capacity(organization, id, None, places, work.deed.now).await?;
    }
    let published = Happening {
        program: entry.program.flatten(),
        dimension: category.as_ref().map(|category| category.dimension),
        level: category.as_ref().map(|category| category.level),
        ..Happening::to((Kind::Service, id.into()), "PROVIDER", 1)
    };
    work.tx.record_as(&work.deed, "publishService", &published);
    Ok(id)
}
