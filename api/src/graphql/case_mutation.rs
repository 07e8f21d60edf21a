//! Mutations on cases, and the queries that find them.

use crate::domain::case::CaseStatus;
use crate::domain::case_identifier::CaseIdentifier;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, NeedId};
use crate::domain::parts::Parts;
use crate::domain::rule::Outcome;
use crate::domain::sealed::Private;
use crate::graphql::asked;
use crate::graphql::case::{Case, CaseConnection, Consent, Need};
use crate::graphql::case_input::{
    AddCaseAliasInput, AddNeedInput, CloseCaseInput, OpenCaseInput, RecordConsentInput, UpdateCaseInput,
};
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::{UserError, bad_input, budget_spent};
use crate::graphql::input::distinct;
use crate::graphql::paging::Slice;
use crate::graphql::payload::payload;
use crate::graphql::scalar::{Cursor, key};
use crate::usecase::{Ask, case};
use async_graphql::{Context, ID, InputObject, Object, OneofObject, SimpleObject};
use std::sync::Arc;

payload! {
    /// The case that was opened.
    OpenCasePayload {
        /// The case, or null when it was not opened.
        case: Case
    }
}

payload! {
    /// The case that was changed.
    UpdateCasePayload {
        /// The case, or null when nothing was changed.
        case: Case
    }
}

payload! {
    /// The case to which a number was added.
    AddCaseAliasPayload {
        /// The case, or null when nothing was added.
        case: Case
    }
}

payload! {
    /// The case that was closed.
    CloseCasePayload {
        /// The case, or null when it was not closed.
        case: Case
    }
}

/// The need that was added, with its case.
#[derive(SimpleObject)]
pub struct AddNeedPayload {
    /// The case, whose version the change raised; null when nothing was added.
    case: Option<Case>,
    /// The need; null when nothing was added.
    need: Option<Need>,
    /// What the caller can put right; empty when the mutation took effect.
    user_errors: Vec<UserError>,
}

/// The consent that was recorded, with its case.
#[derive(SimpleObject)]
pub struct RecordConsentPayload {
    /// The case, whose version the change raised; null when nothing was recorded.
    case: Option<Case>,
    /// The consent; null when nothing was recorded.
    consent: Option<Consent>,
    /// What the caller can put right; empty when the mutation took effect.
    user_errors: Vec<UserError>,
}

/// The case as it stands after a write, read through the asker's own eyes.
pub(crate) async fn reread(ctx: &Context<'_>, id: CaseId) -> Option<Case> {
    let found = case::find(ctx.app(), ctx.actor(), case::CaseBy::Id(id), &Parts::All).await;
    match found {
        Ok(found) => found.map(|case| Case(Arc::new(case))),
        Err(case::NoSearch::Fault(fault)) => ctx.found(Err(fault)),
        Err(case::NoSearch::Budget) => None,
    }
}

/// The payload of a mutation on a case.
pub async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<CaseId>) -> Option<P>
where
    P: From<Result<Option<Case>, Vec<UserError>>>,
{
    Some(match settle(ctx, ask, done).await? {
        Ok(id) => P::from(Ok(reread(ctx, id).await)),
        Err(errors) => P::from(Err(errors)),
    })
}

/// Mutations on cases.
#[derive(Default)]
pub struct CaseMutation;

#[Object]
impl CaseMutation {
    /// Opens a case in a program and gives it its shared identifier. Needs WRITE_CASES.
    async fn open_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known.")] input: OpenCaseInput,
    ) -> Option<OpenCasePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "openCase", &input.idempotency_key, &text);
        let done = async { case::open(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Completes or puts right what is known about whom an open case of your organization is about: where they live, age
    /// band, sex, language, facts about the return. Needs WRITE_CASES. A referral is sent only once it is known whether the
    /// person is a child.
    async fn update_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateCaseInput,
    ) -> Option<UpdateCasePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "updateCase", &input.idempotency_key, &text);
        let done = async { case::update(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Keeps your organization's own number for a case that it holds or was granted; nobody else sees it.
    async fn add_case_alias(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Your number.")] input: AddCaseAliasInput,
    ) -> Option<AddCaseAliasPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "addCaseAlias", &input.idempotency_key, &text);
        let done = async { case::add_alias(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Adds a need with its goals to an open case that your organization holds. Needs WRITE_CASES.
    async fn add_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the person requires.")] input: AddNeedInput,
    ) -> Option<AddNeedPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "addNeed", &input.idempotency_key, &text);
        let done = async { case::add_need(ctx.app(), ask, input.checked()?).await }.await;
        Some(match settle(ctx, ask, done).await? {
            Ok((case, need)) => AddNeedPayload::of(reread(ctx, case).await, need),
            Err(user_errors) => AddNeedPayload { case: None, need: None, user_errors },
        })
    }

    /// Records on what ground something may be disclosed: consent or another basis. Needs WRITE_CASES.
    async fn record_consent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What may go to whom, for what, until when.")] input: RecordConsentInput,
    ) -> Option<RecordConsentPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "recordConsent", &input.idempotency_key, &text);
        let done = async { case::record_consent(ctx.app(), ask, input.checked()?).await }.await;
        Some(match settle(ctx, ask, done).await? {
            Ok((id, consent)) => {
                let case = reread(ctx, id).await;
                let found = |case: &Case| case.0.consents.iter().find(|known| known.id == consent).cloned();
                let consent = case.as_ref().and_then(found).map(|consent| Consent(Arc::new(consent)));
                RecordConsentPayload { case, consent, user_errors: Vec::new() }
            }
            Err(user_errors) => RecordConsentPayload { case: None, consent: None, user_errors },
        })
    }

    /// Closes a case that has no open referral, with a coded reason. Needs WRITE_CASES.
    async fn close_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Why it is closed.")] input: CloseCaseInput,
    ) -> Option<CloseCasePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "closeCase", &input.idempotency_key, &text);
        let done = async { case::close(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }
}

impl AddNeedPayload {
    fn of(case: Option<Case>, id: NeedId) -> Self {
        let found = |case: &Case| case.0.needs.iter().find(|need| need.id == id).cloned();
        let need = case.as_ref().and_then(found).map(|need| Need(Arc::new(need)));
        Self { case, need, user_errors: Vec::new() }
    }
}

/// Exactly one way to say which case.
#[derive(OneofObject)]
pub enum CaseBy {
    /// By its public identifier in this API.
    Id(ID),
    /// By the shared identifier, in any case and spacing. It finds only what was already granted to you; wrong guesses
    /// are counted.
    Identifier(String),
    /// By your organization's own number.
    Alias(CaseAliasBy),
}

/// Your organization's own number for a case.
#[derive(InputObject)]
pub struct CaseAliasBy {
    /// Which of your numberings it belongs to.
    pub scheme: String,
    /// Your number.
    pub value: String,
}

impl CaseBy {
    fn read(self) -> async_graphql::Result<Option<case::CaseBy>> {
        Ok(match self {
            Self::Id(id) => key(Kind::Case, &id).map(|key| case::CaseBy::Id(key.into())),
            Self::Identifier(text) => {
                let read = CaseIdentifier::parse(&text);
                Some(case::CaseBy::Identifier(read.map_err(|_| {
                    bad_input("This is not a case identifier. Compare its three groups of four with the card.")
                })?))
            }
            Self::Alias(alias) => {
                Some(case::CaseBy::Alias { scheme: alias.scheme.trim().to_owned(), value: Private::new(alias.value) })
            }
        })
    }
}

/// Which cases are asked for; what is absent does not limit.
#[derive(InputObject, Default)]
pub struct CaseFilter {
    /// Any of these.
    pub status: Option<Vec<CaseStatus>>,
    /// In this program.
    pub program_id: Option<ID>,
}

/// Queries on cases.
#[derive(Default)]
pub struct CaseQuery;

#[Object]
impl CaseQuery {
    /// A case that your organization holds or was granted; null for any other, as for one that does not exist.
    async fn case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Exactly one way to say which.")] by: CaseBy,
    ) -> Option<Case> {
        let found = async {
            known(ctx)?;
            let Some(by) = by.read()? else { return Ok(None) };
            match case::find(ctx.app(), ctx.actor(), by, &asked::here(ctx, &asked::CASE)).await {
                Ok(found) => Ok(found.map(|case| Case(Arc::new(case)))),
                Err(case::NoSearch::Budget) => Err(budget_spent()),
                Err(case::NoSearch::Fault(fault)) => Err(ctx.broke(&fault)),
            }
        };
        ctx.nullable(found.await)
    }

    /// The cases that your organization holds, newest first. Empty without READ_CASES.
    async fn cases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which cases.")] filter: Option<CaseFilter>,
    ) -> async_graphql::Result<CaseConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window_of(ctx, &asked::CASE)?;
        let filter = filter.unwrap_or_default();
        let program = filter.program_id.map(|id| key(Kind::Program, &id).unwrap_or_default().into());
        let status = distinct(filter.status);
        let page = case::listing::cases(ctx.app(), &ctx.sight(), status, program, &window).await;
        Ok(CaseConnection::of(page.map_err(|fault| ctx.broke(&fault))?, |case| Case(Arc::new(case))))
    }
}
