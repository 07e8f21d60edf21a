//! Help given without a referral, as types of the schema.

use crate::domain::global_id::Kind;
use crate::domain::plan;
use crate::domain::referral::{GoalResult, LoopMeaning, ReferralGoal};
use crate::domain::sealed::{Private, Sealed};
use crate::domain::service::{Dimension, Level};
use crate::graphql::context::Here;
use crate::graphql::scalar::{DateTime, LocalDate, id};
use async_graphql::{Context, ID, Object};
use std::sync::Arc;

/// Help given directly.
#[derive(Clone)]
pub struct DirectService(pub Arc<plan::DirectService>);

/// Help that the holder gave without a referral.
#[Object]
impl DirectService {
    /// The public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::DirectService, self.0.id)
    }

    /// The need that it was for.
    async fn need_id(&self) -> ID {
        id(Kind::Need, self.0.need_id)
    }

    /// The holder's service under which it was given, where there is one.
    async fn service_id(&self) -> Option<ID> {
        self.0.service_id.map(|service| id(Kind::Service, service))
    }

    /// The category of what was given.
    async fn category_code(&self) -> &str {
        &self.0.category
    }

    /// The dimension of reintegration.
    async fn dimension(&self) -> Dimension {
        self.0.dimension
    }

    /// The level.
    async fn level(&self) -> Level {
        self.0.level
    }

    /// The day on which it was given.
    async fn delivered_on(&self) -> Option<LocalDate> {
        LocalDate::stored(Some(&self.0.delivered_on))
    }

    /// What it means for the need.
    async fn meaning(&self) -> LoopMeaning {
        self.0.meaning
    }

    /// What was added. Null when it can't be opened.
    async fn note(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().direct_note(&self.0).map(|text| text.map(Private::into_inner)))
    }

    /// What it came to for each goal.
    async fn outcomes(&self) -> Vec<DirectOutcome> {
        self.0.goals.iter().cloned().map(|goal| DirectOutcome(Arc::clone(&self.0), goal)).collect()
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }
}

/// An outcome of help given directly.
#[derive(Clone)]
pub struct DirectOutcome(Arc<plan::DirectService>, ReferralGoal);

/// What help given directly came to for one goal.
#[Object]
impl DirectOutcome {
    /// The goal's public identifier.
    async fn goal_id(&self) -> ID {
        id(Kind::Goal, self.1.id)
    }

    /// What was reached.
    async fn result(&self) -> Option<GoalResult> {
        self.1.result
    }

    /// When it was reached.
    async fn achieved_on(&self) -> Option<LocalDate> {
        LocalDate::stored(self.1.achieved_on.as_deref())
    }

    /// How much, in `unit`.
    async fn quantity(&self) -> Option<f64> {
        self.1.quantity
    }

    /// The unit of the quantity.
    async fn unit(&self, ctx: &Context<'_>) -> Option<String> {
        self.text(ctx, ("unit_sealed", self.1.unit.as_ref()))
    }

    /// What was added. Null when it can't be opened.
    async fn note(&self, ctx: &Context<'_>) -> Option<String> {
        self.text(ctx, ("note_sealed", self.1.note.as_ref()))
    }
}

impl DirectOutcome {
    fn text(&self, ctx: &Context<'_>, sealed: (&'static str, Option<&Sealed>)) -> Option<String> {
        let found = ctx.app().direct_outcome_text(self.0.id, self.1.id, sealed);
        ctx.found(found.map(|text| text.map(Private::into_inner)))
    }
}
