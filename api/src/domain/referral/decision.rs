//! What belongs to the steps before and around a decision: questions, the waiting list, held places.

use super::{Referral, Status};
use crate::domain::code::codes;
use crate::domain::id::{CapacityId, MemberId, NeedId, ReferralId, ServiceId};
use crate::domain::sealed::Sealed;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// How often a receiver may ask for information, for one referral.
pub const MOST_ROUNDS: i32 = 2;
/// The most questions asked at once.
pub const MOST_QUESTIONS: usize = 10;
/// The most characters of a question, and of an answer.
pub const MAX_QUESTION_TEXT: usize = 500;
/// What one pause of the decision clock counts at the most, in microseconds; also by when the sender must answer.
pub const LONGEST_PAUSE: i64 = 7 * DAY;
/// For how long an offered place is held, in microseconds.
pub const OFFER_HOLDS: i64 = 72 * HOUR;
/// For how long an acceptance can be taken back, in microseconds.
pub const UNACCEPT_WITHIN: i64 = 24 * HOUR;
/// Within how many days a waiting referral must be looked at again.
pub const REVIEW_DAYS: i64 = 90;
/// What is left at least for a review when somebody comes back onto the list, in microseconds.
pub const LEAST_REVIEW: i64 = 7 * DAY;

codes! {
    /// By what a waiting list is ordered. Rules are told in the order in which they count.
    pub enum WaitingListRule {
        /// Emergencies before the urgent, the urgent before the routine.
        Urgency = "URGENCY",
        /// Who was put on the list earlier comes first.
        WaitingSince = "WAITING_SINCE",
    }
}

/// A question of the receiver, and its answer. The texts are there for whom may read them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    pub id: Uuid,
    /// The round in which it was asked, from 1.
    pub round: i32,
    /// Its place in the round, from 1.
    pub position: i32,
    pub question: Option<Sealed>,
    pub asked_at: i64,
    pub answer: Option<Sealed>,
    pub answered_at: Option<i64>,
}

/// Where somebody stands on a waiting list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Waiting {
    /// From 1.
    pub position: i64,
    pub length: i64,
}

/// The receiver's member who works on a referral.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Assignee {
    pub id: MemberId,
    pub name: String,
}

/// The better service that a receiver named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Redirected {
    pub service_id: ServiceId,
    /// The draft begun for the sender; only for the sender.
    pub draft_id: Option<ReferralId>,
}

/// What the steps before and around a decision left behind. It is a part of its own because an engine makes objects of
/// fifty fields at the most.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Decision {
    /// What the receiver asked, round by round; not for the coordinator.
    pub questions: Vec<Question>,
    /// Where it stands on the waiting list, while it does.
    pub waiting: Option<Waiting>,
    /// Why a place was offered out of the published order, for the receiver's side.
    pub offer_note: Option<Sealed>,
    /// The better service that the receiver named, for sender and receiver.
    pub redirected: Option<Redirected>,
    /// The need that holds what the receiver did not take on; only for the sender.
    pub rest_need_id: Option<NeedId>,
    /// The receiver's member who works on it, for the receiver's side.
    pub assignee: Option<Assignee>,
    /// The key of the published condition that a decline cites.
    pub cited_criterion: Option<String>,
    /// The condition that a decline proposes to publish.
    pub proposed_criterion: Option<String>,
}

impl Referral {
    /// Whether the decision clock stands still now.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.status == Status::InfoRequested
    }

    /// For how long, in microseconds, the present pause of the decision clock counts; 0 when none runs. A pause counts
    /// seven days at the most, however long the answer takes.
    #[must_use]
    pub fn running_pause(&self, now: i64) -> i64 {
        match self.times.info_asked_at {
            Some(asked) if self.is_paused() => (now - asked).clamp(0, LONGEST_PAUSE),
            _ => 0,
        }
    }

    /// For how long, in microseconds, the decision clock has been paused in all.
    #[must_use]
    pub fn paused(&self, now: i64) -> i64 {
        self.paused_micros + self.running_pause(now)
    }

    /// By when it must be decided, as it stands `now`: a pause that still runs has moved it already.
    #[must_use]
    pub fn decide_due(&self, now: i64) -> Option<i64> {
        self.due.decide.map(|due| due + self.running_pause(now))
    }

    /// The capacity of which a place is held for it, if one is: an offered place, or one held from sending on.
    #[must_use]
    pub fn held_place(&self) -> Option<CapacityId> {
        let holds = self.status == Status::Offered || self.due.slot_until.is_some();
        self.capacity_id.filter(|_| holds && !self.is_taken_on())
    }

    /// Whether the receiver may no longer ask for information.
    #[must_use]
    pub fn was_asked_enough(&self) -> bool {
        self.info_rounds >= MOST_ROUNDS
    }

    /// Whether the hold of an offered place has run out.
    #[must_use]
    pub fn offer_is_over(&self, now: i64) -> bool {
        self.due.offer_until.is_some_and(|until| until < now)
    }

    /// Whether it is too late to take an acceptance back.
    #[must_use]
    pub fn acceptance_stands(&self, now: i64) -> bool {
        self.times.decided_at.is_none_or(|accepted| now - accepted > UNACCEPT_WITHIN)
    }

    fn is_taken_on(&self) -> bool {
        matches!(self.status, Status::Accepted | Status::InService | Status::OnHold | Status::CancelRequested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::referral::{Due, Times};

    #[test]
    fn a_pause_counts_seven_days_at_the_most() {
        let asked = Referral {
            status: Status::InfoRequested,
            times: Times { info_asked_at: Some(1_000), ..Times::default() },
            due: Due { decide: Some(50), ..Due::default() },
            paused_micros: 5,
            ..Referral::default()
        };
        assert_eq!(asked.paused(1_000 + DAY), DAY + 5);
        assert_eq!(asked.decide_due(1_000 + 30 * DAY), Some(50 + 7 * DAY));
        assert_eq!(asked.running_pause(0), 0, "a clock that was set back pauses nothing");
        let answered = Referral { status: Status::Acknowledged, ..asked };
        assert_eq!((answered.paused(1_000 + DAY), answered.decide_due(1_000 + DAY)), (5, Some(50)));
    }

    #[test]
    fn a_place_is_held_for_an_offer_or_a_slot_and_no_longer_once_taken() {
        let held = |status, slot_until| {
            let due = Due { slot_until, ..Due::default() };
            let capacity_id = Some(Uuid::from_u128(3).into());
            Referral { status, due, capacity_id, ..Referral::default() }.held_place().is_some()
        };
        assert!(held(Status::Offered, None) && held(Status::Sent, Some(9)));
        assert!(!held(Status::Sent, None) && !held(Status::Accepted, None) && !held(Status::Accepted, Some(9)));
    }
}
