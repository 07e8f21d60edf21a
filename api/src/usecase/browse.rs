//! Looking things up: the directory, and what concerns the asker's own organization. Each read is scoped by who asks;
//! organizations, areas and categories are public.

use crate::app::App;
use crate::domain::area::Area;
use crate::domain::case::Case;
use crate::domain::directory::{
    AreaFilter, Facet, Facets, Notification, NotificationFilter, OrganizationFilter, ServiceFilter, ServiceOrder,
};
use crate::domain::id::{AreaId, CaseId, OrganizationId, ServiceId};
use crate::domain::organization::{Organization, Program};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::domain::schedule::OpenMoment;
use crate::domain::service::{Category, Service};
pub use crate::store::categories::TermFilter;
use std::collections::HashMap;

/// Services that the asker may see.
///
/// # Errors
/// What the engine refuses.
pub async fn services(
    app: &App,
    sight: &Sight,
    filter: &ServiceFilter,
    order: &ServiceOrder,
    window: &Window,
) -> Result<Page<Service>, Fault> {
    let page = app.store.services(sight, filter, order, window).await?;
    if page.items.is_empty() {
        crate::usecase::unmet::note_empty(app, sight, filter, window).await;
    }
    Ok(page)
}

/// How the services that a filter finds and the asker may see are spread, counted over the first `most` of them.
///
/// # Errors
/// What the engine refuses.
pub async fn facets(
    app: &App,
    sight: &Sight,
    filter: &ServiceFilter,
    asked: &[Facet],
    most: usize,
) -> Result<Facets, Fault> {
    app.store.service_facets(sight, filter, asked, &app.fresh_on(), most).await
}

/// What the clocks show at `at`, UTC microseconds, wherever a service has hours.
///
/// # Errors
/// What the engine refuses.
pub async fn open_moment(app: &App, at: i64) -> Result<OpenMoment, Fault> {
    app.store.open_moment(at).await
}

/// A service that the asker may see.
///
/// # Errors
/// What the engine refuses.
pub async fn service(app: &App, sight: &Sight, id: ServiceId) -> Result<Option<Service>, Fault> {
    Ok(app.store.services_by_id(sight, &[id]).await?.remove(&id))
}

/// The services with these keys that the asker may see.
///
/// # Errors
/// What the engine refuses.
pub async fn services_by_id(app: &App, sight: &Sight, ids: &[ServiceId]) -> Result<HashMap<ServiceId, Service>, Fault> {
    app.store.services_by_id(sight, ids).await
}

/// Areas by name.
///
/// # Errors
/// What the engine refuses.
pub async fn areas(app: &App, filter: &AreaFilter, window: &Window) -> Result<Page<Area>, Fault> {
    app.store.areas(filter, window).await
}

/// The areas with these keys.
///
/// # Errors
/// What the engine refuses.
pub async fn areas_by_id(app: &App, ids: &[AreaId]) -> Result<HashMap<AreaId, Area>, Fault> {
    app.store.areas_by_id(ids).await
}

/// The area of a code, the one that still exists first.
///
/// # Errors
/// What the engine refuses.
pub async fn area_by_code(app: &App, country: &str, level: i32, pcode: &str) -> Result<Option<Area>, Fault> {
    app.store.area_by_code(country, level, pcode).await
}

/// Organizations by name.
///
/// # Errors
/// What the engine refuses.
pub async fn organizations(
    app: &App,
    filter: &OrganizationFilter,
    window: &Window,
) -> Result<Page<Organization>, Fault> {
    app.store.organizations(filter, window).await
}

/// An organization.
///
/// # Errors
/// What the engine refuses.
pub async fn organization(app: &App, id: OrganizationId) -> Result<Option<Organization>, Fault> {
    Ok(app.store.organizations_by_id(&[id]).await?.remove(&id))
}

/// The terms of the taxonomy that the asker may use.
///
/// # Errors
/// What the engine refuses.
pub async fn categories(app: &App, sight: &Sight, filter: &TermFilter) -> Result<Vec<Category>, Fault> {
    app.store.categories(sight.organization, filter).await
}

/// The programs in which an organization takes part.
///
/// # Errors
/// What the engine refuses.
pub async fn programs(app: &App, organization: OrganizationId) -> Result<Vec<Program>, Fault> {
    app.store.programs_of(organization).await
}

/// What the asker's organization was told of what the asker may see, the newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn notifications(
    app: &App,
    sight: &Sight,
    filter: NotificationFilter,
    window: &Window,
) -> Result<Page<Notification>, Fault> {
    app.store.notifications(sight, filter, window).await
}

/// The cases with these keys that the asker holds or was granted.
///
/// # Errors
/// What the engine refuses.
pub async fn cases_by_id(app: &App, sight: &Sight, ids: &[CaseId]) -> Result<HashMap<CaseId, Case>, Fault> {
    app.store.cases_by_id(sight, ids).await
}
