//! Who is told when a deadline passes: at its limit, at one and a half times it and at twice it.

use crate::domain::case::Urgency;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// That it has arrived.
    Acknowledgement,
    /// Yes, no or the waiting list.
    Decision,
    /// The first contact after an acceptance.
    Contact,
    /// The outcome after the planned end.
    Outcome,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// The sender's case managers.
    SenderWorker,
    /// The sender's supervisors.
    SenderSupervisor,
    /// The receiver's intake.
    ReceiverIntake,
    /// The receiver's workers, or the one who works on it.
    ReceiverWorker,
    /// The receiver's supervisors.
    ReceiverSupervisor,
    /// The coordinators of the program.
    Coordinator,
}

/// One rung of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    /// Its name among what was told of a referral.
    pub step: &'static str,
    /// How much of the limit has passed, in percent.
    pub percent: i64,
    /// What is told.
    pub kind: &'static str,
    /// To whom; nobody where the clock ends it instead.
    pub told: &'static [Told],
}

use Told::{Coordinator as CO, ReceiverSupervisor as RS, SenderSupervisor as SS};

/// The rungs of a deadline, the lowest first. One that tells nobody is where silence ends the referral: only a decision
/// has it, and never in an emergency, which stays open and becomes the coordinator's.
#[must_use]
pub fn rungs(urgency: Urgency, deadline: Deadline) -> Vec<Rung> {
    let told: &[&[Told]] = match (urgency, deadline) {
        // Nobody may wait for an hour without the coordinator knowing.
        (Urgency::Emergency, Deadline::Acknowledgement) => &[&[RS, SS, CO], &[CO], &[CO]],
        (Urgency::Emergency, _) => &[&[RS, SS], &[CO], &[CO]],
        // The decision's ladder goes on from here.
        (Urgency::Urgent, Deadline::Acknowledgement) => &[&[RS], &[SS, CO]],
        (Urgency::Routine, Deadline::Acknowledgement) => &[&[RS], &[SS]],
        (Urgency::Urgent, Deadline::Decision) => &[&[RS], &[SS, CO], &[]],
        (Urgency::Routine, Deadline::Decision) => &[&[RS], &[SS], &[]],
        // A person who was promised a service is never given up by the clock.
        (Urgency::Urgent, Deadline::Contact | Deadline::Outcome) => &[&[RS], &[SS, CO], &[CO]],
        (Urgency::Routine, Deadline::Contact | Deadline::Outcome) => &[&[RS], &[SS], &[CO]],
    };
    let overdue = match deadline {
        Deadline::Acknowledgement => "ACKNOWLEDGEMENT_OVERDUE",
        Deadline::Decision => "DECISION_OVERDUE",
        Deadline::Contact => "CONTACT_OVERDUE",
        Deadline::Outcome => "OUTCOME_OVERDUE",
    };
    told.iter()
        .zip(steps(deadline))
        .zip([100, 150, 200])
        .map(|((told, step), percent)| {
            let kind = match (urgency, deadline, percent) {
                (Urgency::Emergency, Deadline::Acknowledgement | Deadline::Decision, 150) => "PARALLEL_REFERRAL_NEEDED",
                (_, _, 200) => "COORDINATOR_TAKES_OVER",
                _ => overdue,
            };
            Rung { step, percent, kind, told }
        })
        .collect()
}

fn steps(deadline: Deadline) -> [&'static str; 3] {
    match deadline {
        Deadline::Acknowledgement => ["ACKNOWLEDGE_100", "ACKNOWLEDGE_150", "ACKNOWLEDGE_200"],
        Deadline::Decision => ["DECIDE_100", "DECIDE_150", "DECIDE_200"],
        Deadline::Contact => ["CONTACT_100", "CONTACT_150", "CONTACT_200"],
        Deadline::Outcome => ["OUTCOME_100", "OUTCOME_150", "OUTCOME_200"],
    }
}
