//! Archives: the honest ones are read, those made to harm are refused.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::*;
use crate::hsds::package::{LIMITS, Limits, from_folder, from_zip};

fn pack(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn packed_tables(folder: &str) -> Vec<u8> {
    let named: Vec<_> = TABLES.iter().map(|(name, text)| (format!("{folder}{name}"), text.as_bytes())).collect();
    let named: Vec<_> = named.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    pack(&named)
}

fn fault_of(entries: &[(&str, &[u8])], limits: Limits) -> ReadFault {
    let scratch = Scratch::new();
    from_zip(&scratch.write("a.zip", &pack(entries)), limits).err().unwrap()
}

#[test]
fn a_zip_with_or_without_a_top_folder_gives_the_same() {
    for folder in ["", "directory/"] {
        let scratch = Scratch::new();
        let path = scratch.write("directory.bin", &packed_tables(folder));
        let directory = crate::hsds::read(&path).unwrap();
        assert_eq!(directory.organizations, from_ndjson().organizations);
    }
}

#[test]
fn a_folder_in_the_folder_is_found_and_two_are_refused() {
    let scratch = Scratch::new();
    for (name, text) in TABLES {
        scratch.write(&format!("inner/{name}"), text.as_bytes());
    }
    let directory = crate::hsds::read(&scratch.0).unwrap();
    assert_eq!(directory.organizations, from_ndjson().organizations);
    scratch.write("second/services.csv", b"id\n");
    assert!(matches!(crate::hsds::read(&scratch.0), Err(ReadFault::SeveralFolders)));
}

#[test]
fn paths_out_of_the_archive_are_refused() {
    for name in ["../services.csv", "/services.csv", "a/../../services.csv", "a\\services.csv"] {
        let fault = fault_of(&[(name, b"id\n")], LIMITS);
        assert!(matches!(fault, ReadFault::UnsafePath { .. }), "{name}: {fault}");
    }
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("services.csv", "../elsewhere", SimpleFileOptions::default()).unwrap();
    let scratch = Scratch::new();
    let path = scratch.write("a.zip", &writer.finish().unwrap().into_inner());
    assert!(matches!(from_zip(&path, LIMITS), Err(ReadFault::UnsafePath { .. })));
}

#[test]
fn several_or_deep_folders_are_refused() {
    let several: [(&str, &[u8]); 2] = [("a/services.csv", b"id\n"), ("b/units.csv", b"id\n")];
    assert!(matches!(fault_of(&several, LIMITS), ReadFault::SeveralFolders));
    let deep: [(&str, &[u8]); 1] = [("a/b/services.csv", b"id\n")];
    assert!(matches!(fault_of(&deep, LIMITS), ReadFault::SeveralFolders));
}

#[test]
fn bombs_are_refused_by_ratio_size_and_number() {
    let zeros = vec![b'0'; 3 << 20];
    let bomb: [(&str, &[u8]); 1] = [("services.csv", &zeros)];
    assert!(matches!(fault_of(&bomb, LIMITS), ReadFault::Ratio { .. }));
    let small = Limits { total: 1 << 20, ..LIMITS };
    assert!(matches!(fault_of(&bomb, small), ReadFault::TooLarge { .. }));
    let names: Vec<String> = (0..65).map(|at| format!("{at}.csv")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(matches!(fault_of(&many, LIMITS), ReadFault::TooManyEntries { found: 65, .. }));
    let scratch = Scratch::new();
    scratch.write("services.csv", &zeros);
    assert!(matches!(from_folder(&scratch.0, small), Err(ReadFault::TooLarge { .. })));
}

#[test]
fn a_header_that_lies_about_the_size_does_not_help() {
    // The declared size stands in the local header and the central directory.
    let zeros = vec![b'0'; 3 << 20];
    let mut bytes = pack(&[("services.csv", &zeros)]);
    let told = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let at: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, four)| *four == told).map(|(at, _)| at).collect();
    assert!(!at.is_empty());
    for at in at {
        bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let scratch = Scratch::new();
    let path = scratch.write("a.zip", &bytes);
    assert!(matches!(from_zip(&path, LIMITS), Err(ReadFault::Io { .. })));
}

#[test]
fn a_damaged_archive_is_a_fault_and_no_crash() {
    let whole = packed_tables("");
    for cut in [2, 30, whole.len() / 2, whole.len() - 5] {
        let scratch = Scratch::new();
        let path = scratch.write("a.zip", &whole[..cut]);
        assert!(crate::hsds::read(&path).is_err(), "cut at {cut}");
    }
    let missing = crate::hsds::read(std::path::Path::new("no-such-directory"));
    assert!(matches!(missing, Err(ReadFault::Io { .. })));
}

#[test]
fn files_without_a_place_are_told() {
    let scratch = Scratch::new();
    for (name, text) in TABLES {
        scratch.write(name, text.as_bytes());
    }
    scratch.write("metadata.csv", b"id,resource_id\n");
    let rows = crate::hsds::read(&scratch.0).unwrap().refused;
    assert!(tells(&rows, "metadata.csv", None, Reason::NoPlace));
}
