//! Operations that are followed: they pass the same guard and price as any other, and are executed anew for each change.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, Variables};
use futures_util::{FutureExt as _, StreamExt as _};

use crate::domain::actor::Actor;
use crate::domain::budget::{Payer, Payment};
use crate::domain::change::{Change, Followed, Place, cursor};
use crate::domain::disclosed::Disclosed;
use crate::graphql::subscription::{Delivery, Opening};
use crate::graphql::{Charged, Loaders, RequestInfo};
use crate::http::answer::Answer;
use crate::http::asked::Asked;
use crate::http::behind::Behind;
use crate::http::door::Inner;
use crate::http::errors;
use crate::http::guard::{Guarded, root_fields, variables_are_given};
use crate::http::negotiate::Media;
use crate::http::places::Class;
use crate::http::refusal::Refusal;
use crate::http::till::Till;
use crate::token::Claims;

/// Who follows.
pub struct Caller {
    /// Their token; none for the public.
    pub claims: Option<Claims>,
    /// Whose budgets are charged.
    payer: Payer,
    pub info: RequestInfo,
    actor: RwLock<Arc<Actor>>,
}

impl Caller {
    /// Somebody who was let in.
    pub fn new((claims, payer): (Option<Claims>, Payer), actor: Arc<Actor>, info: RequestInfo) -> Self {
        Self { claims, payer, info, actor: RwLock::new(actor) }
    }

    /// Who they are, as it was last asked.
    pub fn actor(&self) -> Arc<Actor> {
        Arc::clone(&self.actor.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Who they turned out to be now.
    pub fn is_now(&self, actor: Arc<Actor>) {
        *self.actor.write().unwrap_or_else(PoisonError::into_inner) = actor;
    }

    /// Pays for one delivered change; false when there is nothing left to pay with.
    pub async fn pays(&self, app: &dyn Behind, points: i64) -> bool {
        app.pay(self.payer, points).await.wait.is_none()
    }

    /// Has back what was paid for a change that is not delivered.
    pub fn has_back(&self, app: &dyn Behind, points: i64) {
        app.pay_back(self.payer, points);
    }

    /// A cursor of their organization.
    pub fn cursor(&self, place: Place) -> String {
        cursor(self.actor().organization().unwrap_or_default(), place)
    }
}

/// How far a subscription was sent; shared with its connection, which tells it when it closes.
#[derive(Clone, Default)]
pub struct Reached(Arc<Mutex<Option<Place>>>);

impl Reached {
    /// The place behind the last change that was sent.
    pub fn get(&self) -> Option<Place> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It was sent up to here.
    pub fn set(&self, place: Place) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
    }
}

/// A subscription that was opened.
pub struct Subscribed {
    query: String,
    operation_name: Option<String>,
    variables: Variables,
    guarded: Arc<Guarded>,
    pub followed: Followed,
    pub cost: u64,
}

/// A query or mutation that was let in.
pub struct Once {
    pub request: Request,
    pub cost: u64,
    pub class: Class,
    pub payment: Payment,
}

/// What is asked for, after the guard and the till.
pub enum Prepared {
    /// A query or mutation: it runs once, as over HTTP.
    Once(Box<Once>),
    /// A subscription: it is opened, and executed for each change.
    Follow(Box<Subscribed>),
}

impl Inner {
    /// The guard's word on what is asked, and its price, which is paid.
    pub(super) async fn prepare(&self, asked: Asked, caller: &Caller) -> Result<Prepared, Refusal> {
        let mut payment = Payment::default();
        let till = Till::open(self.app.as_ref(), caller.payer, &mut payment).await?;
        let from = (asked.query, asked.named);
        let query = self.shelf.text(self.app.as_ref(), &self.guard, caller.claims.as_ref(), from).await?;
        let guarded = self.guard.look(&query)?;
        let operation = guarded.operation(asked.operation_name.as_deref())?;
        variables_are_given(operation, &asked.variables)?;
        let cost = self.guard.price(&guarded, operation, &asked.variables)?;
        till.charge(cost, &mut payment).await?;
        let Asked { operation_name, variables, .. } = asked;
        if operation.ty == OperationType::Subscription {
            let guarded = Arc::clone(&guarded);
            let followed = Followed::default();
            let subscribed = Subscribed { query, operation_name, variables, guarded, followed, cost };
            return Ok(Prepared::Follow(Box::new(subscribed)));
        }
        let mut roots = Vec::new();
        root_fields(&guarded.document, &operation.selection_set.node, &mut roots);
        let class = Class::of(operation.ty, cost, &roots);
        let mut request = Request::new(query).variables(variables);
        request.operation_name = operation_name;
        request.set_parsed_query(guarded.document.clone());
        let charged = Charged { cost, most: self.settings.limits.cost, payment: payment.clone() };
        let request = request.data(charged);
        Ok(Prepared::Once(Box::new(Once { request, cost, class, payment })))
    }

    /// Executes a subscription's document once, to learn what it follows.
    ///
    /// # Errors
    /// The answer with the errors that it has.
    pub(super) async fn open(&self, subscribed: &Subscribed, caller: &Caller) -> Result<Followed, Box<Answer>> {
        let opening = Arc::<Opening>::default();
        let request = self.request(subscribed, caller).data(Arc::clone(&opening));
        let executed = AssertUnwindSafe(self.stream(request)).catch_unwind().await;
        let info = &caller.info;
        let refused = |refusal| Box::new(Answer::refused(refusal, Media::Response, info));
        match (executed, opening.followed()) {
            (Err(_), _) => Err(refused(errors::fault())),
            (Ok(Some(response)), _) if !response.errors.is_empty() => {
                Err(Box::new(Answer::executed(response, &self.guard, Media::Response, info)))
            }
            (Ok(_), Some(followed)) => Ok(followed),
            (Ok(_), None) => Err(refused(errors::fault())),
        }
    }

    /// The message for one change; nothing where the subscription leaves it out.
    pub(super) async fn deliver(
        &self,
        subscribed: &Subscribed,
        caller: &Caller,
        change: &Arc<Change>,
    ) -> Option<Answer> {
        let _permit = self.live.delivering.acquire().await.ok()?;
        let info = &caller.info;
        let actor = caller.actor();
        let disclosed = Arc::<Disclosed>::default();
        let request = self
            .request(subscribed, caller)
            .data(Delivery(Arc::clone(change)))
            .data(Arc::clone(&self.live.shared))
            .data(Arc::clone(&disclosed));
        let executed = AssertUnwindSafe(self.stream(request)).catch_unwind().await;
        let Ok(response) = executed else {
            tracing::error!(request_id = %info.request_id, "a resolver panicked");
            return Some(Answer::refused(errors::fault(), Media::Response, info));
        };
        let response = response?;
        // What was read of a person is on record before it is sent; without the record nothing is.
        let kept = self.app.keep_account(&actor, &info.request_id, &disclosed).await;
        let answer = match kept {
            Ok(()) => Answer::executed(response, &self.guard, Media::Response, info),
            Err(()) => Answer::refused(errors::fault(), Media::Response, info),
        };
        Some(answer.telling("cursor", caller.cursor(change.place)))
    }

    fn request(&self, subscribed: &Subscribed, caller: &Caller) -> Request {
        let mut request = Request::new(subscribed.query.clone()).variables(subscribed.variables.clone());
        request.operation_name = subscribed.operation_name.clone();
        request.set_parsed_query(subscribed.guarded.document.clone());
        let actor = Actor::clone(&caller.actor());
        request.data(caller.info.clone()).data(actor).data(Loaders::default()).data(AtomicBool::new(false))
    }

    /// The first response of a subscription's stream: there is one for each change, or none.
    async fn stream(&self, request: Request) -> Option<Response> {
        (self.streamer)(request).next().await
    }
}
