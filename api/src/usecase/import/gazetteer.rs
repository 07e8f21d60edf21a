//! Finding our areas for the places of a source.

use crate::app::App;
use crate::domain::folding::fold;
use crate::domain::id::AreaId;
use crate::domain::organization::Translations;
use crate::domain::rule::Fault;
use crate::hsds::{Location, ServiceArea};
use crate::store::imports::NamedArea;
use std::collections::HashMap;

/// Words that say what kind of area it is, and are written or left out at will.
const KINDS: [&str; 19] = [
    "governorate",
    "province",
    "region",
    "district",
    "department",
    "departement",
    "prefecture",
    "cercle",
    "commune",
    "municipality",
    "state",
    "county",
    "city",
    "wilaya",
    "muhafazat",
    "muhafaza",
    "oblast",
    "gouvernorat",
    "of",
];

/// The areas of one country, by code and by name.
#[derive(Debug, Default)]
pub(super) struct Areas {
    by_code: HashMap<String, AreaId>,
    /// The topmost area of a name with its level; no area where two of that level share it.
    by_name: HashMap<String, (i32, Option<AreaId>)>,
    names: HashMap<AreaId, String>,
}

/// The areas of the countries met so far.
#[derive(Debug, Default)]
pub(super) struct Gazetteer(HashMap<String, Areas>);

impl Gazetteer {
    /// Takes up a country, unless it was before.
    pub(super) async fn take(&mut self, app: &App, country: &str) -> Result<(), Fault> {
        if !self.0.contains_key(country) {
            self.0.insert(country.to_owned(), Areas::of(&app.store.named_areas(country).await?));
        }
        Ok(())
    }

    /// The areas of a country that was taken up.
    pub(super) fn of(&self, country: &str) -> Option<&Areas> {
        self.0.get(country).filter(|areas| !areas.by_code.is_empty())
    }
}

impl Areas {
    fn of(all: &[NamedArea]) -> Self {
        let mut areas = Self::default();
        for area in all {
            areas.names.insert(area.id, area.name.clone());
            areas.by_code.entry(area.pcode.to_uppercase()).or_insert(area.id);
            // A name that does not read is no name by which anything is found.
            let names: Translations = serde_json::from_str(&area.names).unwrap_or_default();
            let mut names: Vec<String> = names.values().chain([&area.name]).map(|name| bare(name)).collect();
            names.sort();
            names.dedup();
            for name in names.into_iter().filter(|name| !name.is_empty()) {
                let found = areas.by_name.entry(name).or_insert((area.level, Some(area.id)));
                if found.0 == area.level && found.1 != Some(area.id) {
                    found.1 = None;
                }
            }
        }
        areas
    }

    /// The name of an area.
    pub(super) fn name(&self, area: AreaId) -> Option<&str> {
        self.names.get(&area).map(String::as_str)
    }

    /// Where a location lies: by a code, if it says that it is one, or else by its name or a line of its address.
    pub(super) fn locate(&self, location: &Location) -> Option<AreaId> {
        let says_code = location.external_identifier_type.as_deref().is_some_and(|kind| fold(kind).contains("code"));
        let code = location.external_identifier.as_deref().filter(|_| says_code);
        let by_code = code.and_then(|code| self.by_code.get(&code.trim().to_uppercase()).copied());
        // The last line of an address is the widest.
        let lines = location.name.iter().chain(location.address_lines.iter().rev());
        by_code.or_else(|| lines.filter_map(|line| self.named(line)).next())
    }

    /// The area that is served, by the last part of its address elsewhere or by its name.
    pub(super) fn served(&self, area: &ServiceArea) -> Option<AreaId> {
        let code = area.external_id.as_deref().and_then(|address| address.rsplit(['/', ':', '#']).next());
        let by_code = code.and_then(|code| self.by_code.get(&code.to_uppercase()).copied());
        by_code.or_else(|| self.named(&area.name))
    }

    fn named(&self, name: &str) -> Option<AreaId> {
        self.by_name.get(&bare(name)).and_then(|(_, area)| *area)
    }
}

/// A name as it is compared: folded, without the words that say what kind of area it is, and without blanks, since an
/// apostrophe parts `Ma'an` but not `Maan`.
fn bare(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(' ').filter(|word| !KINDS.contains(word)).collect();
    if words.is_empty() { folded.replace(' ', "") } else { words.concat() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hsds::LocationKind;
    use uuid::Uuid;

    fn area(key: u128, level: i32, pcode: &str, name: &str) -> NamedArea {
        let names = r#"{"ar":"معان"}"#;
        let names = if key == 2 { names } else { "{}" };
        NamedArea {
            id: Uuid::from_u128(key).into(),
            level,
            pcode: pcode.into(),
            name: name.into(),
            names: names.into(),
        }
    }

    fn location(name: &str, code: Option<(&str, &str)>, lines: &[&str]) -> Location {
        Location {
            source_id: "l".into(),
            name: Some(name.into()),
            kind: LocationKind::Physical,
            latitude: None,
            longitude: None,
            address_lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            country: None,
            description: None,
            external_identifier: code.map(|(code, _)| code.to_owned()),
            external_identifier_type: code.map(|(_, kind)| kind.to_owned()),
            schedules: Vec::new(),
            transportation: None,
            accessibility: Vec::new(),
        }
    }

    #[test]
    fn places_are_found_by_code_name_and_address() {
        let all = [
            area(1, 0, "JO", "Jordan"),
            area(2, 1, "JO09", "Ma’an"),
            area(3, 1, "JO01", "Irbid"),
            area(4, 2, "JO0101", "Irbid"),
            area(5, 2, "JO0102", "Twin"),
            area(6, 2, "JO0103", "Twin"),
        ];
        let areas = Areas::of(&all);
        let found = |location: &Location| areas.locate(location).map(|id| Uuid::from(id).as_u128());
        assert_eq!(found(&location("Maan Governorate", None, &[])), Some(2));
        assert_eq!(found(&location("Mafraq", None, &[])), None);
        assert_eq!(found(&location("Governorate of Ma’an", None, &[])), Some(2));
        assert_eq!(found(&location("معان", None, &[])), Some(2));
        assert_eq!(found(&location("Irbid", None, &[])), Some(3), "the topmost");
        assert_eq!(found(&location("Twin", None, &[])), None, "two of a name");
        assert_eq!(found(&location("Hall", Some(("jo0101", "P-code (COD-AB)")), &[])), Some(4));
        assert_eq!(found(&location("Hall", Some(("JO0101", "building number")), &[])), None);
        assert_eq!(found(&location("Hall", None, &["1 Twin Road", "Irbid", "IRBID Governorate"])), Some(3));
        let served = |name: &str, uri: Option<&str>| {
            areas.served(&ServiceArea { name: name.into(), external_id: uri.map(str::to_owned) })
        };
        assert_eq!(served("jordan", None), Some(Uuid::from_u128(1).into()));
        assert_eq!(served("?", Some("https://codes.example/JO09")), Some(Uuid::from_u128(2).into()));
    }
}
