//! What waits for a referral, and what direct help and help by referral came to: counted anew from the rows, told to those
//! who may, and never of so few that somebody could be recognized.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::run as statement;
use crate::support::situations::Stage;
use crate::support::situations::plan::{Planned, agreeing, drafting, helping};
use crate::support::verbs::{Story, done};
use crate::support::world::{World, add_area, add_member, gid};
use jiff::SignedDuration;
use passerelle::domain::global_id::Kind;
use passerelle::token;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use uuid::Uuid;

const SEED: u64 = 0x7061_7373_6572_656c;
const RESULTS: [&str; 3] = ["ACHIEVED", "PARTLY", "NOT_ACHIEVED"];

/// A small sequence of numbers that looks like chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % most).unwrap()
    }

    /// An outcome for every goal; most are reached.
    fn outcomes(&mut self, story: &Story) -> Value {
        let mut one = |goal: &String| {
            let result = RESULTS[[0, 0, 0, 1, 1, 2][self.below(6)]];
            json!({ "goalId": goal, "result": result })
        };
        story.goals.iter().map(&mut one).collect()
    }
}

/// The same person with a token of today.
fn today(app: &TestApp, who: &Persona) -> Persona {
    let token = app.token(who.id, who.organization, token::Kind::Member, 0, 0);
    Persona { token: Some(token), ..who.clone() }
}

const HELP: &str = "query($id: ID!, $quarter: Int!, $year: Int!) { helpComparison(programId: $id, period: {year: $year, quarter: $quarter}) {
    definition fewestPersons rows { dimension way goals persons achieved partly notAchieved } } }";

fn quarter(world: &World, year: i32, quarter: i32) -> Value {
    json!({ "id": gid(Kind::Program, world.program), "year": year, "quarter": quarter })
}

/// Helps so many persons directly and so many by referral, with outcomes by chance; some of it for another dimension.
async fn help(stage: &Stage<'_>, direct: usize, referred: usize) {
    let Stage { app, world, .. } = *stage;
    let mut chance = Chance(SEED);
    let _ = writeln!(std::io::stderr(), "seed {SEED:#x}");
    for _ in 0..direct {
        let story = stage.story().await;
        let mut input = helping(&story);
        input["outcomes"] = chance.outcomes(&story);
        done(app, &world.case_manager, "recordDirectService", input, "").await;
    }
    for _ in 0..referred {
        let (story, accepted) = stage.accepted().await;
        let report =
            json!({ "firstContactOn": "2026-11-25", "serviceOn": "2026-11-25", "outcomes": chance.outcomes(&story) });
        accepted.act(app, &world.worker, "completeReferral", report).await;
    }
    let some = "UPDATE direct_service SET dimension = 'SOCIAL' WHERE id IN (SELECT id FROM direct_service ORDER BY id LIMIT 7)";
    assert_eq!(statement(app, some, vec![]).await, 7);
}

/// The goals and the persons behind one figure.
type Counted = BTreeMap<(String, String, String), (i64, BTreeSet<Uuid>)>;

/// The same figures another way: every outcome read as a row, counted here.
async fn recount(app: &TestApp) -> Counted {
    let mut counted = Counted::new();
    for (way, text) in [
        (
            "DIRECT",
            "SELECT d.dimension AS dimension, d.case_id AS person, g.result AS result FROM direct_service_goal g, direct_service d WHERE g.direct_service_id = d.id",
        ),
        (
            "REFERRAL",
            "SELECT n.dimension AS dimension, n.case_id AS person, g.result AS result FROM referral_goal g, goal o, need n WHERE g.goal_id = o.id AND o.need_id = n.id AND g.result IS NOT NULL",
        ),
    ] {
        for row in app.app.store.rows(text, vec![]).await.unwrap() {
            let of = |column: &str| row.try_get::<String>("", column).unwrap();
            let cell = counted.entry((of("dimension"), way.to_owned(), of("result"))).or_default();
            cell.0 += 1;
            cell.1.insert(row.try_get("", "person").unwrap());
        }
    }
    counted
}

/// Checks rows against the recount; tells how many figures were hidden.
fn check(rows: &Value, counted: &Counted, fewest: i64) -> usize {
    let mut hidden = 0;
    for row in rows.as_array().unwrap() {
        let cell = |result: &str| {
            let key = (
                row["dimension"].as_str().unwrap().to_owned(),
                row["way"].as_str().unwrap().to_owned(),
                result.to_owned(),
            );
            counted.get(&key).cloned().unwrap_or_default()
        };
        let cells = RESULTS.map(cell);
        let persons: BTreeSet<Uuid> = cells.iter().flat_map(|(_, persons)| persons.iter().copied()).collect();
        let few = |persons: usize| i64::try_from(persons).unwrap() < fewest;
        let total: i64 = cells.iter().map(|(goals, _)| goals).sum();
        let shown = ["achieved", "partly", "notAchieved"].map(|name| row[name].as_i64());
        match row["goals"].as_i64() {
            None => {
                assert!(total > 0, "zero is told: {row}");
                assert!(shown.iter().all(Option::is_none) && row["persons"].is_null(), "{row}");
            }
            Some(goals) => {
                assert_eq!(
                    (goals, row["persons"].as_i64()),
                    (total, Some(i64::try_from(persons.len()).unwrap())),
                    "{row}"
                );
                assert!(goals == 0 || !few(persons.len()), "{row}");
                let rest: i64 = goals - shown.iter().flatten().sum::<i64>();
                let count = shown.iter().filter(|shown| shown.is_none()).count();
                assert!(count == 0 || (count > 1 && rest >= fewest), "the total gives nothing away: {row}");
            }
        }
        for (figure, (goals, persons)) in shown.iter().zip(&cells) {
            hidden += usize::from(figure.is_none());
            assert!(figure.is_none_or(|figure| figure == *goals && (figure == 0 || !few(persons.len()))), "{row}");
        }
    }
    hidden
}

async fn the_comparison_is_what_the_rows_say(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    help(&stage, 16, 12).await;
    let donor = add_member(&app, world.donor_officer.organization, "ME_OFFICER").await;
    let program_manager = add_member(&app, world.provider, "PROGRAM_MANAGER").await;
    let counted = recount(&app).await;
    let too_early = app.refused(&world.evaluator, HELP, quarter(&world, 2026, 4)).await;
    assert_eq!(too_early, "BAD_USER_INPUT", "the quarter is not over");
    app.clock.advance(SignedDuration::from_hours(24 * 60));
    assert_eq!(app.refused(&today(&app, &world.evaluator), HELP, quarter(&world, 2026, 5)).await, "BAD_USER_INPUT");
    for who in [&world.evaluator, &world.coordinator, &program_manager] {
        let (needed, seen) = app.statements(app.run(&today(&app, who), HELP, quarter(&world, 2026, 4))).await;
        assert_eq!(needed, 2, "who asks, and the figures");
        let seen = &seen["helpComparison"];
        assert_eq!((&seen["fewestPersons"], seen["rows"].as_array().unwrap().len()), (&json!(5), 6));
        let hidden = check(&seen["rows"], &counted, 5);
        assert!((1..12).contains(&hidden), "some is hidden and some is not: {seen}");
    }
    let seen = app.run(&today(&app, &donor), HELP, quarter(&world, 2026, 4)).await;
    assert_eq!(seen["helpComparison"]["fewestPersons"], 10);
    let inside = app.run(&today(&app, &world.evaluator), HELP, quarter(&world, 2026, 4)).await;
    let outside = check(&seen["helpComparison"]["rows"], &counted, 10);
    assert!(outside > check(&inside["helpComparison"]["rows"], &counted, 5), "whoever only pays is told less");
    statement(&app, "UPDATE referral SET verification = 'REFUTED'", vec![]).await;
    let seen = app.run(&today(&app, &world.evaluator), HELP, quarter(&world, 2026, 4)).await;
    let direct: Counted = counted.into_iter().filter(|((_, way, _), _)| way == "DIRECT").collect();
    check(&seen["helpComparison"]["rows"], &direct, 5);
    let seen = app.run(&today(&app, &world.evaluator), HELP, quarter(&world, 2026, 3)).await;
    assert_eq!(check(&seen["helpComparison"]["rows"], &Counted::new(), 5), 0, "nothing was recorded before");
}

const GAPS: &str = "query($id: ID!, $filter: PlanGapFilter) { planGaps(programId: $id, filter: $filter) {
    fewestPersons cells { categoryCode dimension areaId items persons } } }";

async fn gaps_are_counted_by_category_and_area(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    for _ in 0..7 {
        stage.active().await;
    }
    let (answered, _) = stage.active().await;
    answered.refer_to(&app, &world.case_manager, stage.service).await;
    stage.agreed().await;
    // One person with six items is one person.
    let story = stage.story().await;
    let mut many = drafting(&story, 3);
    let item = many["items"][0].clone();
    many["items"] = (0..6).map(|_| item.clone()).collect();
    let draft = Planned::made(&app, &world, "draftPlan", many).await;
    let agreed = Planned::made(&app, &world, "agreePlan", agreeing(&draft)).await;
    Planned::made(&app, &world, "activatePlan", agreed.input(json!({}))).await;
    let need = passerelle::domain::global_id::decode(&story.need).unwrap().1;
    statement(&app, "UPDATE need SET category_code = 'ECO.IND.CREDIT' WHERE id = $1", vec![need.into()]).await;
    let of = |filter: Value| json!({ "id": gid(Kind::Program, world.program), "filter": filter });
    let area = json!(gid(Kind::Area, world.district));
    let cell = |category: &str, count: Value, persons: Value| json!({ "categoryCode": category, "dimension": "ECONOMIC", "areaId": area, "items": count, "persons": persons });
    let (needed, seen) = app.statements(app.run(&world.coordinator, GAPS, of(json!(null)))).await;
    assert_eq!(needed, 2, "who asks, and the figures");
    let small = cell("ECO.IND.CREDIT", json!(null), json!(null));
    let large = cell("ECO.IND.TVET", json!(7), json!(7));
    assert_eq!(seen["planGaps"], json!({ "fewestPersons": 5, "cells": [small, large] }));
    let elsewhere = add_area(&app, "XX02", 1, Some(world.country), "Elsewhere").await;
    for (filter, cells) in [
        (json!({ "areaId": gid(Kind::Area, world.country), "categoryCode": "ECO.IND.TVET" }), json!([large])),
        (json!({ "areaId": gid(Kind::Area, elsewhere) }), json!([])),
        (json!({ "dimension": ["SOCIAL", "PSYCHOSOCIAL"] }), json!([])),
    ] {
        let seen = app.run(&world.evaluator, GAPS, of(filter.clone())).await;
        assert_eq!(seen["planGaps"]["cells"], cells, "{filter}");
    }
    let donor = add_member(&app, world.donor_officer.organization, "PROGRAM_MANAGER").await;
    let seen = app.run(&donor, GAPS, of(json!(null))).await;
    let hidden = [small, cell("ECO.IND.TVET", json!(null), json!(null))];
    assert_eq!(seen["planGaps"], json!({ "fewestPersons": 10, "cells": hidden }));
}

async fn figures_are_told_to_nobody_else(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    stage.active().await;
    let mut all = world.everybody();
    all.retain(|(name, who)| who.token.is_some() && !["evaluator", "coordinator"].contains(name));
    all.push(("stranger's evaluator", add_member(&app, world.stranger, "ME_OFFICER").await));
    all.push(("stranger's program manager", add_member(&app, world.stranger, "PROGRAM_MANAGER").await));
    all.push(("partner's administrator", add_member(&app, world.partner, "ADMINISTRATOR").await));
    let (gaps, help) = (json!({ "id": gid(Kind::Program, world.program) }), quarter(&world, 2026, 3));
    for (name, who) in all {
        assert_eq!(app.run(&who, GAPS, gaps.clone()).await, json!({ "planGaps": null }), "{name}");
        assert_eq!(app.run(&who, HELP, help.clone()).await, json!({ "helpComparison": null }), "{name}");
    }
    let unknown = json!({ "id": gid(Kind::Program, Uuid::now_v7()) });
    assert_eq!(app.run(&world.evaluator, GAPS, unknown).await, json!({ "planGaps": null }));
    for (query, variables) in [(GAPS, gaps), (HELP, help)] {
        assert_eq!(app.refused(&Persona::public(), query, variables).await, "UNAUTHENTICATED");
    }
}

on_both_engines!(
    the_comparison_is_what_the_rows_say,
    gaps_are_counted_by_category_and_area,
    figures_are_told_to_nobody_else,
);
