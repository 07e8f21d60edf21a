//! How the services of a search are spread, in the schema.

use crate::domain::directory::Facet;
use crate::domain::service::{Dimension, Level};
use crate::graphql::area::Area;
use crate::graphql::category::Category;
use crate::graphql::context::Here;
use crate::graphql::organization::Organization;
use crate::graphql::scalar::LanguageTag;
use crate::graphql::service_filter::ServiceFilter;
use crate::graphql::service_page::counted_to;
use crate::usecase::browse;
use async_graphql::{Context, SimpleObject};

/// A category with the number of services in it.
#[derive(Clone, SimpleObject)]
pub struct CategoryFacet {
    /// The category.
    pub category: Category,
    /// How many of the services found are in it.
    pub count: i32,
}

/// A dimension of reintegration with the number of services that belong to it.
#[derive(Clone, SimpleObject)]
pub struct DimensionFacet {
    /// The dimension.
    pub dimension: Dimension,
    /// How many of the services found belong to it.
    pub count: i32,
}

/// A level with the number of services that work at it.
#[derive(Clone, SimpleObject)]
pub struct LevelFacet {
    /// The level.
    pub level: Level,
    /// How many of the services found work at it.
    pub count: i32,
}

/// An area with the number of services that reach it.
#[derive(Clone, SimpleObject)]
pub struct AreaFacet {
    /// The area.
    pub area: Area,
    /// How many of the services found are given in it or below it, or serve it.
    pub count: i32,
}

/// A language with the number of services in which it is spoken.
#[derive(Clone, SimpleObject)]
pub struct LanguageFacet {
    /// The language.
    pub language: LanguageTag,
    /// In how many of the services found it is spoken.
    pub count: i32,
}

/// An organization with the number of services that it gives.
#[derive(Clone, SimpleObject)]
pub struct OrganizationFacet {
    /// The organization.
    pub organization: Organization,
    /// How many of the services found it gives.
    pub count: i32,
}

/// How the services of a search are spread. Each list has at most 50 values, the most frequent first; only services that
/// you may see are counted. When more are found than are counted, the counts are of the first of them: the best for a
/// text, the nearest around a point, else the newest; then each count is at least what is told.
#[derive(Clone, SimpleObject)]
pub struct ServiceFacets {
    /// How many services are counted: all that are found, or as many as were asked for.
    pub total_count: i32,
    /// Whether all that are found are counted. When not, there are more, and all counts here are of the first ones.
    pub is_complete: bool,
    /// How many of them take referrals today.
    pub open_for_referrals: i32,
    /// By category.
    pub categories: Vec<CategoryFacet>,
    /// By dimension of reintegration.
    pub dimensions: Vec<DimensionFacet>,
    /// By level.
    pub levels: Vec<LevelFacet>,
    /// By area that they reach, at all levels.
    pub areas: Vec<AreaFacet>,
    /// By language spoken.
    pub languages: Vec<LanguageFacet>,
    /// By organization that gives them.
    pub organizations: Vec<OrganizationFacet>,
}

const FIELDS: [(&str, Facet); 9] = [
    ("totalCount", Facet::All),
    ("isComplete", Facet::All),
    ("openForReferrals", Facet::Open),
    ("categories", Facet::Category),
    ("dimensions", Facet::Dimension),
    ("levels", Facet::Level),
    ("areas", Facet::Area),
    ("languages", Facet::Language),
    ("organizations", Facet::Organization),
];

/// The counts that the document asks for, over the services that the asker may see.
///
/// # Errors
/// What is wrong with the filter or the number; a fault of ours, masked.
pub async fn service_facets(
    ctx: &Context<'_>,
    filter: Option<ServiceFilter>,
    count_up_to: i32,
) -> async_graphql::Result<ServiceFacets> {
    let most = counted_to(count_up_to)?;
    let filter = filter.unwrap_or_default().checked(ctx).await?;
    let wanted = ctx.look_ahead();
    let asked: Vec<Facet> =
        FIELDS.iter().filter(|(field, _)| wanted.field(field).exists()).map(|(_, facet)| *facet).collect();
    let found =
        browse::facets(ctx.app(), &ctx.sight(), &filter, &asked, most).await.map_err(|fault| ctx.broke(&fault))?;
    let number = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    fn list<T, F>(values: Vec<(T, i64)>, facet: impl Fn(T, i32) -> F) -> Vec<F> {
        values.into_iter().map(|(value, count)| facet(value, i32::try_from(count).unwrap_or(i32::MAX))).collect()
    }
    Ok(ServiceFacets {
        total_count: number(found.all),
        is_complete: found.is_complete,
        open_for_referrals: number(found.open),
        categories: list(found.categories, |category, count| CategoryFacet { category: Category(category), count }),
        dimensions: list(found.dimensions, |dimension, count| DimensionFacet { dimension, count }),
        levels: list(found.levels, |level, count| LevelFacet { level, count }),
        areas: list(found.areas, |area, count| AreaFacet { area: Area::of(area), count }),
        languages: list(found.languages, |tag, count| LanguageFacet { language: LanguageTag(tag), count }),
        organizations: list(found.organizations, |given_by, count| OrganizationFacet {
            organization: Organization::of(given_by),
            count,
        }),
    })
}
