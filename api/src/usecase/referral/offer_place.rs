//! Offering a place to somebody who waits.

use super::held::hold;
use super::{MAX_TEXT, Which, choose, go, happening, seal};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::decision::OFFER_HOLDS;
use crate::domain::referral::{Command, Status};
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};
use uuid::Uuid;

/// To whom a place is offered.
#[derive(Debug, Clone)]
pub struct OfferPlace {
    pub which: Which,
    /// Why it is not their turn; needed where it is not.
    pub out_of_order: Option<Private<String>>,
}

/// The receiver's supervisor offers a place, which is held for 72 hours. Who is first in the published order is offered
/// one first; anybody else only with a reason.
///
/// # Errors
/// Those of `choose`; TEXT_REQUIRED out of order; CAPACITY_TAKEN when no place is free.
pub async fn offer_place(app: &App, ask: Ask<'_>, input: OfferPlace) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check(&input)?;
    let chosen = choose(&work, input.which, Command::OfferPlace).await?;
    let referral = &chosen.referral;
    let is_first = work.tx.waiting_position(referral.id).await? <= 1;
    // A reason that nobody needs is not kept.
    let reason = input.out_of_order.as_ref().filter(|_| !is_first);
    if !is_first && reason.is_none() {
        return Err(Rule::at("outOfOrderReason", RuleCode::TextRequired).into());
    }
    let note = seal(&work, "referral", "offer_note_sealed", referral.id.into(), reason)?;
    let capacity = referral.service.capacity_for(referral.service_at_location_id).map(|capacity| capacity.id);
    let until = work.deed.now + OFFER_HOLDS;
    let facts = Facts::default()
        .set("offer_until_at", until)
        .set("offer_note_sealed", note)
        .set("capacity_id", capacity.map(Uuid::from))
        .due(Some(until));
    go(&work, &chosen, Status::Offered, facts).await?;
    work.record(&happening(&chosen, Status::Offered, None)).await?;
    if let Some(capacity) = capacity {
        hold(&work, capacity, "referralId").await?;
    }
    work.commit(referral.id).await
}

fn check(input: &OfferPlace) -> Outcome<()> {
    let mut rules = Rules::default();
    if let Some(reason) = &input.out_of_order {
        rules.text("outOfOrderReason", reason.expose(), 1, MAX_TEXT);
    }
    rules.settle()
}
