//! Drafts of entries and their review in the schema, and what is worth a second look when one is published.

use crate::domain::global_id::Kind;
use crate::domain::id::ServiceRevisionId;
use crate::domain::revision::{self as domain, RevisionState};
use crate::domain::rule::{Failure, Outcome, Refusal, Rule, RuleCode};
use crate::domain::service::Visibility;
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::{UserError, refused};
use crate::graphql::input::{Reader, distinct};
use crate::graphql::paging::{Slice, connection};
use crate::graphql::payload::payload;
use crate::graphql::scalar::{self, Cursor, DateTime, LanguageTag, LocalDate};
use crate::graphql::service::{Service, service_by_key};
use crate::graphql::service_input::DraftInput;
use crate::graphql::service_parts::Eligibility;
use crate::usecase::Ask;
use crate::usecase::revision::{self, Replaced, Review, Which};
use crate::usecase::service::near_duplicates;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use std::sync::Arc;

/// A draft of an entry, or of a change of one.
#[derive(Debug, Clone)]
pub struct ServiceRevision(pub Arc<domain::ServiceRevision>);

connection!(ServiceRevisionConnection, ServiceRevisionEdge, ServiceRevision, "drafts");

/// A draft of an entry, or of a change of one. It is seen by the organization that writes it, and once it is submitted, by
/// those who review it. Nothing of it is in the directory before it is published.
#[Object]
impl ServiceRevision {
    /// The global identifier.
    pub async fn id(&self) -> ID {
        scalar::id(Kind::ServiceRevision, self.0.id)
    }

    /// Rises by one with each change; hand it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// How it stands.
    async fn state(&self) -> RevisionState {
        self.0.state
    }

    /// The service that it changes or has become; null for a new one that is not published yet.
    async fn service_id(&self) -> Option<ID> {
        self.0.service_id.map(|service| scalar::id(Kind::Service, service))
    }

    /// The service as the directory shows it now; null for a new one that is not published yet.
    async fn service(&self, ctx: &Context<'_>) -> Option<Service> {
        service_by_key(ctx, self.0.service_id?).await
    }

    /// The organization that writes it.
    async fn organization_id(&self) -> ID {
        scalar::id(Kind::Organization, self.0.organization_id)
    }

    /// The program that the service is to be part of.
    async fn program_id(&self) -> Option<ID> {
        self.0.program_id.map(|program| scalar::id(Kind::Program, program))
    }

    /// The name as it is to be, in the base language.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it says.
    async fn proposal(&self) -> ProposedService {
        ProposedService::of(&self.0.proposal)
    }

    /// The word of who reviewed it last; empty where there is none.
    async fn review_note(&self) -> &str {
        &self.0.review_note
    }

    /// The organization that reviewed it last.
    async fn reviewed_by_organization_id(&self) -> Option<ID> {
        self.0.reviewed_by_organization_id.map(|id| scalar::id(Kind::Organization, id))
    }

    /// When it was submitted last.
    async fn submitted_at(&self) -> Option<DateTime> {
        self.0.submitted_at.map(DateTime)
    }

    /// When it was reviewed last.
    async fn reviewed_at(&self) -> Option<DateTime> {
        self.0.reviewed_at.map(DateTime)
    }

    /// When it was begun.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

/// What a draft says. Null is what it does not say: in a change, it stays as it is. Where a service is given is not told
/// here, because a place may be confidential.
#[derive(Debug, Clone, SimpleObject)]
pub struct ProposedService {
    /// The category's code.
    category_code: Option<String>,
    /// Who is to see it.
    visibility: Option<Visibility>,
    /// The language of the texts.
    language: Option<LanguageTag>,
    /// The name.
    name: Option<String>,
    /// The description.
    description: Option<String>,
    /// How to apply.
    application_process: Option<String>,
    /// Who may come.
    eligibility: Option<Eligibility>,
    /// The languages spoken.
    languages: Option<Vec<LanguageTag>>,
    /// The documents to bring.
    required_documents: Option<Vec<String>>,
    /// Whether it takes referrals.
    takes_referrals: Option<bool>,
    /// The last day on which it is funded.
    funding_ends: Option<LocalDate>,
    /// How many places a new service has.
    total_places: Option<i32>,
}

impl ProposedService {
    fn of(proposal: &domain::Proposal) -> Self {
        let entry = &proposal.entry;
        Self {
            category_code: entry.category.clone().flatten(),
            visibility: entry.visibility,
            language: entry.language.clone().map(LanguageTag),
            name: entry.name.clone(),
            description: entry.description.clone(),
            application_process: entry.application_process.clone(),
            eligibility: entry.eligibility.as_ref().map(Eligibility::from),
            languages: entry.languages.clone().map(|all| all.into_iter().map(LanguageTag).collect()),
            required_documents: entry.required_documents.clone(),
            takes_referrals: entry.takes_referrals,
            funding_ends: entry.funding_ends.clone().flatten().and_then(|day| LocalDate::stored(Some(&day))),
            total_places: proposal.capacity.and_then(|places| places.total),
        }
    }
}

/// Something that is worth a second look.
#[derive(Debug, Clone, SimpleObject)]
pub struct ServiceWarning {
    /// A service that you can see and that seems to be the same, or to do the same in the same place.
    near_duplicate: Service,
}

/// What is worth a second look with a service that was published.
pub async fn warnings(ctx: &Context<'_>, service: Option<&Service>) -> Vec<ServiceWarning> {
    let Some(service) = service else { return Vec::new() };
    let found = near_duplicates(ctx.app(), &ctx.sight(), &service.0).await.map(Some);
    let warned = |near| ServiceWarning { near_duplicate: Service::of(near) };
    ctx.found(found).unwrap_or_default().into_iter().map(warned).collect()
}

/// The draft that is to be written anew.
///
/// # Errors
/// INVALID or REQUIRED below `asDraft`.
pub fn drafted(input: &DraftInput) -> Result<Replaced, Failure> {
    let Some(id) = &input.revision_id else { return Ok(None) };
    let key = scalar::key(Kind::ServiceRevision, id);
    let revision = key.ok_or_else(|| Rule::at("asDraft.revisionId", RuleCode::Invalid))?.into();
    let version = input.expected_version.ok_or_else(|| Rule::at("asDraft.expectedVersion", RuleCode::Required))?;
    Ok(Some(Which { revision, expected_version: version }))
}

/// The draft with this key, if the asker can see it.
pub async fn revision_by_key(ctx: &Context<'_>, id: ServiceRevisionId) -> Option<ServiceRevision> {
    ctx.found(revision::one(ctx.app(), ctx.actor(), id).await).map(of)
}

fn of(found: domain::ServiceRevision) -> ServiceRevision {
    ServiceRevision(Arc::new(found))
}

payload! {
    /// The submitted draft, or what to put right.
    SubmitServiceRevisionPayload {
        /// The draft as it stands now; null when nothing was changed.
        revision: ServiceRevision
    }
}

payload! {
    /// The reviewed draft, or what to put right.
    ReviewServiceRevisionPayload {
        /// The draft as it stands now; null when nothing was changed.
        revision: ServiceRevision
    }
}

payload! {
    /// The published draft, or what to put right.
    PublishServiceRevisionPayload {
        /// The draft as it stands now; null when nothing was changed.
        revision: ServiceRevision
    }
}

payload! {
    /// The draft that was given up, or what to put right.
    DiscardServiceRevisionPayload {
        /// The draft as it stands now; null when nothing was changed.
        revision: ServiceRevision
    }
}

/// Declares the input of a step that says nothing but which draft.
macro_rules! step_input {
    ($(#[doc = $doc:literal])* $name:ident) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, InputObject)]
        pub struct $name {
            /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to
            /// 255 printable signs without blanks.
            idempotency_key: String,
            /// The draft.
            revision_id: ID,
            /// The version you read.
            expected_version: i32,
        }
    };
}

step_input! {
    /// Which draft to submit.
    SubmitServiceRevisionInput
}
step_input! {
    /// Which draft to publish.
    PublishServiceRevisionInput
}
step_input! {
    /// Which draft to give up.
    DiscardServiceRevisionInput
}

/// What the reviewer says.
#[derive(Debug, Clone, InputObject)]
pub struct ReviewServiceRevisionInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The draft.
    revision_id: ID,
    /// The version you read.
    expected_version: i32,
    /// Whether it is published; otherwise it is sent back.
    approves: bool,
    /// A word on it, at most 1,000 characters. Needed where it is sent back.
    note: Option<String>,
}

fn which(id: &ID, expected_version: i32) -> Result<Which, Failure> {
    let mut reader = Reader::default();
    let revision = reader.key("revisionId", Kind::ServiceRevision, id);
    reader.settle(Which { revision, expected_version })
}

async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<ServiceRevisionId>) -> Option<P>
where
    P: From<Result<Option<ServiceRevision>, Vec<UserError>>>,
{
    Some(match settle(ctx, ask, done).await? {
        Ok(id) => P::from(Ok(revision_by_key(ctx, id).await)),
        Err(errors) => P::from(Err(errors)),
    })
}

/// Drafts of entries.
#[derive(Debug, Default)]
pub struct RevisionQuery;

/// Drafts of entries.
#[Object]
impl RevisionQuery {
    /// The drafts of your organization, and those that were submitted to it; the newest first.
    async fn service_revisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "How they stand; all when not given.")] state: Option<Vec<RevisionState>>,
    ) -> async_graphql::Result<ServiceRevisionConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let sight = revision::sight_of(ctx.actor()).ok_or_else(|| refused(Refusal::Unauthenticated))?;
        let page = revision::list(ctx.app(), &sight, &distinct(state), &window).await;
        Ok(ServiceRevisionConnection::of(page.map_err(|fault| ctx.broke(&fault))?, of))
    }
}

/// Steps of drafts. They are written with `publishService` and `updateService`, as drafts.
#[derive(Debug, Default)]
pub struct RevisionMutation;

/// Steps of drafts. They are written with `publishService` and `updateService`, as drafts.
#[Object]
impl RevisionMutation {
    /// Hands a draft over for review: to another editor of your organization, or to the program's leading organization
    /// where the program asks for it. Needs EDIT_DIRECTORY.
    async fn submit_service_revision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which draft.")] input: SubmitServiceRevisionInput,
    ) -> Option<SubmitServiceRevisionPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "submitServiceRevision", &input.idempotency_key, &text);
        let done = async { revision::submit(ctx.app(), ask, which(&input.revision_id, input.expected_version)?).await };
        told(ctx, ask, done.await).await
    }

    /// Approves a submitted draft, which publishes it, or sends it back. Nobody approves what they wrote or submitted
    /// themselves. Needs EDIT_DIRECTORY of the organization that reviews.
    async fn review_service_revision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which draft, and what you say.")] input: ReviewServiceRevisionInput,
    ) -> Option<ReviewServiceRevisionPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "reviewServiceRevision", &input.idempotency_key, &text);
        let done = async {
            let which = which(&input.revision_id, input.expected_version)?;
            let note = input.note.clone().unwrap_or_default();
            revision::review(ctx.app(), ask, Review { which, approves: input.approves, note }).await
        };
        told(ctx, ask, done.await).await
    }

    /// Publishes a draft without a review, where its program does not ask for one. Needs EDIT_DIRECTORY.
    async fn publish_service_revision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which draft.")] input: PublishServiceRevisionInput,
    ) -> Option<PublishServiceRevisionPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "publishServiceRevision", &input.idempotency_key, &text);
        let done =
            async { revision::publish_draft(ctx.app(), ask, which(&input.revision_id, input.expected_version)?).await };
        told(ctx, ask, done.await).await
    }

    /// Gives a draft up. Needs EDIT_DIRECTORY.
    async fn discard_service_revision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which draft.")] input: DiscardServiceRevisionInput,
    ) -> Option<DiscardServiceRevisionPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "discardServiceRevision", &input.idempotency_key, &text);
        let done =
            async { revision::discard(ctx.app(), ask, which(&input.revision_id, input.expected_version)?).await };
        told(ctx, ask, done.await).await
    }
}
