//! Setting limits and working calendars, and reading the calendar that applies.

use crate::domain::global_id::Kind;
use crate::domain::id::ProgramId;
use crate::domain::rule::Fault;
use crate::graphql::clock_input::{ProgramLimits, SetProgramLimitsInput, SetWorkingCalendarInput, WorkingCalendar};
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::payload::payload;
use crate::graphql::scalar::key;
use crate::usecase::clock::{self, set_calendar, set_limits};
use async_graphql::{Context, ID, Object};

payload! {
    /// The limits of a program, or what to put right.
    SetProgramLimitsPayload {
        /// The limits as they stand now; null when nothing was changed.
        limits: ProgramLimits
    }
}

payload! {
    /// The calendar that was set, or what to put right.
    SetWorkingCalendarPayload {
        /// The calendar as it stands now; null when nothing was changed.
        calendar: WorkingCalendar
    }
}

async fn limits_of(ctx: &Context<'_>, program: ProgramId) -> Result<Option<ProgramLimits>, Fault> {
    let set = clock::program_limits(ctx.app(), program).await?;
    Ok(Some(ProgramLimits::of(set.limits, set.version)))
}

/// Mutations on limits and calendars.
#[derive(Default)]
pub struct ClockMutation;

#[Object]
impl ClockMutation {
    /// Sets how long each step of a referral may take in a program that your organization leads. What was sent before
    /// keeps its limits. Takes the coordinator.
    async fn set_program_limits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The program and its limits.")] input: SetProgramLimitsInput,
    ) -> Option<SetProgramLimitsPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "setProgramLimits", &input.idempotency_key, &text);
        let done = async { set_limits(ctx.app(), ask, input.read()?).await }.await;
        Some(match settle(ctx, ask, done).await? {
            Ok(program) => Ok(ctx.found(limits_of(ctx, program).await)).into(),
            Err(errors) => Err(errors).into(),
        })
    }

    /// Sets on which days your organization is at work, with EDIT_DIRECTORY; or everybody in an area, as a government
    /// body of its country with EDIT_DIRECTORY or as the coordinator of a program that covers it. The nearest calendar
    /// of a receiver rules its working days; deadlines that run stay as they are.
    async fn set_working_calendar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose calendar, and the calendar.")] input: SetWorkingCalendarInput,
    ) -> Option<SetWorkingCalendarPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "setWorkingCalendar", &input.idempotency_key, &text);
        let done = async { set_calendar(ctx.app(), ask, input.read()?).await }.await;
        Some(match settle(ctx, ask, done).await? {
            Ok(_) => {
                let area = input.area_id.as_ref().and_then(|id| key(Kind::Area, id)).map(Into::into);
                let own = if area.is_none() { ctx.actor().organization() } else { None };
                let read = clock::working_calendar(ctx.app(), own, area).await;
                Ok(ctx.found(read.map(|calendar| Some(calendar.into())))).into()
            }
            Err(errors) => Err(errors).into(),
        })
    }
}

/// Queries on calendars.
#[derive(Default)]
pub struct ClockQuery;

#[Object]
impl ClockQuery {
    /// The working calendar that applies to an organization, in an area: its own, or that of the area or of the nearest
    /// area around it; Saturday and Sunday in UTC where nobody set one.
    async fn working_calendar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization.")] organization_id: Option<ID>,
        #[graphql(desc = "The area.")] area_id: Option<ID>,
    ) -> Option<WorkingCalendar> {
        let read = async {
            known(ctx)?;
            let organization = organization_id.and_then(|id| key(Kind::Organization, &id)).map(Into::into);
            let area = area_id.and_then(|id| key(Kind::Area, &id)).map(Into::into);
            let calendar = clock::working_calendar(ctx.app(), organization, area).await;
            Ok(Some(calendar.map_err(|fault| ctx.broke(&fault))?.into()))
        };
        ctx.nullable(read.await)
    }
}
