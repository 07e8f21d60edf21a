//! Services that two publishers have: found when a service is new, shown, and never written over.

use crate::app::App;
use crate::domain::folding::fold;
use crate::domain::id::{AreaId, ServiceId};
use crate::domain::import_desk::ConflictSide;
use crate::domain::import_run::{Conflict, ConflictCause, ConflictDecision};
use crate::domain::imported::ImportedService;
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode};
use crate::hsds::Reason;
use crate::store::import_runs::Standing;
use crate::usecase::import::plan::{Plan, Planned, SERVICE};
use crate::usecase::import::report::{About, Notes};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What was decided about the conflicts of a source so far.
pub(super) type Decided = HashMap<(String, ServiceId), Option<ConflictDecision>>;

/// What is to be done about an organization's services that others have, too.
#[derive(Debug, Default)]
pub(super) struct Contested {
    /// Conflicts without a decision.
    pub(super) open: Vec<Conflict>,
    /// Ids in the source of services that are not taken.
    pub(super) held: HashSet<String>,
    /// Of these, the ones somebody decided against.
    pub(super) passed: HashSet<String>,
    /// Services here whose place incoming ones take.
    pub(super) superseded: Vec<ServiceId>,
}

impl Contested {
    /// Tells of each service that is not taken.
    pub(super) fn tell(&self, notes: &mut Notes<'_>) {
        for conflict in &self.open {
            let about = About { entity: SERVICE, id: &conflict.source_id };
            notes.refused(about, Reason::Conflict, Some(&Uuid::from(conflict.standing).to_string()));
        }
        let mut passed: Vec<&String> = self.passed.iter().collect();
        passed.sort();
        for id in passed {
            notes.refused(About { entity: SERVICE, id }, Reason::StandingKept, None);
        }
    }

    /// Open conflicts that were not met before.
    pub(super) fn unknown(&self, decided: &Decided) -> Vec<Conflict> {
        let is_new = |one: &&Conflict| !decided.contains_key(&(one.source_id.clone(), one.standing));
        self.open.iter().filter(is_new).cloned().collect()
    }
}

/// The decisions of a source.
pub(super) async fn decided(app: &App, source: &str) -> Result<Decided, Fault> {
    let all = app.store.import_conflicts(Some(source)).await?;
    Ok(all.into_iter().map(|one| ((one.source_id, one.standing), one.decision)).collect())
}

/// The services among the new ones of a plan that another publisher has, too.
pub(super) async fn contested(
    app: &App,
    source: &str,
    plan: &Plan,
    new: &[&Planned<ImportedService>],
    decided: &Decided,
) -> Result<Contested, Fault> {
    let mut contested = Contested::default();
    if new.is_empty() {
        return Ok(contested);
    }
    let mut pairs = same_identifier(app, source, new).await?;
    pairs.extend(same_name(app, source, plan, new).await?);
    let mut seen = HashSet::new();
    for (service, standing, cause) in pairs {
        let key = (service.source_id.clone(), standing);
        if !seen.insert(key.clone()) {
            continue;
        }
        match decided.get(&key).copied().flatten() {
            Some(ConflictDecision::KeepBoth) => continue,
            Some(ConflictDecision::TakeIncoming) => {
                contested.superseded.push(standing);
                continue;
            }
            Some(ConflictDecision::KeepStanding) => {
                contested.passed.insert(service.source_id.clone());
            }
            None => contested.open.push(Conflict {
                id: Uuid::now_v7(),
                source: source.to_owned(),
                source_id: service.source_id.clone(),
                name: service.wanted.name.clone(),
                standing,
                cause,
                decision: None,
            }),
        }
        contested.held.insert(service.source_id.clone());
    }
    Ok(contested)
}

type Pair<'a> = (&'a Planned<ImportedService>, ServiceId, ConflictCause);

/// An id is unique in the world only if it is a UUID: `17` of two sources is no sign of anything.
async fn same_identifier<'a>(
    app: &App,
    source: &str,
    new: &[&'a Planned<ImportedService>],
) -> Result<Vec<Pair<'a>>, Fault> {
    let read = |service: &&'a Planned<ImportedService>| Some((Uuid::try_parse(&service.source_id).ok()?, *service));
    let by_id: HashMap<Uuid, &Planned<ImportedService>> = new.iter().filter_map(read).collect();
    let mut ids: Vec<Uuid> = by_id.keys().copied().collect();
    ids.sort_unstable();
    let found = app.store.same_identifier(source, &ids).await?;
    let pair = |(asked, standing): (String, ServiceId)| {
        let id = Uuid::try_parse(&asked).ok()?;
        by_id.get(&id).map(|service| (*service, standing, ConflictCause::SameIdentifier))
    };
    Ok(found.into_iter().filter_map(pair).collect())
}

async fn same_name<'a>(
    app: &App,
    source: &str,
    plan: &Plan,
    new: &[&'a Planned<ImportedService>],
) -> Result<Vec<Pair<'a>>, Fault> {
    let mut by_name: HashMap<String, Vec<&Planned<ImportedService>>> = HashMap::new();
    for service in new {
        by_name.entry(fold(&service.wanted.name)).or_default().push(service);
    }
    let mut names: Vec<String> = by_name.keys().cloned().collect();
    names.sort_unstable();
    let organization = fold(&plan.organization.wanted.name);
    let mut pairs = Vec::new();
    for standing in app.store.same_name(source, &names).await? {
        if fold(&standing.organization) != organization {
            continue;
        }
        let Some(services) = by_name.get(&standing.sort_name) else { continue };
        let there = services.iter().filter(|service| is_there(plan, service, &standing));
        pairs.extend(there.map(|service| (*service, standing.service, ConflictCause::SameNameAndPlace)));
    }
    Ok(pairs)
}

/// Whether a service is given where a standing one is: in the same area, or at a place of the same name; or one of them
/// names no place.
fn is_there(plan: &Plan, service: &Planned<ImportedService>, standing: &Standing) -> bool {
    let Some((area, name)) = &standing.place else { return true };
    let places = &service.wanted.places;
    let located = |id| plan.locations.iter().find(|location| location.wanted.id == id).map(|found| &found.wanted);
    places.is_empty()
        || places.iter().filter_map(|place| located(place.location)).any(|location| {
            let same_area = area.is_some_and(|area| location.area == Some(AreaId::from(area)));
            same_area || fold(&location.name) == fold(name)
        })
}

/// All conflicts, decided or not; those of one source, if one is named.
///
/// # Errors
/// What the engine refuses.
pub async fn conflicts(app: &App, source: Option<&str>) -> Result<Vec<Conflict>, Fault> {
    app.store.import_conflicts(source).await
}

/// Decides a conflict; the next import of its source does what was decided.
///
/// # Errors
/// There is no such conflict; what the engine refuses.
pub async fn decide(app: &App, id: Uuid, decision: ConflictDecision) -> Outcome<()> {
    let tx = app.store.begin().await?;
    if !tx.settle_conflict(id, decision, ConflictSide::Operator, app.now()).await? {
        return Err(Rule::at("conflict", RuleCode::NotFound).into());
    }
    let source = app.store.import_conflicts(None).await?.into_iter().find(|one| one.id == id).map(|one| one.source);
    tx.look_again(source.as_deref().unwrap_or_default()).await?;
    Ok(tx.commit().await?)
}
