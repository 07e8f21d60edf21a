//! Sending a test, and sending again.

use super::{at_hand, record};
use crate::app::App;
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::id::{WebhookDeliveryId, WebhookEndpointId};
use crate::domain::policy::Power;
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::domain::webhook::endpoint::{Delivery, WebhookDeliveryState, WebhookState};
use crate::domain::webhook::schedule::KEPT;
use crate::store::webhook_log::Replayed;
use crate::usecase::work::{Ask, open as begin};
use uuid::Uuid;

/// The name of a test among events.
pub(super) const TEST: &str = "sendTestWebhook";

/// What is sent again: all that was planned from one instant to before another.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    pub endpoint: WebhookEndpointId,
    /// UTC microseconds.
    pub from: i64,
    /// UTC microseconds.
    pub to: i64,
    /// Only what was given up.
    pub only_failed: bool,
}

/// Sends an event that says nothing, by which an administrator sees that all is well.
///
/// # Errors
/// NOT_FOUND; NOT_NOW for an endpoint that is not enabled.
pub async fn send_test(app: &App, ask: Ask<'_>, id: WebhookEndpointId) -> Outcome<WebhookDeliveryId> {
    let work = begin!(app, ask, Power::ManageWebhooks, Rule::at("endpointId", RuleCode::NotFound));
    let endpoint = at_hand(&work, id).await?;
    if endpoint.state != WebhookState::Enabled {
        return Err(Rule::at("endpointId", RuleCode::NotNow).into());
    }
    let now = work.deed.now;
    let delivery = Delivery {
        id: Uuid::now_v7().into(),
        endpoint_id: id,
        organization_id: endpoint.organization_id,
        subject_kind: Kind::WebhookEndpoint.code().to_owned(),
        subject_id: id.into(),
        kind: TEST.to_owned(),
        version: endpoint.version,
        at: now,
        next_at: now,
        created_at: now,
        ..Delivery::default()
    };
    work.tx.add_webhook_delivery(&delivery).await?;
    record(&work, id, endpoint.version).await?;
    work.commit(delivery.id).await
}

/// Sends one delivery again under its identifier.
///
/// # Errors
/// NOT_FOUND; NOT_NOW while it waits, or while the endpoint is not enabled.
pub async fn replay_one(app: &App, ask: Ask<'_>, id: WebhookDeliveryId) -> Outcome<WebhookDeliveryId> {
    let work = begin!(app, ask, Power::ManageWebhooks, Rule::at("deliveryId", RuleCode::NotFound));
    let unknown = || Rule::at("deliveryId", RuleCode::NotFound);
    work.needs(Power::ManageWebhooks, None, "deliveryId").map_err(|_| unknown())?;
    let found = app.store.webhook_deliveries_by_id(work.deed.organization, &[id]).await?;
    let endpoint = found.first().map(|delivery| delivery.endpoint_id).ok_or_else(unknown)?;
    // The endpoint is locked before what hangs on it, as everywhere.
    let endpoint = at_hand(&work, endpoint).await.map_err(|_| unknown())?;
    let delivery = work.tx.webhook_delivery(work.deed.organization, id).await?.ok_or_else(unknown)?;
    if delivery.state == WebhookDeliveryState::Pending || endpoint.state != WebhookState::Enabled {
        return Err(Rule::at("deliveryId", RuleCode::NotNow).into());
    }
    work.tx.replay_webhooks(endpoint.id, Replayed::One(id), work.deed.now).await?;
    record(&work, endpoint.id, endpoint.version).await?;
    work.commit(id).await
}

/// Sends again what was planned in a range of time, each under its identifier and in the order of changes for each
/// thing. Tells how many.
///
/// # Errors
/// NOT_FOUND; DATE_OUT_OF_RANGE for a range that begins more than thirty days ago or does not end after its beginning;
/// NOT_NOW while the endpoint is not enabled.
pub async fn replay_range(app: &App, ask: Ask<'_>, range: Range) -> Outcome<u64> {
    let work = begin!(app, ask, Power::ManageWebhooks, Rule::at("endpointId", RuleCode::NotFound));
    let endpoint = at_hand(&work, range.endpoint).await?;
    let mut rules = Rules::default();
    rules.check(range.from >= work.deed.now - KEPT, "from", RuleCode::DateOutOfRange);
    rules.check(range.to > range.from, "to", RuleCode::DateOutOfRange);
    rules.check(endpoint.state == WebhookState::Enabled, "endpointId", RuleCode::NotNow);
    rules.settle()?;
    let which = Replayed::Range { from: range.from, to: range.to, only_failed: range.only_failed };
    let replayed = work.tx.replay_webhooks(range.endpoint, which, work.deed.now).await?;
    record(&work, endpoint.id, endpoint.version).await?;
    work.commit(replayed).await
}
