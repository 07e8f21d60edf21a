//! How services are searched, in the schema.

use crate::domain::directory as domain;
use crate::domain::global_id::Kind;
use crate::domain::language_tag::canonical_tag;
use crate::domain::organization::OrganizationKind;
use crate::domain::service::{Dimension, Level, ServiceStatus};
use crate::graphql::area::area_key;
use crate::graphql::context::Here;
use crate::graphql::error::bad_input;
use crate::graphql::input::distinct;
use crate::graphql::scalar::{self, DateTime, LanguageTag};
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
    /// A part of a name or description in any language; accents, case and script variants do not matter. At most 200
    /// characters.
    text: Option<String>,
    /// Languages spoken, at most 100.
    language: Option<Vec<LanguageTag>>,
    /// Whether they are on offer.
    status: Option<Vec<ServiceStatus>>,
    /// Only those that take referrals today, or only those that do not.
    open_for_referrals: Option<bool>,
    /// Only those without a category, or only those with one.
    unclassified: Option<bool>,
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
        let language: Vec<String> = self.language.iter().flatten().filter_map(|tag| canonical_tag(&tag.0)).collect();
        if category.len() > MOST_VALUES || language.len() > MOST_VALUES {
            return Err(bad_input("A list of a filter has at most 100 values."));
        }
        if category.iter().any(|code| code.contains('\0')) {
            return Err(bad_input("A category's code has no null signs."));
        }
        let open = match self.open_at {
            Some(at) => Some(open_moment(ctx.app(), at.0).await.map_err(|fault| ctx.broke(&fault))?),
            None => None,
        };
        let since = |wanted: bool| (self.open_for_referrals == Some(wanted)).then(|| ctx.app().assured_since());
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
            open_since: since(true),
            closed_since: since(false),
            unclassified: self.unclassified,
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

impl Default for ServiceOrder {
    fn default() -> Self {
        Self { field: ServiceOrderField::PublishedAt, direction: OrderDirection::Desc }
    }
}

impl From<ServiceOrder> for domain::ServiceOrder {
    fn from(order: ServiceOrder) -> Self {
        let descending = order.direction == OrderDirection::Desc;
        match order.field {
            ServiceOrderField::PublishedAt => Self::PublishedAt { descending },
            ServiceOrderField::Name => Self::Name { descending },
        }
    }
}
