//! The smaller parts of services and places: contacts, times, terms, areas.

use super::model::{Capacity, Contact, LocationKind, ServiceArea, Term};
use super::own;
use super::report::{Reason, Report};
use super::row::Row;

/// Local parts that belong to a role and not to a person.
const ROLE_MAILBOXES: [&str; 34] = [
    "info",
    "infos",
    "information",
    "contact",
    "contacts",
    "contactus",
    "office",
    "admin",
    "hello",
    "support",
    "help",
    "helpdesk",
    "helpline",
    "hotline",
    "reception",
    "secretariat",
    "referral",
    "referrals",
    "intake",
    "enquiries",
    "inquiries",
    "mail",
    "press",
    "media",
    "cases",
    "feedback",
    "complaints",
    "protection",
    "accueil",
    "bureau",
    "orientation",
    "coordination",
    "reintegration",
    "registration",
];

/// The mailbox of a field if it is that of a role; a person's is reported and left out.
pub(super) fn role_mailbox(row: &Row<'_>, report: &mut Report, field: &str) -> Option<String> {
    let email = row.line(report, field)?.to_lowercase();
    let email = row.keep_if(report, field, email, is_mailbox)?;
    let (local, domain) = email.split_once('@')?;
    let words: Vec<&str> = local.split(|c: char| !c.is_alphabetic()).collect();
    let ends = [words.first(), words.last()];
    let is_role = ends.into_iter().flatten().any(|word| ROLE_MAILBOXES.contains(word));
    // An organization that writes from its own name: `passage@passage.example`.
    if is_role || domain.split('.').next() == Some(local) {
        return Some(email);
    }
    row.refuse(report, Some(field), Reason::PersonalData, true);
    None
}

fn is_mailbox(email: &str) -> bool {
    email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !email.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ','))
            && !domain.contains('@')
    })
}

/// Roles with their numbers: those of `contacts` and the general ones of `phones`.
pub(super) fn contacts(row: &Row<'_>, report: &mut Report) -> Vec<Contact> {
    let mut found = Vec::new();
    let general = phones(row, report);
    if !general.is_empty() {
        found.push(Contact { title: None, department: None, phones: general });
    }
    for map in row.list(report, "contacts") {
        let inner = row.inner("contact", map, report);
        let named = inner.line(report, "name").is_some();
        let title = inner.line(report, "title");
        let department = inner.line(report, "department");
        // A number beside nothing but a person's name is that person's number.
        let is_role = title.is_some() || department.is_some();
        if named {
            inner.refuse(report, Some("name"), Reason::PersonalData, is_role);
        }
        if is_role {
            found.push(Contact { title, department, phones: phones(&inner, report) });
        }
    }
    sorted(found)
}

fn phones(row: &Row<'_>, report: &mut Report) -> Vec<String> {
    let mut numbers = Vec::new();
    for map in row.list(report, "phones") {
        let inner = row.inner("phone", map, report);
        let Some(number) = inner.required_line(report, "number") else { continue };
        let number = number.trim_matches(['"', '\'', ' ']).to_owned();
        let Some(mut number) = inner.keep_if(report, "number", number, is_phone) else { continue };
        if let Some(extension) = inner.whole(report, "extension", 999_999) {
            number.push_str(&format!(" ext. {extension}"));
        }
        numbers.push(number);
    }
    sorted(numbers)
}

fn is_phone(number: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    (3..=20).contains(&digits)
        && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | ' ' | '.' | '/'))
}

/// The terms attached to a row.
pub(super) fn terms(row: &Row<'_>, report: &mut Report) -> Vec<Term> {
    let mut found = Vec::new();
    for map in row.list(report, "attributes") {
        let attribute = row.inner("attribute", map, report);
        let Some(term) = attribute.object(report, "taxonomy_term") else {
            attribute.refuse(report, Some("taxonomy_term"), Reason::MissingRequired, false);
            continue;
        };
        let term = attribute.inner("taxonomy_term", term, report);
        let Some(name) = term.required_line(report, "name") else { continue };
        let detail = term.object(report, "taxonomy_detail");
        let detail = detail.map(|detail| term.inner("taxonomy", detail, report));
        let taxonomy = match &detail {
            Some(detail) => detail.line(report, "name"),
            None => None,
        };
        let taxonomy_id = match &detail {
            Some(detail) => detail.line(report, "id"),
            None => term.line(report, "taxonomy_id"),
        };
        let link_type = attribute.line(report, "link_type");
        let stated = attribute.line(report, "label").zip(attribute.text(report, "value"));
        let is_stated = own::is_stated(taxonomy_id.as_deref(), link_type.as_deref());
        if !is_stated {
            attribute.no_place(report, &["label", "value"]);
        }
        found.push(Term {
            stated: stated.filter(|_| is_stated),
            taxonomy: taxonomy.or_else(|| term.line(report, "taxonomy")).unwrap_or_default(),
            taxonomy_id,
            name,
            code: term.line(report, "code"),
            term_id: term.line(report, "id"),
            link_type,
        });
    }
    sorted(found)
}

/// What stands before the code of an administrative area.
const PCODE: &str = "P-code (COD-AB) ";

/// The areas a row serves; shapes are left out.
pub(super) fn areas(row: &Row<'_>, report: &mut Report) -> Vec<ServiceArea> {
    let mut found = Vec::new();
    for map in row.list(report, "service_areas") {
        let inner = row.inner("service_area", map, report);
        let name = inner.line(report, "name");
        let Some(name) = name.or_else(|| inner.line(report, "description")) else {
            inner.refuse(report, Some("name"), Reason::MissingRequired, false);
            continue;
        };
        // As our own exports name the code of an area.
        let code = inner.line(report, "description").and_then(|text| text.strip_prefix(PCODE).map(str::to_owned));
        found.push(ServiceArea { name, external_id: inner.line(report, "uri").or(code) });
    }
    sorted(found)
}

/// The codes of the languages a row names.
pub(super) fn languages(row: &Row<'_>, report: &mut Report) -> Vec<String> {
    let mut found = Vec::new();
    for map in row.list(report, "languages") {
        let inner = row.inner("language", map, report);
        let Some(code) = inner.required_line(report, "code") else { continue };
        // The standard has a place for the language alone; which of its forms is spoken stands beside it.
        let whole =
            inner.line(report, "note").filter(|note| is_language(note) && note.split('-').next() == Some(&code));
        let code = whole.unwrap_or(code);
        let (first, rest) = code.split_once(['-', '_']).unwrap_or((&code, ""));
        let first = first.to_lowercase();
        let tag = if rest.is_empty() { first } else { format!("{first}-{rest}") };
        found.extend(inner.keep_if(report, "code", tag, is_language));
    }
    sorted(found)
}

fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    matches!(first.len(), 2 | 3)
        && first.chars().all(|c| c.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// The papers a row asks for.
pub(super) fn documents(row: &Row<'_>, report: &mut Report) -> Vec<String> {
    let mut found = Vec::new();
    for map in row.list(report, "required_documents") {
        let inner = row.inner("required_document", map, report);
        found.extend(inner.required_line(report, "document"));
    }
    sorted(found)
}

/// The room a row has.
pub(super) fn capacities(row: &Row<'_>, report: &mut Report) -> Vec<Capacity> {
    let mut found = Vec::new();
    for map in row.list(report, "capacities") {
        let inner = row.inner("service_capacity", map, report);
        let unit = inner.object(report, "unit").map(|unit| inner.inner("unit", unit, report));
        let unit = unit.and_then(|unit| unit.required_line(report, "name"));
        let available = inner.whole(report, "available", 1_000_000);
        let (Some(unit), Some(available)) = (unit, available) else {
            inner.refuse(report, None, Reason::MissingRequired, false);
            continue;
        };
        let mut maximum = inner.whole(report, "maximum", 1_000_000);
        if maximum.is_some_and(|maximum| maximum < available) {
            inner.refuse(report, Some("maximum"), Reason::OutOfRange, true);
            maximum = None;
        }
        found.push(Capacity {
            unit,
            available,
            maximum,
            description: inner.text(report, "description"),
            updated: inner.timestamp(report, "updated"),
        });
    }
    sorted(found)
}

/// The lines and the country of the one address that is kept, the physical one first.
pub(super) fn address(row: &Row<'_>, kind: LocationKind, report: &mut Report) -> (Vec<String>, Option<String>) {
    let wanted = if kind == LocationKind::Postal { "postal" } else { "physical" };
    let mut all: Vec<_> = row.list(report, "addresses");
    all.sort_by_key(|map| map.get("address_type").and_then(|kind| kind.as_str()) != Some(wanted));
    let mut all = all.into_iter().map(|map| row.inner("address", map, report)).collect::<Vec<_>>();
    for other in all.drain(1.min(all.len())..) {
        other.refuse(report, None, Reason::OnlyOne, false);
    }
    let Some(address) = all.first() else { return (Vec::new(), None) };
    if address.line(report, "attention").is_some() {
        address.refuse(report, Some("attention"), Reason::PersonalData, true);
    }
    let fields = ["address_1", "address_2", "city", "region", "state_province", "postal_code"];
    let lines = fields.iter().filter_map(|field| address.line(report, field)).collect();
    (lines, country(address, report))
}

/// The country a row names.
pub(super) fn country(row: &Row<'_>, report: &mut Report) -> Option<String> {
    let code = row.line(report, "country")?.to_uppercase();
    row.keep_if(report, "country", code, |code| code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase()))
}

/// Sorts and drops repetitions, so that the order of the source does not matter.
pub(super) fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort();
    items.dedup();
    items
}
