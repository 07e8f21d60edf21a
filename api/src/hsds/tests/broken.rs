//! Files with faults: each is told with its file and line, and costs no more than its row.

use encoding_rs::{WINDOWS_1252, WINDOWS_1256};

use super::*;
use crate::hsds::Done;

/// The tables as bytes, with one of them in other bytes, read.
fn with_bytes(name: &str, change: impl Fn(&str) -> Vec<u8>) -> Directory {
    let scratch = Scratch::new();
    for (file, text) in TABLES {
        let bytes = if file == name { change(text) } else { text.as_bytes().to_vec() };
        scratch.write(file, &bytes);
    }
    crate::hsds::read(&scratch.0).unwrap()
}

fn recoded(directory: &Directory, file: &str) -> Option<String> {
    let row = directory.refused.iter().find(|row| row.reason == Reason::Recoded)?;
    assert_eq!((row.file.as_deref(), row.done()), (Some(file), Done::Converted));
    row.detail.clone()
}

#[test]
fn tables_in_other_encodings_are_converted_and_told() {
    let plain = from_ndjson();
    let sixteen =
        |text: &str| std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let directory = with_bytes("services.csv", sixteen);
    assert_eq!(directory.organizations, plain.organizations);
    assert_eq!(recoded(&directory, "services.csv").as_deref(), Some("UTF-16LE"));
    let french = |text: &str| {
        let header = text.lines().next().unwrap();
        let text = format!("{header}\nriverside,Bureau de la rivière,,\"Là où l’on revient, près du théâtre\",,,\n");
        WINDOWS_1252.encode(&text).0.into_owned()
    };
    let directory = with_bytes("organizations.csv", french);
    assert_eq!(recoded(&directory, "organizations.csv").as_deref(), Some("windows-1252"));
    assert_eq!(directory.organizations[0].name, "Bureau de la rivière");
    let header = "id,name,description\n";
    let arabic = |_: &str| {
        let text = format!(
            "{header}7c0d4a9e-0b7e-4f3e-9a55-3f5cf2f3a001,جمعية الأمل الجديد,تقدم الجمعية خدمات للعائدين إلى البلاد\n"
        );
        WINDOWS_1256.encode(&text).0.into_owned()
    };
    let directory = with_bytes("organizations.csv", arabic);
    assert_eq!(recoded(&directory, "organizations.csv").as_deref(), Some("windows-1256"));
    assert_eq!(directory.organizations[0].name, "جمعية الأمل الجديد");
}

#[test]
fn a_row_with_broken_signs_is_told_by_its_line_and_the_others_are_taken() {
    let directory = with_bytes("services.csv", |text| [text.as_bytes(), b"x,\xC3\x28,active,y\n"].concat());
    let row = directory.refused.iter().find(|row| matches!(row.reason, Reason::NotUtf8 | Reason::Ragged)).unwrap();
    let lines = TABLES.iter().find(|(name, _)| *name == "services.csv").unwrap().1.lines().count() as u64;
    assert_eq!((row.file.as_deref(), row.line), (Some("services.csv"), Some(lines + 1)));
    assert_eq!(directory.organizations, from_ndjson().organizations);
}

#[test]
fn a_fault_names_its_file_line_field_and_what_was_done() {
    let directory = with_table("service_at_location.csv", |text| Some(format!("{text}x1,nowhere,nowhere\n")));
    let rows = directory.unwrap().refused;
    let row = rows.iter().find(|row| row.source_id.as_deref() == Some("x1")).unwrap();
    let last = TABLES.iter().find(|(name, _)| *name == "service_at_location.csv").unwrap().1.lines().count() as u64;
    assert_eq!((row.file.as_deref(), row.line), (Some("service_at_location.csv"), Some(last + 1)));
    assert_eq!((row.field.as_deref(), row.done()), (Some("service_id"), Done::RowLeftOut));
    let lines = ndjson::read_bytes(NDJSON.replace("\"status\":\"active\"", "\"status\":\"open\"").as_bytes()).unwrap();
    let row = lines.refused.iter().find(|row| row.field.as_deref() == Some("status")).unwrap();
    assert_eq!((row.line, row.done()), (Some(1), Done::FieldLeftOut));
}

#[test]
fn times_that_there_are_not_are_told_and_left_out() {
    let broken = [
        ("09:00+01:00", "25:00+01:00", "opens_at"),
        ("16:00+01:00", "16:71", "closes_at"),
        ("2031-01-15", "2031-02-30", "assured_date"),
        ("2031-02-03T08:00:00Z", "2031-02-03T28:00:00Z", "last_modified"),
        ("2031-01-15", "0031-01-15", "assured_date"),
    ];
    for (sound, none, field) in broken {
        assert!(NDJSON.contains(sound), "{sound}");
        let rows = ndjson::read_bytes(NDJSON.replace(sound, none).as_bytes()).unwrap().refused;
        let row = rows.iter().find(|row| row.field.as_deref() == Some(field));
        let row = row.unwrap_or_else(|| panic!("{none} is taken"));
        assert_eq!((row.reason, row.taken, row.line.is_some()), (Reason::ImpossibleTime, true, true), "{none}");
    }
}

#[test]
fn the_guard_against_formulas_is_taken_off_again() {
    let guarded = with_table("organizations.csv", |text| Some(text.replace(",Riverside", ",'=Riverside")));
    let names: Vec<String> = guarded.unwrap().organizations.into_iter().map(|one| one.name).collect();
    assert!(names.iter().all(|name| !name.starts_with('\'')), "{names:?}");
}
