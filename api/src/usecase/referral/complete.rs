//! Reporting delivery and outcome, once.

use super::outcomes::{GoalOutcome, check_all, check_each, keep};
use super::{Which, choose, go, happening};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::{Command, Referral, Status};
use crate::domain::rule::{Detail, Failure, Outcome, Rule, RuleCode, Rules};
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, Work, open as begin};

/// Delivery and outcome of a referral.
#[derive(Debug, Clone)]
pub struct Complete {
    pub which: Which,
    /// ISO 8601; not in the future.
    pub service_on: String,
    /// Needed when the start was not recorded before; else it puts right what was recorded.
    pub first_contact_on: Option<String>,
    pub outcomes: Vec<GoalOutcome>,
}

/// The receiver's worker reports an outcome for every goal; the place is given back, the sender sees the result at
/// once, and the receiver's window on the case closes.
///
/// # Errors
/// Those of [`choose`]; OUTCOME_MISSING; DATE_OUT_OF_RANGE, also for what lies before the day of sending; REQUIRED for a first contact never recorded.
pub async fn complete(app: &App, ask: Ask<'_>, input: Complete) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check(&input, &app.today())?;
    let chosen = choose(&work, input.which, Command::Complete).await?;
    let referral = &chosen.referral;
    check_since_sent(referral, &input)?;
    check_all(referral, &input.outcomes)?;
    let facts = delivery(&work, referral, &input)?;
    go(&work, &chosen, Status::Completed, facts).await?;
    keep(&work, &chosen, &input.outcomes)?;
    work.tx.end_grants(referral.id, work.deed.now);
    work.record(&happening(&chosen, Status::Completed, None)).await?;
    if let Some(capacity) = referral.capacity_id {
        work.tx.free_place(capacity);
    }
    work.commit(referral.id).await
}

fn check(input: &Complete, today: &str) -> Result<(), Failure> {
    let mut rules = Rules::default();
    rules.check(input.service_on.as_str() <= today, "serviceOn", RuleCode::DateOutOfRange);
    if let Some(contact) = &input.first_contact_on {
        rules.check(contact <= &input.service_on, "firstContactOn", RuleCode::DateOutOfRange);
    }
    check_each(&mut rules, &input.outcomes, today);
    rules.settle()
}

/// That nothing was given or reached before the referral was sent, nor before the first contact.
fn check_since_sent(referral: &Referral, input: &Complete) -> Result<(), Failure> {
    let sent = referral.sent_on();
    let mut rules = Rules::default();
    let contact = input.first_contact_on.as_ref();
    rules.check(contact.is_none_or(|contact| *contact >= sent), "firstContactOn", RuleCode::DateOutOfRange);
    let begun = contact.or(referral.first_contact_on.as_ref()).unwrap_or(&sent);
    rules.check(input.service_on >= *begun && input.service_on >= sent, "serviceOn", RuleCode::DateOutOfRange);
    for (at, outcome) in input.outcomes.iter().enumerate() {
        let late = outcome.achieved_on.as_ref().is_none_or(|day| *day >= sent);
        rules.check(late, &format!("outcomes.{at}.achievedOn"), RuleCode::DateOutOfRange);
    }
    rules.settle()
}

fn delivery(work: &Work<'_>, referral: &Referral, input: &Complete) -> Result<Facts, Failure> {
    let facts = Facts::default().set("service_on", input.service_on.clone()).set("ended_at", work.deed.now).due(None);
    match (&input.first_contact_on, referral.status) {
        (None, Status::Accepted) => Err(Rule::at("firstContactOn", RuleCode::Required).with(Detail::None).into()),
        (Some(contact), Status::Accepted) => {
            Ok(facts.set("first_contact_on", contact.clone()).set("started_at", work.deed.now))
        }
        // What the receiver says last of the first contact is what stands.
        (Some(contact), _) => Ok(facts.set("first_contact_on", contact.clone())),
        (None, _) => Ok(facts),
    }
}
