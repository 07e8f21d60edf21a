//! The directory filtered by an instant finds what each service says of itself at that instant.

use super::random::{one, schedule, source};
use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::world::{World, add_service, gid};
use passerelle::domain::global_id::Kind;
use passerelle::domain::schedule::Schedule;
use passerelle::store::schedules::ScheduleOf;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

const SEED: u64 = 4_711;

async fn place_of(app: &TestApp, service: Uuid) -> (Uuid, Uuid) {
    let text = "SELECT id, location_id FROM service_at_location WHERE service_id = $1";
    let rows = app.app.store.rows(text, vec![service.into()]).await.unwrap();
    (rows[0].try_get("", "id").unwrap(), rows[0].try_get("", "location_id").unwrap())
}

/// Says when some things are open.
pub async fn put(app: &TestApp, all: &[(ScheduleOf, Vec<Schedule>)]) {
    let tx = app.app.store.begin().await.unwrap();
    let all: Vec<(ScheduleOf, &[Schedule])> = all.iter().map(|(of, schedules)| (*of, schedules.as_slice())).collect();
    tx.put_schedules(&all).await.unwrap();
    tx.commit().await.unwrap();
}

async fn ids(app: &TestApp, query: &str) -> BTreeSet<String> {
    let told = app.run(&Persona::public(), query, json!({})).await;
    told["services"]["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

async fn what_is_found_open_says_that_it_is(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let mut random = source(SEED);
    let mut all: Vec<(ScheduleOf, Vec<Schedule>)> = Vec::new();
    for number in 0..60 {
        let service = add_service(&app, world.provider, world.district, None).await;
        let (place, location) = place_of(&app, service).await;
        for of in [ScheduleOf::Service(service), ScheduleOf::Location(location), ScheduleOf::Place(place)] {
            if number % 3 == 0 || random.chance(40) {
                all.push((of, (0..2).map(|_| schedule(&mut random)).collect()));
            }
        }
        if number % 7 == 0 {
            let text = "DELETE FROM service_at_location WHERE id = $1";
            crate::support::seed::run(&app, text, vec![place.into()]).await;
            all.retain(|(of, _)| *of != ScheduleOf::Place(place));
        }
    }
    put(&app, &all).await;
    let mut found = 0;
    for run in 0..40 {
        // Instants around the days on which clocks change, and any other of that year.
        let base = *one(
            &mut random,
            &["2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z", "2026-11-01T00:00:00Z", "2026-01-01T00:00:00Z"],
        );
        let at: jiff::Timestamp = base.parse().unwrap();
        let minutes = random.below(44_640) - 1_440;
        let at = at + jiff::SignedDuration::from_mins(minutes);
        let query = format!("{{ services(first: 100, filter: {{ openAt: \"{at}\" }}) {{ nodes {{ id }} }} }}");
        let open = ids(&app, &query).await;
        let query = format!("{{ services(first: 100) {{ nodes {{ id isOpenAt(at: \"{at}\") }} }} }}");
        let told = app.run(&Persona::public(), &query, json!({})).await;
        let nodes = told["services"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 61);
        let expected: BTreeSet<String> = nodes
            .iter()
            .filter(|node| node["isOpenAt"] == true)
            .map(|node| node["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(open, expected, "seed {SEED}, run {run}, at {at}");
        found += open.len();
    }
    assert!(found > 100, "{found} are too few to tell much");
}

async fn what_is_said_of_a_place_counts_before_what_is_said_of_all(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (place, location) = place_of(&app, world.service).await;
    let day = |day: u8| vec![Schedule::weekly(&[day], 540, 600, "UTC")];
    let open = async |day: u32| {
        // Monday is 2026-11-30.
        let at = jiff::civil::date(2026, 11, 30).checked_add(jiff::Span::new().days(day)).unwrap();
        let document = format!(
            "query($id: ID!) {{ service(by: {{ id: $id }}) {{ isOpenAt(at: \"{at}T09:30:00Z\") locations {{ \
             isOpenAt(at: \"{at}T09:30:00Z\") schedules {{ days }} }} }} \
             services(filter: {{ openAt: \"{at}T09:30:00Z\" }}) {{ totalCount }} }}"
        );
        let id = json!({ "id": gid(Kind::Service, world.service) });
        let told = app.run(&Persona::public(), &document, id).await;
        assert_eq!(told["service"]["isOpenAt"], told["service"]["locations"][0]["isOpenAt"]);
        assert_eq!(told["services"]["totalCount"], i32::from(told["service"]["isOpenAt"] == true));
        told["service"]["isOpenAt"].clone()
    };
    assert_eq!(open(0).await, Value::Null, "nobody said anything");
    put(&app, &[(ScheduleOf::Service(world.service), day(0))]).await;
    assert_eq!((open(0).await, open(1).await), (json!(true), json!(false)));
    put(&app, &[(ScheduleOf::Location(location), day(1))]).await;
    assert_eq!((open(0).await, open(1).await), (json!(false), json!(true)));
    put(&app, &[(ScheduleOf::Place(place), day(2))]).await;
    assert_eq!((open(1).await, open(2).await), (json!(false), json!(true)));
    put(&app, &[(ScheduleOf::Place(place), vec![])]).await;
    assert_eq!(open(1).await, json!(true), "what is taken back counts no more");
}

async fn a_page_needs_as_many_statements_with_hours_as_without(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    for _ in 0..20 {
        let service = add_service(&app, world.provider, world.district, None).await;
        put(&app, &[(ScheduleOf::Service(service), vec![Schedule::weekly(&[0, 1, 2], 540, 600, "Africa/Dakar")])])
            .await;
    }
    let plain = "{ services(first: 10) { nodes { id name } } }";
    let hours = "{ services(first: 10) { nodes { id schedules { days opensAt } nextOpening isOpenAt locations { id \
                 schedules { days } nextOpening } } } }";
    let open = "{ services(first: 10, filter: { openAt: \"2026-11-30T09:30:00Z\" }) { nodes { id } } }";
    let count = async |query: &str| app.statements(app.run(&Persona::public(), query, json!({}))).await.0;
    let needed = count(plain).await;
    assert_eq!(count(hours).await, needed);
    assert_eq!(count(open).await, needed + 1, "one to know in which zones hours are told");
}

on_both_engines!(
    what_is_found_open_says_that_it_is,
    what_is_said_of_a_place_counts_before_what_is_said_of_all,
    a_page_needs_as_many_statements_with_hours_as_without,
);
