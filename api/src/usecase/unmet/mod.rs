//! The ledger of unmet needs and the caseload, from the tables that are made once a quarter is over.

mod coverage;
mod release;

pub use crate::store::unmet::Audience;
pub use coverage::{Coverage, coverage};
pub use release::make_due;

use crate::app::App;
use crate::domain::area::Area;
use crate::domain::directory::ServiceFilter;
use crate::domain::id::AreaId;
use crate::domain::page::Window;
use crate::domain::policy::Sight;
use crate::domain::quarter::Quarter;
use crate::domain::rule::Fault;
use crate::domain::unmet::{Breakdown, ReleasedCell, Row, rows};
use crate::store::empty_searches::Looked;
use crate::store::unmet::Released;
use std::collections::HashMap;

/// What is asked of the ledger.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The area, and how many levels below it.
    pub area: AreaId,
    pub levels: i32,
    pub quarter: Quarter,
    /// This category or group and all below it; all when none is named.
    pub category: Option<String>,
}

/// What came of asking.
#[derive(Debug, Clone)]
pub enum Reply<T> {
    /// The asker may not be told, or there is no such area: nobody learns which.
    Nothing,
    /// More areas than one answer holds.
    TooMany,
    Told(T),
}

/// The areas of an answer and the tables of the ledger in a quarter that is over.
///
/// # Errors
/// What the engine refuses.
pub async fn ledger(app: &App, sight: &Sight, asked: &Asked, most: usize) -> Result<Reply<(Vec<Area>, Tables)>, Fault> {
    let areas = app.store.area_descendants(asked.area, asked.levels, most).await?;
    if areas.len() > most {
        return Ok(Reply::TooMany);
    }
    Ok(tables(app, sight, asked, &areas).await?.map_or(Reply::Nothing, |tables| Reply::Told((areas, tables))))
}

/// The tables of a quarter as somebody may be told of them, and the areas they asked for.
pub struct Tables {
    /// The version of what is counted and how.
    pub definition: String,
    /// When it was counted, in UTC microseconds.
    pub as_of: i64,
    /// Figures of fewer persons than this are hidden.
    pub fewest: i64,
    cells: Vec<ReleasedCell>,
    above: HashMap<AreaId, Vec<AreaId>>,
    areas: Vec<AreaId>,
}

impl Tables {
    /// The rows of the areas, broken down.
    #[must_use]
    pub fn rows(&self, by: Breakdown) -> Vec<Row> {
        rows(&self.cells, &self.areas, &self.above, by)
    }
}

/// The tables of areas of which the first is the one asked for; nothing for whom may not be told.
///
/// # Errors
/// What the engine refuses.
pub async fn tables(app: &App, sight: &Sight, asked: &Asked, areas: &[Area]) -> Result<Option<Tables>, Fault> {
    let Some(top) = areas.first() else { return Ok(None) };
    let Some(audience) = app.store.audience(sight, &top.country).await? else { return Ok(None) };
    let Some(released) = released(app, asked, &top.country, audience).await? else { return Ok(None) };
    let above = app.store.areas_above((asked.area, asked.levels), (asked.quarter, &top.country)).await?;
    let areas = areas.iter().map(|area| area.id).collect();
    let fewest = if audience == Audience::Inside { released.fewest_inside } else { released.fewest_outside };
    let Released { definition, made_at: as_of, cells, .. } = released;
    Ok(Some(Tables { definition, as_of, fewest, cells, above, areas }))
}

/// The tables of the quarter, which are made now if they were not made when it ended.
async fn released(app: &App, asked: &Asked, country: &str, audience: Audience) -> Result<Option<Released>, Fault> {
    let category = asked.category.as_deref();
    let of = (asked.quarter, country);
    let found = app.store.released(of, audience, category).await?;
    if found.is_some() || !release::make(app, asked.quarter).await? {
        return Ok(found);
    }
    app.store.released(of, audience, category).await
}

/// Counts a search of somebody who works for an organization when it found nothing at all: once a day for who searches,
/// what is asked for and where, however often it is repeated or typed on. A failure to do so is logged: the search itself
/// stands.
pub async fn note_empty(app: &App, sight: &Sight, filter: &ServiceFilter, window: &Window) {
    let (Some(organization), Some(member)) = (sight.organization, sight.member) else { return };
    let is_first = window.after.is_none() && window.before.is_none() && window.size > 0;
    let codes: Vec<&String> = filter.category.iter().chain(&filter.category_within).collect();
    let looks_for_something =
        filter.text.is_some() || !(codes.is_empty() && filter.dimension.is_empty() && filter.level.is_empty());
    if !is_first || !looks_for_something || filter.organization.is_some() {
        return;
    }
    // A branch counts under its own code, and what is asked of several under none.
    let category = codes.first().filter(|_| codes.len() == 1).map(|code| code.as_str());
    let looked = Looked { organization, member, area: filter.area, category };
    let counted = app.store.count_empty_search(&looked, &app.today()).await;
    if let Err(fault) = counted {
        tracing::warn!(error = %fault, "an empty search was not counted");
    }
}
