//! Organizations, their members and applications, in the database.

use crate::domain::actor::{Actor, RoleGrant, Scope, Standing};
use crate::domain::organization::OrganizationKind;
use crate::domain::rule::Fault;
use crate::store::door::Door;
use sea_orm::QueryResult;
use serde::de::DeserializeOwned;
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
                 WHERE o.id = $2 AND o.epoch = $4",
                vec![principal.into(), organization.into(), epoch.into(), organization_epoch.into()],
            )
            .await?;
        rows.first().map(|row| read_actor(row, principal, organization)).transpose()
    }
}

fn read_actor(row: &QueryResult, principal: Uuid, organization: Uuid) -> Result<Actor, Fault> {
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
