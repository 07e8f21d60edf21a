//! The answer to the question that a withdrawal leaves open while somebody is being helped: does the help go on?

use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::policy::parties;
use crate::domain::referral::beside::Beside;
use crate::domain::referral::{Channel, Command, Party, Referral, Status};
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::store::referral_writes::Facts;
use crate::usecase::referral::{Chosen, Which, go, happening, of_party, wrong_state};
use crate::usecase::work::{Ask, fresh, open as begin};

/// That the person wishes the service to go on.
#[derive(Debug, Clone, Copy)]
pub struct RecordGoesOn {
    pub which: Which,
    /// By which way the person said so.
    pub channel: Channel,
}

/// The sender's side records that the person, whose consent was withdrawn while a service ran, wishes it to go on. The
/// receiver goes on on its own basis, and is shown nothing again. Where the person does not wish it, the sender asks to
/// stop it instead.
///
/// # Errors
/// NOT_FOUND for whoever is no party; NOT_PERMITTED; STALE_VERSION; WRONG_STATE where nothing runs; INVALID while the
/// consent stands; ALREADY_EXISTS once it was answered.
pub async fn record_goes_on(app: &App, ask: Ask<'_>, input: RecordGoesOn) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let at = |code| Rule::at("referralId", code);
    let referral = of_party(&work, input.which.referral).await?;
    let plays = parties(work.actor, &referral);
    if !plays.iter().any(|party| matches!(party, Party::SenderWorker | Party::SenderSupervisor)) {
        return Err(at(RuleCode::NotPermitted).into());
    }
    if !runs(&referral) {
        fresh(input.which.expected_version, referral.version)?;
        return Err(wrong_state(&referral, Beside::of(&referral, work.actor), &plays).into());
    }
    fresh(input.which.expected_version, referral.version)?;
    if work.tx.consent_stands(referral.id).await? {
        return Err(at(RuleCode::Invalid).into());
    }
    if referral.times.goes_on_at.is_some() {
        return Err(at(RuleCode::AlreadyExists).into());
    }
    let status = referral.status;
    let (command, channel) = (Command::WithdrawConsent, Some(input.channel));
    let chosen = Chosen { referral, command, party: Party::Person, channel };
    go(&work, &chosen, status, Facts::default().set("goes_on_at", work.deed.now)).await?;
    work.record(&happening(&chosen, status, None)).await?;
    work.commit(chosen.referral.id).await
}

fn runs(referral: &Referral) -> bool {
    matches!(referral.status, Status::Accepted | Status::InService | Status::OnHold)
}
