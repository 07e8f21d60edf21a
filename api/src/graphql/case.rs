//! Cases, needs, goals and consents as types of the schema.

use crate::domain::case::{
    self, AgeBand, Assistance, Basis, CaseStatus, CloseReason, ConsentField, ConsentMethod, Delivery,
    HostLegalSituation, NeedStatus, Purpose, Remigration, ReturnInstrument, Sex, Urgency, Voluntariness,
};
use crate::domain::case_identifier::CaseIdentifier;
use crate::domain::global_id::Kind;
use crate::domain::service::{Dimension, Level, ReturnType};
use crate::graphql::asked;
use crate::graphql::context::Here;
use crate::graphql::event::{Event, EventConnection};
use crate::graphql::organization::Organization;
use crate::graphql::paging::{Slice, connection};
use crate::graphql::referral::{Referral, ReferralConnection};
use crate::graphql::scalar::{Cursor, DateTime, LanguageTag, LocalDate, id};
use crate::usecase::case::listing;
use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;

/// A case.
#[derive(Clone)]
pub struct Case(pub Arc<case::Case>);

connection!(CaseConnection, CaseEdge, Case, "cases");

/// A person's journey, known to organizations by a shared identifier. No identity is stored. The organization that
/// holds it sees all of it; another sees only what a running referral releases, and null elsewhere.
#[Object]
impl Case {
    /// The case's public identifier in this API.
    pub async fn id(&self) -> ID {
        id(Kind::Case, self.0.id)
    }

    /// The version to send back with a change; only for the holder.
    async fn version(&self) -> Option<i32> {
        self.0.is_held.then_some(self.0.version)
    }

    /// The shared case identifier in three groups, such as 7K3Q-9XWT-4HD2; null where it was not released to you.
    async fn identifier(&self) -> Option<String> {
        let stored = self.0.identifier.as_deref()?;
        CaseIdentifier::parse(stored).ok().map(|identifier| identifier.to_string())
    }

    /// The organization that holds the case and answers for it.
    async fn holder(&self) -> Organization {
        Organization(Arc::new(self.0.holder.clone()))
    }

    /// The program under which it was opened.
    async fn program_id(&self) -> ID {
        id(Kind::Program, self.0.program_id)
    }

    /// The area where the person lives, where known; only for the holder.
    async fn area_id(&self) -> Option<ID> {
        self.0.area_id.map(|area| id(Kind::Area, area))
    }

    /// Whether somebody works on it.
    async fn status(&self) -> CaseStatus {
        self.0.status
    }

    /// Whether your organization holds it; otherwise you see what a referral releases.
    async fn is_held(&self) -> bool {
        self.0.is_held
    }

    /// The person's age band, where known and released.
    async fn age_band(&self) -> Option<AgeBand> {
        self.0.age_band
    }

    /// The person's sex, where known and released.
    async fn sex(&self) -> Option<Sex> {
        self.0.sex
    }

    /// The language the person speaks, where known and released.
    async fn language(&self) -> Option<LanguageTag> {
        self.0.language.clone().map(LanguageTag)
    }

    /// Facts about the return. Only for the holder, and never for a government body.
    async fn return_facts(&self, ctx: &Context<'_>) -> Option<ReturnFacts> {
        ctx.found(ctx.app().return_facts(&self.0).map(|facts| facts.map(ReturnFacts::from)))
    }

    /// Why it was closed; only for the holder.
    async fn close_reason(&self) -> Option<CloseReason> {
        self.0.close_reason
    }

    /// Why the person migrated again, if that closed the case; only for the holder.
    async fn remigration(&self) -> Option<Remigration> {
        self.0.remigration
    }

    /// When it was opened; only for the holder.
    async fn opened_at(&self) -> Option<DateTime> {
        self.0.is_held.then_some(DateTime(self.0.opened_at))
    }

    /// When it was closed; only for the holder.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// When it last changed; only for the holder.
    async fn updated_at(&self) -> Option<DateTime> {
        self.0.is_held.then_some(DateTime(self.0.updated_at))
    }

    /// What the person requires; only for the holder, empty for others.
    async fn needs(&self) -> Vec<Need> {
        self.0.needs.iter().cloned().map(|need| Need(Arc::new(need))).collect()
    }

    /// Recorded consents and other bases; only for the holder, empty for others.
    async fn consents(&self) -> Vec<Consent> {
        self.0.consents.iter().cloned().map(|consent| Consent(Arc::new(consent))).collect()
    }

    /// Your organization's own numbers for this case; nobody else sees them.
    async fn aliases(&self) -> Vec<CaseAlias> {
        self.0.aliases.iter().cloned().map(CaseAlias).collect()
    }

    /// The case's referrals that you are a party of, newest first.
    async fn referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
    ) -> async_graphql::Result<ReferralConnection> {
        let window = Slice { first, after, last, before }.window_of(ctx, &asked::REFERRAL)?;
        let page =
            listing::referrals(ctx.app(), &ctx.sight(), self.0.id, &window).await.map_err(|fault| ctx.broke(&fault))?;
        Ok(ReferralConnection::of(page, |referral| Referral(Arc::new(referral))))
    }

    /// What happened, oldest first: all of it for the holder, for others what they took part in.
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
    ) -> async_graphql::Result<EventConnection> {
        let window = Slice { first, after, last, before }.window(ctx)?;
        let page =
            listing::timeline(ctx.app(), &ctx.sight(), &self.0, &window).await.map_err(|fault| ctx.broke(&fault))?;
        Ok(EventConnection::of(page, |event| Event(Arc::new(event))))
    }
}

/// Facts about a return, each kept apart and each optional.
#[derive(SimpleObject)]
pub struct ReturnFacts {
    /// Whether the person decided to return.
    voluntariness: Option<Voluntariness>,
    /// Whether somebody assisted the return.
    assistance: Option<Assistance>,
    /// The legal situation in the host country.
    host_legal_situation: Option<HostLegalSituation>,
    /// The legal act under which the return took place.
    return_instrument: Option<ReturnInstrument>,
    /// Whether it took place in a humanitarian setting.
    humanitarian_setting: bool,
    /// The country returned from, ISO 3166-1 alpha-2.
    host_country: Option<String>,
    /// The customary label, derived from the separate facts.
    return_type: ReturnType,
}

impl From<case::ReturnFacts> for ReturnFacts {
    fn from(facts: case::ReturnFacts) -> Self {
        Self {
            return_type: facts.return_type(),
            voluntariness: facts.voluntariness,
            assistance: facts.assistance,
            host_legal_situation: facts.host_legal_situation,
            return_instrument: facts.return_instrument,
            humanitarian_setting: facts.humanitarian_setting,
            host_country: facts.host_country,
        }
    }
}

/// A number of the asker's own.
#[derive(Clone)]
pub struct CaseAlias(pub case::CaseAlias);

/// An organization's own number for a case, visible to it alone.
#[Object]
impl CaseAlias {
    /// The alias's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::CaseAlias, self.0.id)
    }

    /// Which of your numberings it belongs to.
    async fn scheme(&self) -> &str {
        &self.0.scheme
    }

    /// Your number. Null when it can't be opened.
    async fn value(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().alias_value(&self.0).map(|value| Some(value.into_inner())))
    }
}

/// A need.
#[derive(Clone)]
pub struct Need(pub Arc<case::Need>);

/// What a person requires. It outlives referrals that fail, so that it can always be said whether it is met.
#[Object]
impl Need {
    /// The need's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Need, self.0.id)
    }

    /// The version, which every change raises.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The category's code in the taxonomy.
    async fn category_code(&self) -> &str {
        &self.0.category
    }

    /// The dimension of reintegration.
    async fn dimension(&self) -> Dimension {
        self.0.dimension
    }

    /// The level.
    async fn level(&self) -> Level {
        self.0.level
    }

    /// How soon help is needed.
    async fn urgency(&self) -> Urgency {
        self.0.urgency
    }

    /// Whether the holder answers it or refers.
    async fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Whether it is met.
    async fn status(&self) -> NeedStatus {
        self.0.status
    }

    /// The need of which this is the part that a receiver did not take on; null for one of its own.
    async fn parent_need_id(&self) -> Option<ID> {
        self.0.parent_id.map(|parent| id(Kind::Need, parent))
    }

    /// What the person wants to reach, in their own words.
    async fn goals(&self) -> Vec<Goal> {
        self.0.goals.iter().cloned().map(Goal).collect()
    }

    /// When it was added.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

/// A goal.
#[derive(Clone)]
pub struct Goal(pub case::Goal);

/// One thing a person wants to reach with a need.
#[Object]
impl Goal {
    /// The goal's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Goal, self.0.id)
    }

    /// Its place in the need, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// In the person's own words. Null when it can't be opened.
    async fn text(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().goal_text(self.0.id, &self.0.text).map(|text| Some(text.into_inner())))
    }
}

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
}
