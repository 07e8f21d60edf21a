//! Where an organization is told of changes, and what it is told there.

use super::answer::WebhookOutcome;
use super::signing::SigningKind;
use crate::domain::change::{ChangeSubject, ChangeType, Place, cursor};
use crate::domain::code::codes;
use crate::domain::id::{OrganizationId, WebhookDeliveryId, WebhookEndpointId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most endpoints of one organization.
pub const MOST_ENDPOINTS: i64 = 10;
/// The most keys that sign at once.
pub const MOST_KEYS: usize = 10;
/// The longest time for which an old key goes on signing, in hours.
pub const LONGEST_OVERLAP_HOURS: i32 = 7 * 24;

codes! {
    /// Whether webhooks are sent to an endpoint.
    pub enum WebhookState {
        /// They are.
        Enabled = "ENABLED",
        /// You paused it; what happens meanwhile is sent when you resume it within 30 days.
        Paused = "PAUSED",
        /// It was switched off, because of what `disabledBecause` says; resuming switches it on.
        Disabled = "DISABLED",
    }
}

codes! {
    /// Why an endpoint was switched off.
    pub enum WebhookDisabledBecause {
        /// The receiver said that it is gone for good.
        Gone = "GONE",
        /// Nothing was taken for five days.
        FailedForDays = "FAILED_FOR_DAYS",
    }
}

codes! {
    /// How a delivery stands.
    pub enum WebhookDeliveryState {
        /// It is sent, or sent again, as soon as it is due and what came before it for the same thing has arrived.
        Pending = "PENDING",
        /// It arrived.
        Delivered = "DELIVERED",
        /// It did not arrive in ten attempts or more over three days; it can be replayed.
        Failed = "FAILED",
    }
}

/// An endpoint.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Endpoint {
    pub id: WebhookEndpointId,
    pub organization_id: OrganizationId,
    pub url: String,
    pub description: String,
    /// The kinds of things about which it is told; all when empty.
    pub topics: Vec<ChangeSubject>,
    pub state: WebhookState,
    pub because: Option<WebhookDisabledBecause>,
    pub signing: SigningKind,
    /// Up to which change deliveries were planned.
    pub cursor: i64,
    /// Since when nothing was taken.
    pub failing_since: Option<i64>,
    pub last_success_at: Option<i64>,
    /// Until when nothing is sent, because the receiver asked for it.
    pub spared_until: Option<i64>,
    pub keys: Vec<EndpointKey>,
    /// How many deliveries wait.
    pub waiting: i64,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

impl Endpoint {
    /// How many keys sign at an instant, UTC microseconds.
    #[must_use]
    pub fn keys_at(&self, now: i64) -> usize {
        self.keys.iter().filter(|key| key.ends_at.is_none_or(|end| end > now)).count()
    }
}

/// A key of an endpoint, without what signs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EndpointKey {
    pub id: Uuid,
    /// Public, where it is a pair.
    pub public_key: Option<String>,
    pub created_at: i64,
    /// From when on it signs no more.
    pub ends_at: Option<i64>,
}

/// Something to be told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delivery {
    pub id: WebhookDeliveryId,
    pub endpoint_id: WebhookEndpointId,
    pub organization_id: OrganizationId,
    /// Its place in the order of all changes; none for a test.
    pub sequence: Option<i64>,
    pub subject_kind: String,
    pub subject_id: Uuid,
    /// The event's name.
    pub kind: String,
    pub change: ChangeType,
    /// The thing's version.
    pub version: i32,
    /// When it happened.
    pub at: i64,
    pub state: WebhookDeliveryState,
    pub attempts: i32,
    /// When it is tried next, or was last.
    pub next_at: i64,
    pub created_at: i64,
    pub ended_at: Option<i64>,
    /// How it went each time, the latest first.
    pub log: Vec<Attempt>,
}

impl Delivery {
    /// Where `changes` goes on from after it; nothing for a test.
    #[must_use]
    pub fn cursor(&self) -> Option<String> {
        self.sequence.map(|sequence| cursor(self.organization_id, Place { sequence, subject: self.subject_id }))
    }
}

/// One attempt.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attempt {
    pub at: i64,
    pub outcome: WebhookOutcome,
    pub status: Option<i32>,
    pub latency_ms: i32,
}
