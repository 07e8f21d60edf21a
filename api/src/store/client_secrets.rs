//! Secrets of applications in the database: their keyed hashes, never the secrets.

use crate::domain::actor::Scope;
use crate::domain::id::{ClientId, OrganizationId};
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use passerelle_entity::client_secret;
use uuid::Uuid;

/// An application that has shown a secret of its own.
#[derive(Debug, Clone)]
pub struct Shown {
    pub secret: Uuid,
    pub organization: Uuid,
    pub scopes: Vec<Scope>,
    pub epoch: i32,
    pub organization_epoch: i32,
}

/// A new secret.
#[derive(Debug, Clone)]
pub struct NewSecret<'a> {
    pub id: Uuid,
    pub client: ClientId,
    pub organization: OrganizationId,
    pub hash: &'a str,
    pub hint: &'a str,
    /// The member who made it; nobody for an operator.
    pub by: Option<Uuid>,
}

impl Tx {
    /// The application with this key and a secret of this hash, if both and the organization are still good at `now`. The
    /// same statement is run whatever of it is wrong, so that the time it takes tells nothing.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn shown_secret(&self, client: Uuid, hash: &str, now: i64) -> Result<Option<Shown>, Fault> {
        let text = "SELECT s.id AS secret, c.organization_id AS organization, c.scopes AS scopes, c.epoch AS epoch, \
                    o.epoch AS organization_epoch FROM client_secret s \
                    JOIN client_application c ON c.id = s.client_id JOIN organization o ON o.id = c.organization_id \
                    WHERE s.client_id = $1 AND s.secret_hash = $2 AND s.ended_at IS NULL \
                    AND (s.valid_until IS NULL OR s.valid_until > $3) AND c.is_active AND o.ended_at IS NULL";
        let rows = self.rows(text, vec![client.into(), hash.into(), now.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let corrupt = |_| Fault::Corrupt("client_secret", client);
        let scopes: String = row.try_get("", "scopes").map_err(corrupt)?;
        Ok(Some(Shown {
            secret: row.try_get("", "secret").map_err(corrupt)?,
            organization: row.try_get("", "organization").map_err(corrupt)?,
            scopes: serde_json::from_str(&scopes).map_err(|_| Fault::Corrupt("client_application", client))?,
            epoch: row.try_get("", "epoch").map_err(corrupt)?,
            organization_epoch: row.try_get("", "organization_epoch").map_err(corrupt)?,
        }))
    }

    /// Keeps when a secret, and with it its application, was last used. Written last.
    pub fn secret_used(&self, client: Uuid, secret: Uuid, now: i64) {
        self.run_last("UPDATE client_secret SET last_used_at = $1 WHERE id = $2", vec![now.into(), secret.into()]);
        let text = "UPDATE client_application SET last_used_at = $1 WHERE id = $2";
        self.run_last(text, vec![now.into(), client.into()]);
    }

    /// Adds a secret that is good until it is ended.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_secret(&self, new: &NewSecret<'_>, now: i64) -> Result<(), Fault> {
        self.add(client_secret::Model {
            id: new.id,
            client_id: new.client.into(),
            organization_id: new.organization.into(),
            secret_hash: new.hash.to_owned(),
            hint: new.hint.to_owned(),
            created_by: new.by,
            created_at: now,
            ..client_secret::Model::default()
        })
        .await
    }

    /// Lets the secrets of an application that are good now end at `until`, those that end sooner excepted.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn let_secrets_run_out(&self, client: ClientId, until: i64) -> Result<(), Fault> {
        let text = "UPDATE client_secret SET valid_until = $1 WHERE client_id = $2 AND ended_at IS NULL \
                    AND (valid_until IS NULL OR valid_until > $1)";
        self.run(text, vec![until.into(), Uuid::from(client).into()]).await.map(drop)
    }

    /// Ends one secret of an application, or all of them. Tells how many were still good.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_secrets(&self, client: ClientId, one: Option<Uuid>, now: i64) -> Result<u64, Fault> {
        let text = "UPDATE client_secret SET ended_at = $1 WHERE client_id = $2 AND (id = $3 OR $4) \
                    AND ended_at IS NULL AND (valid_until IS NULL OR valid_until > $1)";
        let values = vec![now.into(), Uuid::from(client).into(), one.unwrap_or_default().into(), one.is_none().into()];
        self.run(text, values).await
    }
}
