//! What the door needs of the app behind it.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::app::{App, NotIdentified};
use crate::domain::actor::Actor;
use crate::token::{Claims, Keyring};

/// The app as the door sees it; a test may put something smaller there.
pub trait Behind: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// The keys tokens are believed by.
    fn tokens(&self) -> &Keyring;

    /// Who a believed token speaks for, after its epochs are compared with the stored ones.
    ///
    /// # Errors
    /// [`NotIdentified`]: revoked, or the storage cannot say now.
    fn identify<'a>(&'a self, claims: &'a Claims) -> BoxFuture<'a, Result<Actor, NotIdentified>>;

    /// Whether requests can be served now.
    fn is_ready(&self) -> BoxFuture<'_, bool>;
}

impl Behind for App {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn tokens(&self) -> &Keyring {
        &self.tokens
    }

    fn identify<'a>(&'a self, claims: &'a Claims) -> BoxFuture<'a, Result<Actor, NotIdentified>> {
        Self::identify(self, claims).boxed()
    }

    fn is_ready(&self) -> BoxFuture<'_, bool> {
        self.ready().map(|ready| ready.is_ok()).boxed()
    }
}
