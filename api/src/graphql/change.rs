//! Changes in the schema: a list that others keep themselves in step with.

use crate::domain::change::{
    self as domain, ChangeSubject, ChangeType, Followed, NoChanges, Place, ReferralFilter, cursor, read_cursor,
};
use crate::domain::id::OrganizationId;
use crate::domain::page::{DEFAULT_PAGE, MAX_PAGE};
use crate::domain::rule::Refusal;
use crate::graphql::context::Here;
use crate::graphql::error::{bad_input, cursor_expired, page_size, refused};
use crate::graphql::node::Node;
use crate::graphql::paging::PageInfo;
use crate::graphql::scalar::{self, Cursor, DateTime};
use crate::usecase::change::{self, Told};
use crate::usecase::node::Found;
use async_graphql::{Context, ID, Object, SimpleObject};

/// One change, as it is told to one organization.
#[derive(Clone)]
pub struct Change {
    told: Told,
    organization: OrganizationId,
}

impl Change {
    /// As it is told to an organization.
    #[must_use]
    pub fn new(told: Told, organization: OrganizationId) -> Self {
        Self { told, organization }
    }
}

/// Something that changed. It tells which thing, and shows it as you can read it now.
#[Object]
impl Change {
    /// The place in the order of all changes: the same for this list, for subscriptions and for webhooks. Go on after it.
    async fn cursor(&self) -> Cursor {
        Cursor(cursor(self.organization, self.told.change.place))
    }

    /// What happened: the name of the mutation, such as `acceptReferral`, or what the clock did or told.
    async fn event(&self) -> &str {
        &self.told.change.kind
    }

    /// What became of the thing, for you.
    async fn change(&self) -> ChangeType {
        self.told.change_type()
    }

    /// The kind of thing that changed.
    async fn subject_type(&self) -> ChangeSubject {
        self.told.change.subject_kind
    }

    /// The public identifier of the thing.
    async fn subject_id(&self) -> ID {
        scalar::id(self.told.change.subject_kind.kind(), self.told.change.place.subject)
    }

    /// The thing as you can read it now, which may be after further changes; null when it is gone or no longer yours to
    /// see.
    async fn subject(&self) -> Option<Node> {
        self.told.found.clone().map(Node::of)
    }

    /// The thing's version after this change; null where it is not known.
    async fn version(&self) -> Option<i32> {
        self.told.change.version
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.told.change.at)
    }
}

/// A page of changes.
#[derive(SimpleObject)]
pub struct ChangeConnection {
    /// The changes with their cursors, the oldest first.
    edges: Vec<ChangeEdge>,
    /// The changes, the oldest first.
    nodes: Vec<Change>,
    /// Where the page lies in the order.
    page_info: PageInfo,
    /// The number of all changes behind `after` that you are told of. Null unless counted.
    total_count: Option<i64>,
    /// The end of the order at this moment. Begin here once you have read everything by other queries; and where no next
    /// page follows, go on from here, also when the page is empty.
    latest_cursor: Cursor,
}

/// A change in its page.
#[derive(SimpleObject)]
pub struct ChangeEdge {
    /// The change's place in the order.
    cursor: Cursor,
    /// The change.
    node: Change,
}

/// Reads of changes.
#[derive(Default)]
pub struct ChangeQuery;

#[Object]
impl ChangeQuery {
    /// What changed of all that you can read, the oldest first: in one order, at least once, without gaps. A thing that is
    /// gone, or that you can no longer read, is told once more as a TOMBSTONE. Changes are kept, and cursors are good, for
    /// 30 days; with an older one the answer is `CURSOR_EXPIRED`, and you begin anew from `latestCursor`. Needs a token.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 0 to 100; 20 when not given. With 0 only `latestCursor` is read.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor; from the oldest that is kept when not given.")]
        after: Option<Cursor>,
        #[graphql(desc = "Only these kinds of things; all that you can read when not given.")] types: Option<
            Vec<ChangeSubject>,
        >,
    ) -> async_graphql::Result<ChangeConnection> {
        let organization = known(ctx)?;
        let size = first.map_or(Ok(DEFAULT_PAGE), usize::try_from).ok().filter(|size| *size <= MAX_PAGE);
        let size = size.ok_or_else(page_size)?;
        let followed = followed(ctx, after, types, None)?;
        let count = ctx.look_ahead().field("totalCount").exists();
        let (page, total) = change::counted(ctx.app(), ctx.actor(), &followed, size, count)
            .await
            .map_err(|why| no_changes(ctx, &why))?;
        let at = |place: Place| Cursor(cursor(organization, place));
        let nodes: Vec<Change> = page.told.into_iter().map(|told| Change::new(told, organization)).collect();
        let places: Vec<Cursor> = nodes.iter().map(|change| at(change.told.change.place)).collect();
        let page_info = PageInfo {
            has_next_page: page.has_more,
            has_previous_page: followed.after.is_some(),
            start_cursor: places.first().cloned(),
            end_cursor: places.last().cloned(),
        };
        let edges = places.into_iter().zip(nodes.iter().cloned());
        Ok(ChangeConnection {
            edges: edges.map(|(cursor, node)| ChangeEdge { cursor, node }).collect(),
            nodes,
            page_info,
            total_count: total,
            latest_cursor: at(page.latest),
        })
    }
}

/// The organization that asks.
///
/// # Errors
/// UNAUTHENTICATED.
pub fn known(ctx: &Context<'_>) -> async_graphql::Result<OrganizationId> {
    ctx.actor().organization().ok_or_else(|| refused(Refusal::Unauthenticated))
}

/// What is followed, from arguments.
///
/// # Errors
/// UNAUTHENTICATED; BAD_USER_INPUT for a cursor that is none of the asker's.
pub fn followed(
    ctx: &Context<'_>,
    after: Option<Cursor>,
    subjects: Option<Vec<ChangeSubject>>,
    referrals: Option<ReferralFilter>,
) -> async_graphql::Result<Followed> {
    let organization = known(ctx)?;
    let read = |Cursor(text): Cursor| {
        read_cursor(organization, &text)
            .ok_or_else(|| bad_input("This is not a cursor of your organization's changes."))
    };
    Ok(Followed { after: after.map(read).transpose()?, subjects, referrals })
}

/// Why changes are not told, in the closed codes.
pub fn no_changes(ctx: &Context<'_>, why: &NoChanges) -> async_graphql::Error {
    match why {
        NoChanges::Expired => cursor_expired(),
        NoChanges::Fault(fault) => ctx.broke(fault),
    }
}

/// A change of a referral, as it is told to one organization.
pub struct ReferralChange(pub Change);

/// Something that happened to a referral, with the referral as you can read it now.
#[Object]
impl ReferralChange {
    /// The place in the order of all changes. Go on after it.
    async fn cursor(&self) -> Cursor {
        Cursor(cursor(self.0.organization, self.0.told.change.place))
    }

    /// What happened: the name of the mutation, such as `acceptReferral`, or what the clock did.
    async fn event(&self) -> &str {
        &self.0.told.change.kind
    }

    /// What became of the referral, for you.
    async fn change(&self) -> ChangeType {
        self.0.told.change_type()
    }

    /// The referral's public identifier.
    async fn referral_id(&self) -> ID {
        scalar::id(domain::ChangeSubject::Referral.kind(), self.0.told.change.place.subject)
    }

    /// The referral; null when you can no longer read it.
    async fn referral(&self) -> Option<crate::graphql::referral::Referral> {
        match &self.0.told.found {
            Some(Found::Referral(referral)) => Some(crate::graphql::referral::Referral(referral.clone())),
            _ => None,
        }
    }

    /// The referral's version after this change; null where it is not known.
    async fn version(&self) -> Option<i32> {
        self.0.told.change.version
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.0.told.change.at)
    }
}
