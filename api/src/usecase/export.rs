//! The public directory, or a part of it, in one of the forms of an export. It is gathered from the same objects that the
//! reference API shows to everybody, so that nothing confidential can be among it.

use crate::app::App;
use crate::domain::global_id::{Kind, decode};
use crate::domain::language::Language;
use crate::domain::rule::Fault;
use crate::hsds::directory::{Collection, Cut, Filter, Fullness, Question};
use crate::hsds::export::{Exports, Form, Gathered, Scope, geojson, ndjson, ordered, package, three_w};
use crate::usecase::hsds::list;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Objects that are read at once.
const PIECE: u64 = 200;

impl Exports for App {
    fn export<'a>(
        &'a self,
        form: Form,
        scope: &'a Scope,
        language: Option<Language>,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Fault>> {
        export(self, form, scope, language).boxed()
    }
}

/// An export as bytes; nothing where there is no such area or organization. Equal directories give equal bytes.
///
/// # Errors
/// What the engine refuses.
pub async fn export(
    app: &App,
    form: Form,
    scope: &Scope,
    language: Option<Language>,
) -> Result<Option<Vec<u8>>, Fault> {
    let Some(filter) = filter(app, scope).await? else { return Ok(None) };
    let gathered = gather(app, filter, language).await?;
    let unwritten = |what: String| Fault::Store(format!("an export can't be written: {what}"));
    let bytes = match form {
        Form::Ndjson => ndjson(&gathered).map_err(|fault| unwritten(fault.to_string())),
        Form::Package => package(&gathered).map_err(|fault| unwritten(fault.to_string())),
        Form::GeoJson => Ok(format!("{}\n", geojson(&gathered)).into_bytes()),
        Form::ThreeW => three_w(&gathered).map_err(|fault| unwritten(fault.to_string())),
    };
    bytes.map(Some)
}

/// A public id of this kind, or a UUID.
fn key(kind: Kind, text: &str) -> Option<Uuid> {
    let public = decode(text).filter(|(found, _)| *found == kind).map(|(_, key)| key);
    public.or_else(|| Uuid::try_parse(text).ok())
}

async fn filter(app: &App, scope: &Scope) -> Result<Option<Filter>, Fault> {
    let mut filter = Filter::default();
    if let Some(text) = &scope.organization {
        let Some(key) = key(Kind::Organization, text) else { return Ok(None) };
        if !app.store.has_row("organization", key).await? {
            return Ok(None);
        }
        filter.organization_id = Some(key);
    }
    if let Some(text) = &scope.area {
        let areas = match key(Kind::Area, text) {
            Some(key) if app.store.has_row("area", key).await? => vec![key],
            Some(_) => Vec::new(),
            None => app.store.areas_coded(text).await?,
        };
        if areas.is_empty() {
            return Ok(None);
        }
        filter.areas = areas;
    }
    Ok(Some(filter))
}

/// All objects that a question is about.
async fn all(app: &App, question: &Question) -> Result<Vec<Map<String, Value>>, Fault> {
    let (mut all, mut key) = (Vec::new(), None);
    loop {
        let found = list(app, question, Cut::After { key, size: PIECE }).await?;
        for text in &found.objects {
            match serde_json::from_str(text) {
                Ok(Value::Object(object)) => all.push(object),
                _ => return Err(Fault::Store("an object of the directory is no object of JSON".into())),
            }
        }
        if (found.objects.len() as u64) < PIECE {
            return Ok(all);
        }
        key = found.last;
    }
}

async fn gather(app: &App, filter: Filter, language: Option<Language>) -> Result<Gathered, Fault> {
    let ask = |collection, filter| Question { collection, fullness: Fullness::Full, filter, language };
    let mut services = all(app, &ask(Collection::Services, filter.clone())).await?;
    let only = Filter { id: filter.organization_id, ..Filter::default() };
    let organizations = all(app, &ask(Collection::Organizations, only)).await?;
    let organizations: HashMap<String, Value> = organizations.into_iter().map(bare).collect();
    let (mut locations, mut owners) = (BTreeSet::new(), BTreeSet::new());
    for service in &mut services {
        let owner = service.get("organization_id").and_then(Value::as_str).map(str::to_owned);
        if let Some((id, whole)) = owner.and_then(|id| organizations.get(&id).map(|whole| (id, whole.clone()))) {
            owners.extend(Uuid::try_parse(&id).ok());
            service.insert("organization".to_owned(), whole);
        }
        service.values_mut().for_each(ordered);
        let places = service.get("service_at_locations").and_then(Value::as_array).into_iter().flatten();
        let ids = places.filter_map(|place| place.pointer("/location/id")).filter_map(Value::as_str);
        locations.extend(ids.filter_map(|id| Uuid::try_parse(id).ok()));
    }
    services.sort_by(|a, b| id_of(a).cmp(id_of(b)));
    let locations: Vec<Uuid> = locations.into_iter().collect();
    let owners: Vec<Uuid> = owners.into_iter().collect();
    let keys: Vec<Uuid> = services.iter().filter_map(|service| Uuid::try_parse(id_of(service)).ok()).collect();
    let around = app.store.areas_around(&locations).await?;
    let countries = app.store.countries_of(&owners).await?;
    for service in &mut services {
        let owner = service.get_mut("organization").and_then(Value::as_object_mut);
        // The standard has no place for it; without it, an import would have to be told.
        if let Some((owner, country)) = owner.and_then(|owner| {
            let country = countries.get(id_of(owner))?;
            Some((owner, country))
        }) {
            owner.insert("country".to_owned(), country.as_str().into());
        }
    }
    let started = app.store.published_on(&keys).await?;
    Ok(Gathered { services, around, countries, started })
}

fn id_of(object: &Map<String, Value>) -> &str {
    object.get("id").and_then(Value::as_str).unwrap_or_default()
}

/// An organization without its services, by its id.
fn bare(mut organization: Map<String, Value>) -> (String, Value) {
    organization.remove("services");
    (id_of(&organization).to_owned(), Value::Object(organization))
}
