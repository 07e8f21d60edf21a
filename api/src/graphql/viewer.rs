//! Who asks, in the schema.

use crate::domain::actor::{self as domain, Actor, MemberRole};
use crate::domain::code::Code as _;
use crate::domain::directory as notices;
use crate::domain::global_id::Kind;
use crate::domain::id::OrganizationId;
use crate::domain::policy::{self, Power};
use crate::domain::rule::{Fault, Refusal};
use crate::graphql::context::{Here, TokenUntil};
use crate::graphql::error::refused;
use crate::graphql::membership::{ClientApplication, Member};
use crate::graphql::organization::Organization;
use crate::graphql::paging::{Slice, connection};
use crate::graphql::program::Program;
use crate::graphql::scalar::{self, Cursor, DateTime};
use crate::usecase::{browse, membership};
use async_graphql::{Context, ID, InputObject, Object};
use std::sync::Arc;

/// Who asks.
#[derive(Debug, Clone)]
pub struct Viewer {
    organization: OrganizationId,
    actor: Actor,
}

/// Something the organization is told. It never holds personal data.
#[derive(Debug, Clone)]
pub struct Notification(pub Arc<notices::Notification>);

connection!(NotificationConnection, NotificationEdge, Notification, "notifications");

/// Something the organization is told. It never holds personal data.
#[Object]
impl Notification {
    /// The global identifier.
    pub async fn id(&self) -> ID {
        scalar::id(Kind::Notification, self.0.id)
    }

    /// What happened: the name of the mutation or clock that caused it, such as `sendReferral`, or a code of its own, such as CANCELLATION_CONTESTED, OUTCOME_DISPUTED, VOID_ASKED, PASSED_ON_NEEDS_CONSENT, PASSED_ON_MOVED, NEED_MET_ELSEWHERE, WORD_BACK_ENDED or THIRD_ATTEMPT.
    async fn event(&self) -> &str {
        &self.0.kind
    }

    /// The type of the thing it is about, such as `Referral`.
    async fn subject_type(&self) -> &str {
        &self.0.subject_kind
    }

    /// The global identifier of the thing it is about; null for a kind of thing that has none.
    async fn subject_id(&self) -> Option<ID> {
        Kind::from_code(&self.0.subject_kind).map(|kind| scalar::id(kind, self.0.subject_id))
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Whether it was told because the next step is your organization's. Ask `availableActions` whether it still is,
    /// or list with `mustAct: true` those steps that are still to be done.
    async fn must_act(&self) -> bool {
        self.0.must_act
    }

    /// The role of those who are told; null for everybody of the organization.
    async fn role(&self) -> Option<MemberRole> {
        self.0.role
    }

    /// When somebody of your organization marked it as read.
    async fn read_at(&self) -> Option<DateTime> {
        self.0.read_at.map(DateTime)
    }
}

/// Which notifications are asked for; what is absent does not limit.
#[derive(Debug, Clone, Copy, Default, InputObject)]
pub struct NotificationFilter {
    /// With true, only those whose next step is still to be done by your organization; with false, only the others.
    pub must_act: Option<bool>,
    /// With true, only those that nobody marked as read; with false, only the others.
    pub is_unread: Option<bool>,
}

/// Who asks: the organization, and the member or application that acts for it.
#[Object]
impl Viewer {
    /// The organization acted for.
    async fn organization(&self, ctx: &Context<'_>) -> async_graphql::Result<Organization> {
        let found = browse::organization(ctx.app(), self.organization).await.map_err(|fault| ctx.broke(&fault))?;
        let gone = || ctx.broke(&Fault::Corrupt("organization", self.organization.into()));
        found.map(Organization::of).ok_or_else(gone)
    }

    /// The member who asks; null for an application.
    async fn member(&self, ctx: &Context<'_>) -> Option<Member> {
        let Actor::Member { id, .. } = &self.actor else { return None };
        let found = ctx.found(membership::member(ctx.app(), &self.actor, *id).await);
        found.map(|found| Member(Arc::new(found)))
    }

    /// The application that asks; null for a member.
    async fn client(&self, ctx: &Context<'_>) -> Option<ClientApplication> {
        let Actor::Client { id, .. } = &self.actor else { return None };
        let found = ctx.found(membership::client(ctx.app(), &self.actor, *id).await);
        found.map(|found| ClientApplication(Arc::new(found)))
    }

    /// What the application that asks may do with this token: all its scopes, or those that the token names; null for a
    /// member, whose roles say it.
    async fn scopes(&self) -> Option<Vec<domain::Scope>> {
        if let Actor::Client { scopes, .. } = &self.actor { Some(scopes.clone()) } else { None }
    }

    /// Until when the token of this request is good.
    async fn token_valid_until(&self, ctx: &Context<'_>) -> Option<DateTime> {
        let until = ctx.data_opt::<Option<TokenUntil>>().copied().flatten();
        until.map(|until| DateTime(until.0.saturating_mul(1_000_000)))
    }

    /// All that you may do, everywhere or in some program.
    async fn powers(&self) -> Vec<Power> {
        policy::powers(&self.actor)
    }

    /// The programs in which the organization takes part, by name.
    async fn programs(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Program>> {
        programs(ctx).await
    }

    /// What you are told, the newest first: as a member what concerns your roles, as a supervisor or application all
    /// that your organization is told. Whoever owns the next step of a referral finds it here.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which notifications.")] filter: Option<NotificationFilter>,
    ) -> async_graphql::Result<NotificationConnection> {
        let window = Slice { first, after, last, before }.window(ctx)?;
        let filter = filter.unwrap_or_default();
        let filter = notices::NotificationFilter { must_act: filter.must_act, unread: filter.is_unread };
        let page = browse::notifications(ctx.app(), &ctx.sight(), filter, &window).await;
        let page = page.map_err(|fault| ctx.broke(&fault))?;
        Ok(NotificationConnection::of(page, |notification| Notification(Arc::new(notification))))
    }
}

/// Who asks.
///
/// # Errors
/// UNAUTHENTICATED.
pub fn viewer(ctx: &Context<'_>) -> async_graphql::Result<Viewer> {
    let organization = ctx.actor().organization().ok_or_else(|| refused(Refusal::Unauthenticated))?;
    Ok(Viewer { organization, actor: ctx.actor().clone() })
}

/// The programs of the asker's organization.
///
/// # Errors
/// UNAUTHENTICATED; a fault of ours, masked.
pub async fn programs(ctx: &Context<'_>) -> async_graphql::Result<Vec<Program>> {
    let viewer = viewer(ctx)?;
    let found = browse::programs(ctx.app(), viewer.organization).await.map_err(|fault| ctx.broke(&fault))?;
    Ok(found.into_iter().map(|program| Program(Arc::new(program))).collect())
}

/// Reads about the one who asks.
#[derive(Debug, Default)]
pub struct ViewerQuery;

/// Reads about the one who asks.
#[Object]
impl ViewerQuery {
    /// Who asks. Needs a token.
    async fn viewer(&self, ctx: &Context<'_>) -> async_graphql::Result<Viewer> {
        viewer(ctx)
    }

    /// The programs in which your organization takes part, by name: those it leads, works in or pays for.
    async fn programs(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Program>> {
        programs(ctx).await
    }
}
