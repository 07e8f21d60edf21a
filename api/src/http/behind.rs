//! What the door needs of the app behind it.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use uuid::Uuid;

use crate::app::{App, NotIdentified, log_fault};
use crate::domain::actor::Actor;
use crate::domain::budget::{Payer, Payment};
use crate::domain::change::{Batch, Followed, NoChanges, Place};
use crate::domain::disclosed::Disclosed;
use crate::domain::documents::Manifest;
use crate::domain::map::{MapAsked, NoMap};
use crate::domain::rule::Fault;
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

    /// Writes down what an operation has read of persons, before its answer is sent.
    ///
    /// # Errors
    /// Nothing but the fact that it is not written: then the answer may not be sent.
    fn keep_account<'a>(
        &'a self,
        actor: &'a Actor,
        request: &'a str,
        disclosed: &'a Disclosed,
    ) -> BoxFuture<'a, Result<(), ()>>;

    /// A map as GeoJSON text.
    ///
    /// # Errors
    /// [`NoMap`]: who asks may not see it, or there is none.
    fn map<'a>(
        &'a self,
        actor: &'a Actor,
        asked: &'a MapAsked,
        request: &'a str,
    ) -> BoxFuture<'a, Result<String, NoMap>>;

    /// The end of the order of changes at this moment.
    ///
    /// # Errors
    /// Nothing but the fact that it can't be read now.
    fn latest_change(&self) -> BoxFuture<'_, Result<Place, ()>> {
        async { Err(()) }.boxed()
    }

    /// The changes behind a place that somebody is told of, a few at a time.
    ///
    /// # Errors
    /// [`NoChanges`].
    fn next_changes<'a>(
        &'a self,
        _actor: &'a Actor,
        _followed: &'a Followed,
        _after: Place,
        _most: usize,
    ) -> BoxFuture<'a, Result<Batch, NoChanges>> {
        async { Err(NoChanges::Fault(Fault::Unavailable("nothing is followed here".into()))) }.boxed()
    }

    /// Waits until somebody may be told of something behind a place.
    fn until_changed<'a>(&'a self, _actor: &'a Actor, _after: Place) -> BoxFuture<'a, ()> {
        std::future::pending().boxed()
    }

    /// Charges a request of so many points of cost; where nothing is counted, nothing is told.
    fn pay(&self, _: Payer, _: i64) -> BoxFuture<'_, Payment> {
        async { Payment::default() }.boxed()
    }

    /// Gives back what was charged for a request that was not let in.
    fn pay_back(&self, _: Payer, _: i64) {}

    /// How many proxies of the operator's own stand in front.
    fn proxies(&self) -> usize {
        0
    }

    /// The text of a document that an organization's clients left here, by its hash.
    ///
    /// # Errors
    /// Nothing but the fact that it can't be looked up now.
    fn document<'a>(&'a self, _: Uuid, _: &'a str) -> BoxFuture<'a, Result<Option<String>, ()>> {
        async { Ok(None) }.boxed()
    }

    /// Keeps a document for an organization's clients.
    ///
    /// # Errors
    /// Nothing but the fact that it can't be kept now.
    fn keep_document<'a>(&'a self, _: Uuid, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<(), ()>> {
        async { Ok(()) }.boxed()
    }

    /// What an application is bound to, and the document of that hash in it.
    ///
    /// # Errors
    /// Nothing but the fact that it can't be looked up now.
    fn manifest<'a>(&'a self, _: Uuid, _: Option<&'a str>) -> BoxFuture<'a, Result<Manifest, ()>> {
        async { Ok(Manifest::default()) }.boxed()
    }

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

    fn keep_account<'a>(
        &'a self,
        actor: &'a Actor,
        request: &'a str,
        disclosed: &'a Disclosed,
    ) -> BoxFuture<'a, Result<(), ()>> {
        let kept = Self::keep_account(self, actor, request, disclosed);
        kept.map(|kept| kept.map_err(|fault| log_fault(&fault, request))).boxed()
    }

    fn map<'a>(
        &'a self,
        actor: &'a Actor,
        asked: &'a MapAsked,
        request: &'a str,
    ) -> BoxFuture<'a, Result<String, NoMap>> {
        Self::map(self, actor, asked, request).boxed()
    }

    fn latest_change(&self) -> BoxFuture<'_, Result<Place, ()>> {
        Self::latest_change(self).map(|read| read.map_err(|fault| log_fault(&fault, ""))).boxed()
    }

    fn next_changes<'a>(
        &'a self,
        actor: &'a Actor,
        followed: &'a Followed,
        after: Place,
        most: usize,
    ) -> BoxFuture<'a, Result<Batch, NoChanges>> {
        Self::next_changes(self, actor, followed, after, most).boxed()
    }

    fn until_changed<'a>(&'a self, actor: &'a Actor, after: Place) -> BoxFuture<'a, ()> {
        Self::until_changed(self, actor, after).boxed()
    }

    fn pay(&self, payer: Payer, points: i64) -> BoxFuture<'_, Payment> {
        Self::pay(self, payer, points).boxed()
    }

    fn pay_back(&self, payer: Payer, points: i64) {
        Self::pay_back(self, payer, points);
    }

    fn proxies(&self) -> usize {
        self.policy.rates.proxies
    }

    fn document<'a>(&'a self, organization: Uuid, hash: &'a str) -> BoxFuture<'a, Result<Option<String>, ()>> {
        self.store.document(organization, hash).map(|found| found.map_err(|fault| log_fault(&fault, ""))).boxed()
    }

    fn keep_document<'a>(&'a self, organization: Uuid, hash: &'a str, text: &'a str) -> BoxFuture<'a, Result<(), ()>> {
        Self::keep_document(self, organization, (hash, text))
            .map(|kept| kept.map_err(|fault| log_fault(&fault, "")))
            .boxed()
    }

    fn manifest<'a>(&'a self, client: Uuid, hash: Option<&'a str>) -> BoxFuture<'a, Result<Manifest, ()>> {
        self.store.manifest(client, hash).map(|found| found.map_err(|fault| log_fault(&fault, ""))).boxed()
    }

    fn is_ready(&self) -> BoxFuture<'_, bool> {
        self.ready().map(|ready| ready.is_ok()).boxed()
    }
}
