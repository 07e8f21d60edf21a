//! What is offered where: dimensions by levels and categories, for an area and those below it, and how many people there
//! are being helped.

use crate::domain::actor::Actor;
use crate::domain::code::Code;
use crate::domain::id::AreaId;
use crate::domain::service::{self as domain, Dimension, Level};
use crate::domain::unmet::{Breakdown, Key, Measure};
use crate::graphql::area::{Area, area_key};
use crate::graphql::context::Here;
use crate::graphql::error::bad_input;
use crate::graphql::unmet::{Figure, FigureRule, too_many};
use crate::usecase::unmet::{self, Coverage, Reply, Tables};
use async_graphql::{Context, ID, SimpleObject};
use std::collections::BTreeMap;

/// How many levels below an area may be asked for.
const MOST_LEVELS: i32 = 9;
/// How many areas one answer holds.
const MOST_AREAS: usize = 500;

/// What is offered in one area.
#[derive(Clone, SimpleObject)]
pub struct AreaCoverage {
    /// The area. What is offered below it counts here too.
    pub area: Area,
    /// Nine cells, three dimensions by three levels, in their order; those without services are zero.
    pub cells: Vec<CoverageCell>,
    /// Category by category, by code; what is not there is offered by no service and helps nobody who is told of.
    pub categories: Vec<CategoryCoverage>,
    /// People who live here and are being helped, in all. Null without a token or a part in the figures of the country.
    pub caseload: Option<Figure>,
    /// By which rule the caseload is told. Null where it is not told.
    pub caseload_rule: Option<FigureRule>,
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
    /// Places of services that state them, the taken ones among them, each capacity rounded down to 0, 1, 5, 10, 20, 50,
    /// 100 and so on: at least so many. Null without a token.
    pub capacity: Option<i32>,
    /// Free places of services that state them, each capacity rounded down in the same way: at least so many. What is left
    /// between the two is no number of persons. Null without a token.
    pub open_places: Option<i32>,
    /// Services whose number of places is unknown. Null without a token.
    pub places_unknown: Option<i32>,
    /// Needs of people who live here for which a service had taken them on when the last quarter ended. Null without a
    /// token or a part in the figures of the country.
    pub caseload: Option<Figure>,
}

/// What is offered of one category.
#[derive(Debug, Clone, SimpleObject)]
pub struct CategoryCoverage {
    /// The code of the standard category; a local one counts as the one above it.
    pub category_code: String,
    /// Its dimension of reintegration.
    pub dimension: Dimension,
    /// The level at which it works.
    pub level: Level,
    /// Services that you may see, retired ones left out.
    pub services: i32,
    /// Of these, how many take referrals today.
    pub open_for_referrals: i32,
    /// Places of services that state them, the taken ones among them, each capacity rounded down to 0, 1, 5, 10, 20, 50,
    /// 100 and so on: at least so many. Null without a token.
    pub capacity: Option<i32>,
    /// Free places of services that state them, each capacity rounded down in the same way: at least so many. What is left
    /// between the two is no number of persons. Null without a token.
    pub open_places: Option<i32>,
    /// Services whose number of places is unknown. Null without a token.
    pub places_unknown: Option<i32>,
    /// Needs of people who live here for which a service had taken them on when the last quarter ended. Null without a
    /// token or a part in the figures of the country.
    pub caseload: Option<Figure>,
}

/// What is offered in an area and those up to `levels` below it; nothing for an unknown area.
///
/// # Errors
/// BAD_USER_INPUT for another kind's identifier, levels outside 0 to 9 or too many areas; a fault of ours, masked.
pub async fn service_coverage(ctx: &Context<'_>, area: &ID, levels: i32) -> async_graphql::Result<Vec<AreaCoverage>> {
    let top = area_key(area)?;
    if !(0..=MOST_LEVELS).contains(&levels) {
        return Err(bad_input("Ask for 0 to 9 levels below the area."));
    }
    let asked = ctx.look_ahead();
    let fields = [asked.field("caseload"), asked.field("caseloadRule"), asked.field("cells").field("caseload")];
    let with_caseload =
        fields.iter().any(async_graphql::Lookahead::exists) || asked.field("categories").field("caseload").exists();
    let found = unmet::coverage(ctx.app(), &ctx.sight(), (top, levels), with_caseload, MOST_AREAS).await;
    match found.map_err(|fault| ctx.broke(&fault))? {
        Reply::Nothing => Ok(Vec::new()),
        Reply::TooMany => Err(too_many()),
        Reply::Told(coverage) => Ok(told(coverage, *ctx.actor() == Actor::Anonymous)),
    }
}

/// The caseload of areas and of parts of them, as far as it is not zero.
struct Caseload {
    rule: FigureRule,
    figures: BTreeMap<(AreaId, Key), Figure>,
}

impl Caseload {
    fn of(tables: &Tables) -> Self {
        let ways = [Breakdown::Area, Breakdown::Grid, Breakdown::Category];
        let rows = ways.into_iter().flat_map(|by| tables.rows(by));
        let figures =
            rows.map(|row| ((row.area, row.key.clone()), Figure::of(row.figure(Measure::Caseload)))).collect();
        Self { rule: FigureRule::of(tables), figures }
    }

    fn figure(&self, area: AreaId, key: &Key) -> Figure {
        self.figures.get(&(area, key.clone())).cloned().unwrap_or_else(Figure::zero)
    }

    /// Categories of an area with somebody in them.
    fn categories(&self, area: AreaId) -> impl Iterator<Item = &Key> {
        let here = move |((at, key), figure): (&(AreaId, Key), &Figure)| {
            *at == area && key.category.is_some() && !figure.is_zero()
        };
        self.figures.iter().filter(move |entry| here(*entry)).map(|((_, key), _)| key)
    }
}

fn told(coverage: Coverage, is_public: bool) -> Vec<AreaCoverage> {
    let caseload = coverage.caseload.as_ref().map(Caseload::of);
    let mut cells = coverage.cells;
    let covered = |area: crate::domain::area::Area| {
        let (found, key) = (cells.remove(&area.id).unwrap_or_default(), area.id);
        let total = caseload.as_ref().map(|caseload| caseload.figure(key, &Key::default()));
        AreaCoverage {
            area: Area::of(area),
            cells: grid(key, &found, is_public, caseload.as_ref()),
            categories: categories(key, &found, is_public, caseload.as_ref()),
            caseload: total,
            caseload_rule: caseload.as_ref().map(|caseload| caseload.rule.clone()),
        }
    };
    coverage.areas.into_iter().map(covered).collect()
}

fn number(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// All nine cells, filled with what was found.
fn grid(
    area: AreaId,
    found: &[domain::CoverageCell],
    is_public: bool,
    caseload: Option<&Caseload>,
) -> Vec<CoverageCell> {
    let cell = |dimension: Dimension, level: Level| {
        let here = || found.iter().filter(|cell| cell.dimension == dimension && cell.level == level);
        let count = |of: fn(&domain::CoverageCell) -> i64| number(here().map(of).sum());
        let key = Key { dimension: Some(dimension), level: Some(level), ..Key::default() };
        CoverageCell {
            dimension,
            level,
            services: count(|cell| cell.services),
            open_for_referrals: count(|cell| cell.open_for_referrals),
            capacity: (!is_public).then(|| count(|cell| cell.capacity)),
            open_places: (!is_public).then(|| count(|cell| cell.open_places)),
            places_unknown: (!is_public).then(|| count(|cell| cell.places_unknown)),
            caseload: caseload.map(|caseload| caseload.figure(area, &key)),
        }
    };
    Dimension::ALL.iter().flat_map(|dimension| Level::ALL.iter().map(|level| cell(*dimension, *level))).collect()
}

/// The categories with a service or with somebody who is being helped, by code.
fn categories(
    area: AreaId,
    found: &[domain::CoverageCell],
    is_public: bool,
    caseload: Option<&Caseload>,
) -> Vec<CategoryCoverage> {
    let of = |cell: &domain::CoverageCell| Key {
        dimension: Some(cell.dimension),
        level: Some(cell.level),
        category: Some(cell.category.clone()),
        urgency: None,
    };
    let mut keys: Vec<Key> = found.iter().map(of).collect();
    keys.extend(caseload.into_iter().flat_map(|caseload| caseload.categories(area)).cloned());
    keys.sort_by(|one, other| one.category.cmp(&other.category));
    keys.dedup();
    let told = |key: Key| {
        let here = || found.iter().filter(|cell| Some(&cell.category) == key.category.as_ref());
        let count = |of: fn(&domain::CoverageCell) -> i64| number(here().map(of).sum());
        CategoryCoverage {
            dimension: key.dimension.unwrap_or_default(),
            level: key.level.unwrap_or_default(),
            services: count(|cell| cell.services),
            open_for_referrals: count(|cell| cell.open_for_referrals),
            capacity: (!is_public).then(|| count(|cell| cell.capacity)),
            open_places: (!is_public).then(|| count(|cell| cell.open_places)),
            places_unknown: (!is_public).then(|| count(|cell| cell.places_unknown)),
            caseload: caseload.map(|caseload| caseload.figure(area, &key)),
            category_code: key.category.unwrap_or_default(),
        }
    };
    keys.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_has_nine_cells_and_the_public_sees_no_places() {
        let found = domain::CoverageCell {
            category: "SOC.COM.SERVICE_ACCESS".into(),
            dimension: Dimension::Social,
            level: Level::Community,
            services: 3,
            open_for_referrals: 2,
            capacity: 12,
            open_places: 7,
            places_unknown: 1,
        };
        let found = [found.clone(), domain::CoverageCell { category: "SOC.COM.OTHER".into(), ..found }];
        let cells = grid(AreaId::default(), &found, false, None);
        let full: Vec<usize> = (0..9).filter(|index| cells[*index].services > 0).collect();
        assert_eq!((cells.len(), full), (9, vec![4]));
        assert_eq!((cells[4].open_places, cells[4].places_unknown, cells[0].open_places), (Some(14), Some(2), Some(0)));
        let public = grid(AreaId::default(), &found, true, None);
        assert_eq!((public[4].services, public[4].open_for_referrals), (6, 4));
        assert!(public.iter().all(|cell| cell.open_places.is_none() && cell.capacity.is_none()));
        let by_category = categories(AreaId::default(), &found, true, None);
        assert_eq!(by_category.iter().map(|one| one.services).collect::<Vec<_>>(), [3, 3]);
    }
}
