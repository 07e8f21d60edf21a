//! Taking over a directory of services.

use std::io::Write;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use super::arguments::ImportHsds;
use super::database::open_current;
use super::entry::named;
use super::failed::{Ending, Failed};
use super::migrate::unwritten;
use super::parts;
use crate::app::App;
use crate::hsds::{self, CategoryMap};
use crate::usecase::import::{Options, Progress, category_map, import, render, render_json};

/// Imports an HSDS directory; tells what was not taken and why, and the counts.
///
/// # Errors
/// The directory or the map can't be read; the database can't be used; an organization was not taken, after the report.
pub async fn hsds(asked: ImportHsds, out: &mut impl Write) -> Result<(), Failed> {
    let address = named(&asked.of)?;
    let directory = hsds::read(&asked.path).map_err(|fault| refused(format!("{fault}; nothing of it was taken.")))?;
    let app = parts::operators(open_current(&address).await?)?;
    let map = match &asked.category_map {
        Some(path) => read_map(&app, path).await?,
        None => CategoryMap::default(),
    };
    let options = Options {
        source: asked.source.unwrap_or_else(|| stem(&asked.path)),
        country: asked.country,
        language: asked.language,
        dry_run: asked.dry_run,
    };
    let bar = bar();
    let report = import(&app, &directory, &map, &options, &mut |progress| show(&bar, progress)).await;
    bar.finish_and_clear();
    app.store.close().await;
    let report = report?;
    let written = if asked.json { render_json(&report, out) } else { render(&report, out) };
    written.map_err(unwritten)?;
    match report.lost() {
        0 => Ok(()),
        lost => Err(refused(format!("Organizations that were not taken: {lost}; the report says why."))),
    }
}

async fn read_map(app: &App, path: &Path) -> Result<CategoryMap, Failed> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| refused(format!("--category-map: {} can't be read ({error}).", path.display())))?;
    category_map(app, &text).await?.map_err(|complaints| Failed {
        ending: Ending::Refused,
        sentences: complaints.iter().map(|complaint| format!("--category-map: {complaint}.")).collect(),
    })
}

/// The name of a file or folder without what stands behind its last dot.
fn stem(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    whole.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A bar on standard error, which shows nothing where that is no terminal.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    // A template that does not read leaves the plain bar.
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} services, {elapsed} of about {duration}") {
        bar.set_style(style);
    }
    bar
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.of as u64);
    bar.set_position(progress.services as u64);
}

fn refused(sentence: String) -> Failed {
    Failed::with(Ending::Refused, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_named_after_its_file() {
        assert_eq!(stem(Path::new("/data/hsds-3.2.3.ndjson")), "hsds-3.2.3");
        assert_eq!(stem(Path::new("/data/jordan.zip")), "jordan");
    }
}
