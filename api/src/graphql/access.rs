//! Who can see a case and why, as types of the schema.

use crate::domain::access::{self as domain, AccessBecause};
use crate::domain::case::{Basis, ConsentField};
use crate::domain::global_id::{self, Kind};
use crate::domain::language::Language;
use crate::domain::policy::Power;
use crate::domain::referral::Party;
use crate::graphql::context::{Here, known};
use crate::graphql::error::label;
use crate::graphql::organization::Organization;
use crate::graphql::paging::{Slice, connection};
use crate::graphql::scalar::{Cursor, DateTime, LanguageTag, id, key};
use crate::graphql::text::wanted;
use crate::usecase::access;
use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;

/// An organization's access to a case: which part of it, why, and until when.
#[derive(Clone)]
pub struct CaseAccess(Arc<domain::CaseAccess>);

connection!(CaseAccessConnection, CaseAccessEdge, CaseAccess, "those who can see a case");

/// An organization's access to a case: which part of it, why, and until when.
#[Object]
impl CaseAccess {
    /// The organization.
    async fn organization(&self) -> Organization {
        Organization(Arc::new(self.0.organization.clone()))
    }

    /// Why it can see something.
    async fn because(&self) -> AccessBecause {
        self.0.because
    }

    /// The label of the reason, in the language of the request.
    async fn because_label(&self, ctx: &Context<'_>) -> String {
        use crate::domain::code::Code as _;
        label(ctx.language(), "access-because", self.0.because.code())
    }

    /// What is shown to it. Empty for the holder, who sees all that its roles allow, and for coordination, which sees
    /// states and times and no field.
    async fn fields(&self) -> &[ConsentField] {
        &self.0.fields
    }

    /// The referral that opened the access; null where none did.
    async fn referral_id(&self) -> Option<ID> {
        self.0.referral_id.map(|referral| id(Kind::Referral, referral))
    }

    /// The consent under which it was opened.
    async fn consent_id(&self) -> Option<ID> {
        self.0.consent_id.map(|consent| id(Kind::Consent, consent))
    }

    /// The ground of the disclosure.
    async fn basis(&self) -> Option<Basis> {
        self.0.basis
    }

    /// Since when.
    async fn since(&self) -> DateTime {
        DateTime(self.0.from_at)
    }

    /// When it ended; null while it runs.
    async fn until(&self) -> Option<DateTime> {
        self.0.until_at.map(DateTime)
    }
}

/// Why you can see a thing.
#[derive(Clone, SimpleObject)]
pub struct AccessReason {
    /// The reason.
    because: AccessBecause,
    /// Its label, in the language of the request.
    because_label: String,
    /// The part you play, when the thing is a referral.
    party: Option<Party>,
    /// What a running grant shows you; empty for a holder and for a coordinator.
    fields: Vec<ConsentField>,
    /// The referral from which it comes.
    referral_id: Option<ID>,
    /// Since when.
    since: Option<DateTime>,
    /// What you may do in the thing's program.
    powers: Vec<Power>,
}

/// Who can see what of a case, in words that its person can be given. It names organizations and kinds of information,
/// never what that information says.
#[derive(Clone, SimpleObject)]
pub struct CaseAccessReport {
    /// The language of the text.
    language: LanguageTag,
    /// Whether the text runs from right to left.
    is_right_to_left: bool,
    /// The text, in lines.
    text: String,
}

/// Queries on who sees what.
#[derive(Default)]
pub struct AccessQuery;

/// Queries on who sees what.
#[Object]
impl AccessQuery {
    /// Who can see a case that your organization holds, which part, why and until when, the earliest first. Empty for
    /// every other case, as for one that does not exist. Needs READ_CASES.
    #[expect(clippy::too_many_arguments, reason = "a connection with its arguments")]
    async fn case_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The case.")] case_id: ID,
        #[graphql(desc = "With those whose access has ended.", default)] include_ended: bool,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
    ) -> async_graphql::Result<CaseAccessConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let case = key(Kind::Case, &case_id).unwrap_or_default().into();
        let page = access::case_access(ctx.app(), &ctx.sight(), case, include_ended, &window).await;
        Ok(CaseAccessConnection::of(page.map_err(|fault| ctx.broke(&fault))?, |line| CaseAccess(Arc::new(line))))
    }

    /// Why you can see a case or a referral: as its holder, through a referral, or as coordinator. Null for what you
    /// can't see, as for what does not exist.
    async fn why_can_i_see(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The public identifier of a case or referral.")] id: ID,
    ) -> Option<Vec<AccessReason>> {
        let found = async {
            known(ctx)?;
            let Some(thing) = global_id::decode(&id) else { return Ok(None) };
            let found = access::why_can_i_see(ctx.app(), ctx.actor(), thing).await;
            let found = found.map_err(|fault| ctx.broke(&fault))?;
            Ok(found.map(|reasons| reasons.into_iter().map(|reason| AccessReason::of(ctx, reason)).collect()))
        };
        ctx.nullable(found.await)
    }

    /// The report that the person of a case may have: who can see what, since when and until when. Null unless your
    /// organization holds the case. In English, French or Arabic; other languages get English.
    async fn case_access_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The case.")] case_id: ID,
        #[graphql(desc = "The person's language; that of the request when absent.")] language: Option<LanguageTag>,
    ) -> Option<CaseAccessReport> {
        let found = async {
            known(ctx)?;
            let Some(case) = key(Kind::Case, &case_id) else { return Ok(None) };
            let language = Language::from_tag(&wanted(ctx, language)).unwrap_or(Language::En);
            let found = access::report(ctx.app(), &ctx.sight(), case.into(), language).await;
            Ok(found.map_err(|fault| ctx.broke(&fault))?.map(CaseAccessReport::of))
        };
        ctx.nullable(found.await)
    }
}

impl AccessReason {
    fn of(ctx: &Context<'_>, reason: domain::AccessReason) -> Self {
        use crate::domain::code::Code as _;
        Self {
            because: reason.because,
            because_label: label(ctx.language(), "access-because", reason.because.code()),
            party: reason.party,
            fields: reason.fields,
            referral_id: reason.referral_id.map(|referral| id(Kind::Referral, referral)),
            since: reason.from_at.map(DateTime),
            powers: reason.powers,
        }
    }
}

impl CaseAccessReport {
    fn of(report: access::Report) -> Self {
        Self {
            language: LanguageTag(report.language.tag().to_owned()),
            is_right_to_left: report.language.is_rtl(),
            text: report.text,
        }
    }
}
