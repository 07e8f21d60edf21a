//! How many referrals stand where, in the schema.

use crate::domain::referral::Status;
use crate::graphql::context::{Here, known};
use crate::usecase::referral::{self, Overview, Tally};
use async_graphql::{Context, Enum, Object, SimpleObject};

/// By what referrals are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ReferralOrderBy {
    /// The newest first.
    CreatedAt,
    /// What is due first comes first; what has no deadline comes last.
    NextDueAt,
}

impl From<ReferralOrderBy> for referral::ReferralOrder {
    fn from(by: ReferralOrderBy) -> Self {
        match by {
            ReferralOrderBy::CreatedAt => Self::CreatedAt,
            ReferralOrderBy::NextDueAt => Self::NextDueAt,
        }
    }
}

/// How many referrals are in a state.
#[derive(SimpleObject)]
pub struct ReferralStatusCount {
    /// The state.
    status: Status,
    /// How many are in it.
    count: i64,
}

/// The numbers of referrals from one side.
#[derive(SimpleObject)]
pub struct ReferralTally {
    /// How many there are in all.
    total_count: i64,
    /// How many are overdue: whoever owns the next step is late.
    overdue_count: i64,
    /// How many become overdue within 24 hours.
    due_within_day_count: i64,
    /// How many are in each state; states without a referral are left out.
    by_status: Vec<ReferralStatusCount>,
}

impl ReferralTally {
    fn of(tallies: &[Tally]) -> Self {
        Self {
            total_count: tallies.iter().map(|tally| tally.count).sum(),
            overdue_count: tallies.iter().map(|tally| tally.overdue).sum(),
            due_within_day_count: tallies.iter().map(|tally| tally.due_soon).sum(),
            by_status: tallies
                .iter()
                .map(|tally| ReferralStatusCount { status: tally.status, count: tally.count })
                .collect(),
        }
    }
}

/// The numbers of the referrals that you may see, from each side.
#[derive(SimpleObject)]
pub struct ReferralOverview {
    /// Those that your organization sent, drafts included.
    sent: ReferralTally,
    /// Those that your organization received.
    received: ReferralTally,
    /// Those of the programs that you coordinate.
    coordinated: ReferralTally,
}

impl From<Overview> for ReferralOverview {
    fn from(overview: Overview) -> Self {
        Self {
            sent: ReferralTally::of(&overview.sent),
            received: ReferralTally::of(&overview.received),
            coordinated: ReferralTally::of(&overview.coordinated),
        }
    }
}

/// Numbers of referrals.
#[derive(Default)]
pub struct ReferralOverviewQuery;

#[Object]
impl ReferralOverviewQuery {
    /// How many referrals stand where and how many of them are late, over all that you may see; zeros without
    /// READ_REFERRALS.
    async fn referral_overview(&self, ctx: &Context<'_>) -> Option<ReferralOverview> {
        let read = async {
            known(ctx)?;
            let overview = referral::overview(ctx.app(), &ctx.sight()).await.map_err(|fault| ctx.broke(&fault))?;
            Ok(Some(overview.into()))
        };
        ctx.nullable(read.await)
    }
}
