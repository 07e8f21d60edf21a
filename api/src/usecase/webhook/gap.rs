//! An endpoint that was off for longer than changes are kept: its organization is told to begin anew.

use super::administrators;
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::rule::Fault;
use crate::domain::webhook::endpoint::{Delivery, Endpoint};
use crate::domain::webhook::schedule::KEPT;
use crate::usecase::work::Work;
use uuid::Uuid;

/// The name of what is told then among events.
pub(super) const BEGIN_ANEW: &str = "beginAnew";

/// Tells the endpoint, and the administrators, that some of what happened while it was off can't be told any more. `changes`
/// says CURSOR_EXPIRED in such a case. Call before it is switched on.
///
/// # Errors
/// What the engine refuses.
pub(super) async fn tell_of_gap(work: &Work<'_>, endpoint: &Endpoint) -> Result<(), Fault> {
    let now = work.deed.now;
    let Some(last) = work.tx.skip_forgotten(endpoint, now - KEPT).await? else { return Ok(()) };
    let delivery = Delivery {
        id: Uuid::now_v7().into(),
        endpoint_id: endpoint.id,
        organization_id: endpoint.organization_id,
        // Its cursor is the first from which `changes` can go on.
        sequence: Some(last),
        subject_kind: Kind::WebhookEndpoint.code().to_owned(),
        subject_id: endpoint.id.into(),
        kind: BEGIN_ANEW.to_owned(),
        version: endpoint.version + 1,
        at: now,
        next_at: now,
        created_at: now,
        ..Delivery::default()
    };
    work.tx.add_webhook_delivery(&delivery).await?;
    let notice = administrators(endpoint.organization_id).of_kind("WEBHOOK_BEGINS_ANEW");
    work.tx.tell(&notice, "resumeWebhookEndpoint", (Kind::WebhookEndpoint, endpoint.id.into()), now);
    Ok(())
}
