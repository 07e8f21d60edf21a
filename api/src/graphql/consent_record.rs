//! The record of a consent, in the schema.

use crate::domain::case::ConsentField;
use crate::domain::consent_record as domain;
use crate::domain::global_id::Kind;
use crate::domain::language::Language;
use crate::graphql::consent::{Consent, Redaction};
use crate::graphql::context::{Here, known};
use crate::graphql::organization::Organization;
use crate::graphql::scalar::{DateTime, LanguageTag, id, key};
use crate::graphql::text::wanted;
use crate::usecase::consent;
use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;

/// Something that was shown to a receiver under a consent.
#[derive(SimpleObject)]
pub struct ConsentDisclosure {
    /// The referral under which it was shown.
    referral_id: ID,
    /// What was shown.
    fields: Vec<ConsentField>,
    /// Since when.
    since: DateTime,
    /// When it ended; null while it lasts.
    until: Option<DateTime>,
}

/// A consent with all that came of it, to hand to the person. It names organizations and no person.
#[derive(SimpleObject)]
pub struct ConsentRecord {
    /// The consent.
    consent: Consent,
    /// The organization that holds the case.
    holder: Organization,
    /// The organization that may receive something under it.
    receiver: Organization,
    /// What was shown to it, the earliest first.
    disclosures: Vec<ConsentDisclosure>,
    /// What the receiver was asked to remove, and whether it did.
    redactions: Vec<Redaction>,
    /// The language of the text.
    language: LanguageTag,
    /// Whether the text runs from right to left.
    is_right_to_left: bool,
    /// All of it in words, in lines.
    text: String,
}

impl ConsentRecord {
    fn of(record: domain::ConsentRecord, language: Language, text: String) -> Self {
        let disclosed = |shown: domain::Disclosure| ConsentDisclosure {
            referral_id: id(Kind::Referral, shown.referral_id),
            fields: shown.fields,
            since: DateTime(shown.from_at),
            until: shown.until_at.map(DateTime),
        };
        Self {
            consent: Consent(Arc::new(record.consent)),
            holder: Organization(Arc::new(record.holder)),
            receiver: Organization(Arc::new(record.receiver)),
            disclosures: record.disclosures.into_iter().map(disclosed).collect(),
            redactions: record.redactions.into_iter().map(Redaction::from).collect(),
            language: LanguageTag(language.tag().to_owned()),
            is_right_to_left: language.is_rtl(),
            text,
        }
    }
}

/// Queries on the record of a consent.
#[derive(Default)]
pub struct ConsentRecordQuery;

/// Queries on the record of a consent.
#[Object]
impl ConsentRecordQuery {
    /// The record of a consent of a case that your organization holds: what was agreed, what was shown to whom and when, what was withdrawn and removed. Null for any other. Needs READ_CASES.
    async fn consent_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The consent.")] consent_id: ID,
        #[graphql(desc = "The person's language; that of the request when absent.")] language: Option<LanguageTag>,
    ) -> Option<ConsentRecord> {
        let found = async {
            known(ctx)?;
            let Some(key) = key(Kind::Consent, &consent_id) else { return Ok(None) };
            let language = Language::from_tag(&wanted(ctx, language)).unwrap_or(Language::En);
            let found = consent::record(ctx.app(), &ctx.sight(), key.into(), language).await;
            let found = found.map_err(|fault| ctx.broke(&fault))?;
            Ok(found.map(|(record, text)| ConsentRecord::of(record, language, text)))
        };
        ctx.nullable(found.await)
    }
}
