//! Adding what a person requires.

use crate::app::App;
use crate::domain::case::{Delivery, Urgency};
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, NeedId};
use crate::domain::rule::{Detail, Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::domain::service::{Dimension, Level};
use crate::store::ledger::Happening;
use crate::store::sealing::Place;
use crate::usecase::work::{Ask, Work, fresh, open as begin};
use passerelle_entity::{goal, need};
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
/// Those of a held case; INVALID for a category that does not exist or does not lie in the dimension and level.
pub async fn add_need(app: &App, ask: Ask<'_>, input: AddNeed) -> Outcome<(CaseId, NeedId)> {
    let work = begin!(app, ask);
    check(&input)?;
    let case = super::held_open_case(&work, input.case).await?;
    fresh(input.expected_version, case.version)?;
    let category = work.tx.category(&input.category).await?;
    if category.is_none_or(|known| (known.dimension, known.level) != (input.dimension, input.level)) {
        return Err(Rule::at("categoryCode", RuleCode::Invalid).into());
    }
    let id = Uuid::now_v7();
    work.tx.add(row(&work, id, &case, &input)).await?;
    for (position, text) in (1_i32..).zip(&input.goals) {
        work.tx.add(goal_row(&work, id, case.id, position, text)?).await?;
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
    rules.check(!input.goals.is_empty(), "goals", RuleCode::Required);
    rules.check(input.goals.len() <= MAX_GOALS, "goals", RuleCode::TooLong);
    for (at, goal) in input.goals.iter().enumerate() {
        rules.text(&format!("goals.{at}"), goal.expose(), 1, MAX_GOAL_TEXT);
    }
    rules.settle()
}

fn row(work: &Work<'_>, id: Uuid, case: &crate::domain::case::Case, input: &AddNeed) -> need::Model {
    need::Model {
        id,
        case_id: case.id.into(),
        organization_id: case.holder.id.into(),
        program_id: case.program_id.into(),
        area_id: case.area_id.map(Uuid::from),
        category_code: input.category.clone(),
        dimension: input.dimension.code().into(),
        level: input.level.code().into(),
        urgency: input.urgency.code().into(),
        delivery: input.delivery.code().into(),
        status: "OPEN".into(),
        version: 1,
        created_at: work.deed.now,
        updated_at: work.deed.now,
    }
}

fn goal_row(
    work: &Work<'_>,
    need: Uuid,
    case: CaseId,
    position: i32,
    text: &Private<String>,
) -> Result<goal::Model, Fault> {
    let id = Uuid::now_v7();
    let sealed = work.app.sealer.seal(Place { table: "goal", column: "text_sealed", row: id }, text.expose())?;
    Ok(goal::Model { id, need_id: need, case_id: case.into(), position, text_sealed: sealed.as_stored().to_owned() })
}
