//! Mutations on members and applications of an organization, and the queries that list them.

use crate::domain::rule::Outcome;
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::UserError;
use crate::graphql::membership::{
    AccessFilter, ClientApplication, ClientApplicationConnection, Member, MemberConnection,
};
use crate::graphql::membership_input::{
    AddClientInput, AddMemberInput, ChangeClientScopesInput, ChangeMemberRolesInput, EndClientInput,
    EndClientSecretInput, EndMemberInput, InviteMemberInput, RotateClientSecretInput,
};
use crate::graphql::paging::Slice;
use crate::graphql::payload::payload;
use crate::graphql::scalar::Cursor;
use crate::usecase::Ask;
use crate::usecase::membership::{self, ClientMade, MemberMade};
use async_graphql::{Context, Object, SimpleObject};
use std::sync::Arc;

/// The application that was added, with its first secret.
#[derive(SimpleObject)]
pub struct AddClientPayload {
    /// The application, or null when nothing was done.
    pub client: Option<ClientApplication>,
    /// The secret, shown in this answer and never again; null when the answer repeats an earlier one, or nothing was done.
    pub secret: Option<String>,
    /// What the caller can put right; empty when the mutation took effect.
    pub user_errors: Vec<UserError>,
}

payload! {
    /// The application whose scopes were changed.
    ChangeClientScopesPayload {
        /// The application, or null when nothing was done.
        client: ClientApplication
    }
}

/// The application with its new secret.
#[derive(SimpleObject)]
pub struct RotateClientSecretPayload {
    /// The application, or null when nothing was done.
    pub client: Option<ClientApplication>,
    /// The secret, shown in this answer and never again; null when the answer repeats an earlier one, or nothing was done.
    pub secret: Option<String>,
    /// What the caller can put right; empty when the mutation took effect.
    pub user_errors: Vec<UserError>,
}

payload! {
    /// The application one of whose secrets was ended.
    EndClientSecretPayload {
        /// The application, or null when nothing was done.
        client: ClientApplication
    }
}

payload! {
    /// The application that was ended.
    EndClientPayload {
        /// The application, or null when nothing was done.
        client: ClientApplication
    }
}

/// The member who was added, with the code to give to that person.
#[derive(SimpleObject)]
pub struct AddMemberPayload {
    /// The member, or null when nothing was done.
    pub member: Option<Member>,
    /// The code to give to that person, shown in this answer and never again; null when the answer repeats an earlier one, or
    /// nothing was done.
    pub invitation_code: Option<String>,
    /// What the caller can put right; empty when the mutation took effect.
    pub user_errors: Vec<UserError>,
}

/// The member with a new code.
#[derive(SimpleObject)]
pub struct InviteMemberPayload {
    /// The member, or null when nothing was done.
    pub member: Option<Member>,
    /// The code to give to that person, shown in this answer and never again; null when the answer repeats an earlier one, or
    /// nothing was done.
    pub invitation_code: Option<String>,
    /// What the caller can put right; empty when the mutation took effect.
    pub user_errors: Vec<UserError>,
}

payload! {
    /// The member whose roles were changed.
    ChangeMemberRolesPayload {
        /// The member, or null when nothing was done.
        member: Member
    }
}

payload! {
    /// The member who was ended.
    EndMemberPayload {
        /// The member, or null when nothing was done.
        member: Member
    }
}

/// What was made of an application: as the asker reads it after the write, with a secret where one was made.
async fn client(
    ctx: &Context<'_>,
    ask: Ask<'_>,
    done: Outcome<ClientMade>,
) -> Option<(Result<Option<ClientApplication>, Vec<UserError>>, Option<String>)> {
    Some(match settle(ctx, ask, done).await? {
        Ok(made) => {
            let found = ctx.found(membership::client(ctx.app(), ctx.actor(), made.client).await);
            let secret = made.secret.map(|secret| secret.into_inner());
            (Ok(found.map(|found| ClientApplication(Arc::new(found)))), secret)
        }
        Err(errors) => (Err(errors), None),
    })
}

/// What was made of a member, with the code where one was made.
async fn member(
    ctx: &Context<'_>,
    ask: Ask<'_>,
    done: Outcome<MemberMade>,
) -> Option<(Result<Option<Member>, Vec<UserError>>, Option<String>)> {
    Some(match settle(ctx, ask, done).await? {
        Ok(made) => {
            let found = ctx.found(membership::member(ctx.app(), ctx.actor(), made.member).await);
            let code = made.code.map(|code| code.into_inner());
            (Ok(found.map(|found| Member(Arc::new(found)))), code)
        }
        Err(errors) => (Err(errors), None),
    })
}

/// The thing and what the caller can put right.
fn parted<T>(made: Result<Option<T>, Vec<UserError>>) -> (Option<T>, Vec<UserError>) {
    match made {
        Ok(thing) => (thing, Vec::new()),
        Err(errors) => (None, errors),
    }
}

/// Mutations on members and applications.
#[derive(Default)]
pub struct MembershipMutation;

#[Object]
impl MembershipMutation {
    /// Adds an application of your organization, with its first secret, which is shown in this answer and never again. Needs
    /// MANAGE_ACCESS in the whole organization.
    async fn add_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The application.")] input: AddClientInput,
    ) -> Option<AddClientPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "addClient", &input.idempotency_key, &text);
        let done = membership::add_client(ctx.app(), ask, input.checked()).await;
        let (made, secret) = client(ctx, ask, done).await?;
        let (client, user_errors) = parted(made);
        Some(AddClientPayload { client, secret, user_errors })
    }

    /// Changes what an application of your organization may do. Where a scope is taken away, its tokens are good no more. Needs
    /// MANAGE_ACCESS in the whole organization.
    async fn change_client_scopes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which application, and what of it.")] input: ChangeClientScopesInput,
    ) -> Option<ChangeClientScopesPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "changeClientScopes", &input.idempotency_key, &text);
        let done = async { membership::change_scopes(ctx.app(), ask, input.checked()?).await }.await;
        Some(client(ctx, ask, done).await?.0.into())
    }

    /// Makes a new secret for an application, good at once and shown in this answer only; those before it stay good until a
    /// stated time. Needs MANAGE_ACCESS in the whole organization.
    async fn rotate_client_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which application, and what of it.")] input: RotateClientSecretInput,
    ) -> Option<RotateClientSecretPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "rotateClientSecret", &input.idempotency_key, &text);
        let done = async { membership::rotate_secret(ctx.app(), ask, input.checked()?).await }.await;
        let (made, secret) = client(ctx, ask, done).await?;
        let (client, user_errors) = parted(made);
        Some(RotateClientSecretPayload { client, secret, user_errors })
    }

    /// Ends one secret of an application at once, say because it got lost. All tokens of the application are good no more; it
    /// gets new ones with its other secrets. Needs MANAGE_ACCESS in the whole organization.
    async fn end_client_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which application, and what of it.")] input: EndClientSecretInput,
    ) -> Option<EndClientSecretPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "endClientSecret", &input.idempotency_key, &text);
        let done = async { membership::end_secret(ctx.app(), ask, input.checked()?).await }.await;
        Some(client(ctx, ask, done).await?.0.into())
    }

    /// Ends an application of your organization with all its secrets; its tokens are good no more. Needs MANAGE_ACCESS in the
    /// whole organization.
    async fn end_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which application, and what of it.")] input: EndClientInput,
    ) -> Option<EndClientPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "endClient", &input.idempotency_key, &text);
        let done = async { membership::end_client(ctx.app(), ask, input.checked()?).await }.await;
        Some(client(ctx, ask, done).await?.0.into())
    }

    /// Adds a member of your organization. Give the code in this answer, which is never shown again, to that person: the first
    /// sign-in through an identity provider hands it in. It is good for seven days. Needs MANAGE_ACCESS in the whole
    /// organization.
    async fn add_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member.")] input: AddMemberInput,
    ) -> Option<AddMemberPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "addMember", &input.idempotency_key, &text);
        let done = async { membership::add_member(ctx.app(), ask, input.checked()?).await }.await;
        let (made, invitation_code) = member(ctx, ask, done).await?;
        let (member, user_errors) = parted(made);
        Some(AddMemberPayload { member, invitation_code, user_errors })
    }

    /// Makes a new code for a member, say because the first was lost or the person has a new account; the one before it is good
    /// no more. Needs MANAGE_ACCESS in the whole organization.
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which member, and what of it.")] input: InviteMemberInput,
    ) -> Option<InviteMemberPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "inviteMember", &input.idempotency_key, &text);
        let done = async { membership::invite_member(ctx.app(), ask, input.checked()?).await }.await;
        let (made, invitation_code) = member(ctx, ask, done).await?;
        let (member, user_errors) = parted(made);
        Some(InviteMemberPayload { member, invitation_code, user_errors })
    }

    /// Changes what a member of your organization does. Where a role is taken away, that person's tokens are good no more. Roles
    /// are given in programs in which your organization takes part, COORDINATOR where it leads one. Needs MANAGE_ACCESS in
    /// the whole organization.
    async fn change_member_roles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which member, and what of it.")] input: ChangeMemberRolesInput,
    ) -> Option<ChangeMemberRolesPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "changeMemberRoles", &input.idempotency_key, &text);
        let done = async { membership::change_roles(ctx.app(), ask, input.checked()?).await }.await;
        Some(member(ctx, ask, done).await?.0.into())
    }

    /// Ends a member of your organization; that person's tokens are good no more. The last administrator can't be ended. Needs
    /// MANAGE_ACCESS in the whole organization.
    async fn end_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which member, and what of it.")] input: EndMemberInput,
    ) -> Option<EndMemberPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "endMember", &input.idempotency_key, &text);
        let done = async { membership::end_member(ctx.app(), ask, input.checked()?).await }.await;
        Some(member(ctx, ask, done).await?.0.into())
    }
}

/// Queries on members and applications.
#[derive(Default)]
pub struct MembershipQuery;

#[Object]
impl MembershipQuery {
    /// The members of your organization by name. For those with MANAGE_ACCESS in it; for all others there are none.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which members.")] filter: Option<AccessFilter>,
    ) -> async_graphql::Result<MemberConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let active = filter.and_then(|filter| filter.is_active);
        let page = membership::members(ctx.app(), ctx.actor(), active, &window).await;
        let page = page.map_err(|fault| ctx.broke(&fault))?;
        Ok(MemberConnection::of(page, |member| Member(Arc::new(member))))
    }

    /// The applications of your organization by name. For those with MANAGE_ACCESS in it; for all others there are none.
    async fn clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which applications.")] filter: Option<AccessFilter>,
    ) -> async_graphql::Result<ClientApplicationConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let active = filter.and_then(|filter| filter.is_active);
        let page = membership::clients(ctx.app(), ctx.actor(), active, &window).await;
        let page = page.map_err(|fault| ctx.broke(&fault))?;
        Ok(ClientApplicationConnection::of(page, |client| ClientApplication(Arc::new(client))))
    }
}
