//! Figures of a program: which plan items wait for a referral, and what direct help and help by referral came to.

use crate::app::App;
use crate::domain::figures::{GapFigures, HelpFigures};
use crate::domain::id::ProgramId;
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
pub use crate::store::figures::GapFilter;

/// Plan items that wait for a referral, by category and area; nothing for whom may not read the program's figures.
///
/// # Errors
/// What the engine refuses.
pub async fn plan_gaps(
    app: &App,
    sight: &Sight,
    program: ProgramId,
    filter: &GapFilter,
) -> Result<Option<GapFigures>, Fault> {
    app.store.plan_gaps(sight, program, filter).await
}

/// Outcomes recorded within a time (UTC microseconds, the end not included); nothing for whom may not read the program's
/// figures.
///
/// # Errors
/// What the engine refuses.
pub async fn help_comparison(
    app: &App,
    sight: &Sight,
    program: ProgramId,
    within: (i64, i64),
) -> Result<Option<HelpFigures>, Fault> {
    app.store.help_figures(sight, program, within).await
}
