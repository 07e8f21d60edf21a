//! The directory as Open Referral's reference API shows it: public things only, whoever asks.

use crate::app::App;
use crate::domain::clock::date_of;
use crate::domain::folding::fold;
use crate::domain::language::Language;
use crate::domain::rule::Fault;
use crate::hsds::directory::{Collection, Cut, Directory, Filter, Found, Fullness, Near, Question};
use crate::hsds::outgoing::taxonomy::{Meaning, Scheme, Term, terms};
use crate::hsds::outgoing::{On, Thing, minimal, organization, place, service};
use crate::store::categories::TermFilter;
use crate::store::hsds_filter::Wanted;
use crate::store::hsds_lists::Listed;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use uuid::Uuid;

impl Directory for App {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn list<'a>(&'a self, question: &'a Question, cut: Cut) -> BoxFuture<'a, Result<Found, Fault>> {
        list(self, question, cut).boxed()
    }
}

/// The public objects that a question is about, in the order of their keys.
///
/// # Errors
/// What the engine refuses.
pub async fn list(app: &App, question: &Question, cut: Cut) -> Result<Found, Fault> {
    let Question { collection, fullness, filter, language } = question;
    let (fullness, language, on) = (*fullness, *language, on(app));
    match collection {
        Collection::Services => {
            let wanted = wanted(app, filter).await?;
            let listed = app.store.hsds_services(&wanted, fullness, cut).await?;
            Ok(found(listed, |row| {
                let thing =
                    if fullness == Fullness::Minimal { minimal(row) } else { service(row, fullness, language, on) };
                (thing, row.updated_at.max(row.organization.updated_at))
            }))
        }
        Collection::Organizations => {
            let wanted = wanted(app, filter).await?;
            let listed = app.store.hsds_organizations(&wanted, fullness, cut).await?;
            Ok(found(listed, |row| {
                let of_services = row.services.iter().map(|service| service.updated_at).max().unwrap_or_default();
                (organization(row, fullness, language, on), row.organization.updated_at.max(of_services))
            }))
        }
        Collection::ServiceAtLocations => places(app, filter, fullness, language, cut).await,
        Collection::Taxonomies => Ok(taxonomies(filter, language, cut)),
        Collection::TaxonomyTerms => {
            let all = terms(&app.store.categories(None, &TermFilter::default()).await?, language);
            Ok(taxonomy_terms(all, filter, cut))
        }
    }
}

/// The day on which the directory is told.
fn on(app: &App) -> On {
    On { today: date_of(app.clock.now()), max_age_days: app.policy.service_max_age_days }
}

/// A filter with its terms understood: a term that there is not is had by nothing.
async fn wanted(app: &App, filter: &Filter) -> Result<Wanted, Fault> {
    let mut meanings = Vec::new();
    if let Some(id) = filter.taxonomy_id {
        let scheme = Scheme::ALL.iter().find(|scheme| scheme.id() == id);
        meanings.push(scheme.map_or(Meaning::Nothing, |scheme| Meaning::Any(*scheme)));
    }
    if let Some(id) = filter.taxonomy_term_id {
        let all = terms(&app.store.categories(None, &TermFilter::default()).await?, None);
        let term = all.into_iter().find(|term| term.id() == id);
        meanings.push(term.map_or(Meaning::Nothing, |term| term.meaning));
    }
    Ok(Wanted { filter: filter.clone(), meanings, on: app.fresh_on() })
}

fn found<T>(listed: Listed<T>, told: impl Fn(&T) -> (Thing, i64)) -> Found {
    let last = listed.rows.last().map(|(key, _)| *key);
    let mut found = Found { total: listed.total, last, ..Found::default() };
    for (_, row) in &listed.rows {
        let (thing, modified) = told(row);
        found.objects.push(thing.json());
        found.modified = found.modified.max(Some(modified));
    }
    found
}

async fn places(
    app: &App,
    filter: &Filter,
    fullness: Fullness,
    language: Option<Language>,
    cut: Cut,
) -> Result<Found, Fault> {
    let mut wanted = wanted(app, filter).await?;
    let mut circles: Vec<Near> = filter.near.into_iter().collect();
    if let (Some(_), Some(meters)) = (&filter.postcode, filter.proximity) {
        let here =
            Wanted { filter: Filter { postcode: filter.postcode.clone(), ..Filter::default() }, ..Wanted::default() };
        let Some((latitude, longitude)) = center(&app.store.hsds_points(&here, None).await?) else {
            return Ok(Found::default());
        };
        circles.push(Near { latitude, longitude, meters });
        // Around the places of the postcode, not only at them.
        wanted.filter.postcode = None;
    }
    let on = on(app);
    let told = |row: &crate::hsds::outgoing::PlaceRow| {
        (place(row, fullness, language, on), row.service.updated_at.max(row.service.organization.updated_at))
    };
    if circles.is_empty() {
        return Ok(found(app.store.hsds_places(&wanted, None, fullness, cut).await?, told));
    }
    let points = app.store.hsds_points(&wanted, circles.first()).await?;
    let within = |(_, latitude, longitude): &(Uuid, f64, f64)| {
        circles.iter().all(|circle| distance(circle, *latitude, *longitude) <= circle.meters)
    };
    let keys: Vec<Uuid> = points.iter().filter(|point| within(point)).map(|(key, ..)| *key).collect();
    let (total, keys) = (keys.len(), cut_of(keys, |key| *key, cut));
    let all = Cut::After { key: None, size: cut.size() };
    let listed = app.store.hsds_places(&wanted, Some(&keys), fullness, all).await?;
    Ok(Found { total: u64::try_from(total).unwrap_or_default(), ..found(listed, told) })
}

/// The middle of some points, as their mean on the sphere.
fn center(points: &[(Uuid, f64, f64)]) -> Option<(f64, f64)> {
    let mut sum = [0.0; 3];
    for (_, latitude, longitude) in points {
        let (latitude, longitude) = (latitude.to_radians(), longitude.to_radians());
        let axes = [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()];
        sum.iter_mut().zip(axes).for_each(|(sum, axis)| *sum += axis);
    }
    let [x, y, z] = sum;
    (!points.is_empty()).then(|| (z.atan2(x.hypot(y)).to_degrees(), y.atan2(x).to_degrees()))
}

/// Meters between a circle's center and a point, on a sphere of the Earth's mean radius.
fn distance(circle: &Near, latitude: f64, longitude: f64) -> f64 {
    const RADIUS: f64 = 6_371_008.8;
    let north = (latitude - circle.latitude).to_radians() / 2.0;
    let east = (longitude - circle.longitude).to_radians() / 2.0;
    let across = circle.latitude.to_radians().cos() * latitude.to_radians().cos();
    2.0 * RADIUS * (north.sin().powi(2) + across * east.sin().powi(2)).sqrt().min(1.0).asin()
}

/// The part of a list that is wanted.
fn cut_of<T>(all: Vec<T>, key: impl Fn(&T) -> Uuid, cut: Cut) -> Vec<T> {
    let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    match cut {
        Cut::Page { skip, size } => all.into_iter().skip(whole(skip)).take(whole(size)).collect(),
        Cut::After { key: last, size } => {
            all.into_iter().filter(|each| last.is_none_or(|last| key(each) > last)).take(whole(size)).collect()
        }
    }
}

fn taxonomies(filter: &Filter, language: Option<Language>, cut: Cut) -> Found {
    let is_wanted =
        |scheme: &Scheme| filter.id.is_none_or(|id| id == scheme.id()) && has_words(filter, &scheme.searched(language));
    let all = Scheme::ALL.iter().filter(|scheme| is_wanted(scheme));
    memory(all.map(|scheme| (scheme.id(), scheme.thing(language))).collect(), cut)
}

fn taxonomy_terms(all: Vec<Term>, filter: &Filter, cut: Cut) -> Found {
    let is_wanted = |term: &Term| {
        filter.id.is_none_or(|id| term.id() == id)
            && filter.taxonomy_id.is_none_or(|id| term.scheme().id() == id)
            && filter.parent_id.is_none_or(|id| term.parent() == Some(id))
            && filter.top_only.is_none_or(|top| term.parent().is_none() == top)
            && has_words(filter, &term.searched())
    };
    memory(all.iter().filter(|term| is_wanted(term)).map(|term| (term.id(), term.thing())).collect(), cut)
}

/// Whether each word asked for occurs in a text; a text of signs alone finds nothing.
fn has_words(filter: &Filter, text: &str) -> bool {
    let Some(search) = &filter.search else { return true };
    let (words, text) = (fold(search), fold(text));
    !words.is_empty() && words.split(' ').all(|word| text.contains(word))
}

fn memory(mut all: Vec<(Uuid, Thing)>, cut: Cut) -> Found {
    all.sort_by_key(|(key, _)| *key);
    let total = u64::try_from(all.len()).unwrap_or_default();
    let part = cut_of(all, |(key, _)| *key, cut);
    let last = part.last().map(|(key, _)| *key);
    Found { objects: part.into_iter().map(|(_, thing)| thing.json()).collect(), last, total, modified: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_earth() {
        let amman = Near { latitude: 31.95, longitude: 35.93, meters: 0.0 };
        let zarqa = distance(&amman, 32.07, 36.09);
        assert!((19_000.0..21_500.0).contains(&zarqa), "{zarqa}");
        let over_the_date_line = distance(&Near { latitude: 0.0, longitude: 179.9, meters: 0.0 }, 0.0, -179.9);
        assert!((22_000.0..22_500.0).contains(&over_the_date_line), "{over_the_date_line}");
    }

    #[test]
    fn the_middle_of_points_crosses_the_date_line() {
        let (latitude, longitude) = center(&[(Uuid::nil(), 0.0, 179.0), (Uuid::nil(), 0.0, -179.0)]).unwrap();
        assert!(latitude.abs() < 1e-9 && (longitude.abs() - 180.0).abs() < 1e-9);
        assert_eq!(center(&[]), None);
    }
}
