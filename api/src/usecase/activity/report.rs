//! Reporting what an activity came to.

use super::register::MAX_TEXT;
use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::ActivityId;
use crate::domain::policy::Power;
use crate::domain::rule::{Detail, Outcome, Rule, RuleCode, Rules};
use crate::store::ledger::Happening;
use crate::usecase::work::{Ask, fresh, open as begin};

/// What an activity came to.
#[derive(Debug, Clone)]
pub struct ReportActivity {
    pub activity: ActivityId,
    pub expected_version: i32,
    /// Participants who had returned.
    pub returnees: i32,
    /// Participants who never migrated.
    pub non_returnees: i32,
    /// Public text; nothing about persons.
    pub outcome: String,
}

/// The organization whose activity it is reports who took part and what came of it; a later report replaces it.
///
/// # Errors
/// NOT_FOUND; NOT_PERMITTED for another organization's; STALE_VERSION; REQUIRED, TOO_LONG, INVALID.
pub async fn report_activity(app: &App, ask: Ask<'_>, input: ReportActivity) -> Outcome<ActivityId> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    rules.check(input.returnees >= 0, "returnees", RuleCode::Invalid);
    rules.check(input.non_returnees >= 0, "nonReturnees", RuleCode::Invalid);
    rules.text("outcome", &input.outcome, 1, MAX_TEXT);
    rules.settle()?;
    let found = work.tx.activity(input.activity).await?;
    let activity = found.ok_or_else(|| Rule::at("activityId", RuleCode::NotFound))?;
    work.needs(Power::EditDirectory, None, "activityId")?;
    if activity.organization.id != work.deed.organization {
        return Err(Rule::at("activityId", RuleCode::NotPermitted).into());
    }
    fresh(input.expected_version, activity.version)?;
    let told = (input.returnees, input.non_returnees, input.outcome.trim());
    let which = (activity.id, activity.version);
    if !work.tx.report_activity(work.deed.organization, which, told, work.deed.now).await? {
        let newer = Detail::Version(activity.version + 1);
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(newer).into());
    }
    work.record(&Happening {
        area: activity.area_id,
        dimension: Some(activity.dimension),
        level: Some(activity.level),
        ..Happening::to((Kind::Activity, activity.id.into()), "OWNER", activity.version + 1)
    })
    .await?;
    work.commit(activity.id).await
}
