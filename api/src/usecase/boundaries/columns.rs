//! The columns of COD-AB layers, in the spellings that are met.

use crate::domain::language_tag::canonical_tag;
use crate::domain::organization::Translations;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Deepest level of areas.
const DEEPEST: i32 = 9;

/// An area as a row names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    pub pcode: String,
    pub name: String,
    pub names: Translations,
}

/// The columns of a row by their names in one spelling: small letters and digits, `adm` for `admin`.
pub struct Columns(BTreeMap<String, String>);

impl Columns {
    /// The columns of a feature.
    #[must_use]
    pub fn of(feature: &Value) -> Self {
        let none = Map::new();
        let given = feature["properties"].as_object().unwrap_or(&none);
        let text = |value: &Value| match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let name = |name: &String| {
            let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            plain.to_ascii_lowercase().replacen("admin", "adm", 1)
        };
        let filled = given.iter().map(|(column, value)| (name(column), text(value)));
        Self(filled.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// What stands in a column, unless it is blank.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The deepest level of which there is a code.
    #[must_use]
    pub fn level(&self) -> Option<i32> {
        (0..=DEEPEST).rev().find(|level| self.code(*level).is_some())
    }

    /// The place code of a level.
    #[must_use]
    pub fn code(&self, level: i32) -> Option<&str> {
        self.get(&format!("adm{level}pcode")).or_else(|| self.get(&format!("adm{level}pcod")))
    }

    /// The area of a level with its names; those of the row's own level may also stand in columns such as `name_fr`.
    #[must_use]
    pub fn named(&self, level: i32, is_own: bool) -> Option<Named> {
        let pcode = self.code(level)?.to_owned();
        let mut names = Translations::new();
        let prefix = format!("adm{level}");
        let mut base = self.get(&format!("{prefix}name")).map(str::to_owned);
        let mut columns: Vec<(&str, &str)> = Vec::new();
        if is_own {
            base = base.or_else(|| self.get("name").map(str::to_owned));
            columns.extend(self.0.iter().filter_map(|(key, name)| Some((key.strip_prefix("name")?, name.as_str()))));
        }
        columns.extend(self.0.iter().filter_map(|(key, name)| {
            let rest = key.strip_prefix(&prefix)?;
            Some((rest.strip_prefix("name").unwrap_or(rest), name.as_str()))
        }));
        for (what, name) in columns {
            // `lang`, `lang1` and so on say in which language `name`, `name1` and so on are.
            let is_number = what.bytes().all(|byte| byte.is_ascii_digit());
            let tag = if is_number { self.get(&format!("lang{what}")).unwrap_or_default() } else { what };
            if let Some(tag) = language(tag) {
                names.entry(tag).or_insert_with(|| name.to_owned());
            }
        }
        let first = || names.get("en").or_else(|| names.values().next()).cloned();
        let name = base.or_else(first)?;
        Some(Named { pcode, name, names })
    }
}

/// The language that a column's ending names, unless it names something else.
fn language(ending: &str) -> Option<String> {
    let is_other = ["ref", "alt", "typ", "cod", "sq"].contains(&ending);
    let is_tag = (2..=3).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_lowercase());
    canonical_tag(ending).filter(|_| is_tag && !is_other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn named(properties: Value, level: i32) -> Named {
        Columns::of(&json!({ "properties": properties })).named(level, true).unwrap()
    }

    #[test]
    fn the_usual_spellings_mean_the_same() {
        for properties in [
            json!({ "ADM1_PCODE": "XX01", "ADM1_EN": "North", "ADM1_FR": "Nord", "ADM1_REF": "no", "ADM1ALT1EN": "no" }),
            json!({ "adm1_pcode": "XX01", "adm1_name": "North", "lang": "en", "adm1_name1": "Nord", "lang1": "fr", "adm1_name2": null }),
            json!({ "admin1Pcode": "XX01", "admin1Name_en": "North", "admin1Name_fr": "Nord", "admin1RefName": "no" }),
            json!({ "ADM1_PCODE": "XX01", "name": "North", "name_en": "North", "name_fr": "Nord" }),
        ] {
            let names = Translations::from([("en".into(), "North".into()), ("fr".into(), "Nord".into())]);
            assert_eq!(
                named(properties.clone(), 1),
                Named { pcode: "XX01".into(), name: "North".into(), names },
                "{properties}"
            );
        }
    }

    #[test]
    fn a_code_keeps_its_zeros_and_the_deepest_level_counts() {
        let columns =
            Columns::of(&json!({ "properties": { "ADM0_PCODE": "XX", "ADM1_PCODE": "XX01", "ADM2_PCODE": "0107" } }));
        assert_eq!((columns.level(), columns.code(2)), (Some(2), Some("0107")));
    }
}
