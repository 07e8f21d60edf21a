//! Mutations and queries on bulk jobs.

use crate::domain::bulk::BulkSight;
use crate::domain::id::BulkJobId;
use crate::domain::rule::{Outcome, Refusal};
use crate::graphql::bulk::{BulkJob, BulkJobConnection};
use crate::graphql::bulk_input::{
    ApproveBulkJobInput, BulkJobFilter, CancelBulkJobInput, CreateBulkLinkInput, StartBulkExportInput,
    StartBulkImportInput,
};
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::error::{UserError, refused};
use crate::graphql::input::distinct;
use crate::graphql::paging::Slice;
use crate::graphql::payload::payload;
use crate::graphql::scalar::{Cursor, DateTime};
use crate::usecase::Ask;
use crate::usecase::bulk;
use async_graphql::{Context, Object, SimpleObject};
use std::sync::Arc;

payload! {
    /// The export that was started.
    StartBulkExportPayload {
        /// The job, or null when nothing was started.
        bulk_job: BulkJob
    }
}

payload! {
    /// The import that was started.
    StartBulkImportPayload {
        /// The job, or null when nothing was started.
        bulk_job: BulkJob
    }
}

payload! {
    /// The job that somebody agreed to.
    ApproveBulkJobPayload {
        /// The job as it now stands, or null when nothing was changed.
        bulk_job: BulkJob
    }
}

payload! {
    /// The job that was stopped.
    CancelBulkJobPayload {
        /// The job as it now stands, or null when nothing was changed.
        bulk_job: BulkJob
    }
}

/// A link by which a file is fetched or uploaded.
#[derive(SimpleObject)]
pub struct BulkLink {
    /// The path below the API's own address, to be asked without a token. Whoever has it has the file: it is good once, and not to be written down anywhere.
    path: String,
    /// GET, or PUT for an upload.
    method: &'static str,
    /// Until when it is good.
    expires_at: DateTime,
}

payload! {
    /// The link that was made.
    CreateBulkLinkPayload {
        /// The link, or null when none was made.
        link: BulkLink
    }
}

async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<BulkJobId>) -> Option<P>
where
    P: From<Result<Option<BulkJob>, Vec<UserError>>>,
{
    Some(P::from(match settle(ctx, ask, done).await? {
        Ok(id) => {
            let found = ctx.found(bulk::job(ctx.app(), ctx.actor(), id).await);
            Ok(found.map(|found| BulkJob(Arc::new(found))))
        }
        Err(errors) => Err(errors),
    }))
}

/// Mutations on bulk jobs.
#[derive(Default)]
pub struct BulkMutation;

#[Object]
impl BulkMutation {
    /// Starts an export of all that you can read of a kind, five of your organization at a time. It is read as you could read it at that moment, and given up when you lose a right meanwhile. Your organization may export so many rows a day; above a number of rows somebody else of it must agree. The end is told in `viewer.notifications` and as a change. SERVICES needs a token, REFERRALS READ_REFERRALS or COORDINATE_REFERRALS, CASES READ_CASES.
    async fn start_bulk_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is exported.")] input: StartBulkExportInput,
    ) -> Option<StartBulkExportPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "startBulkExport", &input.idempotency_key, &text);
        let done = async { bulk::start_export(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Starts an import of commands, five jobs of your organization at a time. What will come is said first; then a link is made and the bytes are uploaded by it, in one go or in several. Each line is done once under its own key, as whoever started the job may do it then; the file tells what became of each. Your organization may import so many lines a day. Needs what the commands need.
    async fn start_bulk_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What will be uploaded.")] input: StartBulkImportInput,
    ) -> Option<StartBulkImportPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "startBulkImport", &input.idempotency_key, &text);
        let done = bulk::start_import(ctx.app(), ask, input.read()).await;
        told(ctx, ask, done).await
    }

    /// Agrees to a job that has many rows. For administrators and those who watch over the protection of data, in all programs, and never for whoever started it.
    async fn approve_bulk_job(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which job.")] input: ApproveBulkJobInput,
    ) -> Option<ApproveBulkJobPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "approveBulkJob", &input.idempotency_key, &text);
        let done = async { bulk::approve(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Stops a job, or throws away the file of one that is done. For whoever started it, and for those who could agree to it: it is also how they say no.
    async fn cancel_bulk_job(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which job.")] input: CancelBulkJobInput,
    ) -> Option<CancelBulkJobPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "cancelBulkJob", &input.idempotency_key, &text);
        let done = async { bulk::cancel(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Makes a link by which the file of your job is fetched once, or uploaded, within 15 minutes. What broke goes on with another link that begins behind what has arrived.
    async fn create_bulk_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which file.")] input: CreateBulkLinkInput,
    ) -> Option<CreateBulkLinkPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "createBulkLink", &input.idempotency_key, &text);
        let done = async { bulk::link(ctx.app(), ask, input.checked()?).await }.await;
        Some(
            settle(ctx, ask, done)
                .await?
                .map(|made| {
                    let secret = bulk::secret_of(ctx.app(), made.id).into_inner();
                    Some(BulkLink {
                        path: format!("/bulk/{secret}"),
                        method: if made.is_upload { "PUT" } else { "GET" },
                        expires_at: DateTime(made.expires_at),
                    })
                })
                .into(),
        )
    }
}

/// Queries on bulk jobs.
#[derive(Default)]
pub struct BulkQuery;

#[Object]
impl BulkQuery {
    /// Bulk jobs, the newest first: those you started, or all of your organization for its administrators and those who watch over the protection of data.
    async fn bulk_jobs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which jobs.")] filter: Option<BulkJobFilter>,
    ) -> async_graphql::Result<BulkJobConnection> {
        let window = Slice { first, after, last, before }.window(ctx)?;
        let sight = BulkSight::of(ctx.actor()).ok_or_else(|| refused(Refusal::Unauthenticated))?;
        let state = distinct(filter.unwrap_or_default().state);
        let page = bulk::jobs(ctx.app(), &sight, &state, &window).await.map_err(|fault| ctx.broke(&fault))?;
        Ok(BulkJobConnection::of(page, |found| BulkJob(Arc::new(found))))
    }
}
