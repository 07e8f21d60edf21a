//! Webhooks as types of the schema.

use crate::domain::change::{ChangeSubject, ChangeType};
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::id::{OrganizationId, WebhookEndpointId};
use crate::domain::page::Page;
use crate::domain::webhook::answer::WebhookOutcome;
use crate::domain::webhook::endpoint::{self as domain, WebhookDeliveryState, WebhookDisabledBecause, WebhookState};
use crate::domain::webhook::signing::SigningKind;
use crate::graphql::context::Here;
use crate::graphql::input::distinct;
use crate::graphql::paging::{Slice, connection};
use crate::graphql::scalar::{Cursor, DateTime, Uri, id, key};
use crate::usecase::webhook::{self, DeliveryFilter};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use std::sync::Arc;

/// Where an organization is told of changes.
#[derive(Clone)]
pub struct WebhookEndpoint(pub Arc<domain::Endpoint>);

connection!(WebhookEndpointConnection, WebhookEndpointEdge, WebhookEndpoint, "endpoints of webhooks");

/// One thing that is told, or waits to be told, to an endpoint.
#[derive(Clone)]
pub struct WebhookDelivery(pub Arc<domain::Delivery>);

connection!(WebhookDeliveryConnection, WebhookDeliveryEdge, WebhookDelivery, "deliveries of webhooks");

/// A key with which webhooks are signed.
#[derive(SimpleObject)]
pub struct WebhookKey {
    /// The public key, `whpk_` and its bytes in base64; null for a shared secret, which is told only when it is made.
    public_key: Option<String>,
    /// Since when it signs.
    created_at: DateTime,
    /// From when on it signs no more; null for the newest.
    ends_at: Option<DateTime>,
}

/// Where your organization is told of changes, by webhooks after Standard Webhooks 1.0. Only those who manage webhooks see it.
#[Object]
impl WebhookEndpoint {
    /// The endpoint's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::WebhookEndpoint, self.0.id)
    }

    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The address that is told.
    async fn url(&self) -> Uri {
        Uri(self.0.url.clone())
    }

    /// What you wrote about it.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// The kinds of things about which it is told; all when empty.
    async fn topics(&self) -> &[ChangeSubject] {
        &self.0.topics
    }

    /// Whether webhooks are sent to it.
    async fn state(&self) -> WebhookState {
        self.0.state
    }

    /// Why it was switched off; null while it is not.
    async fn disabled_because(&self) -> Option<WebhookDisabledBecause> {
        self.0.because
    }

    /// How webhooks are signed.
    async fn signing(&self) -> SigningKind {
        self.0.signing
    }

    /// The keys that sign, the newest first: several while one is being replaced.
    async fn keys(&self, ctx: &Context<'_>) -> Vec<WebhookKey> {
        let now = ctx.app().now();
        let holds = |key: &&domain::EndpointKey| key.ends_at.is_none_or(|end| end > now);
        let told = |key: &domain::EndpointKey| WebhookKey {
            public_key: key.public_key.clone(),
            created_at: DateTime(key.created_at),
            ends_at: key.ends_at.map(DateTime),
        };
        self.0.keys.iter().filter(holds).map(told).collect()
    }

    /// Since when nothing was taken; null while the last attempt arrived. After 24 hours, 2 for urgent referrals, your
    /// organization counts as out of reach; after five days the endpoint is switched off.
    async fn failing_since(&self) -> Option<DateTime> {
        self.0.failing_since.map(DateTime)
    }

    /// When something last arrived.
    async fn last_success_at(&self) -> Option<DateTime> {
        self.0.last_success_at.map(DateTime)
    }

    /// Until when nothing is sent, because the receiver asked to be spared.
    async fn spared_until(&self) -> Option<DateTime> {
        self.0.spared_until.map(DateTime)
    }

    /// How many deliveries wait to be sent.
    async fn waiting(&self) -> i32 {
        i32::try_from(self.0.waiting).unwrap_or(i32::MAX)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// What was told and what waits, the newest first; kept for 30 days.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which deliveries.")] filter: Option<WebhookDeliveryFilter>,
    ) -> async_graphql::Result<WebhookDeliveryConnection> {
        let window = Slice { first, after, last, before }.window(ctx)?;
        let filter = filter.unwrap_or_default().of(self.0.id);
        let page = webhook::deliveries(ctx.app(), ctx.actor(), &filter, &window).await;
        Ok(WebhookDeliveryConnection::of(page.map_err(|fault| ctx.broke(&fault))?, |found| {
            WebhookDelivery(Arc::new(found))
        }))
    }
}

/// Which deliveries are asked for; what is absent does not limit.
#[derive(InputObject, Default)]
pub struct WebhookDeliveryFilter {
    /// Any of these.
    state: Option<Vec<WebhookDeliveryState>>,
    /// Planned at this instant or later.
    from: Option<DateTime>,
    /// Planned before this instant.
    to: Option<DateTime>,
}

impl WebhookDeliveryFilter {
    fn of(self, endpoint: WebhookEndpointId) -> DeliveryFilter {
        DeliveryFilter {
            endpoint: Some(endpoint),
            state: distinct(self.state),
            from: self.from.map(|instant| instant.0),
            to: self.to.map(|instant| instant.0),
        }
    }
}

/// One attempt to deliver. What the receiver answered beyond its status is not kept.
#[derive(SimpleObject)]
pub struct WebhookAttempt {
    /// When it ended.
    at: DateTime,
    /// How it went.
    outcome: WebhookOutcome,
    /// The HTTP status; null where there was no answer.
    status: Option<i32>,
    /// How long it took, in milliseconds.
    latency_ms: i32,
}

/// One thing that is told, or waits to be told, to an endpoint. Whatever happens to one thing arrives in its order: what
/// came later waits for what came before.
#[Object]
impl WebhookDelivery {
    /// The delivery's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::WebhookDelivery, self.0.id)
    }

    /// What is sent as `webhook-id`: the same over all attempts and replays, so that a receiver knows what it has had.
    async fn webhook_id(&self) -> String {
        uuid::Uuid::from(self.0.id).to_string()
    }

    /// The endpoint's public identifier.
    async fn endpoint_id(&self) -> ID {
        id(Kind::WebhookEndpoint, self.0.endpoint_id)
    }

    /// The public identifier of what changed.
    async fn subject_id(&self) -> ID {
        id(Kind::from_code(&self.0.subject_kind).unwrap_or_default(), self.0.subject_id)
    }

    /// The name of the event.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// What became of the thing when it was planned; what is told is what your organization can read when it is sent.
    async fn change(&self) -> ChangeType {
        self.0.change
    }

    /// How it stands.
    async fn state(&self) -> WebhookDeliveryState {
        self.0.state
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// When it was planned.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it is tried next; null when it waits no more.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        (self.0.state == WebhookDeliveryState::Pending).then_some(DateTime(self.0.next_at))
    }

    /// When it arrived or was given up.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// How it went each time, the latest first.
    async fn attempts(&self) -> Vec<WebhookAttempt> {
        let told = |attempt: &domain::Attempt| WebhookAttempt {
            at: DateTime(attempt.at),
            outcome: attempt.outcome,
            status: attempt.status,
            latency_ms: attempt.latency_ms,
        };
        self.0.log.iter().map(told).collect()
    }
}

/// A page of an organization's endpoints, empty where the asker does not manage them.
///
/// # Errors
/// Those of a page.
pub async fn webhook_endpoints(
    ctx: &Context<'_>,
    organization: OrganizationId,
    slice: Slice,
) -> async_graphql::Result<WebhookEndpointConnection> {
    let window = slice.window(ctx)?;
    let page = if webhook::managed(ctx.actor()) == Some(organization) {
        webhook::endpoints(ctx.app(), ctx.actor(), &window).await.map_err(|fault| ctx.broke(&fault))?
    } else {
        Page { items: Vec::new(), has_next: false, has_previous: false, total: window.count.then_some(0) }
    };
    Ok(WebhookEndpointConnection::of(page, |found| WebhookEndpoint(Arc::new(found))))
}

/// One of an organization's endpoints; nothing where the asker does not manage them.
pub async fn webhook_endpoint(ctx: &Context<'_>, organization: OrganizationId, id: &ID) -> Option<WebhookEndpoint> {
    let key = key(Kind::WebhookEndpoint, id)?;
    let found = ctx.found(webhook::endpoint(ctx.app(), ctx.actor(), key.into()).await);
    found.filter(|found| found.organization_id == organization).map(|found| WebhookEndpoint(Arc::new(found)))
}

/// Something that can be asked for, and how it looks.
#[derive(SimpleObject)]
pub struct WebhookTopic {
    /// A kind of thing.
    topic: ChangeSubject,
    /// The types of its events.
    event_types: Vec<String>,
    /// A body as it is sent, made up.
    sample: String,
}

impl WebhookTopic {
    /// All topics.
    #[must_use]
    pub fn all(now: &str) -> Vec<Self> {
        let told = |(topic, event_types, sample)| Self { topic, event_types, sample };
        webhook::samples(now).into_iter().map(told).collect()
    }
}
