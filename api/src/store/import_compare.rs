//! How what an import wants differs from what stands, field by field.

use crate::domain::id::{AreaId, ServiceId};
use crate::domain::import_run::FieldChange;
use crate::domain::imported::{ImportedLocation, ImportedOrganization, ImportedService};
use crate::domain::language::Language;
use crate::domain::rule::Fault;
use crate::domain::schedule::{Schedule, in_words};
use crate::store::door::Tx;
use crate::store::import_writes::columns;
use crate::store::schedules::schedules;
use crate::store::statement::{Sql, body, json};
use sea_orm::Value;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Columns that follow from others.
const DERIVED: [&str; 2] = ["search_text", "sort_name"];

/// Texts of several rows, by row.
type Texts = HashMap<Uuid, BTreeSet<String>>;

fn shown(value: &Value) -> String {
    match value {
        Value::String(Some(text)) => text.to_string(),
        Value::Bool(Some(yes)) => yes.to_string(),
        Value::Double(Some(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// The texts of a column as both engines write them: SQLite keeps a yes as 1.
fn alike(field: &str, text: &str) -> String {
    match (field, text) {
        ("takes_referrals", "1" | "t") => "true".into(),
        ("takes_referrals", "0" | "f") => "false".into(),
        ("accessibility" | "cost_options" | "funding" | "identifiers", "") => "[]".into(),
        ("latitude" | "longitude", number) => {
            number.parse::<f64>().map_or_else(|_| number.to_owned(), |number| number.to_string())
        }
        (_, text) => text.to_owned(),
    }
}

fn compare(wanted: &[(&'static str, String)], standing: &[String]) -> Vec<FieldChange> {
    let pairs = wanted.iter().zip(standing);
    pairs.filter_map(|((field, to), from)| change(field, &alike(field, from), to)).collect()
}

fn change(field: &str, from: &str, to: &str) -> Option<FieldChange> {
    (from != to).then(|| FieldChange { field: field.to_owned(), from: from.to_owned(), to: to.to_owned() })
}

fn joined(texts: Option<&BTreeSet<String>>) -> String {
    texts.map(|texts| texts.iter().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default()
}

/// Schedules in words, with all that decides of them.
fn hours<'a>(all: impl IntoIterator<Item = &'a Schedule>) -> BTreeSet<String> {
    let told = |schedule: &Schedule| {
        let Schedule { starts_on, until, valid_from, valid_to, occurrences, notes, zone, .. } = schedule;
        let days = [starts_on, until, valid_from, valid_to].map(|day| day.clone().unwrap_or_default());
        let count = occurrences.map(|count| count.to_string()).unwrap_or_default();
        let mut parts = vec![in_words(schedule, Language::En), zone.clone()];
        parts.extend(days.into_iter().chain([count, notes.clone()]));
        parts.retain(|part| !part.is_empty());
        parts.join(" ")
    };
    all.into_iter().map(|schedule| told(&schedule.clone().settled().0)).collect()
}

impl Tx {
    async fn gathered(&self, text: &str, ids: impl IntoIterator<Item = Uuid>) -> Result<Texts, Fault> {
        let mut sql = Sql::default();
        let ids = sql.bind_all(ids);
        let mut found = Texts::new();
        let unread = |_| Fault::Store("a text to compare does not read".into());
        for row in self.rows(&text.replace("{}", &ids), sql.values).await? {
            let key: Uuid = row.try_get("", "id").map_err(unread)?;
            found.entry(key).or_default().insert(row.try_get("", "shown").map_err(unread)?);
        }
        Ok(found)
    }

    /// The codes of areas.
    async fn codes_of(&self, areas: impl IntoIterator<Item = AreaId>) -> Result<HashMap<Uuid, String>, Fault> {
        let ids: BTreeSet<Uuid> = areas.into_iter().map(Uuid::from).collect();
        let found = self.gathered("SELECT id, pcode AS shown FROM area WHERE id IN ({})", ids).await?;
        Ok(found.into_iter().map(|(id, codes)| (id, joined(Some(&codes)))).collect())
    }

    /// What is said of when these things are given, in words: of services with their places, or of locations.
    async fn hours_of(&self, table: &str, owned: &str, ids: impl IntoIterator<Item = Uuid>) -> Result<Texts, Fault> {
        let mut sql = Sql::default();
        let ids = sql.bind_all(ids);
        let all = schedules("sd", owned);
        let text = format!("SELECT x.id AS id, CAST({all} AS TEXT) AS body FROM {table} x WHERE x.id IN ({ids})");
        let mut found = Texts::new();
        for row in self.rows(&text, sql.values).await? {
            let key: Uuid = row.try_get("", "id").map_err(|_| Fault::Store("a key to compare does not read".into()))?;
            let all: Vec<Schedule> = body(&row, "schedule")?;
            found.insert(key, hours(&all));
        }
        Ok(found)
    }

    /// What would change about services that stand. `places` tells the name of each location that is wanted.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn compare_services(
        &self,
        wanted: &[&ImportedService],
        places: &HashMap<Uuid, &str>,
    ) -> Result<HashMap<ServiceId, Vec<FieldChange>>, Fault> {
        let ids = || wanted.iter().map(|service| Uuid::from(service.id));
        let text = "SELECT sa.service_id AS id, a.pcode AS shown FROM service_area sa JOIN area a ON a.id = sa.area_id \
                    WHERE sa.service_id IN ({})";
        let areas = self.gathered(text, ids()).await?;
        let text = "SELECT sl.service_id AS id, lo.name AS shown FROM service_at_location sl \
                    JOIN location lo ON lo.id = sl.location_id WHERE sl.service_id IN ({})";
        let given = self.gathered(text, ids()).await?;
        let text = "SELECT service_id AS id, CAST(total AS TEXT) || ' - ' || CAST(taken_elsewhere AS TEXT) AS shown \
                    FROM capacity WHERE service_at_location_id IS NULL AND total IS NOT NULL AND service_id IN ({})";
        let capacities = self.gathered(text, ids()).await?;
        let owned = "sd.service_id = x.id OR sd.service_at_location_id IN \
                     (SELECT sl.id FROM service_at_location sl WHERE sl.service_id = x.id)";
        let told = self.hours_of("service", owned, ids()).await?;
        let codes = self.codes_of(wanted.iter().flat_map(|service| service.areas.iter().copied())).await?;
        let mut changes = HashMap::new();
        let mut standing = HashMap::new();
        for service in wanted {
            let key = Uuid::from(service.id);
            let columns: Vec<(&'static str, String)> = columns(service)?
                .iter()
                .filter(|(name, _)| !DERIVED.contains(name))
                .map(|(name, value)| (*name, shown(value)))
                .collect();
            if standing.is_empty() {
                let names: Vec<&'static str> = columns.iter().map(|(name, _)| *name).collect();
                standing = self.texts_of("service", &names, &ids().collect::<Vec<_>>()).await?;
            }
            let mut found = compare(&columns, standing.get(&key).map_or(&[], Vec::as_slice));
            let wanted_areas: BTreeSet<String> =
                service.areas.iter().filter_map(|area| codes.get(&Uuid::from(*area)).cloned()).collect();
            found.extend(change("service_areas", &joined(areas.get(&key)), &joined(Some(&wanted_areas))));
            let named = |location| places.get(&location).map(|name| (*name).to_owned());
            let wanted_places: BTreeSet<String> =
                service.places.iter().filter_map(|place| named(Uuid::from(place.location))).collect();
            found.extend(change("service_at_locations", &joined(given.get(&key)), &joined(Some(&wanted_places))));
            let places = service.places.iter().flat_map(|place| &place.schedules);
            let wanted_hours = hours(service.schedules.iter().chain(places));
            found.extend(change("schedules", &joined(told.get(&key)), &joined(Some(&wanted_hours))));
            if let Some(stated) = service.capacity {
                let to = format!("{} - {}", stated.total, stated.taken_elsewhere);
                found.extend(change("capacities", &joined(capacities.get(&key)), &to));
            }
            changes.insert(service.id, found);
        }
        Ok(changes)
    }

    /// What would change about locations; nothing about those that do not stand yet.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn compare_locations(
        &self,
        wanted: &[&ImportedLocation],
    ) -> Result<HashMap<Uuid, Vec<FieldChange>>, Fault> {
        const FIELDS: [&str; 7] =
            ["kind", "name", "address", "latitude", "longitude", "transportation", "accessibility"];
        let ids: Vec<Uuid> = wanted.iter().map(|location| location.id.into()).collect();
        let standing = self.texts_of("location", &FIELDS, &ids).await?;
        let text = "SELECT lo.id AS id, a.pcode AS shown FROM location lo JOIN area a ON a.id = lo.area_id \
                    WHERE lo.id IN ({})";
        let areas = self.gathered(text, ids.iter().copied()).await?;
        let told = self.hours_of("location", "sd.location_id = x.id", ids).await?;
        let codes = self.codes_of(wanted.iter().filter_map(|location| location.area)).await?;
        let mut changes = HashMap::new();
        for location in wanted {
            let key = Uuid::from(location.id);
            let Some(texts) = standing.get(&key) else { continue };
            let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
            let fields = [
                ("kind", crate::domain::code::Code::code(location.kind).to_owned()),
                ("name", location.name.clone()),
                ("address", location.address.clone()),
                ("latitude", number(location.latitude)),
                ("longitude", number(location.longitude)),
                ("transportation", location.transportation.clone()),
                ("accessibility", json(&location.accessibility)?),
            ];
            let mut found = compare(&fields, texts);
            let area = location.area.and_then(|area| codes.get(&Uuid::from(area)));
            found.extend(change("area", &joined(areas.get(&key)), area.map_or("", String::as_str)));
            found.extend(change("schedules", &joined(told.get(&key)), &joined(Some(&hours(&location.schedules)))));
            changes.insert(key, found);
        }
        Ok(changes)
    }

    /// What would change about an organization.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn compare_organization(&self, wanted: &ImportedOrganization) -> Result<Vec<FieldChange>, Fault> {
        const FIELDS: [&str; 7] =
            ["name", "description", "country", "website", "email", "alternate_name", "identifiers"];
        let key = Uuid::from(wanted.id);
        let standing = self.texts_of("organization", &FIELDS, &[key]).await?;
        let fields = [
            ("name", wanted.name.clone()),
            ("description", wanted.description.clone()),
            ("country", wanted.country.clone()),
            ("website", wanted.website.clone().unwrap_or_default()),
            ("email", wanted.email.clone().unwrap_or_default()),
            ("alternate_name", wanted.alternate_name.clone()),
            ("identifiers", json(&wanted.identifiers)?),
        ];
        Ok(standing.get(&key).map(|texts| compare(&fields, texts)).unwrap_or_default())
    }
}
