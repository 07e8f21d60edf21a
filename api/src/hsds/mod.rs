//! Reading of HSDS 3.x directories: pure, synchronous, without a store. What leaves as HSDS is shaped in [`outgoing`],
//! and asked for as [`directory`] says.
//!
//! A directory arrives as NDJSON of full services or as the tabular package.
//! Both are brought into one neutral shape ([`Directory`]); whatever cannot be
//! taken becomes a [`ReportRow`] and never an error, so that one bad row does
//! not cost the other thousand. Only what makes the whole file unreadable or
//! unsafe is a [`ReadFault`].

mod build;
pub mod category_map;
mod days;
mod decode;
pub mod directory;
pub mod export;
mod fields;
mod join;
mod listing;
mod map_file;
pub mod model;
pub mod ndjson;
pub mod outgoing;
pub mod own;
mod package;
mod parts;
pub mod report;
mod row;
mod site;
pub mod tabular;
pub mod times;
mod words;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

pub use category_map::{CategoryMap, Classification, MapComplaint};
pub use model::{
    Capacity, Contact, Directory, Location, LocationKind, Organization, Place, Service, ServiceArea, Status, Term,
};
pub use report::{Done, Reason, ReportRow};

/// What makes a whole directory unreadable; nothing of it was taken.
#[derive(Debug, thiserror::Error)]
pub enum ReadFault {
    /// The file or folder cannot be opened or read.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// The file or folder that was asked for.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is no zip, no JSON and no NDJSON with at least one object.
    #[error("this is neither NDJSON of services nor a tabular package of HSDS 3.x")]
    NotRecognized,
    /// The archive is damaged, encrypted or packed in a way that is not supported.
    #[error("the archive cannot be read: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The archive or folder holds more entries than a package can need.
    #[error("the package holds {found} entries, more than the {limit} allowed")]
    TooManyEntries {
        /// Entries found.
        found: usize,
        /// Entries allowed.
        limit: usize,
    },
    /// The unpacked contents are larger than allowed.
    #[error("the contents are larger than the {limit} bytes allowed")]
    TooLarge {
        /// Bytes allowed for all contents together.
        limit: u64,
    },
    /// One entry unpacks to suspiciously many times its packed size.
    #[error("the entry {name} unpacks to more than {limit} times its packed size")]
    Ratio {
        /// The entry.
        name: String,
        /// Times allowed.
        limit: u64,
    },
    /// An entry points out of the archive or is a link.
    #[error("the entry {name} is a link or points out of the package")]
    UnsafePath {
        /// The entry as named in the archive.
        name: String,
    },
    /// Files lie in more than one folder or deeper than one.
    #[error("the package has more than one folder; its files must lie in one")]
    SeveralFolders,
    /// Two entries of the archive have the same name.
    #[error("the package holds {name} twice")]
    EntryTwice {
        /// The file name.
        name: String,
    },
    /// A table without which there is no directory.
    #[error("the package has no {name}")]
    MissingTable {
        /// The file name that was looked for.
        name: &'static str,
    },
    /// A neutral struct could not be written in its canonical form to hash it.
    #[error("a row cannot be written in its canonical form: {0}")]
    Canonical(#[from] serde_json::Error),
}

/// A text file in UTF-8, whatever encoding it came in.
#[must_use]
pub fn utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    decode::decode(bytes).bytes
}

/// Reads the HSDS 3.x directory at `path`, whichever form it has.
///
/// A folder or a zip archive is read as the tabular package, any other file as
/// NDJSON (or one JSON document with one or many full services). Extensions do
/// not matter. Organizations come sorted by their source id, so that both
/// forms of one directory give equal results.
///
/// # Errors
/// [`ReadFault`] where nothing of the whole can be taken.
pub fn read(path: &Path) -> Result<Directory, ReadFault> {
    let fault = |source| ReadFault::Io { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(fault)?.is_dir() {
        return tabular::read_folder(path);
    }
    let mut start = [0_u8; 4];
    let mut file = File::open(path).map_err(fault)?;
    let got = file.read(&mut start).map_err(fault)?;
    if start[..got].starts_with(b"PK") { tabular::read_zip(path) } else { ndjson::read_file(path) }
}
