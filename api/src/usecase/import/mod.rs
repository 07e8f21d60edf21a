//! An operator takes over a directory of services. Each organization is taken as a whole or not at all; what was taken
//! before and has not changed is left alone, so that the same file twice changes nothing.

mod apply;
mod conflicts;
mod crosswalk;
mod desk;
mod differences;
mod ended;
mod gazetteer;
mod plan;
mod preview;
mod publisher;
mod report;
mod times;
mod wording;

pub use conflicts::{conflicts, decide};
pub use crosswalk::{Loaded, load_crosswalk, quarantine};
pub use desk::{
    DecideConflict, DecideWord, decide_conflict, decide_word, publisher_conflict, publisher_conflicts, publisher_words,
};
pub use plan::derived_id;
pub use preview::{apply_run, preview, refuse_run, render_differences, render_differences_json};
pub use publisher::{
    Decide, HandedIn, decide_run, hand_in, look_again, make_wanted, publisher_differences, publisher_run,
    publisher_runs, sight_of,
};
pub use report::{Count, Counts, Report, Untaken, render, render_json};

use crate::app::App;
use crate::domain::import_run::Quarantined;
use crate::domain::imported::ImportedService;
use crate::domain::language_tag::canonical_tag;
use crate::domain::rule::{Fault, Outcome, RuleCode, Rules};
use crate::domain::service::Category;
use crate::hsds::{CategoryMap, Directory, MapComplaint, Organization, Reason};
use crate::store::categories::TermFilter;
use crate::store::imports::Memory;
use crate::usecase::directory::search_due;
use crate::usecase::import::apply::{Imported, apply};
use crate::usecase::import::conflicts::{Decided, contested, decided};
use crate::usecase::import::crosswalk::{Words, sorted};
use crate::usecase::import::desk::keep_conflicts;
use crate::usecase::import::differences::{of_conflict, of_word};
use crate::usecase::import::ended::Ended;
use crate::usecase::import::gazetteer::Gazetteer;
use crate::usecase::import::plan::{
    ORGANIZATION, Planned, SERVICE, Setting, WHOLE, country_at, country_in, country_of, plan, supplied_id,
};
use crate::usecase::import::report::{About, Notes};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How a directory is to be taken.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the publisher or file. Ids and what is remembered hang on it: the next version of the same directory
    /// needs the same name. 1 to 100 characters.
    pub source: String,
    /// ISO 3166-1 alpha-2, for organizations of whose locations none has a country.
    pub country: Option<String>,
    /// BCP 47 tag of the texts, which the format does not tell; `und` for unknown.
    pub language: String,
    /// Go through everything, and write nothing.
    pub dry_run: bool,
    /// The directory is the export of another Passerelle: ids that are free are kept, and so are the instants of the
    /// last changes.
    pub mirror: bool,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Services of the organizations that are done.
    pub services: usize,
    /// Services in the file.
    pub of: usize,
}

/// The standard terms that may be used today.
async fn standard(app: &App) -> Result<Vec<Category>, Fault> {
    let filter = TermFilter { only_standard: true, not_ended_before: Some(app.today()), ..TermFilter::default() };
    app.store.categories(None, &filter).await
}

/// The standard terms that may be used today, by code; and under the code of one that was replaced the one that follows it,
/// so that maps and files that name it are still understood.
async fn named(app: &App) -> Result<HashMap<String, Category>, Fault> {
    let filter = TermFilter { only_standard: true, ..TermFilter::default() };
    let today = app.today();
    let (used, ended): (Vec<Category>, Vec<Category>) = app
        .store
        .categories(None, &filter)
        .await?
        .into_iter()
        .partition(|term| term.valid_to.as_ref().is_none_or(|last| *last >= today));
    let mut all: HashMap<String, Category> = used.into_iter().map(|term| (term.code.clone(), term)).collect();
    for old in ended {
        let next = old.successor.as_ref().and_then(|next| all.get(next)).cloned();
        all.extend(next.map(|next| (old.code, next)));
    }
    Ok(all)
}

/// Reads a category map whose codes have to be categories of this database.
///
/// # Errors
/// What the engine refuses; within, all that is wrong with the map.
pub async fn category_map(app: &App, text: &str) -> Result<Result<CategoryMap, Vec<MapComplaint>>, Fault> {
    let codes = named(app).await?;
    Ok(CategoryMap::parse(text, &|code| codes.contains_key(code)))
}

/// Takes a directory. An organization that the database does not take is rolled back and told, and the others go on.
///
/// # Errors
/// Rules that the options break; a database that can't be had, after which the import can be run again.
pub async fn import(
    app: &App,
    directory: &Directory,
    map: &CategoryMap,
    options: &Options,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Outcome<Report> {
    check(options)?;
    let categories = named(app).await?;
    let memory = app.store.memory_of(&options.source).await?;
    let today = app.clock.now().to_string();
    let crosswalk = app.store.crosswalk(&options.source, today.get(..10).unwrap_or_default()).await?;
    let map = &map.behind(&crosswalk);
    let services = memory.iter().filter(|((entity, _), _)| entity == SERVICE);
    let mut importer = Importer {
        app,
        map,
        options,
        categories,
        imported: services.map(|((_, id), known)| (known.row.into(), (id.clone(), known.clone()))).collect(),
        rows: memory.values().map(|known| known.row).collect(),
        memory,
        gazetteer: Gazetteer::default(),
        told: HashSet::new(),
        decided: None,
        words: Words::default(),
        lists_all: !directory.refused.iter().any(crate::hsds::ReportRow::hides_a_listing),
        report: Report::of(&options.source, options.dry_run, &directory.refused),
    };
    let of = directory.organizations.iter().map(|organization| organization.services.len()).sum();
    let mut done = 0;
    for organization in &directory.organizations {
        importer.take(organization).await?;
        done += organization.services.len();
        progress(Progress { services: done, of });
    }
    if !options.dry_run {
        search_due(app).await?;
    }
    importer.tell_vanished(directory);
    importer.quarantine().await?;
    Ok(importer.report)
}

fn check(options: &Options) -> Outcome<()> {
    let mut rules = Rules::default();
    rules.text("source", &options.source, 1, 100);
    let is_country = |text: &String| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    rules.check(options.country.as_ref().is_none_or(is_country), "country", RuleCode::Invalid);
    let is_tag = canonical_tag(&options.language).is_some_and(|tag| tag == options.language);
    rules.check(is_tag, "language", RuleCode::Invalid);
    rules.settle()
}

/// The countries that the places and areas of an organization name.
fn countries(organization: &Organization, is_mirror: bool) -> Vec<&str> {
    let places = || organization.services.iter().flat_map(|service| &service.places);
    let areas = organization.services.iter().flat_map(|service| &service.service_areas);
    let coded = areas.filter(|_| is_mirror).filter_map(|area| area.external_id.as_deref().and_then(country_in));
    places().filter_map(|place| country_at(&place.location, is_mirror)).chain(coded).collect()
}

struct Importer<'a> {
    app: &'a App,
    map: &'a CategoryMap,
    options: &'a Options,
    categories: HashMap<String, Category>,
    /// The rows that the memory knows.
    rows: HashSet<Uuid>,
    memory: Memory,
    imported: Imported,
    gazetteer: Gazetteer,
    told: HashSet<String>,
    decided: Option<Decided>,
    words: Words,
    /// Whether every row was read that tells what the source lists.
    lists_all: bool,
    report: Report,
}

impl Importer<'_> {
    async fn take(&mut self, organization: &Organization) -> Result<(), Fault> {
        let Some(country) = country_of(organization, self.options.mirror, self.options.country.as_deref()) else {
            self.refuse(organization, Reason::NoCountry, None);
            return Ok(());
        };
        self.gazetteer.take(self.app, &country).await?;
        for country in countries(organization, self.options.mirror) {
            self.gazetteer.take(self.app, country).await?;
        }
        let taken = if self.options.mirror { Some(self.taken_ids(organization).await?) } else { None };
        let setting = Setting {
            source: &self.options.source,
            language: &self.options.language,
            country: &country,
            map: self.map,
            categories: &self.categories,
            gazetteer: &self.gazetteer,
            memory: &self.memory,
            mirror: taken.as_ref(),
            now: self.app.clock.now(),
        };
        let mut notes = Notes::of(Some(&organization.source_id), &mut self.told);
        let (plan, mut counts) = plan(&setting, organization, &mut notes)?;
        plan.unmapped.iter().for_each(|terms| self.words.note(terms));
        let known = self.memory.get(&(WHOLE.to_owned(), organization.source_id.clone()));
        let ended = if known.is_some_and(|known| known.fingerprint == plan.whole) {
            Ok(Ended::untouched(&plan))
        } else {
            let is_new = |service: &&Planned<ImportedService>| {
                !self.memory.contains_key(&(SERVICE.to_owned(), service.source_id.clone()))
            };
            let new: Vec<_> = plan.services.iter().filter(is_new).collect();
            if self.decided.is_none() && !new.is_empty() {
                self.decided = Some(decided(self.app, &self.options.source).await?);
            }
            let empty = Decided::new();
            let decided = self.decided.as_ref().unwrap_or(&empty);
            let contested = contested(self.app, &self.options.source, &plan, &new, decided).await?;
            contested.tell(&mut notes);
            self.report.differences.extend(contested.open.iter().map(of_conflict));
            let unknown: Vec<_> = contested.unknown(decided);
            self.report.conflicts.extend(unknown.iter().cloned());
            if !unknown.is_empty() && !self.options.dry_run {
                let tx = self.app.store.begin().await?;
                keep_conflicts(&tx, &self.options.source, &unknown, self.app.now()).await?;
                tx.commit().await?;
            }
            let is_known = self.memory.contains_key(&(ORGANIZATION.to_owned(), organization.source_id.clone()));
            if !is_known && !plan.services.is_empty() && contested.held.len() == plan.services.len() {
                // Nothing of it is new here, so that it would stand empty beside its twin.
                Ok(Ended::held(&plan))
            } else {
                apply(
                    self.app,
                    self.options,
                    (&self.memory, &self.imported, self.lists_all),
                    (&plan, &contested),
                    &mut notes,
                )
                .await
            }
        };
        match ended {
            Ok(mut ended) => {
                ended.count(&mut counts);
                self.report.differences.append(&mut ended.differences);
                self.report.rows.append(&mut notes.rows);
                self.report.counts.add(&counts);
            }
            Err(Fault::Unavailable(what)) => return Err(Fault::Unavailable(what)),
            Err(fault) => {
                tracing::warn!(error = %fault, organization = organization.source_id, "an organization was not imported");
                self.refuse(organization, Reason::NotStored, Some(&fault.to_string()));
            }
        }
        Ok(())
    }

    /// Which of the ids that an organization supplies are those of rows here.
    async fn taken_ids(&self, organization: &Organization) -> Result<HashSet<Uuid>, Fault> {
        let own = std::iter::once(organization.source_id.as_str());
        let services = organization.services.iter().map(|service| service.source_id.as_str());
        let places = organization.services.iter().flat_map(|service| &service.places);
        let places = places.flat_map(|place| [place.source_id.as_str(), place.location.source_id.as_str()]);
        let ids = own.chain(services).chain(places).filter_map(supplied_id).filter(|id| !self.rows.contains(id));
        let ids: Vec<Uuid> = ids.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        self.app.store.taken_keys(&ids).await
    }

    /// Tells that nothing of an organization was taken.
    fn refuse(&mut self, organization: &Organization, reason: Reason, detail: Option<&str>) {
        let mut notes = Notes::of(Some(&organization.source_id), &mut self.told);
        notes.refused(About { entity: ORGANIZATION, id: &organization.source_id }, reason, detail);
        self.report.rows.append(&mut notes.rows);
        let counts = &mut self.report.counts;
        counts.organizations.refused += 1;
        counts.services.refused += organization.services.len();
        counts.places.refused += organization.services.iter().map(|service| service.places.len()).sum::<usize>();
    }

    /// Keeps the words that no crosswalk knows, and tells of them with what they may mean.
    async fn quarantine(&mut self) -> Result<(), Fault> {
        let words = std::mem::take(&mut self.words).quarantined(&self.categories);
        if self.options.dry_run {
            let refused = self.app.store.refused_words(&self.options.source).await?;
            let waits = |word: &&Quarantined| !refused.contains(&(word.scheme.clone(), word.code.clone()));
            self.report.differences.extend(words.iter().filter(waits).map(of_word));
            self.report.words = words;
            return Ok(());
        }
        let waited = self.app.store.quarantine(&self.options.source).await?;
        if sorted(waited.clone()) != sorted(words.clone()) {
            let is_gone =
                |old: &&Quarantined| !words.iter().any(|new| (&new.scheme, &new.code) == (&old.scheme, &old.code));
            let gone: Vec<Quarantined> = waited.iter().filter(is_gone).cloned().collect();
            let tx = self.app.store.begin().await?;
            tx.put_quarantine(&self.options.source, &words, &gone, self.app.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Tells of organizations that were imported before and are not in the file.
    fn tell_vanished(&mut self, directory: &Directory) {
        if !self.lists_all {
            return;
        }
        let listed: HashSet<&str> = directory.organizations.iter().map(|one| one.source_id.as_str()).collect();
        let known = self.memory.keys().filter(|(entity, _)| entity == ORGANIZATION).map(|(_, id)| id);
        let mut vanished: Vec<&String> = known.filter(|id| !listed.contains(id.as_str())).collect();
        vanished.sort();
        for id in vanished {
            let mut notes = Notes::of(Some(id), &mut self.told);
            notes.refused(About { entity: ORGANIZATION, id }, Reason::NoLongerListed, None);
            self.report.rows.append(&mut notes.rows);
        }
    }
}
