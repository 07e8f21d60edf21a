//! The directory in other forms: lines of JSON, the tabular package of HSDS, points of a map, and who does what where.
//! All of them are made of the same objects, those of the reference API, so that nothing gets out here that does not
//! get out there.

pub mod cell;
mod geojson;
mod tables;
mod three_w;

use crate::domain::language::Language;
use crate::domain::rule::Fault;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use std::collections::HashMap;

pub use geojson::geojson;
pub use tables::package;
pub use three_w::three_w;

/// The forms of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One full service a line.
    Ndjson,
    /// A zip of the tables with their descriptor.
    Package,
    /// A collection of points (RFC 7946).
    GeoJson,
    /// Who does what where, as CSV with HXL hashtags.
    ThreeW,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ndjson, Self::Package, Self::GeoJson, Self::ThreeW];

    /// The name of the file.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::Ndjson => "services.ndjson",
            Self::Package => "hsds.zip",
            Self::GeoJson => "services.geojson",
            Self::ThreeW => "3w.csv",
        }
    }

    /// The media type.
    #[must_use]
    pub fn media(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Package => "application/zip",
            Self::GeoJson => "application/geo+json",
            Self::ThreeW => "text/csv; charset=utf-8; header=present",
        }
    }
}

/// Which part of the directory is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// A public id, a UUID or a P-code: services that reach this area or one below it.
    pub area: Option<String>,
    /// A public id or a UUID.
    pub organization: Option<String>,
}

/// One level of the areas around a location, country first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// 0 for the country.
    pub level: i32,
    pub code: String,
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// What is exported: full services in the order of their ids, and where their locations lie.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// Full services with full organizations in them.
    pub services: Vec<Map<String, Value>>,
    /// By location id.
    pub around: HashMap<String, Vec<Around>>,
    /// ISO 3166-1 alpha-2 by organization id.
    pub countries: HashMap<String, String>,
    /// The day on which each service was published, by its id.
    pub started: HashMap<String, String>,
}

/// Where exports come from.
pub trait Exports: Send + Sync {
    /// An export as bytes; nothing where there is no such area or organization.
    ///
    /// # Errors
    /// What the engine refuses.
    fn export<'a>(
        &'a self,
        form: Form,
        scope: &'a Scope,
        language: Option<Language>,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Fault>>;
}

/// Brings every list of objects into the order of their ids, so that equal contents are equal bytes.
pub fn ordered(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(ordered);
            items.sort_by(|a, b| id_of(a).cmp(id_of(b)));
        }
        Value::Object(map) => map.values_mut().for_each(ordered),
        _ => {}
    }
}

fn id_of(value: &Value) -> &str {
    value.get("id").and_then(Value::as_str).unwrap_or_default()
}

/// A text member of an object.
pub(super) fn text<'a>(map: &'a Map<String, Value>, name: &str) -> &'a str {
    map.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The objects of a list.
pub(super) fn list<'a>(map: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
    map.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// An object inside another.
pub(super) fn inside<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Map<String, Value>> {
    map.get(name).and_then(Value::as_object)
}

/// The terms by which a thing is linked in a certain way: code and name.
pub(super) fn terms<'a>(map: &'a Map<String, Value>, link: &'static str) -> impl Iterator<Item = (&'a str, &'a str)> {
    list(map, "attributes")
        .filter(move |attribute| text(attribute, "link_type") == link)
        .filter_map(|attribute| inside(attribute, "taxonomy_term"))
        .map(|term| (text(term, "code"), text(term, "name")))
}

/// Services as lines of JSON.
///
/// # Errors
/// What JSON has no form for.
pub fn ndjson(gathered: &Gathered) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::new();
    for service in &gathered.services {
        serde_json::to_writer(&mut out, service)?;
        out.push(b'\n');
    }
    Ok(out)
}
