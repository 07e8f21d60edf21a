//! What the search knows of services, derived anew from the directory whenever something in it changes.

use crate::domain::case::Sex;
use crate::domain::code::Code;
use crate::domain::folding::fold;
use crate::domain::id::{LocationId, OrganizationId, ServiceId};
use crate::domain::listing::CostOption;
use crate::domain::organization::Translations;
use crate::domain::rule::Fault;
use crate::domain::service::{Cost, Eligibility, ServiceTexts};
use crate::domain::sphere::Point;
use crate::domain::words;
use crate::store::door::{Door, Tx};
use crate::store::statement::{Sql, body, keys};
use sea_orm::Value;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use uuid::Uuid;

/// How much a word counts by where it stands. That of a name counts more the fewer others stand beside it.
mod weight {
    pub const NAME: i32 = 60;
    pub const ALONE_IN_NAME: i32 = 40;
    pub const CATEGORY: i32 = 30;
    pub const TERM: i32 = 25;
    pub const ORGANIZATION: i32 = 20;
    pub const PLACE: i32 = 15;
    pub const DESCRIPTION: i32 = 10;
}

/// Another transaction may derive the same at the same time; then it is there already.
const AGAIN: &str = "ON CONFLICT DO NOTHING";
/// The most words that are kept of one service.
const MOST_WORDS: usize = 600;
/// How many services are derived at once.
const BATCH: usize = 500;

/// A name with its translations.
#[derive(Deserialize)]
struct Named {
    name: String,
    names: Translations,
}

/// Other words for a category.
#[derive(Deserialize)]
struct Terms {
    terms: String,
}

/// A place that is no secret.
#[derive(Deserialize)]
struct Spot {
    id: LocationId,
    name: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// All that a service is found by.
#[derive(Deserialize)]
struct Found {
    id: ServiceId,
    name: String,
    description: String,
    translations: BTreeMap<String, ServiceTexts>,
    eligibility: Eligibility,
    required_documents: Vec<String>,
    cost: Cost,
    cost_options: Vec<CostOption>,
    labels: Option<Translations>,
    terms: Vec<Terms>,
    organization: Named,
    places: Vec<Spot>,
    areas: Vec<Named>,
}

impl Found {
    /// Its words with what each counts: the most of all the places where it stands.
    fn words(&self) -> BTreeMap<String, i32> {
        let mut all = BTreeMap::new();
        let mut take = |text: &str, weight: i32, alone: i32| {
            let words = words::words(text);
            let share = alone / i32::try_from(words.len().max(1)).unwrap_or(i32::MAX);
            for word in words {
                if all.len() < MOST_WORDS || all.contains_key(&word) {
                    let kept = all.entry(word).or_insert(0);
                    *kept = (*kept).max(weight + share);
                }
            }
        };
        let translated = || self.translations.values();
        for name in translated().map(|texts| &texts.name).chain([&self.name]) {
            take(name, weight::NAME, weight::ALONE_IN_NAME);
        }
        self.labels.iter().flatten().for_each(|(_, label)| take(label, weight::CATEGORY, 0));
        self.terms.iter().for_each(|terms| take(&terms.terms, weight::TERM, 0));
        let named = |named: &Named, weight: i32, take: &mut dyn FnMut(&str, i32, i32)| {
            take(&named.name, weight, 0);
            named.names.values().for_each(|name| take(name, weight, 0));
        };
        named(&self.organization, weight::ORGANIZATION, &mut take);
        self.areas.iter().for_each(|area| named(area, weight::PLACE, &mut take));
        self.places.iter().for_each(|place| take(&place.name, weight::PLACE, 0));
        for description in [&self.description].into_iter().chain(translated().map(|texts| &texts.description)) {
            take(description, weight::DESCRIPTION, 0);
        }
        all
    }

    fn facts(&self) -> Vec<Value> {
        let Eligibility { minimum_age, maximum_age, sex, return_types, non_returnees, .. } = &self.eligibility;
        let mut types = String::new();
        for kind in return_types {
            types += &format!(" {} ", kind.code());
        }
        vec![
            Uuid::from(self.id).into(),
            (*minimum_age).into(),
            (*maximum_age).into(),
            sex.map(|sex: Sex| sex.code().to_owned()).into(),
            types.into(),
            // Nobody is left out by what is not said.
            (*non_returnees != Some(false)).into(),
            self.cost.kind.code().into(),
        ]
    }

    fn documents(&self) -> BTreeSet<String> {
        self.required_documents.iter().map(|document| fold(document)).filter(|document| !document.is_empty()).collect()
    }

    /// Its prices whose currency and amount are both said.
    fn prices(&self) -> Vec<Vec<Value>> {
        let price = |(option, position): (&CostOption, i32)| {
            let (currency, amount) = (option.currency.clone()?, option.amount?);
            let days = [option.valid_from.clone().into(), option.valid_to.clone().into()];
            let row: [Value; 4] = [Uuid::from(self.id).into(), position.into(), currency.into(), amount.into()];
            Some(row.into_iter().chain(days).collect())
        };
        self.cost_options.iter().zip(0..).filter_map(price).collect()
    }

    fn points(&self) -> Vec<Vec<Value>> {
        let point = |place: &Spot| {
            let point = Point { latitude: place.latitude?, longitude: place.longitude? };
            let [x, y, z] = point.vector();
            let (service, location) = (Uuid::from(self.id), Uuid::from(place.id));
            Some(vec![point.cell().into(), service.into(), location.into(), x.into(), y.into(), z.into()])
        };
        self.places.iter().filter_map(point).collect()
    }
}

/// The tables by which a service is found.
const FOUND_BY: [&str; 5] = ["search_word", "search_service", "search_document", "search_price", "service_point"];

/// The statement's object. Where a place is secret, neither its name nor its area is read.
const FOUND: &str = "OBJ('id', UID(s.id), 'name', s.name, 'description', s.description, \
    'translations', JSON(s.translations), 'eligibility', JSON(s.eligibility), \
    'required_documents', JSON(s.required_documents), 'cost', JSON(s.cost), \
    'cost_options', JSON(coalesce(s.cost_options, '[]')), \
    'labels', JSON((SELECT c.labels FROM category c WHERE c.code = s.category_code)), \
    'terms', LIST(OBJ('terms', ct.terms) BY ct.terms FROM category_term ct WHERE ct.category_code IN \
      (SELECT cc.ancestor_code FROM category_closure cc WHERE cc.descendant_code = s.category_code)), \
    'organization', (SELECT OBJ('name', o.name, 'names', JSON(o.names)) FROM organization o WHERE o.id = s.organization_id), \
    'places', LIST(OBJ('id', UID(lo.id), 'name', lo.name, 'latitude', lo.latitude, 'longitude', lo.longitude) BY lo.id \
      FROM service_at_location sl JOIN location lo ON lo.id = sl.location_id WHERE sl.service_id = s.id \
      AND lo.kind <> 'CONFIDENTIAL'), \
    'areas', LIST(OBJ('name', a.name, 'names', JSON(a.names)) BY a.id FROM area a WHERE a.id IN \
      (SELECT up.ancestor_id FROM area_closure up WHERE up.descendant_id IN \
        (SELECT sa.area_id FROM service_area sa WHERE sa.service_id = s.id UNION \
         SELECT li.area_id FROM service_at_location si JOIN location li ON li.id = si.location_id \
         WHERE si.service_id = s.id AND li.kind <> 'CONFIDENTIAL'))))";

impl Tx {
    /// Derives anew by what these services are found.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn refresh_search(&self, services: &[ServiceId]) -> Result<(), Fault> {
        for part in services.chunks(BATCH) {
            let mut sql = Sql::default();
            let ids = sql.bind_all(part.iter().map(|id| Uuid::from(*id)));
            // What was never found has nothing to be taken away, as all of a directory that is new.
            let known = format!("SELECT service_id FROM search_service WHERE service_id IN ({ids}) LIMIT 1");
            let stale: &[&str] = if self.rows(&known, sql.values.clone()).await?.is_empty() { &[] } else { &FOUND_BY };
            for table in stale.iter().chain(&["search_due"]) {
                self.run(&format!("DELETE FROM {table} WHERE service_id IN ({ids})"), sql.values.clone()).await?;
            }
            sql.text =
                format!("SELECT CAST({FOUND} AS TEXT) AS body FROM service s WHERE s.id IN ({ids}) ORDER BY s.id");
            let rows = self.rows(&sql.text, sql.values).await?;
            let found: Vec<Found> = rows.iter().map(|row| body(row, "service")).collect::<Result<_, _>>()?;
            self.put_found(&found).await?;
        }
        Ok(())
    }

    async fn put_found(&self, found: &[Found]) -> Result<(), Fault> {
        let (mut vocabulary, mut rows, mut documents) = (BTreeSet::new(), Vec::new(), Vec::new());
        for service in found {
            let key = Uuid::from(service.id);
            for (word, weight) in service.words() {
                rows.push((word.clone(), key, weight));
                vocabulary.insert(word);
            }
            documents.extend(service.documents().into_iter().map(|document| vec![key.into(), document.into()]));
        }
        self.put_vocabulary(&vocabulary).await?;
        // In the order of the key, so that neighbors are written next to each other.
        rows.sort_unstable_by(|a, b| (&a.0, a.2, a.1).cmp(&(&b.0, b.2, b.1)));
        let rows = rows.into_iter().map(|(word, key, weight)| vec![word.into(), key.into(), weight.into()]).collect();
        self.add_all("search_word (word, service_id, weight)", rows, AGAIN).await?;
        let facts = "search_service (service_id, minimum_age, maximum_age, sex, return_types, non_returnees, cost)";
        self.add_all(facts, found.iter().map(Found::facts).collect(), AGAIN).await?;
        self.add_all("search_document (service_id, document)", documents, AGAIN).await?;
        let prices = "search_price (service_id, position, currency, amount, valid_from, valid_to)";
        self.add_all(prices, found.iter().flat_map(Found::prices).collect(), AGAIN).await?;
        let points = "service_point (cell, service_id, location_id, x, y, z)";
        self.add_all(points, found.iter().flat_map(Found::points).collect(), AGAIN).await
    }

    /// Writes down the keys of words that were not there yet. A word that no service has any more does no harm: nothing
    /// is found by it.
    async fn put_vocabulary(&self, words: &BTreeSet<String>) -> Result<(), Fault> {
        let all: Vec<&String> = words.iter().collect();
        for part in all.chunks(500) {
            let mut sql = Sql::default();
            let names = sql.bind_all(part.iter().map(|word| format!("={word}")));
            let text = format!("SELECT word FROM search_key WHERE key IN ({names})");
            let known = self.rows(&text, sql.values).await?;
            let known: HashSet<String> = known.iter().filter_map(|row| row.try_get("", "word").ok()).collect();
            let mut rows = Vec::new();
            for word in part.iter().filter(|word| !known.contains(**word)) {
                rows.extend(words::keys(word).into_iter().map(|key| vec![key.into(), (*word).clone().into()]));
            }
            self.add_all("search_key (key, word)", rows, AGAIN).await?;
        }
        Ok(())
    }

    /// Notes that the services of a category have to be derived anew, because its labels have changed.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn search_due_in(&self, category: &str) -> Result<(), Fault> {
        self.run(
            "INSERT INTO search_due (service_id) SELECT s.id FROM service s WHERE s.category_code = $1 \
             ON CONFLICT (service_id) DO NOTHING",
            vec![category.into()],
        )
        .await
        .map(drop)
    }

    /// Notes that an organization's services have to be derived anew, because its names have changed.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn search_due_of(&self, organization: OrganizationId) -> Result<(), Fault> {
        self.run(
            "INSERT INTO search_due (service_id) SELECT s.id FROM service s WHERE s.organization_id = $1 \
             ON CONFLICT (service_id) DO NOTHING",
            vec![Uuid::from(organization).into()],
        )
        .await
        .map(drop)
    }
}

impl Door {
    /// Services that have to be derived anew, some hundreds at the most.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn search_due(&self) -> Result<Vec<ServiceId>, Fault> {
        let text = format!("SELECT service_id AS id FROM search_due ORDER BY service_id LIMIT {BATCH}");
        keys(&self.rows(&text, vec![]).await?)
    }
}
