//! The searches that are typical of a directory.

use crate::failure::Done;
use crate::fill::{HOUSING, Land, word};
use passerelle::domain::actor::Actor;
use passerelle::domain::directory::{Facet, FreshOn, Seeker, ServiceFilter, ServiceOrder};
use passerelle::domain::page::Window;
use passerelle::domain::policy::Sight;
use passerelle::domain::sphere::{Near, Point};
use passerelle::store::door::Door;

/// Whether a search asks for a page or for counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Best,
    Newest,
    Name,
    Nearest,
    Places,
    Facets,
}

/// The searches by name.
pub const SEARCHES: [(&str, Kind); 15] = [
    ("a rare word", Kind::Best),
    ("a frequent word", Kind::Best),
    ("two words", Kind::Best),
    ("a word with a slip", Kind::Best),
    ("the beginning of a word", Kind::Best),
    ("a word in a district", Kind::Best),
    ("a category in a district, newest first", Kind::Newest),
    ("a category in a district, best first", Kind::Best),
    ("a district by name", Kind::Name),
    ("within 20 km, nearest first", Kind::Nearest),
    ("a category within 20 km", Kind::Nearest),
    ("a category for a person, in a district", Kind::Name),
    ("a category in a district, most free places", Kind::Places),
    ("facets of a category in a district", Kind::Facets),
    ("facets of a word", Kind::Facets),
];

fn fresh() -> FreshOn {
    FreshOn { today: "2026-11-25".into(), since: "2026-08-27".into() }
}

fn filter(land: &Land, name: &str, round: usize) -> ServiceFilter {
    let mut filter = ServiceFilter::default();
    let text = if name.contains("rare") {
        Some(word(2_000 + round * 7))
    } else if name.contains("frequent") || name == "facets of a word" {
        Some(word(round % 20))
    } else if name.contains("two words") {
        Some(format!("{} {}", word(round % 60), word(60 + round)))
    } else if name.contains("slip") {
        let word = word(300 + round);
        Some(format!("{}{}", &word[..2], &word[3..]))
    } else if name.contains("beginning") {
        Some(word(500 + round).chars().take(5).collect())
    } else if name.contains("a word in") {
        Some(word(round % 60))
    } else {
        None
    };
    filter.text = text;
    if name.contains("district") {
        filter.area = Some(land.districts[round % land.districts.len()]);
    }
    if name.contains("category") {
        filter.category = vec![HOUSING.into()];
        filter.dimension = Vec::new();
    }
    if name.contains("20 km") {
        let [north, east] = [round / 10 % 10, round % 10].map(|side| side as f64 / 2.0 + 0.25);
        filter.near = Some(Near { point: Point { latitude: 10.0 + north, longitude: -15.0 + east }, radius_km: 20.0 });
    }
    if name.contains("person") {
        filter.person = Some(Seeker { age: Some(30), ..Seeker::default() });
    }
    filter
}

/// Asks one search; tells how many services there are when that is asked for.
pub async fn run(door: &Door, land: &Land, name: &str, round: usize, count: bool) -> Done<usize> {
    let kind = SEARCHES.iter().find(|(own, _)| *own == name).map_or(Kind::Best, |(_, kind)| *kind);
    let (sight, filter) = (Sight::of(&Actor::Anonymous), filter(land, name, round));
    let order = match kind {
        Kind::Best | Kind::Facets => ServiceOrder::Relevance { descending: true, fresh: fresh() },
        Kind::Newest => ServiceOrder::PublishedAt { descending: true },
        Kind::Name => ServiceOrder::Name { descending: false },
        Kind::Nearest => ServiceOrder::Distance { descending: false },
        Kind::Places => ServiceOrder::OpenPlaces { descending: true },
    };
    if kind == Kind::Facets && !count {
        let all = [
            Facet::All,
            Facet::Open,
            Facet::Category,
            Facet::Dimension,
            Facet::Level,
            Facet::Area,
            Facet::Language,
            Facet::Organization,
        ];
        door.service_facets(&sight, &filter, &all, &fresh()).await?;
        return Ok(0);
    }
    let page = door.services(&sight, &filter, &order, &Window { count, ..Window::first(20) }).await?;
    Ok(usize::try_from(page.total.unwrap_or_default())?)
}
