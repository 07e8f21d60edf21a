//! What is offered where: dimensions by levels, for an area and those below it.

use crate::domain::actor::Actor;
use crate::domain::code::Code;
use crate::domain::service::{self as domain, Dimension, Level};
use crate::graphql::area::{Area, area_key};
use crate::graphql::context::Here;
use crate::graphql::error::bad_input;
use crate::usecase::browse;
use async_graphql::{Context, ID, SimpleObject};

/// How many levels below an area may be asked for.
const MOST_LEVELS: i32 = 3;

/// What is offered in one area.
#[derive(Clone, SimpleObject)]
pub struct AreaCoverage {
    /// The area. What is offered below it counts here too.
    pub area: Area,
    /// Nine cells, three dimensions by three levels, in their order; those without services are zero.
    pub cells: Vec<CoverageCell>,
}

/// One of nine cells of the grid of dimensions and levels.
#[derive(Debug, Clone, SimpleObject)]
pub struct CoverageCell {
    /// The dimension of reintegration.
    pub dimension: Dimension,
    /// The level at which the services work.
    pub level: Level,
    /// Services that you may see, retired ones left out.
    pub services: i32,
    /// Of these, how many take referrals today.
    pub open_for_referrals: i32,
    /// Free places of services that state them. Null without a token.
    pub open_places: Option<i32>,
    /// Services whose number of places is unknown. Null without a token.
    pub places_unknown: Option<i32>,
}

/// What is offered in an area and those up to `levels` below it; nothing for an unknown area.
///
/// # Errors
/// BAD_USER_INPUT for another kind's identifier or levels outside 0 to 3; a fault of ours, masked.
pub async fn service_coverage(ctx: &Context<'_>, area: &ID, levels: i32) -> async_graphql::Result<Vec<AreaCoverage>> {
    let top = area_key(area)?;
    if !(0..=MOST_LEVELS).contains(&levels) {
        return Err(bad_input("Ask for 0 to 3 levels below the area."));
    }
    let found = browse::coverage(ctx.app(), &ctx.sight(), top, levels).await.map_err(|fault| ctx.broke(&fault))?;
    let is_public = *ctx.actor() == Actor::Anonymous;
    let covered = |(area, cells): (_, Vec<_>)| AreaCoverage { area: Area::of(area), cells: grid(&cells, is_public) };
    Ok(found.into_iter().map(covered).collect())
}

/// All nine cells, filled with what was found.
fn grid(found: &[domain::CoverageCell], is_public: bool) -> Vec<CoverageCell> {
    let number = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    let cell = |dimension: Dimension, level: Level| {
        let cell = found.iter().find(|cell| cell.dimension == dimension && cell.level == level);
        let count = |of: fn(&domain::CoverageCell) -> i64| number(cell.map_or(0, of));
        CoverageCell {
            dimension,
            level,
            services: count(|cell| cell.services),
            open_for_referrals: count(|cell| cell.open_for_referrals),
            open_places: (!is_public).then(|| count(|cell| cell.open_places)),
            places_unknown: (!is_public).then(|| count(|cell| cell.places_unknown)),
        }
    };
    Dimension::ALL.iter().flat_map(|dimension| Level::ALL.iter().map(|level| cell(*dimension, *level))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_has_nine_cells_and_the_public_sees_no_places() {
        let found = domain::CoverageCell {
            dimension: Dimension::Social,
            level: Level::Community,
            services: 3,
            open_for_referrals: 2,
            open_places: 7,
            places_unknown: 1,
        };
        let cells = grid(&[found], false);
        let full: Vec<usize> = (0..9).filter(|index| cells[*index].services > 0).collect();
        assert_eq!((cells.len(), full), (9, vec![4]));
        assert_eq!((cells[4].open_places, cells[4].places_unknown, cells[0].open_places), (Some(7), Some(1), Some(0)));
        let public = grid(&[found], true);
        assert_eq!((public[4].services, public[4].open_for_referrals), (3, 2));
        assert!(public.iter().all(|cell| cell.open_places.is_none() && cell.places_unknown.is_none()));
    }
}
