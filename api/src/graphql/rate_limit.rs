//! What a request costs and what is left, in the schema.

use crate::domain::budget::Payment;
use crate::graphql::context::known_charge;
use crate::graphql::scalar::DateTime;
use async_graphql::{Context, Object, SimpleObject};

/// What the door charged for a request, before it runs.
#[derive(Debug, Clone, Default)]
pub struct Charged {
    /// The cost of the operation.
    pub cost: u64,
    /// How much one operation may cost.
    pub most: u64,
    /// What became of the payment.
    pub payment: Payment,
}

/// What this request costs and what may still be asked for.
#[derive(Debug, Clone, SimpleObject)]
pub struct RateLimit {
    /// What this operation costs, computed before it ran by the weights that `@cost` and `@listSize` tell.
    cost: i32,
    /// How much one operation may cost.
    maximum_cost: i32,
    /// How large the budget is that will be empty first; null where this deployment counts nothing.
    limit: Option<i32>,
    /// Points that are left in it, this operation paid for.
    remaining: Option<i32>,
    /// When it is full again if nothing more is asked for.
    reset_at: Option<DateTime>,
    /// Every budget that this operation is paid from: yours, and that of your organization; without a token that of your
    /// network address.
    budgets: Vec<PointBudget>,
}

/// Points of cost that may be spent, and that come back with time. All servers of a deployment share it.
#[derive(Debug, Clone, SimpleObject)]
pub struct PointBudget {
    /// Whose it is: `principal`, `organization` or `address`.
    name: &'static str,
    /// The most points there are at once.
    limit: i32,
    /// In how many seconds an empty budget is full again.
    window_seconds: i32,
    /// Points that are left.
    remaining: i32,
    /// When it is full again if nothing more is asked for.
    reset_at: DateTime,
}

fn number(points: i64) -> i32 {
    i32::try_from(points).unwrap_or(i32::MAX)
}

impl From<&Charged> for RateLimit {
    fn from(charged: &Charged) -> Self {
        let scarcest = charged.payment.scarcest();
        let budgets = charged.payment.standings.iter().map(|each| PointBudget {
            name: each.purse.name(),
            limit: number(each.rate.points),
            window_seconds: number(each.rate.seconds),
            remaining: number(each.remaining),
            reset_at: DateTime(each.reset_at),
        });
        Self {
            cost: i32::try_from(charged.cost).unwrap_or(i32::MAX),
            maximum_cost: i32::try_from(charged.most).unwrap_or(i32::MAX),
            limit: scarcest.map(|each| number(each.rate.points)),
            remaining: scarcest.map(|each| number(each.remaining)),
            reset_at: scarcest.map(|each| DateTime(each.reset_at)),
            budgets: budgets.collect(),
        }
    }
}

/// What may still be asked for.
#[derive(Default)]
pub struct RateLimitQuery;

#[Object]
impl RateLimitQuery {
    /// What this request costs and what may still be asked for: the same as in `extensions.cost` and the headers `RateLimit` and
    /// `RateLimit-Policy`.
    async fn rate_limit(&self, ctx: &Context<'_>) -> RateLimit {
        RateLimit::from(&known_charge(ctx))
    }
}
