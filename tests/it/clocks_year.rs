//! A year of silence and of random acts: everything ends, or belongs to somebody who was told, and every rung that was
//! due was told once.

use crate::support::app::{Persona, TestApp};
use crate::support::clocked::{age, run_clock, still, urgent};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::{Referred, document, key};
use crate::support::world::World;
use passerelle::domain::global_id::decode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const SEED: u64 = 20_261_125;
const DAY: i64 = 86_400_000_000;
const HOUR: i64 = 3_600_000_000;

/// A small generator: the same numbers on each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Somebody tries something; whether it fits does not matter.
async fn try_something(app: &TestApp, world: &World, random: &mut Random, referral: &Referred) {
    let date = app.app.today();
    let later = |days: i64| passerelle::domain::clock::date_of_micros(app.app.now() + days * DAY);
    let tries: [(&Persona, &str, Value); 12] = [
        (&world.intake, "acknowledgeReferral", json!({})),
        (&world.intake, "acceptReferral", json!({})),
        (&world.intake, "requestReferralInfo", json!({ "questions": ["since when?"] })),
        (&world.case_manager, "answerReferralInfo", json!({ "answers": [{ "number": 1, "text": "since May" }] })),
        (&world.intake, "waitlistReferral", json!({ "reviewOn": later(10) })),
        (&world.provider_supervisor, "offerReferralPlace", json!({})),
        (&world.worker, "startReferralService", json!({ "firstContactOn": date, "plannedEndOn": later(30) })),
        (&world.worker, "holdReferral", json!({ "reason": "PERSON_UNREACHABLE", "reviewOn": later(7) })),
        (&world.case_manager, "requestReferralCancellation", json!({ "reason": "REMIGRATED" })),
        (&world.intake, "declineReferral", json!({ "reason": "OUT_OF_AREA" })),
        (&world.case_manager, "withdrawReferral", json!({ "reason": "PERSON_MOVED" })),
        (&world.provider_supervisor, "unacceptReferral", json!({ "reason": "NO_CAPACITY" })),
    ];
    let (who, command, more) = &tries[random.below(tries.len())];
    let id = decode(&referral.id).unwrap().1;
    let rows = app.app.store.rows("SELECT version FROM referral WHERE id = $1", vec![id.into()]).await.unwrap();
    let version: i32 = rows[0].try_get("", "version").unwrap();
    let mut input = Referred { id: referral.id.clone(), version: version.into() }.input(more.clone());
    input["idempotencyKey"] = json!(key());
    app.run(&still(app, who), &document(command, ""), json!({ "input": input })).await;
}

async fn a_year_passes(engine: Engine) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "a year of clocks: seed {SEED}");
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    crate::support::seed::run(&app, "UPDATE service SET keeps_waiting_list = TRUE", vec![]).await;
    crate::support::seed::run(&app, "UPDATE capacity SET total = NULL", vec![]).await;
    let mut random = Random(SEED);
    let (mut silent, mut lively) = (Vec::new(), Vec::new());
    for hour in (0..365 * 24).step_by(6) {
        if hour < 60 * 24 && hour % 24 == 0 {
            for _ in 0..4 {
                let urgency = ["EMERGENCY", "URGENT", "ROUTINE"][random.below(3)];
                let made = urgent(&app, &world, urgency).await;
                if random.below(3) == 0 {
                    silent.push((decode(&made.id).unwrap().1, urgency, app.app.now()));
                } else {
                    lively.push(made);
                }
            }
        }
        if hour < 150 * 24 {
            for _ in 0..usize::from(!lively.is_empty()) {
                let which = random.below(lively.len());
                try_something(&app, &world, &mut random, &lively[which]).await;
            }
        }
        run_clock(&app).await.unwrap();
        age(&app, 6);
    }
    everything_ended_or_is_somebodys(&app).await;
    no_rung_was_told_twice(&app).await;
    for (id, urgency, sent) in silent {
        silence_was_told_as_the_table_says(&app, id, urgency, sent).await;
    }
}

/// Nothing waits for nobody: what is open was told to the coordinator, or the clock looks at it again.
async fn everything_ended_or_is_somebodys(app: &TestApp) {
    let ended = "status IN ('COMPLETED', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN')";
    let lost = format!(
        "referral r WHERE NOT ({ended} AND loop_closed_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM notification n \
         WHERE n.subject_id = r.id AND n.role = 'COORDINATOR' AND n.must_act)"
    );
    assert_eq!(app.count(&lost).await, 0);
    let overdue = format!("referral WHERE clock_at < {}", app.app.now() - DAY);
    assert_eq!(app.count(&overdue).await, 0, "the clock is behind");
    for reached in ["EXPIRED", "DECLINED", "WITHDRAWN", "SENT", "IN_SERVICE"] {
        assert!(app.count(&format!("referral WHERE status = '{reached}'")).await > 0, "{reached}");
    }
}

pub async fn no_rung_was_told_twice(app: &TestApp) {
    let twice = "(SELECT subject_id FROM notification WHERE kind LIKE '%OVERDUE' GROUP BY subject_id, kind, \
                 organization_id, role, at HAVING count(*) > 1) doubled";
    assert_eq!(app.count(twice).await, 0);
    let expired =
        "(SELECT subject_id FROM event WHERE kind = 'expireReferral' GROUP BY subject_id HAVING count(*) > 1) e";
    assert_eq!(app.count(expired).await, 0);
}

/// The design's table, written down a second time: after how many hours who is told what.
fn table(urgency: &str) -> &'static [(i64, &'static str, &'static str)] {
    match urgency {
        "EMERGENCY" => &[
            (60, "ACKNOWLEDGEMENT_OVERDUE", "SUPERVISOR"),
            (60, "ACKNOWLEDGEMENT_OVERDUE", "SUPERVISOR"),
            (60, "ACKNOWLEDGEMENT_OVERDUE", "COORDINATOR"),
            (90, "PARALLEL_REFERRAL_NEEDED", "COORDINATOR"),
            (120, "COORDINATOR_TAKES_OVER", "COORDINATOR"),
            (24 * 60, "DECISION_OVERDUE", "SUPERVISOR"),
            (24 * 60, "DECISION_OVERDUE", "SUPERVISOR"),
            (36 * 60, "PARALLEL_REFERRAL_NEEDED", "COORDINATOR"),
            (48 * 60, "COORDINATOR_TAKES_OVER", "COORDINATOR"),
        ],
        "URGENT" => &[
            (24 * 60, "ACKNOWLEDGEMENT_OVERDUE", "SUPERVISOR"),
            (36 * 60, "ACKNOWLEDGEMENT_OVERDUE", "SUPERVISOR"),
            (36 * 60, "ACKNOWLEDGEMENT_OVERDUE", "COORDINATOR"),
            (72 * 60, "DECISION_OVERDUE", "SUPERVISOR"),
            (108 * 60, "DECISION_OVERDUE", "SUPERVISOR"),
            (108 * 60, "DECISION_OVERDUE", "COORDINATOR"),
        ],
        _ => &[(14 * 1440, "DECISION_OVERDUE", "SUPERVISOR"), (21 * 1440, "DECISION_OVERDUE", "SUPERVISOR")],
    }
}

async fn silence_was_told_as_the_table_says(app: &TestApp, id: Uuid, urgency: &str, sent: i64) {
    let text = "SELECT kind, role, at FROM notification WHERE subject_id = $1 AND role IS NOT NULL AND kind <> 'expireReferral'";
    let rows = app.app.store.rows(text, vec![id.into()]).await.unwrap();
    let mut seen: BTreeMap<(String, String, i64), usize> = BTreeMap::new();
    for row in rows {
        let at: i64 = row.try_get("", "at").unwrap();
        let kind: String = row.try_get("", "kind").unwrap();
        // Two working days are another number of hours each time; they are tested by themselves.
        if urgency == "ROUTINE" && kind == "ACKNOWLEDGEMENT_OVERDUE" {
            continue;
        }
        *seen.entry((kind, row.try_get("", "role").unwrap(), at)).or_default() += 1;
    }
    let mut expected = BTreeMap::new();
    for (minutes, kind, role) in table(urgency) {
        // The clock looks every six hours here.
        let due = minutes * HOUR / 60;
        let looked = sent + (due + 6 * HOUR - 1) / (6 * HOUR) * (6 * HOUR);
        *expected.entry(((*kind).to_owned(), (*role).to_owned(), looked)).or_default() += 1;
    }
    assert_eq!(seen, expected, "{urgency}");
    let text = "SELECT count(*) AS total FROM event WHERE kind = 'expireReferral' AND subject_id = $1";
    let expired: i64 = app.app.store.rows(text, vec![id.into()]).await.unwrap()[0].try_get("", "total").unwrap();
    assert_eq!(expired, i64::from(urgency != "EMERGENCY"));
}

on_both_engines!(a_year_passes);
