//! What may befall a referral after its acceptance: interruptions, progress, requests to stop, disputes, voiding.

use super::{Party, Reason, Status, Verification};
use crate::domain::code::codes;
use crate::domain::sealed::Sealed;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

codes! {
    /// What is wrong with a reported outcome.
    pub enum DisputeAbout {
        /// The person did not receive what was reported.
        NotReceived = "NOT_RECEIVED",
        /// The person received something, but not as it was reported.
        NotAsReported = "NOT_AS_REPORTED",
    }
}

codes! {
    /// What a coordinator finds about a disputed outcome.
    pub enum DisputeDecision {
        /// The dispute is right: the outcome stands as not delivered, and the need stays open.
        Upheld = "UPHELD",
        /// The dispute is not right: the outcome is as confirmed as it was before.
        Rejected = "REJECTED",
    }
}

codes! {
    /// What a coordinator decides where the receiver objects to stopping.
    pub enum ContestDecision {
        /// The service goes on.
        Continue = "CONTINUE",
        /// The service ends now, for the reason that was asked for.
        Stop = "STOP",
    }
}

codes! {
    /// Why a referral is marked as entered in error.
    pub enum VoidReason {
        /// It is about somebody else.
        WrongPerson = "WRONG_PERSON",
        /// It was made to try something out.
        TestRecord = "TEST_RECORD",
    }
}

/// An interruption. Empty when there is none.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Hold {
    /// Since when, UTC microseconds.
    pub since: Option<i64>,
    pub reason: Option<Reason>,
    pub note: Option<Sealed>,
    /// The state before the interruption, while a request to stop stands on top of it.
    pub from: Option<Status>,
}

/// What the receiver reported on the way. Empty until it does.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// How much was done, such as appointments; not negative and not more than planned.
    pub done: Option<i32>,
    pub planned: Option<i32>,
    /// When it was last reported, UTC microseconds.
    pub reported_at: Option<i64>,
    /// The text beside the last report.
    pub note: Option<Sealed>,
}

/// A request to stop. Empty when there was none.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cancellation {
    /// Who asked.
    pub by: Option<Party>,
    pub reason: Option<Reason>,
    pub note: Option<Sealed>,
    /// What the receiver says the person wishes.
    pub contest_note: Option<Sealed>,
}

/// An objection to a reported outcome. Empty when there was none.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Dispute {
    pub about: Option<DisputeAbout>,
    /// Who objected.
    pub by: Option<Party>,
    pub note: Option<Sealed>,
    /// The verification before, which stands again when the objection is rejected.
    pub before: Option<Verification>,
    pub decision: Option<DisputeDecision>,
    /// UTC microseconds.
    pub decided_at: Option<i64>,
}

/// A request to mark as entered in error. Empty when there was none.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Voiding {
    /// When the first of the two people asked, UTC microseconds.
    pub asked_at: Option<i64>,
    /// Who asked first; the second has to be somebody else.
    pub asked_by: Option<Uuid>,
    /// In which part; the second has to play the other.
    pub asked_as: Option<Party>,
    pub reason: Option<VoidReason>,
    /// UTC microseconds.
    pub voided_at: Option<i64>,
}
