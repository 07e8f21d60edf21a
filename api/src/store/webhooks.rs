//! Endpoints of webhooks in the database: seen by those who manage them for their organization.

use crate::domain::change::ChangeSubject;
use crate::domain::code::Code as _;
use crate::domain::id::{OrganizationId, WebhookEndpointId};
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use crate::domain::sealed::Sealed;
use crate::domain::webhook::endpoint::{Endpoint, WebhookDisabledBecause, WebhookState};
use crate::store::door::{Door, Tx};
use crate::store::statement::{Order, Sql, body, counted, json, page, window_clause};
use passerelle_entity::{webhook_endpoint, webhook_key};
use std::collections::HashMap;
use uuid::Uuid;

/// An endpoint; needs `webhook_endpoint w`.
pub(super) const ENDPOINT: &str = "OBJ('id', UID(w.id), 'organization_id', UID(w.organization_id), 'url', w.url, \
    'description', w.description, 'topics', JSON(w.topics), 'state', w.state, 'because', w.because, \
    'signing', w.signing, 'cursor', w.cursor, 'failing_since', w.failing_since, \
    'last_success_at', w.last_success_at, 'spared_until', w.spared_until, \
    'keys', LIST(OBJ('id', UID(k.id), 'public_key', k.public_key, 'created_at', k.created_at, 'ends_at', k.ends_at) \
      BY k.created_at DESC, k.id DESC FROM webhook_key k WHERE k.endpoint_id = w.id), \
    'waiting', (SELECT count(*) FROM webhook_delivery d WHERE d.endpoint_id = w.id AND d.state = 'PENDING'), \
    'version', w.version, 'created_at', w.created_at, 'updated_at', w.updated_at)";

/// What can be changed of an endpoint.
#[derive(Debug, Clone)]
pub struct EndpointFacts {
    pub url: String,
    pub description: String,
    pub topics: Vec<ChangeSubject>,
}

/// A key to be kept.
#[derive(Debug)]
pub struct NewKey<'a> {
    pub id: Uuid,
    pub sealed: &'a Sealed,
    pub public_key: Option<String>,
}

impl Door {
    /// A page of an organization's endpoints, the oldest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn webhook_endpoints(
        &self,
        organization: OrganizationId,
        window: &Window,
    ) -> Result<Page<Endpoint>, Fault> {
        let mut sql = Sql::default();
        let found = format!("FROM webhook_endpoint w WHERE w.organization_id = {}", sql.bind(Uuid::from(organization)));
        let counting = Sql { text: format!("SELECT count(*) AS total {found}"), values: sql.values.clone() };
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let order = Order { by: "w.created_at", id: "w.id", is_number: true, descending: false };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({ENDPOINT} AS TEXT) AS body, CAST(w.created_at AS TEXT) AS k, w.id AS id{count} {found}{end}"
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "webhook_endpoint")?;
        counted(self, page, window, counting).await
    }

    /// An organization's endpoints with these keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn webhook_endpoints_by_id(
        &self,
        organization: OrganizationId,
        ids: &[WebhookEndpointId],
    ) -> Result<HashMap<WebhookEndpointId, Endpoint>, Fault> {
        let mut sql = Sql::default();
        let own = sql.bind(Uuid::from(organization));
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        sql.text = format!(
            "SELECT CAST({ENDPOINT} AS TEXT) AS body FROM webhook_endpoint w WHERE w.organization_id = {own} AND w.id IN ({names})"
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.iter().map(|row| body::<Endpoint>(row, "webhook_endpoint").map(|found| (found.id, found))).collect()
    }

    /// The sealed text of a key, if it is still there.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn webhook_secret(&self, key: Uuid) -> Result<Option<Sealed>, Fault> {
        let rows = self.rows("SELECT secret_sealed FROM webhook_key WHERE id = $1", vec![key.into()]).await?;
        let read = |row: &sea_orm::QueryResult| row.try_get("", "secret_sealed").map(Sealed::from_stored);
        rows.first().map(read).transpose().map_err(|_| Fault::Corrupt("webhook_key", key))
    }
}

impl Tx {
    /// An organization's endpoint, locked against all who change it or send to it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn webhook_endpoint(
        &self,
        organization: OrganizationId,
        id: WebhookEndpointId,
    ) -> Result<Option<Endpoint>, Fault> {
        let values = || vec![Uuid::from(id).into(), Uuid::from(organization).into()];
        let text = "SELECT id FROM webhook_endpoint WHERE id = $1 AND organization_id = $2 FOR UPDATE";
        if self.rows(text, values()).await?.is_empty() {
            return Ok(None);
        }
        let text = format!(
            "SELECT CAST({ENDPOINT} AS TEXT) AS body FROM webhook_endpoint w WHERE w.id = $1 AND w.organization_id = $2"
        );
        self.rows(&text, values()).await?.first().map(|row| body(row, "webhook_endpoint")).transpose()
    }

    /// How many endpoints an organization has.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn count_webhook_endpoints(&self, organization: OrganizationId) -> Result<i64, Fault> {
        let text = "SELECT count(*) AS total FROM webhook_endpoint WHERE organization_id = $1";
        let rows = self.rows(text, vec![Uuid::from(organization).into()]).await?;
        let total = rows.first().map_or(Ok(0), |row| row.try_get("", "total"));
        total.map_err(|_| Fault::Store("a count does not read".into()))
    }

    /// Up to which place changes were told so far: a new endpoint is told what comes after it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn placed(&self) -> Result<i64, Fault> {
        let rows = self.rows("SELECT sequence FROM change_mark WHERE name = 'PLACED'", vec![]).await?;
        let place = rows.first().map_or(Ok(0), |row| row.try_get("", "sequence"));
        place.map_err(|_| Fault::Store("a mark does not read".into()))
    }

    /// Adds an endpoint.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_webhook_endpoint(&self, new: &Endpoint, by: Uuid) -> Result<(), Fault> {
        self.add(webhook_endpoint::Model {
            id: new.id.into(),
            organization_id: new.organization_id.into(),
            url: new.url.clone(),
            description: new.description.clone(),
            topics: json(&new.topics)?,
            state: new.state.code().into(),
            signing: new.signing.code().into(),
            cursor: new.cursor,
            version: 1,
            created_by: by,
            created_at: new.created_at,
            updated_at: new.created_at,
            ..webhook_endpoint::Model::default()
        })
        .await
    }

    /// Keeps a key of an endpoint.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_webhook_key(&self, endpoint: WebhookEndpointId, new: NewKey<'_>, now: i64) -> Result<(), Fault> {
        self.add(webhook_key::Model {
            id: new.id,
            endpoint_id: endpoint.into(),
            secret_sealed: new.sealed.as_stored().to_owned(),
            public_key: new.public_key,
            created_at: now,
            ends_at: None,
        })
        .await
    }

    /// Lets all keys of an endpoint sign until `until` and no longer; those that have ended by now are thrown away.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_webhook_keys(&self, endpoint: WebhookEndpointId, until: i64, now: i64) -> Result<(), Fault> {
        let key = Uuid::from(endpoint);
        let text = "UPDATE webhook_key SET ends_at = $2 WHERE endpoint_id = $1 AND (ends_at IS NULL OR ends_at > $2)";
        self.run(text, vec![key.into(), until.into()]).await?;
        let text = "DELETE FROM webhook_key WHERE endpoint_id = $1 AND ends_at <= $2";
        self.run(text, vec![key.into(), now.into()]).await.map(drop)
    }

    /// Says anew where an endpoint is and what it is told, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn change_webhook_endpoint(&self, read: &Endpoint, to: &EndpointFacts, now: i64) -> Result<bool, Fault> {
        let text = "UPDATE webhook_endpoint SET url = $1, description = $2, topics = $3, updated_at = $4, \
                    version = version + 1 WHERE id = $5 AND version = $6";
        let values = vec![
            to.url.clone().into(),
            to.description.clone().into(),
            json(&to.topics)?.into(),
            now.into(),
            Uuid::from(read.id).into(),
            read.version.into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    /// Pauses an endpoint, switches it off, or on again: then what waits is sent at once, with all its attempts before it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn move_webhook_endpoint(
        &self,
        read: &Endpoint,
        to: WebhookState,
        because: Option<WebhookDisabledBecause>,
        now: i64,
    ) -> Result<bool, Fault> {
        let fresh = if to == WebhookState::Enabled {
            ", failing_since = NULL, told = 0, spared_until = NULL, off_since = NULL"
        } else {
            ", off_since = $3"
        };
        let text = format!(
            "UPDATE webhook_endpoint SET state = $1, because = $2, updated_at = $3, version = version + 1{fresh} \
             WHERE id = $4 AND version = $5"
        );
        let key = Uuid::from(read.id);
        let because = because.map(|because| because.code());
        let values = vec![to.code().into(), because.into(), now.into(), key.into(), read.version.into()];
        let moved = self.run(&text, values).await? == 1;
        if moved && to == WebhookState::Enabled {
            let text =
                "UPDATE webhook_delivery SET next_at = $2, attempts = 0 WHERE endpoint_id = $1 AND state = 'PENDING'";
            self.run(text, vec![key.into(), now.into()]).await?;
        }
        Ok(moved)
    }

    /// Says that an endpoint's version rose with something that hangs on it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn touch_webhook_endpoint(&self, read: &Endpoint, now: i64) -> Result<bool, Fault> {
        let text = "UPDATE webhook_endpoint SET updated_at = $1, version = version + 1 WHERE id = $2 AND version = $3";
        Ok(self.run(text, vec![now.into(), Uuid::from(read.id).into(), read.version.into()]).await? == 1)
    }

    /// Throws an endpoint away with its keys and with all that was told or waits there.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn delete_webhook_endpoint(&self, id: WebhookEndpointId) -> Result<(), Fault> {
        for text in [
            "DELETE FROM webhook_attempt WHERE delivery_id IN (SELECT d.id FROM webhook_delivery d WHERE d.endpoint_id = $1)",
            "DELETE FROM webhook_delivery WHERE endpoint_id = $1",
            "DELETE FROM webhook_key WHERE endpoint_id = $1",
            "DELETE FROM webhook_endpoint WHERE id = $1",
        ] {
            self.run(text, vec![Uuid::from(id).into()]).await?;
        }
        Ok(())
    }
}
