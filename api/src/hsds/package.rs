//! The files of a tabular package, from a folder or a zip archive nobody vouches for.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Component, Path, PathBuf};

use super::ReadFault;
use super::fields::TABLES;

/// Bounds against archives made to exhaust the reader.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Unpacked bytes of all files together.
    pub(super) total: u64,
    /// Entries, folders included.
    pub(super) entries: usize,
    /// Unpacked size over packed size of an entry beyond `ratio_from` bytes.
    pub(super) ratio: u64,
    /// Unpacked bytes up to which the ratio does not matter.
    pub(super) ratio_from: u64,
}

/// The bounds in force. Tables of real directories pack some twenty times.
pub(super) const LIMITS: Limits = Limits { total: 512 << 20, entries: 64, ratio: 200, ratio_from: 1 << 20 };

/// The tables found, by file name, and the names of files that are not read.
#[derive(Default)]
pub(super) struct Package {
    /// File name and contents, in no order.
    pub(super) tables: Vec<(String, Vec<u8>)>,
    /// Files without a place here.
    pub(super) others: Vec<String>,
}

impl Package {
    fn add(&mut self, name: &str, read: impl FnOnce() -> Result<Vec<u8>, ReadFault>) -> Result<(), ReadFault> {
        if TABLES.iter().any(|(file, _)| *file == name) {
            self.tables.push((name.to_owned(), read()?));
        } else if name != "datapackage.json" {
            self.others.push(name.to_owned());
        }
        Ok(())
    }
}

/// Reads a folder, or the one folder in it if it holds no table itself.
pub(super) fn from_folder(path: &Path, limits: Limits) -> Result<Package, ReadFault> {
    let (mut files, folders) = list_folder(path, limits)?;
    if !files.iter().any(|(name, _)| name == "services.csv") {
        match folders.as_slice() {
            [] => {}
            [only] => files = list_folder(only, limits)?.0,
            _ => return Err(ReadFault::SeveralFolders),
        }
    }
    let mut package = Package::default();
    let mut left = limits.total;
    for (name, file) in files {
        package.add(&name, || {
            let fault = |source| ReadFault::Io { path: file.clone(), source };
            let bytes = read_bounded(File::open(&file).map_err(fault)?, left).map_err(fault)?;
            left = left.checked_sub(bytes.len() as u64).ok_or(ReadFault::TooLarge { limit: limits.total })?;
            Ok(bytes)
        })?;
    }
    Ok(package)
}

type Listing = (Vec<(String, PathBuf)>, Vec<PathBuf>);

/// Files and folders of a folder, by name; links and hidden entries are passed over.
fn list_folder(path: &Path, limits: Limits) -> Result<Listing, ReadFault> {
    let fault = |source| ReadFault::Io { path: path.to_owned(), source };
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(path).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(fault)?;
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            folders.push(entry.path());
        } else if kind.is_file() {
            files.push((name, entry.path()));
        }
    }
    if files.len() > limits.entries {
        return Err(ReadFault::TooManyEntries { found: files.len(), limit: limits.entries });
    }
    files.sort();
    Ok((files, folders))
}

/// Reads a zip archive; every entry is judged by its name before anything is unpacked.
pub(super) fn from_zip(path: &Path, limits: Limits) -> Result<Package, ReadFault> {
    let fault = |source| ReadFault::Io { path: path.to_owned(), source };
    from_archive(File::open(path).map_err(fault)?, path, limits)
}

/// The same of an archive that lies anywhere; `path` names it.
pub(super) fn from_archive(file: impl Read + Seek, path: &Path, limits: Limits) -> Result<Package, ReadFault> {
    let fault = |source| ReadFault::Io { path: path.to_owned(), source };
    let mut archive = zip::ZipArchive::new(file)?;
    if archive.len() > limits.entries {
        return Err(ReadFault::TooManyEntries { found: archive.len(), limit: limits.entries });
    }
    let wanted = judge_entries(&mut archive, limits)?;
    let mut package = Package::default();
    let mut left = limits.total;
    for (index, name) in wanted {
        package.add(&name, || {
            let entry = archive.by_index(index)?;
            // The archive's headers were judged; the reader fails where they lied, and
            // this bound holds even if it did not.
            let bytes = read_bounded(entry, left).map_err(fault)?;
            left = left.checked_sub(bytes.len() as u64).ok_or(ReadFault::TooLarge { limit: limits.total })?;
            Ok(bytes)
        })?;
    }
    Ok(package)
}

/// Index and bare file name of each file; refuses paths that leave the archive.
fn judge_entries(
    archive: &mut zip::ZipArchive<impl Read + Seek>,
    limits: Limits,
) -> Result<Vec<(usize, String)>, ReadFault> {
    let (mut wanted, mut folders, mut names) = (Vec::new(), HashSet::new(), HashSet::new());
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index(index)?;
        let name = entry.name()?.into_owned();
        let parts = safe_parts(&name).filter(|_| !entry.is_symlink());
        let Some(parts) = parts else { return Err(ReadFault::UnsafePath { name }) };
        if entry.is_dir() || parts.iter().any(|part| part.starts_with('.') || part == "__MACOSX") {
            continue;
        }
        let (size, packed) = (entry.size(), entry.compressed_size().max(1));
        total = total.saturating_add(size);
        if total > limits.total {
            return Err(ReadFault::TooLarge { limit: limits.total });
        }
        if size > limits.ratio_from && size / packed > limits.ratio {
            return Err(ReadFault::Ratio { name, limit: limits.ratio });
        }
        let Some((file, folder)) = parts.split_last() else { continue };
        folders.insert(folder.to_vec());
        if folder.len() > 1 || folders.len() > 1 {
            return Err(ReadFault::SeveralFolders);
        }
        if !names.insert(file.clone()) {
            return Err(ReadFault::EntryTwice { name: file.clone() });
        }
        wanted.push((index, file.clone()));
    }
    Ok(wanted)
}

/// The parts of an entry's path; none if it is absolute or goes upward.
fn safe_parts(name: &str) -> Option<Vec<String>> {
    if name.contains(['\\', '\0', ':']) {
        return None;
    }
    let mut parts = Vec::new();
    for part in Path::new(name).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?.to_owned()),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(parts)
}

/// Reads one byte more than allowed at most, so that the caller sees the excess.
fn read_bounded(reader: impl Read, left: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(left.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}
