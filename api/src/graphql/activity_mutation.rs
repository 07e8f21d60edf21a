//! Mutations on activities and needs of communities.

use crate::domain::case::{NeedStatus, Urgency};
use crate::domain::global_id::Kind;
use crate::domain::id::{ActivityId, CommunityNeedId};
use crate::domain::rule::{Failure, Outcome};
use crate::graphql::activity::{Activity, CommunityNeed};
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::error::UserError;
use crate::graphql::input::Reader;
use crate::graphql::payload::payload;
use crate::graphql::scalar::LocalDate;
use crate::usecase::Ask;
use crate::usecase::activity::{
    self, About, ChangeCommunityNeed, RegisterActivity, RegisterCommunityNeed, ReportActivity,
};
use async_graphql::{Context, ID, InputObject, Object};
use std::sync::Arc;

payload! {
    /// The activity that was registered.
    RegisterActivityPayload {
        /// The activity; null when it was not registered.
        activity: Activity
    }
}

payload! {
    /// The activity that was reported.
    ReportActivityPayload {
        /// The activity; null when nothing was changed.
        activity: Activity
    }
}

payload! {
    /// The need that was registered.
    RegisterCommunityNeedPayload {
        /// The need; null when it was not registered.
        community_need: CommunityNeed
    }
}

payload! {
    /// The need that was changed.
    UpdateCommunityNeedPayload {
        /// The need; null when nothing was changed.
        community_need: CommunityNeed
    }
}

/// An activity for a community or for how services are governed. There is no place for a case in it.
#[derive(InputObject)]
pub struct RegisterActivityInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The category's code, of level COMMUNITY or STRUCTURAL; what is done for one person belongs into their case.
    pub category_code: String,
    /// The area where it takes place; needed for a community.
    pub area_id: Option<ID>,
    /// The organization that it strengthens; enough without an area for STRUCTURAL.
    pub about_organization_id: Option<ID>,
    /// Its name, 1 to 200 characters. Everybody who is signed in may read it: nothing about persons.
    pub name: String,
    /// What is done, up to 4,000 characters; nothing about persons.
    pub description: Option<String>,
    /// The first day.
    pub starts_on: LocalDate,
    /// The last day, not before the first.
    pub ends_on: Option<LocalDate>,
    /// How many people are meant to take part.
    pub planned_participants: Option<i32>,
}

/// What an activity came to.
#[derive(InputObject)]
pub struct ReportActivityInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The activity, one of your organization.
    pub activity_id: ID,
    /// The activity's version that you read.
    pub expected_version: i32,
    /// How many took part who had returned.
    pub returnees: i32,
    /// How many took part who never migrated.
    pub non_returnees: i32,
    /// What came of it, 1 to 4,000 characters; nothing about persons.
    pub outcome: String,
}

/// What a community, or those who govern services, require. There is no place for a case in it.
#[derive(InputObject)]
pub struct RegisterCommunityNeedInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The category's code, of level COMMUNITY or STRUCTURAL; what one person requires belongs into their case.
    pub category_code: String,
    /// The area whose need it is; needed for a community.
    pub area_id: Option<ID>,
    /// The organization whose need it is; enough without an area for STRUCTURAL.
    pub about_organization_id: Option<ID>,
    /// How soon help is needed.
    pub urgency: Urgency,
    /// What is needed, 1 to 4,000 characters. Everybody who is signed in may read it: nothing about persons.
    pub description: String,
}

/// How a community's need stands.
#[derive(InputObject)]
pub struct UpdateCommunityNeedInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The need, one that your organization registered.
    pub community_need_id: ID,
    /// The need's version that you read.
    pub expected_version: i32,
    /// Whether it is met; stays when nothing is said.
    pub status: Option<NeedStatus>,
    /// How soon help is needed; stays when nothing is said.
    pub urgency: Option<Urgency>,
}

fn about(reader: &mut Reader, category: &str, area: Option<&ID>, organization: Option<&ID>) -> About {
    About {
        category: category.to_owned(),
        area: reader.optional("areaId", Kind::Area, area),
        organization: reader.optional("aboutOrganizationId", Kind::Organization, organization),
    }
}

impl RegisterActivityInput {
    fn checked(&self) -> Result<RegisterActivity, Failure> {
        let mut reader = Reader::default();
        let of = (self.area_id.as_ref(), self.about_organization_id.as_ref());
        let about = about(&mut reader, &self.category_code, of.0, of.1);
        reader.settle(RegisterActivity {
            about,
            name: self.name.clone(),
            description: self.description.clone().unwrap_or_default(),
            starts_on: self.starts_on.store(),
            ends_on: self.ends_on.map(LocalDate::store),
            planned_participants: self.planned_participants,
        })
    }
}

impl ReportActivityInput {
    fn checked(&self) -> Result<ReportActivity, Failure> {
        let mut reader = Reader::default();
        let activity = reader.key("activityId", Kind::Activity, &self.activity_id);
        reader.settle(ReportActivity {
            activity,
            expected_version: self.expected_version,
            returnees: self.returnees,
            non_returnees: self.non_returnees,
            outcome: self.outcome.clone(),
        })
    }
}

impl RegisterCommunityNeedInput {
    fn checked(&self) -> Result<RegisterCommunityNeed, Failure> {
        let mut reader = Reader::default();
        let of = (self.area_id.as_ref(), self.about_organization_id.as_ref());
        let about = about(&mut reader, &self.category_code, of.0, of.1);
        let description = self.description.clone();
        reader.settle(RegisterCommunityNeed { about, urgency: self.urgency, description })
    }
}

impl UpdateCommunityNeedInput {
    fn checked(&self) -> Result<ChangeCommunityNeed, Failure> {
        let mut reader = Reader::default();
        let need = reader.key("communityNeedId", Kind::CommunityNeed, &self.community_need_id);
        let Self { expected_version, status, urgency, .. } = *self;
        reader.settle(ChangeCommunityNeed { need, expected_version, status, urgency })
    }
}

async fn activity_told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<ActivityId>) -> Option<P>
where
    P: From<Result<Option<Activity>, Vec<UserError>>>,
{
    Some(P::from(match settle(ctx, ask, done).await? {
        Ok(id) => Ok(ctx.found(activity::activity(ctx.app(), id).await).map(|it| Activity(Arc::new(it)))),
        Err(errors) => Err(errors),
    }))
}

async fn need_told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<CommunityNeedId>) -> Option<P>
where
    P: From<Result<Option<CommunityNeed>, Vec<UserError>>>,
{
    Some(P::from(match settle(ctx, ask, done).await? {
        Ok(id) => Ok(ctx.found(activity::community_need(ctx.app(), id).await).map(|it| CommunityNeed(Arc::new(it)))),
        Err(errors) => Err(errors),
    }))
}

/// Mutations on activities and needs of communities.
#[derive(Default)]
pub struct ActivityMutation;

#[Object]
impl ActivityMutation {
    /// Registers an activity of your organization for a community or for how services are governed. It has no case.
    /// Needs EDIT_DIRECTORY.
    async fn register_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is done, and where.")] input: RegisterActivityInput,
    ) -> Option<RegisterActivityPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "registerActivity", &input.idempotency_key, &text);
        let done = async { activity::register_activity(ctx.app(), ask, input.checked()?).await }.await;
        activity_told(ctx, ask, done).await
    }

    /// Reports who took part in an activity of your organization and what came of it; a later report replaces it. Needs
    /// EDIT_DIRECTORY.
    async fn report_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it came to.")] input: ReportActivityInput,
    ) -> Option<ReportActivityPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "reportActivity", &input.idempotency_key, &text);
        let done = async { activity::report_activity(ctx.app(), ask, input.checked()?).await }.await;
        activity_told(ctx, ask, done).await
    }

    /// Registers what a community, or those who govern services, require. It has no case. Needs EDIT_DIRECTORY.
    async fn register_community_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is needed, and where.")] input: RegisterCommunityNeedInput,
    ) -> Option<RegisterCommunityNeedPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "registerCommunityNeed", &input.idempotency_key, &text);
        let done = async { activity::register_community_need(ctx.app(), ask, input.checked()?).await }.await;
        need_told(ctx, ask, done).await
    }

    /// Says how a need that your organization registered stands. Needs EDIT_DIRECTORY.
    async fn update_community_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How it stands.")] input: UpdateCommunityNeedInput,
    ) -> Option<UpdateCommunityNeedPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "updateCommunityNeed", &input.idempotency_key, &text);
        let done = async { activity::change_community_need(ctx.app(), ask, input.checked()?).await }.await;
        need_told(ctx, ask, done).await
    }
}
