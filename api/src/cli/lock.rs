//! One server for each SQLite file: a lock file beside it, held as long as the process lives.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::failed::{Ending, Failed};

/// The lock; given back when it is dropped or the process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock of a SQLite file, or says that another process has it.
///
/// # Errors
/// A sentence that says what to do.
pub fn take(database: &Path) -> Result<Lock, Failed> {
    let path = beside(database);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(|error| {
        let sentence = format!("{} can't be written ({error}); choose a folder you may write in.", path.display());
        Failed::with(Ending::Database, sentence)
    })?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => {
            let sentence = format!(
                "{} is open in another passerelle process; end that one first, or name another file with --database.",
                database.display()
            );
            Err(Failed::with(Ending::Database, sentence))
        }
        Err(TryLockError::Error(error)) => {
            let sentence = format!("{} can't be locked ({error}); keep it on a local disk.", path.display());
            Err(Failed::with(Ending::Database, sentence))
        }
    }
}

/// The lock file's path: the database's with `.lock` behind it.
fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_start_on_one_file_is_told_so() {
        let folder = std::env::temp_dir().join(format!("passerelle-lock-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&folder).unwrap();
        let database = folder.join("a.sqlite");
        let first = take(&database).unwrap();
        let refused = take(&database).unwrap_err();
        assert_eq!(refused.ending, Ending::Database);
        assert!(refused.sentences[0].contains("another passerelle process"), "{refused:?}");
        drop(first);
        assert!(take(&database).is_ok());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
