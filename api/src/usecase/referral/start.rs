//! Recording first contact or the start of the service.

use super::{Which, choose, go, happening};
use crate::app::App;
use crate::domain::id::ReferralId;
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
}

/// The receiver's worker records the first contact; the contact clock stops.
///
/// # Errors
/// Those of [`choose`]; DATE_OUT_OF_RANGE.
pub async fn start(app: &App, ask: Ask<'_>, input: Start) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    if input.first_contact_on > app.today() {
        return Err(Rule::at("firstContactOn", RuleCode::DateOutOfRange).into());
    }
    let chosen = choose(&work, input.which, Command::Start).await?;
    let facts =
        Facts::default().set("first_contact_on", input.first_contact_on).set("started_at", work.deed.now).due(None);
    go(&work, &chosen, Status::InService, facts).await?;
    work.record(&happening(&chosen, Status::InService, None)).await?;
    work.commit(chosen.referral.id).await
}
