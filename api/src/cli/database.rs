//! Where the database is, and opening it in the state a command needs.

use std::path::PathBuf;

use super::failed::{Ending, Failed};
use super::lock::{self, Lock};
use crate::store::door::{Door, Settings};
use crate::store::schema_state::SchemaState;

/// A database as it was named.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL address, which may hold a password: there is no `Debug`.
    Postgres(String),
}

/// How many connections read; PostgreSQL has as many again for writing.
const READERS: u32 = 8;

impl Address {
    /// Reads `sqlite:PATH`, `sqlite://PATH` or a PostgreSQL address.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once(':')?;
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                (!path.is_empty() && !path.starts_with(':')).then(|| Self::File(path.into()))
            }
            "postgres" | "postgresql" if rest.starts_with("//") && rest.len() > 2 => {
                Some(Self::Postgres(text.to_owned()))
            }
            _ => None,
        }
    }

    /// The same, and a text without a scheme is a file's path.
    #[must_use]
    pub fn read_or_path(text: &str) -> Self {
        Self::read(text).unwrap_or_else(|| Self::File(text.into()))
    }

    /// How it is told to people: without user and password.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Postgres(text) => {
                let (scheme, rest) = text.split_once("//").unwrap_or(("postgres:", ""));
                let (head, _) = rest.split_once('?').unwrap_or((rest, ""));
                let place = head.rsplit_once('@').map_or(head, |(_, place)| place);
                format!("{scheme}//{place}")
            }
        }
    }

    /// Takes the file's lock; PostgreSQL needs none.
    ///
    /// # Errors
    /// Another process holds it.
    pub fn lock(&self) -> Result<Option<Lock>, Failed> {
        match self {
            Self::File(path) => lock::take(path).map(Some),
            Self::Postgres(_) => Ok(None),
        }
    }

    /// Opens it; a missing file is made where `create` says so.
    ///
    /// # Errors
    /// What [`crate::store::door::OpenError`] tells.
    pub async fn open(&self, create: bool) -> Result<Door, Failed> {
        let url = match self {
            Self::File(path) if !create && !path.exists() => {
                let sentence = format!("{} does not exist; run `passerelle migrate up` to make it.", path.display());
                return Err(Failed::with(Ending::Database, sentence));
            }
            Self::File(path) => {
                let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
                format!("sqlite://{path}")
            }
            Self::Postgres(url) => url.clone(),
        };
        Ok(Door::open(&Settings { url, readers: READERS, create }).await?)
    }
}

/// Opens a database that is there and has exactly this program's steps.
///
/// # Errors
/// It can't be opened, or it is behind or ahead.
pub async fn open_current(address: &Address) -> Result<Door, Failed> {
    let door = address.open(false).await?;
    current(&door, address).await?;
    Ok(door)
}

/// That a database has exactly this program's steps.
///
/// # Errors
/// It is behind or ahead.
pub async fn current(door: &Door, address: &Address) -> Result<(), Failed> {
    match door.schema_state().await? {
        SchemaState::Current => Ok(()),
        SchemaState::Behind(_) => {
            let sentence = format!("{} is behind this version; run `passerelle migrate up`.", address.shown());
            Err(Failed::with(Ending::Database, sentence))
        }
        SchemaState::Ahead(_) => Err(newer(address)),
    }
}

/// What is said of a database that a newer version made.
#[must_use]
pub fn newer(address: &Address) -> Failed {
    let sentence = format!(
        "{} was made by a newer version of Passerelle; start that version, or name another database.",
        address.shown()
    );
    Failed::with(Ending::Database, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_shown_without_secrets() {
        for (text, shown) in [
            ("sqlite:a.sqlite", "a.sqlite"),
            ("sqlite:///data/a.sqlite", "/data/a.sqlite"),
            ("postgres://me:secret@db.example.org/passerelle?sslmode=require", "postgres://db.example.org/passerelle"),
            ("postgresql://db/passerelle", "postgresql://db/passerelle"),
        ] {
            assert_eq!(Address::read(text).map(|address| address.shown()).as_deref(), Some(shown), "{text}");
        }
        for text in ["", "a.sqlite", "mysql://db/a", "sqlite:", "sqlite::memory:", "postgres:"] {
            assert!(Address::read(text).is_none(), "{text}");
        }
        assert_eq!(Address::read_or_path("a b.sqlite").shown(), "a b.sqlite");
    }
}
