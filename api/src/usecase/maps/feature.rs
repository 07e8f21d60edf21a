//! Features and their collection, as text.

use crate::domain::area::Area;
use crate::domain::global_id::{Kind, encode};
use crate::domain::id::AreaId;
use crate::domain::suppression::Figure;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The flat properties of a feature.
pub struct Properties(Map<String, Value>);

impl Properties {
    /// Those of an area.
    #[must_use]
    pub fn of(area: &Area) -> Self {
        let mut of = Map::new();
        of.insert("pcode".into(), area.pcode.clone().into());
        of.insert("country".into(), area.country.clone().into());
        of.insert("level".into(), area.level.into());
        of.insert("name".into(), area.name.clone().into());
        for (tag, name) in &area.names {
            of.insert(format!("name_{tag}"), name.clone().into());
        }
        let days = [("validFrom", &area.valid_from), ("validTo", &area.valid_to)];
        of.extend(days.into_iter().filter_map(|(name, day)| Some((name.to_owned(), day.clone()?.into()))));
        Self(of)
    }

    /// A number.
    pub fn number(&mut self, name: &str, number: i64) {
        self.0.insert(name.to_owned(), number.into());
    }

    /// A figure about people: where it is hidden it is absent, and two properties beside it say so.
    pub fn figure(&mut self, name: &str, figure: Figure) {
        match figure.count {
            Some(count) => self.number(name, count),
            None => {
                self.0.insert(format!("{name}Hidden"), true.into());
                self.number(&format!("{name}AtLeast"), figure.at_least);
            }
        }
    }
}

/// The features in their order, with the shapes that are known; `facts` stand beside them.
#[must_use]
pub fn collection(
    features: Vec<(AreaId, Properties)>,
    shapes: &HashMap<AreaId, (String, [f64; 4])>,
    facts: &[(&'static str, Value)],
) -> String {
    let mut text = String::from(r#"{"type":"FeatureCollection""#);
    let around = features.iter().filter_map(|(area, _)| shapes.get(area)).map(|(_, bounds)| *bounds);
    let both = |a: [f64; 4], b: [f64; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
    if let Some(bounds) = around.reduce(both) {
        text += &format!(r#","bbox":{}"#, json!(bounds));
    }
    for (name, fact) in facts {
        text += &format!(r#","{name}":{fact}"#);
    }
    text += r#","features":["#;
    for (place, (area, Properties(properties))) in features.into_iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        let id = encode(Kind::Area, area.into());
        // The shape is GeoJSON text already, as it was checked when it was imported.
        let (shape, bounds) = match shapes.get(&area) {
            Some((shape, bounds)) => (shape.as_str(), format!(r#","bbox":{}"#, json!(bounds))),
            None => ("null", String::new()),
        };
        let properties = Value::Object(properties);
        text += &format!(r#"{{"type":"Feature","id":"{id}"{bounds},"geometry":{shape},"properties":{properties}}}"#);
    }
    text + "]}"
}
