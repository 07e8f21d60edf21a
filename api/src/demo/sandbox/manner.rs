//! How a counterparty answers: what it does next with a referral that it received.

use crate::domain::referral::Status;

/// How a counterparty answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Acknowledges, accepts, starts and reports, one step after the other.
    Prompt,
    /// Never does anything: the clocks run on.
    Silent,
    /// Acknowledges, then declines for want of places.
    Declining,
    /// As [`Manner::Prompt`], each step twice, as over a bad line; and refers the same person twice.
    Repeating,
}

/// One step of a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Acknowledge,
    Accept,
    Decline,
    Start,
    Complete,
}

impl Manner {
    /// What comes next for a referral in this state; nothing where somebody else is to act, or nobody will.
    #[must_use]
    pub fn next(self, status: Status) -> Option<Act> {
        match (self, status) {
            (Self::Silent, _) => None,
            (_, Status::Sent) => Some(Act::Acknowledge),
            (Self::Declining, Status::Acknowledged) => Some(Act::Decline),
            (Self::Prompt | Self::Repeating, Status::Acknowledged) => Some(Act::Accept),
            (Self::Prompt | Self::Repeating, Status::Accepted) => Some(Act::Start),
            (Self::Prompt | Self::Repeating, Status::InService) => Some(Act::Complete),
            _ => None,
        }
    }
}
