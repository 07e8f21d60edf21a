//! Looking again at somebody who waits.

use super::waitlist::{Waitlist, review_of, waiting};
use super::{choose, go, happening};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::{Command, Status};
use crate::domain::rule::Outcome;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};

/// The receiver has looked at a waiting referral and says until when it waits on. Its place on the list stays; reviews
/// that were missed no longer count.
///
/// # Errors
/// Those of `choose`; REQUIRED; DATE_OUT_OF_RANGE.
pub async fn review_waiting(app: &App, ask: Ask<'_>, input: Waitlist) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let review = review_of(&input, app.clock.now())?;
    let chosen = choose(&work, input.which, Command::ReviewWaiting).await?;
    go(&work, &chosen, Status::Waitlisted, waiting(Facts::default(), &input, review)).await?;
    work.record(&happening(&chosen, Status::Waitlisted, None)).await?;
    work.commit(chosen.referral.id).await
}
