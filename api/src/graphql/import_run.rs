//! Imports about which a publisher decides, in the schema.

use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::id::ImportRunId;
use crate::domain::import_run::{self as domain, RunDecision, RunStatus, Verdict};
use crate::domain::page::Page;
use crate::domain::rule::{Outcome, Refusal};
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::{UserError, refused};
use crate::graphql::input::{Reader, distinct};
use crate::graphql::paging::{Slice, connection, cut};
use crate::graphql::payload::payload;
use crate::graphql::scalar::{self, Cursor, DateTime};
use crate::usecase::Ask;
use crate::usecase::import::{self, Decide};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use std::sync::Arc;

/// An import of a directory that was looked at before it is made.
#[derive(Debug, Clone)]
pub struct ImportRun(pub Arc<domain::PublisherRun>);

connection!(ImportRunConnection, ImportRunEdge, ImportRun, "imports");
connection!(ImportDifferenceConnection, ImportDifferenceEdge, ImportDifference, "differences");

/// One field that an import would change.
#[derive(Debug, Clone, SimpleObject)]
pub struct ImportFieldChange {
    /// The field, as HSDS or the directory calls it.
    pub field: String,
    /// What stands now.
    pub from: String,
    /// What comes.
    pub to: String,
}

/// What an import would do with one thing.
#[derive(Debug, Clone, SimpleObject)]
pub struct ImportDifference {
    /// What it would do.
    pub verdict: Verdict,
    /// What kind of thing it is, by its name in HSDS, such as service; taxonomy_term for a word of the source.
    pub entity: String,
    /// Its identifier in the source; for a word, its scheme and code.
    pub source_id: String,
    /// Its name.
    pub name: String,
    /// The fields that change.
    pub fields: Vec<ImportFieldChange>,
    /// More: for a conflict the key of the service that stands, for a word that no crosswalk knows the code of the
    /// category that seems nearest.
    pub detail: Option<String>,
}

/// How many things an import would treat so.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub struct ImportCount {
    /// What it would do.
    pub verdict: Verdict,
    /// With how many.
    pub count: i32,
}

impl From<domain::Difference> for ImportDifference {
    fn from(from: domain::Difference) -> Self {
        let change = |change: domain::FieldChange| {
            let domain::FieldChange { field, from, to } = change;
            ImportFieldChange { field, from, to }
        };
        let domain::Difference { verdict, entity, source_id, name, fields, detail } = from;
        Self { verdict, entity, source_id, name, fields: fields.into_iter().map(change).collect(), detail }
    }
}

/// An import of a directory that was looked at before it is made. It is seen by those of its publisher who edit the
/// directory in all programs.
#[Object]
impl ImportRun {
    /// The global identifier.
    pub async fn id(&self) -> ID {
        scalar::id(Kind::ImportRun, self.0.id)
    }

    /// Rises by one with each change; hand it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The name of the source, by which its next edition is known again.
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// The name of the file that was handed in.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// Where it stands. What was decided for stays PREVIEWED until it is made, a minute later or so.
    async fn status(&self) -> RunStatus {
        self.0.status
    }

    /// What your organization decided; null until it does.
    async fn decision(&self) -> Option<RunDecision> {
        self.0.decision
    }

    /// When that was.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// The code of what was against it, where it was wanted and not made: STALE_VERSION where what stands here, or what it
    /// would do, is not what was shown any more.
    async fn failure(&self) -> Option<&str> {
        self.0.failure.as_deref()
    }

    /// Whether it is being looked at anew, since something was decided that changes what it would do. Until that is done,
    /// in a minute or so, it can be refused and not wanted; then its version rises.
    async fn is_being_looked_at(&self) -> bool {
        self.0.looks_again
    }

    /// When it was looked at.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was made or refused.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// What it would do, counted; what it would do with nothing is not told.
    async fn counts(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ImportCount>> {
        let all = self.all(ctx).await?;
        let count = |verdict: &Verdict| {
            let count = all.iter().filter(|difference| difference.verdict == *verdict).count();
            (count > 0).then(|| ImportCount { verdict: *verdict, count: i32::try_from(count).unwrap_or(i32::MAX) })
        };
        Ok(Verdict::ALL.iter().filter_map(count).collect())
    }

    /// What it would do, thing by thing: what is added, changed field by field, gone, contested, left alone or not
    /// understood.
    async fn differences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Only these; all when not given.")] verdict: Option<Vec<Verdict>>,
    ) -> async_graphql::Result<ImportDifferenceConnection> {
        let window = Slice { first, after, last, before }.window(ctx)?;
        let wanted = distinct(verdict);
        let mut all = self.all(ctx).await?;
        all.retain(|difference| wanted.is_empty() || wanted.contains(&difference.verdict));
        Ok(ImportDifferenceConnection::of(cut(all, &window), Into::into))
    }
}

impl ImportRun {
    async fn all(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<domain::Difference>> {
        let found = import::publisher_differences(ctx.app(), ctx.actor(), self.0.id).await;
        found.map_err(|fault| ctx.broke(&fault))
    }
}

payload! {
    /// The import that was decided about, or what to put right.
    DecideImportRunPayload {
        /// The import as it stands now; null when nothing was changed.
        import_run: ImportRun
    }
}

/// What your organization decides about an import.
#[derive(Debug, Clone, InputObject)]
pub struct DecideImportRunInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The import.
    import_run_id: ID,
    /// The version you read.
    expected_version: i32,
    /// Whether it is to be made.
    decision: RunDecision,
}

/// Which imports are asked for. What is not given does not limit.
#[derive(Debug, Clone, Default, InputObject)]
pub struct ImportRunFilter {
    /// Where they stand.
    status: Option<Vec<RunStatus>>,
}

/// Imports about which a publisher decides.
#[derive(Debug, Default)]
pub struct ImportRunQuery;

/// Imports about which a publisher decides.
#[Object]
impl ImportRunQuery {
    /// Imports of your organization that were looked at before they are made, the newest first. For those who edit the
    /// directory in all programs; others see none.
    async fn import_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which imports; all when not given.")] filter: Option<ImportRunFilter>,
    ) -> async_graphql::Result<ImportRunConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        if ctx.actor().organization().is_none() {
            return Err(refused(Refusal::Unauthenticated));
        }
        let status = distinct(filter.unwrap_or_default().status);
        let Some(organization) = import::sight_of(ctx.actor()) else {
            let nothing = Page { items: Vec::new(), has_next: false, has_previous: false, total: Some(0) };
            return Ok(ImportRunConnection::of(nothing, of));
        };
        let page = import::publisher_runs(ctx.app(), organization, &status, &window).await;
        Ok(ImportRunConnection::of(page.map_err(|fault| ctx.broke(&fault))?, of))
    }
}

fn of(found: domain::PublisherRun) -> ImportRun {
    ImportRun(Arc::new(found))
}

/// Imports about which a publisher decides.
#[derive(Debug, Default)]
pub struct ImportRunMutation;

/// Imports about which a publisher decides.
#[Object]
impl ImportRunMutation {
    /// Says whether an import that was looked at is to be made. It is made soon, just as it was shown, or not at all. Needs
    /// EDIT_DIRECTORY in all programs.
    async fn decide_import_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is decided.")] input: DecideImportRunInput,
    ) -> Option<DecideImportRunPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "decideImportRun", &input.idempotency_key, &text);
        let done = async {
            let mut reader = Reader::default();
            let run = reader.key("importRunId", Kind::ImportRun, &input.import_run_id);
            let decide =
                reader.settle(Decide { run, expected_version: input.expected_version, decision: input.decision })?;
            import::decide_run(ctx.app(), ask, decide).await
        };
        told(ctx, ask, done.await).await
    }
}

async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<ImportRunId>) -> Option<P>
where
    P: From<Result<Option<ImportRun>, Vec<UserError>>>,
{
    Some(match settle(ctx, ask, done).await? {
        Ok(id) => P::from(Ok(ctx.found(import::publisher_run(ctx.app(), ctx.actor(), id).await).map(of))),
        Err(errors) => P::from(Err(errors)),
    })
}
