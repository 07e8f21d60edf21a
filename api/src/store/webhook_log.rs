//! What was told by webhooks and what waits: the log that an organization reads and from which it asks again.

use crate::domain::code::Code as _;
use crate::domain::id::{OrganizationId, WebhookDeliveryId, WebhookEndpointId};
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use crate::domain::webhook::endpoint::{Delivery, WebhookDeliveryState};
use crate::store::door::{Door, Tx};
use crate::store::statement::{Order, Sql, body, counted, page, window_clause};
use passerelle_entity::webhook_delivery;
use uuid::Uuid;

/// A delivery with its attempts; needs `webhook_delivery d`.
pub(super) const DELIVERY: &str = "OBJ('id', UID(d.id), 'endpoint_id', UID(d.endpoint_id), \
    'organization_id', UID(d.organization_id), 'sequence', d.sequence, 'subject_kind', d.subject_kind, \
    'subject_id', UID(d.subject_id), 'kind', d.kind, 'change', d.change, 'version', d.version, 'at', d.at, \
    'state', d.state, 'attempts', d.attempts, 'next_at', d.next_at, 'created_at', d.created_at, \
    'ended_at', d.ended_at, 'log', LIST(OBJ('at', t.at, 'outcome', t.outcome, 'status', t.status, \
      'latency_ms', t.latency_ms) BY t.at DESC, t.id DESC FROM webhook_attempt t WHERE t.delivery_id = d.id))";

/// Which deliveries are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFilter {
    pub endpoint: Option<WebhookEndpointId>,
    pub state: Vec<WebhookDeliveryState>,
    /// Planned at this instant or later, UTC microseconds.
    pub from: Option<i64>,
    /// Planned before this instant, UTC microseconds.
    pub to: Option<i64>,
}

fn found(sql: &mut Sql, organization: OrganizationId, filter: &DeliveryFilter) -> String {
    let mut text = format!("FROM webhook_delivery d WHERE d.organization_id = {}", sql.bind(Uuid::from(organization)));
    if let Some(endpoint) = filter.endpoint {
        text += &format!(" AND d.endpoint_id = {}", sql.bind(Uuid::from(endpoint)));
    }
    if !filter.state.is_empty() {
        text += &format!(" AND d.state IN ({})", sql.bind_all(filter.state.iter().map(|state| state.code())));
    }
    for (sign, instant) in [(">=", filter.from), ("<", filter.to)] {
        if let Some(instant) = instant {
            text += &format!(" AND d.created_at {sign} {}", sql.bind(instant));
        }
    }
    text
}

impl Door {
    /// A page of an organization's deliveries, the newest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn webhook_deliveries(
        &self,
        organization: OrganizationId,
        filter: &DeliveryFilter,
        window: &Window,
    ) -> Result<Page<Delivery>, Fault> {
        let mut sql = Sql::default();
        let found = found(&mut sql, organization, filter);
        let counting = Sql { text: format!("SELECT count(*) AS total {found}"), values: sql.values.clone() };
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let order = Order { by: "d.created_at", id: "d.id", is_number: true, descending: true };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({DELIVERY} AS TEXT) AS body, CAST(d.created_at AS TEXT) AS k, d.id AS id{count} {found}{end}"
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "webhook_delivery")?;
        counted(self, page, window, counting).await
    }

    /// An organization's deliveries with these keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn webhook_deliveries_by_id(
        &self,
        organization: OrganizationId,
        ids: &[WebhookDeliveryId],
    ) -> Result<Vec<Delivery>, Fault> {
        let mut sql = Sql::default();
        let own = sql.bind(Uuid::from(organization));
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        sql.text = format!(
            "SELECT CAST({DELIVERY} AS TEXT) AS body FROM webhook_delivery d WHERE d.organization_id = {own} AND d.id IN ({names})"
        );
        self.rows(&sql.text, sql.values).await?.iter().map(|row| body(row, "webhook_delivery")).collect()
    }

    /// Forgets deliveries planned before an instant, a bounded number at a time. Tells how many.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn forget_webhook_deliveries(&self, before: i64) -> Result<u64, Fault> {
        let old = "SELECT x.id FROM webhook_delivery x WHERE x.created_at < $1 AND x.state <> 'PENDING' \
                   ORDER BY x.created_at, x.id LIMIT 500";
        let tx = self.begin().await?;
        tx.run(&format!("DELETE FROM webhook_attempt WHERE delivery_id IN ({old})"), vec![before.into()]).await?;
        let forgotten =
            tx.run(&format!("DELETE FROM webhook_delivery WHERE id IN ({old})"), vec![before.into()]).await?;
        tx.commit().await?;
        Ok(forgotten)
    }
}

impl Tx {
    /// A delivery of an organization, locked.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn webhook_delivery(
        &self,
        organization: OrganizationId,
        id: WebhookDeliveryId,
    ) -> Result<Option<Delivery>, Fault> {
        let values = || vec![Uuid::from(id).into(), Uuid::from(organization).into()];
        let text = "SELECT id FROM webhook_delivery WHERE id = $1 AND organization_id = $2 FOR UPDATE";
        if self.rows(text, values()).await?.is_empty() {
            return Ok(None);
        }
        let text = format!(
            "SELECT CAST({DELIVERY} AS TEXT) AS body FROM webhook_delivery d WHERE d.id = $1 AND d.organization_id = $2"
        );
        self.rows(&text, values()).await?.first().map(|row| body(row, "webhook_delivery")).transpose()
    }

    /// Adds something that no change asks for: a test.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_webhook_delivery(&self, new: &Delivery) -> Result<(), Fault> {
        self.add(webhook_delivery::Model {
            id: new.id.into(),
            endpoint_id: new.endpoint_id.into(),
            organization_id: new.organization_id.into(),
            sequence: new.sequence,
            place: new.sequence.unwrap_or(new.created_at),
            subject_kind: new.subject_kind.clone(),
            subject_id: new.subject_id,
            kind: new.kind.clone(),
            change: new.change.code().into(),
            version: new.version,
            at: new.at,
            state: new.state.code().into(),
            next_at: new.next_at,
            created_at: new.created_at,
            ..webhook_delivery::Model::default()
        })
        .await
    }

    /// Sends again what arrived or was given up, each under the identifier that it had. Tells how many.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn replay_webhooks(&self, endpoint: WebhookEndpointId, which: Replayed, now: i64) -> Result<u64, Fault> {
        let mut sql = Sql::default();
        let (now, endpoint) = (sql.bind(now), sql.bind(Uuid::from(endpoint)));
        let only = match which {
            Replayed::One(id) => format!("id = {}", sql.bind(Uuid::from(id))),
            Replayed::Range { from, to, only_failed } => {
                let failed = if only_failed { " AND state = 'FAILED'" } else { "" };
                format!("created_at >= {} AND created_at < {}{failed}", sql.bind(from), sql.bind(to))
            }
        };
        sql.text = format!(
            "UPDATE webhook_delivery SET state = 'PENDING', attempts = 0, next_at = {now}, ended_at = NULL, claim = NULL, \
             claimed_until = NULL WHERE endpoint_id = {endpoint} AND state <> 'PENDING' AND {only}"
        );
        self.run(&sql.text, sql.values).await
    }
}

/// What is sent again.
#[derive(Debug, Clone, Copy)]
pub enum Replayed {
    /// This one.
    One(WebhookDeliveryId),
    /// All that was planned from one instant to before another, UTC microseconds.
    Range { from: i64, to: i64, only_failed: bool },
}
