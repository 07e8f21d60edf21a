//! Mutations on webhooks, and the query of what can be asked for.

use crate::domain::id::{WebhookDeliveryId, WebhookEndpointId};
use crate::domain::rule::Outcome;
use crate::domain::sealed::Private;
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::error::UserError;
use crate::graphql::payload::payload;
use crate::graphql::webhook::{WebhookDelivery, WebhookEndpoint, WebhookTopic};
use crate::graphql::webhook_input::{
    ChangeWebhookEndpointInput, CreateWebhookEndpointInput, DeleteWebhookEndpointInput, PauseWebhookEndpointInput,
    ReplayWebhookDeliveriesInput, ReplayWebhookDeliveryInput, ResumeWebhookEndpointInput, RotateWebhookSecretInput,
    SendTestWebhookInput,
};
use crate::usecase::Ask;
use crate::usecase::webhook::{self, Keyed};
use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;

macro_rules! keyed_payload {
    ($($(#[doc = $doc:literal])* $name:ident),+ $(,)?) => {$(
        $(#[doc = $doc])*
        #[derive(SimpleObject, Default)]
        pub struct $name {
            /// The endpoint; null when nothing was changed.
            pub endpoint: Option<WebhookEndpoint>,
            /// What you verify with: the public key, or the shared secret, which is told now and never again except to the
            /// same request sent once more. Null when nothing was changed.
            pub verification_key: Option<String>,
            /// What the caller can put right; empty when the mutation took effect.
            pub user_errors: Vec<UserError>,
        }

        impl From<Shown> for $name {
            fn from(shown: Shown) -> Self {
                Self { endpoint: shown.0, verification_key: shown.1, user_errors: shown.2 }
            }
        }
    )+};
}

keyed_payload! {
    /// The endpoint that was made, with what its webhooks are verified by.
    CreateWebhookEndpointPayload,
    /// The endpoint whose key was replaced, with what its webhooks are verified by from now on.
    RotateWebhookSecretPayload,
}

payload! {
    /// The endpoint that was changed.
    ChangeWebhookEndpointPayload {
        /// The endpoint, or null when nothing was changed.
        endpoint: WebhookEndpoint
    }
}

payload! {
    /// The endpoint that was paused.
    PauseWebhookEndpointPayload {
        /// The endpoint, or null when nothing was changed.
        endpoint: WebhookEndpoint
    }
}

payload! {
    /// The endpoint that is sent to again.
    ResumeWebhookEndpointPayload {
        /// The endpoint, or null when nothing was changed.
        endpoint: WebhookEndpoint
    }
}

payload! {
    /// The endpoint that was thrown away.
    DeleteWebhookEndpointPayload {
        /// The public identifier that it had, or null when nothing was changed.
        deleted_id: ID
    }
}

payload! {
    /// The test that is sent.
    SendTestWebhookPayload {
        /// The delivery, or null when none was planned.
        delivery: WebhookDelivery
    }
}

payload! {
    /// The delivery that is sent again.
    ReplayWebhookDeliveryPayload {
        /// The delivery, or null when nothing was changed.
        delivery: WebhookDelivery
    }
}

payload! {
    /// What is sent again.
    ReplayWebhookDeliveriesPayload {
        /// How many deliveries, or null when nothing was changed.
        replayed_count: u64
    }
}

/// What a mutation that made a key answers.
struct Shown(Option<WebhookEndpoint>, Option<String>, Vec<UserError>);

async fn shown(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<Keyed>) -> Option<Shown> {
    Some(match settle(ctx, ask, done).await? {
        Ok(made) => {
            let endpoint = ctx.found(webhook::endpoint(ctx.app(), ctx.actor(), made.endpoint).await);
            let secret = ctx.found(webhook::secret(ctx.app(), ctx.actor(), made).await);
            Shown(endpoint.map(|found| WebhookEndpoint(Arc::new(found))), secret.map(Private::into_inner), Vec::new())
        }
        Err(errors) => Shown(None, None, errors),
    })
}

async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<WebhookEndpointId>) -> Option<P>
where
    P: From<Result<Option<WebhookEndpoint>, Vec<UserError>>>,
{
    Some(P::from(match settle(ctx, ask, done).await? {
        Ok(id) => {
            let found = ctx.found(webhook::endpoint(ctx.app(), ctx.actor(), id).await);
            Ok(found.map(|found| WebhookEndpoint(Arc::new(found))))
        }
        Err(errors) => Err(errors),
    }))
}

async fn sent<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<WebhookDeliveryId>) -> Option<P>
where
    P: From<Result<Option<WebhookDelivery>, Vec<UserError>>>,
{
    Some(P::from(match settle(ctx, ask, done).await? {
        Ok(id) => {
            let found = ctx.found(webhook::delivery(ctx.app(), ctx.actor(), id).await);
            Ok(found.map(|found| WebhookDelivery(Arc::new(found))))
        }
        Err(errors) => Err(errors),
    }))
}

/// Mutations on webhooks.
#[derive(Default)]
pub struct WebhookMutation;

#[Object]
impl WebhookMutation {
    /// Says where your organization is told of changes from now on, ten endpoints at the most. The administrators of your
    /// organization are told. Needs MANAGE_WEBHOOKS.
    async fn create_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where and of what to be told.")] input: CreateWebhookEndpointInput,
    ) -> Option<CreateWebhookEndpointPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "createWebhookEndpoint", &input.idempotency_key, &text);
        let done = webhook::create(ctx.app(), ask, input.read()).await;
        shown(ctx, ask, done).await.map(Into::into)
    }

    /// Says anew where an endpoint is and of what it is told. Needs MANAGE_WEBHOOKS.
    async fn change_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint, and what of it.")] input: ChangeWebhookEndpointInput,
    ) -> Option<ChangeWebhookEndpointPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "changeWebhookEndpoint", &input.idempotency_key, &text);
        let done = async { webhook::change(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Makes a new key that signs from now on; the old one signs beside it for a while. Needs MANAGE_WEBHOOKS.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: RotateWebhookSecretInput,
    ) -> Option<RotateWebhookSecretPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "rotateWebhookSecret", &input.idempotency_key, &text);
        let done = async { webhook::rotate(ctx.app(), ask, input.checked()?).await }.await;
        shown(ctx, ask, done).await.map(Into::into)
    }

    /// Sends nothing to an endpoint until it is resumed. Needs MANAGE_WEBHOOKS.
    async fn pause_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: PauseWebhookEndpointInput,
    ) -> Option<PauseWebhookEndpointPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "pauseWebhookEndpoint", &input.idempotency_key, &text);
        let done = async { webhook::pause(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Sends to an endpoint again that was paused or switched off, what was kept back first: nothing of the last 30 days is
    /// lost. Needs MANAGE_WEBHOOKS.
    async fn resume_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: ResumeWebhookEndpointInput,
    ) -> Option<ResumeWebhookEndpointPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "resumeWebhookEndpoint", &input.idempotency_key, &text);
        let done = async { webhook::resume(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Throws an endpoint away with its keys, its log and all that waits there. Needs MANAGE_WEBHOOKS.
    async fn delete_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: DeleteWebhookEndpointInput,
    ) -> Option<DeleteWebhookEndpointPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "deleteWebhookEndpoint", &input.idempotency_key, &text);
        let done = async { webhook::delete(ctx.app(), ask, input.checked()?).await }.await;
        let deleted = settle(ctx, ask, done).await?;
        Some(deleted.map(|_| Some(input.endpoint_id.clone())).into())
    }

    /// Sends an event of the type `webhook.test` that says nothing. Needs MANAGE_WEBHOOKS.
    async fn send_test_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: SendTestWebhookInput,
    ) -> Option<SendTestWebhookPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "sendTestWebhook", &input.idempotency_key, &text);
        let done = async { webhook::send_test(ctx.app(), ask, input.checked()?).await }.await;
        sent(ctx, ask, done).await
    }

    /// Sends again what arrived or was given up, under the identifier that it had. Needs MANAGE_WEBHOOKS.
    async fn replay_webhook_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which delivery.")] input: ReplayWebhookDeliveryInput,
    ) -> Option<ReplayWebhookDeliveryPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "replayWebhookDelivery", &input.idempotency_key, &text);
        let done = async { webhook::replay_one(ctx.app(), ask, input.checked()?).await }.await;
        sent(ctx, ask, done).await
    }

    /// Sends again all that was planned in a range of the last 30 days. Needs MANAGE_WEBHOOKS.
    async fn replay_webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which deliveries.")] input: ReplayWebhookDeliveriesInput,
    ) -> Option<ReplayWebhookDeliveriesPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "replayWebhookDeliveries", &input.idempotency_key, &text);
        let done = async { webhook::replay_range(ctx.app(), ask, input.checked()?).await }.await;
        Some(settle(ctx, ask, done).await?.map(Some).into())
    }
}

/// Queries on webhooks.
#[derive(Default)]
pub struct WebhookQuery;

#[Object]
impl WebhookQuery {
    /// What webhooks can be asked for, each with a body as it is sent.
    async fn webhook_topics(&self, ctx: &Context<'_>) -> Vec<WebhookTopic> {
        WebhookTopic::all(&jiff::Timestamp::from_microsecond(ctx.app().now()).unwrap_or_default().to_string())
    }
}
