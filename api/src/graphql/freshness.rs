//! How far an entry can be relied upon, in the schema.

use crate::domain::code::Code as _;
use crate::domain::freshness::FreshnessReason;
use crate::domain::id::ServiceId;
use crate::graphql::context::Here;
use crate::graphql::error::label;
use crate::graphql::loader::Loaders;
use crate::graphql::scalar::LocalDate;
use crate::usecase::service::Standing;
use async_graphql::{Context, SimpleObject};

/// How far an entry can be relied upon.
#[derive(Debug, Clone, SimpleObject)]
pub struct Freshness {
    /// 0 to 100; 100 is an entry that was confirmed today and of which nothing speaks against.
    score: i64,
    /// What took points, the weightiest first. The age of a confirmation takes points from the first day on, and is a
    /// reason from three quarters of the maximum age on.
    reasons: Vec<FreshnessBecause>,
    /// The day on which the provider last confirmed the entry; null when that never happened.
    verified_on: Option<LocalDate>,
    /// The first day on which it is stale unless it is confirmed before; null when it never was confirmed.
    stale_on: Option<LocalDate>,
}

/// One reason why an entry's freshness is not at its best.
#[derive(Debug, Clone, SimpleObject)]
pub struct FreshnessBecause {
    /// The stable code.
    code: FreshnessReason,
    /// The reason in the request's language.
    text: String,
    /// How many points of 100 it takes.
    points: i64,
    /// How many there are of what is counted, or days where it is an age; null without a token, and for what has no
    /// number.
    count: Option<i64>,
}

/// The freshness of a service, if the asker can see the service.
pub async fn freshness(ctx: &Context<'_>, id: ServiceId) -> Option<Freshness> {
    let loader = ctx.data_unchecked::<Loaders>().standings(ctx.data_unchecked(), ctx.actor());
    let found = loader.load_one(id).await.map_err(|fault| ctx.broke(&fault));
    ctx.nullable(found).map(|standing| told(ctx, &standing))
}

fn told(ctx: &Context<'_>, standing: &Standing) -> Freshness {
    let is_known = ctx.sight().organization.is_some();
    let because = |reason: &crate::domain::freshness::Reason| FreshnessBecause {
        code: reason.code,
        text: label(ctx.language(), "freshness", reason.code.code()),
        points: reason.points,
        count: reason.count.filter(|_| is_known),
    };
    Freshness {
        score: standing.freshness.score,
        reasons: standing.freshness.reasons.iter().map(because).collect(),
        verified_on: standing.verified_on.map(LocalDate),
        stale_on: standing.stale_on.map(LocalDate),
    }
}
