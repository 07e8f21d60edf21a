//! Who owns the next step of a referral in each state.

use super::Status;
use crate::domain::actor::MemberRole;

/// A side of a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Sender,
    Receiver,
}

/// The side that must act next, and the role in which its people do; none where nothing is left to do.
#[must_use]
pub fn next_owner(status: Status, loop_closed: bool) -> Option<(Side, MemberRole)> {
    use MemberRole::{CaseManager, Intake, ServiceWorker};
    match status {
        Status::Sent | Status::Acknowledged | Status::Waitlisted => Some((Side::Receiver, Intake)),
        Status::Accepted | Status::InService | Status::OnHold | Status::CancelRequested => {
            Some((Side::Receiver, ServiceWorker))
        }
        Status::Draft | Status::InfoRequested | Status::Offered => Some((Side::Sender, CaseManager)),
        Status::Completed | Status::EndedEarly | Status::Declined | Status::Expired if !loop_closed => {
            Some((Side::Sender, CaseManager))
        }
        Status::Completed
        | Status::EndedEarly
        | Status::Declined
        | Status::Expired
        | Status::Withdrawn
        | Status::Voided => None,
    }
}
