//! Figures of a program: what waits for a referral, and what direct help and help by referral came to. Small counts are
//! hidden, so that nobody can be recognized.

use crate::domain::case::Delivery;
use crate::domain::code::Code as _;
use crate::domain::figures::{self, HelpFigures};
use crate::domain::global_id::Kind;
use crate::domain::quarter::Quarter;
use crate::domain::referral::GoalResult;
use crate::domain::service::Dimension;
use crate::domain::suppression::{Cell, tell};
use crate::graphql::context::{Here, known};
use crate::graphql::error::bad_input;
use crate::graphql::input::distinct;
use crate::graphql::scalar::{DateTime, id, key};
use crate::usecase::plan::{self, GapFilter};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

/// Which gaps are counted; what is absent does not limit.
#[derive(InputObject, Default)]
pub struct PlanGapFilter {
    /// In this area or one below it, by where the person lives.
    pub area_id: Option<ID>,
    /// Of this category.
    pub category_code: Option<String>,
    /// Of any of these dimensions.
    pub dimension: Option<Vec<Dimension>>,
}

/// Items of plans that wait for a referral, counted.
#[derive(SimpleObject)]
pub struct PlanGaps {
    /// The version of what is counted and how.
    definition: &'static str,
    /// When it was counted.
    as_of: DateTime,
    /// Counts of fewer persons than this are hidden from you.
    fewest_persons: i64,
    /// By category and area. There is no total, because a total would give away what is hidden.
    cells: Vec<PlanGapCell>,
}

/// Items that wait for a referral, of one category in one area.
#[derive(SimpleObject)]
pub struct PlanGapCell {
    /// The category's code in the taxonomy.
    category_code: String,
    /// Its dimension of reintegration.
    dimension: Dimension,
    /// Where the persons live; null where that is not known.
    area_id: Option<ID>,
    /// How many items wait; null where it is hidden, because too few persons are behind it.
    items: Option<i64>,
    /// Of how many persons; null where it is hidden.
    persons: Option<i64>,
}

/// A quarter of a year, in UTC.
#[derive(InputObject)]
pub struct QuarterInput {
    /// The year, such as 2026.
    pub year: i16,
    /// The quarter, 1 to 4.
    pub quarter: i8,
}

impl QuarterInput {
    /// The quarter meant, if there is one and it is over.
    ///
    /// # Errors
    /// BAD_USER_INPUT.
    pub fn over(&self, now: i64) -> async_graphql::Result<Quarter> {
        let quarter = Quarter::of(self.year, self.quarter).ok_or_else(|| bad_input("There is no such quarter."))?;
        let (_, before) = quarter.bounds();
        if before > now { Err(bad_input("Ask for a quarter that is over.")) } else { Ok(quarter) }
    }
}

/// What help given directly and help by referral came to.
#[derive(SimpleObject)]
pub struct HelpComparison {
    /// The version of what is counted and how. Outcomes count in the quarter in which they were recorded.
    definition: &'static str,
    /// When it was counted.
    as_of: DateTime,
    /// From when on outcomes are counted.
    since: DateTime,
    /// Before when outcomes are counted.
    before: DateTime,
    /// Counts of fewer persons than this are hidden from you, and others with them that would give them away.
    fewest_persons: i64,
    /// Three dimensions by two ways of helping, zeros among them. They tell which goes with what, not what causes what.
    rows: Vec<HelpRow>,
}

/// What one way of helping came to in one dimension.
#[derive(SimpleObject)]
pub struct HelpRow {
    /// The dimension of reintegration.
    dimension: Dimension,
    /// Given directly or by referral.
    way: Delivery,
    /// Outcomes in all; null where it is hidden.
    goals: Option<i64>,
    /// Of how many persons; null where it is hidden.
    persons: Option<i64>,
    /// Goals that were reached; null where it is hidden.
    achieved: Option<i64>,
    /// Goals that were reached in part; null where it is hidden.
    partly: Option<i64>,
    /// Goals that were not reached; null where it is hidden.
    not_achieved: Option<i64>,
}

/// The six rows, as they may be told.
fn rows(found: &HelpFigures, few: i64) -> Vec<HelpRow> {
    let row = |dimension: Dimension, way: Delivery| {
        let cell = |result: GoalResult| {
            let cell =
                found.cells.iter().find(|cell| (cell.dimension, cell.way, cell.result) == (dimension, way, result));
            cell.map_or(Cell::default(), |cell| Cell { count: cell.goals, persons: cell.persons })
        };
        let cells = [GoalResult::Achieved, GoalResult::Partly, GoalResult::NotAchieved].map(cell);
        let persons = found.persons.iter().find(|of| (of.dimension, of.way) == (dimension, way));
        let persons = persons.map_or(0, |of| of.persons);
        let told = tell(&cells, persons, few);
        let at = |index: usize| told.cells.get(index).copied().flatten();
        let [achieved, partly, not_achieved] = [at(0), at(1), at(2)];
        HelpRow {
            dimension,
            way,
            goals: told.total,
            persons: told.total.map(|_| persons),
            achieved,
            partly,
            not_achieved,
        }
    };
    let ways = [Delivery::Direct, Delivery::Referral];
    Dimension::ALL.iter().flat_map(|dimension| ways.map(|way| row(*dimension, way))).collect()
}

/// Figures of programs.
#[derive(Default)]
pub struct FigureQuery;

#[Object]
impl FigureQuery {
    /// Items of active plans of open cases that are to be answered by referral and have none, by category and area,
    /// without cases. For those with READ_FIGURES in organizations that lead, work in or pay for the program; null for
    /// others, as for a program that does not exist.
    async fn plan_gaps(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The program.")] program_id: ID,
        #[graphql(desc = "Which gaps.")] filter: Option<PlanGapFilter>,
    ) -> Option<PlanGaps> {
        let found = async {
            known(ctx)?;
            let Some(program) = key(Kind::Program, &program_id) else { return Ok(None) };
            let filter = filter.unwrap_or_default();
            let filter = GapFilter {
                area: filter.area_id.map(|area| key(Kind::Area, &area).unwrap_or_default().into()),
                category: filter.category_code,
                dimension: distinct(filter.dimension),
            };
            let found = plan::plan_gaps(ctx.app(), &ctx.sight(), program.into(), &filter).await;
            Ok(found.map_err(|fault| ctx.broke(&fault))?.map(|found| {
                let few = ctx.app().policy.fewest(found.only_pays);
                let cell = |cell: figures::GapCell| PlanGapCell {
                    category_code: cell.category,
                    dimension: cell.dimension,
                    area_id: cell.area_id.map(|area| id(Kind::Area, area)),
                    items: (cell.persons >= few).then_some(cell.gaps),
                    persons: (cell.persons >= few).then_some(cell.persons),
                };
                let as_of = DateTime(ctx.app().now());
                let cells = found.cells.into_iter().map(cell).collect();
                PlanGaps { definition: figures::DEFINITION, as_of, fewest_persons: few, cells }
            }))
        };
        ctx.nullable(found.await)
    }

    /// What help given directly and help by referral came to, goal by goal, in a quarter that is over: quarters do not
    /// overlap and do not change, so that no two of them together give away one person. For those with READ_FIGURES in
    /// organizations that lead, work in or pay for the program; null for others, as for a program that does not exist.
    async fn help_comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The program.")] program_id: ID,
        #[graphql(desc = "A quarter that is over.")] period: QuarterInput,
    ) -> Option<HelpComparison> {
        let found = async {
            known(ctx)?;
            let (since, before) = period.over(ctx.app().now())?.bounds();
            let Some(program) = key(Kind::Program, &program_id) else { return Ok(None) };
            let found = plan::help_comparison(ctx.app(), &ctx.sight(), program.into(), (since, before)).await;
            Ok(found.map_err(|fault| ctx.broke(&fault))?.map(|found| HelpComparison {
                definition: figures::DEFINITION,
                as_of: DateTime(ctx.app().now()),
                since: DateTime(since),
                before: DateTime(before),
                fewest_persons: ctx.app().policy.fewest(found.only_pays),
                rows: rows(&found, ctx.app().policy.fewest(found.only_pays)),
            }))
        };
        ctx.nullable(found.await)
    }
}
