//! Texts, contacts and conditions of a service, brought within our bounds.

use crate::domain::imported::ImportedListing;
use crate::domain::language_tag::canonical_tag;
use crate::domain::service::{ContactRole, Cost, CostKind, Eligibility};
use crate::domain::service_entry::{LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_NOTE};
use crate::hsds::{Contact, Reason, Service, own};
use crate::usecase::import::report::{About, Notes};
use std::collections::BTreeSet;

/// Oldest age that a service may name, in years.
const OLDEST: u16 = 120;
/// Longest name of a contact role, in characters.
const LONGEST_ROLE: usize = 100;
/// The most parts of one kind, such as contacts.
const MOST_PARTS: usize = 50;

/// A text of at most so many characters; what is longer is cut and told.
pub(super) fn within(notes: &mut Notes<'_>, about: About<'_>, field: &str, text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    notes.partly(about, field, Reason::TooLong, None);
    let mut cut: String = text.chars().take(most - 1).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

/// An optional text, empty where there is none.
pub(super) fn described(notes: &mut Notes<'_>, about: About<'_>, field: &str, text: Option<&str>) -> String {
    within(notes, about, field, text.unwrap_or_default(), LONGEST_DESCRIPTION)
}

/// Who may come.
pub(super) fn eligibility(notes: &mut Notes<'_>, about: About<'_>, service: &Service) -> Eligibility {
    let mut age = |field, age: Option<u16>| {
        let fits = age.filter(|age| *age <= OLDEST);
        if fits != age {
            notes.partly(about, field, Reason::OutOfRange, None);
        }
        fits.map(i32::from)
    };
    let (minimum_age, maximum_age) = (age("minimum_age", service.minimum_age), age("maximum_age", service.maximum_age));
    let (mut criteria, rest) = own::stated(service);
    for stated in &mut criteria {
        stated.text = within(notes, about, "eligibility_criterion", &stated.text, LONGEST_NOTE);
    }
    let text = described(notes, about, "eligibility_description", rest.as_deref());
    let (return_types, sex, non_returnees) = own::eligibility(service);
    Eligibility { minimum_age, maximum_age, sex, return_types, non_returnees, text, criteria }
}

/// What it costs: the text as it came, since no word of it tells for sure that it is free.
pub(super) fn cost(notes: &mut Notes<'_>, about: About<'_>, service: &Service) -> Cost {
    let text = service.fees_description.as_deref().unwrap_or_default();
    Cost { kind: CostKind::Unknown, text: within(notes, about, "fees_description", text, LONGEST_NOTE) }
}

/// What a map shows beside what referrals need.
pub(super) fn listing(notes: &mut Notes<'_>, about: About<'_>, service: &Service) -> ImportedListing {
    let mut text = |field: &str, text: &Option<String>| described(notes, about, field, text.as_deref());
    ImportedListing {
        alternate_name: text("alternate_name", &service.alternate_name),
        url: service.url.clone(),
        alert: text("alert", &service.alert),
        accreditations: text("accreditations", &service.accreditations),
        interpretation: text("interpretation_services", &service.interpretation),
        cost_options: service.cost_options.clone(),
        funding: service.funding.clone(),
    }
}

/// The languages spoken, each once.
pub(super) fn languages(notes: &mut Notes<'_>, about: About<'_>, service: &Service) -> Vec<String> {
    let mut found = BTreeSet::new();
    for code in &service.languages {
        match canonical_tag(code) {
            Some(tag) => found.extend([tag]),
            None => notes.partly(about, "languages", Reason::BadFormat, Some(code)),
        }
    }
    few(notes, about, "languages", found.into_iter().collect())
}

/// The papers to bring.
pub(super) fn documents(notes: &mut Notes<'_>, about: About<'_>, service: &Service) -> Vec<String> {
    let all = &service.required_documents;
    let all = all.iter().map(|document| within(notes, about, "required_documents", document, LONGEST_NAME)).collect();
    few(notes, about, "required_documents", all)
}

/// The roles that may be called, those at a place with its name.
pub(super) fn contacts(notes: &mut Notes<'_>, about: About<'_>, service: &Service) -> Vec<ContactRole> {
    let mut found: Vec<ContactRole> = Vec::new();
    let own = service.contacts.iter().map(|contact| (contact, None));
    let at_places = service
        .places
        .iter()
        .flat_map(|place| place.contacts.iter().map(|contact| (contact, place.location.name.as_deref())));
    for (contact, place) in own.chain(at_places) {
        if contact.phones.is_empty() {
            notes.partly(about, "contacts", Reason::MissingRequired, Some(&role_of(contact, place, None)));
        }
        for phone in &contact.phones {
            let (number, extension) = phone.split_once(" ext. ").map_or((phone.as_str(), None), |(a, b)| (a, Some(b)));
            let role = within(notes, about, "contacts", &role_of(contact, place, extension), LONGEST_ROLE);
            let contact = ContactRole { role, phone: Some(number.to_owned()), email: None };
            if !is_number(number) {
                notes.partly(about, "phones", Reason::BadFormat, Some(&contact.role));
            } else if !found.contains(&contact) {
                found.push(contact);
            }
        }
    }
    few(notes, about, "contacts", found)
}

/// What is said of a contact: its role, department and place, and the extension to ask for.
fn role_of(contact: &Contact, place: Option<&str>, extension: Option<&str>) -> String {
    let said = [contact.title.as_deref(), contact.department.as_deref(), place];
    let said: Vec<&str> = said.into_iter().flatten().collect();
    let role = if said.is_empty() { "Contact".to_owned() } else { said.join(", ") };
    match extension {
        Some(extension) => format!("{role} ({extension})"),
        None => role,
    }
}

/// Whether a text is a number as the API takes it: signs of numbers only, 3 to 20 digits.
fn is_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    text.len() <= 40
        && (3..=20).contains(&digits)
        && text.chars().all(|sign| sign.is_ascii_digit() || " +-()./".contains(sign))
}

fn few<T>(notes: &mut Notes<'_>, about: About<'_>, field: &str, mut all: Vec<T>) -> Vec<T> {
    if all.len() > MOST_PARTS {
        notes.partly(about, field, Reason::TooLong, None);
        all.truncate(MOST_PARTS);
    }
    all
}
