//! What the clock does with a referral: it tells people, or moves it by a row of the table that is the clock's.

use super::endings::{close_loop, confirm_cancellation, expire, purge};
use super::notices::notices;
use crate::app::App;
use crate::domain::case::Urgency;
use crate::domain::global_id::Kind;
use crate::domain::id::OrganizationId;
use crate::domain::notice::Notice;
use crate::domain::referral::clocks::{Act, REVIEW_AGAIN_DAYS, Step, Told, days_after};
use crate::domain::referral::table::of_clock;
use crate::domain::referral::{Command, Party, Reason, Referral, Status};
use crate::domain::rule::{Failure, Fault};
use crate::store::door::Tx;
use crate::store::ledger::{Deed, Happening};
use crate::store::referral_writes::Facts;
use crate::usecase::referral::held::let_go;
use crate::usecase::referral::hold::resumed;
use crate::usecase::referral::lapse_offer::lapse;
use crate::usecase::referral::{Chosen, go, happening};
use crate::usecase::work::Work;
use uuid::Uuid;

/// After so many missed reviews, a wait is over.
const MOST_REVIEWS: i32 = 2;

/// Takes a step, in the transaction in which it was found due; the clock looks again at `next` where the step itself
/// does not say.
pub(super) async fn act(app: &App, tx: Tx, referral: Referral, step: &Step, next: Option<i64>) -> Result<(), Failure> {
    match &step.act {
        Act::Tell { kind, told } => tell(app, tx, &referral, (step, next), (kind, told)).await,
        Act::Look => look(app, tx, &referral).await,
        Act::Purge => purge(app, tx, referral).await,
        Act::ReleaseSlot => release(app, tx, referral).await,
        Act::MissReview => miss_review(app, tx, referral).await,
        Act::LapseOffer => lapse_offer(app, tx, referral).await,
        Act::Expire => {
            let silent = referral.receiver.id;
            expire(begun(app, tx, silent, &Command::Expire), chosen(referral, Command::Expire)?).await
        }
        Act::Resume => resume(app, tx, referral).await,
        Act::ConfirmCancellation => confirm_cancellation(app, tx, referral).await,
        Act::CloseLoop => close_loop(app, tx, referral).await,
    }
}

/// A write of the clock for the organization whose turn it was, named after a command's mutation.
pub(super) fn begun<'a>(app: &'a App, tx: Tx, silent: OrganizationId, command: &Command) -> Work<'a> {
    let mutation = match command {
        Command::Expire => "expireReferral",
        Command::LapseOffer => "lapseReferralOffer",
        Command::OfferPlace => "offerReferralPlace",
        Command::Resume => "resumeReferral",
        Command::ConfirmCancellation => "confirmReferralCancellation",
        Command::CloseLoop => "closeReferralLoop",
        _ => "clockReferral",
    };
    named(app, tx, silent, mutation)
}

/// A write of the clock under a name of its own.
pub(super) fn named<'a>(app: &'a App, tx: Tx, silent: OrganizationId, mutation: &'static str) -> Work<'a> {
    let deed = Deed {
        organization: silent,
        principal: Uuid::nil(),
        principal_kind: "CLOCK",
        mutation,
        request: "clock".to_owned(),
        now: app.now(),
    };
    Work::of_clock(app, tx, deed)
}

/// A referral that the clock moves, if the table says that it may.
pub(super) fn chosen(referral: Referral, command: Command) -> Result<Chosen, Fault> {
    if of_clock(command, referral.status).is_none() {
        return Err(Fault::Store("the table has no such row for the clock".into()));
    }
    Ok(Chosen { referral, command, party: Party::Clock, channel: None })
}

/// What happened for the organization whose turn it was: both sides are told, first of all whoever must act next.
pub(super) fn happened(work: &Work<'_>, chosen: &Chosen, to: Status, reason: Option<Reason>) -> Happening {
    let referral = &chosen.referral;
    let (sender, receiver) = (referral.sender.id, referral.receiver.id);
    let other = if work.deed.organization == sender { receiver } else { sender };
    let mut happening = Happening { receiver: Some(other), ..happening(chosen, to, reason) };
    for organization in [sender, receiver] {
        if happening.notify.iter().all(|notice| notice.organization != organization) {
            let program = Some(referral.program_id);
            happening.notify.push(Notice { program, ..Notice::to(organization) });
        }
    }
    happening
}

/// Tells people, and writes down that it was done.
async fn tell(
    app: &App,
    tx: Tx,
    referral: &Referral,
    (step, next): (&Step, Option<i64>),
    (kind, told): (&'static str, &[Told]),
) -> Result<(), Failure> {
    let now = app.now();
    tx.note_step(referral.id, step, now).await?;
    tx.set_clock(referral.id, next).await?;
    for notice in tx.reaching(notices(referral, kind, told), referral.id.into()).await? {
        tx.tell(&notice, kind, (Kind::Referral, referral.id.into()), now);
    }
    Ok(tx.commit().await?)
}

/// Looks whether somebody at the receiver could take it in by now. The sender, who was told when it was sent, is told
/// once more at the first look; later ones only keep what is shown up to date.
async fn look(app: &App, tx: Tx, referral: &Referral) -> Result<(), Failure> {
    let now = app.now();
    let terms = tx.terms(referral.receiver.id, referral.program_id, referral.area_id).await?;
    let is_reachable = terms.is_reachable(referral.program_id, referral.urgency, now);
    tx.note_reach(referral.id, (!is_reachable).then_some(now)).await?;
    let is_first = referral.due.unreachable == referral.times.sent_at;
    if is_first && !is_reachable {
        let kind = "RECEIVER_UNREACHABLE";
        for notice in notices(referral, kind, &[Told::SenderWorker]) {
            tx.tell(&notice, kind, (Kind::Referral, referral.id.into()), now);
        }
    }
    Ok(tx.commit().await?)
}

/// A place that was held from sending on is let go when the decision is overdue.
async fn release(app: &App, tx: Tx, referral: Referral) -> Result<(), Failure> {
    let work = named(app, tx, referral.receiver.id, "releaseReferralPlace");
    let facts = let_go(&work, &referral, Facts::default());
    let to = referral.status;
    let chosen = Chosen { referral, command: Command::Expire, party: Party::Clock, channel: None };
    go(&work, &chosen, to, facts).await?;
    let mut happened = happened(&work, &chosen, to, None);
    happened.notify.iter_mut().for_each(|notice| notice.must_act = false);
    work.record(&happened).await?;
    Ok(work.done().await?)
}

/// Counts a missed review of a waiting list, and ends the wait at the second; never in an emergency, which becomes the
/// coordinator's.
async fn miss_review(app: &App, tx: Tx, referral: Referral) -> Result<(), Failure> {
    let missed = referral.reviews_missed + 1;
    let is_emergency = referral.urgency == Urgency::Emergency;
    let silent = referral.receiver.id;
    if missed >= MOST_REVIEWS && !is_emergency {
        let work = begun(app, tx, silent, &Command::Expire);
        return expire(work, chosen(referral, Command::Expire)?).await;
    }
    let work = named(app, tx, silent, "missReferralReview");
    let again = days_after(work.deed.now, REVIEW_AGAIN_DAYS);
    let facts = Facts::default().set("reviews_missed", missed).set("review_due_at", again).due(Some(again));
    let chosen = Chosen { referral, command: Command::ReviewWaiting, party: Party::Clock, channel: None };
    go(&work, &chosen, Status::Waitlisted, facts).await?;
    let mut happened = happened(&work, &chosen, Status::Waitlisted, None);
    let mut told = vec![Told::ReceiverSupervisor, Told::SenderWorker];
    told.extend(is_emergency.then_some(Told::Coordinator));
    happened.notify.extend(notices(&chosen.referral, "WAITING_REVIEW_MISSED", &told));
    work.record(&happened).await?;
    Ok(work.done().await?)
}

/// Nobody took an offered place.
async fn lapse_offer(app: &App, tx: Tx, referral: Referral) -> Result<(), Failure> {
    let work = begun(app, tx, referral.sender.id, &Command::LapseOffer);
    let chosen = chosen(referral, Command::LapseOffer)?;
    let happened = happened(&work, &chosen, Status::Waitlisted, None);
    lapse(&work, &chosen, happened).await?;
    Ok(work.done().await?)
}

/// An interruption whose review was missed for long is over.
async fn resume(app: &App, tx: Tx, referral: Referral) -> Result<(), Failure> {
    let work = begun(app, tx, referral.receiver.id, &Command::Resume);
    let chosen = chosen(referral, Command::Resume)?;
    let (to, facts) = resumed(&work, &chosen.referral)?;
    go(&work, &chosen, to, facts).await?;
    let mut happened = happened(&work, &chosen, to, None);
    let supervisor = notices(&chosen.referral, "RESUMED_BY_CLOCK", &[Told::ReceiverSupervisor]);
    happened.notify.extend(supervisor);
    work.record(&happened).await?;
    Ok(work.done().await?)
}
