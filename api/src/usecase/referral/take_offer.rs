//! Taking a place that was offered.

use super::accept::take_on;
use super::{Which, choose};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::{Channel, Command};
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};

/// Who takes the place.
#[derive(Debug, Clone, Copy)]
pub struct TakeOffer {
    pub which: Which,
    /// Set when the person themselves said so.
    pub channel: Option<Channel>,
}

/// The person takes the place that is held for them, through the sender: it is consumed, and the receiver sees what
/// else was consented to.
///
/// # Errors
/// Those of `choose`; TOO_LATE when the hold has run out.
pub async fn take_offer(app: &App, ask: Ask<'_>, input: TakeOffer) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let chosen = choose(&work, input.which, Command::TakeOffer).await?.for_person(input.channel)?;
    if chosen.referral.offer_is_over(work.deed.now) {
        return Err(Rule::at("referralId", RuleCode::TooLate).into());
    }
    take_on(&work, &chosen, Facts::default()).await?;
    work.commit(chosen.referral.id).await
}
