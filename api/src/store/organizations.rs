//! Organizations, their members and applications, in the database.

use crate::domain::actor::{Actor, RoleGrant, Scope, Standing};
use crate::domain::code::Code;
use crate::domain::directory::OrganizationFilter;
use crate::domain::id::{ClientId, MemberId, OrganizationId};
use crate::domain::listing::OrganizationIdentifier;
use crate::domain::organization::{Organization, OrganizationKind, Translations};
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::fragment;
use crate::store::statement::{Order, Sql, body, counted, json, keys, page, window_clause};
use passerelle_entity::{client_application, member, organization};
use sea_orm::QueryResult;
use serde::de::DeserializeOwned;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

impl Door {
    /// The member or application behind a token, if both it and its organization still stand at the epochs the token
    /// was issued under.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn actor(
        &self,
        principal: Uuid,
        organization: Uuid,
        epoch: i32,
        organization_epoch: i32,
    ) -> Result<Option<Actor>, Fault> {
        let rows = self
            .rows(
                "SELECT x.kind AS kind, x.held AS held, o.kinds AS kinds FROM organization o JOIN \
                 (SELECT 'MEMBER' AS kind, organization_id, roles AS held FROM member \
                    WHERE id = $1 AND is_active AND epoch = $3 \
                  UNION ALL SELECT 'CLIENT', organization_id, scopes FROM client_application \
                    WHERE id = $1 AND is_active AND epoch = $3) x ON x.organization_id = o.id \
                 WHERE o.id = $2 AND o.epoch = $4 AND o.ended_at IS NULL",
                vec![principal.into(), organization.into(), epoch.into(), organization_epoch.into()],
            )
            .await?;
        rows.first().map(|row| read_actor(row, principal, organization)).transpose()
    }
}

pub(super) fn read_actor(row: &QueryResult, principal: Uuid, organization: Uuid) -> Result<Actor, Fault> {
    let kinds: Vec<OrganizationKind> = column(row, "kinds", principal)?;
    let standing = Standing { organization: organization.into(), kinds };
    let kind: String = row.try_get("", "kind").map_err(|_| Fault::Corrupt("member", principal))?;
    Ok(if kind == "MEMBER" {
        let roles: Vec<RoleGrant> = column(row, "held", principal)?;
        Actor::Member { id: principal.into(), standing, roles }
    } else {
        let scopes: Vec<Scope> = column(row, "held", principal)?;
        Actor::Client { id: principal.into(), standing, scopes }
    })
}

fn column<T: DeserializeOwned>(row: &QueryResult, name: &str, key: Uuid) -> Result<T, Fault> {
    let text: String = row.try_get("", name).map_err(|_| Fault::Corrupt("member", key))?;
    serde_json::from_str(&text).map_err(|_| Fault::Corrupt("member", key))
}

/// A new organization, as an operator enters it.
#[derive(Debug, Clone)]
pub struct NewOrganization<'a> {
    pub id: OrganizationId,
    pub name: &'a str,
    pub names: &'a Translations,
    pub description: &'a str,
    pub country: &'a str,
    pub kinds: &'a [OrganizationKind],
    pub website: Option<&'a str>,
    pub email: Option<&'a str>,
    /// Another name, often the short form.
    pub alternate_name: &'a str,
    /// Under which numbers others know it.
    pub identifiers: &'a [OrganizationIdentifier],
}

fn conditions(sql: &mut Sql, filter: &OrganizationFilter) -> String {
    let mut all = vec!["1 = 1".to_owned()];
    if let Some(country) = &filter.country {
        let name = sql.bind(country.clone());
        all.push(format!("o.country = {name}"));
    }
    let kinds: Vec<String> = filter
        .kind
        .iter()
        .map(|kind| {
            let name = sql.bind(format!("%\"{}\"%", kind.code()));
            format!("o.kinds LIKE {name}")
        })
        .collect();
    if !kinds.is_empty() {
        all.push(format!("({})", kinds.join(" OR ")));
    }
    all.join(" AND ")
}

impl Door {
    /// A page of organizations by name. All of them are public.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn organizations(
        &self,
        filter: &OrganizationFilter,
        window: &Window,
    ) -> Result<Page<Organization>, Fault> {
        let mut sql = Sql::default();
        let found = format!("FROM organization o WHERE {}", conditions(&mut sql, filter));
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let end =
            window_clause(&mut sql, window, Order { by: "o.name", id: "o.id", is_number: false, descending: false });
        let body = fragment::organization("o");
        sql.text = format!("SELECT CAST({body} AS TEXT) AS body, o.name AS k, o.id AS id{count} {found}{end}");
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "organization")?;
        let mut sql = Sql::default();
        sql.text = format!("SELECT count(*) AS total FROM organization o WHERE {}", conditions(&mut sql, filter));
        counted(self, page, window, sql).await
    }

    /// The organizations with these keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn organizations_by_id(
        &self,
        ids: &[OrganizationId],
    ) -> Result<HashMap<OrganizationId, Organization>, Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        let text = format!(
            "SELECT CAST({} AS TEXT) AS body FROM organization o WHERE o.id IN ({names})",
            fragment::organization("o")
        );
        let rows = self.rows(&text, sql.values).await?;
        rows.iter().map(|row| body::<Organization>(row, "organization").map(|found| (found.id, found))).collect()
    }
}

impl Tx {
    /// Which of these organizations exist.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn known_organizations(&self, ids: &[OrganizationId]) -> Result<HashSet<OrganizationId>, Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        let rows = self.rows(&format!("SELECT id FROM organization WHERE id IN ({names})"), sql.values).await?;
        keys(&rows)
    }

    /// Adds an organization.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_organization(&self, new: &NewOrganization<'_>, now: i64) -> Result<(), Fault> {
        self.add(organization::Model {
            id: new.id.into(),
            name: new.name.to_owned(),
            names: json(new.names)?,
            description: new.description.to_owned(),
            country: new.country.to_owned(),
            kinds: json(&new.kinds)?,
            website: new.website.map(str::to_owned),
            email: new.email.map(str::to_owned),
            alternate_name: new.alternate_name.to_owned(),
            identifiers: Some(json(&new.identifiers)?),
            epoch: 0,
            version: 1,
            created_at: now,
            updated_at: now,
            ..organization::Model::default()
        })
        .await
    }

    /// Adds a person who works for an organization.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_member(
        &self,
        id: MemberId,
        organization: OrganizationId,
        name: &str,
        roles: &[RoleGrant],
        now: i64,
    ) -> Result<(), Fault> {
        self.add(member::Model {
            id: id.into(),
            organization_id: organization.into(),
            name: name.to_owned(),
            roles: json(&roles)?,
            is_active: true,
            epoch: 0,
            version: 1,
            created_at: now,
            ..member::Model::default()
        })
        .await
    }

    /// Adds an application that acts for an organization.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_client(
        &self,
        id: ClientId,
        organization: OrganizationId,
        name: &str,
        scopes: &[Scope],
        now: i64,
    ) -> Result<(), Fault> {
        self.add(client_application::Model {
            id: id.into(),
            organization_id: organization.into(),
            name: name.to_owned(),
            scopes: json(&scopes)?,
            is_active: true,
            epoch: 0,
            version: 1,
            created_at: now,
            ..client_application::Model::default()
        })
        .await
    }
}
