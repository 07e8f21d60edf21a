//! Adding what a person requires.

use crate::app::App;
use crate::domain::case::{Delivery, Urgency};
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, NeedId};
use crate::domain::rule::{Detail, Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::domain::service::{Dimension, Level};
use crate::store::case_writes::NewNeed;
use crate::store::ledger::Happening;
use crate::store::sealing::Place;
use crate::usecase::taxonomy::usable;
use crate::usecase::work::{Ask, fresh, open as begin};
use uuid::Uuid;

/// The most goals a need may have.
pub const MAX_GOALS: usize = 10;
/// The most characters a goal may have.
pub const MAX_GOAL_TEXT: usize = 500;

/// What a person requires.
#[derive(Debug, Clone)]
pub struct AddNeed {
    pub case: CaseId,
    pub expected_version: i32,
    pub category: String,
    pub dimension: Dimension,
    pub level: Level,
    pub urgency: Urgency,
    pub delivery: Delivery,
    /// In the person's own words.
    pub goals: Vec<Private<String>>,
}

/// The holder's side adds a need with its goals to an open case.
///
/// # Errors
/// Those of a held case; INVALID for another level than INDIVIDUAL, and for a category that does not exist or does not lie in the dimension and level.
pub async fn add_need(app: &App, ask: Ask<'_>, input: AddNeed) -> Outcome<(CaseId, NeedId)> {
    let work = begin!(app, ask);
    check(&input)?;
    let case = super::held_open_case(&work, input.case).await?;
    fresh(input.expected_version, case.version)?;
    let category = usable(&work, &input.category).await?;
    if category.is_none_or(|known| (known.dimension, known.level) != (input.dimension, input.level)) {
        return Err(Rule::at("categoryCode", RuleCode::Invalid).into());
    }
    // Random, like the case's: a key by time would tell a receiver when the need was written.
    let id = Uuid::new_v4();
    let AddNeed { dimension, level, urgency, delivery, .. } = input;
    let new = NewNeed { id, category: &input.category, dimension, level, urgency, delivery };
    work.tx.add_need(&case, new, work.deed.now).await?;
    for (position, text) in (1_i32..).zip(&input.goals) {
        let goal = Uuid::new_v4();
        let place = Place { table: "goal", column: "text_sealed", row: goal };
        let sealed = app.sealer.seal(place, text.expose()).map_err(Fault::from)?;
        work.tx.add_goal(goal, id, case.id, position, &sealed).await?;
    }
    if !work.tx.touch_case(case.id, case.version, work.deed.now).await? {
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(Detail::Version(case.version + 1)).into());
    }
    work.record(&Happening {
        case: Some(case.id),
        program: Some(case.program_id),
        area: case.area_id,
        dimension: Some(input.dimension),
        level: Some(input.level),
        ..Happening::to((Kind::Need, id), "HOLDER", 1)
    })
    .await?;
    work.commit((case.id, id.into())).await
}

fn check(input: &AddNeed) -> Outcome<()> {
    let mut rules = Rules::default();
    // What a community or a structure requires is nobody's own: it attaches to an area, an organization or an agreement.
    rules.check(input.level == Level::Individual, "level", RuleCode::Invalid);
    rules.check(!input.goals.is_empty(), "goals", RuleCode::Required);
    rules.check(input.goals.len() <= MAX_GOALS, "goals", RuleCode::TooLong);
    for (at, goal) in input.goals.iter().enumerate() {
        rules.text(&format!("goals.{at}"), goal.expose(), 1, MAX_GOAL_TEXT);
    }
    rules.settle()
}
