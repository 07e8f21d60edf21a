//! Reading endpoints, what was told there, and what is told.

use super::{Keyed, open_key};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::change::{ChangeSubject, ChangeType};
use crate::domain::global_id::encode;
use crate::domain::id::{OrganizationId, WebhookDeliveryId, WebhookEndpointId};
use crate::domain::page::{Page, Window};
use crate::domain::policy::{Power, may};
use crate::domain::rule::Fault;
use crate::domain::webhook::endpoint::{Delivery, Endpoint};
use crate::domain::webhook::payload::{Body, Data, event_type, is_offered};
use crate::domain::{code::Code, sealed::Private};
pub use crate::store::webhook_log::DeliveryFilter;
use uuid::Uuid;

/// The organization whose webhooks the asker manages: only they see anything of them.
#[must_use]
pub fn managed(actor: &Actor) -> Option<OrganizationId> {
    if may(actor, Power::ManageWebhooks, None) { actor.organization() } else { None }
}

/// The endpoints of the asker's organization, the oldest first.
///
/// # Errors
/// What the engine refuses.
pub async fn endpoints(app: &App, actor: &Actor, window: &Window) -> Result<Page<Endpoint>, Fault> {
    // Whoever manages none asks for those of nobody.
    app.store.webhook_endpoints(managed(actor).unwrap_or_default(), window).await
}

/// One endpoint of the asker's organization.
///
/// # Errors
/// What the engine refuses.
pub async fn endpoint(app: &App, actor: &Actor, id: WebhookEndpointId) -> Result<Option<Endpoint>, Fault> {
    let Some(own) = managed(actor) else { return Ok(None) };
    Ok(app.store.webhook_endpoints_by_id(own, &[id]).await?.remove(&id))
}

/// What was told and what waits, the newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn deliveries(
    app: &App,
    actor: &Actor,
    filter: &DeliveryFilter,
    window: &Window,
) -> Result<Page<Delivery>, Fault> {
    app.store.webhook_deliveries(managed(actor).unwrap_or_default(), filter, window).await
}

/// One delivery.
///
/// # Errors
/// What the engine refuses.
pub async fn delivery(app: &App, actor: &Actor, id: WebhookDeliveryId) -> Result<Option<Delivery>, Fault> {
    let Some(own) = managed(actor) else { return Ok(None) };
    Ok(app.store.webhook_deliveries_by_id(own, &[id]).await?.pop())
}

/// What a receiver verifies with, to be shown to whoever had the key made, while they manage their organization's webhooks;
/// nothing when it has ended.
///
/// # Errors
/// What the engine refuses; a key that can't be opened.
pub async fn secret(app: &App, actor: &Actor, made: Keyed) -> Result<Option<Private<String>>, Fault> {
    if endpoint(app, actor, made.endpoint).await?.is_none() {
        return Ok(None);
    }
    let Some(sealed) = app.store.webhook_secret(made.key).await? else { return Ok(None) };
    Ok(Some(Private::new(open_key(app, made.key, &sealed)?.verifier())))
}

/// What can be asked for, the types of its events, and a body as it is sent, made up.
#[must_use]
pub fn samples(now: &str) -> Vec<(ChangeSubject, Vec<String>, String)> {
    let sample = |subject: &ChangeSubject| {
        let kind = subject.kind();
        let id = encode(kind, Uuid::from_u128(0x0123_4567_89ab_4def_8123_4567_89ab_cdef));
        let types: Vec<String> = ChangeType::ALL.iter().map(|change| event_type(kind.code(), *change)).collect();
        let data = Data { id: &id, kind: "sample", change: ChangeType::Upsert, version: 1, cursor: None };
        let body = Body { event: &types[0], timestamp: now, data }.written();
        (*subject, types, body)
    };
    ChangeSubject::ALL.iter().filter(|subject| is_offered(**subject)).map(sample).collect()
}
