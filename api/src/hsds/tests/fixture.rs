//! What the invented directory gives, and that both forms give the same.

use super::*;
use crate::hsds::model::{LocationKind, Status};

#[test]
fn takes_three_organizations_and_seven_of_eight_services() {
    let directory = from_ndjson();
    assert_eq!(directory.organizations.len(), 3);
    let services = directory.organizations.iter().map(|one| one.services.len()).sum::<usize>();
    assert_eq!(services, 7);
    let left_out: Vec<_> = directory.refused.iter().filter(|row| !row.taken && row.entity == "service").collect();
    assert_eq!(left_out.len(), 1);
    assert_eq!(left_out[0].field.as_deref(), Some("name"));
    assert_eq!(left_out[0].organization_source_id.as_deref(), Some("riverside"));
}

#[test]
fn takes_the_fields_of_a_full_service() {
    let directory = from_ndjson();
    let service = service(&directory, "Formation professionnelle en menuiserie");
    assert_eq!(service.status, Status::Active);
    assert_eq!((service.minimum_age, service.maximum_age), (Some(16), Some(35)));
    assert_eq!(service.languages, ["ar", "fr"]);
    assert_eq!(service.assured_date.unwrap().to_string(), "2031-01-15");
    assert_eq!(service.last_modified.unwrap().to_string(), "2031-02-03T08:00:00Z");
    assert_eq!(service.contacts.len(), 2);
    assert_eq!(service.contacts[0].phones, ["+212 500 000 000"]);
    assert_eq!(service.contacts[1].phones, ["+212 500 000 001 ext. 12"]);
    assert_eq!(service.contacts[1].department.as_deref(), Some("Atelier"));
    assert_eq!((service.capacities[0].available, service.capacities[0].maximum), (4, Some(12)));
    let place = &service.places[0];
    assert_eq!(place.location.kind, LocationKind::Physical);
    assert_eq!(place.location.latitude, Some(33.6));
    assert_eq!(place.location.country.as_deref(), Some("MA"));
    assert_eq!(place.location.address_lines, ["1 rue du Four", "Ville-Port", "Littoral", "00001"]);
    assert_eq!(place.service_areas[0].external_id.as_deref(), Some("https://codes.example/XX01"));
    let times = [&place.schedules, &place.location.schedules].into_iter().flatten().next().unwrap();
    assert_eq!(
        (times.days.join(","), times.every, times.opens, times.offset),
        ("MO,TU".into(), 2, Some(540), Some(60))
    );
}

#[test]
fn takes_what_can_be_taken_of_a_row_with_errors() {
    let directory = from_ndjson();
    let service = service(&directory, "Starter grant for small businesses");
    assert_eq!(service.status, Status::Inactive);
    assert_eq!((service.minimum_age, service.url.as_deref()), (None, None));
    assert!(service.contacts.is_empty(), "a person without a role is no contact");
    let location = &service.places[0].location;
    assert_eq!((location.latitude, location.longitude), (None, None));
    let rows = &directory.refused;
    assert!(tells(rows, "service", Some("status"), Reason::UnknownValue));
    assert!(tells(rows, "service", Some("minimum_age"), Reason::WrongType));
    assert!(tells(rows, "service", Some("url"), Reason::BadFormat));
    assert!(tells(rows, "location", Some("latitude"), Reason::OutOfRange));
    assert!(tells(rows, "location", Some("longitude"), Reason::IncompletePoint));
    assert!(tells(rows, "contact", Some("name"), Reason::PersonalData));
    assert!(tells(rows, "organization", Some("id"), Reason::NotAUuid));
    assert!(tells(rows, "organization", Some("logo"), Reason::NoPlace));
}

#[test]
fn keeps_mailboxes_of_roles_only_and_no_name_of_a_person() {
    let directory = from_ndjson();
    let emails: Vec<_> = directory.organizations.iter().filter_map(|o| o.email.clone()).collect();
    assert_eq!(emails, ["accueil@pont-atlas.example"]);
    assert!(!format!("{:?}", directory.organizations).contains("Invented Person"));
}

#[test]
fn both_forms_give_the_same_directory() {
    let folder = with_table("", |_| None).unwrap();
    let lines = from_ndjson();
    assert_eq!(folder.organizations, lines.organizations);
    let sorted = |mut rows: Vec<ReportRow>| {
        // Where it stands is all that differs.
        rows.iter_mut().for_each(|row| (row.file, row.line) = (None, None));
        rows.sort();
        rows
    };
    assert_eq!(sorted(folder.refused), sorted(lines.refused));
}

#[test]
fn bom_crlf_and_column_order_do_not_matter() {
    let plain = with_table("", |_| None).unwrap();
    let turned = |text: &str| {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xEF\xBB\xBF".to_vec());
        writer.write_record(reader.headers().unwrap().iter().rev()).unwrap();
        for record in reader.records() {
            writer.write_record(record.unwrap().iter().rev()).unwrap();
        }
        Some(String::from_utf8(writer.into_inner().unwrap()).unwrap())
    };
    assert_eq!(with_table("services.csv", turned).unwrap(), plain);
    assert_eq!(with_table("locations.csv", turned).unwrap(), plain);
    let crlf = format!("\u{feff}{}", NDJSON.replace('\n', "\r\n\r\n"));
    assert_eq!(anywhere(ndjson::read_bytes(crlf.as_bytes()).unwrap()), anywhere(from_ndjson()));
}

/// The same, wherever in its file each thing stands.
fn anywhere(mut directory: Directory) -> Directory {
    directory.refused.iter_mut().for_each(|row| {
        row.line = None;
        row.source_id = row.source_id.take().filter(|id| !id.starts_with("line "));
    });
    directory
}

#[test]
fn an_absent_optional_table_is_no_fault_and_a_needed_one_is() {
    let without = with_table("languages.csv", |_| None).unwrap();
    assert!(service(&without, "Formation professionnelle en menuiserie").languages.is_empty());
    let fault = with_table("services.csv", |_| None).unwrap_err();
    assert!(matches!(fault, ReadFault::MissingTable { name: "services.csv" }));
}

#[test]
fn extra_columns_are_told_once_and_dangling_rows_each() {
    let more = with_table("service_at_location.csv", |text| {
        let lines: Vec<_> = text.lines().map(|line| format!("{line},mood")).collect();
        Some(format!("{}\nx1,nowhere,nowhere,mood\ny,z\n", lines.join("\n")))
    });
    let directory = more.unwrap();
    let rows = &directory.refused;
    assert_eq!(rows.iter().filter(|row| row.field.as_deref() == Some("mood")).count(), 1);
    for field in ["service_id", "location_id"] {
        let row =
            rows.iter().find(|row| row.reason == Reason::DanglingReference && row.field.as_deref() == Some(field));
        assert_eq!(row.unwrap().source_id.as_deref(), Some("x1"));
        assert!(!row.unwrap().taken);
    }
    assert!(tells(rows, "service_at_location", None, Reason::Ragged));
    assert_eq!(directory.organizations, from_ndjson().organizations);
}

#[test]
fn a_place_without_its_location_is_told_once() {
    let service = from_ndjson().organizations[0].services[0].source_id.clone();
    let directory = with_table("service_at_location.csv", |text| Some(format!("{text}x2,{service},nowhere\n")));
    let rows = directory.unwrap().refused;
    let of_place: Vec<_> = rows.iter().filter(|row| row.source_id.as_deref() == Some("x2")).collect();
    assert_eq!(of_place.len(), 1);
    assert_eq!(of_place[0].reason, Reason::DanglingReference);
}

#[test]
fn a_service_is_taken_once_at_a_location() {
    let directory = with_table("service_at_location.csv", |text| {
        let (_, rest) = text.lines().nth(1).unwrap().split_once(',').unwrap();
        Some(format!("{text}5d0c2f6e-8a35-4d5d-9a0e-0d6f5a7e2b10,{rest}\n"))
    });
    let directory = directory.unwrap();
    assert!(tells(&directory.refused, "service_at_location", None, Reason::DuplicatePlace));
    assert_eq!(directory.organizations, from_ndjson().organizations);
}

#[test]
fn duplicates_are_told_and_the_first_holds() {
    let first = NDJSON.lines().next().unwrap();
    let again = first.replace("menuiserie", "plomberie");
    let directory = ndjson::read_bytes(format!("{NDJSON}{again}\n").as_bytes()).unwrap();
    assert!(tells(&directory.refused, "service", Some("id"), Reason::DuplicateId));
    assert_eq!(directory.organizations, from_ndjson().organizations);
    let twice = with_table("services.csv", |text| Some(format!("{text}{}\n", text.lines().nth(1).unwrap())));
    assert!(tells(&twice.unwrap().refused, "service", Some("id"), Reason::DuplicateId));
    let other = NDJSON.replacen("Accompagne", "Suit", 1);
    let rows = ndjson::read_bytes(other.as_bytes()).unwrap().refused;
    assert!(tells(&rows, "organization", None, Reason::Contradicts));
}

#[test]
fn a_service_of_an_unknown_organization_is_left_out() {
    let line =
        r#"{"id":"5d0c2f6e-8a35-4d5d-9a0e-0d6f5a7e2b10","name":"Lost","status":"active","organization_id":"nobody"}"#;
    let directory = ndjson::read_bytes(format!("{NDJSON}{line}\n").as_bytes()).unwrap();
    let row = directory.refused.iter().find(|row| row.reason == Reason::DanglingReference);
    assert_eq!(row.unwrap().organization_source_id.as_deref(), Some("nobody"));
    assert_eq!(directory.organizations, from_ndjson().organizations);
}

#[test]
fn broken_lines_are_told_and_the_rest_goes_on() {
    let text = format!("{NDJSON}{{\"id\": \n17\n\u{0}\n[\"x\"]\n");
    let directory = ndjson::read_bytes(text.as_bytes()).unwrap();
    let broken: Vec<_> = directory.refused.iter().filter(|row| row.reason == Reason::NotJson).collect();
    assert_eq!(broken.len(), 2);
    assert_eq!(broken[0].source_id.as_deref(), Some("line 9"));
    assert!(tells(&directory.refused, "service", None, Reason::NotAnObject));
    assert_eq!(directory.organizations, from_ndjson().organizations);
}

#[test]
fn a_page_or_a_single_document_is_read_as_well() {
    let lines: Vec<&str> = NDJSON.lines().collect();
    let page = format!("{{\n\"contents\": [\n{}\n]}}", lines.join(",\n"));
    assert_eq!(anywhere(ndjson::read_bytes(page.as_bytes()).unwrap()), anywhere(from_ndjson()));
    for nothing in ["", "\n\n", "hello", "17", "[]", "[[1]]"] {
        let fault = ndjson::read_bytes(nothing.as_bytes()).unwrap_err();
        assert!(matches!(fault, ReadFault::NotRecognized), "{nothing:?}");
    }
}

#[test]
fn hashes_follow_the_contents_and_nothing_else() {
    let plain = from_ndjson();
    let mut lines: Vec<&str> = NDJSON.lines().collect();
    lines.reverse();
    let turned = ndjson::read_bytes(lines.join("\n").as_bytes()).unwrap();
    assert_eq!(turned.organizations, plain.organizations);
    let changed = NDJSON.replacen("33.6,", "33.7,", 2);
    let changed = ndjson::read_bytes(changed.as_bytes()).unwrap();
    let differing = plain.organizations.iter().zip(&changed.organizations);
    assert_eq!(differing.filter(|(a, b)| a.content_hash != b.content_hash).count(), 1);
    let mut hashes: Vec<_> = plain.organizations.iter().flat_map(|o| &o.services).map(|s| &s.content_hash).collect();
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), 7);
    assert!(hashes.iter().all(|hash| hash.len() == 64));
}
