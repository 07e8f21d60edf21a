//! The referral machine, driven through the public door by whoever comes along: what the table says happens, and
//! nothing else does.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::Engine;
use crate::support::seed::run as statement;
use crate::support::situations::{answer, code, report};
use crate::support::verbs::{Referred, Story, done, text};
use crate::support::world::{World, add_service};
use passerelle::domain::code::Code as _;
use passerelle::domain::global_id::decode;
use passerelle::domain::referral::table::{TRANSITIONS, Target};
use passerelle::domain::referral::{Command, Status};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use uuid::Uuid;

const SEED: [u8; 32] = *b"passerelle: the referral machine";

/// Somebody tries a command.
#[derive(Debug, Clone, Copy)]
struct Try {
    who: usize,
    command: Command,
    /// Reads the version before trying, or comes with an old one.
    is_fresh: bool,
}

/// The commands on a referral that exists.
const COMMANDS: [Command; 8] = [
    Command::Send,
    Command::Acknowledge,
    Command::Accept,
    Command::Decline,
    Command::Start,
    Command::Complete,
    Command::Withdraw,
    Command::CloseLoop,
];

fn tries() -> impl Strategy<Value = (bool, bool, Vec<Try>)> {
    // Those who have a part come up more often, or nothing would ever move.
    let who = prop_oneof![5 => 0..5_usize, 1 => 0..13_usize];
    let command = prop::sample::select(COMMANDS.to_vec());
    let one =
        (who, command, prop::bool::weighted(0.9)).prop_map(|(who, command, is_fresh)| Try { who, command, is_fresh });
    (any::<bool>(), any::<bool>(), prop::collection::vec(one, 12))
}

/// A referral of a case of its own, to a service with one place of which another referral may have had it.
struct Play<'a> {
    app: &'a TestApp,
    world: &'a World,
    people: Vec<Persona>,
    story: Story,
    service: Uuid,
    referral: Referred,
}

impl<'a> Play<'a> {
    async fn open(app: &'a TestApp, world: &'a World, full: bool, overbooking: bool) -> Self {
        let service = add_service(app, world.provider, world.district, Some(i32::from(!full))).await;
        let allow = "UPDATE service SET allows_overbooking = $1 WHERE id = $2";
        statement(app, allow, vec![overbooking.into(), service.into()]).await;
        let story = Story::open(app, world).await;
        let input = story.draft(service);
        let made = done(app, &world.case_manager, "createReferral", input, "referral { id }").await;
        let referral = Referred { id: text(&made["referral"]["id"]), version: 1 };
        // Whoever can move it comes first.
        let mut people = vec![
            world.case_manager.clone(),
            world.intake.clone(),
            world.worker.clone(),
            world.provider_supervisor.clone(),
            world.app.clone(),
        ];
        people.extend(world.everybody().into_iter().map(|(_, who)| who).filter(|who| who.token.is_some()));
        Self { app, world, people, story, service, referral }
    }

    fn input(&self, command: Command, version: i64) -> Value {
        let more = match command {
            Command::Send => json!({ "personInformed": true }),
            Command::Decline => json!({ "reason": "OUT_OF_AREA" }),
            Command::Withdraw => json!({ "reason": "PERSON_MOVED" }),
            Command::Start => json!({ "firstContactOn": "2026-11-25" }),
            Command::Complete => report(&self.story),
            Command::CloseLoop => json!({ "meaning": "NOT_MET" }),
            _ => json!({}),
        };
        Referred { id: self.referral.id.clone(), version }.input(more)
    }

    /// One try, and what must hold whatever came of it.
    async fn step(&self, one: Try) -> Result<(), TestCaseError> {
        let who = &self.people[one.who % self.people.len()];
        let (before, counts) = (self.stored().await, self.counts().await);
        let version = before.version - i64::from(!one.is_fresh);
        let told = self.announced(who, one.command).await;
        let mutation = one.command.mutation();
        let got = code(&answer(self.app, who, &mutation, self.input(one.command, version)).await, &mutation);
        let (after, counted) = (self.stored().await, self.counts().await);
        prop_assert_eq!(expected(&told, one.is_fresh, &got), None, "{:?} from {:?} gave {}", one, before, got);
        if got == "ok" {
            prop_assert_eq!(after.version, before.version + 1);
            prop_assert!(is_row(one.command, before.status, after.status), "{:?}: {:?} to {:?}", one, before, after);
            prop_assert_eq!(counted, [counts[0] + 1, counts[1] + 1, counts[2] + 1, counts[3]], "{:?}", one);
        } else {
            prop_assert_eq!(&after, &before, "a refusal changed something");
            prop_assert_eq!(counted, [counts[0], counts[1], counts[2], counts[3] + 1], "{:?} {}", one, got);
        }
        self.holds(&after).await
    }

    /// What `availableActions` says of a command: nothing for whom the referral does not exist.
    async fn announced(&self, who: &Persona, command: Command) -> Value {
        let select = "availableActions { action isAvailable unavailableBecause }";
        let seen = self.referral.seen_by(self.app, who, select).await;
        let actions = seen["availableActions"].as_array().map(Vec::as_slice).unwrap_or_default();
        actions.iter().find(|action| action["action"] == json!(command.code())).cloned().unwrap_or(Value::Null)
    }

    /// The invariants that hold of what is stored at any time.
    async fn holds(&self, now: &Stored) -> Result<(), TestCaseError> {
        let store = &self.app.app.store;
        let open = "SELECT count(*) AS total FROM referral WHERE service_id = $1 AND status NOT IN \
                    ('COMPLETED', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN', 'VOIDED')";
        let places = "SELECT taken, coalesce(total, 0) AS total FROM capacity WHERE service_id = $1";
        let grants = "SELECT count(*) AS total FROM access_grant g JOIN referral r ON r.id = g.cause_id \
                      WHERE r.service_id = $1 AND g.until_at IS NULL";
        let number = async |text: &str, column: &str| -> i64 {
            let rows = store.rows(text, vec![self.service.into()]).await.unwrap();
            rows[0].try_get::<i64>("", column).or_else(|_| rows[0].try_get::<i32>("", column).map(i64::from)).unwrap()
        };
        prop_assert!(number(open, "total").await <= 1, "one open referral for a need and service");
        let (taken, total) = (number(places, "taken").await, number(places, "total").await);
        let holds_place = matches!(now.status, Status::Accepted | Status::InService);
        prop_assert_eq!(taken, i64::from(holds_place), "a place is taken from acceptance to the end");
        prop_assert!(taken <= total || now.is_overbooked, "beyond the total without a mark");
        let disclosed = now.is_sent && !now.status.is_terminal();
        prop_assert_eq!(number(grants, "total").await, i64::from(disclosed), "a grant from sending to the end");
        Ok(())
    }

    async fn stored(&self) -> Stored {
        let (_, key) = decode(&self.referral.id).unwrap();
        let text = "SELECT status, version, is_overbooked, sent_at, loop_closed_at FROM referral WHERE id = $1";
        let rows = self.app.app.store.rows(text, vec![key.into()]).await.unwrap();
        let version: i32 = rows[0].try_get("", "version").unwrap();
        Stored {
            status: Status::from_code(&rows[0].try_get::<String>("", "status").unwrap()).unwrap(),
            version: version.into(),
            is_overbooked: rows[0].try_get("", "is_overbooked").unwrap(),
            is_sent: rows[0].try_get::<Option<i64>>("", "sent_at").unwrap().is_some(),
            is_loop_closed: rows[0].try_get::<Option<i64>>("", "loop_closed_at").unwrap().is_some(),
        }
    }

    /// Events, allowing audit rows, outbox rows, refusing audit rows.
    async fn counts(&self) -> [i64; 4] {
        let mut counts = [0; 4];
        for (count, from) in counts.iter_mut().zip([
            "event",
            "audit WHERE decision = 'ALLOW'",
            "outbox",
            "audit WHERE decision = 'DENY'",
        ]) {
            *count = self.app.count(from).await;
        }
        counts
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stored {
    status: Status,
    version: i64,
    is_overbooked: bool,
    is_sent: bool,
    is_loop_closed: bool,
}

/// Whether the table has the step.
fn is_row(command: Command, from: Status, to: Status) -> bool {
    TRANSITIONS.iter().any(|row| {
        let reaches = match row.to {
            Target::To(status) => status == to,
            Target::Same => from == to,
            Target::Before => false,
        };
        row.offered && row.command == command && row.from.contains(&from) && reaches
    })
}

/// What should have been answered instead; nothing when the answer is what was announced.
fn expected(told: &Value, is_fresh: bool, got: &str) -> Option<&'static str> {
    let right = match (told["isAvailable"].as_bool(), told["unavailableBecause"].as_str()) {
        (None, _) => "NOT_FOUND",
        (Some(false), Some("PARTY")) => "NOT_PERMITTED",
        _ if !is_fresh => "STALE_VERSION",
        (Some(true), _) if got == "CAPACITY_TAKEN" => return None,
        (Some(true), _) => "ok",
        _ => "WRONG_STATE",
    };
    (right != got).then_some(right)
}

fn play(engine: Engine, cases: u32) {
    println_seed();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (app, world) = runtime.block_on(async {
        let app = TestApp::start(engine).await;
        let world = World::fill(&app).await;
        (app, world)
    });
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
    let ran = TestRunner::new_with_rng(config, random).run(&tries(), |(full, overbooking, tries)| {
        runtime.block_on(async {
            let play = Play::open(&app, &world, full, overbooking).await;
            for one in tries {
                play.step(one).await?;
            }
            Ok(())
        })
    });
    ran.unwrap();
}

fn println_seed() {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "machine: seed {:?}", String::from_utf8_lossy(&SEED));
}

#[test]
fn whoever_tries_whatever_only_the_table_happens_on_sqlite() {
    play(Engine::Sqlite, 60);
}

#[test]
fn whoever_tries_whatever_only_the_table_happens_on_postgres() {
    if Engine::Postgres.is_ready_for("machine on postgres") {
        play(Engine::Postgres, 15);
    }
}

/// Each party at each state this server reaches: every command is answered as announced.
#[tokio::test]
async fn every_command_from_every_state_is_answered_as_announced() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let paths: [&[(usize, Command)]; 8] = [
        &[],
        &[(0, Command::Send)],
        &[(0, Command::Send), (1, Command::Acknowledge)],
        &[(0, Command::Send), (1, Command::Accept)],
        &[(0, Command::Send), (1, Command::Accept), (2, Command::Start)],
        &[(0, Command::Send), (1, Command::Accept), (2, Command::Complete)],
        &[(0, Command::Send), (1, Command::Decline)],
        &[(0, Command::Send), (0, Command::Withdraw)],
    ];
    for path in paths {
        for command in COMMANDS {
            for name in ["partner's supervisor", "intake", "worker", "provider's app", "coordinator", "stranger"] {
                let mut play = Play::open(&app, &world, false, false).await;
                for (who, command) in path {
                    let step = Try { who: *who, command: *command, is_fresh: true };
                    play.step(step).await.unwrap();
                }
                let who = play.world.everybody().into_iter().find(|(known, _)| *known == name).unwrap().1;
                play.people = vec![who];
                play.step(Try { who: 0, command, is_fresh: true }).await.unwrap();
            }
        }
    }
}
