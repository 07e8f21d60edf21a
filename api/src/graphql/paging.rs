//! Connections: lists in pages, both ways.

use crate::domain::page::{DEFAULT_PAGE, MAX_PAGE, MOST_COUNTED, Page, Position, Window};
use crate::domain::parts::Parts;
use crate::graphql::asked::{self, Fields};
use crate::graphql::error::{bad_input, page_size};
use crate::graphql::scalar::Cursor;
use async_graphql::{Context, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// Where a page lies in its list.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Whether more items follow.
    pub has_next_page: bool,
    /// Whether items came before.
    pub has_previous_page: bool,
    /// The cursor of the first item; null on an empty page.
    pub start_cursor: Option<Cursor>,
    /// The cursor of the last item; null on an empty page.
    pub end_cursor: Option<Cursor>,
}

/// The part of a list that is asked for by `first`, `after`, `last` and `before`.
#[derive(Debug, Clone)]
pub struct Slice {
    pub first: Option<i32>,
    pub after: Option<Cursor>,
    pub last: Option<i32>,
    pub before: Option<Cursor>,
}

impl Slice {
    /// The window, with a count when the field `totalCount` is asked for.
    ///
    /// # Errors
    /// PAGE_SIZE for a size outside 0 to 100 or both `first` and `last`; BAD_USER_INPUT for a cursor that is none.
    pub fn window(&self, ctx: &Context<'_>) -> async_graphql::Result<Window> {
        let (size, backward) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(page_size()),
            (Some(size), None) => (size, false),
            (None, Some(size)) => (size, true),
            (None, None) => (i32::try_from(DEFAULT_PAGE).unwrap_or(i32::MAX), false),
        };
        let size = usize::try_from(size).ok().filter(|size| *size <= MAX_PAGE).ok_or_else(page_size)?;
        let after = self.after.as_ref().map(read_cursor).transpose()?;
        let before = self.before.as_ref().map(read_cursor).transpose()?;
        let asked = ctx.look_ahead();
        let count = asked.field("totalCount").exists() || asked.field("totalCountIsExact").exists();
        Ok(Window { size, backward, after, before, count, count_up_to: MOST_COUNTED, parts: Parts::All })
    }

    /// The window, with those parts of each item that are asked for.
    ///
    /// # Errors
    /// As [`Slice::window`].
    pub fn window_of(&self, ctx: &Context<'_>, fields: &Fields) -> async_graphql::Result<Window> {
        Ok(Window { parts: asked::items(ctx, fields), ..self.window(ctx)? })
    }
}

/// Writes a cursor.
#[must_use]
pub fn cursor(position: &Position) -> Cursor {
    let mut bytes = position.id.as_bytes().to_vec();
    bytes.extend_from_slice(position.value.as_bytes());
    Cursor(URL_SAFE_NO_PAD.encode(bytes))
}

fn read_cursor(cursor: &Cursor) -> async_graphql::Result<Position> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(&cursor.0).ok()?;
        let (id, value) = bytes.split_at_checked(16)?;
        let value = String::from_utf8(value.to_vec()).ok().filter(|value| !value.contains('\0'))?;
        Some(Position { value, id: Uuid::from_slice(id).ok()? })
    };
    read().ok_or_else(|| bad_input("This is not a cursor of this list."))
}

/// Where a page of items lies.
#[must_use]
pub fn page_info<T>(page: &Page<T>) -> PageInfo {
    PageInfo {
        has_next_page: page.has_next,
        has_previous_page: page.has_previous,
        start_cursor: page.items.first().map(|(position, _)| cursor(position)),
        end_cursor: page.items.last().map(|(position, _)| cursor(position)),
    }
}

/// The window of a list that is at hand as a whole; a cursor says at which place in it.
#[must_use]
pub fn cut<T>(all: Vec<T>, window: &Window) -> Page<T> {
    let at = |position: &Option<Position>| position.as_ref().and_then(|at| at.value.parse::<usize>().ok());
    let total = all.len();
    let from = at(&window.after).map_or(0, |at| at.saturating_add(1)).min(total);
    let to = at(&window.before).unwrap_or(total).clamp(from, total);
    let size = window.size.min(to - from);
    let (from, to) = if window.backward { (to - size, to) } else { (from, from + size) };
    let place = |(index, item): (usize, T)| (Position { value: index.to_string(), id: Uuid::nil() }, item);
    let items = all.into_iter().enumerate().skip(from).take(to - from).map(place).collect();
    Page { items, has_next: to < total, has_previous: from > 0, total: Some(i64::try_from(total).unwrap_or(i64::MAX)) }
}

/// Declares a connection and its edge.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty, $what:literal) => {
        #[doc = concat!("A page of ", $what, ".")]
        #[derive(Clone, async_graphql::SimpleObject)]
        pub struct $connection {
            /// The items with their cursors.
            pub edges: Vec<$edge>,
            /// The items.
            pub nodes: Vec<$node>,
            /// Where the page lies in the list.
            pub page_info: $crate::graphql::paging::PageInfo,
            /// The number of all items that you may see. Null unless counted.
            pub total_count: Option<i64>,
        }

        #[doc = concat!("An item of a page of ", $what, ".")]
        #[derive(Clone, async_graphql::SimpleObject)]
        pub struct $edge {
            /// The item's place in the list.
            pub cursor: $crate::graphql::scalar::Cursor,
            /// The item.
            pub node: $node,
        }

        impl $connection {
            /// Makes a connection of a page.
            pub fn of<T>(page: $crate::domain::page::Page<T>, node: impl Fn(T) -> $node) -> Self {
                let page_info = $crate::graphql::paging::page_info(&page);
                let total_count = page.total;
                let edges: Vec<$edge> = page
                    .items
                    .into_iter()
                    .map(|(position, item)| $edge {
                        cursor: $crate::graphql::paging::cursor(&position),
                        node: node(item),
                    })
                    .collect();
                let nodes = edges.iter().map(|edge| edge.node.clone()).collect();
                Self { edges, nodes, page_info, total_count }
            }
        }
    };
}
pub(crate) use connection;
