//! Consents and redactions as types of the schema.

use crate::domain::case::{self, Basis, ConsentField, ConsentMethod, Purpose};
use crate::domain::consent::{self, ChildView, GivenBy, GuardianRelation, RedactionCause};
use crate::domain::global_id::Kind;
use crate::domain::referral::Channel;
use crate::domain::sealed::Private;
use crate::graphql::context::Here;
use crate::graphql::paging::connection;
use crate::graphql::scalar::{DateTime, LanguageTag, LocalDate, id};
use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;

/// A consent.
#[derive(Clone)]
pub struct Consent(pub Arc<case::Consent>);

/// On what ground something may be disclosed: to whom, for what, which fields, until when.
#[Object]
impl Consent {
    /// The consent's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Consent, self.0.id)
    }

    /// The version, which every change raises.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The organization that may receive the fields.
    async fn receiver_id(&self) -> ID {
        id(Kind::Organization, self.0.receiver_id)
    }

    /// The ground.
    async fn basis(&self) -> Basis {
        self.0.basis
    }

    /// What the disclosure is for.
    async fn purpose(&self) -> Purpose {
        self.0.purpose
    }

    /// What may be disclosed.
    async fn fields(&self) -> &[ConsentField] {
        &self.0.fields
    }

    /// How it was given.
    async fn method(&self) -> ConsentMethod {
        self.0.method
    }

    /// The language in which it was explained.
    async fn language(&self) -> LanguageTag {
        LanguageTag(self.0.language.clone())
    }

    /// The version of the privacy notice that was explained.
    async fn notice_version(&self) -> &str {
        &self.0.notice_version
    }

    /// The day on which it was given.
    async fn given_on(&self) -> Option<LocalDate> {
        LocalDate::stored(Some(&self.0.given_on))
    }

    /// The last day on which it holds; null when it has no end.
    async fn expires_on(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.expires_on.as_deref())
    }

    /// When it was ended before its time.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// When it was recorded.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Whether something more may be disclosed under it today.
    async fn is_current(&self, ctx: &Context<'_>) -> bool {
        self.0.is_current(&ctx.app().today())
    }

    /// Who gave it.
    async fn given_by(&self) -> GivenBy {
        self.0.terms.given_by
    }

    /// What the guardian is to the child; null where no guardian gave it.
    async fn guardian_relation(&self) -> Option<GuardianRelation> {
        self.0.terms.guardian_relation
    }

    /// What the child said; null for adults.
    async fn child_view(&self) -> Option<ChildView> {
        self.0.terms.child_view
    }

    /// Whether the child's caregiver was told; null where it was not asked.
    async fn caregiver_informed(&self) -> Option<bool> {
        self.0.terms.caregiver_informed.map(|told| told == 1)
    }

    /// Why the child's caregiver was not told; null where they were, or nobody asked.
    async fn caregiver_reason(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().caregiver_reason(&self.0).map(|text| text.map(Private::into_inner)))
    }

    /// Whether the receiver may now tell the sender what became of it.
    async fn report_back(&self) -> bool {
        self.0.terms.reports_back()
    }

    /// When all of it was withdrawn.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// By which way the person withdrew it themselves; null where a worker did.
    async fn withdrawn_channel(&self) -> Option<Channel> {
        self.0.terms.withdrawn_channel
    }
}

/// A receiver's duty to remove what it was shown under a consent that was withdrawn. It names no person.
#[derive(Debug, Clone, SimpleObject)]
pub struct Redaction {
    /// The redaction's public identifier.
    #[graphql(owned)]
    pub id: ID,
    /// The referral under which it was shown.
    referral_id: ID,
    /// Why; only for the holder of the case, as the consent: receivers are asked without a word about the reason.
    cause: Option<RedactionCause>,
    /// The consent that it follows from, where there was one.
    consent_id: Option<ID>,
    /// What must be removed; null where it is all that was shown.
    fields: Option<Vec<ConsentField>>,
    /// The organization that must remove it.
    organization_id: ID,
    /// When it was asked for.
    asked_at: DateTime,
    /// By when it must be confirmed.
    due_at: DateTime,
    /// When the receiver confirmed it.
    confirmed_at: Option<DateTime>,
}

impl From<consent::Redaction> for Redaction {
    fn from(redaction: consent::Redaction) -> Self {
        Self {
            id: id(Kind::Redaction, redaction.id),
            referral_id: id(Kind::Referral, redaction.referral_id),
            cause: redaction.cause,
            fields: redaction.fields,
            consent_id: redaction.consent_id.map(|consent| id(Kind::Consent, consent)),
            organization_id: id(Kind::Organization, redaction.organization_id),
            asked_at: DateTime(redaction.asked_at),
            due_at: DateTime(redaction.due_at),
            confirmed_at: redaction.confirmed_at.map(DateTime),
        }
    }
}

connection!(RedactionConnection, RedactionEdge, Redaction, "redactions");
