//! Activities for communities and governance, and what communities need, as types of the schema.

use crate::domain::activity as domain;
use crate::domain::case::{NeedStatus, Urgency};
use crate::domain::global_id::Kind;
use crate::domain::service::{Dimension, Level};
use crate::graphql::context::{Here, known};
use crate::graphql::input::distinct;
use crate::graphql::organization::Organization;
use crate::graphql::paging::{Slice, connection};
use crate::graphql::scalar::{Cursor, DateTime, LocalDate, id, key};
use crate::usecase::activity;
use async_graphql::{Context, ID, InputObject, Object};
use std::sync::Arc;

/// An activity.
#[derive(Clone)]
pub struct Activity(pub Arc<domain::Activity>);

connection!(ActivityConnection, ActivityEdge, Activity, "activities");

/// Something done for a community, or for how services are governed. It belongs to an area or an organization, never to a
/// case, and holds no personal data.
#[Object]
impl Activity {
    /// The activity's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Activity, self.0.id)
    }

    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Whose activity it is.
    async fn organization(&self) -> Organization {
        Organization::of(self.0.organization.clone())
    }

    /// The category's code in the taxonomy.
    async fn category_code(&self) -> &str {
        &self.0.category
    }

    /// The dimension of reintegration.
    async fn dimension(&self) -> Dimension {
        self.0.dimension
    }

    /// COMMUNITY or STRUCTURAL.
    async fn level(&self) -> Level {
        self.0.level
    }

    /// The area where it takes place; always there for a community.
    async fn area_id(&self) -> Option<ID> {
        self.0.area_id.map(|area| id(Kind::Area, area))
    }

    /// The organization that it strengthens.
    async fn about_organization_id(&self) -> Option<ID> {
        self.0.about_organization_id.map(|organization| id(Kind::Organization, organization))
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What is done.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// The first day.
    async fn starts_on(&self) -> Option<LocalDate> {
        LocalDate::stored(Some(&self.0.starts_on))
    }

    /// The last day; null when that is open.
    async fn ends_on(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.ends_on.as_deref())
    }

    /// How many people are meant to take part.
    async fn planned_participants(&self) -> Option<i32> {
        self.0.planned_participants
    }

    /// How many took part who had returned; null before it is reported.
    async fn returnees(&self) -> Option<i32> {
        self.0.returnees
    }

    /// How many took part who never migrated; null before it is reported.
    async fn non_returnees(&self) -> Option<i32> {
        self.0.non_returnees
    }

    /// What it came to; null before it is reported.
    async fn outcome(&self) -> Option<&str> {
        self.0.outcome.as_deref()
    }

    /// When it was reported.
    async fn reported_at(&self) -> Option<DateTime> {
        self.0.reported_at.map(DateTime)
    }

    /// When it was registered.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

/// What a community needs.
#[derive(Clone)]
pub struct CommunityNeed(pub Arc<domain::CommunityNeed>);

connection!(CommunityNeedConnection, CommunityNeedEdge, CommunityNeed, "needs of communities");

/// What a community, or those who govern services, require. It belongs to an area or an organization, never to a case,
/// and holds no personal data.
#[Object]
impl CommunityNeed {
    /// The need's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::CommunityNeed, self.0.id)
    }

    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Who registered it.
    async fn organization(&self) -> Organization {
        Organization::of(self.0.organization.clone())
    }

    /// The category's code in the taxonomy.
    async fn category_code(&self) -> &str {
        &self.0.category
    }

    /// The dimension of reintegration.
    async fn dimension(&self) -> Dimension {
        self.0.dimension
    }

    /// COMMUNITY or STRUCTURAL.
    async fn level(&self) -> Level {
        self.0.level
    }

    /// The area whose need it is; always there for a community.
    async fn area_id(&self) -> Option<ID> {
        self.0.area_id.map(|area| id(Kind::Area, area))
    }

    /// The organization whose need it is.
    async fn about_organization_id(&self) -> Option<ID> {
        self.0.about_organization_id.map(|organization| id(Kind::Organization, organization))
    }

    /// How soon help is needed.
    async fn urgency(&self) -> Urgency {
        self.0.urgency
    }

    /// Whether it is met.
    async fn status(&self) -> NeedStatus {
        self.0.status
    }

    /// What is needed.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// When it was registered.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

/// Which activities or needs of communities are asked for; fields are joined by and, lists mean any of.
#[derive(InputObject, Default)]
pub struct CommunityFilter {
    /// In this area or one below it.
    pub area_id: Option<ID>,
    /// Of this organization.
    pub organization_id: Option<ID>,
    /// Of this category.
    pub category_code: Option<String>,
    /// Of any of these dimensions.
    pub dimension: Option<Vec<Dimension>>,
    /// At any of these levels.
    pub level: Option<Vec<Level>>,
}

impl CommunityFilter {
    fn read(self) -> domain::CommunityFilter {
        // An identifier of another kind finds nothing, as one that does not exist.
        let any = |kind, id: Option<ID>| id.map(|id| key(kind, &id).unwrap_or_default());
        domain::CommunityFilter {
            area: any(Kind::Area, self.area_id).map(Into::into),
            organization: any(Kind::Organization, self.organization_id).map(Into::into),
            category: self.category_code,
            dimension: distinct(self.dimension),
            level: distinct(self.level),
        }
    }
}

/// Queries on activities and needs of communities.
#[derive(Default)]
pub struct ActivityQuery;

#[Object]
impl ActivityQuery {
    /// Activities for communities and governance, the latest first. For everybody who is signed in.
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which activities.")] filter: Option<CommunityFilter>,
    ) -> async_graphql::Result<ActivityConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let page = activity::activities(ctx.app(), &filter.unwrap_or_default().read(), &window).await;
        Ok(ActivityConnection::of(page.map_err(|fault| ctx.broke(&fault))?, |it| Activity(Arc::new(it))))
    }

    /// What communities and those who govern services need, the newest first. For everybody who is signed in.
    async fn community_needs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which needs.")] filter: Option<CommunityFilter>,
    ) -> async_graphql::Result<CommunityNeedConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let page = activity::community_needs(ctx.app(), &filter.unwrap_or_default().read(), &window).await;
        Ok(CommunityNeedConnection::of(page.map_err(|fault| ctx.broke(&fault))?, |it| CommunityNeed(Arc::new(it))))
    }
}
