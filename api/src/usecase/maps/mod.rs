//! Coverage and unmet needs as maps: GeoJSON (RFC 7946), one feature for each area, with flat properties.

mod feature;

use crate::app::{App, log_fault};
use crate::domain::actor::Actor;
use crate::domain::area::Area;
use crate::domain::code::Code as _;
use crate::domain::id::AreaId;
use crate::domain::map::{MapAsked, MapOf, NoMap};
use crate::domain::policy::Sight;
use crate::domain::quarter::Quarter;
use crate::domain::rule::Fault;
use crate::domain::service::{CoverageCell, Dimension, Level};
use crate::domain::unmet::{Breakdown, Measure, Row};
use crate::usecase::boundaries::shapes;
use crate::usecase::maps::feature::{Properties, collection};
use crate::usecase::unmet::{self, Asked, Reply, Tables};
use std::collections::{HashMap, HashSet};

/// How many areas one map holds.
const MOST_AREAS: usize = 5_000;

/// The measures of the ledger, as properties are called.
const MEASURES: [(Measure, &str); 5] = [
    (Measure::NeedsOpen, "needsOpen"),
    (Measure::CapacityDeclines, "capacityDeclines"),
    (Measure::Expiries, "expiries"),
    (Measure::Waiting, "waiting"),
    (Measure::EmptySearches, "emptySearches"),
];

impl App {
    /// A map as GeoJSON text.
    ///
    /// # Errors
    /// See [`NoMap`]; faults are logged with the request.
    pub async fn map(&self, actor: &Actor, asked: &MapAsked, request: &str) -> Result<String, NoMap> {
        let sight = Sight::of(actor);
        let drawn = match asked.of {
            MapOf::Coverage => coverage(self, &sight, asked).await,
            MapOf::UnmetNeeds(quarter) => unmet_needs(self, &sight, asked, quarter).await,
        };
        drawn.unwrap_or_else(|fault| {
            log_fault(&fault, request);
            Err(NoMap::Fault)
        })
    }
}

async fn unmet_needs(
    app: &App,
    sight: &Sight,
    asked: &MapAsked,
    quarter: Quarter,
) -> Result<Result<String, NoMap>, Fault> {
    if sight.organization.is_none() {
        return Ok(Err(NoMap::Unauthenticated));
    }
    if quarter.bounds().1 > app.now() {
        return Ok(Err(NoMap::NotOver));
    }
    let MapAsked { area, levels, category, .. } = asked.clone();
    let of = Asked { area, levels, quarter, category };
    let (areas, tables) = match unmet::ledger(app, sight, &of, MOST_AREAS).await? {
        Reply::Nothing => return Ok(Err(NoMap::NotFound)),
        Reply::TooMany => return Ok(Err(NoMap::TooMany)),
        Reply::Told(told) => told,
    };
    let rows: HashMap<AreaId, Row> = tables.rows(Breakdown::Area).into_iter().map(|row| (row.area, row)).collect();
    let properties = |area: &Area| {
        let mut of = Properties::of(area);
        for (measure, name) in MEASURES {
            of.figure(name, rows.get(&area.id).map(|row| row.figure(measure)).unwrap_or_default());
        }
        of
    };
    let all: Vec<(AreaId, Properties)> = areas.iter().map(|area| (area.id, properties(area))).collect();
    let mut facts = rule(&tables);
    facts.push(("quarter", quarter.label().into()));
    Ok(Ok(collection(all, &shapes(app, area, levels).await?, &facts)))
}

async fn coverage(app: &App, sight: &Sight, asked: &MapAsked) -> Result<Result<String, NoMap>, Fault> {
    let is_known = sight.organization.is_some();
    let coverage = match unmet::coverage(app, sight, (asked.area, asked.levels), is_known, MOST_AREAS).await? {
        Reply::TooMany => return Ok(Err(NoMap::TooMany)),
        Reply::Told(coverage) if !coverage.areas.is_empty() => coverage,
        Reply::Told(_) | Reply::Nothing => return Ok(Err(NoMap::NotFound)),
    };
    let chosen = match &asked.category {
        None => None,
        Some(code) => Some(app.store.standard_codes_within(code).await?),
    };
    let caseload = coverage.caseload.as_ref().filter(|_| chosen.is_none());
    let rows: HashMap<AreaId, Row> =
        caseload.into_iter().flat_map(|tables| tables.rows(Breakdown::Area)).map(|row| (row.area, row)).collect();
    let nothing = Vec::new();
    let properties = |area: &Area| {
        let cells = coverage.cells.get(&area.id).unwrap_or(&nothing);
        let mut of = Properties::of(area);
        offered(&mut of, cells, chosen.as_ref(), is_known);
        if caseload.is_some() {
            of.figure("caseload", rows.get(&area.id).map(|row| row.figure(Measure::Caseload)).unwrap_or_default());
        }
        of
    };
    let all: Vec<(AreaId, Properties)> = coverage.areas.iter().map(|area| (area.id, properties(area))).collect();
    let facts = caseload.map(rule).unwrap_or_default();
    Ok(Ok(collection(all, &shapes(app, asked.area, asked.levels).await?, &facts)))
}

/// What services offer, of the chosen categories, and how many of them there are in each of nine cells.
fn offered(of: &mut Properties, cells: &[CoverageCell], chosen: Option<&HashSet<String>>, is_known: bool) {
    let fits = |cell: &&CoverageCell| chosen.is_none_or(|codes| codes.contains(&cell.category));
    let sum = |what: fn(&CoverageCell) -> i64| cells.iter().filter(fits).map(what).sum::<i64>();
    of.number("services", sum(|cell| cell.services));
    of.number("openForReferrals", sum(|cell| cell.open_for_referrals));
    if is_known {
        of.number("capacity", sum(|cell| cell.capacity));
        of.number("openPlaces", sum(|cell| cell.open_places));
        of.number("placesUnknown", sum(|cell| cell.places_unknown));
    }
    for dimension in Dimension::ALL {
        for level in Level::ALL {
            let here = cells.iter().filter(fits).filter(|cell| (cell.dimension, cell.level) == (*dimension, *level));
            let name = format!("services_{}_{}", dimension.code(), level.code()).to_lowercase();
            of.number(&name, here.map(|cell| cell.services).sum());
        }
    }
}

/// The rule by which figures are told, beside the features.
fn rule(tables: &Tables) -> Vec<(&'static str, serde_json::Value)> {
    let as_of = jiff::Timestamp::from_microsecond(tables.as_of).unwrap_or_default().to_string();
    vec![
        ("definition", tables.definition.clone().into()),
        ("asOf", as_of.into()),
        ("fewestPersons", tables.fewest.into()),
    ]
}
