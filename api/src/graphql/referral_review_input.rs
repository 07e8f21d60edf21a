//! Inputs of the mutations by which contests, disputes and errors are decided.

use crate::domain::global_id::Kind;
use crate::domain::referral::Channel;
use crate::domain::referral::course::{ContestDecision, DisputeAbout, DisputeDecision, VoidReason};
use crate::domain::rule::Failure;
use crate::graphql::input::{Reader, private};
use crate::graphql::referral_input::{GoalOutcomeInput, outcomes, which};
use crate::usecase::referral::{DecideContest, DecideDispute, DisputeOutcome, Redraft, Void};
use async_graphql::{ID, InputObject};

/// Whether a service goes on that the receiver objects to stopping.
#[derive(InputObject)]
pub struct DecideReferralContestInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// What you decide.
    pub decision: ContestDecision,
    /// With STOP, what became of each goal: every goal once where the service had begun; none or all where it had not.
    pub outcomes: Option<Vec<GoalOutcomeInput>>,
}

impl DecideReferralContestInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<DecideContest, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let outcomes = outcomes(&mut reader, self.outcomes.as_deref().unwrap_or_default());
        reader.settle(DecideContest { which, decision: self.decision, outcomes })
    }
}

/// A referral that should not exist.
#[derive(InputObject)]
pub struct VoidReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The reason.
    pub reason: VoidReason,
}

impl VoidReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Void, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle(Void { which, reason: self.reason })
    }
}

/// What is wrong with a reported outcome.
#[derive(InputObject)]
pub struct DisputeReferralOutcomeInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// What is wrong.
    pub about: DisputeAbout,
    /// What is so instead, up to 2,000 characters; required with NOT_AS_REPORTED. Write no name and no address.
    pub note: Option<String>,
    /// By which way the person themselves objected; absent when it is your side that objects.
    pub person_channel: Option<Channel>,
}

impl DisputeReferralOutcomeInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<DisputeOutcome, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let note = private(self.note.clone());
        reader.settle(DisputeOutcome { which, about: self.about, note, channel: self.person_channel })
    }
}

/// What the coordinator finds about a disputed outcome.
#[derive(InputObject)]
pub struct DecideReferralDisputeInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// What you find.
    pub decision: DisputeDecision,
}

impl DecideReferralDisputeInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<DecideDispute, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle(DecideDispute { which, decision: self.decision })
    }
}

/// Another service for a need whose referral ended.
#[derive(InputObject)]
pub struct RedraftReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral that ended.
    pub previous_id: ID,
    /// The service.
    pub service_id: ID,
}

impl RedraftReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Redraft, Failure> {
        let mut reader = Reader::default();
        let previous = reader.key("previousId", Kind::Referral, &self.previous_id);
        let service = reader.key("serviceId", Kind::Service, &self.service_id);
        reader.settle(Redraft { previous, service })
    }
}
