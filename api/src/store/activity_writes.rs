//! New activities and needs of communities, and changes of them.

use crate::domain::case::{NeedStatus, Urgency};
use crate::domain::code::Code;
use crate::domain::id::{ActivityId, AreaId, CommunityNeedId, OrganizationId};
use crate::domain::rule::Fault;
use crate::domain::service::Category;
use crate::store::door::Tx;
use passerelle_entity::{activity, community_need};
use uuid::Uuid;

/// Whose entry it is, and what it is about.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub category: &'a Category,
    pub area: Option<AreaId>,
    /// The organization that it strengthens.
    pub about: Option<OrganizationId>,
}

/// An activity to add.
#[derive(Debug, Clone, Copy)]
pub struct NewActivity<'a> {
    pub entry: Entry<'a>,
    pub name: &'a str,
    pub description: &'a str,
    /// ISO 8601, as `ends_on`.
    pub starts_on: &'a str,
    pub ends_on: Option<&'a str>,
    pub planned_participants: Option<i32>,
}

impl Tx {
    /// Adds an activity.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_activity(&self, new: NewActivity<'_>, now: i64) -> Result<(), Fault> {
        let Entry { id, organization, category, area, about } = new.entry;
        self.add(activity::Model {
            id,
            organization_id: organization.into(),
            category_code: category.code.clone(),
            dimension: category.dimension.code().into(),
            level: category.level.code().into(),
            area_id: area.map(Uuid::from),
            about_organization_id: about.map(Uuid::from),
            name: new.name.into(),
            description: new.description.into(),
            starts_on: new.starts_on.into(),
            ends_on: new.ends_on.map(str::to_owned),
            planned_participants: new.planned_participants,
            version: 1,
            created_at: now,
            updated_at: now,
            ..activity::Model::default()
        })
        .await
    }

    /// Adds what a community needs.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_community_need(
        &self,
        Entry { id, organization, category, area, about }: Entry<'_>,
        urgency: Urgency,
        description: &str,
        now: i64,
    ) -> Result<(), Fault> {
        self.add(community_need::Model {
            id,
            organization_id: organization.into(),
            category_code: category.code.clone(),
            dimension: category.dimension.code().into(),
            level: category.level.code().into(),
            area_id: area.map(Uuid::from),
            about_organization_id: about.map(Uuid::from),
            urgency: urgency.code().into(),
            status: NeedStatus::Open.code().into(),
            description: description.into(),
            version: 1,
            created_at: now,
            updated_at: now,
        })
        .await
    }

    /// Keeps what an activity of the organization came to, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn report_activity(
        &self,
        organization: OrganizationId,
        (id, version): (ActivityId, i32),
        (returnees, non_returnees, outcome): (i32, i32, &str),
        now: i64,
    ) -> Result<bool, Fault> {
        let changed = self
            .run(
                "UPDATE activity SET returnees = $1, non_returnees = $2, outcome = $3, reported_at = $4, updated_at = $4, \
                 version = version + 1 WHERE id = $5 AND version = $6 AND organization_id = $7",
                vec![
                    returnees.into(),
                    non_returnees.into(),
                    outcome.into(),
                    now.into(),
                    Uuid::from(id).into(),
                    version.into(),
                    Uuid::from(organization).into(),
                ],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Says how a community's need of the organization stands, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn change_community_need(
        &self,
        organization: OrganizationId,
        (id, version): (CommunityNeedId, i32),
        (status, urgency): (NeedStatus, Urgency),
        now: i64,
    ) -> Result<bool, Fault> {
        let changed = self
            .run(
                "UPDATE community_need SET status = $1, urgency = $2, updated_at = $3, version = version + 1 \
                 WHERE id = $4 AND version = $5 AND organization_id = $6",
                vec![
                    status.code().into(),
                    urgency.code().into(),
                    now.into(),
                    Uuid::from(id).into(),
                    version.into(),
                    Uuid::from(organization).into(),
                ],
            )
            .await?;
        Ok(changed == 1)
    }
}
