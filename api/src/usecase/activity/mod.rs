//! Activities for communities and governance, and what communities need. They never have a case; whoever edits the
//! directory of an organization enters them.

mod need;
mod register;
mod report;

pub use need::{ChangeCommunityNeed, RegisterCommunityNeed, change_community_need, register_community_need};
pub use register::{RegisterActivity, register_activity};
pub use report::{ReportActivity, report_activity};

use crate::app::App;
use crate::domain::activity::{Activity, CommunityFilter, CommunityNeed};
use crate::domain::id::{ActivityId, AreaId, CommunityNeedId, OrganizationId};
use crate::domain::page::{Page, Window};
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::service::{Category, Level};
use crate::usecase::taxonomy::usable;
use crate::usecase::work::Work;

/// What an activity or need of a community is about.
#[derive(Debug, Clone)]
pub struct About {
    pub category: String,
    pub area: Option<AreaId>,
    /// The organization that it strengthens.
    pub organization: Option<OrganizationId>,
}

/// Activities, the latest first.
///
/// # Errors
/// What the engine refuses.
pub async fn activities(app: &App, filter: &CommunityFilter, window: &Window) -> Result<Page<Activity>, Fault> {
    app.store.activities(filter, window).await
}

/// What communities need, the newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn community_needs(
    app: &App,
    filter: &CommunityFilter,
    window: &Window,
) -> Result<Page<CommunityNeed>, Fault> {
    app.store.community_needs(filter, window).await
}

/// An activity.
///
/// # Errors
/// What the engine refuses.
pub async fn activity(app: &App, id: ActivityId) -> Result<Option<Activity>, Fault> {
    Ok(app.store.activities_by_id(&[id]).await?.remove(&id))
}

/// What a community needs.
///
/// # Errors
/// What the engine refuses.
pub async fn community_need(app: &App, id: CommunityNeedId) -> Result<Option<CommunityNeed>, Fault> {
    Ok(app.store.community_needs_by_id(&[id]).await?.remove(&id))
}

/// The category of what is registered, and that its area and organization exist. What is done for one person is not
/// entered here: that belongs into their case.
///
/// # Errors
/// INVALID for a category that does not exist or works for individuals; REQUIRED for a community without an area or
/// governance without anything it is about; NOT_FOUND.
async fn about(work: &Work<'_>, about: &About) -> Outcome<Category> {
    let category = usable(work, &about.category).await?;
    let category = category.filter(|known| known.level != Level::Individual);
    let category = category.ok_or_else(|| Rule::at("categoryCode", RuleCode::Invalid))?;
    let mut rules = Rules::default();
    let has_place = about.area.is_some() || (category.level == Level::Structural && about.organization.is_some());
    rules.check(has_place, "areaId", RuleCode::Required);
    if let Some(area) = about.area {
        rules.check(work.tx.known_areas(&[area]).await?.contains(&area), "areaId", RuleCode::NotFound);
    }
    if let Some(organization) = about.organization {
        let known = work.tx.known_organizations(&[organization]).await?;
        rules.check(known.contains(&organization), "aboutOrganizationId", RuleCode::NotFound);
    }
    rules.settle()?;
    Ok(category)
}
