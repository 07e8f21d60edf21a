//! Taking over a directory of services.

use std::io::Write;
use std::path::Path;

use uuid::Uuid;

use indicatif::{ProgressBar, ProgressStyle};

use super::database::open_current;
use super::entry::named;
use super::failed::{Ending, Failed};
use super::import_arguments::ImportHsds;
use super::migrate::unwritten;
use super::parts;
use crate::app::App;
use crate::domain::import_run::ImportRun;
use crate::hsds::{self, CategoryMap, Directory};
use crate::usecase::import::{
    HandedIn, Options, Progress, Report, apply_run, category_map, hand_in, import, preview, refuse_run, render,
    render_differences, render_differences_json, render_json,
};

/// The publisher, when none is named. Not the file's name, which changes with each version of a directory.
const DEFAULT_SOURCE: &str = "hsds";

/// Imports an HSDS directory, or looks at what an import would do; tells what was not taken and why, and the counts.
///
/// # Errors
/// The directory or the map can't be read; the database can't be used; an organization was not taken, after the report.
pub async fn hsds(asked: ImportHsds, out: &mut impl Write) -> Result<(), Failed> {
    let address = named(&asked.of)?;
    let Some(path) = asked.path.as_ref().filter(|_| asked.refuse.is_none()) else { return refuse(&asked).await };
    let directory = hsds::read(path).map_err(|fault| refused(format!("{fault}; nothing of it was taken.")))?;
    let app = parts::operators(open_current(&address).await?)?;
    let map = match &asked.category_map {
        Some(path) => read_map(&app, path).await?,
        None => CategoryMap::default(),
    };
    let report = taken(&app, &asked, &directory, &map, out).await;
    app.store.close().await;
    let Some(report) = report? else { return Ok(()) };
    let written = if asked.json { render_json(&report, out) } else { render(&report, out) };
    written.map_err(unwritten)?;
    match report.lost() {
        0 if report.is_empty() => Err(refused("Nothing in it could be taken; the report says why.".to_owned())),
        0 => Ok(()),
        lost => Err(refused(format!("Organizations that were not taken: {lost}; the report says why."))),
    }
}

/// Does what is asked with a directory; without a report where it was only looked at.
async fn taken(
    app: &App,
    asked: &ImportHsds,
    directory: &Directory,
    map: &CategoryMap,
    out: &mut impl Write,
) -> Result<Option<Report>, Failed> {
    let options = Options {
        source: asked.source.clone().unwrap_or_else(|| DEFAULT_SOURCE.to_owned()),
        country: asked.country.clone(),
        language: asked.language.clone(),
        dry_run: asked.dry_run,
        mirror: asked.mirror,
    };
    let bar = bar();
    let mut progress = |progress| show(&bar, progress);
    let report = if asked.preview {
        let (run, _) = match asked.publisher {
            Some(publisher) => handed_in(app, asked, publisher, (directory, map, &options), &mut progress).await?,
            None => preview(app, directory, map, &options, &mut progress).await?,
        };
        let told = if asked.json { render_differences_json(&run, out) } else { render_differences(&run, out) };
        told.map_err(unwritten)?;
        None
    } else if let Some(run) = asked.apply {
        Some(apply_run(app, run, (directory, map, &options), &mut progress).await?)
    } else {
        Some(import(app, directory, map, &options, &mut progress).await?)
    };
    bar.finish_and_clear();
    Ok(report)
}

/// Looks at an import about which its publisher decides.
async fn handed_in(
    app: &App,
    asked: &ImportHsds,
    publisher: Uuid,
    what: (&Directory, &CategoryMap, &Options),
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(ImportRun, Report), Failed> {
    let path = asked.path.as_deref().unwrap_or(Path::new(""));
    let unread = |error| refused(format!("{} can't be read as one file ({error}).", path.display()));
    let file = std::fs::read(path).map_err(unread)?;
    let map = match &asked.category_map {
        Some(path) => Some(std::fs::read_to_string(path).map_err(unread)?),
        None => None,
    };
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let handed =
        HandedIn { organization: publisher.into(), file_name: &file_name, file: &file, category_map: map.as_deref() };
    Ok(hand_in(app, what, &handed, progress).await?)
}

async fn refuse(asked: &ImportHsds) -> Result<(), Failed> {
    let app = parts::operators(open_current(&named(&asked.of)?).await?)?;
    let done = match asked.refuse {
        Some(run) => refuse_run(&app, run).await,
        None => Ok(()),
    };
    app.store.close().await;
    Ok(done?)
}

async fn read_map(app: &App, path: &Path) -> Result<CategoryMap, Failed> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| refused(format!("--category-map: {} can't be read ({error}).", path.display())))?;
    category_map(app, &text).await?.map_err(|complaints| Failed {
        ending: Ending::Refused,
        sentences: complaints.iter().map(|complaint| format!("--category-map: {complaint}.")).collect(),
    })
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
