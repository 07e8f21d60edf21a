//! The ledger of unmet needs in the schema.

use crate::domain::case::Urgency;
use crate::domain::service::{Dimension, Level};
use crate::domain::suppression as domain;
use crate::domain::unmet::{Breakdown, Measure, Row};
use crate::graphql::area::{Area, area_key};
use crate::graphql::context::{Here, known};
use crate::graphql::error::bad_input;
use crate::graphql::figures::QuarterInput;
use crate::graphql::scalar::DateTime;
use crate::usecase::unmet::{self, Asked, Reply, Tables};
use async_graphql::{Context, ID, Object, SimpleObject};
use std::collections::HashMap;

/// How many areas one answer holds.
const MOST_AREAS: usize = 500;

/// A figure about people. It is hidden where it would tell of too few of them, or would help to find out another that
/// does.
#[derive(Debug, Clone, SimpleObject)]
pub struct Figure {
    /// The figure; null where it is hidden.
    count: Option<i64>,
    /// The part of it that is not hidden. It equals the figure where nothing is.
    at_least: i64,
    /// Whether it is hidden.
    is_hidden: bool,
}

impl Figure {
    /// A figure as it may be told.
    #[must_use]
    pub fn of(figure: domain::Figure) -> Self {
        Self { count: figure.count, at_least: figure.at_least, is_hidden: figure.count.is_none() }
    }

    /// Nobody.
    #[must_use]
    pub fn zero() -> Self {
        Self { count: Some(0), at_least: 0, is_hidden: false }
    }

    /// Whether it is known that nobody is in it.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        !self.is_hidden && self.at_least == 0
    }
}

/// By which rule figures are told.
#[derive(Debug, Clone, SimpleObject)]
pub struct FigureRule {
    /// The version of what is counted and how.
    definition: String,
    /// When it was counted: once, after the quarter was over. It does not change afterwards.
    as_of: DateTime,
    /// Figures of fewer persons than this are hidden from you, and others with them that would give them away.
    fewest_persons: i64,
}

impl FigureRule {
    /// The rule of some tables.
    #[must_use]
    pub fn of(tables: &Tables) -> Self {
        Self { definition: tables.definition.clone(), as_of: DateTime(tables.as_of), fewest_persons: tables.fewest }
    }
}

/// What was needed and not met in a quarter.
#[derive(SimpleObject)]
pub struct UnmetNeeds {
    /// By which rule the figures are told.
    rule: FigureRule,
    /// From when on it was counted.
    since: DateTime,
    /// Before when it was counted. What is open or waiting stood so at this moment.
    before: DateTime,
    /// From above to below and by name. Without a breakdown every area has its row; with one, what has none is zero.
    rows: Vec<UnmetNeedRow>,
}

/// What was needed and not met in an area, or in a part of its figures.
#[derive(SimpleObject)]
pub struct UnmetNeedRow {
    /// Where the persons live; everything below the area counts here too.
    area: Area,
    /// The code of the standard category, when broken down by category; null for searches that named none.
    category_code: Option<String>,
    /// The dimension of reintegration, when broken down by it or more finely.
    dimension: Option<Dimension>,
    /// The level, when broken down by dimension and level or by category.
    level: Option<Level>,
    /// The urgency, when broken down by it; null for searches, which have none.
    urgency: Option<Urgency>,
    /// Needs to be met by referral that were open at the end with no referral under way.
    needs_open: Figure,
    /// Needs for which a referral was declined for lack of places.
    capacity_declines: Figure,
    /// Needs for which a referral ended because nobody answered.
    expiries: Figure,
    /// Needs for which somebody was on a waiting list at the end.
    waiting: Figure,
    /// Searches for services by people who work here that found nothing. Where no area was named, they count for the
    /// country of whoever searched.
    empty_searches: Figure,
}

/// That an answer would hold too many areas.
#[must_use]
pub fn too_many() -> async_graphql::Error {
    bad_input("These are more areas than one answer holds; ask for fewer levels or a smaller area.")
}

fn row(areas: &HashMap<crate::domain::id::AreaId, Area>, row: &Row) -> Option<UnmetNeedRow> {
    let figure = |measure| Figure::of(row.figure(measure));
    Some(UnmetNeedRow {
        area: areas.get(&row.area)?.clone(),
        category_code: row.key.category.clone(),
        dimension: row.key.dimension,
        level: row.key.level,
        urgency: row.key.urgency,
        needs_open: figure(Measure::NeedsOpen),
        capacity_declines: figure(Measure::CapacityDeclines),
        expiries: figure(Measure::Expiries),
        waiting: figure(Measure::Waiting),
        empty_searches: figure(Measure::EmptySearches),
    })
}

/// Queries on what is needed and not met.
#[derive(Default)]
pub struct UnmetQuery;

#[Object]
impl UnmetQuery {
    /// What was needed and not met in an area and those below it, in a quarter that is over: quarters neither overlap nor
    /// change, and all answers are put together of the same parts, so that no two of them give away a hidden figure.
    /// For government bodies of the country, and for those with READ_FIGURES in organizations that lead, work in or pay
    /// for a program there; null for others, as for an area that does not exist.
    async fn unmet_needs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The area's global identifier.")] area_id: ID,
        #[graphql(desc = "A quarter that is over.")] period: QuarterInput,
        #[graphql(desc = "How many levels below the area, 0 to 9.", default = 1)] levels: i32,
        #[graphql(desc = "By what the figures of each area are broken down.", default_with = "Breakdown::Category")]
        by: Breakdown,
        #[graphql(desc = "Only this category or group and all below it, by its code.")] category: Option<String>,
    ) -> Option<UnmetNeeds> {
        let found = async {
            known(ctx)?;
            let quarter = period.over(ctx.app().now())?;
            if !(0..=9).contains(&levels) {
                return Err(bad_input("Ask for 0 to 9 levels below the area."));
            }
            if category.as_ref().is_some_and(|code| code.contains('\0')) {
                return Err(bad_input("A category's code has no null signs."));
            }
            let asked = Asked { area: area_key(&area_id)?, levels, quarter, category };
            let found = unmet::ledger(ctx.app(), &ctx.sight(), &asked, MOST_AREAS).await;
            let (areas, tables) = match found.map_err(|fault| ctx.broke(&fault))? {
                Reply::Nothing => return Ok(None),
                Reply::TooMany => return Err(too_many()),
                Reply::Told(told) => told,
            };
            let (since, before) = quarter.bounds();
            let areas: HashMap<_, _> = areas.into_iter().map(|area| (area.id, Area::of(area))).collect();
            let rows =
                tables.rows(by).iter().filter(|one| is_told(one, by)).filter_map(|one| row(&areas, one)).collect();
            let rule = FigureRule::of(&tables);
            Ok(Some(UnmetNeeds { rule, since: DateTime(since), before: DateTime(before), rows }))
        };
        ctx.nullable(found.await)
    }
}

/// Whether a row has anything in it that is not the caseload, which is told with the coverage.
fn is_told(row: &Row, by: Breakdown) -> bool {
    let measures =
        [Measure::NeedsOpen, Measure::CapacityDeclines, Measure::Expiries, Measure::Waiting, Measure::EmptySearches];
    by == Breakdown::Area || measures.into_iter().any(|measure| !Figure::of(row.figure(measure)).is_zero())
}
