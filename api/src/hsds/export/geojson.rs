//! Services as points of a map (RFC 7946).

use super::{Gathered, inside, list, terms, text};
use serde_json::{Map, Value, json};

/// A collection of points, one for each service at a location, in WGS 84 with the longitude first. Where no point is
/// public, the geometry is null.
#[must_use]
pub fn geojson(gathered: &Gathered) -> Value {
    let features: Vec<Value> = gathered.services.iter().flat_map(|service| of_service(gathered, service)).collect();
    json!({ "type": "FeatureCollection", "features": features })
}

fn of_service<'a>(gathered: &'a Gathered, service: &'a Map<String, Value>) -> impl Iterator<Item = Value> + 'a {
    list(service, "service_at_locations").map(move |place| {
        let empty = Map::new();
        let location = inside(place, "location").unwrap_or(&empty);
        json!({
            "type": "Feature",
            "id": text(place, "id"),
            "geometry": geometry(location),
            "properties": properties(gathered, service, location),
        })
    })
}

fn geometry(location: &Map<String, Value>) -> Value {
    let number = |name: &str| location.get(name).and_then(Value::as_f64);
    match number("longitude").zip(number("latitude")) {
        Some((longitude, latitude)) => json!({ "type": "Point", "coordinates": [longitude, latitude] }),
        None => Value::Null,
    }
}

/// Flat properties; what is absent is left out.
fn properties(gathered: &Gathered, service: &Map<String, Value>, location: &Map<String, Value>) -> Map<String, Value> {
    let empty = Map::new();
    let organization = inside(service, "organization").unwrap_or(&empty);
    let (category, label) = terms(service, "category").next().unwrap_or_default();
    let (dimension, _) = terms(service, "dimension").next().unwrap_or_default();
    let languages: Vec<&str> = list(service, "languages").map(|language| text(language, "code")).collect();
    let around = gathered.around.get(text(location, "id")).map(Vec::as_slice).unwrap_or_default();
    let deepest = around.last();
    let referrals = terms(service, "referrals").next().map(|(code, _)| code == "TAKES_REFERRALS");
    let all = [
        ("service_id", text(service, "id")),
        ("service_name", text(service, "name")),
        ("service_description", text(service, "description")),
        ("status", text(service, "status")),
        ("organization_id", text(organization, "id")),
        ("organization_name", text(organization, "name")),
        ("category", category),
        ("category_name", label),
        ("dimension", dimension),
        ("languages", &languages.join(",")),
        ("location_id", text(location, "id")),
        ("location_name", text(location, "name")),
        ("location_type", text(location, "location_type")),
        ("area_code", deepest.map_or("", |area| &area.code)),
        ("area_name", deepest.map_or("", |area| &area.name)),
        ("country", deepest.map_or("", |area| &area.country)),
        ("assured_date", text(service, "assured_date")),
        ("last_modified", text(service, "last_modified")),
    ];
    let filled = all.into_iter().filter(|(_, value)| !value.is_empty());
    let mut found: Map<String, Value> = filled.map(|(name, value)| (name.to_owned(), value.into())).collect();
    found.extend(referrals.map(|takes| ("takes_referrals".to_owned(), Value::Bool(takes))));
    found
}
