//! Inputs of the mutations on referrals after an acceptance.

use crate::domain::referral::{Channel, Reason};
use crate::domain::rule::Failure;
use crate::domain::sealed::Private;
use crate::graphql::input::{Reader, private};
use crate::graphql::referral_input::{GoalOutcomeInput, outcomes, which};
use crate::graphql::scalar::LocalDate;
use crate::usecase::referral::{
    ConfirmCancellation, ContestCancellation, EndEarly, Hold, ReportProgress, RequestCancellation, Which,
};
use async_graphql::{ID, InputObject};

/// Why a service is interrupted.
#[derive(InputObject)]
pub struct HoldReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The reason.
    pub reason: Reason,
    /// A text beside the reason, up to 2,000 characters; required with OTHER.
    pub note: Option<String>,
    /// The day on which you look at it again, after today and within 30 days.
    pub review_on: LocalDate,
}

impl HoldReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Hold, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let note = private(self.note.clone());
        reader.settle(Hold { which, reason: self.reason, note, review_on: self.review_on.store() })
    }
}

/// An interrupted service that goes on.
#[derive(InputObject)]
pub struct ResumeReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
}

impl ResumeReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Which, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle(which)
    }
}

/// How far a service has come.
#[derive(InputObject)]
pub struct ReportReferralProgressInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// How much was done, such as appointments; not more than is planned. It becomes less only when you plan anew.
    pub done: i32,
    /// How much is planned in all, 1 to 10,000; needed the first time, and later to plan anew.
    pub planned: Option<i32>,
    /// What you add, up to 2,000 characters. Write no name and no address.
    pub note: Option<String>,
    /// Another planned end, from today on; the outcome is due two weeks later.
    pub planned_end_on: Option<LocalDate>,
}

impl ReportReferralProgressInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<ReportProgress, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle(ReportProgress {
            which,
            done: self.done,
            planned: self.planned,
            note: private(self.note.clone()),
            planned_end_on: self.planned_end_on.map(LocalDate::store),
        })
    }
}

/// Why a service ends early, and what was reached.
#[derive(InputObject)]
pub struct EndReferralEarlyInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The reason.
    pub reason: Reason,
    /// A text beside the reason, up to 2,000 characters; required with OTHER.
    pub note: Option<String>,
    /// What became of each goal: every goal once where the service had begun; none or all where it had not.
    pub outcomes: Option<Vec<GoalOutcomeInput>>,
}

impl EndReferralEarlyInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<EndEarly, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let outcomes = outcomes(&mut reader, self.outcomes.as_deref().unwrap_or_default());
        let note = private(self.note.clone());
        reader.settle(EndEarly { which, reason: self.reason, note, outcomes })
    }
}

/// Why the sender's side asks to stop.
#[derive(InputObject)]
pub struct RequestReferralCancellationInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The reason.
    pub reason: Reason,
    /// A text beside the reason, up to 2,000 characters; required with OTHER.
    pub note: Option<String>,
    /// By which way the person themselves asked for it; absent when it is your side that asks.
    pub person_channel: Option<Channel>,
}

impl RequestReferralCancellationInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<RequestCancellation, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let note = private(self.note.clone());
        reader.settle(RequestCancellation { which, reason: self.reason, note, channel: self.person_channel })
    }
}

/// What was delivered until the service stopped.
#[derive(InputObject)]
pub struct ConfirmReferralCancellationInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// What became of each goal, every goal once; absent only when nothing was delivered.
    pub outcomes: Option<Vec<GoalOutcomeInput>>,
    /// That nothing was delivered; then no outcome is told.
    #[graphql(default)]
    pub nothing_delivered: bool,
}

impl ConfirmReferralCancellationInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<ConfirmCancellation, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let outcomes = outcomes(&mut reader, self.outcomes.as_deref().unwrap_or_default());
        reader.settle(ConfirmCancellation { which, outcomes, nothing_delivered: self.nothing_delivered })
    }
}

/// That the person wishes the service to go on.
#[derive(InputObject)]
pub struct ContestReferralCancellationInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// How you know that the person wishes to go on, 1 to 2,000 characters.
    pub statement: String,
}

impl ContestReferralCancellationInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<ContestCancellation, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle(ContestCancellation { which, statement: Private::new(self.statement.clone()) })
    }
}
