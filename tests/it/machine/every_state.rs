//! Each party at each state: every command is announced and answered as the model says.

use super::Servers;
use super::commands::COMMANDS;
use super::model::{Deed, Service};
use super::people::PEOPLE;
use super::play::{Play, Step};
use crate::support::engine::Engine;

type Path = &'static [(usize, &'static str)];

/// The ways to each state; EXPIRED is reached by the clock alone.
const PATHS: [Path; 18] = [
    &[],
    &[(0, "sendReferral")],
    &[(0, "sendReferral"), (2, "acknowledgeReferral")],
    &[(0, "sendReferral"), (2, "requestReferralInfo")],
    &[(0, "sendReferral"), (2, "waitlistReferral")],
    &[(0, "sendReferral"), (2, "waitlistReferral"), (4, "offerReferralPlace")],
    &[(0, "sendReferral"), (2, "acceptReferral")],
    &[(0, "sendReferral"), (2, "acceptReferral"), (3, "startReferralService")],
    &[(0, "sendReferral"), (2, "acceptReferral"), (3, "holdReferral")],
    &[(0, "sendReferral"), (2, "acceptReferral"), (0, "requestReferralCancellation")],
    &[
        (0, "sendReferral"),
        (2, "acceptReferral"),
        (0, "requestReferralCancellation"),
        (4, "contestReferralCancellation"),
    ],
    &[(0, "sendReferral"), (2, "acceptReferral"), (3, "completeReferral")],
    &[(0, "sendReferral"), (2, "acceptReferral"), (3, "completeReferral"), (0, "disputeReferralOutcome")],
    &[(0, "sendReferral"), (2, "acceptReferral"), (3, "endReferralEarly")],
    &[(0, "sendReferral"), (4, "declineReferral")],
    &[(0, "sendReferral"), (0, "withdrawReferral")],
    &[(0, "sendReferral"), (1, "voidReferral")],
    &[(0, "sendReferral"), (1, "voidReferral"), (6, "voidReferral")],
];

fn roomy() -> Service {
    Service { total: Some(9), overbooking: false, list: true, slots: true, taken: 0, held: 0 }
}

async fn at<'a>(servers: &'a Servers, path: Path) -> Play<'a> {
    let mut play = Play::open(servers, roomy(), 1).await;
    for (who, what) in path {
        let deed = Deed { who: *who, what, on: 0, other: false, is_fresh: true };
        play.step(Step::Do { likely: false, pick: 0, deed }).await.unwrap();
    }
    play
}

#[tokio::test]
async fn every_command_from_every_state_is_answered_as_announced() {
    let (servers, folder) = Servers::start(Engine::Sqlite).await;
    for path in PATHS {
        // What is refused changes nothing, so that one referral serves all who are refused.
        let mut shared = at(&servers, path).await;
        for what in COMMANDS {
            let all = (0..PEOPLE.len() - 2).map(|who| Deed { who, what, on: 0, other: false, is_fresh: true });
            let (taken, refused): (Vec<Deed>, Vec<Deed>) =
                all.partition(|deed| shared.model.clone().answer(*deed) == "ok");
            shared.refused(&refused).await.unwrap();
            // One of those who may; the others come up in the sequences.
            if let Some(deed) = taken.first() {
                at(&servers, path).await.one(*deed).await.unwrap();
            }
        }
    }
    drop(servers);
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
}
