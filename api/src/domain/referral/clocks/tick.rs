//! What the clock does with a referral, and when it looks at it again.

use super::ladder::{Deadline, Told, rungs};
use super::{
    CANCEL_HOURS, CONTEST_DAYS, DAY, DRAFT_DAYS, HOUR, LOOP_DAYS, UrgencyLimits, contact_due, days_after, end_of_day,
    hours_after, outcome_due,
};
use crate::domain::case::Urgency;
use crate::domain::referral::decision::{LONGEST_PAUSE, OFFER_HOLDS, REVIEW_DAYS};
use crate::domain::referral::{Referral, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// After a missed review, the next one is due in so many days; an interruption whose review was missed ends then.
pub const REVIEW_AGAIN_DAYS: i64 = 14;
/// Where no review of an interruption was agreed on, it is due after so many days.
const HOLD_REVIEW_DAYS: i64 = 30;

/// A referral as the clock sees it, and what was told of it so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Clocked {
    pub referral: Referral,
    pub told: Vec<Done>,
}

/// A step that was taken: its name, and the instant that tells one round of it from another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Done {
    pub step: String,
    pub anchor: i64,
}

/// What the clock does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Tells people, once.
    Tell { kind: &'static str, told: Vec<Told> },
    /// Looks whether the receiver can be reached by now.
    Look,
    /// Throws a draft away.
    Purge,
    /// Lets a place go that was held from sending on.
    ReleaseSlot,
    /// Counts a missed review of a waiting list; the second one ends the wait.
    MissReview,
    /// Lets an offered place go.
    LapseOffer,
    /// Gives up on a silent receiver.
    Expire,
    /// Goes on after an interruption.
    Resume,
    /// Stops, as was asked for.
    ConfirmCancellation,
    /// Closes the loop, marked as unseen.
    CloseLoop,
}

/// Something that the clock does at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub step: &'static str,
    /// Tells this round from another of the same step.
    pub anchor: i64,
    /// UTC microseconds.
    pub at: i64,
    pub act: Act,
}

/// What the clock does now, if anything, and when it looks again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    pub step: Option<Step>,
    pub next: Option<i64>,
}

/// After how long the clock looks again whether a receiver can be reached, in microseconds.
#[must_use]
pub fn look_interval(urgency: Urgency) -> i64 {
    match urgency {
        Urgency::Emergency | Urgency::Urgent => 2 * HOUR,
        Urgency::Routine => DAY,
    }
}

/// What the clock does with a referral at `now`: the earliest step that is due and was not taken.
#[must_use]
pub fn tick(seen: &Clocked, now: i64) -> Tick {
    let was_taken = |step: &Step| seen.told.iter().any(|done| done.step == step.step && done.anchor == step.anchor);
    let mut left = steps(&seen.referral);
    left.retain(|step| !was_taken(step));
    left.sort_by_key(|step| step.at);
    let due = left.first().is_some_and(|step| step.at <= now);
    let step = due.then(|| left.remove(0));
    Tick { step, next: left.first().map(|step| step.at) }
}

/// When the clock must look at a referral that has just become so.
#[must_use]
pub fn next_look(referral: &Referral) -> Option<i64> {
    steps(referral).iter().map(|step| step.at).min()
}

/// All that the clock has to do with a referral while nobody moves it.
fn steps(referral: &Referral) -> Vec<Step> {
    use Status::{
        Accepted, Acknowledged, CancelRequested, Completed, Declined, Draft, EndedEarly, Expired, InService,
        InfoRequested, Offered, OnHold, Sent, Voided, Waitlisted, Withdrawn,
    };
    let (times, due) = (&referral.times, &referral.due);
    match referral.status {
        Draft => vec![once("PURGE", days_after(times.updated_at, DRAFT_DAYS), Act::Purge)],
        Sent => [acknowledgement(referral), decision(referral, 0), slot(referral, 0), look(referral)].concat(),
        Acknowledged => [decision(referral, 0), slot(referral, 0)].concat(),
        InfoRequested => {
            let asked = times.info_asked_at.unwrap_or(times.updated_at);
            let told = vec![Told::SenderWorker, Told::ReceiverIntake];
            let unanswered = tell("INFO_UNANSWERED", "QUESTION_UNANSWERED", asked, asked + LONGEST_PAUSE, told);
            [vec![unanswered], decision(referral, LONGEST_PAUSE), slot(referral, LONGEST_PAUSE)].concat()
        }
        Waitlisted => [vec![once("REVIEW", review(referral), Act::MissReview)], slot(referral, 0)].concat(),
        Offered => vec![once("OFFER", due.offer_until.unwrap_or(times.updated_at + OFFER_HOLDS), Act::LapseOffer)],
        Accepted => [contact(referral), contest(referral)].concat(),
        InService => [outcome(referral), contest(referral)].concat(),
        OnHold => {
            let review = due.review.unwrap_or_else(|| days_after(times.updated_at, HOLD_REVIEW_DAYS));
            let told = vec![Told::ReceiverWorker, Told::SenderWorker];
            let missed = tell("HOLD_REVIEW", "HOLD_REVIEW_DUE", review, review, told);
            let resumed = once("RESUME", days_after(review, REVIEW_AGAIN_DAYS), Act::Resume);
            [vec![missed, resumed], contest(referral)].concat()
        }
        CancelRequested => {
            let asked = times.cancel_asked_at.unwrap_or(times.updated_at);
            vec![once("CONFIRM", hours_after(asked, CANCEL_HOURS), Act::ConfirmCancellation)]
        }
        Completed | EndedEarly | Declined | Expired | Withdrawn => open_loop(referral),
        Voided => Vec::new(),
    }
}

fn once(step: &'static str, at: i64, act: Act) -> Step {
    Step { step, anchor: 0, at, act }
}

fn tell(step: &'static str, kind: &'static str, anchor: i64, at: i64, told: Vec<Told>) -> Step {
    Step { step, anchor, at, act: Act::Tell { kind, told } }
}

/// The rungs of a limit that ends at `due`; what was told under the same `anchor` is told.
fn ladder(urgency: Urgency, deadline: Deadline, anchor: i64, limit: i64, due: i64) -> Vec<Step> {
    let step = |rung: super::Rung| {
        let at = due.saturating_add(limit.max(0).saturating_mul(rung.percent - 100) / 100);
        let act = match rung.told {
            [] => Act::Expire,
            told => Act::Tell { kind: rung.kind, told: told.to_vec() },
        };
        Step { step: rung.step, anchor, at, act }
    };
    rungs(urgency, deadline).into_iter().map(step).collect()
}

fn acknowledgement(referral: &Referral) -> Vec<Step> {
    let (Some(due), Some(sent)) = (referral.due.acknowledge, referral.times.sent_at) else { return Vec::new() };
    ladder(referral.urgency, Deadline::Acknowledgement, 0, due - sent, due)
}

/// A pause moves the decision's limit; the rungs told before it stay told.
fn decision(referral: &Referral, pause: i64) -> Vec<Step> {
    let from = referral.due.decide_from.or(referral.times.sent_at);
    let (Some(due), Some(from)) = (referral.due.decide, from) else { return Vec::new() };
    ladder(referral.urgency, Deadline::Decision, 0, due - from, due + pause)
}

/// An interruption moves the deadline of a contact; the rungs told before it stay told.
fn contact(referral: &Referral) -> Vec<Step> {
    let from = referral.times.decided_at.unwrap_or(referral.times.updated_at);
    let usual = contact_due(&referral.limits(), Timestamp::from_microsecond(from).unwrap_or(Timestamp::MAX));
    let due = referral.due.contact.unwrap_or(usual);
    ladder(referral.urgency, Deadline::Contact, from, usual - from, due)
}

/// Another planned end is another deadline; an interruption moves the one there is.
fn outcome(referral: &Referral) -> Vec<Step> {
    let limits = referral.limits();
    let started = referral.times.started_at.unwrap_or(referral.times.updated_at);
    let (planned, asked) = (referral.planned_end_on.as_deref(), referral.follow_up.by.as_deref());
    let due = referral.due.outcome.unwrap_or_else(|| outcome_due(&limits, planned, started, asked));
    let anchor = planned.and_then(|date| end_of_day(date, 0)).unwrap_or(started);
    ladder(referral.urgency, Deadline::Outcome, anchor, i64::from(limits.outcome_days) * DAY, due)
}

fn review(referral: &Referral) -> i64 {
    let waited = referral.times.waitlisted_at.unwrap_or(referral.times.updated_at);
    let expected = || referral.expected_on.as_deref().and_then(|date| end_of_day(date, 0));
    referral.due.review.or_else(expected).unwrap_or_else(|| days_after(waited, REVIEW_DAYS))
}

/// A place that is held from sending on stays held while the decision clock stands still.
fn slot(referral: &Referral, pause: i64) -> Vec<Step> {
    referral.due.slot_until.map(|until| once("SLOT", until + pause, Act::ReleaseSlot)).into_iter().collect()
}

fn look(referral: &Referral) -> Vec<Step> {
    let looked = referral.due.unreachable;
    looked.map(|at| once("LOOK", at + look_interval(referral.urgency), Act::Look)).into_iter().collect()
}

/// An objection to stopping that the coordinator has not decided.
fn contest(referral: &Referral) -> Vec<Step> {
    let undecided =
        |at| tell("CONTEST", "OBJECTION_UNDECIDED", at, days_after(at, CONTEST_DAYS), vec![Told::Coordinator]);
    referral.times.contested_at.map(undecided).into_iter().collect()
}

fn open_loop(referral: &Referral) -> Vec<Step> {
    let times = &referral.times;
    if times.loop_closed_at.is_some() || times.sent_at.is_none() {
        return Vec::new();
    }
    // A dispute is the coordinator's to decide, not the clock's.
    if let (Some(at), None) = (times.disputed_at, referral.dispute.decided_at) {
        return vec![tell("DISPUTE", "DISPUTE_UNDECIDED", at, days_after(at, CONTEST_DAYS), vec![Told::Coordinator])];
    }
    let from = referral.dispute.decided_at.or(times.ended_at).unwrap_or(times.updated_at);
    vec![once("LOOP", days_after(from, LOOP_DAYS), Act::CloseLoop)]
}

impl Referral {
    /// The limits under which it was sent; the usual ones for what was sent before any were kept.
    #[must_use]
    pub fn limits(&self) -> UrgencyLimits {
        self.due.limits.unwrap_or_else(|| UrgencyLimits::usual(self.urgency))
    }
}
