//! What became of the goals of a referral, in whatever way it ends.

use super::{Chosen, MAX_TEXT, seal};
use crate::app::outcome_row;
use crate::domain::code::Code;
use crate::domain::id::GoalId;
use crate::domain::referral::{GoalResult, Referral};
use crate::domain::rule::{Failure, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::referral_writes::Facts;
use crate::usecase::work::Work;

/// What became of one goal.
#[derive(Debug, Clone)]
pub struct GoalOutcome {
    pub goal: GoalId,
    pub result: GoalResult,
    /// ISO 8601; not in the future.
    pub achieved_on: Option<String>,
    /// How much, in `unit`; not negative.
    pub quantity: Option<f64>,
    pub unit: Option<Private<String>>,
    pub note: Option<Private<String>>,
}

/// Notes what is wrong with each outcome in itself.
pub(super) fn check_each(rules: &mut Rules, outcomes: &[GoalOutcome], today: &str) {
    for (at, outcome) in outcomes.iter().enumerate() {
        let field = |name: &str| format!("outcomes.{at}.{name}");
        let past = outcome.achieved_on.as_deref().is_none_or(|day| day <= today);
        rules.check(past, &field("achievedOn"), RuleCode::DateOutOfRange);
        let counted = outcome.quantity.is_none_or(|quantity| quantity.is_finite() && quantity >= 0.0);
        rules.check(counted, &field("quantity"), RuleCode::Invalid);
        if let Some(unit) = &outcome.unit {
            rules.text(&field("unit"), unit.expose(), 1, 60);
        }
        if let Some(note) = &outcome.note {
            rules.text(&field("note"), note.expose(), 0, MAX_TEXT);
        }
    }
}

/// Every goal that was taken on once, and no other.
///
/// # Errors
/// NOT_FOUND, INVALID; OUTCOME_MISSING.
pub(super) fn check_all(referral: &Referral, outcomes: &[GoalOutcome]) -> Result<(), Failure> {
    let mut rules = Rules::default();
    for (at, outcome) in outcomes.iter().enumerate() {
        let field = format!("outcomes.{at}.goalId");
        let known = referral.goals.iter().find(|goal| goal.id == outcome.goal);
        let twice = outcomes[..at].iter().any(|earlier| earlier.goal == outcome.goal);
        rules.check(known.is_some(), &field, RuleCode::NotFound);
        let left_out = known.is_some_and(|goal| goal.is_left_out);
        rules.check(!twice && !left_out, &field, RuleCode::Invalid);
    }
    let told = |goal: GoalId| outcomes.iter().any(|outcome| outcome.goal == goal);
    if referral.goals.iter().any(|goal| !goal.is_left_out && !told(goal.id)) {
        rules.add(Rule::at("outcomes", RuleCode::OutcomeMissing));
    }
    rules.settle()
}

/// Every goal once where the service had begun; none or all where it had not.
///
/// # Errors
/// Those of [`check_all`].
pub(super) fn check_if_delivered(referral: &Referral, outcomes: &[GoalOutcome]) -> Result<(), Failure> {
    if outcomes.is_empty() && referral.times.started_at.is_none() { Ok(()) } else { check_all(referral, outcomes) }
}

/// Keeps what became of each goal, its texts sealed.
///
/// # Errors
/// A text that can't be sealed.
pub(super) fn keep(work: &Work<'_>, chosen: &Chosen, outcomes: &[GoalOutcome]) -> Result<(), Failure> {
    for outcome in outcomes {
        let id = chosen.referral.id;
        let row = outcome_row(id, outcome.goal);
        let note = seal(work, "referral_goal", "note_sealed", row, outcome.note.as_ref())?;
        let unit = seal(work, "referral_goal", "unit_sealed", row, outcome.unit.as_ref())?;
        let facts = Facts::default()
            .set("result", outcome.result.code())
            .set("achieved_on", outcome.achieved_on.clone())
            .set("quantity", outcome.quantity)
            .set("unit_sealed", unit)
            .set("note_sealed", note);
        work.tx.set_goal_outcome(id, outcome.goal.into(), facts);
    }
    Ok(())
}
