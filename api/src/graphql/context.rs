//! What a resolver finds in its context.

use crate::app::{App, log_fault};
use crate::domain::actor::Actor;
use crate::domain::language::Language;
use crate::domain::policy::Sight;
use crate::domain::rule::{Failure, Fault, Outcome, Refusal};
use crate::graphql::error::{UserError, refused};
use crate::graphql::rate_limit::Charged;
use crate::usecase::Ask;
use crate::usecase::work::note_refusal;
use async_graphql::{Context, InputType};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What the door knows about the request.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// The request's id, echoed or made.
    pub request_id: Arc<str>,
    /// The language of texts, negotiated.
    pub language: Language,
}

/// Until when the token of a request is good, in seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub struct TokenUntil(pub i64);

/// Until when commands of an envelope or rows of a batch are begun, so that there is time left to answer.
#[derive(Debug, Clone, Copy)]
pub struct BeginUntil(pub tokio::time::Instant);

/// The header by which the door is told that an answer is a replay, for `extensions.idempotentReplay`.
pub const REPLAYED: &str = "idempotent-replay";

/// Short ways to what a resolver needs.
pub trait Here {
    /// The server's parts.
    fn app(&self) -> &App;
    /// Who asks.
    fn actor(&self) -> &Actor;
    /// What the asker can see.
    fn sight(&self) -> Sight;
    /// The language of texts.
    fn language(&self) -> Language;
    /// The request's id.
    fn request_id(&self) -> &str;
    /// Tells a failed read in the answer's errors and gives null in its place.
    fn found<T>(&self, read: Result<Option<T>, Fault>) -> Option<T>;
    /// Tells an error of a nullable field in the answer's errors and gives null in its place.
    fn nullable<T>(&self, read: async_graphql::Result<Option<T>>) -> Option<T>;
    /// Masks a fault of ours, logged here once.
    fn broke(&self, fault: &Fault) -> async_graphql::Error;
}

impl Here for Context<'_> {
    fn app(&self) -> &App {
        self.data_unchecked::<Arc<App>>()
    }

    fn actor(&self) -> &Actor {
        self.data_opt::<Actor>().unwrap_or(&Actor::Anonymous)
    }

    fn sight(&self) -> Sight {
        Sight::of(self.actor())
    }

    fn language(&self) -> Language {
        self.data_opt::<RequestInfo>().map_or(Language::En, |info| info.language)
    }

    fn request_id(&self) -> &str {
        self.data_opt::<RequestInfo>().map_or("", |info| &info.request_id)
    }

    fn found<T>(&self, read: Result<Option<T>, Fault>) -> Option<T> {
        self.nullable(read.map_err(|fault| self.broke(&fault)))
    }

    fn nullable<T>(&self, read: async_graphql::Result<Option<T>>) -> Option<T> {
        read.unwrap_or_else(|error| {
            self.add_error(self.set_error_path(error.into_server_error(self.item.pos)));
            None
        })
    }

    fn broke(&self, fault: &Fault) -> async_graphql::Error {
        log_fault(fault, self.request_id());
        crate::graphql::error::broke(fault)
    }
}

/// What the door charged for the request.
#[must_use]
pub fn known_charge(ctx: &Context<'_>) -> Charged {
    ctx.data_opt::<Charged>().cloned().unwrap_or_default()
}

/// The write that a mutation's input asks for; `input` is its canonical JSON.
pub fn ask<'a>(ctx: &'a Context<'_>, mutation: &'static str, key: &'a str, input: &'a str) -> Ask<'a> {
    Ask { actor: ctx.actor(), mutation, request: ctx.request_id(), key, input, replayed: ctx.data_unchecked() }
}

/// An input as canonical JSON, by which replays are known.
pub fn canonical(input: &impl InputType) -> String {
    input.to_value().to_string()
}

/// Splits an outcome into the answer and what goes into `userErrors`; a refusal or fault goes into the answer's
/// errors and leaves null. Refusals of identified parties are audited.
pub async fn settle<T>(ctx: &Context<'_>, ask: Ask<'_>, outcome: Outcome<T>) -> Option<Result<T, Vec<UserError>>> {
    if ask.replayed.load(Ordering::Relaxed) {
        ctx.insert_http_header(REPLAYED, "true");
    }
    match outcome {
        Ok(answer) => Some(Ok(answer)),
        // Who is not known learns nothing about an input.
        Err(Failure::Rules(_)) if matches!(ask.actor, Actor::Anonymous) => {
            ctx.nullable(Err(refused(Refusal::Unauthenticated)))
        }
        Err(Failure::Rules(rules)) => {
            note_refusal(ctx.app(), ask, &rules).await;
            Some(Err(rules.iter().map(|rule| UserError::told(rule, ctx.language())).collect()))
        }
        Err(Failure::Refused(refusal)) => ctx.nullable(Err(refused(refusal))),
        Err(Failure::Fault(fault)) => ctx.found(Err(fault)),
    }
}

/// That somebody is known.
///
/// # Errors
/// UNAUTHENTICATED.
pub fn known(ctx: &Context<'_>) -> async_graphql::Result<()> {
    match ctx.actor() {
        Actor::Anonymous => Err(refused(Refusal::Unauthenticated)),
        Actor::Member { .. } | Actor::Client { .. } => Ok(()),
    }
}
