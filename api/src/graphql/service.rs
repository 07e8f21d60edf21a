//! Services in the schema.

use crate::domain::actor::Actor;
use crate::domain::clock::date_of;
use crate::domain::code::Code as _;
use crate::domain::criterion::published;
use crate::domain::global_id::Kind;
use crate::domain::id::ServiceId;
use crate::domain::language_tag::beside;
use crate::domain::policy::{Extent, Power, extent, may};
use crate::domain::referral::WaitingListRule;
use crate::domain::schedule;
use crate::domain::service::{self as domain, ClosedBecause, Dimension, Level, ServiceStatus, Visibility};
use crate::graphql::area::Area;
use crate::graphql::category::Category;
use crate::graphql::context::Here;
use crate::graphql::criterion::{self, Criterion};
use crate::graphql::freshness::{Freshness, freshness};
use crate::graphql::listing::ServiceListing;
use crate::graphql::organization::Organization;
use crate::graphql::scalar::{self, DateTime, LanguageTag, LocalDate};
use crate::graphql::schedule::{Schedule, instant, next_opening};
use crate::graphql::service_parts::{
    Capacity, ContactRole, Cost, Eligibility, ServiceAtLocation, ServicePermissions, ServiceTranslation,
};
use crate::graphql::text::wanted;
use crate::usecase::browse;
use async_graphql::{Context, ID, Object, OneofObject};
use std::sync::Arc;

/// What an organization offers.
#[derive(Debug, Clone)]
pub struct Service(pub Arc<domain::Service>);

impl Service {
    /// Wraps a service.
    #[must_use]
    pub fn of(service: domain::Service) -> Self {
        Self(Arc::new(service))
    }

    /// The texts in the language asked for, with its tag.
    fn texts<'a>(&'a self, ctx: &Context<'_>, language: Option<LanguageTag>) -> (&'a str, &'a str, &'a str) {
        let base = (self.0.language.as_str(), &());
        let tags = self.0.translations.keys().map(|tag| (tag.clone(), ())).collect();
        let (tag, ()) = beside(base, &tags, &wanted(ctx, language));
        match self.0.translations.get_key_value(tag) {
            Some((tag, texts)) if !tag.eq_ignore_ascii_case(&self.0.language) => (tag, &texts.name, &texts.description),
            _ => (&self.0.language, &self.0.name, &self.0.description),
        }
    }
}

/// What an organization offers: to whom, where, in which languages and with how many places.
#[Object]
impl Service {
    /// The global identifier.
    pub async fn id(&self) -> ID {
        scalar::id(Kind::Service, self.0.id)
    }

    /// Rises by one with each change; hand it back as `expectedVersion`.
    pub async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was entered.
    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    pub async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// When it was published.
    async fn published_at(&self) -> DateTime {
        DateTime(self.0.published_at)
    }

    /// The organization that gives it.
    async fn organization(&self) -> Organization {
        Organization::of(self.0.organization.clone())
    }

    /// The program it is part of.
    async fn program_id(&self) -> Option<ID> {
        self.0.program_id.map(|program| scalar::id(Kind::Program, program))
    }

    /// Its category; null while it is unclassified, and then it takes no referrals.
    async fn category(&self) -> Option<Category> {
        self.0.category.clone().map(Category)
    }

    /// The dimension of reintegration it belongs to, by its category.
    async fn dimension(&self) -> Option<Dimension> {
        self.0.category.as_ref().map(|category| category.dimension)
    }

    /// The level at which it works, by its category.
    async fn level(&self) -> Option<Level> {
        self.0.category.as_ref().map(|category| category.level)
    }

    /// Whether it is on offer.
    async fn status(&self) -> ServiceStatus {
        self.0.status
    }

    /// Why it is paused. Null when it is not, and always without a token.
    async fn pause_reason(&self, ctx: &Context<'_>) -> Option<&str> {
        if is_public(ctx) { None } else { self.0.pause_reason.as_deref() }
    }

    /// Who sees it.
    async fn visibility(&self) -> Visibility {
        self.0.visibility
    }

    /// The language of the base texts.
    async fn language(&self) -> LanguageTag {
        LanguageTag(self.0.language.clone())
    }

    /// The name in `language`, or in the request's language; in the base language where there is none.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language of the name; the request's language when not given.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        self.texts(ctx, language).1
    }

    /// The language in which `name` and `description` are given for the same `language`.
    async fn name_language(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language asked for; the request's language when not given.")] language: Option<
            LanguageTag,
        >,
    ) -> LanguageTag {
        LanguageTag(self.texts(ctx, language).0.to_owned())
    }

    /// The description in `language`, or in the request's language; in the base language where there is none.
    async fn description(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language of the description; the request's language when not given.")] language: Option<
            LanguageTag,
        >,
    ) -> &str {
        self.texts(ctx, language).2
    }

    /// Name and description in more languages, beside the base texts.
    async fn translations(&self) -> Vec<ServiceTranslation> {
        let translation = |(tag, texts): (&String, &domain::ServiceTexts)| ServiceTranslation {
            language: LanguageTag(tag.clone()),
            name: texts.name.clone(),
            description: texts.description.clone(),
        };
        self.0.translations.iter().map(translation).collect()
    }

    /// How to apply, in the base language; empty where it is not said.
    async fn application_process(&self) -> &str {
        &self.0.application_process
    }

    /// Who may come.
    async fn eligibility(&self) -> Eligibility {
        Eligibility::from(&self.0.eligibility)
    }

    /// The published conditions on persons, each with the key by which a decline cites it.
    async fn criteria(&self, ctx: &Context<'_>) -> Vec<Criterion> {
        let told = |published| criterion::told(ctx, &self.0, &published);
        published(&self.0).into_iter().map(told).collect()
    }

    /// The languages spoken.
    async fn languages(&self) -> Vec<LanguageTag> {
        self.0.languages.iter().cloned().map(LanguageTag).collect()
    }

    /// The documents a person has to bring.
    async fn required_documents(&self) -> &[String] {
        &self.0.required_documents
    }

    /// What it costs the person.
    async fn cost(&self) -> Cost {
        Cost { kind: self.0.cost.kind, text: self.0.cost.text.clone() }
    }

    /// How to reach those who give it. Empty without a token.
    async fn contacts(&self, ctx: &Context<'_>) -> Vec<ContactRole> {
        if is_public(ctx) { Vec::new() } else { self.0.contacts.iter().map(ContactRole::from).collect() }
    }

    /// Whether the provider takes referrals for it at all.
    async fn takes_referrals(&self) -> bool {
        self.0.takes_referrals
    }

    /// Whether the provider accepts people beyond the number of places.
    async fn allows_overbooking(&self) -> bool {
        self.0.allows_overbooking
    }

    /// Whether the provider keeps a waiting list.
    async fn keeps_waiting_list(&self) -> bool {
        self.0.keeps_waiting_list
    }

    /// In which order those on the waiting list are offered places: the urgent before the routine, and among the equally urgent who has waited longest. Null when there is no list. A place may be offered out of this order only with a reason.
    async fn waiting_list_order(&self) -> Option<Vec<WaitingListRule>> {
        self.0.keeps_waiting_list.then(|| WaitingListRule::ALL.to_vec())
    }

    /// Whether a sender may have a place held from sending on, until the decision is due.
    async fn holds_places_at_sending(&self) -> bool {
        self.0.holds_places_at_sending
    }

    /// Whether a free place is offered by the clock to whoever is first on the waiting list; otherwise the provider offers
    /// it. Who let two offers go is asked first whether they still wait.
    async fn offers_free_places(&self) -> bool {
        self.0.offers_free_places
    }

    /// Whether a referral can be sent to it today.
    async fn is_open_for_referrals(&self, ctx: &Context<'_>) -> bool {
        self.closed(ctx).is_none()
    }

    /// Why no referral can be sent to it today; null when one can.
    async fn closed_because(&self, ctx: &Context<'_>) -> Option<ClosedBecause> {
        self.closed(ctx)
    }

    /// The day on which the provider last confirmed the entry; null when that never happened.
    async fn assured_on(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.assured_on.as_deref())
    }

    /// Whether the last confirmation is too old, or never happened. A stale service takes no referrals.
    async fn is_stale(&self, ctx: &Context<'_>) -> bool {
        let app = ctx.app();
        self.0.is_stale(date_of(app.clock.now()), app.policy.service_max_age_days)
    }

    /// The last day on which it is funded; null where no end is known.
    async fn funding_ends(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.funding_ends.as_deref())
    }

    /// How far the entry can be relied upon, and why; null where the service itself is hidden from you by now.
    async fn freshness(&self, ctx: &Context<'_>) -> Option<Freshness> {
        freshness(ctx, self.0.id).await
    }

    /// The directory it was imported from; null for one that was entered here.
    async fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
    }

    /// Where it is given, by name.
    async fn locations(&self, ctx: &Context<'_>) -> Vec<ServiceAtLocation> {
        let public = is_public(ctx);
        self.0.places.iter().map(|place| ServiceAtLocation::told(place, public)).collect()
    }

    /// What the directory says of it beside what referrals need.
    async fn listing(&self) -> ServiceListing {
        ServiceListing::from(self.0.as_ref())
    }

    /// When it is given, where its locations do not say otherwise. None where it is given at confidential places alone.
    async fn schedules(&self, ctx: &Context<'_>) -> Vec<Schedule> {
        self.0.schedules.iter().map(|schedule| Schedule::of(ctx, schedule)).collect()
    }

    /// When it opens next at any of its locations, at `after` or later. Null where no schedule tells, where it never closes,
    /// and where it is more than two years ahead.
    async fn next_opening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The instant from which is looked; now when not given.")] after: Option<DateTime>,
    ) -> Option<DateTime> {
        next_opening(ctx, self.0.effective_schedules(), after)
    }

    /// Whether it is open at any of its locations at an instant. Null where no schedule tells.
    async fn is_open_at(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The instant asked about; now when not given.")] at: Option<DateTime>,
    ) -> Option<bool> {
        schedule::is_open_at(self.0.effective_schedules(), instant(ctx, at))
    }

    /// The areas it serves beyond where it is given, by name.
    async fn served_areas(&self) -> Vec<Area> {
        self.0.areas.iter().cloned().map(Area::of).collect()
    }

    /// Its places, as a whole and by location, as far as the provider states them. Null without a token. Only the
    /// organization that gives it is told exact numbers; for others they are rounded down to 0, 1, 5, 10, 20, 50, 100 and
    /// so on, so that nobody learns how few persons have the rest.
    async fn capacities(&self, ctx: &Context<'_>) -> Option<Vec<Capacity>> {
        let all = || Capacity::all(&self.0, self.is_given_by_asker(ctx), ctx.app().now());
        (!is_public(ctx)).then(all)
    }

    /// Free places over all capacities that state them. Null when none does, and always without a token. Only the
    /// organization that gives it is told the exact number; for others each capacity is rounded down to 0, 1, 5, 10, 20,
    /// 50, 100 and so on: there are at least so many.
    async fn open_places(&self, ctx: &Context<'_>) -> Option<i32> {
        let told = || if self.is_given_by_asker(ctx) { self.0.open_places() } else { self.0.open_places_for_others() };
        let places = if is_public(ctx) { None } else { told() };
        places.map(|places| i32::try_from(places).unwrap_or(i32::MAX))
    }

    /// In a search around a point: how many kilometers away its nearest place is, along the earth. Null elsewhere.
    async fn distance_km(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "meters on the earth")]
        self.0.distance.map(|meters| meters as f64 / 1_000.0)
    }

    /// What you may do with it now.
    async fn viewer_can(&self, ctx: &Context<'_>) -> ServicePermissions {
        let actor = ctx.actor();
        let own = actor.organization().is_some_and(|organization| self.0.belongs_to(organization));
        let offered = own && self.0.status != ServiceStatus::Retired;
        let has = |power| may(actor, power, self.0.program_id);
        ServicePermissions {
            refer: self.closed(ctx).is_none() && extent(actor, Power::SendReferrals) != Extent::Nothing,
            update: offered && has(Power::EditDirectory),
            verify: offered && has(Power::ReportCapacity),
            retire: offered && has(Power::EditDirectory),
        }
    }
}

impl Service {
    fn closed(&self, ctx: &Context<'_>) -> Option<ClosedBecause> {
        let app = ctx.app();
        self.0.closed_because(date_of(app.clock.now()), app.policy.service_max_age_days)
    }

    fn is_given_by_asker(&self, ctx: &Context<'_>) -> bool {
        ctx.actor().standing().is_some_and(|standing| self.0.belongs_to(standing.organization))
    }
}

fn is_public(ctx: &Context<'_>) -> bool {
    *ctx.actor() == Actor::Anonymous
}

/// The service with this key, if the asker may see it.
pub async fn service_by_key(ctx: &Context<'_>, key: ServiceId) -> Option<Service> {
    ctx.found(browse::service(ctx.app(), &ctx.sight(), key).await).map(Service::of)
}

/// How to name one service.
#[derive(Debug, Clone, OneofObject)]
pub enum ServiceBy {
    /// By its global identifier.
    Id(ID),
}
