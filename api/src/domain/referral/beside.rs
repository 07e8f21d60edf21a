//! What beside the state decides whether a command may run now.

use super::{Command, Party, Referral};
use crate::domain::actor::Actor;

/// The facts beside a referral's state that open or close a command. The default is a referral that nobody has sent,
/// closed, contested or disputed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside {
    /// The sender has said what the result means.
    pub loop_closed: bool,
    /// It left the sender at some time.
    pub sent: bool,
    /// The receiver objects to stopping, and the coordinator has not decided.
    pub contested: bool,
    /// The reported outcome was disputed; whether that is decided.
    pub dispute: Option<bool>,
    /// In which part somebody asked to void it.
    pub void_asked_as: Option<Party>,
    /// It passes on a part of another referral.
    pub passed_on: bool,
    /// Whether that was the asker.
    pub void_asked_by_asker: bool,
}

impl Beside {
    /// The facts of a referral for somebody.
    #[must_use]
    pub fn of(referral: &Referral, actor: &Actor) -> Self {
        let void = &referral.voiding;
        let waits = void.asked_at.is_some() && void.voided_at.is_none();
        Self {
            loop_closed: referral.times.loop_closed_at.is_some(),
            sent: referral.times.sent_at.is_some(),
            passed_on: referral.chain.parent_id.is_some(),
            contested: referral.times.contested_at.is_some(),
            dispute: referral.times.disputed_at.map(|_| referral.dispute.decided_at.is_some()),
            void_asked_as: void.asked_as.filter(|_| waits),
            void_asked_by_asker: waits && void.asked_by == actor.principal(),
        }
    }

    /// Whether `party` may run `command`, as far as these facts say: a loop is closed once, by nobody while a dispute
    /// waits, and by the coordinator only after one; an outcome is disputed once; a contest is decided before the next
    /// request to stop; what was never sent is not voided.
    #[must_use]
    pub fn allows(&self, command: Command, party: Party) -> bool {
        match command {
            Command::CloseLoop => match (self.loop_closed, self.dispute) {
                (true, _) | (_, Some(false)) => false,
                (false, None) => party != Party::Coordinator,
                (false, Some(true)) => true,
            },
            Command::DisputeOutcome => self.dispute.is_none(),
            Command::DecideDispute => self.dispute == Some(false),
            Command::RequestCancellation => !self.contested,
            Command::DecideContest => self.contested,
            Command::Void => self.sent,
            Command::PassOn => !self.passed_on,
            _ => true,
        }
    }

    /// Whether `party` may be the one who runs `command`: to void takes two people of two parts.
    #[must_use]
    pub fn admits(&self, command: Command, party: Party) -> bool {
        command != Command::Void || (self.void_asked_as != Some(party) && !self.void_asked_by_asker)
    }
}
