//! Whom the clock tells.

use crate::domain::actor::MemberRole;
use crate::domain::notice::Notice;
use crate::domain::referral::Referral;
use crate::domain::referral::clocks::Told;
use crate::usecase::referral::cancel::coordinator_of;

/// The notices by which those who are `told` learn of a deadline; all of them can act on it. Nobody is told for a
/// coordinator whom a program does not have.
#[must_use]
pub fn notices(referral: &Referral, kind: &'static str, told: &[Told]) -> Vec<Notice> {
    let (sender, receiver) = (referral.sender.id, referral.receiver.id);
    let notice = |told: &Told| match told {
        Told::SenderWorker => Some(Notice::act(sender, MemberRole::CaseManager)),
        Told::SenderSupervisor => Some(Notice::act(sender, MemberRole::Supervisor)),
        Told::ReceiverIntake => Some(Notice::act(receiver, MemberRole::Intake)),
        Told::ReceiverWorker => {
            Some(Notice { member: referral.assignee_id, ..Notice::act(receiver, MemberRole::ServiceWorker) })
        }
        Told::ReceiverSupervisor => Some(Notice::act(receiver, MemberRole::Supervisor)),
        Told::Coordinator => coordinator_of(referral),
    };
    let named = |notice: Notice| Notice { program: Some(referral.program_id), ..notice.of_kind(kind) };
    told.iter().filter_map(notice).map(named).collect()
}
