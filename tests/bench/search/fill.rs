//! A directory of invented services: names of invented words, frequent ones and rare ones, in a country whose districts
//! do not become more when the services do.

use crate::failure::Done;
use crate::random::Random;
use passerelle::domain::code::Code;
use passerelle::domain::id::{AreaId, ServiceId};
use passerelle::store::categories::TermFilter;
use passerelle::store::door::{Door, Tx};
use sea_orm::Value;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The instant at which everything is entered, in UTC microseconds since 1970.
const NOW: i64 = 1_795_597_200_000_000;
/// Districts, in ten regions.
const DISTRICTS: usize = 100;
/// Places of ten services.
const PLACES_OF_TEN: usize = 30;

/// The category that is searched for.
pub const HOUSING: &str = "SOC.IND.HOUSING";

/// What the searches need to know of a directory.
pub struct Land {
    pub districts: Vec<AreaId>,
    pub locations: usize,
    /// How long it took to derive what services are found by.
    pub derived: Duration,
}

/// The word of a number: two or three syllables.
pub fn word(number: usize) -> String {
    const SYLLABLES: [&str; 20] = [
        "ba", "co", "di", "fer", "gol", "ha", "jun", "ka", "lem", "mi", "nor", "pe", "qua", "ri", "sol", "ta", "vu",
        "wen", "xi", "zor",
    ];
    let mut word = String::new();
    let mut rest = number + 400;
    while rest > 0 {
        word.push_str(SYLLABLES[rest % SYLLABLES.len()]);
        rest /= SYLLABLES.len();
    }
    word
}

/// A sentence in which some words are far more frequent than others.
fn sentence(random: &mut Random, length: usize, vocabulary: usize) -> String {
    let words: Vec<String> = (0..length).map(|_| word(random.uneven(vocabulary))).collect();
    words.join(" ")
}

/// Fills a migrated database with so many services.
pub async fn fill(door: &Door, size: usize) -> Done<Land> {
    let mut random = Random::new(7);
    let tx = door.begin().await?;
    let (country, regions, districts) = areas(&tx, &mut random).await?;
    let organizations = organizations(&tx, &mut random, (size / 20).max(1)).await?;
    let categories = door.categories(None, &TermFilter::default()).await?;
    let housing = categories.iter().find(|category| category.code == HOUSING).ok_or("no category of housing")?;
    let (mut services, mut locations, mut at, mut reach, mut languages, mut capacities) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for number in 0..size {
        let (id, organization) = (random.key_at(NOW + number as i64 * 1_000), random.pick(&organizations));
        // One of ten is of the category that is searched for.
        let rare = random.uneven(categories.len());
        let category = if number % 10 == 3 { housing } else { &categories[rare] };
        let name = sentence(&mut random, 3, 3_000);
        services.push(vec![
            Value::from(id),
            organization.into(),
            category.code.clone().into(),
            Code::code(category.dimension).into(),
            Code::code(category.level).into(),
            "PUBLISHED".into(),
            if number % 20 == 0 { "PARTNERS" } else { "PUBLIC" }.into(),
            "en".into(),
            name.clone().into(),
            sentence(&mut random, 25, 3_000).into(),
            r#"{"minimum_age": 18, "return_types": ["AVRR", "VHR"]}"#.into(),
            r#"["fr"]"#.into(),
            r#"{"kind": "FREE"}"#.into(),
            true.into(),
            if number % 10 == 0 { "2026-05-01" } else { "2026-11-01" }.into(),
            "".into(),
            name.into(),
            (NOW + number as i64).into(),
            NOW.into(),
            NOW.into(),
        ]);
        let mut reached = BTreeSet::from([country]);
        for _ in 0..PLACES_OF_TEN / 10 {
            let (place, district) = (random.key_at(NOW), random.below(DISTRICTS));
            reached.extend([Uuid::from(districts[district]), Uuid::from(regions[district / 10])]);
            // A district is a square of half a degree.
            let [north, east] = [district / 10, district % 10].map(|side| side as f64 / 2.0);
            let [latitude, longitude] =
                [10.0 + north, -15.0 + east].map(|edge| edge + random.below(500) as f64 / 1_000.0);
            locations.push(vec![
                place.into(),
                organization.into(),
                "PHYSICAL".into(),
                sentence(&mut random, 1, 3_000).into(),
                Uuid::from(districts[district]).into(),
                latitude.into(),
                longitude.into(),
                NOW.into(),
            ]);
            at.push(vec![random.key_at(NOW).into(), id.into(), place.into(), NOW.into()]);
        }
        reach.extend(reached.into_iter().map(|area| vec![area.into(), id.into()]));
        languages.push(vec![id.into(), "fr".into()]);
        let free = i32::try_from(random.below(20))?;
        capacities.push(vec![random.key_at(NOW).into(), id.into(), organization.into(), free.into(), NOW.into()]);
    }
    let found = locations.len();
    let into = "service (id, organization_id, category_code, dimension, level, status, visibility, language, name, \
                description, eligibility, languages, cost, takes_referrals, assured_on, search_text, sort_name, \
                published_at, created_at, updated_at)";
    tx.add_all(into, services, "").await?;
    let into = "location (id, organization_id, kind, name, area_id, latitude, longitude, created_at)";
    tx.add_all(into, locations, "").await?;
    tx.add_all("service_at_location (id, service_id, location_id, created_at)", at, "").await?;
    tx.add_all("service_reach (area_id, service_id)", reach, "").await?;
    tx.add_all("service_language (service_id, language)", languages, "").await?;
    tx.add_all("capacity (id, service_id, organization_id, total, as_of)", capacities, "").await?;
    tx.run("INSERT INTO search_due (service_id) SELECT id FROM service", vec![]).await?;
    tx.commit().await?;
    let derived = derive(door).await?;
    Ok(Land { districts, locations: found, derived })
}

/// Derives what the services are found by, as the server does.
async fn derive(door: &Door) -> Done<Duration> {
    let started = Instant::now();
    loop {
        let due: Vec<ServiceId> = door.search_due().await?;
        if due.is_empty() {
            return Ok(started.elapsed());
        }
        let tx = door.begin().await?;
        tx.refresh_search(&due).await?;
        tx.commit().await?;
    }
}

async fn areas(tx: &Tx, random: &mut Random) -> Done<(Uuid, Vec<AreaId>, Vec<AreaId>)> {
    let country = random.key_at(NOW);
    let (mut rows, mut above) = (Vec::new(), vec![vec![country.into(), country.into(), 0.into()]]);
    let mut row = |id: Uuid, level: i32, code: String, parent: Option<Uuid>, name: String| {
        rows.push(vec![id.into(), "XX".into(), level.into(), code.into(), parent.into(), name.into()]);
    };
    row(country, 0, "XX".into(), None, "Country".into());
    let (mut regions, mut districts) = (Vec::new(), Vec::new());
    for region in 0..DISTRICTS / 10 {
        let own = random.key_at(NOW);
        row(own, 1, format!("XX{region}"), Some(country), format!("Region {}", word(4_000 + region)));
        above.extend([vec![own.into(), own.into(), 0.into()], vec![country.into(), own.into(), 1.into()]]);
        regions.push(own.into());
        for district in 0..10 {
            let id = random.key_at(NOW);
            let name = word(5_000 + region * 10 + district);
            row(id, 2, format!("XX{region}{district}"), Some(own), name);
            let ups = [(id, 0), (own, 1), (country, 2)];
            above.extend(ups.map(|(up, depth): (Uuid, i32)| vec![up.into(), id.into(), depth.into()]));
            districts.push(id.into());
        }
    }
    tx.add_all("area (id, country, level, pcode, parent_id, name)", rows, "").await?;
    tx.add_all("area_closure (ancestor_id, descendant_id, depth)", above, "").await?;
    Ok((country, regions, districts))
}

async fn organizations(tx: &Tx, random: &mut Random, count: usize) -> Done<Vec<Uuid>> {
    let (mut keys, mut rows) = (Vec::new(), Vec::new());
    for number in 0..count {
        let id = random.key_at(NOW);
        let name = format!("House {}", word(6_000 + number));
        let kinds = r#"["SERVICE_PROVIDER"]"#;
        rows.push(vec![id.into(), name.into(), "XX".into(), kinds.into(), NOW.into(), NOW.into()]);
        keys.push(id);
    }
    tx.add_all("organization (id, name, country, kinds, created_at, updated_at)", rows, "").await?;
    Ok(keys)
}
