//! Reading a file of boundaries: GeoJSON with the columns of COD-AB layers, in the spellings that are met.

use crate::domain::boundary::{self, Boundary};
use crate::usecase::boundaries::columns::{Columns, Named};
use crate::usecase::boundaries::report::Note;
use jiff::civil::Date;
use serde_json::Value;
use std::collections::HashMap;

/// A row that can be taken.
#[derive(Debug, Clone)]
pub struct Row {
    /// 1 for the first feature.
    pub number: usize,
    pub area: Named,
    /// The areas around it, from the country down; as many as its level.
    pub around: Vec<Named>,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    pub boundary: Option<Boundary>,
}

/// A file that was read.
#[derive(Debug, Default)]
pub struct File {
    pub level: i32,
    pub rows: Vec<Row>,
    /// What keeps it from being taken.
    pub problems: Vec<Note>,
    /// What was mended or is worth a look.
    pub remarks: Vec<Note>,
}

/// Reads a file for a country; everything that is wrong is in it.
#[must_use]
pub fn read(text: &str, country: &str) -> File {
    let mut file = File::default();
    let features = match features(text) {
        Ok(features) => features,
        Err(what) => {
            file.problems.push(Note { row: 0, pcode: String::new(), what });
            return file;
        }
    };
    let columns: Vec<Columns> = features.iter().map(Columns::of).collect();
    let Some(level) = columns.iter().filter_map(Columns::level).max() else {
        let what = "no feature has a place code in a column such as ADM1_PCODE".to_owned();
        file.problems.push(Note { row: 0, pcode: String::new(), what });
        return file;
    };
    file.level = level;
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (number, (feature, columns)) in (1..).zip(features.iter().zip(&columns)) {
        let mut reader = Reader { number, level, country, columns, file: &mut file };
        let Some(row) = reader.row(feature) else { continue };
        match seen.get(&row.area.pcode) {
            Some(first) => reader.problem(&row.area.pcode, format!("the code stands already in row {first}")),
            None => {
                seen.insert(row.area.pcode.clone(), number);
                file.rows.push(row);
            }
        }
    }
    file
}

/// The features of a collection in longitude and latitude.
fn features(text: &str) -> Result<Vec<Value>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut whole: Value = serde_json::from_str(text).map_err(|error| format!("this is no JSON ({error})"))?;
    if whole["type"] != "FeatureCollection" {
        return Err("this is no GeoJSON FeatureCollection".into());
    }
    let system = whole["crs"]["properties"]["name"].as_str().unwrap_or("CRS84");
    if !system.contains("CRS84") && !system.contains("4326") {
        return Err(format!("the coordinates are in {system}; GeoJSON has longitude and latitude (WGS 84)"));
    }
    match whole["features"].take() {
        Value::Array(features) if !features.is_empty() => Ok(features),
        _ => Err("the collection has no features".into()),
    }
}

/// Reads one row and tells what is wrong with it.
struct Reader<'a> {
    number: usize,
    level: i32,
    country: &'a str,
    columns: &'a Columns,
    file: &'a mut File,
}

impl Reader<'_> {
    fn problem(&mut self, pcode: &str, what: String) {
        self.file.problems.push(Note { row: self.number, pcode: pcode.to_owned(), what });
    }

    fn remark(&mut self, pcode: &str, what: String) {
        self.file.remarks.push(Note { row: self.number, pcode: pcode.to_owned(), what });
    }

    fn row(&mut self, feature: &Value) -> Option<Row> {
        let before = self.file.problems.len();
        let level = self.level;
        let Some(code) = self.columns.code(level).map(str::to_owned) else {
            self.problem("", format!("there is no code of level {level}"));
            return None;
        };
        let Some(area) = self.columns.named(level, true) else {
            self.problem(&code, "there is no name".into());
            return None;
        };
        let around = self.around(&area);
        self.check_texts(&area);
        let valid_from = self.day(&code, &["validon", "validfrom", "date"]);
        let valid_to = self.day(&code, &["validto"]);
        if let (Some(from), Some(to)) = (&valid_from, &valid_to)
            && from > to
        {
            self.problem(&code, "it ends before it begins".into());
        }
        let boundary = self.boundary(&code, &feature["geometry"]);
        (self.file.problems.len() == before).then_some(Row {
            number: self.number,
            area,
            around,
            valid_from,
            valid_to,
            boundary,
        })
    }

    /// The areas around a row's, from the country down.
    fn around(&mut self, area: &Named) -> Vec<Named> {
        let mut around: Vec<Named> = Vec::new();
        for level in 0..self.level {
            let found = self.columns.named(level, false);
            let country = Named { pcode: self.country.to_owned(), ..Named::default() };
            match (level, found, self.columns.code(level)) {
                (_, Some(named), _) => around.push(named),
                (0, None, None) => around.push(country),
                (_, None, Some(code)) => around.push(Named { pcode: code.to_owned(), ..Named::default() }),
                (_, None, None) => {
                    self.problem(&area.pcode, format!("there is no code of level {level}, in which it lies"))
                }
            }
        }
        let top = around.first().map_or(area.pcode.clone(), |top| top.pcode.clone());
        let is_alpha_2 = top.len() == 2 && top.bytes().all(|byte| byte.is_ascii_uppercase());
        if is_alpha_2 && top != self.country {
            self.problem(&area.pcode, format!("it lies in {top}, not in {}", self.country));
        }
        if let Some(above) = around.last().filter(|above| !area.pcode.starts_with(&above.pcode)) {
            let what = format!("the code does not begin with that of the area around it, {}", above.pcode);
            self.remark(&area.pcode, what);
        }
        around
    }

    fn check_texts(&mut self, area: &Named) {
        let fits = |text: &str, most: usize| (1..=most).contains(&text.chars().count()) && !text.contains('\0');
        if !fits(&area.pcode, 40) {
            self.problem(&area.pcode, "a code has 1 to 40 characters".into());
        }
        if std::iter::once(&area.name).chain(area.names.values()).any(|name| !fits(name, 200)) {
            self.problem(&area.pcode, "a name has 1 to 200 characters".into());
        }
    }

    /// The day in the first of these columns that is filled.
    fn day(&mut self, code: &str, columns: &[&str]) -> Option<String> {
        let text = columns.iter().find_map(|column| self.columns.get(column))?;
        let day: String = text.chars().take(10).collect::<String>().replace('/', "-");
        match day.parse::<Date>() {
            Ok(day) => Some(day.to_string()),
            Err(_) => {
                self.problem(code, format!("{text:?} is no day such as 2026-01-31"));
                None
            }
        }
    }

    fn boundary(&mut self, code: &str, geometry: &Value) -> Option<Boundary> {
        if geometry.is_null() {
            self.remark(code, "there is no geometry".into());
            return None;
        }
        match boundary::read(geometry) {
            Ok(boundary) => {
                if boundary.was_mended {
                    self.remark(code, "rings were wound the other way".into());
                }
                Some(boundary)
            }
            Err(fault) => {
                self.problem(code, fault.to_string());
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_that_is_wrong_is_told_row_by_row() {
        let ring = json!({ "type": "Polygon", "coordinates": [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]] });
        let feature = |properties: Value, geometry: &Value| json!({ "type": "Feature", "properties": properties, "geometry": geometry });
        let text = json!({ "type": "FeatureCollection", "features": [
            feature(json!({ "ADM0_PCODE": "XX", "ADM1_PCODE": "XX01", "ADM1_EN": "North", "validOn": "2024-02-30" }), &ring),
            feature(json!({ "ADM0_PCODE": "YY", "ADM1_PCODE": "XX02", "ADM1_EN": "South" }), &ring),
            feature(json!({ "ADM0_PCODE": "XX", "ADM1_EN": "West" }), &ring),
            feature(json!({ "ADM0_PCODE": "XX", "ADM1_PCODE": "XX04" }), &json!({ "type": "Point", "coordinates": [1, 2] })),
            feature(json!({ "ADM0_PCODE": "XX", "ADM1_PCODE": "99", "ADM1_EN": "East" }), &Value::Null),
            feature(json!({ "ADM0_PCODE": "XX", "ADM1_PCODE": "99", "ADM1_EN": "East again" }), &ring),
        ] });
        let file = read(&format!("\u{feff}{text}"), "XX");
        let problems: Vec<usize> = file.problems.iter().map(|note| note.row).collect();
        assert_eq!(problems, [1, 2, 3, 4, 6], "{:?}", file.problems);
        assert_eq!((file.level, file.rows.len()), (1, 1));
        assert!(file.remarks.iter().any(|note| note.row == 5 && note.what.contains("begin with")));
        for (text, what) in
            [("[]", "no GeoJSON"), ("{", "no JSON"), (r#"{"type":"FeatureCollection","features":[]}"#, "no features")]
        {
            assert!(read(text, "XX").problems[0].what.contains(what), "{text}");
        }
    }
}
