//! What a page of the directory costs does not grow with the directory: counted in what the engine looks at, not in time.
//! And what is found without looking at all is what is found by looking at all.

use crate::support::app::Persona;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::found::Found;
use crate::support::land::{CATEGORY, Plot, settle};
use crate::support::looked_at::looked_at;
use passerelle::domain::actor::Actor;
use passerelle::domain::directory::{FreshOn, ServiceFilter, ServiceOrder};
use passerelle::domain::global_id::decode;
use passerelle::domain::id::OrganizationId;
use passerelle::domain::page::{Position, Window};
use passerelle::domain::policy::Sight;
use passerelle::domain::sphere::{Near, Point};
use passerelle::store::search_best::{Look, is_certain, looks};
use passerelle::store::service_pages::{page_by, position};
use passerelle_migration::{Migrator, MigratorTrait as _};
use serde_json::json;
use std::io::Write as _;

/// The sizes that are compared.
const SIZES: [usize; 2] = [600, 6_000];
/// How much more the larger directory may cost, in percent: keys of an index that lie one level deeper, a circle that
/// holds a few more. Of what is read until a page of one in ten is together, the small directory does not have enough.
/// Without an index by which a page is cut out it would be 900 percent.
const MORE: u64 = 40;
const MORE_OF_FEW: u64 = 300;

fn fresh() -> FreshOn {
    FreshOn { today: "2026-11-25".into(), since: "2026-08-27".into() }
}

fn best() -> ServiceOrder {
    ServiceOrder::Relevance { descending: true, fresh: fresh() }
}

fn near(radius_km: f64) -> Near {
    Near { point: Point { latitude: 14.25, longitude: -14.75 }, radius_km }
}

fn text(text: &str) -> ServiceFilter {
    ServiceFilter { text: Some(text.into()), ..ServiceFilter::default() }
}

/// The searches whose pages may not become dearer.
fn searches() -> Vec<(&'static str, ServiceFilter, ServiceOrder)> {
    let around = ServiceFilter { near: Some(near(20.0)), ..ServiceFilter::default() };
    let category = ServiceFilter { category: vec![CATEGORY.into()], ..around.clone() };
    let nearest = ServiceOrder::Distance { descending: false };
    let places = ServiceOrder::OpenPlaces { descending: true };
    let all = ServiceFilter::default;
    vec![
        ("a word of every second", text("training"), best()),
        ("a word of all", text("everywhere"), best()),
        ("a slip in a word of every second", text("trainng"), best()),
        ("the beginning of a word", text("vocat"), best()),
        ("two words", text("vocational training"), best()),
        ("a word of one and a word of all", text("own17 everywhere"), best()),
        ("a word in a category", ServiceFilter { category: vec![CATEGORY.into()], ..text("training") }, best()),
        ("within 20 km", around, nearest.clone()),
        ("a category within 20 km", category, nearest),
        ("most places first", all(), places.clone()),
        ("fewest places first", all(), ServiceOrder::OpenPlaces { descending: false }),
        ("places that are free", ServiceFilter { has_open_places: Some(true), ..all() }, places),
        ("the newest", all(), ServiceOrder::PublishedAt { descending: true }),
        ("by name", all(), ServiceOrder::Name { descending: false }),
    ]
}

async fn land(engine: Engine, plots: &[Plot]) -> Found {
    let found = Found::empty(engine).await;
    let area = decode(&found.areas["Valmer"]).unwrap().1;
    settle(&found.app, plots, found.editor.organization, area).await;
    if engine == Engine::Postgres {
        found.run_sql("ANALYZE").await;
    }
    found
}

async fn a_page_costs_the_same_in_a_directory_ten_times_as_large(engine: Engine) {
    let mut costs: Vec<Vec<u64>> = Vec::new();
    for size in SIZES {
        let plots: Vec<Plot> = (0..size).map(|number| Plot::of(number, size)).collect();
        let found = land(engine, &plots).await;
        let member = Sight {
            organization: Some(OrganizationId::from(found.partner.organization)),
            ..Sight::of(&Actor::Anonymous)
        };
        let window = Window::first(20);
        let mut own = Vec::new();
        for (name, filter, order) in searches() {
            let before = found.app.app.store.statements();
            let page = found.app.app.store.services(&member, &filter, &order, &window).await.unwrap();
            let sent = found.app.app.store.statements() - before;
            assert!(name.contains("of one") || page.items.len() == 20, "{name}: {}", page.items.len());
            let mut cost = 0;
            for look in looks(&filter, &order, &window).into_iter().take(usize::try_from(sent).unwrap()) {
                let statement = page_by(&member, &filter, &order, &window, look);
                cost += looked_at(&found.app.app.store, statement).await.unwrap();
            }
            own.push(cost);
        }
        costs.push(own);
    }
    let mut dearer = Vec::new();
    for (at, (name, ..)) in searches().iter().enumerate() {
        let [small, large] = [costs[0][at], costs[1][at]];
        let _ = writeln!(std::io::stderr(), "{engine:?} {name}: {small} {large}");
        let more = if name.contains("category") { MORE_OF_FEW } else { MORE };
        if large > small * (100 + more) / 100 {
            dearer.push(format!("{name}: {small} in the small one, {large} in the large one"));
        }
    }
    assert!(dearer.is_empty(), "{}", dearer.join("\n"));
}

/// Numbers that look drawn.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// A service of a few words out of few, so that all meet.
fn drawn(dice: &mut Dice, number: usize) -> Plot {
    const WORDS: [&str; 7] = ["training", "vocational", "housing", "house", "loan", "market", "trade"];
    let words = WORDS.iter().filter_map(|word| {
        let weight = [10, 10, 15, 30, 60, 73][dice.below(6)];
        (dice.below(3) == 0).then(|| ((*word).to_owned(), weight))
    });
    let words = words.collect();
    let mut at = || f64::from(u8::try_from(dice.below(60)).unwrap()) / 100.0;
    let point = Point { latitude: 14.0 + at(), longitude: -15.0 + at() };
    Plot {
        words,
        point,
        assured_on: [Some("2026-11-01"), Some("2026-11-01"), Some("2026-01-01"), None][dice.below(4)],
        visibility: ["PUBLIC", "PARTNERS", "OWN"][dice.below(3)],
        free: [None, Some(0), Some(5)][dice.below(3)],
        number,
    }
}

async fn what_is_found_by_looking_at_some_is_what_is_found_by_looking_at_all(engine: Engine) {
    const SEED: u64 = 20_261_125;
    let _ = writeln!(std::io::stderr(), "seed {SEED}");
    let mut dice = Dice(SEED);
    let plots: Vec<Plot> = (0..240).map(|number| drawn(&mut dice, number)).collect();
    let found = land(engine, &plots).await;
    let texts = [
        "training",
        "hous",
        "trade",
        "vocational training",
        "housing loan",
        "house market trad",
        "trainng loan",
        "loan market trade housing",
        "nothing training",
    ];
    let store = &found.app.app.store;
    let ids = |rows: &[sea_orm::QueryResult]| rows.iter().map(|row| position(row).unwrap()).collect::<Vec<_>>();
    let (mut certain, mut uncertain) = (0, 0);
    for round in 0..180 {
        let mut sight = Sight::of(&Actor::Anonymous);
        if round % 3 > 0 {
            let organization = if round % 3 == 1 { &found.editor } else { &found.partner };
            sight.organization = Some(OrganizationId::from(organization.organization));
        }
        let size = 1 + dice.below(6);
        let (mut filter, order, look) = if round % 4 == 3 {
            let radius = [3.0, 12.0, 80.0][dice.below(3)];
            let filter = ServiceFilter { near: Some(near(radius)), ..ServiceFilter::default() };
            (filter, ServiceOrder::Distance { descending: false }, Look::Within { places: (size + 1) * 2 })
        } else {
            let look = Look::Best { kept: size + 1 + dice.below(4), walked: [1, 6, 30, 400][dice.below(4)] };
            (text(texts[dice.below(texts.len())]), best(), look)
        };
        if dice.below(3) == 0 {
            filter.category = vec![CATEGORY.into()];
        }
        let mut window = Window::first(size);
        // All pages, each looked for both ways.
        for page in 0..400 {
            let some = page_by(&sight, &filter, &order, &window, look);
            let some = store.rows(&some.text, some.values).await.unwrap();
            let all = page_by(&sight, &filter, &order, &window, Look::All);
            let all = ids(&store.rows(&all.text, all.values).await.unwrap());
            if is_certain(&some, position, &filter, size, look).unwrap() {
                certain += 1;
                assert_eq!(ids(&some), all, "round {round}, page {page}: {filter:?} {look:?}");
            } else {
                uncertain += 1;
            }
            let Some((value, id)) = all.get(size - 1).copied().filter(|_| all.len() > size) else { break };
            window.after = Some(Position { value: value.to_string(), id });
        }
    }
    let _ = writeln!(std::io::stderr(), "{certain} certain, {uncertain} not");
    assert!(certain > 500 && uncertain > 100, "{certain} certain, {uncertain} not");
}

async fn free_places_are_kept_as_they_are_taken(engine: Engine) {
    let found = land(engine, &(0..40).map(|number| Plot::of(number, 40)).collect::<Vec<_>>()).await;
    let steps = [
        "UPDATE capacity SET taken = taken + 2, held = held + 1 WHERE total > 3",
        "UPDATE capacity SET total = NULL WHERE total = 5",
        "UPDATE capacity SET total = 2 WHERE total IS NULL",
        "UPDATE capacity SET taken_elsewhere = 50 WHERE total > 20",
        "DELETE FROM capacity WHERE total = 2",
    ];
    let differ = "SELECT fr.service_id AS id FROM service_free fr WHERE fr.places <> coalesce((SELECT sum(CASE WHEN \
        cp.total - cp.taken_elsewhere - cp.taken - cp.held > 0 THEN cp.total - cp.taken_elsewhere - cp.taken - cp.held ELSE 0 \
        END) FROM capacity cp WHERE cp.service_id = fr.service_id AND cp.total IS NOT NULL), -1)";
    for step in steps {
        found.run_sql(step).await;
        assert!(found.app.app.store.rows(differ, vec![]).await.unwrap().is_empty(), "{step}");
    }
    assert_eq!(found.app.count("service_free").await, found.app.count("service").await);
}

async fn counting_stops_where_it_is_told_to_and_says_so(engine: Engine) {
    let plots: Vec<Plot> = (0..300).map(|number| Plot { assured_on: None, ..Plot::of(number, 300) }).collect();
    let found = land(engine, &plots).await;
    let document = "query($filter: ServiceFilter, $upTo: Int!) { \
        services(first: 1, countUpTo: $upTo, filter: $filter) { totalCount totalCountIsExact } \
        serviceFacets(countUpTo: $upTo, filter: $filter) { totalCount isComplete dimensions { count } } }";
    let near = json!({ "latitude": 14.25, "longitude": -14.75, "radiusKm": 400 });
    let public = plots.iter().filter(|plot| plot.visibility == "PUBLIC").count();
    for filter in [json!({}), json!({ "text": "everywhere" }), json!({ "near": near })] {
        for (up_to, counted, all) in [(100, 100, false), (public, public, true), (public - 1, public - 1, false)] {
            let asked = json!({ "filter": filter, "upTo": up_to });
            let told = found.app.run(&Persona::public(), document, asked).await;
            let expected = json!({ "totalCount": counted, "totalCountIsExact": all });
            assert_eq!(told["services"], expected, "{filter} {up_to}");
            let facets = &told["serviceFacets"];
            assert_eq!(
                (&facets["totalCount"], &facets["isComplete"]),
                (&json!(counted), &json!(all)),
                "{filter} {up_to}"
            );
            let sum: u64 =
                facets["dimensions"].as_array().unwrap().iter().map(|one| one["count"].as_u64().unwrap()).sum();
            assert_eq!(json!(sum), json!(counted), "{filter} {up_to}");
        }
    }
    for wrong in [99, 10_001, -1] {
        let asked = json!({ "upTo": wrong });
        assert_eq!(found.app.refused(&Persona::public(), document, asked).await, "BAD_USER_INPUT", "{wrong}");
    }
}

async fn what_is_there_is_laid_out_anew(engine: Engine) {
    let mut dice = Dice(7);
    let found = land(engine, &(0..60).map(|number| drawn(&mut dice, number)).collect::<Vec<_>>()).await;
    let store = &found.app.app.store;
    let read = async || {
        let words = "SELECT word AS word, CAST(weight AS BIGINT) AS number FROM search_word ORDER BY word, service_id";
        let points = "SELECT '' AS word, cell AS number FROM service_point ORDER BY location_id";
        let places = "SELECT '' AS word, places AS number FROM service_free ORDER BY service_id";
        let mut all: Vec<(String, i64)> = Vec::new();
        for text in [words, points, places] {
            let rows = store.rows(text, vec![]).await.unwrap();
            all.extend(rows.iter().map(|row| (row.try_get("", "word").unwrap(), row.try_get("", "number").unwrap())));
        }
        all
    };
    let before = read().await;
    let first = Migrator::migrations().iter().position(|step| step.name().contains("000042")).unwrap();
    let steps = u32::try_from(Migrator::migrations().len() - first).unwrap();
    Migrator::down(store.for_migrations(), Some(steps)).await.unwrap();
    Migrator::up(store.for_migrations(), None).await.unwrap();
    assert_eq!(read().await, before);
}

on_both_engines!(
    what_is_there_is_laid_out_anew,
    counting_stops_where_it_is_told_to_and_says_so,
    a_page_costs_the_same_in_a_directory_ten_times_as_large,
    what_is_found_by_looking_at_some_is_what_is_found_by_looking_at_all,
    free_places_are_kept_as_they_are_taken,
);
