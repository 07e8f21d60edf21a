//! What hangs on a referral, and the machine's public table.

use crate::domain::case_identifier::CaseIdentifier;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, ReferralId};
use crate::domain::referral::table::Unavailable;
use crate::domain::referral::{self, Command, GoalResult, Party, Status};
use crate::graphql::case::Case;
use crate::graphql::context::Here;
use crate::graphql::event::{Event, EventConnection};
use crate::graphql::loader::Loaders;
use crate::graphql::paging::Slice;
use crate::graphql::scalar::{LocalDate, id};
use crate::graphql::service_parts::ServiceAtLocation;
use crate::usecase::case::listing;
use async_graphql::{Context, Enum, ID, SimpleObject};
use std::sync::Arc;

/// The case of a referral, as far as the asker may see it.
pub async fn case(ctx: &Context<'_>, id: CaseId) -> Option<Case> {
    let loaders = ctx.data_opt::<Loaders>()?;
    match loaders.cases(ctx.data_unchecked(), ctx.actor()).load_one(id).await {
        Ok(case) => case.map(Case),
        Err(fault) => {
            let error = ctx.broke(&fault).into_server_error(ctx.item.pos);
            ctx.add_error(ctx.set_error_path(error));
            None
        }
    }
}

/// The shared case identifier, where it is released.
#[must_use]
pub fn case_identifier(of: &referral::Referral) -> Option<String> {
    let stored = of.released.as_ref()?.identifier.as_deref()?;
    CaseIdentifier::parse(stored).ok().map(|identifier| identifier.to_string())
}

/// The one location that a referral is sent to.
#[must_use]
pub fn service_at_location(of: &referral::Referral) -> Option<ServiceAtLocation> {
    let wanted = of.service_at_location_id?;
    of.service.places.iter().find(|place| place.id == wanted).map(ServiceAtLocation::from)
}

/// What happened to a referral, oldest first.
///
/// # Errors
/// A page size out of bounds; a fault of ours.
pub async fn events(ctx: &Context<'_>, of: ReferralId, slice: Slice) -> async_graphql::Result<EventConnection> {
    let window = slice.window(ctx)?;
    let page = listing::referral_events(ctx.app(), &ctx.sight(), of, &window).await;
    Ok(EventConnection::of(page.map_err(|fault| ctx.broke(&fault))?, |event| Event(Arc::new(event))))
}

/// A goal that a referral was made for, and what became of it.
#[derive(SimpleObject)]
pub struct ReferralGoal {
    /// The public identifier of the goal in its need.
    goal_id: ID,
    /// Its place, from 1.
    position: i32,
    /// In the person's own words; null where it is not released to you.
    text: Option<String>,
    /// Whether it is taken on; false for one that the receiver left to another referral.
    is_taken: bool,
    /// What was reached; null until it is reported.
    result: Option<GoalResult>,
    /// When it was reached.
    achieved_on: Option<LocalDate>,
    /// How much, in `unit`.
    quantity: Option<f64>,
    /// The unit of the quantity, such as sessions or months.
    unit: Option<String>,
    /// What the receiver adds; for sender and receiver.
    note: Option<String>,
}

impl ReferralGoal {
    /// All goals of a referral that the asker has read; a text that can't be opened is told in the answer's errors.
    pub fn all(ctx: &Context<'_>, referral: &referral::Referral) -> Option<Vec<Self>> {
        ctx.found(referral.goals.iter().map(|goal| Self::of(ctx, referral, goal)).collect::<Result<_, _>>().map(Some))
    }

    /// A goal of a referral that the asker has read.
    ///
    /// # Errors
    /// A text that can't be opened.
    fn of(
        ctx: &Context<'_>,
        referral: &referral::Referral,
        goal: &referral::ReferralGoal,
    ) -> Result<Self, crate::domain::rule::Fault> {
        let app = ctx.app();
        let text = goal.text.as_ref().map(|text| app.goal_text(goal.id, text)).transpose()?;
        Ok(Self {
            goal_id: id(Kind::Goal, goal.id),
            position: goal.position,
            text: text.map(|text| text.into_inner()),
            is_taken: !goal.is_left_out,
            result: goal.result,
            achieved_on: LocalDate::stored(goal.achieved_on.as_deref()),
            quantity: goal.quantity,
            unit: app.outcome_unit(referral.id, goal)?.map(|unit| unit.into_inner()),
            note: app.outcome_note(referral.id, goal)?.map(|note| note.into_inner()),
        })
    }
}

/// Why an action is not available now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum UnavailableBecause {
    /// The referral's state does not allow it.
    State,
    /// It is for another party, or your roles or scopes do not carry it.
    Party,
    /// No place is free.
    Capacity,
    /// The service takes no referrals now, see its `closedBecause`; or it does not offer this.
    Service,
    /// It was done as often as it may be.
    Limit,
    /// The time in which it could be done has passed.
    Time,
}

impl From<Unavailable> for UnavailableBecause {
    fn from(why: Unavailable) -> Self {
        match why {
            Unavailable::State => Self::State,
            Unavailable::Party => Self::Party,
        }
    }
}

/// Something that can be done to a referral.
#[derive(SimpleObject)]
pub struct AvailableAction {
    /// The action.
    action: Command,
    /// The mutation that does it.
    mutation: String,
    /// Whether you can do it now.
    is_available: bool,
    /// Why not; null when you can.
    unavailable_because: Option<UnavailableBecause>,
}

impl AvailableAction {
    /// An action, and why it is not available, if it is not.
    #[must_use]
    pub fn of(action: Command, unavailable_because: Option<UnavailableBecause>) -> Self {
        let is_available = unavailable_because.is_none();
        Self { action, mutation: action.mutation(), is_available, unavailable_because }
    }
}

/// One transition of the referral machine.
#[derive(SimpleObject)]
pub struct ReferralTransition {
    /// The row's number; several transitions may share one.
    row: i32,
    /// The action.
    action: Command,
    /// The mutation that does it.
    mutation: String,
    /// The states it starts from; empty for a new referral.
    from: Vec<Status>,
    /// The state it leads to; null when it adds a fact or leads back to the state before.
    to: Option<Status>,
    /// Who may do it.
    parties: Vec<Party>,
    /// Whether a coded reason is required.
    needs_reason: bool,
    /// Whether this server runs it.
    is_offered: bool,
}

/// Every transition of the machine.
#[must_use]
pub fn transitions() -> Vec<ReferralTransition> {
    referral::table::TRANSITIONS
        .iter()
        .map(|row| ReferralTransition {
            row: row.row.into(),
            action: row.command,
            mutation: row.command.mutation(),
            from: row.from.to_vec(),
            to: match row.to {
                referral::table::Target::To(status) => Some(status),
                referral::table::Target::Same | referral::table::Target::Before => None,
            },
            parties: row.parties.to_vec(),
            needs_reason: row.reason,
            is_offered: row.offered,
        })
        .collect()
}
