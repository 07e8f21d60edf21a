//! Activities for communities and governance, and what communities need. Everybody who is known may read them; they have
//! no case.

use crate::domain::activity::{Activity, CommunityFilter, CommunityNeed};
use crate::domain::case::{NeedStatus, Urgency};
use crate::domain::code::Code;
use crate::domain::id::{ActivityId, AreaId, CommunityNeedId, OrganizationId};
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use crate::domain::service::Category;
use crate::store::door::{Door, Tx};
use crate::store::fragment;
use crate::store::statement::{Order, Sql, body, counted, page, window_clause};
use passerelle_entity::{activity, community_need};
use serde::de::DeserializeOwned;
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

fn activity_body() -> String {
    let organization = fragment::organization("xo");
    format!(
        "OBJ('id', UID(x.id), 'organization', {organization}, 'category', x.category_code, 'dimension', x.dimension, \
         'level', x.level, 'area_id', UID(x.area_id), 'about_organization_id', UID(x.about_organization_id), \
         'name', x.name, 'description', x.description, 'starts_on', x.starts_on, 'ends_on', x.ends_on, \
         'planned_participants', x.planned_participants, 'returnees', x.returnees, 'non_returnees', x.non_returnees, \
         'outcome', x.outcome, 'reported_at', x.reported_at, 'created_at', x.created_at, 'updated_at', x.updated_at, \
         'version', x.version)"
    )
}

fn need_body() -> String {
    let organization = fragment::organization("xo");
    format!(
        "OBJ('id', UID(x.id), 'organization', {organization}, 'category', x.category_code, 'dimension', x.dimension, \
         'level', x.level, 'area_id', UID(x.area_id), 'about_organization_id', UID(x.about_organization_id), \
         'urgency', x.urgency, 'status', x.status, 'description', x.description, 'created_at', x.created_at, \
         'updated_at', x.updated_at, 'version', x.version)"
    )
}

/// Where a list is read from, and in which order.
struct List {
    table: &'static str,
    order: Order,
    body: String,
}

impl List {
    fn activities() -> Self {
        let order = Order { by: "x.starts_on", id: "x.id", is_number: false, descending: true };
        Self { table: "activity", order, body: activity_body() }
    }

    fn needs() -> Self {
        let order = Order { by: "x.created_at", id: "x.id", is_number: true, descending: true };
        Self { table: "community_need", order, body: need_body() }
    }

    fn found(&self, sql: &mut Sql, filter: &CommunityFilter) -> String {
        let mut text = format!("FROM {} x JOIN organization xo ON xo.id = x.organization_id WHERE 1 = 1", self.table);
        if let Some(area) = filter.area {
            let name = sql.bind(Uuid::from(area));
            text += &format!(
                " AND x.area_id IN (SELECT ac.descendant_id FROM area_closure ac WHERE ac.ancestor_id = {name})"
            );
        }
        if let Some(organization) = filter.organization {
            text += &format!(" AND x.organization_id = {}", sql.bind(Uuid::from(organization)));
        }
        if let Some(category) = &filter.category {
            text += &format!(" AND x.category_code = {}", sql.bind(category.clone()));
        }
        let dimensions = filter.dimension.iter().map(|code| code.code()).collect();
        let levels = filter.level.iter().map(|code| code.code()).collect();
        for (column, codes) in [("x.dimension", dimensions), ("x.level", levels)] {
            let codes: Vec<&str> = codes;
            if !codes.is_empty() {
                text += &format!(" AND {column} IN ({})", sql.bind_all(codes));
            }
        }
        text
    }
}

impl Door {
    /// Activities, the latest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn activities(&self, filter: &CommunityFilter, window: &Window) -> Result<Page<Activity>, Fault> {
        self.community(&List::activities(), filter, window).await
    }

    /// What communities need, the newest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn community_needs(
        &self,
        filter: &CommunityFilter,
        window: &Window,
    ) -> Result<Page<CommunityNeed>, Fault> {
        self.community(&List::needs(), filter, window).await
    }

    async fn community<T: DeserializeOwned>(
        &self,
        list: &List,
        filter: &CommunityFilter,
        window: &Window,
    ) -> Result<Page<T>, Fault> {
        let mut sql = Sql::default();
        let found = list.found(&mut sql, filter);
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let counting = Sql { text: format!("SELECT count(*) AS total {found}"), values: sql.values.clone() };
        let end = window_clause(&mut sql, window, list.order);
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body, CAST({} AS TEXT) AS k, x.id AS id{count} {found}{end}",
            list.body, list.order.by
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, list.table)?;
        counted(self, page, window, counting).await
    }

    /// Activities with these keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn activity(&self, id: ActivityId) -> Result<Option<Activity>, Fault> {
        self.community_one(&List::activities(), id.into()).await
    }

    /// What a community needs, by its key.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn community_need(&self, id: CommunityNeedId) -> Result<Option<CommunityNeed>, Fault> {
        self.community_one(&List::needs(), id.into()).await
    }

    async fn community_one<T: DeserializeOwned>(&self, list: &List, id: Uuid) -> Result<Option<T>, Fault> {
        let rows = self.rows(&one(list), vec![id.into()]).await?;
        rows.first().map(|row| body(row, list.table)).transpose()
    }
}

fn one(list: &List) -> String {
    format!(
        "SELECT CAST({} AS TEXT) AS body FROM {} x JOIN organization xo ON xo.id = x.organization_id WHERE x.id = $1",
        list.body, list.table
    )
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

    /// An activity.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn activity(&self, id: ActivityId) -> Result<Option<Activity>, Fault> {
        let list = List::activities();
        let rows = self.rows(&one(&list), vec![Uuid::from(id).into()]).await?;
        rows.first().map(|row| body(row, list.table)).transpose()
    }

    /// What a community needs.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn community_need(&self, id: CommunityNeedId) -> Result<Option<CommunityNeed>, Fault> {
        let list = List::needs();
        let rows = self.rows(&one(&list), vec![Uuid::from(id).into()]).await?;
        rows.first().map(|row| body(row, list.table)).transpose()
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
