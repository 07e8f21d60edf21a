//! The searches that are typical of a directory.

use crate::failure::Done;
use crate::fill::{HOUSING, Land, word};
use crate::looked_at::looked_at;
use passerelle::domain::actor::Actor;
use passerelle::domain::directory::{Facet, FreshOn, Seeker, ServiceFilter, ServiceOrder};
use passerelle::domain::page::Window;
use passerelle::domain::policy::Sight;
use passerelle::domain::sphere::{Near, Point};
use passerelle::store::door::Door;
use passerelle::store::search_best::looks;
use passerelle::store::service_pages::page_by;

/// Whether a search asks for a page or for counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Best,
    Newest,
    Name,
    Nearest,
    Places,
    /// A page with the count of all, up to so many.
    Counted(usize),
    /// All facets of so many services at the most.
    Facets(usize),
}

/// The searches by name.
pub const SEARCHES: [(&str, Kind); 22] = [
    ("a rare word", Kind::Best),
    ("a frequent word", Kind::Best),
    ("a frequent word, counted up to 10,000", Kind::Counted(10_000)),
    ("a frequent word, counted up to 100", Kind::Counted(100)),
    ("two words", Kind::Best),
    ("two words of the category", Kind::Best),
    ("a word with a slip", Kind::Best),
    ("the beginning of a word", Kind::Best),
    ("a word in a district", Kind::Best),
    ("a category in a district, newest first", Kind::Newest),
    ("a category in a district, best first", Kind::Best),
    ("a district by name", Kind::Name),
    ("within 20 km, nearest first", Kind::Nearest),
    ("within 200 km, nearest first", Kind::Nearest),
    ("a category within 20 km", Kind::Nearest),
    ("a category for a person, in a district", Kind::Name),
    ("a category in a district, most free places", Kind::Places),
    ("the whole directory, most free places", Kind::Places),
    ("the whole directory, best first", Kind::Best),
    ("facets of a category in a district", Kind::Facets(1_000)),
    ("facets of a frequent word", Kind::Facets(1_000)),
    ("facets of a frequent word, up to 100", Kind::Facets(100)),
];

fn fresh() -> FreshOn {
    FreshOn { today: "2026-11-25".into(), since: "2026-08-27".into() }
}

fn filter(land: &Land, name: &str, round: usize) -> ServiceFilter {
    let mut filter = ServiceFilter::default();
    let text = if name.contains("rare") {
        Some(word(2_000 + round * 7))
    } else if name.contains("frequent") {
        Some(word(round % 20))
    } else if name.contains("of the category") {
        Some("housing shelter".into())
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
    if name.contains("category") && !name.contains("words") {
        filter.category = vec![HOUSING.into()];
        filter.dimension = Vec::new();
    }
    if name.contains("km") {
        let radius_km = if name.contains("200") { 200.0 } else { 20.0 };
        let [north, east] = [round / 10 % 10, round % 10].map(|side| side as f64 / 2.0 + 0.25);
        filter.near = Some(Near { point: Point { latitude: 10.0 + north, longitude: -15.0 + east }, radius_km });
    }
    if name.contains("person") {
        filter.person = Some(Seeker { age: Some(30), ..Seeker::default() });
    }
    filter
}

fn order(kind: Kind) -> ServiceOrder {
    match kind {
        Kind::Best | Kind::Counted(_) | Kind::Facets(_) => ServiceOrder::Relevance { descending: true, fresh: fresh() },
        Kind::Newest => ServiceOrder::PublishedAt { descending: true },
        Kind::Name => ServiceOrder::Name { descending: false },
        Kind::Nearest => ServiceOrder::Distance { descending: false },
        Kind::Places => ServiceOrder::OpenPlaces { descending: true },
    }
}

/// Asks one search.
pub async fn run(door: &Door, land: &Land, (name, kind): (&str, Kind), round: usize) -> Done<()> {
    let (sight, filter) = (Sight::of(&Actor::Anonymous), filter(land, name, round));
    let first = Window::first(20);
    if let Kind::Facets(most) = kind {
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
        door.service_facets(&sight, &filter, &all, &fresh(), most).await?;
        return Ok(());
    }
    let window =
        if let Kind::Counted(most) = kind { Window { count: true, count_up_to: most, ..first } } else { first };
    door.services(&sight, &filter, &order(kind), &window).await?;
    Ok(())
}

/// How many services a search finds.
pub async fn found(door: &Door, land: &Land, (name, kind): (&str, Kind)) -> Done<usize> {
    let window = Window { count: true, ..Window::first(1) };
    let filter = filter(land, name, 0);
    let page = door.services(&Sight::of(&Actor::Anonymous), &filter, &order(kind), &window).await?;
    Ok(usize::try_from(page.total.unwrap_or_default())?)
}

/// What the engine looks at for a page of a search; nothing for facets.
pub async fn looked(door: &Door, land: &Land, (name, kind): (&str, Kind), round: usize) -> Done<u64> {
    if matches!(kind, Kind::Facets(_)) {
        return Ok(0);
    }
    let (sight, filter, order) = (Sight::of(&Actor::Anonymous), filter(land, name, round), order(kind));
    let first = Window::first(20);
    let window =
        if let Kind::Counted(most) = kind { Window { count: true, count_up_to: most, ..first } } else { first };
    let before = door.statements();
    door.services(&sight, &filter, &order, &window).await?;
    let sent = usize::try_from(door.statements() - before)?;
    let mut all = 0;
    for look in looks(&filter, &order, &window).into_iter().take(sent) {
        all += looked_at(door, page_by(&sight, &filter, &order, &window, look)).await?;
    }
    Ok(all)
}
