//! Taking on a part of what was asked for.

use super::accept::take_on;
use super::{Chosen, Which, choose};
use crate::app::App;
use crate::domain::id::{GoalId, ReferralId};
use crate::domain::referral::{Command, Referral};
use crate::domain::rule::{Failure, Fault, Outcome, Rule, RuleCode, Rules};
use crate::store::referral_writes::Facts;
use crate::store::sealing::Place;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// Which goals the receiver takes on.
#[derive(Debug, Clone)]
pub struct AcceptPartly {
    pub which: Which,
    /// At least one of the referral's goals, and not all of them.
    pub taken: Vec<GoalId>,
}

/// The receiver takes the person on for some of the goals. The others become a need of their own in the sender's case,
/// a child of the referral's need, which is never sent by itself; the sender is told.
///
/// # Errors
/// Those of `choose`; REQUIRED when no goal is taken, INVALID when none is left; NOT_FOUND; CAPACITY_TAKEN.
pub async fn accept_partly(app: &App, ask: Ask<'_>, input: AcceptPartly) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let chosen = choose(&work, input.which, Command::AcceptPartly).await?;
    check(&chosen.referral, &input.taken)?;
    let rest = match chosen.referral.chain.parent_id {
        None => Some(part_off(&work, &chosen, &input.taken).await?),
        // What is left of a part that was passed on stays with whoever passed it on.
        Some(_) => leave(&work, &chosen, &input.taken),
    };
    take_on(&work, &chosen, Facts::default().set("rest_need_id", rest)).await?;
    work.commit(chosen.referral.id).await
}

fn check(referral: &Referral, taken: &[GoalId]) -> Result<(), Failure> {
    let mut rules = Rules::default();
    rules.check(!taken.is_empty(), "takenGoalIds", RuleCode::Required);
    let open = || referral.goals.iter().filter(|goal| !goal.is_left_out);
    for (at, goal) in taken.iter().enumerate() {
        let field = format!("takenGoalIds.{at}");
        rules.check(open().any(|known| known.id == *goal), &field, RuleCode::NotFound);
        rules.check(!taken[..at].contains(goal), &field, RuleCode::Invalid);
    }
    rules.settle()?;
    // Who takes all of it accepts.
    if open().all(|goal| taken.contains(&goal.id)) {
        return Err(Rule::at("takenGoalIds", RuleCode::Invalid).into());
    }
    Ok(())
}

fn leave(work: &Work<'_>, chosen: &Chosen, taken: &[GoalId]) -> Option<Uuid> {
    let left = chosen.referral.goals.iter().filter(|goal| !goal.is_left_out && !taken.contains(&goal.id));
    left.for_each(|goal| work.tx.leave_goal_out(chosen.referral.id, goal.id));
    None
}

/// Makes a need of the goals that are not taken. Their texts are sealed anew, each for its new row.
async fn part_off(work: &Work<'_>, chosen: &Chosen, taken: &[GoalId]) -> Result<Uuid, Failure> {
    let (referral, rest) = (&chosen.referral, Uuid::new_v4());
    let goals = work.tx.frozen_goals(referral.id).await?;
    work.tx.add_rest_need(rest, referral.id, work.deed.now).await?;
    let left = goals.iter().filter(|goal| !taken.contains(&goal.id));
    for (position, goal) in (1_i32..).zip(left) {
        let text = work.app.goal_text(goal.id, &goal.text)?;
        let id = Uuid::new_v4();
        let place = Place { table: "goal", column: "text_sealed", row: id };
        let sealed = work.app.sealer.seal(place, text.expose()).map_err(Fault::from)?;
        work.tx.add_goal(id, rest, referral.case_id, position, &sealed).await?;
        work.tx.leave_goal_out(referral.id, goal.id);
    }
    work.tx.touch_case_of(referral.id, work.deed.now).await?;
    Ok(rest)
}
