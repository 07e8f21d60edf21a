//! Registering an activity.

use super::{About, about};
use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::ActivityId;
use crate::domain::policy::Power;
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::store::activity_writes::{Entry, NewActivity};
use crate::store::ledger::Happening;
use crate::usecase::work::{Ask, open as begin};
use uuid::Uuid;

/// The most characters of a text about an activity or a community's need.
pub const MAX_TEXT: usize = 4_000;

/// An activity for a community or for how services are governed.
#[derive(Debug, Clone)]
pub struct RegisterActivity {
    pub about: About,
    pub name: String,
    /// Public text; nothing about persons.
    pub description: String,
    /// ISO 8601, as `ends_on`, which is not earlier.
    pub starts_on: String,
    pub ends_on: Option<String>,
    pub planned_participants: Option<i32>,
}

/// An organization registers an activity of its own. No case belongs to it.
///
/// # Errors
/// NOT_PERMITTED; those of what it is about; REQUIRED, TOO_LONG, INVALID, DATE_OUT_OF_RANGE.
pub async fn register_activity(app: &App, ask: Ask<'_>, input: RegisterActivity) -> Outcome<ActivityId> {
    let work = begin!(app, ask, Power::EditDirectory, Rule::at("", RuleCode::NotPermitted));
    work.needs(Power::EditDirectory, None, "")?;
    let mut rules = Rules::default();
    rules.text("name", &input.name, 1, 200);
    rules.text("description", &input.description, 0, MAX_TEXT);
    let ordered = input.ends_on.as_ref().is_none_or(|end| *end >= input.starts_on);
    rules.check(ordered, "endsOn", RuleCode::DateOutOfRange);
    rules.check(input.planned_participants.is_none_or(|count| count >= 0), "plannedParticipants", RuleCode::Invalid);
    rules.settle()?;
    let category = about(&work, &input.about).await?;
    let id = Uuid::now_v7();
    let organization = work.deed.organization;
    let entry =
        Entry { id, organization, category: &category, area: input.about.area, about: input.about.organization };
    let new = NewActivity {
        entry,
        name: input.name.trim(),
        description: &input.description,
        starts_on: &input.starts_on,
        ends_on: input.ends_on.as_deref(),
        planned_participants: input.planned_participants,
    };
    work.tx.add_activity(new, work.deed.now).await?;
    work.record(&Happening {
        area: input.about.area,
        dimension: Some(category.dimension),
        level: Some(category.level),
        ..Happening::to((Kind::Activity, id), "OWNER", 1)
    })
    .await?;
    work.commit(id.into()).await
}
