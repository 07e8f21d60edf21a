//! Each party at each state: every command is announced and answered as the model says.

use super::Servers;
use super::commands::{COMMANDS, FOR_PERSON};
use super::model::{Deed, Service};
use super::people::PEOPLE;
use super::play::{Play, Step};
use super::sweep::ACTS;
use crate::support::engine::{Engine, on_both_engines};
use std::collections::BTreeSet;

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
    Service { total: Some(9), list: true, slots: true, ..Service::default() }
}

async fn at<'a>(servers: &'a Servers, path: Path, urgency: &'static str) -> Play<'a> {
    let limited = Service { offers: path.len() > 1, ..roomy() };
    let mut play = Play::open(servers, limited, &[urgency]).await;
    for (who, what) in path {
        let deed = Deed { who: *who, what, on: 0, other: false, is_fresh: true, for_person: false };
        play.step(Step::Do { likely: false, pick: 0, deed }).await.unwrap();
    }
    play
}

#[tokio::test]
async fn every_command_from_every_state_is_answered_as_announced() {
    let (servers, folder) = Servers::start(Engine::Sqlite).await;
    let mut reached = BTreeSet::new();
    for path in PATHS {
        // What is refused changes nothing, so that one referral serves all who are refused.
        let mut shared = at(&servers, path, "ROUTINE").await;
        let mut takes = Vec::new();
        for what in COMMANDS {
            let deed = |who| Deed { who, what, on: 0, other: false, is_fresh: true, for_person: false };
            let all = (0..PEOPLE.len() - 2).map(deed);
            let (taken, refused): (Vec<Deed>, Vec<Deed>) =
                all.partition(|deed| shared.model.clone().answer(*deed) == "ok");
            shared.refused(&refused).await.unwrap();
            takes.extend(taken.first().copied());
        }
        for deed in takes {
            // One of those who may; the others come up in the sequences. And the person, where the step can be theirs.
            for for_person in [false, true].into_iter().take(1 + usize::from(FOR_PERSON.contains(&deed.what))) {
                let mut play = at(&servers, path, "ROUTINE").await;
                play.one(Deed { for_person, ..deed }).await.unwrap();
                reached.append(&mut play.reached);
            }
        }
    }
    assert_eq!(reached, BTreeSet::from(FOR_PERSON), "recorded as the person's own");
    drop(servers);
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
}

/// Hours between two looks of the clock: each deadline passes in one of them, and most in one of their own.
const WAITS: [i64; 14] = [1, 1, 22, 12, 38, 30, 24, 72, 168, 144, 168, 240, 240, 360];

/// From each state nobody does anything any more.
async fn silence_leads_where_the_table_says(engine: Engine) {
    let (servers, folder) = Servers::start(engine).await;
    let mut reached = BTreeSet::new();
    let slot: Path = &[];
    for (at_path, path) in PATHS.into_iter().chain([slot]).enumerate() {
        // Each urgency comes at a third of the states on one engine and at another third on the other.
        let turn = at_path + usize::from(engine == Engine::Postgres);
        let urgency = ["ROUTINE", "EMERGENCY", "URGENT"][turn % 3];
        let mut play = at(&servers, path, urgency).await;
        if at_path == PATHS.len() {
            let send = Deed { who: 0, what: "sendReferral", on: 0, other: true, is_fresh: true, for_person: false };
            play.step(Step::Do { likely: false, pick: 0, deed: send }).await.unwrap();
        }
        for hours in WAITS {
            play.step(Step::Wait { hours, runs: true }).await.unwrap();
        }
        play.silence().await.unwrap();
        play.adds_up().await.unwrap();
        reached.append(&mut play.reached);
    }
    assert_eq!(reached, BTreeSet::from(ACTS), "done by the clock");
    drop(servers);
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
}

on_both_engines!(silence_leads_where_the_table_says);
