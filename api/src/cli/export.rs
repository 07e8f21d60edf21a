//! Writing the public directory, or a part of it, to a file.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::OfDatabase;
use super::database::open_current;
use super::entry::named;
use super::failed::{Ending, Failed};
use super::migrate::unwritten;
use super::parts;
use crate::domain::language::Language;
use crate::hsds::export::{Form, Scope};
use crate::usecase::export::export;

#[derive(Args)]
pub struct Export {
    /// The form.
    #[arg(value_enum)]
    pub form: Named,
    #[command(flatten)]
    pub of: OfDatabase,
    /// Only services that reach this area or one below it: its id or its P-code.
    #[arg(long)]
    pub area: Option<String>,
    /// Only services of this organization: its id.
    #[arg(long)]
    pub organization: Option<String>,
    /// The language of texts: en, fr or ar. Without it, each text comes in its own.
    #[arg(long)]
    pub language: Option<String>,
    /// Where it is written; without it, to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// The forms by the names they have here.
#[derive(Clone, Copy, ValueEnum)]
pub enum Named {
    /// The tabular package of HSDS 3.x: a zip of CSV tables.
    Hsds,
    /// Full services of HSDS 3.x, one a line.
    Ndjson,
    /// Points of a map.
    Geojson,
    /// Who does what where, as CSV with HXL hashtags.
    #[value(name = "3w")]
    ThreeW,
}

/// Exports what everybody may see.
///
/// # Errors
/// There is no such area, organization or language; the database or the file can't be used.
pub async fn write(asked: Export, out: &mut impl Write) -> Result<(), Failed> {
    let form = match asked.form {
        Named::Hsds => Form::Package,
        Named::Ndjson => Form::Ndjson,
        Named::Geojson => Form::GeoJson,
        Named::ThreeW => Form::ThreeW,
    };
    let refused = |sentence: &str| Failed::with(Ending::Refused, sentence);
    let language = match asked.language.as_deref() {
        None => None,
        Some(tag) => {
            let known = [Language::En, Language::Fr, Language::Ar].into_iter().find(|language| language.tag() == tag);
            Some(known.ok_or_else(|| refused("--language must be en, fr or ar."))?)
        }
    };
    let app = parts::operators(open_current(&named(&asked.of)?).await?)?;
    let scope = Scope { area: asked.area, organization: asked.organization };
    let bytes = export(&app, form, &scope, language).await;
    app.store.close().await;
    let bytes = bytes?.ok_or_else(|| refused("There is no such area or organization."))?;
    match &asked.out {
        None => out.write_all(&bytes).map_err(unwritten),
        Some(path) => std::fs::write(path, &bytes)
            .map_err(|error| refused(&format!("--out: {} can't be written ({error}).", path.display()))),
    }
}
