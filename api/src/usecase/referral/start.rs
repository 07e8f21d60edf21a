//! Recording first contact or the start of the service.

use super::{Which, choose, go, happening, planned_end};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::clocks::outcome_due;
use crate::domain::referral::{Command, Status};
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};

/// When the person was first contacted or served.
#[derive(Debug, Clone)]
pub struct Start {
    pub which: Which,
    /// ISO 8601; not in the future.
    pub first_contact_on: String,
    /// ISO 8601: when the service is planned to end; what was said on acceptance when nothing is said.
    pub planned_end_on: Option<String>,
}

/// The receiver's worker records the first contact; the contact clock stops, and that of the outcome starts: two
/// weeks after the planned end, or 90 days from now when none is planned, or when the sender asked to hear back.
///
/// # Errors
/// Those of [`choose`]; DATE_OUT_OF_RANGE.
pub async fn start(app: &App, ask: Ask<'_>, input: Start) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    if input.first_contact_on > app.today() {
        return Err(Rule::at("firstContactOn", RuleCode::DateOutOfRange).into());
    }
    planned_end(&work, input.planned_end_on.as_deref())?;
    let chosen = choose(&work, input.which, Command::Start).await?;
    if input.first_contact_on < chosen.referral.sent_on() {
        return Err(Rule::at("firstContactOn", RuleCode::DateOutOfRange).into());
    }
    let end = input.planned_end_on.or_else(|| chosen.referral.planned_end_on.clone());
    let due =
        outcome_due(&chosen.referral.limits(), end.as_deref(), work.deed.now, chosen.referral.follow_up.by.as_deref());
    let facts = Facts::default()
        .set("first_contact_on", input.first_contact_on)
        .set("started_at", work.deed.now)
        .set("planned_end_on", end)
        .set("outcome_due_at", due)
        .due(Some(due));
    go(&work, &chosen, Status::InService, facts).await?;
    work.record(&happening(&chosen, Status::InService, None)).await?;
    work.commit(chosen.referral.id).await
}
