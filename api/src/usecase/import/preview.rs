//! An import that is looked at before it is made: its differences are kept under a hash, and it is made only if they are
//! still just these.

use crate::app::App;
use crate::domain::import_run::{Difference, ImportRun, RunStatus};
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode};
use crate::hsds::{CategoryMap, Directory};
use crate::usecase::import::{Options, Progress, Report, import};
use sha2::{Digest as _, Sha256};
use std::io::{self, Write};
use uuid::Uuid;

/// Looks at an import without making it, and keeps what it would do.
///
/// # Errors
/// As [`import`].
pub async fn preview(
    app: &App,
    directory: &Directory,
    map: &CategoryMap,
    options: &Options,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Outcome<(ImportRun, Report)> {
    let (run, report) = looked_at(app, directory, map, options, progress).await?;
    let tx = app.store.begin().await?;
    tx.add_import_run(&run).await?;
    tx.commit().await?;
    Ok((run, report))
}

/// Looks at an import without making it, and gives what is to be kept of that.
pub(super) async fn looked_at(
    app: &App,
    directory: &Directory,
    map: &CategoryMap,
    options: &Options,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Outcome<(ImportRun, Report)> {
    let (hash, report) = looked(app, directory, map, options, progress).await?;
    let run = ImportRun {
        id: Uuid::now_v7(),
        source: options.source.clone(),
        status: RunStatus::Previewed,
        hash,
        created_at: app.now(),
        differences: report.differences.clone(),
    };
    Ok((run, report))
}

/// Makes an import just as it was shown.
///
/// # Errors
/// As [`import`]; there is no such run, it is closed, or the directory, the options or what stands here have changed
/// since.
pub async fn apply_run(
    app: &App,
    id: Uuid,
    (directory, map, options): (&Directory, &CategoryMap, &Options),
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Outcome<Report> {
    let run = open_run(app, id).await?;
    let (hash, _) = looked(app, directory, map, options, &mut |_| {}).await?;
    if hash != run.hash {
        return Err(Rule::at("run", RuleCode::StaleVersion).into());
    }
    close(app, id, RunStatus::Applied).await?;
    import(app, directory, map, &Options { dry_run: false, ..options.clone() }, progress).await
}

/// Decides against a previewed import.
///
/// # Errors
/// There is no such run, or it is closed; what the engine refuses.
pub async fn refuse_run(app: &App, id: Uuid) -> Outcome<()> {
    open_run(app, id).await?;
    close(app, id, RunStatus::Refused).await
}

async fn open_run(app: &App, id: Uuid) -> Outcome<ImportRun> {
    match app.store.import_run(id).await? {
        None => Err(Rule::at("run", RuleCode::NotFound).into()),
        Some(run) if run.status == RunStatus::Previewed => Ok(run),
        Some(_) => Err(Rule::at("run", RuleCode::NotNow).into()),
    }
}

async fn close(app: &App, id: Uuid, status: RunStatus) -> Outcome<()> {
    let tx = app.store.begin().await?;
    if !tx.close_import_run(id, status, app.now()).await? {
        return Err(Rule::at("run", RuleCode::NotNow).into());
    }
    Ok(tx.commit().await?)
}

async fn looked(
    app: &App,
    directory: &Directory,
    map: &CategoryMap,
    options: &Options,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Outcome<(String, Report)> {
    let report = import(app, directory, map, &Options { dry_run: true, ..options.clone() }, progress).await?;
    let unwritten = |_| Fault::Store("differences can't be written as JSON".into());
    let mut hasher = Sha256::new_with_prefix(b"passerelle-import-run/1\n");
    for organization in &directory.organizations {
        hasher.update(organization.content_hash.as_bytes());
    }
    let Options { source, country, language, mirror, .. } = options;
    let said = (source, country, language, mirror, &report.counts, &report.differences);
    hasher.update(serde_json::to_vec(&said).map_err(unwritten)?);
    let hash = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((hash, report))
}

/// Writes what an import would do for people: a line for each thing, and below it one for each field that changes.
///
/// # Errors
/// What the writer refuses.
pub fn render_differences(run: &ImportRun, out: &mut dyn Write) -> io::Result<()> {
    use crate::domain::code::Code as _;
    for difference in &run.differences {
        let Difference { verdict, entity, source_id, name, fields, detail } = difference;
        let detail = detail.as_ref().map(|detail| format!(" [{}]", line(detail))).unwrap_or_default();
        writeln!(out, "{} {entity} {} {}{detail}", verdict.code(), line(source_id), line(name))?;
        for change in fields {
            writeln!(out, "    {}: {} -> {}", change.field, quoted(&change.from), quoted(&change.to))?;
        }
    }
    for verdict in crate::domain::import_run::Verdict::ALL {
        let count = run.differences.iter().filter(|difference| difference.verdict == *verdict).count();
        writeln!(out, "{}\t{count}", verdict.code())?;
    }
    writeln!(out, "run {} {}", run.id, run.hash)
}

/// The same for programs: a line of JSON for the run, then one for each thing.
///
/// # Errors
/// What the writer refuses.
pub fn render_differences_json(run: &ImportRun, out: &mut dyn Write) -> io::Result<()> {
    let ImportRun { id, source, status, hash, differences, .. } = run;
    writeln!(out, "{}", serde_json::json!({ "run": id, "source": source, "status": status, "hash": hash }))?;
    for difference in differences {
        writeln!(out, "{}", serde_json::to_string(difference)?)?;
    }
    Ok(())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", line(text))
}

/// A text without signs that would break its line or command a terminal.
fn line(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}
