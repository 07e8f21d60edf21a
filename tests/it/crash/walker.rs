//! One who leads loops from the opened case to the closed loop, again and again, and remembers what was answered.

use super::Victim;
use crate::support::apart::Signer;
use crate::support::verbs::{Referred, Story, document, key, text};
use crate::support::world::{World, gid};
use passerelle::domain::clock::Clock;
use passerelle::domain::global_id::{Kind, decode};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::sync::Arc;
use uuid::Uuid;

/// A command that was acknowledged.
pub struct Acknowledged {
    pub key: String,
    pub mutation: &'static str,
    pub subject: Uuid,
    pub version: i32,
    /// The referral's status; nothing for cases, needs and consents.
    pub status: Option<String>,
}

/// How commands reach the server.
pub struct Link<'a> {
    client: reqwest::Client,
    world: &'a World,
    signer: &'a Signer,
    /// The servers' time, by which tokens are made.
    clock: Arc<dyn Clock>,
}

impl<'a> Link<'a> {
    pub fn new(world: &'a World, signer: &'a Signer, clock: Arc<dyn Clock>) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { client, world, signer, clock }
    }

    /// The whole answer to a command; nothing when it did not arrive whole.
    async fn send(&self, url: &str, command: &Command) -> Option<Value> {
        let who = match command.mutation {
            "acknowledgeReferral" | "acceptReferral" => &self.world.intake,
            "startReferralService" | "completeReferral" => &self.world.worker,
            _ => &self.world.case_manager,
        };
        let who = self.signer.member_at(who, self.clock.now().as_second());
        let query = document(command.mutation, command.select);
        let answer = self
            .client
            .post(format!("{url}/graphql"))
            .bearer_auth(who.token.as_deref().unwrap())
            .json(&json!({ "query": query, "variables": { "input": command.input } }))
            .send()
            .await
            .ok()?;
        let bytes = answer.bytes().await.ok()?;
        let body: Value = serde_json::from_slice(&bytes).unwrap();
        let payload = &body["data"][command.mutation];
        assert_eq!((body.get("errors"), &payload["userErrors"]), (None, &json!([])), "{}: {body}", command.mutation);
        Some(payload.clone())
    }
}

/// A command with its key.
struct Command {
    mutation: &'static str,
    select: &'static str,
    input: Value,
}

/// Where somebody stands in a loop.
#[derive(Default)]
pub struct Walker {
    step: usize,
    story: Option<Story>,
    referral: Option<Referred>,
    /// What was asked and not answered.
    waiting: Option<Command>,
}

const CASE: &str = "case { id identifier version }";
const REFERRAL: &str = "referral { id version status }";
const STEPS: [(&str, &str); 9] = [
    ("openCase", CASE),
    ("addNeed", "need { id version goals { id } }"),
    ("recordConsent", "consent { id version }"),
    ("createReferral", REFERRAL),
    ("acknowledgeReferral", REFERRAL),
    ("acceptReferral", REFERRAL),
    ("startReferralService", REFERRAL),
    ("completeReferral", REFERRAL),
    ("closeReferralLoop", REFERRAL),
];

impl Walker {
    /// Whether a command was asked and not answered.
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// Asks one server for what comes next, or again for what was not answered; gives what was acknowledged.
    pub async fn step(&mut self, link: &Link<'_>, url: &str) -> Option<Acknowledged> {
        let command = self.waiting.take().unwrap_or_else(|| self.next(link.world));
        let Some(payload) = link.send(url, &command).await else {
            self.waiting = Some(command);
            return None;
        };
        Some(self.take(&command, &payload))
    }

    /// Goes on until the server is dead; kills it when the time has come.
    pub async fn walk(&mut self, link: &Link<'_>, victim: &RefCell<Victim>) {
        while let Some(url) = { victim.borrow().url() } {
            let command = self.next(link.world);
            let Some(payload) = link.send(&url, &command).await else {
                self.waiting = Some(command);
                return;
            };
            // An answer that was on its way when the server died counts as well.
            victim.borrow_mut().ledger.push(self.take(&command, &payload));
            let turns = {
                let mut victim = victim.borrow_mut();
                victim.left = victim.left.wrapping_sub(1);
                (victim.left == 0).then_some(victim.turns)
            };
            if let Some(turns) = turns {
                for _ in 0..turns {
                    tokio::task::yield_now().await;
                }
                victim.borrow_mut().kill();
            }
        }
    }

    /// Asks twice for what was not answered; both times the answer is the same.
    pub async fn insist(&mut self, link: &Link<'_>, victim: &RefCell<Victim>) {
        let command = self.waiting.take().unwrap();
        let url = victim.borrow().url().unwrap();
        let first = link.send(&url, &command).await.unwrap();
        assert_eq!(link.send(&url, &command).await.unwrap(), first, "{}", command.mutation);
        victim.borrow_mut().ledger.push(self.take(&command, &first));
    }

    fn next(&self, world: &World) -> Command {
        let (mutation, select) = STEPS[self.step];
        let mut input = match (&self.story, &self.referral) {
            (Some(story), Some(referral)) => referral.input(decision(mutation, story)),
            (Some(story), None) => preparation(mutation, story, world),
            (None, _) => json!({ "programId": gid(Kind::Program, world.program), "ageBand": "FROM_25_TO_39",
                "sex": "FEMALE", "language": "fr" }),
        };
        input["idempotencyKey"] = json!(key());
        Command { mutation, select, input }
    }

    /// Takes an answer in.
    fn take(&mut self, command: &Command, payload: &Value) -> Acknowledged {
        let field = command.select.split(' ').next().unwrap();
        let thing = &payload[field];
        let (id, version) = (text(&thing["id"]), thing["version"].as_i64().unwrap());
        let (_, subject) = decode(&id).unwrap();
        match (field, &mut self.story) {
            ("case", story) => {
                let identifier = text(&thing["identifier"]);
                *story = Some(Story { case: id, identifier, need: String::new(), goals: Vec::new() });
            }
            ("need", Some(story)) => {
                story.goals = thing["goals"].as_array().unwrap().iter().map(|goal| text(&goal["id"])).collect();
                story.need = id;
            }
            ("referral", _) => self.referral = Some(Referred { id, version }),
            _ => {}
        }
        self.step = (self.step + 1) % STEPS.len();
        if self.step == 0 {
            (self.story, self.referral) = (None, None);
        }
        Acknowledged {
            key: text(&command.input["idempotencyKey"]),
            mutation: command.mutation,
            subject,
            version: i32::try_from(version).unwrap(),
            status: thing["status"].as_str().map(str::to_owned),
        }
    }
}

/// What is done to a case before something is sent.
fn preparation(mutation: &str, story: &Story, world: &World) -> Value {
    match mutation {
        "addNeed" => json!({
            "caseId": story.case, "expectedVersion": 1, "categoryCode": "ECO.IND.TVET", "dimension": "ECONOMIC",
            "level": "INDIVIDUAL", "urgency": "ROUTINE", "delivery": "REFERRAL", "goals": ["learn", "work"],
        }),
        "recordConsent" => json!({
            "caseId": story.case, "expectedVersion": 2, "receiverId": gid(Kind::Organization, world.provider),
            "fields": ["CASE_IDENTIFIER", "NEED", "GOALS", "URGENCY"], "method": "VERBAL", "language": "fr",
            "noticeVersion": "2026-1", "givenOn": "2026-11-25",
        }),
        _ => story.referral(world.service),
    }
}

/// What a command on a referral says besides its version.
fn decision(mutation: &str, story: &Story) -> Value {
    match mutation {
        "startReferralService" => json!({ "firstContactOn": "2026-11-25" }),
        "completeReferral" => json!({ "serviceOn": "2026-11-25", "outcomes": story.outcomes() }),
        "closeReferralLoop" => json!({ "meaning": "MET" }),
        _ => json!({}),
    }
}
