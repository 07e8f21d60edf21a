//! Mutations on agreements, and the queries that find them.

use crate::domain::global_id::Kind;
use crate::domain::id::AgreementId;
use crate::domain::rule::Outcome;
use crate::graphql::agreement::{Agreement, AgreementConnection};
use crate::graphql::agreement_input::{
    AgreementFilter, ConfirmAgreementInput, EndAgreementInput, RegisterAgreementInput,
};
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::UserError;
use crate::graphql::input::distinct;
use crate::graphql::paging::Slice;
use crate::graphql::payload::payload;
use crate::graphql::scalar::{Cursor, key};
use crate::usecase::{Ask, agreement};
use async_graphql::{Context, ID, Object};
use std::sync::Arc;

payload! {
    /// The agreement that was registered.
    RegisterAgreementPayload {
        /// The agreement, or null when it was not registered.
        agreement: Agreement
    }
}

payload! {
    /// The agreement that was confirmed.
    ConfirmAgreementPayload {
        /// The agreement, or null when it was not confirmed.
        agreement: Agreement
    }
}

payload! {
    /// The agreement that was ended.
    EndAgreementPayload {
        /// The agreement, or null when it was not ended.
        agreement: Agreement
    }
}

/// The agreement as it stands after a write, read through the asker's own eyes.
async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<AgreementId>) -> Option<P>
where
    P: From<Result<Option<Agreement>, Vec<UserError>>>,
{
    Some(match settle(ctx, ask, done).await? {
        Ok(id) => {
            let found = ctx.found(agreement::one(ctx.app(), &ctx.sight(), id).await);
            P::from(Ok(found.map(|found| Agreement(Arc::new(found)))))
        }
        Err(errors) => P::from(Err(errors)),
    })
}

/// Mutations on agreements.
#[derive(Default)]
pub struct AgreementMutation;

#[Object]
impl AgreementMutation {
    /// Registers an agreement of your organization with others; it is in force when all of them have confirmed it. Needs
    /// MANAGE_AGREEMENTS in the whole organization.
    async fn register_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is agreed on.")] input: RegisterAgreementInput,
    ) -> Option<RegisterAgreementPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "registerAgreement", &input.idempotency_key, &text);
        let done = async { agreement::register(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Confirms an agreement that another party has registered. Needs MANAGE_AGREEMENTS in the whole organization.
    async fn confirm_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agreement.")] input: ConfirmAgreementInput,
    ) -> Option<ConfirmAgreementPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "confirmAgreement", &input.idempotency_key, &text);
        let done = async { agreement::confirm(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Ends an agreement before its last day: nothing new moves under it, and what runs goes on. Needs MANAGE_AGREEMENTS
    /// in the whole organization.
    async fn end_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agreement.")] input: EndAgreementInput,
    ) -> Option<EndAgreementPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "endAgreement", &input.idempotency_key, &text);
        let done = async { agreement::end(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }
}

/// Queries on agreements.
#[derive(Default)]
pub struct AgreementQuery;

#[Object]
impl AgreementQuery {
    /// An agreement that your organization is a party of; null for any other, as for one that does not exist.
    async fn agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The public identifier.")] id: ID,
    ) -> Option<Agreement> {
        let found = async {
            known(ctx)?;
            let Some(key) = key(Kind::Agreement, &id) else { return Ok(None) };
            let found = agreement::one(ctx.app(), &ctx.sight(), key.into()).await;
            Ok(found.map_err(|fault| ctx.broke(&fault))?.map(|found| Agreement(Arc::new(found))))
        };
        ctx.nullable(found.await)
    }

    /// The agreements that your organization is a party of, the newest first.
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which agreements.")] filter: Option<AgreementFilter>,
    ) -> async_graphql::Result<AgreementConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let filter = filter.unwrap_or_default();
        let filter = agreement::AgreementFilter {
            kind: distinct(filter.kind),
            status: distinct(filter.status),
            expiring_within_days: filter.expiring_within_days,
            party: filter.party_id.map(|id| key(Kind::Organization, &id).unwrap_or_default().into()),
        };
        let page = agreement::list(ctx.app(), &ctx.sight(), filter, &window).await;
        Ok(AgreementConnection::of(page.map_err(|fault| ctx.broke(&fault))?, |found| Agreement(Arc::new(found))))
    }
}
