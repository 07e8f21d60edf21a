//! Loading a new edition of the taxonomy.

use std::io::Write;

use super::database::open_current;
use super::entry::named;
use super::failed::{Ending, Failed};
use super::import_arguments::ImportTaxonomy;
use super::migrate::unwritten;
use super::parts;
use crate::usecase::edition::{Options, apply, preview, render};

/// Tells what an edition would do, or applies it just as it was told.
///
/// # Errors
/// The file can't be read or breaks rules; the database can't be used.
pub async fn taxonomy(asked: ImportTaxonomy, out: &mut impl Write) -> Result<(), Failed> {
    let text = std::fs::read(&asked.path)
        .map_err(|error| Failed::with(Ending::Refused, format!("{} can't be read ({error}).", asked.path.display())))?;
    let app = parts::operators(open_current(&named(&asked.of)?).await?)?;
    let options =
        Options { code: asked.edition, valid_from: asked.valid_from, titles: asked.title.into_iter().collect() };
    let done = match &asked.apply {
        Some(hash) => apply(&app, &text, &options, hash).await,
        None => preview(&app, &text, &options).await,
    };
    app.store.close().await;
    let seen = done?;
    let written = if asked.json {
        serde_json::to_string(&seen).map_err(std::io::Error::from).and_then(|line| writeln!(out, "{line}"))
    } else {
        render(&seen, out)
    };
    written.map_err(unwritten)
}
