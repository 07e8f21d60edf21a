//! Registering what a community needs, and saying how that stands.

use super::register::MAX_TEXT;
use super::{About, about};
use crate::app::App;
use crate::domain::case::{NeedStatus, Urgency};
use crate::domain::global_id::Kind;
use crate::domain::id::CommunityNeedId;
use crate::domain::policy::Power;
use crate::domain::rule::{Detail, Outcome, Rule, RuleCode, Rules};
use crate::store::activity_writes::Entry;
use crate::store::ledger::Happening;
use crate::usecase::work::{Ask, fresh, open as begin};
use uuid::Uuid;

/// What a community needs.
#[derive(Debug, Clone)]
pub struct RegisterCommunityNeed {
    pub about: About,
    pub urgency: Urgency,
    /// Public text; nothing about persons.
    pub description: String,
}

/// How a community's need stands.
#[derive(Debug, Clone, Copy)]
pub struct ChangeCommunityNeed {
    pub need: CommunityNeedId,
    pub expected_version: i32,
    pub status: Option<NeedStatus>,
    pub urgency: Option<Urgency>,
}

/// An organization registers what a community needs. No case belongs to it.
///
/// # Errors
/// NOT_PERMITTED; those of what it is about; REQUIRED, TOO_LONG.
pub async fn register_community_need(
    app: &App,
    ask: Ask<'_>,
    input: RegisterCommunityNeed,
) -> Outcome<CommunityNeedId> {
    let work = begin!(app, ask, Power::EditDirectory, Rule::at("", RuleCode::NotPermitted));
    work.needs(Power::EditDirectory, None, "")?;
    let mut rules = Rules::default();
    rules.text("description", &input.description, 1, MAX_TEXT);
    rules.settle()?;
    let category = about(&work, &input.about).await?;
    let id = Uuid::now_v7();
    let organization = work.deed.organization;
    let entry =
        Entry { id, organization, category: &category, area: input.about.area, about: input.about.organization };
    work.tx.add_community_need(entry, input.urgency, &input.description, work.deed.now).await?;
    work.record(&Happening {
        area: input.about.area,
        dimension: Some(category.dimension),
        level: Some(category.level),
        ..Happening::to((Kind::CommunityNeed, id), "OWNER", 1)
    })
    .await?;
    work.commit(id.into()).await
}

/// The organization that registered a community's need says how it stands.
///
/// # Errors
/// NOT_FOUND; NOT_PERMITTED for another organization's; STALE_VERSION.
pub async fn change_community_need(app: &App, ask: Ask<'_>, input: ChangeCommunityNeed) -> Outcome<CommunityNeedId> {
    let work = begin!(app, ask);
    let found = work.tx.community_need(input.need).await?;
    let need = found.ok_or_else(|| Rule::at("communityNeedId", RuleCode::NotFound))?;
    work.needs(Power::EditDirectory, None, "communityNeedId")?;
    if need.organization.id != work.deed.organization {
        return Err(Rule::at("communityNeedId", RuleCode::NotPermitted).into());
    }
    fresh(input.expected_version, need.version)?;
    let to = (input.status.unwrap_or(need.status), input.urgency.unwrap_or(need.urgency));
    let which = (need.id, need.version);
    if !work.tx.change_community_need(work.deed.organization, which, to, work.deed.now).await? {
        let newer = Detail::Version(need.version + 1);
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(newer).into());
    }
    work.record(&Happening {
        area: need.area_id,
        dimension: Some(need.dimension),
        level: Some(need.level),
        ..Happening::to((Kind::CommunityNeed, need.id.into()), "OWNER", need.version + 1)
    })
    .await?;
    work.commit(need.id).await
}
