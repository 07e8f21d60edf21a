//! Inputs of the mutations on webhooks.

use crate::domain::change::ChangeSubject;
use crate::domain::global_id::Kind;
use crate::domain::id::{WebhookDeliveryId, WebhookEndpointId};
use crate::domain::rule::Failure;
use crate::domain::webhook::signing::SigningKind;
use crate::graphql::input::Reader;
use crate::graphql::scalar::DateTime;
use crate::usecase::webhook::{Change, Create, Range, Rotate, Which};
use async_graphql::{ID, InputObject};

/// For how long an old key goes on signing when nothing is said, in hours.
const USUAL_OVERLAP_HOURS: i32 = 24;

/// Where and of what to be told.
#[derive(InputObject)]
pub struct CreateWebhookEndpointInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The address: https, a public name, port 443 or one above 1023, no user, 2,000 characters at the most.
    pub url: String,
    /// What you write about it, at most 200 characters.
    pub description: Option<String>,
    /// The kinds of things about which to be told, as `webhookTopics` lists them; all when absent or empty.
    pub topics: Option<Vec<ChangeSubject>>,
    /// How webhooks are signed.
    #[graphql(default_with = "SigningKind::KeyPair")]
    pub signing: SigningKind,
}

impl CreateWebhookEndpointInput {
    /// The input in the domain's terms.
    #[must_use]
    pub fn read(&self) -> Create {
        Create {
            url: self.url.clone(),
            description: self.description.as_deref().map(str::trim).unwrap_or_default().to_owned(),
            topics: self.topics.clone().unwrap_or_default(),
            signing: self.signing,
        }
    }
}

/// What is said anew of an endpoint; what is absent stays.
#[derive(InputObject)]
pub struct ChangeWebhookEndpointInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The endpoint.
    pub endpoint_id: ID,
    /// The endpoint's version that you read.
    pub expected_version: i32,
    /// The address, as when it was made.
    pub url: Option<String>,
    /// What you write about it, at most 200 characters.
    pub description: Option<String>,
    /// The kinds of things about which to be told; all when empty.
    pub topics: Option<Vec<ChangeSubject>>,
}

impl ChangeWebhookEndpointInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// An identifier of another kind.
    pub fn checked(&self) -> Result<Change, Failure> {
        Ok(Change {
            which: which(&self.endpoint_id, self.expected_version)?,
            url: self.url.clone(),
            description: self.description.as_deref().map(|text| text.trim().to_owned()),
            topics: self.topics.clone(),
        })
    }
}

/// Which endpoint's key is replaced.
#[derive(InputObject)]
pub struct RotateWebhookSecretInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The endpoint.
    pub endpoint_id: ID,
    /// The endpoint's version that you read.
    pub expected_version: i32,
    /// For how many hours the old key signs beside the new one, 0 to 168; 24 when nothing is said. With 0 it ends at once.
    pub overlap_hours: Option<i32>,
}

impl RotateWebhookSecretInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// An identifier of another kind.
    pub fn checked(&self) -> Result<Rotate, Failure> {
        let which = which(&self.endpoint_id, self.expected_version)?;
        Ok(Rotate { which, overlap_hours: self.overlap_hours.unwrap_or(USUAL_OVERLAP_HOURS) })
    }
}

macro_rules! naming_an_endpoint {
    ($($(#[doc = $doc:literal])* $name:ident),+ $(,)?) => {$(
        $(#[doc = $doc])*
        #[derive(InputObject)]
        pub struct $name {
            /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
            pub idempotency_key: String,
            /// The endpoint.
            pub endpoint_id: ID,
            /// The endpoint's version that you read.
            pub expected_version: i32,
        }

        impl $name {
            /// The input in the domain's terms.
            ///
            /// # Errors
            /// An identifier of another kind.
            pub fn checked(&self) -> Result<Which, Failure> {
                which(&self.endpoint_id, self.expected_version)
            }
        }
    )+};
}

naming_an_endpoint! {
    /// Which endpoint is paused.
    PauseWebhookEndpointInput,
    /// Which endpoint is sent to again.
    ResumeWebhookEndpointInput,
    /// Which endpoint is thrown away.
    DeleteWebhookEndpointInput,
}

/// Which endpoint is tried.
#[derive(InputObject)]
pub struct SendTestWebhookInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The endpoint.
    pub endpoint_id: ID,
}

impl SendTestWebhookInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// An identifier of another kind.
    pub fn checked(&self) -> Result<WebhookEndpointId, Failure> {
        let mut reader = Reader::default();
        let endpoint = reader.key("endpointId", Kind::WebhookEndpoint, &self.endpoint_id);
        reader.settle(endpoint)
    }
}

/// Which delivery is sent again.
#[derive(InputObject)]
pub struct ReplayWebhookDeliveryInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The delivery.
    pub delivery_id: ID,
}

impl ReplayWebhookDeliveryInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// An identifier of another kind.
    pub fn checked(&self) -> Result<WebhookDeliveryId, Failure> {
        let mut reader = Reader::default();
        let delivery = reader.key("deliveryId", Kind::WebhookDelivery, &self.delivery_id);
        reader.settle(delivery)
    }
}

/// Which deliveries are sent again.
#[derive(InputObject)]
pub struct ReplayWebhookDeliveriesInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The endpoint.
    pub endpoint_id: ID,
    /// Those planned at this instant or later, at most 30 days ago.
    pub from: DateTime,
    /// Those planned before this instant.
    pub to: DateTime,
    /// Only those that were given up.
    #[graphql(default = false)]
    pub only_failed: bool,
}

impl ReplayWebhookDeliveriesInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// An identifier of another kind.
    pub fn checked(&self) -> Result<Range, Failure> {
        let mut reader = Reader::default();
        let endpoint = reader.key("endpointId", Kind::WebhookEndpoint, &self.endpoint_id);
        reader.settle(Range { endpoint, from: self.from.0, to: self.to.0, only_failed: self.only_failed })
    }
}

fn which(id: &ID, expected_version: i32) -> Result<Which, Failure> {
    let mut reader = Reader::default();
    let endpoint = reader.key("endpointId", Kind::WebhookEndpoint, id);
    reader.settle(Which { endpoint, expected_version })
}
