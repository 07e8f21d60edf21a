//! Which rows the reference API of HSDS shows: what is public and on offer, and of that what is asked for.

use crate::domain::code::Code;
use crate::domain::directory::FreshOn;
use crate::domain::folding::fold;
use crate::hsds::directory::{Filter, Near};
use crate::hsds::outgoing::taxonomy::{Meaning, Scheme};
use crate::store::fresh::takes_referrals;
use crate::store::search::is_hit;
use crate::store::statement::{Sql, containing};
use sea_orm::Value;

/// The services that everybody may see and that are not ended. Every statement of the reference API has it.
pub(super) const PUBLIC: &str = "s.visibility = 'PUBLIC' AND s.status IN ('PUBLISHED', 'PAUSED')";

/// What is asked of a list, with its terms already understood.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub filter: Filter,
    /// All of these have to hold.
    pub meanings: Vec<Meaning>,
    /// The day on which it is asked.
    pub on: FreshOn,
}

/// The condition that each word of `text` occurs in one of these columns; a text of signs alone finds nothing.
pub(super) fn written(sql: &mut Sql, columns: &[&'static str], text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().filter(|word| !fold(word).is_empty()).collect();
    if words.is_empty() {
        return "1 = 0".into();
    }
    let all: Vec<String> = words
        .into_iter()
        .map(|word| {
            // SQLite makes only the letters of ASCII small, so that others are also tried as they were typed.
            let (small, typed) = (sql.bind(containing(word)), sql.bind(as_typed(word)));
            let any: Vec<String> = columns
                .iter()
                .map(|column| format!("lower({column}) LIKE {small} ESCAPE '\\' OR {column} LIKE {typed} ESCAPE '\\'"))
                .collect();
            format!("({})", any.join(" OR "))
        })
        .collect();
    all.join(" AND ")
}

/// A pattern that finds texts which contain `word` in just this writing.
fn as_typed(word: &str) -> String {
    let escaped: String = word
        .chars()
        .flat_map(|sign| matches!(sign, '%' | '_' | '\\').then_some('\\').into_iter().chain([sign]))
        .collect();
    format!("%{escaped}%")
}

/// The condition on `service s` and its organization `so` that a term's meaning holds.
pub(super) fn means(sql: &mut Sql, meaning: &Meaning, on: &FreshOn) -> String {
    if let Meaning::Referrals(takes) = meaning {
        let open = takes_referrals(sql, on);
        return if *takes { open } else { format!("NOT {open}") };
    }
    let mut is = |column: &str, code: String| format!("{column} = {}", sql.bind(code));
    match meaning {
        Meaning::Category(code) => is("s.category_code", code.clone()),
        Meaning::Dimension(dimension) => is("s.dimension", dimension.code().into()),
        Meaning::Level(level) => is("s.level", level.code().into()),
        Meaning::Kind(kind) => format!("so.kinds LIKE {}", sql.bind(format!("%\"{}\"%", kind.code()))),
        Meaning::ReturnType(way) => format!("s.eligibility LIKE {}", sql.bind(format!("%\"{}\"%", way.code()))),
        Meaning::Sex(sex) => format!("s.eligibility LIKE {}", sql.bind(format!("%\"sex\":\"{}\"%", sex.code()))),
        Meaning::NonReturnees => "s.eligibility LIKE '%\"non_returnees\":true%'".into(),
        Meaning::Stated => "s.eligibility LIKE '%\"criteria\":[{%'".into(),
        Meaning::Any(Scheme::Categories | Scheme::Levels) => "s.category_code IS NOT NULL".into(),
        Meaning::Any(Scheme::OrganizationKinds) => "so.kinds <> '[]'".into(),
        Meaning::Any(Scheme::Eligibility) => "(s.eligibility LIKE '%\"return_types\":[\"%' OR (s.eligibility LIKE \
             '%\"sex\":\"%' AND s.eligibility NOT LIKE '%\"sex\":\"UNKNOWN\"%') OR s.eligibility LIKE \
             '%\"non_returnees\":true%' OR s.eligibility LIKE '%\"criteria\":[{%')"
            .into(),
        Meaning::Referrals(_) | Meaning::Any(Scheme::Referrals) => "1 = 1".into(),
        Meaning::Nothing => "1 = 0".into(),
    }
}

/// The conditions on `service s` that are the same for services and for their places.
pub(super) fn of_service(sql: &mut Sql, wanted: &Wanted) -> Vec<String> {
    let mut all = vec![PUBLIC.to_owned()];
    let filter = &wanted.filter;
    if let Some(organization) = filter.organization_id {
        all.push(format!("s.organization_id = {}", sql.bind(organization)));
    }
    // One search for all doors: what the words find here is what they find in GraphQL.
    all.extend(filter.search.as_ref().map(|text| is_hit(sql, PUBLIC, text)));
    if !filter.areas.is_empty() {
        let areas = sql.bind_all(filter.areas.iter().copied());
        all.push(format!(
            "EXISTS (SELECT 1 FROM service_reach sr WHERE sr.service_id = s.id AND sr.area_id IN ({areas}))"
        ));
    }
    if let Some(since) = filter.modified_after {
        let since = sql.bind(since);
        all.push(format!("(s.updated_at >= {since} OR so.updated_at >= {since})"));
    }
    all.extend(wanted.meanings.iter().map(|meaning| means(sql, meaning, &wanted.on)));
    all
}

/// A box on `location lo` that holds a circle, and somewhat more.
pub(super) fn around(sql: &mut Sql, near: &Near) -> String {
    // A degree of latitude is 110.5 km at least.
    let height = near.meters / 110_000.0;
    let mut text = format!(
        "lo.kind = 'PHYSICAL' AND lo.latitude BETWEEN {} AND {}",
        number(sql, near.latitude - height),
        number(sql, near.latitude + height)
    );
    let farthest = (near.latitude.abs() + height).min(90.0).to_radians().cos();
    let width = height / farthest;
    if !width.is_finite() || width >= 180.0 {
        return text + " AND lo.longitude IS NOT NULL";
    }
    let (west, east) = (near.longitude - width, near.longitude + width);
    let mut between =
        |west: f64, east: f64| format!("lo.longitude BETWEEN {} AND {}", number(sql, west), number(sql, east));
    let mut parts = vec![between(west, east)];
    if west < -180.0 {
        parts.push(between(west + 360.0, 180.0));
    }
    if east > 180.0 {
        parts.push(between(-180.0, east - 360.0));
    }
    text += &format!(" AND ({})", parts.join(" OR "));
    text
}

fn number(sql: &mut Sql, value: f64) -> String {
    sql.bind(Value::Double(Some(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_goes_around_the_earth_where_the_day_changes() {
        let mut sql = Sql::default();
        let text = around(&mut sql, &Near { latitude: -16.0, longitude: 179.9, meters: 50_000.0 });
        assert_eq!(text.matches("BETWEEN").count(), 3, "{text}");
        let text = around(&mut Sql::default(), &Near { latitude: 89.9, longitude: 0.0, meters: 50_000.0 });
        assert!(text.ends_with("lo.longitude IS NOT NULL"), "{text}");
    }

    #[test]
    fn words_are_searched_one_by_one_and_signs_find_nothing() {
        let mut sql = Sql::default();
        assert_eq!(written(&mut sql, &["a", "b"], " one 50%  ").matches(" AND ").count(), 1);
        assert!(format!("{:?}", sql.values).contains("50\\\\%"), "{:?}", sql.values);
        assert_eq!(written(&mut Sql::default(), &["a"], "%% -"), "1 = 0");
    }
}
