//! An operator loads a new edition of the standard terms: it is looked at first, kept until its first day, and put in
//! force then. What has one successor follows it; what has several or none is listed for review.

mod read;

use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::code::Code;
use crate::domain::edition::{TermChange, TermDifference, compare};
use crate::domain::global_id::Kind;
use crate::domain::language_tag::canonical_tag;
use crate::domain::notice::Notice;
use crate::domain::organization::Translations;
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::service::Category;
use crate::store::categories::TermFilter;
use crate::store::editions::NewEdition;
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// What publishers are told whose services are filed under a term that is retired without one successor.
const REVIEW: &str = "CATEGORY_RETIRED";

/// How an edition is to be taken.
#[derive(Debug, Clone)]
pub struct Options {
    /// Its code, such as 2027-1; 1 to 40 characters.
    pub code: String,
    /// Its first day, ISO 8601; today or later.
    pub valid_from: String,
    /// Its titles by language.
    pub titles: Translations,
}

/// What an edition would do.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    pub edition: String,
    pub valid_from: String,
    /// By which it is applied just so.
    pub hash: String,
    pub terms: Vec<Told>,
}

/// What it would do with one term, and how much is filed under that.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    #[serde(flatten)]
    pub difference: TermDifference,
    pub services: i64,
    /// Needs that are open. They keep their code, and count in figures as what follows it.
    pub needs: i64,
}

async fn standing(app: &App) -> Result<Vec<Category>, Fault> {
    let filter = TermFilter { only_standard: true, with_groups: true, ..TermFilter::default() };
    app.store.categories(None, &filter).await
}

fn check(app: &App, options: &Options) -> Outcome<()> {
    let mut rules = Rules::default();
    rules.text("edition", &options.code, 1, 40);
    let is_day = options.valid_from.parse::<Date>().is_ok() && options.valid_from.len() == 10;
    rules.check(is_day && options.valid_from >= app.today(), "validFrom", RuleCode::Invalid);
    for (tag, title) in &options.titles {
        rules.check(canonical_tag(tag).is_some_and(|canonical| canonical == *tag), "title", RuleCode::Invalid);
        rules.text("title", title, 1, 200);
    }
    rules.settle()
}

/// Looks at an edition without keeping it.
///
/// # Errors
/// Rules that the options or rows break; what the engine refuses.
pub async fn preview(app: &App, text: &[u8], options: &Options) -> Outcome<Preview> {
    check(app, options)?;
    let standing = standing(app).await?;
    let edition = read::read(text, &standing)?;
    let differences = compare(&standing, &edition.terms, &edition.crosswalk);
    let unwritten = |_| Fault::Store("differences can't be written as JSON".into());
    let Options { code, valid_from, titles } = options;
    let said = (code, valid_from, titles, &edition.terms, &edition.crosswalk, &differences);
    let mut hasher = Sha256::new_with_prefix(b"passerelle-edition/1\n");
    hasher.update(serde_json::to_vec(&said).map_err(unwritten)?);
    let hash = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let uses = app.store.term_uses().await?;
    let told = |difference: TermDifference| {
        let (services, needs) = uses.get(&difference.code).copied().unwrap_or_default();
        Told { difference, services, needs }
    };
    let terms = differences.into_iter().map(told).collect();
    Ok(Preview { edition: code.clone(), valid_from: valid_from.clone(), hash, terms })
}

/// Keeps an edition just as it was shown, and puts it in force if its first day has come. The clock does so later otherwise.
///
/// # Errors
/// As [`preview`]; STALE_VERSION at `apply` where it is not what was shown; NOT_NOW at `edition` while another one waits;
/// ALREADY_EXISTS there; what the engine refuses.
pub async fn apply(app: &App, text: &[u8], options: &Options, hash: &str) -> Outcome<Preview> {
    let seen = preview(app, text, options).await?;
    if seen.hash != hash {
        return Err(Rule::at("apply", RuleCode::StaleVersion).into());
    }
    if app.store.waiting_edition().await?.is_some() {
        return Err(Rule::at("edition", RuleCode::NotNow).into());
    }
    let edition = read::read(text, &standing(app).await?)?;
    let new = NewEdition {
        code: &options.code,
        labels: &options.titles,
        valid_from: &options.valid_from,
        terms: &edition.terms,
        crosswalk: &edition.crosswalk,
    };
    let tx = app.store.begin().await?;
    if !tx.add_edition(&new, app.now()).await? {
        return Err(Rule::at("edition", RuleCode::AlreadyExists).into());
    }
    tx.commit().await?;
    put_in_force(app).await?;
    Ok(seen)
}

/// Puts the edition that waits in force, if its first day has come; tells whether one was.
///
/// # Errors
/// What the engine refuses; then nothing was changed.
pub async fn put_in_force(app: &App) -> Result<bool, Fault> {
    let Some((code, valid_from)) = app.store.waiting_edition().await? else { return Ok(false) };
    if valid_from > app.today() {
        return Ok(false);
    }
    let now = app.now();
    let standing = standing(app).await?;
    let tx = app.store.begin().await?;
    let Some(taken) = tx.take_edition(&code, now).await? else { return Ok(false) };
    let differences = compare(&standing, &taken.terms, &taken.crosswalk);
    let day = taken.valid_from.parse::<Date>().and_then(Date::yesterday);
    let day_before = day.map_err(|_| Fault::Store("an edition's day does not read".into()))?.to_string();
    tx.put_edition(&code, &taken, &differences, &day_before).await?;
    for (organization, services) in tx.follow_terms(now).await? {
        tx.note_operator("followTaxonomy", organization, &services, now).await?;
    }
    let is_open = |one: &&TermDifference| matches!(one.change, TermChange::Split | TermChange::Retired);
    let open: Vec<String> = differences.iter().filter(is_open).map(|one| one.code.clone()).collect();
    if !open.is_empty() {
        for (organization, service) in tx.to_review(&open).await? {
            let notice = Notice::act(organization, MemberRole::DirectoryEditor).of_kind(REVIEW);
            tx.tell(&notice, REVIEW, (Kind::Service, service.into()), now);
        }
    }
    tx.commit().await?;
    Ok(true)
}

/// Writes what an edition would do for people: a line for each term, and below it one for each fact that changes.
///
/// # Errors
/// What the writer refuses.
pub fn render(preview: &Preview, out: &mut dyn Write) -> io::Result<()> {
    for Told { difference, services, needs } in &preview.terms {
        let TermDifference { change, code, name, fields, successors } = difference;
        let next = if successors.is_empty() { String::new() } else { format!(" -> {}", successors.join(", ")) };
        let name: String = name.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
        writeln!(out, "{} {code} {name}{next} ({services} services, {needs} open needs)", change.code())?;
        for field in fields {
            writeln!(out, "    {}: {:?} -> {:?}", field.field, field.from, field.to)?;
        }
    }
    for change in TermChange::ALL {
        let count = preview.terms.iter().filter(|told| told.difference.change == *change).count();
        writeln!(out, "{}\t{count}", change.code())?;
    }
    writeln!(out, "edition {} from {} {}", preview.edition, preview.valid_from, preview.hash)
}
