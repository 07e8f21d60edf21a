//! Recording help that the holder gave without a referral, with what it came to for each goal: so that it can be compared
//! with help by referral.

use super::{held_case, of_case};
use crate::app::{App, direct_outcome_row};
use crate::domain::case::Need;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, DirectServiceId, NeedId, ServiceId};
use crate::domain::referral::LoopMeaning;
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::domain::stage::CaseStage;
use crate::store::casework_writes::{NewDirectGoal, NewDirectService};
use crate::store::ledger::Happening;
use crate::usecase::case::{need_still_open, still_open};
use crate::usecase::referral::{GoalOutcome, MAX_TEXT, check_each, seal, settle_direct};
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// Help that was given without a referral.
#[derive(Debug, Clone)]
pub struct RecordDirect {
    pub case: CaseId,
    pub need: NeedId,
    /// The holder's own service under which it was given.
    pub service: Option<ServiceId>,
    /// ISO 8601; not in the future.
    pub delivered_on: String,
    pub outcomes: Vec<GoalOutcome>,
    /// What it means for the need.
    pub meaning: LoopMeaning,
    pub note: Option<Private<String>>,
}

/// The holder records help given directly. The need stands as all that was done for it says, of which this is a part, and
/// the case is in progress if it was not further.
///
/// # Errors
/// Those of a held case; NOT_FOUND for a need, goal or service that is not the holder's; NEED_CLOSED;
/// OUTCOME_MISSING without a single outcome.
pub async fn record_direct(app: &App, ask: Ask<'_>, input: RecordDirect) -> Outcome<(CaseId, DirectServiceId)> {
    let work = begin!(app, ask);
    check(&input, &app.today())?;
    let (case, _) = held_case(&work, input.case).await?;
    let need = case.needs.iter().find(|need| need.id == input.need);
    let need = need.ok_or_else(|| Rule::at("needId", RuleCode::NotFound))?;
    if !need.status.is_open() {
        return Err(Rule::at("needId", RuleCode::NeedClosed).into());
    }
    still_open(&work, case.id).await?;
    need_still_open(&work, need.id).await?;
    check_goals(need, &input.outcomes)?;
    let category = own_category(&work, need, input.service).await?;
    let id = Uuid::new_v4();
    let new = NewDirectService {
        id,
        need,
        service: input.service.map(Uuid::from),
        category: &category,
        delivered_on: &input.delivered_on,
        meaning: input.meaning,
        note: seal(&work, "direct_service", "note_sealed", id, input.note.as_ref())?,
    };
    work.tx.add_direct_service(&case, new, work.deed.now).await?;
    for outcome in &input.outcomes {
        work.tx.add_direct_goal(id, goal(&work, id, need, outcome)?).await?;
    }
    settle_direct(&work, need.id).await?;
    work.tx.carry_case(case.id, CaseStage::InProgress, &work.deed).await?;
    work.record(&Happening {
        dimension: Some(need.dimension),
        level: Some(need.level),
        ..of_case(&case, (Kind::DirectService, id), 1)
    })
    .await?;
    work.commit((case.id, id.into())).await
}

fn check(input: &RecordDirect, today: &str) -> Outcome<()> {
    let mut rules = Rules::default();
    rules.check(input.delivered_on.as_str() <= today, "deliveredOn", RuleCode::DateOutOfRange);
    rules.check(!input.outcomes.is_empty(), "outcomes", RuleCode::OutcomeMissing);
    if let Some(note) = &input.note {
        rules.text("note", note.expose(), 0, MAX_TEXT);
    }
    check_each(&mut rules, &input.outcomes, today);
    rules.settle()
}

/// Goals of this need, each once.
fn check_goals(need: &Need, outcomes: &[GoalOutcome]) -> Outcome<()> {
    let mut rules = Rules::default();
    for (at, outcome) in outcomes.iter().enumerate() {
        let field = format!("outcomes.{at}.goalId");
        rules.check(need.goals.iter().any(|goal| goal.id == outcome.goal), &field, RuleCode::NotFound);
        let twice = outcomes[..at].iter().any(|earlier| earlier.goal == outcome.goal);
        rules.check(!twice, &field, RuleCode::Invalid);
    }
    rules.settle()
}

/// The category of the holder's own service, which works on the need's dimension and level; the need's without one.
async fn own_category(work: &Work<'_>, need: &Need, service: Option<ServiceId>) -> Outcome<String> {
    let Some(id) = service else { return Ok(need.category.clone()) };
    let unknown = || Rule::at("serviceId", RuleCode::NotFound);
    let service = work.tx.service(&work.sight(), id).await?.ok_or_else(unknown)?;
    if service.organization.id != work.deed.organization {
        return Err(unknown().into());
    }
    let fits = service.category.filter(|known| (known.dimension, known.level) == (need.dimension, need.level));
    Ok(fits.ok_or_else(|| Rule::at("serviceId", RuleCode::Invalid))?.code)
}

fn goal<'a>(work: &Work<'_>, id: Uuid, need: &Need, outcome: &'a GoalOutcome) -> Outcome<NewDirectGoal<'a>> {
    let row = direct_outcome_row(id.into(), outcome.goal);
    let place = need.goals.iter().find(|goal| goal.id == outcome.goal);
    Ok(NewDirectGoal {
        goal: outcome.goal,
        position: place.map_or(0, |goal| goal.position),
        result: outcome.result,
        achieved_on: outcome.achieved_on.as_deref(),
        quantity: outcome.quantity,
        unit: seal(work, "direct_service_goal", "unit_sealed", row, outcome.unit.as_ref())?,
        note: seal(work, "direct_service_goal", "note_sealed", row, outcome.note.as_ref())?,
    })
}
