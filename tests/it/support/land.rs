//! A directory of any size, written down as the search reads it, without deriving it.

use super::app::TestApp;
use passerelle::domain::sphere::Point;
use sea_orm::Value;
use uuid::Uuid;

/// Words that are in every second service or more.
pub const FREQUENT: [&str; 2] = ["training", "vocational"];
/// The category of one service in ten.
pub const CATEGORY: &str = "SOC.IND.HOUSING";
/// The category of the others.
const OTHER: &str = "ECO.IND.TVET";

/// A service of the land.
pub struct Plot {
    pub number: usize,
    /// The words with what each counts.
    pub words: Vec<(String, i32)>,
    pub point: Point,
    pub assured_on: Option<&'static str>,
    pub visibility: &'static str,
    pub free: Option<i32>,
}

impl Plot {
    /// A service of a city: its words are as frequent and the next one the nearer the more there are.
    pub fn of(number: usize, all: usize) -> Self {
        // Numbers that look drawn, the same each time.
        let mix = |by: usize| (number + 1) * by % 1_009;
        let name = if mix(613) % 7 == 0 { 73 } else { 10 };
        let mut words = vec![("everywhere".into(), 15)];
        if number < 40 {
            words.push((format!("own{number}"), 100));
        }
        if mix(577) % 2 == 0 {
            words.extend(FREQUENT.map(|word| (word.to_owned(), name)));
        }
        let [north, east] = [number * 7_919 % all, number].map(|at| at as f64 / all as f64 / 2.0);
        Self {
            number,
            words,
            point: Point { latitude: 14.0 + north, longitude: -15.0 + east },
            assured_on: Some(if mix(401) % 10 == 0 { "2026-01-01" } else { "2026-11-01" }),
            visibility: if mix(331) % 20 == 0 { "PARTNERS" } else { "PUBLIC" },
            free: i32::try_from(mix(271) % 40).ok().filter(|free| *free < 30),
        }
    }

    pub fn id(&self) -> Uuid {
        // Neither in the order of the numbers nor of anything else.
        Uuid::from_u128((self.number as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
    }
}

/// Writes down services of an organization that serve an area.
pub async fn settle(app: &TestApp, plots: &[Plot], organization: Uuid, area: Uuid) {
    const NOW: i64 = 1_795_597_200_000_000;
    let tx = app.app.store.begin().await.unwrap();
    let mut rows: [Vec<Vec<Value>>; 7] = std::array::from_fn(|_| Vec::new());
    for plot in plots {
        let (id, number) = (plot.id(), i64::try_from(plot.number).unwrap());
        let [services, words, keys, locations, points, reach, capacities] = &mut rows;
        let (category, dimension) = if plot.number % 10 == 3 { (CATEGORY, "SOCIAL") } else { (OTHER, "ECONOMIC") };
        let texts = ["PUBLISHED", plot.visibility, "en", "Name", "", "name"].map(Value::from);
        let [status, visibility, language, name, description, sort_name] = texts;
        services.push(vec![
            id.into(),
            organization.into(),
            category.into(),
            dimension.into(),
            "INDIVIDUAL".into(),
            status,
            visibility,
            language,
            name,
            description,
            true.into(),
            plot.assured_on.map(str::to_owned).into(),
            "".into(),
            sort_name,
            (NOW + number).into(),
            NOW.into(),
            NOW.into(),
        ]);
        for (word, weight) in &plot.words {
            words.push(vec![word.clone().into(), id.into(), (*weight).into()]);
            for key in passerelle::domain::words::keys(word) {
                keys.push(vec![key.into(), word.clone().into()]);
            }
        }
        let place = Uuid::from_u128(id.as_u128() ^ 1);
        let Point { latitude, longitude } = plot.point;
        locations.push(vec![
            place.into(),
            organization.into(),
            "PHYSICAL".into(),
            "Desk".into(),
            latitude.into(),
            longitude.into(),
            NOW.into(),
        ]);
        let [x, y, z] = plot.point.vector();
        points.push(vec![plot.point.cell().into(), id.into(), place.into(), x.into(), y.into(), z.into()]);
        reach.push(vec![area.into(), id.into()]);
        capacities.push(vec![
            Uuid::from_u128(id.as_u128() ^ 2).into(),
            id.into(),
            organization.into(),
            plot.free.into(),
            NOW.into(),
        ]);
    }
    let into = [
        "service (id, organization_id, category_code, dimension, level, status, visibility, language, name, description, \
         takes_referrals, assured_on, search_text, sort_name, published_at, created_at, updated_at)",
        "search_word (word, service_id, weight)",
        "search_key (key, word)",
        "location (id, organization_id, kind, name, latitude, longitude, created_at)",
        "service_point (cell, service_id, location_id, x, y, z)",
        "service_reach (area_id, service_id)",
        "capacity (id, service_id, organization_id, total, as_of)",
    ];
    for (into, rows) in into.into_iter().zip(rows) {
        tx.add_all(into, rows, "ON CONFLICT DO NOTHING").await.unwrap();
    }
    tx.commit().await.unwrap();
}
