//! What an entry of the directory must say.

use super::service_entry::*;
use crate::domain::code::Code;
use crate::domain::rule::{Failure, Rules};
use crate::domain::service::*;

fn complaints(entry: ServiceEntry) -> Vec<String> {
    match entry.checked(Rules::default()) {
        Ok(_) => Vec::new(),
        Err(Failure::Rules(rules)) => {
            rules.iter().map(|rule| format!("{} {}", rule.field.join("."), rule.code.code())).collect()
        }
        Err(other) => panic!("{other:?}"),
    }
}

fn place(kind: LocationKind) -> PlaceEntry {
    PlaceEntry {
        location: None,
        kind,
        name: "Centre".into(),
        address: String::new(),
        area: None,
        latitude: None,
        longitude: None,
        schedules: None,
        transportation: None,
        accessibility: None,
    }
}

#[test]
fn nothing_said_breaks_nothing_but_a_new_service_needs_the_least() {
    assert!(complaints(ServiceEntry::default()).is_empty());
    let Err(Failure::Rules(rules)) = ServiceEntry::default().checked_new(Rules::default()) else { panic!() };
    let fields: Vec<String> = rules.iter().map(|rule| rule.field.join(".")).collect();
    assert_eq!(fields, ["name", "language", "visibility", "takesReferrals"]);
}

#[test]
fn a_confidential_place_tells_nothing() {
    let hidden = PlaceEntry {
        address: "Somewhere 1".into(),
        latitude: Some(1.0),
        longitude: Some(1.0),
        ..place(LocationKind::Confidential)
    };
    let entry = ServiceEntry {
        places: Some(vec![place(LocationKind::Physical), hidden, place(LocationKind::Confidential)]),
        ..ServiceEntry::default()
    };
    assert_eq!(
        complaints(entry),
        ["locations.1.address INVALID", "locations.1.latitude INVALID", "locations.1.longitude INVALID"]
    );
}

#[test]
fn points_are_whole_and_on_earth() {
    let at = |latitude, longitude| ServiceEntry {
        places: Some(vec![PlaceEntry { latitude, longitude, ..place(LocationKind::Physical) }]),
        ..ServiceEntry::default()
    };
    assert!(complaints(at(Some(-90.0), Some(180.0))).is_empty());
    assert_eq!(complaints(at(Some(90.1), Some(0.0))), ["locations.0.latitude INVALID"]);
    assert_eq!(complaints(at(Some(0.0), Some(f64::NAN))), ["locations.0.longitude INVALID"]);
    assert_eq!(complaints(at(Some(1.0), None)).len(), 2);
}

#[test]
fn ages_and_contacts_make_sense() {
    let eligibility = Eligibility { minimum_age: Some(30), maximum_age: Some(18), ..Eligibility::default() };
    let contact = |phone: Option<&str>, email: Option<&str>| ContactRole {
        role: "Intake desk".into(),
        phone: phone.map(str::to_owned),
        email: email.map(str::to_owned),
    };
    let entry = ServiceEntry {
        eligibility: Some(eligibility),
        contacts: Some(vec![
            contact(Some("+223 20 00 00 00"), None),
            contact(Some("call me"), Some("intake@example.org")),
            contact(None, Some("intake at example")),
            contact(None, None),
        ]),
        ..ServiceEntry::default()
    };
    assert_eq!(
        complaints(entry),
        [
            "eligibility.maximumAge INVALID",
            "contacts.1.phone INVALID",
            "contacts.2.email INVALID",
            "contacts.3.phone REQUIRED"
        ]
    );
}

#[test]
fn texts_are_bounded_and_languages_stand_once() {
    let texts = || ServiceTexts { name: "n".into(), description: String::new() };
    let entry = ServiceEntry {
        name: Some("  ".into()),
        description: Some("x".repeat(LONGEST_DESCRIPTION + 1)),
        application_process: Some("a\0b".into()),
        translations: Some(vec![("fr".into(), texts()), ("ar".into(), texts()), ("fr".into(), texts())]),
        ..ServiceEntry::default()
    };
    assert_eq!(
        complaints(entry),
        ["name REQUIRED", "description TOO_LONG", "applicationProcess INVALID", "translations.2.language INVALID"]
    );
}

#[test]
fn a_service_is_found_by_all_its_texts() {
    let french = ServiceTexts { name: "Prêt".into(), description: "Microcrédit".into() };
    let entry = ServiceEntry {
        name: Some("Loans".into()),
        translations: Some(vec![("fr".into(), french)]),
        ..ServiceEntry::default()
    };
    assert_eq!(entry.index_texts(None), ("loans pret microcredit".into(), "loans".into()));
}
