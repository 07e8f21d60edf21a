//! Pages of services in the schema.

use crate::domain::directory::{ServiceFilter, ServiceOrder};
use crate::domain::page::{MOST_COUNTED, Page, Window};
use crate::graphql::asked;
use crate::graphql::context::Here;
use crate::graphql::error::bad_input;
use crate::graphql::paging::{PageInfo, Slice, cursor, page_info};
use crate::graphql::scalar::Cursor;
use crate::graphql::service::Service;
use crate::graphql::service_search;
use crate::usecase::browse;
use async_graphql::{Context, SimpleObject};

/// The fewest services at which counting may stop.
const FEWEST_COUNTED: usize = 100;

/// A page of services.
#[derive(Clone, SimpleObject)]
pub struct ServiceConnection {
    /// The items with their cursors.
    pub edges: Vec<ServiceEdge>,
    /// The items.
    pub nodes: Vec<Service>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// The number of all items that you may see, or the number at which counting stopped: see `totalCountIsExact`. Null
    /// unless counted.
    pub total_count: Option<i64>,
    /// Whether `totalCount` is the number of all items. When not, there are more than that. Null unless counted.
    pub total_count_is_exact: Option<bool>,
}

/// An item of a page of services.
#[derive(Clone, SimpleObject)]
pub struct ServiceEdge {
    /// The item's place in the list.
    pub cursor: Cursor,
    /// The item.
    pub node: Service,
}

/// Up to how many services are counted.
///
/// # Errors
/// BAD_USER_INPUT for a number outside of what is told.
pub fn counted_to(number: i32) -> async_graphql::Result<usize> {
    let number = usize::try_from(number).ok().filter(|number| (FEWEST_COUNTED..=MOST_COUNTED).contains(number));
    number.ok_or_else(|| bad_input("Services are counted up to a number from 100 to 10000."))
}

/// A page of services that the asker may see.
///
/// # Errors
/// What is wrong with the window; a fault of ours, masked.
pub async fn services_page(
    ctx: &Context<'_>,
    filter: &ServiceFilter,
    order: ServiceOrder,
    slice: Slice,
    count_up_to: usize,
) -> async_graphql::Result<ServiceConnection> {
    let window = service_search::unmarked(&order, slice.window_of(ctx, &asked::SERVICE)?)?;
    let window = Window { count_up_to, ..window };
    let page = browse::services(ctx.app(), &ctx.sight(), filter, &order, &window).await;
    let page = service_search::marked(&order, page.map_err(|fault| ctx.broke(&fault))?);
    Ok(connection(page, count_up_to))
}

fn connection(page: Page<crate::domain::service::Service>, count_up_to: usize) -> ServiceConnection {
    let most = i64::try_from(count_up_to).unwrap_or(i64::MAX);
    let (page_info, total) = (page_info(&page), page.total);
    let edges: Vec<ServiceEdge> = page
        .items
        .into_iter()
        .map(|(position, item)| ServiceEdge { cursor: cursor(&position), node: Service::of(item) })
        .collect();
    let nodes = edges.iter().map(|edge| edge.node.clone()).collect();
    let exact = total.map(|total| total <= most);
    ServiceConnection {
        edges,
        nodes,
        page_info,
        total_count: total.map(|total| total.min(most)),
        total_count_is_exact: exact,
    }
}
