//! Taking over the boundaries of areas.

use std::io::Write;

use super::database::open_current;
use super::entry::named;
use super::failed::{Ending, Failed};
use super::import_arguments::ImportBoundaries;
use super::migrate::unwritten;
use super::parts;
use crate::usecase::boundaries::{Options, import, render, render_json};

/// Imports a file of boundaries; tells what it did, or everything that keeps it from being taken.
///
/// # Errors
/// The file can't be read; the database can't be used; the file has problems, after the report.
pub async fn boundaries(asked: ImportBoundaries, out: &mut impl Write) -> Result<(), Failed> {
    let address = named(&asked.of)?;
    let text = std::fs::read_to_string(&asked.path)
        .map_err(|error| refused(format!("{} can't be read ({error}).", asked.path.display())))?;
    let app = parts::operators(open_current(&address).await?)?;
    let options = Options { country: asked.country, edition: asked.edition, dry_run: asked.dry_run };
    let report = import(&app, &text, &options).await;
    app.store.close().await;
    let report = report?;
    let written = if asked.json { render_json(&report, out) } else { render(&report, out) };
    written.map_err(unwritten)?;
    match report.problems.len() {
        0 => Ok(()),
        problems => Err(refused(format!("Problems: {problems}; nothing was written."))),
    }
}

fn refused(sentence: String) -> Failed {
    Failed::with(Ending::Refused, sentence)
}
