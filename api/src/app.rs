//! All that a use case may reach for: the database's door, the clock, the keys.

use crate::domain::actor::Actor;
use crate::domain::clock::Clock;
use crate::domain::rule::Fault;
use crate::store::door::Door;
use crate::store::sealing::Sealer;
use crate::token::{Claims, Keyring};
use std::sync::Arc;

/// What a deployment may set differently.
#[derive(Debug, Clone)]
pub struct Policy {
    /// After how many days without confirmation a service is stale.
    pub service_max_age_days: i32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { service_max_age_days: crate::domain::service::MAX_AGE_DAYS }
    }
}

/// The running server's parts.
pub struct App {
    pub store: Door,
    pub clock: Arc<dyn Clock>,
    pub tokens: Keyring,
    pub sealer: Sealer,
    pub policy: Policy,
}

/// Why a token's bearer is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotIdentified {
    /// The bearer is unknown, no longer active, or the token was issued before access ended.
    Refused,
    /// It can't be looked up now.
    Unavailable,
}

impl App {
    /// Who a verified token speaks for, as the database knows them at this moment.
    ///
    /// # Errors
    /// See [`NotIdentified`].
    pub async fn identify(&self, claims: &Claims) -> Result<Actor, NotIdentified> {
        match self.store.actor(claims.sub, claims.org, claims.epoch, claims.org_epoch).await {
            Ok(Some(actor)) => Ok(actor),
            Ok(None) => Err(NotIdentified::Refused),
            Err(fault) => {
                tracing::error!(error = %fault, "a caller can't be looked up");
                Err(NotIdentified::Unavailable)
            }
        }
    }

    /// Whether the database can be written and has exactly this binary's steps.
    ///
    /// # Errors
    /// Nothing but the fact that it is not ready.
    pub async fn ready(&self) -> Result<(), ()> {
        self.store
            .is_ready()
            .await
            .map_err(|fault| tracing::warn!(error = %fault, "not ready"))
            .and_then(|ready| if ready { Ok(()) } else { Err(()) })
    }

    /// The present, as UTC microseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now().as_microsecond()
    }

    /// Today in UTC, as ISO 8601 text.
    #[must_use]
    pub fn today(&self) -> String {
        crate::domain::clock::date_of(self.clock.now()).to_string()
    }

    /// The first day whose confirmations still count, as ISO 8601 text.
    #[must_use]
    pub fn assured_since(&self) -> String {
        use jiff::ToSpan as _;
        let today = crate::domain::clock::date_of(self.clock.now());
        today.checked_sub(self.policy.service_max_age_days.days()).unwrap_or(jiff::civil::Date::MIN).to_string()
    }
}

/// A fault, logged once, here, with the request it belongs to.
pub fn log_fault(fault: &Fault, request: &str) {
    tracing::error!(error = %fault, request.id = request, "a request failed");
}
