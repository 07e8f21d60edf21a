//! Letting an offered place go.

use super::held::let_go;
use super::{Chosen, Which, choose, go, happening};
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::id::ReferralId;
use crate::domain::notice::Notice;
use crate::domain::referral::decision::LEAST_REVIEW;
use crate::domain::referral::{Channel, Command, Status};
use crate::domain::rule::{Failure, Outcome};
use crate::store::ledger::Happening;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, Work, open as begin};

/// Who lets the place go.
#[derive(Debug, Clone, Copy)]
pub struct LapseOffer {
    pub which: Which,
    /// Set when the person themselves said so.
    pub channel: Option<Channel>,
}

/// The offered place is let go; the referral waits on, where it was on the list. At the second time the sender's side
/// must decide what is to become of it.
///
/// # Errors
/// Those of `choose`.
pub async fn lapse_offer(app: &App, ask: Ask<'_>, input: LapseOffer) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let chosen = choose(&work, input.which, Command::LapseOffer).await?.for_person(input.channel)?;
    lapse(&work, &chosen, happening(&chosen, Status::Waitlisted, None)).await?;
    work.commit(chosen.referral.id).await
}

/// Lets the place go, whoever does it.
pub(crate) async fn lapse(work: &Work<'_>, chosen: &Chosen, mut happened: Happening) -> Result<(), Failure> {
    let referral = &chosen.referral;
    let lapsed = referral.offers_lapsed + 1;
    let least = work.deed.now + LEAST_REVIEW;
    let review = referral.due.review.map_or(least, |due| due.max(least));
    let facts = let_go(work, referral, Facts::default())
        .set("offers_lapsed", lapsed)
        .set("offer_note_sealed", None::<String>)
        .set("review_due_at", review)
        .due(Some(review));
    go(work, chosen, Status::Waitlisted, facts).await?;
    if lapsed >= 2 {
        let notice = Notice::act(referral.sender.id, MemberRole::CaseManager).of_kind("OFFER_LAPSED_TWICE");
        happened.notify.push(Notice { program: Some(referral.program_id), ..notice });
    }
    work.record(&happened).await?;
    Ok(())
}
