//! Queries on referrals.

use crate::domain::case::Urgency;
use crate::domain::global_id::Kind;
use crate::domain::id::MemberId;
use crate::domain::referral::Status;
use crate::graphql::asked;
use crate::graphql::context::{Here, known};
use crate::graphql::input::distinct;
use crate::graphql::paging::Slice;
use crate::graphql::referral::{Referral, ReferralConnection};
use crate::graphql::referral_overview::ReferralOrderBy;
use crate::graphql::referral_parts::{ReferralTransition, transitions};
use crate::graphql::scalar::{Cursor, key};
use crate::usecase::referral;
use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject};
use std::sync::Arc;

/// Exactly one way to say which referral.
#[derive(OneofObject)]
pub enum ReferralBy {
    /// By its public identifier.
    Id(ID),
    /// By your own reference, as its sender.
    ClientReference(String),
}

/// Which side of a referral your organization is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ReferralDirection {
    /// Your organization sent it.
    Sent,
    /// Your organization received it.
    Received,
}

/// Which referrals are asked for; fields are joined by and, lists mean any of.
#[derive(InputObject, Default)]
pub struct ReferralFilter {
    /// Sent or received; both when absent.
    pub direction: Option<ReferralDirection>,
    /// In any of these states.
    pub status: Option<Vec<Status>>,
    /// Of any of these urgencies.
    pub urgency: Option<Vec<Urgency>>,
    /// To this service.
    pub service_id: Option<ID>,
    /// Of this case.
    pub case_id: Option<ID>,
    /// For this need, as its sender.
    pub need_id: Option<ID>,
    /// With true, only those whose next step is overdue.
    pub is_overdue: Option<bool>,
    /// With true, only those whose loop is still to be closed; with false, only those whose loop is closed.
    pub is_loop_open: Option<bool>,
    /// With true, only those that your organization received and gave to you.
    pub assigned_to_me: Option<bool>,
}

impl ReferralFilter {
    fn read(self, now: i64, me: Option<MemberId>) -> referral::ReferralFilter {
        // An identifier of another kind finds nothing, as one that does not exist.
        let any = |kind, id: Option<ID>| id.map(|id| key(kind, &id).unwrap_or_default());
        referral::ReferralFilter {
            direction: self.direction.map(|direction| match direction {
                ReferralDirection::Sent => referral::Direction::Sent,
                ReferralDirection::Received => referral::Direction::Received,
            }),
            status: distinct(self.status),
            urgency: distinct(self.urgency),
            service: any(Kind::Service, self.service_id).map(Into::into),
            case: any(Kind::Case, self.case_id).map(Into::into),
            need: any(Kind::Need, self.need_id).map(Into::into),
            overdue_at: self.is_overdue.filter(|wanted| *wanted).map(|_| now),
            loop_open: self.is_loop_open,
            order: referral::ReferralOrder::default(),
            assigned_to: self.assigned_to_me.filter(|wanted| *wanted).map(|_| me.unwrap_or_default()),
        }
    }
}

/// Queries on referrals.
#[derive(Default)]
pub struct ReferralQuery;

#[Object]
impl ReferralQuery {
    /// A referral that your organization is a party of; null for any other, as for one that does not exist. The
    /// receiver's first read is kept as `openedAt`.
    async fn referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Exactly one way to say which.")] by: ReferralBy,
    ) -> Option<Referral> {
        let found = async {
            known(ctx)?;
            let found = match by {
                ReferralBy::Id(id) => match key(Kind::Referral, &id) {
                    Some(key) => referral::read(ctx.app(), ctx.actor(), key.into()).await,
                    None => Ok(None),
                },
                ReferralBy::ClientReference(reference) => {
                    referral::by_reference(ctx.app(), &ctx.sight(), &reference).await
                }
            };
            Ok(found.map_err(|fault| ctx.broke(&fault))?.map(|referral| Referral(Arc::new(referral))))
        };
        ctx.nullable(found.await)
    }

    /// The referrals that your organization is a party of. Empty without READ_REFERRALS.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection with filter and order")]
    async fn referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which referrals.")] filter: Option<ReferralFilter>,
        #[graphql(desc = "By what they are ordered; the newest first when nothing is said.")] order_by: Option<
            ReferralOrderBy,
        >,
    ) -> async_graphql::Result<ReferralConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window_of(ctx, &asked::REFERRAL)?;
        let filter = filter.unwrap_or_default().read(ctx.app().now(), ctx.sight().member);
        let filter = referral::ReferralFilter { order: order_by.map(Into::into).unwrap_or_default(), ..filter };
        let page =
            referral::list(ctx.app(), &ctx.sight(), &filter, &window).await.map_err(|fault| ctx.broke(&fault))?;
        Ok(ReferralConnection::of(page, |referral| Referral(Arc::new(referral))))
    }

    /// Every transition of the referral machine: who may do what from where. Public, so that an app can draw it.
    async fn referral_transitions(&self) -> Vec<ReferralTransition> {
        transitions()
    }
}
