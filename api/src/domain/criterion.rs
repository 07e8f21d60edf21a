//! The conditions under which a service takes somebody, each with a key by which it is cited, and what can be said of a
//! person by each. Nothing here is stored.

use crate::domain::case::{AgeBand, Sex};
use crate::domain::code::{Code as _, codes};
use crate::domain::folding::fold;
use crate::domain::organization::Translations;
use crate::domain::service::{Eligibility, ReturnType, Service};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most conditions that a provider states in its own words.
pub const MOST_STATED: usize = 30;
/// Longest key of a stated condition, in characters.
pub const LONGEST_KEY: usize = 40;

codes! {
    /// What a published condition is about.
    pub enum CriterionKind {
        /// The person's age.
        Age = "AGE",
        /// The person's sex.
        Sex = "SEX",
        /// How the person returned.
        ReturnType = "RETURN_TYPE",
        /// That the person returned at all: people who never migrated are not taken.
        Returnees = "RETURNEES",
        /// Where the person lives.
        Area = "AREA",
        /// The languages spoken.
        Language = "LANGUAGE",
        /// The documents to bring.
        Documents = "DOCUMENTS",
        /// A condition in the provider's own words, with a key of its own.
        Stated = "STATED",
        /// The provider's free text about who may come, which nobody but a reader can judge.
        Text = "TEXT",
        /// That a place is free.
        Places = "PLACES",
        /// That the service takes referrals now.
        Open = "OPEN",
    }
}

codes! {
    /// Whether somebody meets a condition.
    pub enum CheckAnswer {
        /// It is met.
        Pass = "PASS",
        /// It is not met.
        Fail = "FAIL",
        /// Too little is known to say.
        Unknown = "UNKNOWN",
    }
}

/// A condition in the provider's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatedCriterion {
    /// By which it is cited: capital letters, digits and underscores, once in a service.
    pub key: String,
    /// In the service's language.
    pub text: String,
    pub translations: Translations,
}

/// How the place where somebody lives lies to the areas that a service reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaFit {
    /// In one of them.
    Inside,
    /// It holds one of them: more has to be known.
    Around,
    /// In none of them.
    Outside,
}

/// What is said of a person; what is not said is not known.
#[derive(Debug, Clone, Default)]
pub struct Attributes {
    /// Youngest and oldest age it can be, in completed years.
    pub age: Option<(i32, i32)>,
    pub sex: Option<Sex>,
    pub return_type: Option<ReturnType>,
    pub is_returnee: Option<bool>,
    pub area: Option<AreaFit>,
    /// BCP 47 tags.
    pub languages: Option<Vec<String>>,
    /// The documents that they can bring, in the service's words.
    pub documents: Option<Vec<String>>,
    /// Whether they meet stated conditions, by key.
    pub stated: BTreeMap<String, bool>,
}

/// A condition that a service publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    pub key: String,
    pub kind: CriterionKind,
}

/// A condition with what can be said of a person by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub criterion: Criterion,
    pub answer: CheckAnswer,
}

/// When a check is made, and what of the service the asker may know.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub today: Date,
    /// UTC microseconds.
    pub now: i64,
    pub max_age_days: i32,
    /// Whether the asker is told of places: not without a token.
    pub shows_places: bool,
}

/// The youngest and oldest age of a band, in completed years.
#[must_use]
pub fn ages(band: AgeBand) -> (i32, i32) {
    match band {
        AgeBand::From0To4 => (0, 4),
        AgeBand::From5To11 => (5, 11),
        AgeBand::From12To17 => (12, 17),
        AgeBand::From18To24 => (18, 24),
        AgeBand::From25To39 => (25, 39),
        AgeBand::From40To59 => (40, 59),
        AgeBand::From60 => (60, 120),
    }
}

/// The conditions on persons that a service publishes, in a fixed order; what a decline can cite.
#[must_use]
pub fn published(service: &Service) -> Vec<Criterion> {
    use CriterionKind as Kind;
    let of = &service.eligibility;
    let said = [
        (Kind::Age, of.minimum_age.is_some() || of.maximum_age.is_some()),
        (Kind::Sex, of.sex.is_some()),
        (Kind::ReturnType, !of.return_types.is_empty()),
        (Kind::Returnees, of.non_returnees == Some(false)),
        (Kind::Area, !service.areas.is_empty()),
        (Kind::Language, !service.languages.is_empty()),
        (Kind::Documents, !service.required_documents.is_empty()),
    ];
    let built_in = said.into_iter().filter(|(_, is_said)| *is_said).map(|(kind, _)| plain(kind));
    let stated = of.criteria.iter().map(|stated| Criterion { key: stated.key.clone(), kind: Kind::Stated });
    let text = (!of.text.is_empty()).then(|| plain(Kind::Text));
    built_in.chain(stated).chain(text).collect()
}

fn plain(kind: CriterionKind) -> Criterion {
    Criterion { key: kind.code().to_owned(), kind }
}

/// Whether a key can't be a stated condition's: it names another kind of condition, or is not of the form.
#[must_use]
pub fn is_key(key: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(fits) && CriterionKind::from_code(key).is_none()
}

/// What can be said of a person by each published condition, and by whether the service can take anybody now.
#[must_use]
pub fn check(service: &Service, person: &Attributes, at: Moment) -> Vec<Checked> {
    let mut all: Vec<Checked> = published(service)
        .into_iter()
        .map(|criterion| Checked { answer: answer(service, person, &criterion), criterion })
        .collect();
    // Nothing is published of people who never migrated: whether they may come has to be asked.
    if service.eligibility.non_returnees.is_none() && person.is_returnee == Some(false) {
        all.push(Checked { criterion: plain(CriterionKind::Returnees), answer: CheckAnswer::Unknown });
    }
    if at.shows_places
        && let Some(answer) = places(service, at.now)
    {
        all.push(Checked { criterion: plain(CriterionKind::Places), answer });
    }
    let open = met(service.closed_because(at.today, at.max_age_days).is_none());
    all.push(Checked { criterion: plain(CriterionKind::Open), answer: open });
    all
}

/// All answers together: one that is not met decides, else one that is not known.
#[must_use]
pub fn overall(checked: &[Checked]) -> CheckAnswer {
    let has = |answer| checked.iter().any(|one| one.answer == answer);
    if has(CheckAnswer::Fail) {
        CheckAnswer::Fail
    } else if has(CheckAnswer::Unknown) {
        CheckAnswer::Unknown
    } else {
        CheckAnswer::Pass
    }
}

/// What can be said of a person by one condition.
#[must_use]
pub fn answer(service: &Service, person: &Attributes, criterion: &Criterion) -> CheckAnswer {
    let of = &service.eligibility;
    let known = match criterion.kind {
        CriterionKind::Age => return age(of, person.age),
        CriterionKind::Sex => {
            person.sex.filter(|sex| *sex != Sex::Unknown).map(|sex| of.sex.is_none_or(|only| only == sex))
        }
        CriterionKind::ReturnType => person
            .return_type
            .filter(|returned| *returned != ReturnType::Unspecified)
            .map(|returned| of.return_types.is_empty() || of.return_types.contains(&returned)),
        CriterionKind::Returnees => match (person.is_returnee, of.non_returnees) {
            (Some(true), _) => Some(true),
            (Some(false), said) => said,
            (None, _) => None,
        },
        CriterionKind::Area => match person.area {
            Some(AreaFit::Inside) => Some(true),
            Some(AreaFit::Outside) => Some(false),
            Some(AreaFit::Around) | None => None,
        },
        CriterionKind::Language => {
            person.languages.as_deref().map(|spoken| shares_a_language(&service.languages, spoken))
        }
        CriterionKind::Documents => person.documents.as_deref().map(|held| {
            let held: Vec<String> = held.iter().map(|document| fold(document)).collect();
            service.required_documents.iter().all(|needed| held.contains(&fold(needed)))
        }),
        CriterionKind::Stated => person.stated.get(&criterion.key).copied(),
        CriterionKind::Text | CriterionKind::Places | CriterionKind::Open => None,
    };
    known.map_or(CheckAnswer::Unknown, met)
}

fn met(holds: bool) -> CheckAnswer {
    if holds { CheckAnswer::Pass } else { CheckAnswer::Fail }
}

/// Whether an age that lies between two fits: surely, surely not, or maybe.
fn age(of: &Eligibility, known: Option<(i32, i32)>) -> CheckAnswer {
    let Some((youngest, oldest)) = known else { return CheckAnswer::Unknown };
    let (least, most) = (of.minimum_age.unwrap_or(0), of.maximum_age.unwrap_or(i32::MAX));
    if least <= youngest && oldest <= most {
        CheckAnswer::Pass
    } else if oldest < least || youngest > most {
        CheckAnswer::Fail
    } else {
        CheckAnswer::Unknown
    }
}

/// Whether one language is on both lists; regions and scripts do not part people.
fn shares_a_language(spoken: &[String], known: &[String]) -> bool {
    let base = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    known.iter().any(|tag| spoken.iter().any(|other| base(tag) == base(other)))
}

/// Whether a place is free, as far as the provider's word on it is recent; nothing where it states none.
fn places(service: &Service, now: i64) -> Option<CheckAnswer> {
    let stated: Vec<_> = service.capacities.iter().filter(|capacity| capacity.total.is_some()).collect();
    if stated.is_empty() {
        return None;
    }
    let recent = || stated.iter().filter(|capacity| !capacity.is_outdated(now));
    if service.allows_overbooking || recent().any(|capacity| capacity.free().is_some_and(|free| free > 0)) {
        Some(CheckAnswer::Pass)
    } else if recent().count() < stated.len() {
        Some(CheckAnswer::Unknown)
    } else {
        Some(CheckAnswer::Fail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::area::Area;

    fn service() -> Service {
        let stated = StatedCriterion { key: "HAS_LAND".into(), text: "Has land".into(), ..StatedCriterion::default() };
        Service {
            eligibility: Eligibility {
                minimum_age: Some(18),
                maximum_age: Some(40),
                sex: Some(Sex::Female),
                return_types: vec![ReturnType::Avrr],
                criteria: vec![stated],
                non_returnees: Some(false),
                text: "Three months in the town".into(),
            },
            languages: vec!["fr-ML".into()],
            required_documents: vec!["Carte d’identité".into()],
            areas: vec![area()],
            ..Service::default()
        }
    }

    fn area() -> Area {
        let area = serde_json::json!({ "id": uuid::Uuid::nil(), "country": "XX", "level": 1, "pcode": "XX01",
            "edition": "", "name": "District", "names": {} });
        serde_json::from_value(area).unwrap()
    }

    fn answers(person: &Attributes) -> Vec<(String, CheckAnswer)> {
        let service = service();
        published(&service).iter().map(|one| (one.key.clone(), answer(&service, person, one))).collect()
    }

    #[test]
    fn nothing_known_is_unknown_by_every_condition() {
        let all = answers(&Attributes::default());
        let keys: Vec<&str> = all.iter().map(|(key, _)| key.as_str()).collect();
        let expected = ["AGE", "SEX", "RETURN_TYPE", "RETURNEES", "AREA", "LANGUAGE", "DOCUMENTS", "HAS_LAND", "TEXT"];
        assert_eq!(keys, expected);
        assert!(all.iter().all(|(_, answer)| *answer == CheckAnswer::Unknown), "{all:?}");
    }

    #[test]
    fn each_condition_is_judged_by_itself() {
        let person = Attributes {
            age: Some((17, 17)),
            sex: Some(Sex::Female),
            return_type: Some(ReturnType::Forced),
            is_returnee: Some(true),
            area: Some(AreaFit::Outside),
            languages: Some(vec!["ar".into(), "fr".into()]),
            documents: Some(vec!["carte d’identite".into()]),
            stated: BTreeMap::from([("HAS_LAND".to_owned(), false)]),
        };
        use CheckAnswer::{Fail, Pass, Unknown};
        let told: Vec<CheckAnswer> = answers(&person).into_iter().map(|(_, answer)| answer).collect();
        assert_eq!(told, [Fail, Pass, Fail, Pass, Fail, Pass, Pass, Fail, Unknown]);
    }

    #[test]
    fn a_band_that_lies_across_the_limit_is_unknown() {
        let of = |least, most| Eligibility { minimum_age: least, maximum_age: most, ..Eligibility::default() };
        assert_eq!(age(&of(Some(16), None), Some(ages(AgeBand::From12To17))), CheckAnswer::Unknown);
        assert_eq!(age(&of(Some(18), None), Some(ages(AgeBand::From12To17))), CheckAnswer::Fail);
        assert_eq!(age(&of(Some(18), Some(39)), Some(ages(AgeBand::From25To39))), CheckAnswer::Pass);
        assert_eq!(age(&of(None, Some(59)), Some(ages(AgeBand::From60))), CheckAnswer::Fail);
    }

    #[test]
    fn a_key_of_the_providers_own_is_no_built_in_one() {
        assert!(is_key("HAS_LAND") && is_key("A1"));
        assert!(!is_key("AGE") && !is_key("has land") && !is_key("") && !is_key(&"A".repeat(41)));
    }
}
