//! A publisher decides about an import without a shell: an operator hands in the file and looks at it, the publisher reads
//! what it would do and says yes or no, and the clock does what was said, if everything is still as it was shown.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::id::{ImportRunId, OrganizationId};
use crate::domain::import_run::{Difference, PublisherRun, RunDecision, RunStatus};
use crate::domain::page::{Page, Window};
use crate::domain::policy::{Extent, Power, extent};
use crate::domain::rule::{Failure, Fault, Outcome, Refusal, Rule, RuleCode};
use crate::hsds::{CategoryMap, Directory, ndjson, tabular};
use crate::store::door::Tx;
use crate::store::import_requests::Material;
use crate::store::ledger::Happening;
use crate::usecase::Ask;
use crate::usecase::import::desk::keep_conflicts;
use crate::usecase::import::preview::{apply_run, looked_at};
use crate::usecase::import::{Options, Progress, Report, category_map};
use crate::usecase::work::{fresh, open};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// After how long an import that somebody took up and did not end is taken up again, in microseconds.
const AGAIN: i64 = 30 * 60_000_000;

/// The organization for which somebody decides about imports; nothing for whom may not.
#[must_use]
pub fn sight_of(actor: &Actor) -> Option<OrganizationId> {
    // An import touches whatever the publisher publishes, in all programs.
    actor.organization().filter(|_| extent(actor, Power::EditDirectory) == Extent::Everything)
}

/// A page of the imports about which the asker decides.
///
/// # Errors
/// What the engine refuses.
pub async fn publisher_runs(
    app: &App,
    organization: OrganizationId,
    status: &[RunStatus],
    window: &Window,
) -> Result<Page<PublisherRun>, Fault> {
    app.store.publisher_runs(organization, status, window).await
}

/// An import about which the asker decides.
///
/// # Errors
/// What the engine refuses.
pub async fn publisher_run(app: &App, actor: &Actor, id: ImportRunId) -> Result<Option<PublisherRun>, Fault> {
    let Some(organization) = sight_of(actor) else { return Ok(None) };
    Ok(app.store.publisher_runs_by_id(organization, &[id.into()]).await?.pop())
}

/// What an import about which the asker decides would do.
///
/// # Errors
/// What the engine refuses.
pub async fn publisher_differences(app: &App, actor: &Actor, id: ImportRunId) -> Result<Vec<Difference>, Fault> {
    let Some(organization) = sight_of(actor) else { return Ok(Vec::new()) };
    app.store.publisher_differences(organization, id).await
}

/// A file that a publisher is to decide about.
#[derive(Debug, Clone)]
pub struct HandedIn<'a> {
    pub organization: OrganizationId,
    pub file_name: &'a str,
    pub file: &'a [u8],
    /// The category map's text.
    pub category_map: Option<&'a str>,
}

/// Looks at an import and keeps the file for its publisher to decide.
///
/// # Errors
/// As `preview`; NOT_FOUND at `publisher`; NOT_PERMITTED there where the source is another publisher's.
pub async fn hand_in(
    app: &App,
    (directory, map, options): (&Directory, &CategoryMap, &Options),
    handed: &HandedIn<'_>,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Outcome<(crate::domain::import_run::ImportRun, Report)> {
    if !app.store.has_row("organization", handed.organization.into()).await? {
        return Err(Rule::at("publisher", RuleCode::NotFound).into());
    }
    let tx = app.store.begin().await?;
    if !tx.name_publisher(&options.source, handed.organization, app.now()).await? {
        return Err(Rule::at("publisher", RuleCode::NotPermitted).into());
    }
    tx.commit().await?;
    let (run, report) = looked_at(app, directory, map, options, progress).await?;
    let Options { source, country, language, mirror, .. } = options.clone();
    let material = Material {
        run: run.id.into(),
        source,
        file: STANDARD.encode(handed.file),
        category_map: handed.category_map.map(str::to_owned),
        country,
        language,
        mirror,
    };
    let tx = app.store.begin().await?;
    tx.add_import_run(&run).await?;
    tx.add_import_request(handed.organization, handed.file_name, &material, app.now()).await?;
    keep_found(&tx, &options.source, &report, app.now()).await?;
    tx.commit().await?;
    Ok((run, report))
}

/// Keeps what a publisher is to decide before the import is made: conflicts, and words that no crosswalk knows.
async fn keep_found(tx: &Tx, source: &str, report: &Report, now: i64) -> Result<(), Fault> {
    keep_conflicts(tx, source, &report.conflicts, now).await?;
    tx.put_quarantine(source, &report.words, &[], now).await
}

/// What a publisher says about an import.
#[derive(Debug, Clone, Copy)]
pub struct Decide {
    pub run: ImportRunId,
    pub expected_version: i32,
    pub decision: RunDecision,
}

/// Says yes or no to an import that was looked at. What is wanted is done by the clock, soon.
///
/// # Errors
/// NOT_FOUND or NOT_NOW (it is decided, or wanted while it is being looked at anew) at `importRunId`; STALE_VERSION.
pub async fn decide_run(app: &App, ask: Ask<'_>, input: Decide) -> Outcome<ImportRunId> {
    let work = open!(app, ask);
    work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    let unknown = || Rule::at("importRunId", RuleCode::NotFound);
    let organization = sight_of(work.actor).ok_or_else(unknown)?;
    let run = work.tx.lock_publisher_run(organization, input.run).await?.ok_or_else(unknown)?;
    fresh(input.expected_version, run.version)?;
    // What is being looked at anew is not yet what it would do; it can be refused all the same.
    let is_unread = run.looks_again && input.decision == RunDecision::Apply;
    if run.status != RunStatus::Previewed || run.decision.is_some() || is_unread {
        return Err(Rule::at("importRunId", RuleCode::NotNow).into());
    }
    work.tx.decide_import(run.id, input.decision, &work.deed).await?;
    if input.decision == RunDecision::Refuse {
        work.tx.close_import_run(run.id.into(), RunStatus::Refused, work.deed.now).await?;
    }
    work.record(&Happening::to((Kind::ImportRun, run.id.into()), "PROVIDER", run.version + 1)).await?;
    work.commit(run.id).await
}

/// Makes the imports that publishers want; tells how many it took up. One that is no longer what was shown is refused, and
/// its publisher reads why.
///
/// # Errors
/// What the engine refuses; an import that it interrupts is taken up again.
pub async fn make_wanted(app: &App) -> Result<usize, Fault> {
    let mut done = 0;
    loop {
        let now = app.now();
        let tx = app.store.begin().await?;
        let found = tx.take_up_import(now - AGAIN, now).await?;
        tx.commit().await?;
        let Some(material) = found else { return Ok(done) };
        let failure = match made(app, &material).await {
            Ok(()) => None,
            Err(Failure::Fault(fault)) => return Err(fault),
            Err(Failure::Rules(rules)) => Some(rules.first().map_or("INVALID", |rule| rule.code.code())),
            Err(_) => Some(RuleCode::NotNow.code()),
        };
        let tx = app.store.begin().await?;
        if failure.is_some() {
            tx.close_import_run(material.run.into(), RunStatus::Refused, app.now()).await?;
        }
        tx.end_import(material.run, failure).await?;
        tx.commit().await?;
        done += 1;
    }
}

/// Looks anew at imports that wait for a decision and depend on what their publisher, or another, decided since; tells at
/// how many.
///
/// # Errors
/// What the engine refuses; an import that it interrupts is looked at again.
pub async fn look_again(app: &App) -> Result<usize, Fault> {
    let mut done = 0;
    loop {
        let now = app.now();
        let tx = app.store.begin().await?;
        let found = tx.take_up_look(now - AGAIN, now).await?;
        tx.commit().await?;
        let Some(material) = found else { return Ok(done) };
        let (directory, map, options) = match taken(app, &material).await {
            Ok(taken) => taken,
            Err(Failure::Fault(fault)) => return Err(fault),
            // It is told as unreadable when it is to be made.
            Err(_) => continue,
        };
        let (run, report) = match looked_at(app, &directory, &map, &options, &mut |_| {}).await {
            Ok(looked) => looked,
            Err(Failure::Fault(fault)) => return Err(fault),
            Err(_) => continue,
        };
        let tx = app.store.begin().await?;
        tx.looked_again(material.run, &run.hash, &run.differences).await?;
        keep_found(&tx, &material.source, &report, app.now()).await?;
        tx.commit().await?;
        done += 1;
    }
}

async fn made(app: &App, material: &Material) -> Result<(), Failure> {
    let (directory, map, options) = taken(app, material).await?;
    let run = Uuid::from(material.run);
    apply_run(app, run, (&directory, &map, &options), &mut |_| {}).await.map(drop)
}

/// What was handed in, as it is to be taken.
async fn taken(app: &App, material: &Material) -> Result<(Directory, CategoryMap, Options), Failure> {
    let unread = || Rule::at("file", RuleCode::Invalid);
    let bytes = STANDARD.decode(&material.file).map_err(|_| unread())?;
    let directory = read(&bytes).ok_or_else(unread)?;
    let map = match &material.category_map {
        Some(text) => category_map(app, text).await?.map_err(|_| unread())?,
        None => CategoryMap::default(),
    };
    let options = Options {
        source: material.source.clone(),
        country: material.country.clone(),
        language: material.language.clone(),
        dry_run: false,
        mirror: material.mirror,
    };
    Ok((directory, map, options))
}

/// A directory as it was handed in.
fn read(bytes: &[u8]) -> Option<Directory> {
    if bytes.starts_with(b"PK") { tabular::read_zip_bytes(bytes).ok() } else { ndjson::read_bytes(bytes).ok() }
}
