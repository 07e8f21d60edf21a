//! How the engines look things up: each list and each order of the directory goes along an index, and no page reads the
//! whole table of services.

use crate::support::engine::{Engine, on_both_engines};
use crate::support::found::Found;
use passerelle::domain::actor::Actor;
use passerelle::domain::directory::{FreshOn, MaxCost, Seeker, ServiceFilter, ServiceOrder};
use passerelle::domain::id::OrganizationId;
use passerelle::domain::page::{Position, Window};
use passerelle::domain::policy::Sight;
use passerelle::domain::sphere::{Near, Point};
use passerelle::hsds::directory::{Cut, Filter, Fullness};
use passerelle::store::hsds_filter::Wanted;
use passerelle::store::hsds_lists::{places_list, services_list};
use passerelle::store::search_best::{Look, looks};
use passerelle::store::service_pages::{page_by, page_of};
use passerelle::store::statement::Sql;
use uuid::Uuid;

/// The lines of a statement's plan. On PostgreSQL a small table would be read as a whole whatever indexes there are, so
/// that it is told to do so only where nothing else can be done.
async fn plan(found: &Found, engine: Engine, sql: Sql) -> Vec<String> {
    let tx = found.app.app.store.begin().await.unwrap();
    let (word, column) = match engine {
        Engine::Postgres => {
            tx.run("SET LOCAL enable_seqscan = off", vec![]).await.unwrap();
            ("EXPLAIN", "QUERY PLAN")
        }
        Engine::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
    };
    let rows = tx.rows(&format!("{word} {}", sql.text), sql.values).await.unwrap();
    rows.iter().map(|row| row.try_get("", column).unwrap()).collect()
}

/// Whether a line says that all of `service` is read without an index.
fn reads_all(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '-', '>']);
    if let Some(rest) =
        line.strip_prefix("Seq Scan on service").or_else(|| line.strip_prefix("Parallel Seq Scan on service"))
    {
        return rest.is_empty() || rest.starts_with(' ');
    }
    line.starts_with("SCAN s") && line.split(' ').nth(1) == Some("s") && !line.contains("INDEX")
}

fn fresh() -> FreshOn {
    FreshOn { today: "2026-11-25".into(), since: "2026-08-27".into() }
}

fn orders() -> Vec<(ServiceOrder, Option<&'static str>)> {
    [true, false]
        .into_iter()
        .flat_map(|descending| {
            [
                (ServiceOrder::Name { descending }, Some("service_by_name")),
                (ServiceOrder::PublishedAt { descending }, Some("service_by_age")),
                (ServiceOrder::Relevance { descending, fresh: fresh() }, Some("service_by_age")),
                (ServiceOrder::OpenPlaces { descending }, Some("service_free_by")),
            ]
        })
        .collect()
}

/// Filters under which the directory is often read, with the index that has to be used where there is one answer.
fn filters(area: Uuid, organization: Uuid) -> Vec<(&'static str, ServiceFilter)> {
    let near = Near { point: Point { latitude: 14.0, longitude: -15.0 }, radius_km: 20.0 };
    let max_cost = MaxCost { amount: 1.0, currency: "XOF".into(), on: "2026-11-25".into() };
    vec![
        ("category", ServiceFilter { category: vec!["ECO.IND.TVET".into()], ..ServiceFilter::default() }),
        ("branch", ServiceFilter { category_within: vec!["ECO.IND".into()], ..ServiceFilter::default() }),
        ("area", ServiceFilter { area: Some(area.into()), ..ServiceFilter::default() }),
        ("organization", ServiceFilter { organization: Some(organization.into()), ..ServiceFilter::default() }),
        ("language", ServiceFilter { language: vec!["fr".into()], ..ServiceFilter::default() }),
        ("text", ServiceFilter { text: Some("welding".into()), ..ServiceFilter::default() }),
        ("near", ServiceFilter { near: Some(near), ..ServiceFilter::default() }),
        ("text near", ServiceFilter { text: Some("welding".into()), near: Some(near), ..ServiceFilter::default() }),
        ("open", ServiceFilter { open_on: Some(fresh()), ..ServiceFilter::default() }),
        (
            "person",
            ServiceFilter { person: Some(Seeker { age: Some(30), ..Seeker::default() }), ..ServiceFilter::default() },
        ),
        ("cost", ServiceFilter { max_cost: Some(max_cost), ..ServiceFilter::default() }),
    ]
}

async fn no_page_of_the_directory_reads_it_all(engine: Engine) {
    let found = Found::start(engine).await;
    let area = passerelle::domain::global_id::decode(&found.areas["Valmer"]).unwrap().1;
    let public = Sight::of(&Actor::Anonymous);
    let member = Sight { organization: Some(OrganizationId::from(found.editor.organization)), ..public.clone() };
    let at = Position { value: "1".into(), id: Uuid::nil() };
    let windows = [
        Window::first(20),
        Window { after: Some(at.clone()), ..Window::first(20) },
        Window { before: Some(at), backward: true, ..Window::first(20) },
    ];
    for sight in [&public, &member] {
        for (order, index) in orders() {
            for window in &windows {
                let plain = page_of(sight, &ServiceFilter::default(), &order, window);
                let lines = plan(&found, engine, plain).await;
                assert!(!lines.iter().any(|line| reads_all(line)), "{order:?}: {}", lines.join("\n"));
                // PostgreSQL sorts so few places, whatever it is told.
                let index =
                    index.filter(|index| *index != "service_free_by" || engine == Engine::Sqlite).unwrap_or_default();
                assert!(lines.iter().any(|line| line.contains(index)), "{order:?}: {}", lines.join("\n"));
            }
            for (name, filter) in filters(area, found.editor.organization) {
                let lines = plan(&found, engine, page_of(sight, &filter, &order, &windows[0])).await;
                assert!(!lines.iter().any(|line| reads_all(line)), "{name} {order:?}: {}", lines.join("\n"));
            }
        }
        for (name, filter) in filters(area, found.editor.organization) {
            // What is looked at first, where not all that is found has to be.
            let by = if filter.near.is_some() && filter.text.is_none() {
                ServiceOrder::Distance { descending: false }
            } else {
                ServiceOrder::Relevance { descending: true, fresh: fresh() }
            };
            let mut ways: Vec<Look> = looks(&filter, &by, &windows[1]);
            if filter.near.is_some() {
                ways.push(Look::All);
            }
            for look in ways {
                let lines = plan(&found, engine, page_by(sight, &filter, &by, &windows[1], look)).await;
                assert!(!lines.iter().any(|line| reads_all(line)), "{name} {look:?}: {}", lines.join("\n"));
            }
        }
    }
}

async fn no_page_of_a_harvest_reads_it_all(engine: Engine) {
    let found = Found::start(engine).await;
    let search = Filter { search: Some("welding".into()), ..Filter::default() };
    for filter in [Filter::default(), search] {
        let wanted = Wanted { filter: filter.clone(), ..Wanted::default() };
        for cut in [Cut::Page { skip: 40, size: 20 }, Cut::After { key: Some(Uuid::nil()), size: 20 }] {
            for fullness in [Fullness::Minimal, Fullness::Direct, Fullness::Full] {
                let lines = plan(&found, engine, services_list(&wanted, fullness, cut)).await;
                assert!(!lines.iter().any(|line| reads_all(line)), "{filter:?} {cut:?}: {}", lines.join("\n"));
                let lines = plan(&found, engine, places_list(&wanted, None, fullness, cut)).await;
                assert!(!lines.iter().any(|line| reads_all(line)), "places {filter:?} {cut:?}: {}", lines.join("\n"));
            }
        }
    }
}

on_both_engines!(no_page_of_the_directory_reads_it_all, no_page_of_a_harvest_reads_it_all);
