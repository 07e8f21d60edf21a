//! Reads of the directory. What is public needs no token.

use crate::graphql::area::{Area, AreaBy, AreaConnection, AreaFilter, area_by, areas_page};
use crate::graphql::category::{Category, categories};
use crate::graphql::codes::{CodeLabel, CodeSet, code_labels};
use crate::graphql::context::Here;
use crate::graphql::coverage::{AreaCoverage, service_coverage};
use crate::graphql::organization::{Organization, OrganizationConnection, OrganizationFilter};
use crate::graphql::paging::Slice;
use crate::graphql::scalar::{self, Cursor};
use crate::graphql::service::{Service, ServiceBy, service_by_key};
use crate::graphql::service_facets::{ServiceFacets, service_facets};
use crate::graphql::service_filter::{ServiceFilter, ServiceOrder, ordered};
use crate::graphql::service_page::{ServiceConnection, counted_to, services_page};
use crate::usecase::browse;
use async_graphql::{Context, ID, Object};

use crate::domain::global_id::Kind;
use crate::domain::id::OrganizationId;

/// Reads of the directory.
#[derive(Debug, Default)]
pub struct DirectoryQuery;

/// Reads of the directory.
#[Object]
impl DirectoryQuery {
    /// A service; null for one that does not exist or that you may not see.
    async fn service(&self, ctx: &Context<'_>, #[graphql(desc = "Which service.")] by: ServiceBy) -> Option<Service> {
        let ServiceBy::Id(id) = by;
        service_by_key(ctx, scalar::key(Kind::Service, &id)?.into()).await
    }

    /// Services that you may see: without a token the public ones, with one also those for partners and your own.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection with filter and order")]
    async fn services(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which services; all when not given.")] filter: Option<ServiceFilter>,
        #[graphql(
            desc = "In which order; when not given, the best answers to a text first, around a point the nearest, else \
                    the newest."
        )]
        order_by: Option<ServiceOrder>,
        #[graphql(
            desc = "Up to how many are counted for `totalCount`, 100 to 10000. A search that finds many costs less the \
                    sooner it stops counting.",
            default = 10000
        )]
        count_up_to: i32,
    ) -> async_graphql::Result<ServiceConnection> {
        let filter = filter.unwrap_or_default().checked(ctx).await?;
        let order = ordered(ctx, order_by, &filter)?;
        services_page(ctx, &filter, order, Slice { first, after, last, before }, counted_to(count_up_to)?).await
    }

    /// How many services a search finds, and how they are spread.
    async fn service_facets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which services; all when not given.")] filter: Option<ServiceFilter>,
        #[graphql(
            desc = "How many services are counted at the most, 100 to 10000. The cost follows what is counted.",
            default = 1000
        )]
        count_up_to: i32,
    ) -> async_graphql::Result<ServiceFacets> {
        service_facets(ctx, filter, count_up_to).await
    }

    /// An organization; null for one that does not exist.
    async fn organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization's global identifier.")] id: ID,
    ) -> Option<Organization> {
        let key = OrganizationId::from(scalar::key(Kind::Organization, &id)?);
        ctx.found(browse::organization(ctx.app(), key).await).map(Organization::of)
    }

    /// The organizations that take part, by name.
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which organizations; all when not given.")] filter: Option<OrganizationFilter>,
    ) -> async_graphql::Result<OrganizationConnection> {
        let window = Slice { first, after, last, before }.window(ctx)?;
        let filter = filter.unwrap_or_default().checked()?;
        let page = browse::organizations(ctx.app(), &filter, &window).await.map_err(|fault| ctx.broke(&fault))?;
        Ok(OrganizationConnection::of(page, Organization::of))
    }

    /// An administrative area; null for one that does not exist.
    async fn area(&self, ctx: &Context<'_>, #[graphql(desc = "Which area.")] by: AreaBy) -> Option<Area> {
        area_by(ctx, by).await
    }

    /// Administrative areas, by name.
    async fn areas(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which areas; all when not given.")] filter: Option<AreaFilter>,
    ) -> async_graphql::Result<AreaConnection> {
        let filter = filter.unwrap_or_default().checked()?;
        areas_page(ctx, &filter, Slice { first, after, last, before }).await
    }

    /// The categories of services and needs, by code: the standard ones, and the local ones that you may use.
    async fn categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this category or group and all below it, by its code.")] within: Option<String>,
        #[graphql(desc = "Also groups, which gather categories and under which nothing is classified.", default)]
        with_groups: bool,
        #[graphql(desc = "Also those that are retired and stay for what was classified under them.", default)]
        with_retired: bool,
    ) -> async_graphql::Result<Vec<Category>> {
        categories(ctx, within, with_groups, with_retired).await
    }

    /// What is offered in an area and in those below it: services in each of nine cells, three dimensions by three
    /// levels, and category by category, with their places; and, for those who may read figures of the country, how many
    /// people who live there are being helped. Areas without a service have zeros: these are the gaps. From above to
    /// below and by name, 500 at most; empty for an unknown area.
    async fn service_coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The area's global identifier.")] area: ID,
        #[graphql(desc = "How many levels below it, 0 to 9.", default = 1)] levels: i32,
    ) -> async_graphql::Result<Vec<AreaCoverage>> {
        service_coverage(ctx, &area, levels).await
    }

    /// The codes of a list with their labels in the request's language, in their order.
    async fn code_labels(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which list of codes.")] set: CodeSet,
    ) -> Vec<CodeLabel> {
        code_labels(ctx, set)
    }
}
