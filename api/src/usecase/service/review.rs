//! Whether an entry may be published by those who wrote it.

use crate::domain::id::ProgramId;
use crate::domain::rule::{Failure, Fault, Rule, RuleCode};
use crate::usecase::work::Work;

/// Whether services of a program are approved by its leading organization before they are published.
///
/// # Errors
/// What the engine refuses.
pub async fn needs_review(work: &Work<'_>, program: Option<ProgramId>) -> Result<bool, Fault> {
    match program {
        Some(program) => Ok(work.tx.directory_rules(program).await?.needs_review),
        None => Ok(false),
    }
}

/// That an entry of these programs can be published at once.
///
/// # Errors
/// REVIEW_REQUIRED at `field`.
pub async fn without_review(work: &Work<'_>, programs: [Option<ProgramId>; 2], field: &str) -> Result<(), Failure> {
    for program in programs {
        if needs_review(work, program).await? {
            return Err(Rule::at(field, RuleCode::ReviewRequired).into());
        }
    }
    Ok(())
}
