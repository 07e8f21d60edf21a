//! Who does what where, as CSV with the hashtags of HXL 1.1 in the row under the header. Public things only: no
//! contacts, no counts of people. Cells of organizations, sectors, activities and states are always filled.

use super::cell::{guarded, writer};
use super::{Around, Gathered, inside, list, terms, text};
use isocountry::CountryCode;
use serde_json::{Map, Value};

/// Header and hashtag of each column.
const COLUMNS: [(&str, &str); 31] = [
    ("Organization", "#org+name"),
    ("Acronym", "#org+acronym"),
    ("Organization id", "#org+code"),
    ("Organization type", "#org+type"),
    ("Funder", "#org+funder+name"),
    ("Programme", "#activity+programme"),
    ("Sector", "#sector+name"),
    ("Sector code", "#sector+code+v_passerelle"),
    ("Subsector", "#subsector+name"),
    ("Subsector code", "#subsector+code+v_passerelle"),
    ("Activity", "#activity+name"),
    ("Service", "#service+name"),
    ("Country", "#country+name"),
    ("Country code (ISO alpha-3)", "#country+code+v_iso3"),
    ("Country code (ISO alpha-2)", "#country+code+v_iso2"),
    ("Admin 1", "#adm1+name"),
    ("Admin 1 P-code", "#adm1+code+v_pcode"),
    ("Admin 2", "#adm2+name"),
    ("Admin 2 P-code", "#adm2+code+v_pcode"),
    ("Admin 3", "#adm3+name"),
    ("Admin 3 P-code", "#adm3+code+v_pcode"),
    ("Place", "#loc+name"),
    ("Latitude", "#geo+lat"),
    ("Longitude", "#geo+lon"),
    ("Start", "#date+start"),
    ("End", "#date+end"),
    ("Reported", "#date+reported"),
    ("Status", "#status"),
    ("Beneficiary group", "#beneficiary+type"),
    ("Modality", "#modality"),
    ("Record", "#meta+id"),
];

/// Where the directory does not say, and a cell must be filled.
const NOT_STATED: &str = "Not stated";
/// The sector of what nobody has classified.
const NOT_CLASSIFIED: &str = "Not classified";

/// The table, a row for each service at a location; a service given at no location has one row of its own.
///
/// # Errors
/// What the writer refuses.
pub fn three_w(gathered: &Gathered) -> std::io::Result<Vec<u8>> {
    let mut writer = writer();
    writer.write_record(COLUMNS.map(|(header, _)| header))?;
    writer.write_record(COLUMNS.map(|(_, tag)| tag))?;
    for service in &gathered.services {
        let mut given = false;
        for place in list(service, "service_at_locations") {
            given = true;
            writer.write_record(row(gathered, service, Some(place)))?;
        }
        if !given {
            writer.write_record(row(gathered, service, None))?;
        }
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.trim().is_empty() { otherwise } else { text }
}

fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    all.join("; ")
}

fn row(gathered: &Gathered, service: &Map<String, Value>, place: Option<&Map<String, Value>>) -> [String; 31] {
    let empty = Map::new();
    let organization = inside(service, "organization").unwrap_or(&empty);
    let location = place.and_then(|place| inside(place, "location")).unwrap_or(&empty);
    let around = gathered.around.get(text(location, "id")).map(Vec::as_slice).unwrap_or_default();
    let (category, label) = terms(service, "category").next().unwrap_or_default();
    let (dimension, sector) = terms(service, "dimension").next().unwrap_or_default();
    let kinds = joined(terms(organization, "organization_kind").map(|(_, name)| name));
    let funders = list(service, "funding").chain(list(organization, "funding"));
    let funders = joined(funders.map(|funding| text(funding, "source")));
    let program = inside(service, "program").map_or("", |program| text(program, "name"));
    let beneficiaries = joined(terms(service, "eligibility").map(|(_, name)| name));
    let own = gathered.countries.get(text(organization, "id")).map_or("", String::as_str);
    let country = around.first().map_or(own, |area| &area.country);
    let iso = CountryCode::for_alpha2(country).ok();
    let name = around.iter().find(|area| area.level == 0).map_or("", |area| &area.name);
    let name = or(name, iso.map_or(country, |code| code.name()));
    let (adm1, adm2, adm3) = (at(around, 1), at(around, 2), at(around, 3));
    let code = list(organization, "organization_identifiers").map(|each| text(each, "identifier")).next().unwrap_or("");
    // Funded to the end of what lasts longest, unless some of it has no end.
    let ends: Vec<&str> = list(service, "funding").map(|funding| text(funding, "valid_to")).collect();
    let end = ends.iter().filter(|_| !ends.contains(&"")).max().copied().unwrap_or_default();
    let texts = [
        text(organization, "name"),
        or(text(organization, "alternate_name"), NOT_STATED),
        or(code, NOT_STATED),
        or(&kinds, NOT_STATED),
        or(&funders, NOT_STATED),
        or(program, NOT_STATED),
        or(sector, NOT_CLASSIFIED),
        or(dimension, "UNCLASSIFIED"),
        label,
        category,
        or(label, NOT_CLASSIFIED),
        text(service, "name"),
        name,
        iso.map_or("", |code| code.alpha3()),
        country,
        adm1.0,
        adm1.1,
        adm2.0,
        adm2.1,
        adm3.0,
        adm3.1,
        text(location, "name"),
        "",
        "",
        gathered.started.get(text(service, "id")).map_or("", String::as_str),
        end,
        text(service, "last_modified").get(..10).unwrap_or_default(),
        status(text(service, "status")),
        &beneficiaries,
        modality(location),
        place.map_or_else(|| text(service, "id"), |place| text(place, "id")),
    ];
    let mut cells = texts.map(guarded);
    // Numbers of ours, of which none is a formula, though one may begin with its sign.
    for (at, name) in [(22, "latitude"), (23, "longitude")] {
        cells[at] = location.get(name).and_then(Value::as_f64).map(|number| number.to_string()).unwrap_or_default();
    }
    cells
}

/// Name and code of the area of a level around a location.
fn at(around: &[Around], level: i32) -> (&str, &str) {
    around.iter().find(|area| area.level == level).map_or(("", ""), |area| (&area.name, &area.code))
}

fn status(status: &str) -> &'static str {
    match status {
        "active" => "ongoing",
        "temporarily closed" | "inactive" => "suspended",
        _ => "completed",
    }
}

/// How it is given. A place that is told without a name may be one where people come to a door that nobody may know of.
fn modality(location: &Map<String, Value>) -> &'static str {
    match text(location, "location_type") {
        "physical" => "in person",
        "virtual" if !text(location, "name").is_empty() => "remote",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hashtag_reads_and_no_column_names_a_contact() {
        let sound = |part: &str| {
            part.starts_with(|sign: char| sign.is_ascii_lowercase())
                && part.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_')
        };
        for (_, tag) in COLUMNS {
            assert!(tag.strip_prefix('#').is_some_and(|rest| rest.split('+').all(sound)), "{tag}");
            assert!(!tag.starts_with("#contact"), "{tag}");
        }
    }
}
