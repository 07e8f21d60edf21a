//! Activities for communities and governance, and what communities need. Everybody who is known may read them; they have
//! no case.

use crate::domain::activity::{Activity, CommunityFilter, CommunityNeed};
use crate::domain::code::Code;
use crate::domain::id::{ActivityId, CommunityNeedId};
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::fragment;
use crate::store::statement::{Order, Sql, body, counted, page, window_clause};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use uuid::Uuid;

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
    pub async fn activities_by_id(&self, ids: &[ActivityId]) -> Result<HashMap<ActivityId, Activity>, Fault> {
        let keys: Vec<Uuid> = ids.iter().map(|id| Uuid::from(*id)).collect();
        let found: Vec<Activity> = self.community_by_keys(&List::activities(), keys).await?;
        Ok(found.into_iter().map(|it| (it.id, it)).collect())
    }

    /// What communities need, by these keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn community_needs_by_id(
        &self,
        ids: &[CommunityNeedId],
    ) -> Result<HashMap<CommunityNeedId, CommunityNeed>, Fault> {
        let keys: Vec<Uuid> = ids.iter().map(|id| Uuid::from(*id)).collect();
        let found: Vec<CommunityNeed> = self.community_by_keys(&List::needs(), keys).await?;
        Ok(found.into_iter().map(|it| (it.id, it)).collect())
    }

    async fn community_by_keys<T: DeserializeOwned>(&self, list: &List, keys: Vec<Uuid>) -> Result<Vec<T>, Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(keys);
        let rows = self.rows(&with_keys(list, &names), sql.values).await?;
        rows.iter().map(|row| body(row, list.table)).collect()
    }
}

fn with_keys(list: &List, names: &str) -> String {
    format!(
        "SELECT CAST({} AS TEXT) AS body FROM {} x JOIN organization xo ON xo.id = x.organization_id \
         WHERE x.id IN ({names})",
        list.body, list.table
    )
}

impl Tx {
    /// An activity.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn activity(&self, id: ActivityId) -> Result<Option<Activity>, Fault> {
        let list = List::activities();
        let rows = self.rows(&with_keys(&list, "$1"), vec![Uuid::from(id).into()]).await?;
        rows.first().map(|row| body(row, list.table)).transpose()
    }

    /// What a community needs.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn community_need(&self, id: CommunityNeedId) -> Result<Option<CommunityNeed>, Fault> {
        let list = List::needs();
        let rows = self.rows(&with_keys(&list, "$1"), vec![Uuid::from(id).into()]).await?;
        rows.first().map(|row| body(row, list.table)).transpose()
    }
}
