//! Reporting delivery and outcome, once.

use super::{Chosen, MAX_TEXT, Which, choose, go, happening, seal};
use crate::app::{App, outcome_row};
use crate::domain::code::Code;
use crate::domain::id::{GoalId, ReferralId};
use crate::domain::referral::{Command, GoalResult, Referral, Status};
use crate::domain::rule::{Detail, Failure, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, Work, open as begin};

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

/// Delivery and outcome of a referral.
#[derive(Debug, Clone)]
pub struct Complete {
    pub which: Which,
    /// ISO 8601; not in the future.
    pub service_on: String,
    /// Needed when the start was not recorded before.
    pub first_contact_on: Option<String>,
    pub outcomes: Vec<GoalOutcome>,
}

/// The receiver's worker reports an outcome for every goal; the place is given back, the sender sees the result at
/// once, and the receiver's window on the case closes.
///
/// # Errors
/// Those of [`choose`]; OUTCOME_MISSING; DATE_OUT_OF_RANGE; REQUIRED for a first contact never recorded.
pub async fn complete(app: &App, ask: Ask<'_>, input: Complete) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check(&input, &app.today())?;
    let chosen = choose(&work, input.which, Command::Complete).await?;
    let referral = &chosen.referral;
    check_goals(referral, &input)?;
    let facts = delivery(&work, referral, &input)?;
    go(&work, &chosen, Status::Completed, facts).await?;
    keep_outcomes(&work, &chosen, &input).await?;
    work.tx.end_grants(referral.id, work.deed.now);
    work.record(&happening(&chosen, Status::Completed, None)).await?;
    if let Some(capacity) = referral.capacity_id {
        work.tx.free_place(capacity);
    }
    work.commit(referral.id).await
}

fn check(input: &Complete, today: &str) -> Result<(), Failure> {
    let mut rules = Rules::default();
    rules.check(input.service_on.as_str() <= today, "serviceOn", RuleCode::DateOutOfRange);
    if let Some(contact) = &input.first_contact_on {
        rules.check(contact <= &input.service_on, "firstContactOn", RuleCode::DateOutOfRange);
    }
    for (at, outcome) in input.outcomes.iter().enumerate() {
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
    rules.settle()
}

/// Every goal that was taken on once, and no other.
fn check_goals(referral: &Referral, input: &Complete) -> Result<(), Failure> {
    let mut rules = Rules::default();
    for (at, outcome) in input.outcomes.iter().enumerate() {
        let field = format!("outcomes.{at}.goalId");
        let known = referral.goals.iter().find(|goal| goal.id == outcome.goal);
        let twice = input.outcomes[..at].iter().any(|earlier| earlier.goal == outcome.goal);
        rules.check(known.is_some(), &field, RuleCode::NotFound);
        let left_out = known.is_some_and(|goal| goal.is_left_out);
        rules.check(!twice && !left_out, &field, RuleCode::Invalid);
    }
    let told = |goal: GoalId| input.outcomes.iter().any(|outcome| outcome.goal == goal);
    if referral.goals.iter().any(|goal| !goal.is_left_out && !told(goal.id)) {
        rules.add(Rule::at("outcomes", RuleCode::OutcomeMissing));
    }
    rules.settle()
}

fn delivery(work: &Work<'_>, referral: &Referral, input: &Complete) -> Result<Facts, Failure> {
    let facts = Facts::default().set("service_on", input.service_on.clone()).set("ended_at", work.deed.now).due(None);
    match (&input.first_contact_on, referral.status) {
        (None, Status::Accepted) => Err(Rule::at("firstContactOn", RuleCode::Required).with(Detail::None).into()),
        (Some(contact), Status::Accepted) => {
            Ok(facts.set("first_contact_on", contact.clone()).set("started_at", work.deed.now))
        }
        _ => Ok(facts),
    }
}

async fn keep_outcomes(work: &Work<'_>, chosen: &Chosen, input: &Complete) -> Result<(), Failure> {
    for outcome in &input.outcomes {
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
