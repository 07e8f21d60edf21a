//! Publishers decide without a shell about services that two of them have, and about words that no crosswalk knows.

use crate::app::App;
use crate::domain::actor::{Actor, MemberRole};
use crate::domain::global_id::Kind;
use crate::domain::id::{ImportConflictId, OrganizationId};
use crate::domain::import_desk::{ConflictSide, ImportWord, PublisherConflict, WordDecision};
use crate::domain::import_run::{Conflict, ConflictDecision, Mapping};
use crate::domain::notice::Notice;
use crate::domain::page::{Page, Window};
use crate::domain::rule::{Failure, Fault, Outcome, Refusal, Rule, RuleCode};
use crate::store::door::Tx;
use crate::store::ledger::Happening;
use crate::usecase::Ask;
use crate::usecase::import::publisher::sight_of;
use crate::usecase::work::{Work, fresh, open};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What both publishers are told when a conflict is found.
const FOUND: &str = "IMPORT_CONFLICT_FOUND";
/// What the other publisher is told when a conflict is decided.
const DECIDED: &str = "IMPORT_CONFLICT_DECIDED";
/// What the other publisher is told when only it can decide what is wanted.
const WANTED: &str = "IMPORT_CONFLICT_ANSWER_WANTED";

/// A page of the conflicts of an organization's services and sources.
///
/// # Errors
/// What the engine refuses.
pub async fn publisher_conflicts(
    app: &App,
    organization: OrganizationId,
    only_open: bool,
    window: &Window,
) -> Result<Page<PublisherConflict>, Fault> {
    app.store.publisher_conflicts(organization, only_open, window).await
}

/// A conflict about which the asker decides.
///
/// # Errors
/// What the engine refuses.
pub async fn publisher_conflict(
    app: &App,
    actor: &Actor,
    id: ImportConflictId,
) -> Result<Option<PublisherConflict>, Fault> {
    let Some(organization) = sight_of(actor) else { return Ok(None) };
    Ok(app.store.publisher_conflicts_by_id(organization, &[id.into()]).await?.pop())
}

/// The words of the asker's sources that no crosswalk knows.
///
/// # Errors
/// What the engine refuses.
pub async fn publisher_words(app: &App, actor: &Actor, only_open: bool) -> Result<Vec<ImportWord>, Fault> {
    let Some(organization) = sight_of(actor) else { return Ok(Vec::new()) };
    app.store.publisher_words(organization, only_open).await
}

/// Keeps conflicts that were not met before, and tells both publishers of them: each once, however many there are.
pub(super) async fn keep_conflicts(tx: &Tx, source: &str, found: &[Conflict], now: i64) -> Result<(), Fault> {
    tx.add_conflicts(found, now).await?;
    let Some(first) = found.first() else { return Ok(()) };
    let mut told: BTreeMap<OrganizationId, Uuid> = BTreeMap::new();
    for conflict in found {
        for organization in tx.sides_of(source, &[conflict.standing]).await? {
            told.entry(organization).or_insert(conflict.id);
        }
    }
    for (organization, conflict) in told {
        let notice = Notice::act(organization, MemberRole::DirectoryEditor).of_kind(FOUND);
        tx.tell(&notice, FOUND, (Kind::ImportConflict, conflict), now);
    }
    tracing::debug!(source = first.source, conflicts = found.len(), "an import met other publishers' services");
    Ok(())
}

/// What somebody says about a service that two publishers have.
#[derive(Debug, Clone, Copy)]
pub struct DecideConflict {
    pub conflict: ImportConflictId,
    pub expected_version: i32,
    pub decision: ConflictDecision,
}

/// Decides about a service that two publishers have, as far as one of them can alone, or tells the other what is wanted.
/// The next import of the source does what was decided.
///
/// # Errors
/// NOT_FOUND or NOT_NOW (the service that stood is retired, or this is decided or wished already) at `conflictId`;
/// STALE_VERSION.
pub async fn decide_conflict(app: &App, ask: Ask<'_>, input: DecideConflict) -> Outcome<ImportConflictId> {
    let work = open!(app, ask);
    let unknown = || Rule::at("conflictId", RuleCode::NotFound);
    work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    let organization = sight_of(work.actor).ok_or_else(unknown)?;
    let found = work.tx.lock_publisher_conflict(organization, input.conflict).await?;
    let conflict = found.ok_or_else(unknown)?;
    let side = conflict.side_of(organization).ok_or_else(unknown)?;
    fresh(input.expected_version, conflict.version)?;
    let alone = side.decides_alone(input.decision, conflict.incoming.is_some());
    let said = if alone { conflict.decision } else { conflict.wish.filter(|_| conflict.wished_by == Some(side)) };
    if !conflict.stands || said == Some(input.decision) {
        return Err(Rule::at("conflictId", RuleCode::NotNow).into());
    }
    if alone {
        work.tx.settle_conflict(conflict.id.into(), input.decision, side, work.deed.now).await?;
        work.tx.look_again(&conflict.source).await?;
    } else {
        work.tx.wish_conflict(conflict.id, input.decision, side).await?;
    }
    let happening = Happening {
        receiver: conflict.other(side),
        notify: told(&conflict, side, alone),
        ..Happening::to((Kind::ImportConflict, conflict.id.into()), "PROVIDER", conflict.version + 1)
    };
    work.record(&happening).await?;
    work.commit(conflict.id).await
}

/// Who hears of what a side said.
fn told(conflict: &PublisherConflict, side: ConflictSide, alone: bool) -> Vec<Notice> {
    let Some(other) = conflict.other(side) else { return Vec::new() };
    let notice = Notice::act(other, MemberRole::DirectoryEditor);
    vec![if alone { Notice { must_act: false, ..notice }.of_kind(DECIDED) } else { notice.of_kind(WANTED) }]
}

/// What somebody says about a word of their source.
#[derive(Debug, Clone)]
pub struct DecideWord {
    pub source: String,
    pub scheme: String,
    pub code: String,
    pub expected_version: i32,
    pub decision: WordDecision,
    /// The standard category that it stands for.
    pub category: Option<String>,
}

/// Maps a word of the asker's source to a category from today on, or refuses it. Imports of the source that wait for a
/// decision are looked at anew. Gives the word's place.
///
/// # Errors
/// NOT_FOUND at `code`; NOT_NOW where this is decided already, or where a mapped word would be refused; STALE_VERSION;
/// REQUIRED, NOT_FOUND or INVALID (a local category, or one for a refused word) at `categoryCode`.
pub async fn decide_word(app: &App, ask: Ask<'_>, input: DecideWord) -> Outcome<(String, String, String)> {
    let work = open!(app, ask);
    let unknown = || Rule::at("code", RuleCode::NotFound);
    work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    let organization = sight_of(work.actor).ok_or_else(unknown)?;
    let place = (input.source.as_str(), input.scheme.as_str(), input.code.as_str());
    let word = work.tx.lock_word(organization, place).await?.ok_or_else(unknown)?;
    fresh(input.expected_version, word.version)?;
    let category = category(&work, organization, &input).await?;
    let is_said = word.decision == Some(input.decision) && word.category == category;
    if is_said || (word.decision == Some(WordDecision::Map) && input.decision == WordDecision::Refuse) {
        return Err(Rule::at("code", RuleCode::NotNow).into());
    }
    if let Some(category) = &category {
        let mapping = Mapping {
            scheme: word.scheme.clone(),
            code: word.code.clone(),
            // Of a day's editions the last one by name holds.
            edition: format!("decided-{:020}", work.deed.now),
            valid_from: app.today(),
            label: word.label.clone(),
            category: category.clone(),
        };
        work.tx.add_mappings(&word.source, &[mapping], work.deed.now).await?;
    }
    work.tx.decide_word(&word, input.decision, category.as_deref(), &work.deed).await?;
    work.tx.look_again(&word.source).await?;
    work.record(&Happening::to((Kind::Organization, organization.into()), "PROVIDER", word.version + 1)).await?;
    work.commit((word.source, word.scheme, word.code)).await
}

async fn category(
    work: &Work<'_>,
    organization: OrganizationId,
    input: &DecideWord,
) -> Result<Option<String>, Failure> {
    let broken = |code| Failure::from(Rule::at("categoryCode", code));
    match (&input.category, input.decision) {
        (None, WordDecision::Map) => Err(broken(RuleCode::Required)),
        (Some(_), WordDecision::Refuse) => Err(broken(RuleCode::Invalid)),
        (None, WordDecision::Refuse) => Ok(None),
        (Some(code), WordDecision::Map) => {
            let found = work.tx.category(organization, code, &work.app.today()).await?;
            let category = found.ok_or_else(|| broken(RuleCode::NotFound))?;
            if category.organization_id.is_some() {
                return Err(broken(RuleCode::Invalid));
            }
            Ok(Some(category.code))
        }
    }
}
