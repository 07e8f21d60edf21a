//! Every transition of a referral, as data. The commands, the policy, `availableActions`, the public
//! `referralTransitions` and the tests read this one table.

use super::Status;
use super::beside::Beside;
use crate::domain::code::{Code, codes};
use Status::{
    Accepted, Acknowledged, CancelRequested, Completed, Declined, Draft, EndedEarly, Expired, InService, InfoRequested,
    Offered, OnHold, Sent, Voided, Waitlisted, Withdrawn,
};

codes! {
    /// What can be done to a referral. Each is one mutation: SEND_REFERRAL is `sendReferral`.
    pub enum Command {
        /// Begin a referral; nothing is disclosed yet.
        Create = "CREATE_REFERRAL",
        /// Send a draft to the receiver.
        Send = "SEND_REFERRAL",
        /// Say that it has arrived.
        Acknowledge = "ACKNOWLEDGE_REFERRAL",
        /// Ask the sender something.
        RequestInfo = "REQUEST_REFERRAL_INFO",
        /// Answer the receiver's questions.
        AnswerInfo = "ANSWER_REFERRAL_INFO",
        /// Take the person on.
        Accept = "ACCEPT_REFERRAL",
        /// Take on a part; the rest becomes a child need.
        AcceptPartly = "ACCEPT_REFERRAL_PARTLY",
        /// Put on the waiting list.
        Waitlist = "WAITLIST_REFERRAL",
        /// Look at a waiting referral again, and say until when it waits on.
        ReviewWaiting = "REVIEW_WAITING_REFERRAL",
        /// Offer a place to somebody on the waiting list.
        OfferPlace = "OFFER_REFERRAL_PLACE",
        /// Take an offered place.
        TakeOffer = "TAKE_REFERRAL_OFFER",
        /// Let an offered place go.
        LapseOffer = "LAPSE_REFERRAL_OFFER",
        /// Say no, with a reason.
        Decline = "DECLINE_REFERRAL",
        /// Say no and name a better service.
        Redirect = "REDIRECT_REFERRAL",
        /// Record first contact or the start of the service.
        Start = "START_REFERRAL_SERVICE",
        /// Interrupt, with a review date.
        Hold = "HOLD_REFERRAL",
        /// Go on after an interruption.
        Resume = "RESUME_REFERRAL",
        /// Report progress.
        ReportProgress = "REPORT_REFERRAL_PROGRESS",
        /// Report an outcome for every goal.
        Complete = "COMPLETE_REFERRAL",
        /// End before it is complete, with a reason.
        EndEarly = "END_REFERRAL_EARLY",
        /// Take back an acceptance within a day.
        Unaccept = "UNACCEPT_REFERRAL",
        /// Take the referral back.
        Withdraw = "WITHDRAW_REFERRAL",
        /// Ask the receiver to stop.
        RequestCancellation = "REQUEST_REFERRAL_CANCELLATION",
        /// Agree to stop.
        ConfirmCancellation = "CONFIRM_REFERRAL_CANCELLATION",
        /// Object to stopping.
        ContestCancellation = "CONTEST_REFERRAL_CANCELLATION",
        /// Decide whether a service goes on where the receiver objects to stopping.
        DecideContest = "DECIDE_REFERRAL_CONTEST",
        /// End what a consent allowed, in all its referrals.
        WithdrawConsent = "WITHDRAW_CONSENT",
        /// Give up on a silent receiver.
        Expire = "EXPIRE_REFERRAL",
        /// Mark as entered in error.
        Void = "VOID_REFERRAL",
        /// Say what the result means for the need.
        CloseLoop = "CLOSE_REFERRAL_LOOP",
        /// Object to a reported outcome.
        DisputeOutcome = "DISPUTE_REFERRAL_OUTCOME",
        /// Decide about a disputed outcome.
        DecideDispute = "DECIDE_REFERRAL_DISPUTE",
        /// Draft the next attempt for the sender, without access to the case.
        Redraft = "REDRAFT_REFERRAL",
        /// Propose to the case's holder that another need of the person is referred.
        Propose = "PROPOSE_REFERRAL",
        /// Pass a part of the help on to another organization.
        PassOn = "PASS_REFERRAL_ON",
        /// End what was passed on, because that of which it is a part has ended.
        FollowParent = "FOLLOW_PARENT_REFERRAL",
    }
}

impl Command {
    /// The name of the mutation that does it.
    #[must_use]
    pub fn mutation(self) -> String {
        let mut name = String::new();
        for (at, part) in self.code().split('_').enumerate() {
            let (first, rest) = part.split_at(1);
            name += &if at == 0 { first.to_lowercase() } else { first.to_owned() };
            name += &rest.to_lowercase();
        }
        name
    }
}

codes! {
    /// The part somebody plays in a referral.
    pub enum Party {
        /// A worker of the sending organization.
        SenderWorker = "SENDER_WORKER",
        /// A supervisor of the sending organization.
        SenderSupervisor = "SENDER_SUPERVISOR",
        /// The receiving organization's intake.
        ReceiverIntake = "RECEIVER_INTAKE",
        /// A worker of the receiving organization.
        ReceiverWorker = "RECEIVER_WORKER",
        /// A supervisor of the receiving organization.
        ReceiverSupervisor = "RECEIVER_SUPERVISOR",
        /// The program's coordinator.
        Coordinator = "COORDINATOR",
        /// The person themselves.
        Person = "PERSON",
        /// The clock.
        Clock = "CLOCK",
    }
}

/// Where a transition leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To this state.
    To(Status),
    /// Nowhere: a fact is added.
    Same,
    /// Back to the state before the interruption.
    Before,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Transition {
    /// The row's number in the design, for people who read both.
    pub row: u8,
    pub command: Command,
    /// The states it may start from; none for a new referral.
    pub from: &'static [Status],
    pub to: Target,
    pub parties: &'static [Party],
    /// Whether a coded reason is required.
    pub reason: bool,
    /// Whether a mutation of this server runs it.
    pub offered: bool,
}

use Party::{
    Clock as TI, Coordinator as CO, Person as PE, ReceiverIntake as RI, ReceiverSupervisor as RS, ReceiverWorker as RW,
    SenderSupervisor as SS, SenderWorker as SW,
};

const TERMINAL: &[Status] = &[Completed, EndedEarly, Declined, Expired, Withdrawn];
/// Whatever has left the sender; a draft is withdrawn or purged, because nobody else has read it.
const ANY_SENT: &[Status] = &[
    Sent,
    Acknowledged,
    InfoRequested,
    Waitlisted,
    Offered,
    Accepted,
    InService,
    OnHold,
    CancelRequested,
    Completed,
    EndedEarly,
    Declined,
    Expired,
    Withdrawn,
];

const fn row(row: u8, command: Command, from: &'static [Status], to: Target, parties: &'static [Party]) -> Transition {
    Transition { row, command, from, to, parties, reason: false, offered: false }
}

impl Transition {
    /// Whether only the clock takes it: no mutation does, and it is never offered to anybody.
    #[must_use]
    pub fn is_clocks_alone(&self) -> bool {
        self.parties == [TI]
    }

    const fn with_reason(self) -> Self {
        Self { reason: true, ..self }
    }

    const fn offered(self) -> Self {
        Self { offered: true, ..self }
    }
}

/// All transitions. No state that is not reached through a row is ever reached.
pub const TRANSITIONS: &[Transition] = &[
    row(1, Command::Create, &[], Target::To(Draft), &[SW]).offered(),
    // The draft is the case holder's: who helps under a referral proposes it.
    row(1, Command::Propose, &[Accepted, InService], Target::Same, &[RW, RS]).offered(),
    // The draft is the receiver's own, for a part of its referral.
    row(1, Command::PassOn, &[Accepted, InService], Target::Same, &[RW, RS]).offered(),
    row(2, Command::Send, &[Draft], Target::To(Sent), &[SW]).offered(),
    row(3, Command::Acknowledge, &[Sent], Target::To(Acknowledged), &[RI, RW, RS]).offered(),
    row(4, Command::RequestInfo, &[Sent, Acknowledged], Target::To(InfoRequested), &[RI, RW, RS]).offered(),
    row(5, Command::AnswerInfo, &[InfoRequested], Target::To(Acknowledged), &[SW, SS]).offered(),
    row(6, Command::Accept, &[Sent, Acknowledged], Target::To(Accepted), &[RI, RW, RS]).offered(),
    row(7, Command::AcceptPartly, &[Sent, Acknowledged], Target::To(Accepted), &[RI, RS]).offered(),
    row(8, Command::Waitlist, &[Sent, Acknowledged], Target::To(Waitlisted), &[RI, RS]).offered(),
    row(8, Command::ReviewWaiting, &[Waitlisted], Target::Same, &[RI, RS]).offered(),
    row(9, Command::OfferPlace, &[Waitlisted], Target::To(Offered), &[RS, TI]).offered(),
    row(10, Command::TakeOffer, &[Offered], Target::To(Accepted), &[SW, PE]).offered(),
    row(11, Command::LapseOffer, &[Offered], Target::To(Waitlisted), &[SW, PE, TI]).offered(),
    row(12, Command::Decline, &[Sent, Acknowledged, InfoRequested, Waitlisted], Target::To(Declined), &[RI, RS])
        .with_reason()
        .offered(),
    row(13, Command::Redirect, &[Sent, Acknowledged], Target::To(Declined), &[RI, RS]).with_reason().offered(),
    row(14, Command::Start, &[Accepted], Target::To(InService), &[RW, RS]).offered(),
    row(15, Command::Hold, &[Accepted, InService], Target::To(OnHold), &[RW, RS]).with_reason().offered(),
    row(16, Command::Resume, &[OnHold], Target::Before, &[RW, RS, TI]).offered(),
    row(17, Command::ReportProgress, &[InService], Target::Same, &[RW, RS]).offered(),
    row(18, Command::Complete, &[InService, Accepted], Target::To(Completed), &[RW, RS]).offered(),
    row(19, Command::EndEarly, &[Accepted, InService, OnHold], Target::To(EndedEarly), &[RW, RS, CO])
        .with_reason()
        .offered(),
    // The coordinator ends it for the reason for which the sender's side asked to stop.
    row(19, Command::DecideContest, &[Accepted, InService, OnHold], Target::To(EndedEarly), &[CO]).offered(),
    row(20, Command::Unaccept, &[Accepted], Target::To(Acknowledged), &[RI, RS]).with_reason().offered(),
    row(
        21,
        Command::Withdraw,
        &[Draft, Sent, Acknowledged, InfoRequested, Waitlisted, Offered],
        Target::To(Withdrawn),
        &[SW, SS, PE, CO],
    )
    .with_reason()
    .offered(),
    // Nothing that was passed on outlives the referral of which it is a part.
    row(
        21,
        Command::FollowParent,
        &[Draft, Sent, Acknowledged, InfoRequested, Waitlisted, Offered],
        Target::To(Withdrawn),
        &[TI],
    ),
    row(22, Command::FollowParent, &[Accepted, InService, OnHold], Target::To(CancelRequested), &[TI]),
    row(
        22,
        Command::RequestCancellation,
        &[Accepted, InService, OnHold],
        Target::To(CancelRequested),
        &[SW, SS, CO, PE],
    )
    .with_reason()
    .offered(),
    row(23, Command::ConfirmCancellation, &[CancelRequested], Target::To(Withdrawn), &[RW, RS, TI]).offered(),
    row(24, Command::ContestCancellation, &[CancelRequested], Target::Before, &[RS]).offered(),
    row(24, Command::DecideContest, &[Accepted, InService, OnHold], Target::Same, &[CO]).offered(),
    row(
        25,
        Command::WithdrawConsent,
        // A draft has no consent yet: nothing was disclosed. Done on a consent, so no command of a referral is offered.
        &[Sent, Acknowledged, InfoRequested, Waitlisted, Offered],
        Target::To(Withdrawn),
        &[PE, SW],
    ),
    row(25, Command::WithdrawConsent, &[Accepted, InService, OnHold, CancelRequested], Target::Same, &[PE, SW]),
    row(26, Command::Expire, &[Sent, Acknowledged, InfoRequested], Target::To(Expired), &[TI]).offered(),
    row(27, Command::Expire, &[Waitlisted], Target::To(Expired), &[TI]).offered(),
    // The first of the two people asks and changes no state; the second, of the other part, voids.
    row(28, Command::Void, ANY_SENT, Target::Same, &[SS, CO]).offered(),
    row(28, Command::Void, ANY_SENT, Target::To(Voided), &[SS, CO]).offered(),
    row(29, Command::CloseLoop, TERMINAL, Target::Same, &[SW, SS, TI]).offered(),
    // The coordinator closes after a dispute only.
    row(29, Command::CloseLoop, &[Completed], Target::Same, &[CO]).offered(),
    row(30, Command::DisputeOutcome, &[Completed], Target::Same, &[SW, SS, PE]).offered(),
    row(30, Command::DecideDispute, &[Completed], Target::Same, &[CO]).offered(),
    row(31, Command::Create, &[Declined, Expired, Withdrawn, EndedEarly], Target::Same, &[SW]).offered(),
    // The coordinator has no access to the case from which a new attempt is drafted.
    row(31, Command::Redraft, &[Declined, Expired, Withdrawn, EndedEarly], Target::Same, &[CO]).offered(),
];

/// The row by which `command` may start from `status`, if this server runs it.
#[must_use]
pub fn find(command: Command, status: Status) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|row| row.offered && row.command == command && row.from.contains(&status))
}

/// The row by which the clock may run `command` from `status`. The clock needs no mutation, so that it does not matter
/// whether one is offered.
#[must_use]
pub fn of_clock(command: Command, status: Status) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|row| row.command == command && row.from.contains(&status) && row.parties.contains(&TI))
}

/// Why a command is not available now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// Not from this state.
    State,
    /// Not for this party.
    Party,
}

/// Whether a command may run from a state for somebody who plays `parties`.
///
/// # Errors
/// The first reason why it may not; the party is looked at first, so that nobody learns a state from a refusal.
pub fn available(
    command: Command,
    status: Status,
    beside: Beside,
    parties: &[Party],
) -> Result<&'static Transition, Unavailable> {
    let part = |row: &Transition| played(command, row, beside, parties);
    let rows = || TRANSITIONS.iter().filter(|row| row.offered && row.command == command);
    if !rows().any(|row| part(row).is_some()) {
        return Err(Unavailable::Party);
    }
    rows()
        .find(|row| row.from.contains(&status) && part(row).is_some_and(|party| beside.allows(command, party)))
        .ok_or(Unavailable::State)
}

/// The part in which somebody who plays `parties` runs a row: the first that fits and that the facts beside the state
/// admit.
#[must_use]
pub fn played(command: Command, row: &Transition, beside: Beside, parties: &[Party]) -> Option<Party> {
    row.parties.iter().copied().find(|party| parties.contains(party) && beside.admits(command, *party))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_of_the_design_is_here() {
        let rows: BTreeSet<u8> = TRANSITIONS.iter().map(|row| row.row).collect();
        assert_eq!(rows, (1..=31).collect());
    }

    #[test]
    fn terminal_states_change_only_by_voiding() {
        for row in TRANSITIONS.iter().filter(|row| row.row != 28) {
            for from in row.from.iter().filter(|status| status.is_terminal()) {
                assert_eq!(row.to, Target::Same, "row {} leads away from {from:?}", row.row);
            }
        }
    }

    #[test]
    fn the_receiver_never_closes_a_loop_and_the_sender_never_decides() {
        for row in TRANSITIONS {
            let receiver = row.parties.iter().any(|party| matches!(party, RI | RW | RS));
            let sender = row.parties.iter().any(|party| matches!(party, SW | SS));
            match row.command {
                Command::CloseLoop | Command::Send | Command::Withdraw => assert!(!receiver),
                Command::Accept | Command::Decline | Command::Complete => assert!(!sender),
                _ => {}
            }
        }
    }

    #[test]
    fn what_may_be_asked_for_may_end_it() {
        use crate::domain::referral::Reason;
        for reason in Reason::ALL.iter().filter(|reason| reason.fits(CancelRequested)) {
            assert!(reason.fits(Withdrawn) && reason.fits(EndedEarly), "{reason:?}");
        }
        assert!(Reason::Other.fits(CancelRequested) && Reason::Other.fits(OnHold));
    }

    #[test]
    fn every_reasoned_ending_has_a_reason_to_choose() {
        use crate::domain::referral::Reason;
        for row in TRANSITIONS.iter().filter(|row| row.reason) {
            if let Target::To(status) = row.to
                && status.is_terminal()
            {
                assert!(Reason::ALL.iter().any(|reason| reason.fits(status)), "row {}", row.row);
                assert!(Reason::Other.fits(status));
            }
        }
    }
}
