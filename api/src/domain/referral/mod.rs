//! Referrals: one need offered to one service. [`table`] holds every transition as data; nothing else moves a referral.

pub mod beside;
pub mod carried;
pub mod chain;
pub mod clocks;
pub mod course;
pub mod decision;
pub mod owner;
pub mod reason;
pub mod sending;
pub mod table;

use crate::domain::case::{AgeBand, Sex, Urgency};
use crate::domain::clock::date_of_micros;
use crate::domain::code::codes;
use crate::domain::id::{
    AgreementId, AreaId, CapacityId, CaseId, ConsentId, GoalId, MemberId, NeedId, OrganizationId, ProgramId,
    ReferralId, ServiceAtLocationId,
};
use crate::domain::organization::Organization;
use crate::domain::person::Person;
use crate::domain::sealed::Sealed;
use crate::domain::service::{Capacity, Dimension, Level, Service};
use carried::{FollowUp, PriorHelp, Restrictions};
use chain::Chain;
use course::{Cancellation, Dispute, Hold, Progress, Voiding};
pub use decision::{Assignee, Decision, Question, Redirected, Waiting, WaitingListRule};
pub use reason::Reason;
use serde::{Deserialize, Serialize};
pub use table::{Command, Party};

codes! {
    /// Where a referral stands. Each state says who owns the next step.
    pub enum Status {
        /// The sender is still writing; nothing has been disclosed.
        Draft = "DRAFT",
        /// Sent; the receiver's intake owns the next step.
        Sent = "SENT",
        /// The receiver has it and will decide.
        Acknowledged = "ACKNOWLEDGED",
        /// The receiver asked the sender something; the decision clock is paused.
        InfoRequested = "INFO_REQUESTED",
        /// On the receiver's waiting list; the need counts as unmet.
        Waitlisted = "WAITLISTED",
        /// A place is offered to the person, through the sender.
        Offered = "OFFERED",
        /// The receiver takes the person on; first contact is next. Accepted is not delivered.
        Accepted = "ACCEPTED",
        /// The service has begun.
        InService = "IN_SERVICE",
        /// Interrupted, with a review date.
        OnHold = "ON_HOLD",
        /// The sender's side asked to stop; the receiver winds down safely.
        CancelRequested = "CANCEL_REQUESTED",
        /// Delivered, with an outcome for every goal; the sender closes the loop.
        Completed = "COMPLETED",
        /// Ended before it was complete, with a reason.
        EndedEarly = "ENDED_EARLY",
        /// The receiver said no, with a reason.
        Declined = "DECLINED",
        /// Nobody answered in time. Counts as silence, not as a decision.
        Expired = "EXPIRED",
        /// The sender's side took it back.
        Withdrawn = "WITHDRAWN",
        /// Entered in error: the content is sealed, the tombstone stays.
        Voided = "VOIDED",
    }
}

impl Status {
    /// Whether the receiver has no step left.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        use Status::{Completed, Declined, EndedEarly, Expired, Voided, Withdrawn};
        matches!(self, Completed | EndedEarly | Declined | Expired | Withdrawn | Voided)
    }

    /// Whether the receiver has taken the person on and the help has neither ended nor been asked to stop.
    #[must_use]
    pub fn is_running(self) -> bool {
        matches!(self, Self::Accepted | Self::InService | Self::OnHold)
    }
}

codes! {
    /// What was reached for one goal.
    pub enum GoalResult {
        /// The goal was reached.
        Achieved = "ACHIEVED",
        /// The goal was reached in part.
        Partly = "PARTLY",
        /// The goal was not reached.
        NotAchieved = "NOT_ACHIEVED",
    }
}

codes! {
    /// By which way a person said what they want, where a worker records it for them.
    pub enum Channel {
        /// Face to face.
        InPerson = "IN_PERSON",
        /// By phone.
        Phone = "PHONE",
        /// By a written message.
        Message = "MESSAGE",
        /// On a page of their own, with the code of their slip.
        Slip = "SLIP",
        /// Through somebody whom the person sent.
        Representative = "REPRESENTATIVE",
    }
}

codes! {
    /// What a closed loop means for the need.
    pub enum LoopMeaning {
        /// The need is met.
        Met = "MET",
        /// The need is met in part and stays open.
        PartlyMet = "PARTLY_MET",
        /// The need is not met and stays open.
        NotMet = "NOT_MET",
        /// The person no longer has this need.
        NoLongerNeeded = "NO_LONGER_NEEDED",
    }
}

codes! {
    /// Who has confirmed what a receiver reported.
    pub enum Verification {
        /// Reported by the receiver; nobody else has confirmed it.
        Unverified = "UNVERIFIED",
        /// The sender has seen the result and says what it means.
        SenderConfirmed = "SENDER_CONFIRMED",
        /// The person has confirmed it, and the sender has recorded by which way.
        PersonConfirmed = "PERSON_CONFIRMED",
        /// The sender or the person objects; the coordinator decides.
        Disputed = "DISPUTED",
        /// The coordinator found that it was not delivered.
        Refuted = "REFUTED",
    }
}

/// A goal that a referral froze, and what became of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReferralGoal {
    pub id: GoalId,
    pub position: i32,
    /// In the person's own words, where the asker may see it.
    pub text: Option<Sealed>,
    pub result: Option<GoalResult>,
    pub achieved_on: Option<String>,
    pub quantity: Option<f64>,
    pub unit: Option<Sealed>,
    pub note: Option<Sealed>,
    /// Whether the receiver took on only other goals.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_left_out: bool,
}

/// What a consent releases of a case to the receiver. What is not released is not loaded.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Released {
    pub case_id: CaseId,
    pub identifier: Option<String>,
    pub age_band: Option<AgeBand>,
    pub sex: Option<Sex>,
    pub language: Option<String>,
    /// One when the receiver may reach the person through the sender.
    pub contact_through_sender: Option<i32>,
    /// The person, in the fields that are released.
    pub person: Option<Person>,
}

/// When things happened, UTC microseconds. Receipt, decision, contact and outcome are kept apart.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Times {
    pub created_at: i64,
    pub updated_at: i64,
    pub sent_at: Option<i64>,
    /// The first read by the receiver; it stops no clock.
    pub opened_at: Option<i64>,
    pub acknowledged_at: Option<i64>,
    pub decided_at: Option<i64>,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub loop_closed_at: Option<i64>,
    /// When the receiver last asked for information.
    pub info_asked_at: Option<i64>,
    pub waitlisted_at: Option<i64>,
    /// When the sender's side asked to stop.
    pub cancel_asked_at: Option<i64>,
    /// When the receiver objected to stopping.
    pub contested_at: Option<i64>,
    /// When the reported outcome was disputed.
    pub disputed_at: Option<i64>,
    /// When the person said that the service goes on though the consent was withdrawn.
    pub goes_on_at: Option<i64>,
}

/// When things are due, UTC microseconds; frozen when the clock they belong to starts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Due {
    pub acknowledge: Option<i64>,
    pub decide: Option<i64>,
    pub contact: Option<i64>,
    /// The deadline of whoever owns the next step.
    pub next: Option<i64>,
    /// From when the decision limit runs; a pause moves it.
    pub decide_from: Option<i64>,
    /// When a waiting list or an interruption must be looked at again.
    pub review: Option<i64>,
    /// Until when an offered place is held.
    pub offer_until: Option<i64>,
    /// Until when a place is held from sending on.
    pub slot_until: Option<i64>,
    /// When the outcome must have been reported.
    pub outcome: Option<i64>,
    /// When the clock looks at the referral next.
    pub clock: Option<i64>,
    /// When it was last seen that nobody of the receiver's could take it in; for the sender and the coordinator.
    pub unreachable: Option<i64>,
    /// The limits under which it was sent.
    pub limits: Option<clocks::UrgencyLimits>,
}

/// A referral as one of its parties sees it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Referral {
    pub id: ReferralId,
    pub case_id: CaseId,
    pub need_id: Option<NeedId>,
    pub service: Service,
    pub service_at_location_id: Option<ServiceAtLocationId>,
    pub consent_id: Option<ConsentId>,
    pub sender: Organization,
    pub receiver: Organization,
    pub program_id: ProgramId,
    /// Who leads the program.
    pub lead_organization_id: Option<OrganizationId>,
    pub area_id: Option<AreaId>,
    pub category: String,
    pub dimension: Dimension,
    pub level: Level,
    pub urgency: Urgency,
    pub status: Status,
    pub reason: Option<Reason>,
    pub background: Option<Sealed>,
    pub note: Option<Sealed>,
    pub client_reference: Option<Sealed>,
    pub previous_id: Option<ReferralId>,
    /// The attempt's number, for the sender's side.
    pub attempt: Option<i32>,
    pub capacity_id: Option<CapacityId>,
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_overbooked: bool,
    pub goals: Vec<ReferralGoal>,
    pub released: Option<Released>,
    pub times: Times,
    pub due: Due,
    pub first_contact_on: Option<String>,
    pub service_on: Option<String>,
    pub loop_meaning: Option<LoopMeaning>,
    pub verification: Verification,
    /// The state before an interruption or a request to stop.
    pub before: Option<Status>,
    /// How far the escalation of the present deadline has gone.
    pub rung: i32,
    /// How often the receiver asked for information.
    pub info_rounds: i32,
    /// For how long, in microseconds, the decision clock has been paused in all.
    pub paused_micros: i64,
    /// ISO 8601: when a place is expected.
    pub expected_on: Option<String>,
    pub reviews_missed: i32,
    pub offers_lapsed: i32,
    /// ISO 8601: when the service is planned to end.
    pub planned_end_on: Option<String>,
    pub progress: Progress,
    pub hold: Hold,
    pub cancellation: Cancellation,
    pub dispute: Dispute,
    pub voiding: Voiding,
    /// Whether the clock closed the loop, nobody having looked.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub loop_unseen: bool,
    /// The receiver's member who works on it.
    pub assignee_id: Option<MemberId>,
    /// What the steps before and around a decision left behind.
    pub decision: Decision,
    /// The agreement under which it was sent, for its parties.
    pub agreement_id: Option<AgreementId>,
    /// What it was made from and what was made from it.
    pub chain: Chain,
    /// How the sender wants to hear back, for its parties.
    pub follow_up: FollowUp,
    /// One where the person agrees to word back, zero where not; for sender and receiver of what was sent.
    pub may_report_back: Option<i32>,
    pub restrictions: Restrictions,
    pub prior_help: PriorHelp,
    pub version: i32,
}

impl Referral {
    /// The UTC day on which it was sent, ISO 8601; empty, and so before every day, while it is a draft.
    #[must_use]
    pub fn sent_on(&self) -> String {
        self.times.sent_at.map(date_of_micros).unwrap_or_default()
    }

    /// Whether a place is held or free for it, as far as is stated, or the service may take more than it has places.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.held_place().is_some() || self.service.allows_overbooking || self.has_free_place()
    }

    /// Whether a place is free for it, as far as is stated.
    #[must_use]
    pub fn has_free_place(&self) -> bool {
        let capacity = self.service.capacity_for(self.service_at_location_id);
        capacity.and_then(Capacity::free).is_none_or(|free| free > 0)
    }
}
