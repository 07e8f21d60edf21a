//! Saying that a referral has arrived.

use super::{Which, choose, go, happening};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::{Command, Status};
use crate::domain::rule::Outcome;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};

/// The receiver says that it has the referral; the sender is told.
///
/// # Errors
/// Those of [`choose`].
pub async fn acknowledge(app: &App, ask: Ask<'_>, which: Which) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let chosen = choose(&work, which, Command::Acknowledge).await?;
    let facts = Facts::default().set("acknowledged_at", work.deed.now).due(chosen.referral.due.decide);
    go(&work, &chosen, Status::Acknowledged, facts).await?;
    work.record(&happening(&chosen, Status::Acknowledged, None)).await?;
    work.commit(chosen.referral.id).await
}
