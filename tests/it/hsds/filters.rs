//! Every filter, alone and together with another.

use super::scene::{Scene, keys};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use passerelle::domain::clock::Clock as _;
use std::collections::BTreeSet;
use uuid::Uuid;

fn set<const N: usize>(all: [Uuid; N]) -> BTreeSet<String> {
    all.map(|key| key.to_string()).into()
}

/// The services of a list of places.
async fn at(scene: &Scene, query: &str) -> BTreeSet<String> {
    let all = scene.contents(&format!("/hsds/service_at_locations?{query}")).await;
    all.iter().map(|place| place["service_id"].as_str().unwrap().to_owned()).collect()
}

async fn services_are_filtered(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let (plain, Scene { rich, paused, shelter, .. }) = (scene.world.service, &scene);
    let provider = scene.world.provider;
    let changed = scene.app.clock.now().as_microsecond() + 1_000_000;
    let changed = jiff::Timestamp::from_microsecond(changed).unwrap();
    let later = jiff::Timestamp::from_microsecond(changed.as_microsecond() + 1).unwrap();
    let categories = scene.term("PSYCHOSOCIAL").await;
    let taxonomies = scene.contents("/hsds/taxonomies").await;
    let taxonomy = |name: &str| taxonomies.iter().find(|it| it["name"] == name).unwrap()["id"].as_str().unwrap();
    let (peer, tvet) = (scene.term("PSY.IND.PEER_SUPPORT").await, scene.term("ECO.IND.TVET").await);
    let rows = [
        ("search=GROUPE".to_owned(), set([*rich])),
        ("search=samedi%20parole".to_owned(), set([*rich])),
        ("search=municipality".to_owned(), set([*paused])),
        ("search=%25".to_owned(), set([])),
        ("search=".to_owned(), scene.public()),
        (format!("organization_id={provider}"), set([plain, *rich, *shelter])),
        (format!("organization_id={}", scene.world.partner), set([])),
        (format!("modified_after={changed}"), set([*rich])),
        (format!("modified_after={later}"), set([])),
        ("modified_after=2020-01-01".to_owned(), scene.public()),
        (format!("taxonomy_term_id={peer}"), set([*rich])),
        (format!("taxonomy_term_id={categories}"), set([*rich])),
        (format!("taxonomy_term_id={tvet}"), set([plain, *paused, *shelter])),
        (format!("taxonomy_term_id={}", scene.term("INDIVIDUAL").await), scene.public()),
        (format!("taxonomy_term_id={}", scene.term("NO_REFERRALS").await), set([*rich, *paused])),
        (format!("taxonomy_term_id={}", scene.term("TAKES_REFERRALS").await), set([plain, *shelter])),
        (format!("taxonomy_term_id={}", scene.term("LOCAL_GOVERNMENT").await), set([*paused])),
        (format!("taxonomy_term_id={}", scene.term("AVRR").await), set([*rich])),
        (format!("taxonomy_term_id={}", scene.term("FORCED").await), set([])),
        (format!("taxonomy_term_id={}", scene.term("FEMALE").await), set([*rich])),
        (format!("taxonomy_term_id={}", scene.term("MALE").await), set([])),
        (format!("taxonomy_term_id={}", scene.term("NON_RETURNEES").await), set([*rich])),
        (format!("taxonomy_term_id={}", Uuid::nil()), set([])),
        (format!("taxonomy_id={}", taxonomy("Who may come")), set([*rich])),
        (format!("taxonomy_id={}", taxonomy("Reintegration categories")), scene.public()),
        (format!("taxonomy_id={}", taxonomy("Levels of reintegration")), scene.public()),
        (format!("taxonomy_id={}", taxonomy("Kinds of organizations")), scene.public()),
        (format!("taxonomy_id={}", taxonomy("Referrals")), scene.public()),
        (format!("taxonomy_id={}", Uuid::nil()), set([])),
        // Together: all must hold.
        (format!("organization_id={provider}&taxonomy_term_id={tvet}"), set([plain, *shelter])),
        (format!("search=groupe&taxonomy_term_id={tvet}"), set([])),
        (format!("search=groupe&modified_after={changed}&organization_id={provider}"), set([*rich])),
        (format!("taxonomy_id={}&taxonomy_term_id={tvet}", taxonomy("Who may come")), set([])),
    ];
    for (query, expected) in rows {
        for more in ["", "&minimal=true", "&full=true"] {
            assert_eq!(scene.keys(&format!("/hsds/services?{query}{more}")).await, expected, "{query}{more}");
        }
        if !query.starts_with("search=municipality") {
            assert_eq!(at(&scene, &query).await, expected, "places {query}");
        }
    }
}

async fn organizations_are_filtered(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let world = &scene.world;
    let names = async |query: &str| -> Vec<String> {
        let all = scene.contents(&format!("/hsds/organizations?{query}")).await;
        let mut names: Vec<String> = all.iter().map(|each| each["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names("search=PROV").await, ["Provider"]);
    assert_eq!(names("search=prestataire").await, ["Provider"]);
    assert_eq!(names("search=%C3%89coles").await, ["Écoles réunies"]);
    assert_eq!(names("search=gives%20provider").await, Vec::<String>::new(), "not by what may not be told");
    assert_eq!(names("search=_").await, Vec::<String>::new());
    assert_eq!(names(&format!("taxonomy_term_id={}", scene.term("DONOR").await)).await, ["Donor"]);
    assert_eq!(
        names(&format!("taxonomy_term_id={}", scene.term("ECO.IND.TVET").await)).await,
        ["Municipality", "Provider"]
    );
    let peer = scene.term("PSY.IND.PEER_SUPPORT").await;
    assert_eq!(names(&format!("taxonomy_term_id={peer}")).await, ["Provider"]);
    let both = names(&format!("taxonomy_term_id={peer}&search=municipality")).await;
    assert_eq!(both, Vec::<String>::new());
    let category = scene.contents("/hsds/taxonomy_terms?search=PEER_SUPPORT").await;
    let taxonomy = category[0]["taxonomy_id"].as_str().unwrap();
    assert_eq!(names(&format!("taxonomy_id={taxonomy}")).await, ["Municipality", "Provider"]);
    for key in &scene.hidden {
        // A hidden service alone does not make its organization one that gives it.
        let set = "UPDATE service SET category_code = 'SOC.IND.HOUSING', dimension = 'SOCIAL' WHERE id = $1";
        crate::support::seed::run(&scene.app, set, vec![(*key).into()]).await;
    }
    let housing = scene.term("SOC.IND.HOUSING").await;
    assert_eq!(names(&format!("taxonomy_term_id={housing}")).await, Vec::<String>::new());
    assert!(names("").await.len() > 7 && world.provider != world.partner);
}

async fn places_are_found_by_distance_and_postcode(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let (plain, rich, paused) = (scene.world.service, scene.rich, scene.paused);
    let here = "latitude=14.5&longitude=-17.25";
    for (query, expected) in [
        (format!("{here}&proximity=0"), set([plain, rich])),
        (format!("{here}&proximity=111000"), set([plain, rich])),
        (format!("{here}&proximity=111300"), set([plain, rich, paused])),
        ("latitude=14.5&longitude=-17.2&proximity=5000".to_owned(), set([])),
        ("latitude=14.5&longitude=-17.2&proximity=5500".to_owned(), set([plain, rich])),
        ("latitude=-14.5&longitude=162.75&proximity=20040000".to_owned(), set([plain, rich, paused])),
        ("postcode=4711".to_owned(), set([paused])),
        ("postcode=471".to_owned(), set([])),
        ("postcode=%25".to_owned(), set([])),
        ("postcode=4711&proximity=1000".to_owned(), set([paused])),
        ("postcode=4711&proximity=111300".to_owned(), set([plain, rich, paused])),
        ("postcode=0000&proximity=111300".to_owned(), set([])),
        (format!("postcode=4711&{here}&proximity=1000"), set([])),
        (format!("postcode=4711&{here}&proximity=111300"), set([paused])),
        (format!("{here}&proximity=111300&organization_id={}", scene.world.municipality), set([paused])),
        (format!("{here}&proximity=111300&search=groupe"), set([rich])),
    ] {
        assert_eq!(at(&scene, &query).await, expected, "{query}");
    }
    let first = scene.got(&format!("/hsds/service_at_locations?{here}&proximity=111300&per_page=2")).await;
    let second = scene.got(&format!("/hsds/service_at_locations?{here}&proximity=111300&per_page=2&page=2")).await;
    assert_eq!((first["total_items"].as_u64(), second["size"].as_u64()), (Some(3), Some(1)));
    assert!(!keys(first["contents"].as_array().unwrap()).contains(second["contents"][0]["id"].as_str().unwrap()));
}

async fn terms_are_filtered(engine: Engine) {
    let scene = Scene::fill(TestApp::start(engine).await).await;
    let all = scene.contents("/hsds/taxonomy_terms?per_page=100").await;
    let roots = scene.contents("/hsds/taxonomy_terms?per_page=100&top_only=true").await;
    let expected: Vec<_> = all.iter().filter(|term| term.get("parent_id").is_none()).cloned().collect();
    assert_eq!(roots, expected);
    assert!(roots.len() < all.len());
    let economic = scene.term("ECONOMIC").await;
    let below = scene.contents(&format!("/hsds/taxonomy_terms?per_page=100&parent_id={economic}")).await;
    assert!(below.len() > 10 && below.iter().all(|term| term["parent_id"] == economic.as_str()));
    let both = format!("/hsds/taxonomy_terms?per_page=100&parent_id={economic}&top_only=true");
    assert!(scene.contents(&both).await.is_empty());
    let mut count = 0;
    for taxonomy in scene.contents("/hsds/taxonomies").await {
        let id = taxonomy["id"].as_str().unwrap();
        let own = scene.contents(&format!("/hsds/taxonomy_terms?per_page=100&taxonomy_id={id}")).await;
        assert!(!own.is_empty() && own.iter().all(|term| term["taxonomy_detail"] == taxonomy));
        count += own.len();
    }
    assert_eq!(count, all.len());
    let found = scene.contents("/hsds/taxonomies?search=LEVELS").await;
    assert_eq!(found.len(), 1);
    let arabic = scene.in_language("/hsds/taxonomies", "ar").await.body;
    assert_eq!(keys(arabic["contents"].as_array().unwrap()), scene.keys("/hsds/taxonomies").await);
}

on_both_engines!(
    services_are_filtered,
    organizations_are_filtered,
    places_are_found_by_distance_and_postcode,
    terms_are_filtered,
);
