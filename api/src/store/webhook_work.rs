//! The work on webhooks, shared by all nodes: what is to be told is planned from the changes, claimed for a while, and
//! its end written down by whoever still holds the claim.

use crate::domain::code::Code as _;
use crate::domain::id::{OrganizationId, WebhookDeliveryId, WebhookEndpointId};
use crate::domain::rule::Fault;
use crate::domain::sealed::Sealed;
use crate::domain::webhook::answer::Answer;
use crate::domain::webhook::endpoint::{Delivery, Endpoint, WebhookDisabledBecause};
use crate::store::dialect::Engine;
use crate::store::door::{Door, Tx};
use crate::store::statement::{Sql, body, keys};
use crate::store::webhook_log::DELIVERY;
use crate::store::webhooks::ENDPOINT;
use passerelle_entity::webhook_attempt;
use sea_orm::QueryResult;
use std::time::Duration;
use uuid::Uuid;

/// How many deliveries of one endpoint wait at the most; more stays among the changes until there is room.
pub const MOST_WAITING: i64 = 1_000;

/// The condition that `webhook_delivery d` can be sent at the instant `$1`: it is due, nobody is at it, and nothing
/// earlier about the same thing waits.
const READY: &str = "d.state = 'PENDING' AND d.next_at <= $1 AND (d.claimed_until IS NULL OR d.claimed_until <= $1) \
    AND NOT EXISTS (SELECT 1 FROM webhook_delivery b WHERE b.endpoint_id = d.endpoint_id AND b.state = 'PENDING' \
      AND b.subject_id = d.subject_id AND b.place < d.place)";

/// What one node has taken upon itself.
#[derive(Debug)]
pub struct Claimed {
    pub endpoint: Endpoint,
    pub deliveries: Vec<Delivery>,
    /// The keys that sign now, each with its own key, the newest first.
    pub keys: Vec<(Uuid, Sealed)>,
    /// By which the end is written down: who has lost the claim can't.
    pub claim: Uuid,
}

/// How one attempt ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    pub delivery: WebhookDeliveryId,
    pub claim: Uuid,
    /// When it is tried again; none when it arrived or was given up.
    pub again: Option<i64>,
    pub arrived: bool,
}

/// Since when an organization, given as a column or parameter, has taken nothing that it is told of referrals: null where
/// it has no endpoint for them, or one that works, or that it paused itself.
pub(super) fn failing_since(organization: &str) -> String {
    format!(
        "(SELECT CASE WHEN min(CASE WHEN wf.failing_since IS NULL THEN 0 ELSE 1 END) = 1 THEN max(wf.failing_since) END \
         FROM webhook_endpoint wf WHERE wf.organization_id = {organization} AND wf.state <> 'PAUSED' \
         AND (wf.topics = '[]' OR wf.topics LIKE '%\"REFERRAL\"%'))"
    )
}

pub(super) fn unreadable<E>(_: E) -> Fault {
    Fault::Store("a webhook does not read".into())
}

impl Door {
    /// The endpoints at which there is something to plan or to send, in the order of their keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn busy_webhooks(&self, now: i64) -> Result<Vec<WebhookEndpointId>, Fault> {
        let newer = |whose: &str| {
            format!("EXISTS (SELECT 1 FROM change c WHERE c.organization_id = {whose} AND c.sequence > w.cursor)")
        };
        let text = format!(
            "SELECT w.id AS id FROM webhook_endpoint w WHERE w.state = 'ENABLED' \
             AND (w.spared_until IS NULL OR w.spared_until <= $1) AND (\
               EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.endpoint_id = w.id AND {READY}) \
               OR (({own} OR {all}) AND {MOST_WAITING} > (SELECT count(*) FROM webhook_delivery n \
                 WHERE n.endpoint_id = w.id AND n.state = 'PENDING'))) ORDER BY w.id",
            own = newer("w.organization_id"),
            all = newer("$2"),
        );
        keys(&self.rows(&text, vec![now.into(), Uuid::nil().into()]).await?)
    }

    /// Endpoints that have failed since `before` or longer, and whose administrators were told less than `stage` of it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn failing_webhooks(
        &self,
        before: i64,
        stage: i32,
    ) -> Result<Vec<(WebhookEndpointId, OrganizationId)>, Fault> {
        let text = "SELECT id, organization_id FROM webhook_endpoint WHERE state = 'ENABLED' AND failing_since <= $1 \
                    AND told < $2 ORDER BY id LIMIT 500";
        let pair = |row: &QueryResult| {
            let id: Uuid = row.try_get("", "id").map_err(unreadable)?;
            let organization: Uuid = row.try_get("", "organization_id").map_err(unreadable)?;
            Ok((id.into(), organization.into()))
        };
        self.rows(text, vec![before.into(), stage.into()]).await?.iter().map(pair).collect()
    }
}

impl Tx {
    /// An enabled endpoint, locked; nothing when it is not, or when another node is at it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn webhook_at_hand(&self, id: WebhookEndpointId) -> Result<Option<Endpoint>, Fault> {
        let skip = if self.engine() == Engine::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
        let text = format!("SELECT id FROM webhook_endpoint WHERE id = $1 AND state = 'ENABLED' {skip}");
        if self.rows(&text, vec![Uuid::from(id).into()]).await?.is_empty() {
            return Ok(None);
        }
        let text = format!("SELECT CAST({ENDPOINT} AS TEXT) AS body FROM webhook_endpoint w WHERE w.id = $1");
        let rows = self.rows(&text, vec![Uuid::from(id).into()]).await?;
        rows.first().map(|row| body(row, "webhook_endpoint")).transpose()
    }

    /// Claims deliveries of a locked endpoint that can be sent, until `until`: as many as there is `room` for, and no more
    /// than `most` with those that are under way.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn claim_webhooks(
        &self,
        endpoint: Endpoint,
        (most, room): (usize, usize),
        (now, until): (i64, i64),
    ) -> Result<Claimed, Fault> {
        let (key, claim) = (Uuid::from(endpoint.id), Uuid::new_v4());
        let text =
            "SELECT id FROM webhook_delivery WHERE endpoint_id = $1 AND state = 'PENDING' AND claimed_until > $2";
        let under_way = self.rows(text, vec![key.into(), now.into()]).await?.len();
        let room = most.saturating_sub(under_way).min(room);
        let mut claimed = Claimed { endpoint, deliveries: Vec::new(), keys: Vec::new(), claim };
        if room == 0 {
            return Ok(claimed);
        }
        let text = format!(
            "SELECT CAST({DELIVERY} AS TEXT) AS body FROM webhook_delivery d WHERE d.endpoint_id = $2 AND {READY} \
             ORDER BY d.place, d.id LIMIT {room}"
        );
        let rows = self.rows(&text, vec![now.into(), key.into()]).await?;
        claimed.deliveries = rows.iter().map(|row| body(row, "webhook_delivery")).collect::<Result<_, _>>()?;
        if claimed.deliveries.is_empty() {
            return Ok(claimed);
        }
        let mut sql = Sql::default();
        let (claim, until) = (sql.bind(claim), sql.bind(until));
        let names = sql.bind_all(claimed.deliveries.iter().map(|delivery: &Delivery| Uuid::from(delivery.id)));
        sql.text =
            format!("UPDATE webhook_delivery SET claim = {claim}, claimed_until = {until} WHERE id IN ({names})");
        self.run(&sql.text, sql.values).await?;
        claimed.keys = self.webhook_keys(key, now).await?;
        Ok(claimed)
    }

    async fn webhook_keys(&self, endpoint: Uuid, now: i64) -> Result<Vec<(Uuid, Sealed)>, Fault> {
        let text = "SELECT id, secret_sealed FROM webhook_key WHERE endpoint_id = $1 AND (ends_at IS NULL OR ends_at > $2) \
                    ORDER BY created_at DESC, id DESC";
        let read = |row: &QueryResult| {
            let sealed: String = row.try_get("", "secret_sealed").map_err(unreadable)?;
            Ok((row.try_get("", "id").map_err(unreadable)?, Sealed::from_stored(sealed)))
        };
        self.rows(text, vec![endpoint.into(), now.into()]).await?.iter().map(read).collect()
    }

    /// Writes down how an attempt ended. False when somebody else has claimed it meanwhile, or when it is gone: then
    /// nothing is changed.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_webhook(
        &self,
        ended: &Ended,
        answer: Answer,
        (now, latency): (i64, Duration),
    ) -> Result<bool, Fault> {
        let state = match (ended.arrived, ended.again) {
            (true, _) => "DELIVERED",
            (false, Some(_)) => "PENDING",
            (false, None) => "FAILED",
        };
        let done = ended.again.is_none().then_some(now);
        let text = "UPDATE webhook_delivery SET state = $1, attempts = attempts + 1, next_at = $2, ended_at = $3, \
                    claim = NULL, claimed_until = NULL WHERE id = $4 AND claim = $5 AND state = 'PENDING'";
        let values = vec![
            state.into(),
            ended.again.unwrap_or(now).into(),
            done.into(),
            Uuid::from(ended.delivery).into(),
            ended.claim.into(),
        ];
        if self.run(text, values).await? == 0 {
            return Ok(false);
        }
        self.add(webhook_attempt::Model {
            id: Uuid::now_v7(),
            delivery_id: ended.delivery.into(),
            at: now,
            outcome: answer.outcome.code().into(),
            status: answer.status.map(i32::from),
            latency_ms: i32::try_from(latency.as_millis()).unwrap_or(i32::MAX),
        })
        .await?;
        Ok(true)
    }

    /// How much the administrators were told of an endpoint's failing.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn webhook_told(&self, id: WebhookEndpointId) -> Result<i32, Fault> {
        let rows = self.rows("SELECT told FROM webhook_endpoint WHERE id = $1", vec![Uuid::from(id).into()]).await?;
        rows.first().map_or(Ok(0), |row| row.try_get("", "told")).map_err(unreadable)
    }

    /// An endpoint took something. After an outage what waited for a later attempt goes at once; see [`Tx::after_outage`].
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn note_webhook_success(&self, endpoint: &Endpoint, now: i64) -> Result<(), Fault> {
        if let Some(since) = endpoint.failing_since {
            self.after_outage(endpoint, since, now).await?;
        }
        let text = "UPDATE webhook_endpoint SET last_success_at = $2, failing_since = NULL, told = 0, spared_until = NULL \
                    WHERE id = $1";
        self.run(text, vec![Uuid::from(endpoint.id).into(), now.into()]).await.map(drop)
    }

    /// An endpoint did not take something; it is spared until `spared`.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn note_webhook_failure(&self, endpoint: &Endpoint, spared: Option<i64>, now: i64) -> Result<(), Fault> {
        let text = "UPDATE webhook_endpoint SET failing_since = coalesce(failing_since, $2), \
                    spared_until = coalesce($3, spared_until) WHERE id = $1";
        self.run(text, vec![Uuid::from(endpoint.id).into(), now.into(), spared.into()]).await.map(drop)
    }

    /// Switches an endpoint off.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn disable_webhook(
        &self,
        id: WebhookEndpointId,
        because: WebhookDisabledBecause,
        now: i64,
    ) -> Result<bool, Fault> {
        let text = "UPDATE webhook_endpoint SET state = 'DISABLED', because = $2, updated_at = $3, off_since = $3, \
                    version = version + 1 \
                    WHERE id = $1 AND state = 'ENABLED'";
        Ok(self.run(text, vec![Uuid::from(id).into(), because.code().into(), now.into()]).await? == 1)
    }

    /// Notes that the administrators were told so much of an endpoint's failing; false when somebody was faster.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn note_webhook_told(&self, id: WebhookEndpointId, stage: i32) -> Result<bool, Fault> {
        let text = "UPDATE webhook_endpoint SET told = $2 WHERE id = $1 AND told < $2 AND failing_since IS NOT NULL \
                    AND state = 'ENABLED'";
        Ok(self.run(text, vec![Uuid::from(id).into(), stage.into()]).await? == 1)
    }
}
