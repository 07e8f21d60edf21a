//! Services that two publishers have and words that no crosswalk knows, in the schema.

use crate::domain::global_id::Kind;
use crate::domain::id::ImportConflictId;
use crate::domain::import_desk::{self as domain, ConflictSide, WordDecision};
use crate::domain::import_run::{ConflictCause, ConflictDecision};
use crate::domain::page::Page;
use crate::domain::rule::{Outcome, Refusal};
use crate::graphql::category::Category;
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::{UserError, refused};
use crate::graphql::input::Reader;
use crate::graphql::organization::Organization;
use crate::graphql::paging::{Slice, connection, cut};
use crate::graphql::payload::payload;
use crate::graphql::scalar::{self, Cursor, DateTime};
use crate::graphql::service::{Service, service_by_key};
use crate::usecase::import::{self, DecideConflict, DecideWord};
use crate::usecase::{Ask, taxonomy};
use async_graphql::{Context, ID, InputObject, Object};
use std::sync::Arc;

/// A service that two publishers have.
#[derive(Debug, Clone)]
pub struct ImportConflict(pub Arc<domain::PublisherConflict>);

/// A word of a source that no crosswalk knows.
#[derive(Debug, Clone)]
pub struct ImportWord(pub Arc<domain::ImportWord>);

connection!(ImportConflictConnection, ImportConflictEdge, ImportConflict, "conflicts");
connection!(ImportWordConnection, ImportWordEdge, ImportWord, "words");

/// A service that two publishers have: one stands here, and the other comes with an import and is held back until somebody
/// decides. Both publishers see it, those of them who edit the directory in all programs.
#[Object]
impl ImportConflict {
    /// The global identifier.
    pub async fn id(&self) -> ID {
        scalar::id(Kind::ImportConflict, self.0.id)
    }

    /// Rises by one with each change; hand it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The name of the source from which the other one comes.
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// The incoming service's identifier in its source.
    async fn incoming_id(&self) -> &str {
        &self.0.source_id
    }

    /// The incoming service's name.
    async fn incoming_name(&self) -> &str {
        &self.0.name
    }

    /// Who publishes the source; null where nobody is known to. Then the other side decides alone.
    async fn incoming_publisher(&self) -> Option<Organization> {
        self.0.incoming.clone().map(Organization::of)
    }

    /// The global identifier of the service that stands.
    async fn standing_service_id(&self) -> ID {
        scalar::id(Kind::Service, self.0.service_id)
    }

    /// The service that stands, as it is now; null where you may not see it.
    async fn standing_service(&self, ctx: &Context<'_>) -> Option<Service> {
        service_by_key(ctx, self.0.service_id).await
    }

    /// Whose it is.
    async fn standing_publisher(&self) -> Organization {
        Organization::of(self.0.standing.clone())
    }

    /// Why the two are taken for one.
    async fn cause(&self) -> ConflictCause {
        self.0.cause
    }

    /// On which side your organization is.
    async fn your_side(&self, ctx: &Context<'_>) -> Option<ConflictSide> {
        self.0.side_of(ctx.actor().organization()?)
    }

    /// Whether it still waits: nothing is decided, and the service that stood is not retired.
    async fn is_open(&self) -> bool {
        self.0.decision.is_none() && self.0.stands
    }

    /// What was decided; the next import of the source does it. Null until then.
    async fn decision(&self) -> Option<ConflictDecision> {
        self.0.decision
    }

    /// Which side decided it.
    async fn decided_by(&self) -> Option<ConflictSide> {
        self.0.decided_by
    }

    /// When that was.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// What one side wants at the cost of the other side's service: it is done when the other says so too.
    async fn wish(&self) -> Option<ConflictDecision> {
        self.0.wish
    }

    /// Which side wants that.
    async fn wished_by(&self) -> Option<ConflictSide> {
        self.0.wished_by
    }

    /// When it was found.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// A word of one of your sources that no crosswalk knows: services that carry it wait unclassified.
#[Object]
impl ImportWord {
    /// The name of the source.
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// Name or identifier of the taxonomy it is of.
    async fn scheme(&self) -> &str {
        &self.0.scheme
    }

    /// Its code, or its name where it has none.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Its name, for people.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// How many services of the last import carry it.
    async fn services(&self) -> i32 {
        self.0.services
    }

    /// The code of the category whose label is nearest in any language; null where none is near. It is never taken by
    /// itself.
    async fn suggested_category_code(&self) -> Option<&str> {
        self.0.suggestion.as_deref()
    }

    /// That category.
    #[graphql(complexity = "1 + child_complexity")]
    async fn suggested_category(&self, ctx: &Context<'_>) -> Option<Category> {
        let code = self.0.suggestion.as_deref()?;
        ctx.found(taxonomy::term(ctx.app(), &ctx.sight(), code).await).map(Category)
    }

    /// What was decided; the next import of the source does it. Null until then.
    async fn decision(&self) -> Option<WordDecision> {
        self.0.decision
    }

    /// The code of the category that it was mapped to.
    async fn category_code(&self) -> Option<&str> {
        self.0.category.as_deref()
    }

    /// Rises by one with each change; hand it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When an import met it first.
    async fn first_seen_at(&self) -> DateTime {
        DateTime(self.0.first_seen_at)
    }

    /// When an import met it last.
    async fn last_seen_at(&self) -> DateTime {
        DateTime(self.0.last_seen_at)
    }

    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }
}

payload! {
    /// The conflict that somebody decided about, or what to put right.
    DecideImportConflictPayload {
        /// The conflict as it stands now; null when nothing was changed.
        conflict: ImportConflict
    }
}

payload! {
    /// The word that somebody decided about, or what to put right.
    DecideImportWordPayload {
        /// The word as it stands now; null when nothing was changed.
        word: ImportWord
    }
}

/// What your organization says about a service that two publishers have.
#[derive(Debug, Clone, InputObject)]
pub struct DecideImportConflictInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The conflict.
    conflict_id: ID,
    /// The version you read.
    expected_version: i32,
    /// What is to be done.
    decision: ConflictDecision,
}

/// What your organization says about a word of its source.
#[derive(Debug, Clone, InputObject)]
pub struct DecideImportWordInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The name of the source.
    source: String,
    /// Name or identifier of the taxonomy the word is of.
    scheme: String,
    /// Its code.
    code: String,
    /// The version you read.
    expected_version: i32,
    /// Whether it stands for a category.
    decision: WordDecision,
    /// The code of the standard category it stands for; needed with MAP, and only there.
    category_code: Option<String>,
}

/// Conflicts and words of imports.
#[derive(Debug, Default)]
pub struct ImportDeskQuery;

/// Conflicts and words of imports.
#[Object]
impl ImportDeskQuery {
    /// Services of your organization that another publisher has too, and services of its sources that stand here already;
    /// the newest first. For those who edit the directory in all programs; others see none.
    async fn import_conflicts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Only those that still wait.", default)] only_open: bool,
    ) -> async_graphql::Result<ImportConflictConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        if ctx.actor().organization().is_none() {
            return Err(refused(Refusal::Unauthenticated));
        }
        let Some(organization) = import::sight_of(ctx.actor()) else {
            let nothing = Page { items: Vec::new(), has_next: false, has_previous: false, total: Some(0) };
            return Ok(ImportConflictConnection::of(nothing, of));
        };
        let page = import::publisher_conflicts(ctx.app(), organization, only_open, &window).await;
        Ok(ImportConflictConnection::of(page.map_err(|fault| ctx.broke(&fault))?, of))
    }

    /// Words of your organization's sources that no crosswalk knows, those of most services first. For those who edit the
    /// directory in all programs; others see none.
    async fn import_words(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Only those that nobody has decided about.", default)] only_open: bool,
    ) -> async_graphql::Result<ImportWordConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        if ctx.actor().organization().is_none() {
            return Err(refused(Refusal::Unauthenticated));
        }
        let found = import::publisher_words(ctx.app(), ctx.actor(), only_open).await;
        let all = found.map_err(|fault| ctx.broke(&fault))?;
        Ok(ImportWordConnection::of(cut(all, &window), |word| ImportWord(Arc::new(word))))
    }
}

fn of(found: domain::PublisherConflict) -> ImportConflict {
    ImportConflict(Arc::new(found))
}

/// Conflicts and words of imports.
#[derive(Debug, Default)]
pub struct ImportDeskMutation;

/// Conflicts and words of imports.
#[Object]
impl ImportDeskMutation {
    /// Says what is to become of a service that two publishers have. What costs your own service, or neither, is decided
    /// with that; what costs the other publisher's is a wish until they say the same. They are told. The next import of
    /// the source does what was decided, and imports that wait for a decision are looked at anew. Needs EDIT_DIRECTORY in
    /// all programs.
    async fn decide_import_conflict(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: DecideImportConflictInput,
    ) -> Option<DecideImportConflictPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "decideImportConflict", &input.idempotency_key, &text);
        let done = async {
            let mut reader = Reader::default();
            let conflict = reader.key("conflictId", Kind::ImportConflict, &input.conflict_id);
            let DecideImportConflictInput { expected_version, decision, .. } = input;
            let decide = reader.settle(DecideConflict { conflict, expected_version, decision })?;
            import::decide_conflict(ctx.app(), ask, decide).await
        };
        told(ctx, ask, done.await).await
    }

    /// Maps a word of one of your sources to a category from today on, or refuses it. The next import of the source takes
    /// it so, and imports that wait for a decision are looked at anew. Needs EDIT_DIRECTORY in all programs.
    async fn decide_import_word(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: DecideImportWordInput,
    ) -> Option<DecideImportWordPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "decideImportWord", &input.idempotency_key, &text);
        let decide = DecideWord {
            source: input.source.clone(),
            scheme: input.scheme.clone(),
            code: input.code.clone(),
            expected_version: input.expected_version,
            decision: input.decision,
            category: input.category_code.clone(),
        };
        let done = import::decide_word(ctx.app(), ask, decide).await;
        Some(match settle(ctx, ask, done).await? {
            Ok((source, scheme, code)) => {
                let all = import::publisher_words(ctx.app(), ctx.actor(), false).await;
                let is_it = |it: &domain::ImportWord| it.source == source && it.scheme == scheme && it.code == code;
                let one = all.map(|all| all.into_iter().find(is_it));
                Ok(ctx.found(one).map(|word| ImportWord(Arc::new(word)))).into()
            }
            Err(errors) => Err(errors).into(),
        })
    }
}

async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<ImportConflictId>) -> Option<P>
where
    P: From<Result<Option<ImportConflict>, Vec<UserError>>>,
{
    Some(match settle(ctx, ask, done).await? {
        Ok(id) => P::from(Ok(ctx.found(import::publisher_conflict(ctx.app(), ctx.actor(), id).await).map(of))),
        Err(errors) => P::from(Err(errors)),
    })
}
