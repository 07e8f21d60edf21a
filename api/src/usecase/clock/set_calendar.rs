//! On which days an organization, or everybody in an area, is at work.

use crate::app::App;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::global_id::Kind;
use crate::domain::id::{AreaId, OrganizationId};
use crate::domain::policy::{Power, may};
use crate::domain::rule::{Failure, Fault, Outcome, Refusal, Rule, RuleCode, Rules};
use crate::store::calendars::CalendarOf;
use crate::store::ledger::Happening;
use crate::usecase::work::{Ask, Work, fresh, open as begin};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A calendar to set.
#[derive(Debug, Clone)]
pub struct SetCalendar {
    /// The area whose calendar it is; that of the asker's organization when none is named.
    pub area: Option<AreaId>,
    pub expected_version: i32,
    pub calendar: WorkingCalendar,
}

/// Sets a working calendar: an organization's own with the power to edit its directory; that of an area for a government
/// body of its country with the same power, and for the coordinator of a program that covers it. Deadlines that run
/// stay as they are.
///
/// # Errors
/// INVALID for an unknown time zone or a week without a working day; TOO_LONG; NOT_FOUND; NOT_PERMITTED; STALE_VERSION.
pub async fn set_calendar(app: &App, ask: Ask<'_>, input: SetCalendar) -> Outcome<i32> {
    let work = begin!(app, ask);
    let calendar = checked(input.calendar)?;
    let organization = work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    let (of, subject) = match input.area {
        Some(area) => {
            may_set_area(&work, organization, area).await?;
            (CalendarOf::Area(area), (Kind::Area, Uuid::from(area)))
        }
        None => {
            work.needs(Power::EditDirectory, None, "")?;
            (CalendarOf::Organization(organization), (Kind::Organization, Uuid::from(organization)))
        }
    };
    let current = work.tx.calendar_version(of).await?;
    fresh(input.expected_version, current)?;
    let new = WorkingCalendar { version: current + 1, ..calendar };
    if !work.tx.set_calendar(of, &new, work.deed.now).await? {
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).into());
    }
    work.record(&Happening::to(subject, "CALENDAR", new.version)).await?;
    work.commit(new.version).await
}

fn checked(calendar: WorkingCalendar) -> Result<WorkingCalendar, Failure> {
    use crate::domain::calendar::{MOST_HOLIDAYS, is_time_zone};
    let mut rules = Rules::default();
    rules.check(is_time_zone(&calendar.time_zone), "timeZone", RuleCode::Invalid);
    let rest_days: BTreeSet<_> = calendar.rest_days.into_iter().collect();
    rules.check(rest_days.len() < 7, "restDays", RuleCode::Invalid);
    let holidays: BTreeSet<String> = calendar.holidays.into_iter().collect();
    rules.check(holidays.len() <= MOST_HOLIDAYS, "holidays", RuleCode::TooLong);
    rules.settle()?;
    let (rest_days, holidays) = (rest_days.into_iter().collect(), holidays.into_iter().collect());
    Ok(WorkingCalendar { rest_days, holidays, ..calendar })
}

async fn may_set_area(work: &Work<'_>, organization: OrganizationId, area: AreaId) -> Result<(), Failure> {
    let Some(is_home) = work.tx.is_in_country_of(area, organization).await? else {
        return Err(Rule::at("areaId", RuleCode::NotFound).into());
    };
    if is_home && work.actor.is_government() && may(work.actor, Power::EditDirectory, None) {
        return Ok(());
    }
    let led = work.tx.leads_in(organization, area).await?;
    if led.iter().any(|program| may(work.actor, Power::CoordinateReferrals, Some(*program))) {
        Ok(())
    } else {
        Err(Rule::at("areaId", RuleCode::NotPermitted).into())
    }
}

/// The calendar that applies to an organization and in an area: the nearest, or that which applies where none was set.
///
/// # Errors
/// What the engine refuses.
pub async fn working_calendar(
    app: &App,
    organization: Option<OrganizationId>,
    area: Option<AreaId>,
) -> Result<WorkingCalendar, Fault> {
    Ok(app.store.working_calendar(organization, area).await?.unwrap_or_default())
}
