//! How services are searched, in the schema.

use crate::domain::actor::Actor;
use crate::domain::directory as domain;
use crate::domain::folding::fold;
use crate::domain::global_id::Kind;
use crate::domain::language_tag::canonical_tag;
use crate::domain::organization::OrganizationKind;
use crate::domain::service::{CostKind, Dimension, Level, ServiceStatus};
use crate::graphql::area::area_key;
use crate::graphql::context::Here;
use crate::graphql::error::bad_input;
use crate::graphql::input::distinct;
use crate::graphql::scalar::{self, DateTime, LanguageTag};
use crate::graphql::service_search::{MaxCost, Near, ServiceSeeker};
use crate::graphql::text::search_text;
use crate::usecase::browse::open_moment;
use async_graphql::{Context, Enum, ID, InputObject};

/// The most values that one list of a filter may have.
const MOST_VALUES: usize = 100;

/// Which services are asked for. What is not given does not limit; all that is given must hold; a list means any of it.
#[derive(Debug, Clone, Default, InputObject)]
pub struct ServiceFilter {
    /// Codes of categories, at most 100.
    category: Option<Vec<String>>,
    /// Dimensions of reintegration.
    dimension: Option<Vec<Dimension>>,
    /// Levels.
    level: Option<Vec<Level>>,
    /// Given in this area or one below it, or serving it.
    area_id: Option<ID>,
    /// Given by this organization.
    organization_id: Option<ID>,
    /// Given by organizations of these kinds.
    organization_kind: Option<Vec<OrganizationKind>>,
    /// Words in any language: of the name, the description, the category and other words for it, the organization or the
    /// place. Accents, case, script variants and small slips do not matter, Arabic may be typed in Latin letters, and
    /// the last word may be the beginning of one. All of two words must be found, and two of each three of more. At
    /// most 200 characters.
    text: Option<String>,
    /// Languages spoken, at most 100.
    language: Option<Vec<LanguageTag>>,
    /// Whether they are on offer.
    status: Option<Vec<ServiceStatus>>,
    /// Only those that take referrals today, or only those that do not.
    open_for_referrals: Option<bool>,
    /// Only those without a category, or only those with one.
    unclassified: Option<bool>,
    /// Only those whose category is retired, so that another has to be chosen, or only those whose is not.
    retired_category: Option<bool>,
    /// Codes of categories or of branches of the taxonomy, such as `ECO.IND`: these and all below them. At most 100.
    category_within: Option<Vec<String>>,
    /// Given within so many kilometers of a point. Places that are never shown are not found so.
    near: Option<Near>,
    /// To which this person may come, as far as the conditions say. Nothing of it is kept.
    person: Option<ServiceSeeker>,
    /// What they cost the person.
    cost: Option<Vec<CostKind>>,
    /// Only those that cost nothing, or of which a price that holds today is known and not above this. Those whose price is
    /// not known, or is known in other currencies alone, are left out.
    max_cost: Option<MaxCost>,
    /// Only those that state free places, or only those that state that none is left. Needs a token.
    has_open_places: Option<bool>,
    /// Only those that need no other documents than these, by their names; an empty list means no documents at all. At
    /// most 100.
    documents_at_hand: Option<Vec<String>>,
    /// Only those that need none of these documents, by their names. At most 100.
    documents_missing: Option<Vec<String>>,
    /// Only those that are open at this instant at any of their locations, as far as their schedules tell.
    open_at: Option<DateTime>,
}

impl ServiceFilter {
    /// The filter as the directory understands it.
    ///
    /// # Errors
    /// BAD_USER_INPUT for an identifier of another kind, a text that is too long or a list that is.
    pub async fn checked(self, ctx: &Context<'_>) -> async_graphql::Result<domain::ServiceFilter> {
        let organization = |id: ID| {
            let key = scalar::key(Kind::Organization, &id);
            key.map(Into::into).ok_or_else(|| bad_input("This is not an organization's identifier."))
        };
        let category = self.category.unwrap_or_default();
        let category_within = self.category_within.unwrap_or_default();
        let (at_hand, missing) = (self.documents_at_hand, self.documents_missing.unwrap_or_default());
        let language: Vec<String> = self.language.iter().flatten().filter_map(|tag| canonical_tag(&tag.0)).collect();
        let lists =
            [category.len(), language.len(), category_within.len(), missing.len(), at_hand.iter().flatten().count()];
        if lists.into_iter().any(|values| values > MOST_VALUES) {
            return Err(bad_input("A list of a filter has at most 100 values."));
        }
        if category.iter().chain(&category_within).any(|code| code.contains('\0')) {
            return Err(bad_input("A category's code has no null signs."));
        }
        if self.has_open_places.is_some() {
            needs_token(ctx)?;
        }
        let open = match self.open_at {
            Some(at) => Some(open_moment(ctx.app(), at.0).await.map_err(|fault| ctx.broke(&fault))?),
            None => None,
        };
        let on = |wanted: bool| (self.open_for_referrals == Some(wanted)).then(|| ctx.app().fresh_on());
        Ok(domain::ServiceFilter {
            category,
            dimension: distinct(self.dimension),
            level: distinct(self.level),
            area: self.area_id.map(|id| area_key(&id)).transpose()?,
            organization: self.organization_id.map(organization).transpose()?,
            organization_kind: distinct(self.organization_kind),
            text: search_text(self.text)?,
            language,
            status: distinct(self.status),
            open_on: on(true),
            closed_on: on(false),
            unclassified: self.unclassified,
            retired_on: self.retired_category.map(|wanted| (ctx.app().today(), wanted)),
            category_within,
            near: self.near.map(Near::checked).transpose()?,
            person: self.person.map(ServiceSeeker::checked).transpose()?,
            cost: distinct(self.cost),
            max_cost: self.max_cost.map(|most| most.checked(ctx.app().today())).transpose()?,
            has_open_places: self.has_open_places,
            documents_missing: missing.iter().map(|document| fold(document)).collect(),
            documents_at_hand: at_hand.map(|documents| documents.iter().map(|document| fold(document)).collect()),
            open,
        })
    }
}

/// By what services can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ServiceOrderField {
    /// When they were published.
    PublishedAt,
    /// Their name in the base language, as it sorts without accents and case.
    Name,
    /// How well they answer the text; without one, how new they are. Largest is best. Those that are not on offer or
    /// that nobody confirmed in time are below all others; `closedBecause` and `isStale` say so.
    Relevance,
    /// How far the nearest place is from the point of `near`.
    Distance,
    /// How many places are free; those that do not state it count as fewer than none. Needs a token.
    OpenPlaces,
}

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum OrderDirection {
    /// From small to large, from early to late.
    Asc,
    /// From large to small, from late to early.
    Desc,
}

/// How services are ordered.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct ServiceOrder {
    /// By what.
    field: ServiceOrderField,
    /// Which way.
    direction: OrderDirection,
}

/// The order asked for. Without one, a search by text begins with the best answer, one around a point with the nearest,
/// and the directory with the newest.
///
/// # Errors
/// BAD_USER_INPUT for the distance from nowhere, and for free places without a token.
pub fn ordered(
    ctx: &Context<'_>,
    order: Option<ServiceOrder>,
    filter: &domain::ServiceFilter,
) -> async_graphql::Result<domain::ServiceOrder> {
    let (field, descending) = match order {
        Some(order) => (order.field, order.direction == OrderDirection::Desc),
        None if filter.text.is_some() => (ServiceOrderField::Relevance, true),
        None if filter.near.is_some() => (ServiceOrderField::Distance, false),
        None => (ServiceOrderField::PublishedAt, true),
    };
    Ok(match field {
        ServiceOrderField::PublishedAt => domain::ServiceOrder::PublishedAt { descending },
        ServiceOrderField::Name => domain::ServiceOrder::Name { descending },
        ServiceOrderField::Relevance => domain::ServiceOrder::Relevance { descending, fresh: ctx.app().fresh_on() },
        ServiceOrderField::Distance if filter.near.is_none() => {
            return Err(bad_input("Say with `near` from where the distance counts."));
        }
        ServiceOrderField::Distance => domain::ServiceOrder::Distance { descending },
        ServiceOrderField::OpenPlaces => {
            needs_token(ctx)?;
            domain::ServiceOrder::OpenPlaces { descending }
        }
    })
}

/// How many places are free is told to those who take part, not to the public, in no way that could be counted back.
fn needs_token(ctx: &Context<'_>) -> async_graphql::Result<()> {
    if *ctx.actor() == Actor::Anonymous { Err(bad_input("Free places are not told without a token.")) } else { Ok(()) }
}
