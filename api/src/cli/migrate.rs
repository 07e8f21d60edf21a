//! Bringing a database to this version, and telling how it stands.

use std::io::Write;

use super::arguments::Migrate;
use super::database::newer;
use super::entry::named;
use super::failed::{Ending, Failed};
use crate::store::schema_state::SchemaState;

/// Makes the missing steps, or tells which are missing.
///
/// # Errors
/// The database can't be used; for `status`, also that it is not current.
pub async fn migrate(asked: Migrate, out: &mut impl Write) -> Result<(), Failed> {
    let (of, makes) = match asked {
        Migrate::Up(of) => (of, true),
        Migrate::Status(of) => (of, false),
    };
    let address = named(&of)?;
    let lock = if makes { address.lock()? } else { None };
    let door = address.open(makes).await?;
    let state = door.schema_state().await?;
    let lines = match (state, makes) {
        (SchemaState::Ahead(_), _) => return Err(newer(&address)),
        (SchemaState::Current, _) => vec!["The database is current.".to_owned()],
        (SchemaState::Behind(_), true) => door.migrate().await?.iter().map(|step| format!("made {step}")).collect(),
        (SchemaState::Behind(missing), false) => {
            let mut sentences: Vec<String> = missing.iter().map(|step| format!("missing {step}")).collect();
            sentences.push("Run `passerelle migrate up`.".to_owned());
            return Err(Failed { ending: Ending::Database, sentences });
        }
    };
    door.close().await;
    drop(lock);
    for line in lines {
        writeln!(out, "{line}").map_err(unwritten)?;
    }
    Ok(())
}

/// What is said when the output is gone.
#[must_use]
pub fn unwritten(error: std::io::Error) -> Failed {
    Failed::with(Ending::Broken, format!("The output can't be written ({error})."))
}
