//! What stands in for a consent that could not be had, in the schema.

use crate::domain::case::ConsentField;
use crate::domain::consent::{self as domain, OverrideBasis, OverrideVerdict};
use crate::domain::global_id::Kind;
use crate::domain::id::ConsentOverrideId;
use crate::domain::rule::{Failure, Outcome};
use crate::domain::sealed::Private;
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::UserError;
use crate::graphql::input::Reader;
use crate::graphql::paging::{Slice, connection};
use crate::graphql::payload::payload;
use crate::graphql::scalar::{Cursor, DateTime, id};
use crate::usecase::{Ask, consent};
use async_graphql::{Context, ID, InputObject, Object};
use std::sync::Arc;

/// A disclosure to one receiver in place of a consent that could not be had.
#[derive(Clone)]
pub struct ConsentOverride(pub Arc<domain::ConsentOverride>);

connection!(ConsentOverrideConnection, ConsentOverrideEdge, ConsentOverride, "overrides");

/// A disclosure to one receiver in place of a consent that could not be had: where a life is at risk, or the person can't
/// consent. A mental health professional determines it, it holds for 72 hours at the most, and each is reviewed.
#[Object]
impl ConsentOverride {
    /// The public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ConsentOverride, self.0.id)
    }

    /// The version to send back with a review.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The case.
    async fn case_id(&self) -> ID {
        id(Kind::Case, self.0.case_id)
    }

    /// Who may receive something under it.
    async fn receiver_id(&self) -> ID {
        id(Kind::Organization, self.0.receiver_id)
    }

    /// Why.
    async fn basis(&self) -> OverrideBasis {
        self.0.basis
    }

    /// What may be disclosed.
    async fn fields(&self) -> &[ConsentField] {
        &self.0.fields
    }

    /// The licensed member who determined it.
    async fn determined_by_id(&self) -> ID {
        id(Kind::Member, self.0.determined_by)
    }

    /// The member who recorded it.
    async fn recorded_by_id(&self) -> ID {
        id(Kind::Member, self.0.recorded_by)
    }

    /// What was determined. Null when it can't be opened.
    async fn reason(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().override_reason(&self.0).map(|text| Some(text.into_inner())))
    }

    /// When it was recorded.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Until when something may be sent under it.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When the licensed member confirmed it, or recorded it themselves. Nothing is sent under it before.
    async fn confirmed_at(&self) -> Option<DateTime> {
        self.0.confirmed_at.map(DateTime)
    }

    /// Whether the person had withdrawn a consent for this receiver before.
    async fn is_after_withdrawal(&self) -> bool {
        self.0.after_withdrawal
    }

    /// What the review found; null until there was one.
    async fn verdict(&self) -> Option<OverrideVerdict> {
        self.0.verdict
    }

    /// What the reviewer wrote.
    async fn verdict_text(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().override_verdict(&self.0).map(|text| text.map(Private::into_inner)))
    }

    /// When it was reviewed.
    async fn reviewed_at(&self) -> Option<DateTime> {
        self.0.reviewed_at.map(DateTime)
    }
}

/// An override to record.
#[derive(InputObject)]
pub struct RecordConsentOverrideInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case that your organization holds.
    pub case_id: ID,
    /// Who may receive something under it.
    pub receiver_id: ID,
    /// Why the person could not be asked.
    pub basis: OverrideBasis,
    /// The mental health professional of your organization who determined it; you yourself when absent.
    pub determined_by_id: Option<ID>,
    /// What was determined, up to 2,000 characters.
    pub reason: String,
    /// What may be disclosed; at least what a receiver needs to decide.
    pub fields: Vec<ConsentField>,
    /// For how many hours it holds, 1 to 72.
    #[graphql(default = 72)]
    pub valid_hours: i32,
}

impl RecordConsentOverrideInput {
    fn checked(&self) -> Result<consent::RecordOverride, Failure> {
        let mut reader = Reader::default();
        let record = consent::RecordOverride {
            case: reader.key("caseId", Kind::Case, &self.case_id),
            receiver: reader.key("receiverId", Kind::Organization, &self.receiver_id),
            basis: self.basis,
            determined_by: reader.optional("determinedById", Kind::Member, self.determined_by_id.as_ref()),
            reason: Private::new(self.reason.clone()),
            fields: self.fields.clone(),
            hours: self.valid_hours.into(),
        };
        reader.settle(record)
    }
}

/// An override to confirm.
#[derive(InputObject)]
pub struct ConfirmConsentOverrideInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The override.
    pub override_id: ID,
    /// Its version that you read.
    pub expected_version: i32,
}

/// A review of an override.
#[derive(InputObject)]
pub struct ReviewConsentOverrideInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The override.
    pub override_id: ID,
    /// Its version that you read.
    pub expected_version: i32,
    /// What you found.
    pub verdict: OverrideVerdict,
    /// Why, up to 2,000 characters.
    pub text: String,
}

impl ReviewConsentOverrideInput {
    fn checked(&self) -> Result<consent::ReviewOverride, Failure> {
        let mut reader = Reader::default();
        let review = consent::ReviewOverride {
            id: reader.key("overrideId", Kind::ConsentOverride, &self.override_id),
            expected_version: self.expected_version,
            verdict: self.verdict,
            text: Private::new(self.text.clone()),
        };
        reader.settle(review)
    }
}

payload! {
    /// What `recordConsentOverride` did.
    RecordConsentOverridePayload {
        /// The override, or null when nothing was changed.
        consent_override: ConsentOverride
    }
}

payload! {
    /// What `confirmConsentOverride` did.
    ConfirmConsentOverridePayload {
        /// The override as it now stands, or null when nothing was changed.
        consent_override: ConsentOverride
    }
}

payload! {
    /// What `reviewConsentOverride` did.
    ReviewConsentOverridePayload {
        /// The override as it now stands, or null when nothing was changed.
        consent_override: ConsentOverride
    }
}

async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<ConsentOverrideId>) -> Option<P>
where
    P: From<Result<Option<ConsentOverride>, Vec<UserError>>>,
{
    Some(match settle(ctx, ask, done).await? {
        Ok(id) => {
            let found = consent::consent_override(ctx.app(), ctx.actor(), id).await;
            P::from(Ok(ctx.found(found).map(|found| ConsentOverride(Arc::new(found)))))
        }
        Err(errors) => P::from(Err(errors)),
    })
}

/// Mutations on what stands in for a consent.
#[derive(Default)]
pub struct ConsentOverrideMutation;

#[Object]
impl ConsentOverrideMutation {
    /// Records that something may be disclosed to one receiver though the person could not consent. A mental health professional of the holder determines it; they or a SUPERVISOR record it, and nothing is sent under it before they confirmed it. The data-protection focal point is asked to review it.
    async fn record_consent_override(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What may go to whom, and why.")] input: RecordConsentOverrideInput,
    ) -> Option<RecordConsentOverridePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "recordConsentOverride", &input.idempotency_key, &text);
        let done = async { consent::record_override(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Says that you determined an override that a SUPERVISOR recorded in your name. Needs the role
    /// MENTAL_HEALTH_PROFESSIONAL of the holder.
    async fn confirm_consent_override(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which override.")] input: ConfirmConsentOverrideInput,
    ) -> Option<ConfirmConsentOverridePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "confirmConsentOverride", &input.idempotency_key, &text);
        let done = async {
            let mut reader = Reader::default();
            let key = reader.key("overrideId", Kind::ConsentOverride, &input.override_id);
            consent::confirm_override(ctx.app(), ask, reader.settle(key)?, input.expected_version).await
        }
        .await;
        told(ctx, ask, done).await
    }

    /// Says whether an override was right. Where it was not, what was shown under it ends at once. Needs the role DATA_PROTECTION of the holder; not for those who determined or recorded it.
    async fn review_consent_override(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which override, and what you found.")] input: ReviewConsentOverrideInput,
    ) -> Option<ReviewConsentOverridePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "reviewConsentOverride", &input.idempotency_key, &text);
        let done = async { consent::review_override(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }
}

/// Queries on what stands in for a consent.
#[derive(Default)]
pub struct ConsentOverrideQuery;

#[Object]
impl ConsentOverrideQuery {
    /// The overrides of your organization, the newest first, for its supervisors and its data-protection focal point; others see those in which they had a part.
    async fn consent_overrides(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Only reviewed ones, or only those that wait for a review.")] is_reviewed: Option<bool>,
    ) -> async_graphql::Result<ConsentOverrideConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let page = consent::consent_overrides(ctx.app(), ctx.actor(), is_reviewed, &window).await;
        let page = page.map_err(|fault| ctx.broke(&fault))?;
        Ok(ConsentOverrideConnection::of(page, |found| ConsentOverride(Arc::new(found))))
    }
}
