//! What an import would do with one organization, thing by thing and field by field.

use crate::domain::id::ServiceId;
use crate::domain::import_run::{Conflict, Difference, FieldChange, Quarantined, Verdict};
use crate::domain::imported::{ImportedLocation, ImportedService};
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use crate::usecase::import::plan::{LOCATION, ORGANIZATION, Plan, Planned, SERVICE};
use std::collections::HashMap;
use uuid::Uuid;

/// What an organization's import comes to.
#[derive(Default)]
pub(super) struct Work<'a> {
    /// Whether the organization is new.
    pub(super) is_new: bool,
    pub(super) new: Vec<&'a Planned<ImportedService>>,
    pub(super) changed: Vec<&'a Planned<ImportedService>>,
    /// Taken in hand by a member.
    pub(super) left: Vec<&'a Planned<ImportedService>>,
    /// Standing, with the id of the source, in which they are no longer.
    pub(super) gone: Vec<(ServiceId, &'a str)>,
}

fn difference(verdict: Verdict, entity: &str, source_id: &str, name: &str) -> Difference {
    Difference {
        verdict,
        entity: entity.to_owned(),
        source_id: source_id.to_owned(),
        name: name.to_owned(),
        fields: Vec::new(),
        detail: None,
    }
}

/// The differences of one organization; reads what stands, before anything is written.
pub(super) async fn differences(tx: &Tx, plan: &Plan, work: &Work<'_>) -> Result<Vec<Difference>, Fault> {
    let mut all = Vec::new();
    let Planned { source_id, wanted, .. } = &plan.organization;
    if work.is_new {
        all.push(difference(Verdict::Added, ORGANIZATION, source_id, &wanted.name));
    } else {
        let fields = tx.compare_organization(wanted).await?;
        all.extend(changed(ORGANIZATION, source_id, &wanted.name, fields));
    }
    for service in &work.new {
        all.push(difference(Verdict::Added, SERVICE, &service.source_id, &service.wanted.name));
    }
    for service in &work.left {
        all.push(difference(Verdict::Left, SERVICE, &service.source_id, &service.wanted.name));
    }
    if !work.changed.is_empty() {
        all.extend(of_changed(tx, plan, &work.changed).await?);
    }
    if !work.gone.is_empty() {
        let ids: Vec<Uuid> = work.gone.iter().map(|(id, _)| (*id).into()).collect();
        let names = tx.texts_of("service", &["name"], &ids).await?;
        for (id, source_id) in &work.gone {
            let name = names.get(&Uuid::from(*id)).and_then(|texts| texts.first());
            all.push(difference(Verdict::Gone, SERVICE, source_id, name.map_or("", String::as_str)));
        }
    }
    Ok(all)
}

fn changed(entity: &str, source_id: &str, name: &str, fields: Vec<FieldChange>) -> Option<Difference> {
    let found = Difference { fields, ..difference(Verdict::Changed, entity, source_id, name) };
    (!found.fields.is_empty()).then_some(found)
}

async fn of_changed(tx: &Tx, plan: &Plan, services: &[&Planned<ImportedService>]) -> Result<Vec<Difference>, Fault> {
    let places: HashMap<Uuid, &str> =
        plan.locations.iter().map(|location| (location.wanted.id.into(), location.wanted.name.as_str())).collect();
    let wanted: Vec<&ImportedService> = services.iter().map(|service| &service.wanted).collect();
    let mut fields = tx.compare_services(&wanted, &places).await?;
    let mut all = Vec::new();
    for service in services {
        let fields = fields.remove(&service.wanted.id).unwrap_or_default();
        // A service changes with where it is given: what changed is told of the location.
        let name = &service.wanted.name;
        let told = Difference { fields, ..difference(Verdict::Changed, SERVICE, &service.source_id, name) };
        all.push(told);
    }
    let wanted: Vec<&ImportedLocation> = plan.locations.iter().map(|location| &location.wanted).collect();
    let mut fields = tx.compare_locations(&wanted).await?;
    for location in &plan.locations {
        let fields = fields.remove(&Uuid::from(location.wanted.id)).unwrap_or_default();
        all.extend(changed(LOCATION, &location.source_id, &location.wanted.name, fields));
    }
    Ok(all)
}

/// A service that another publisher has, too.
pub(super) fn of_conflict(conflict: &Conflict) -> Difference {
    use crate::domain::code::Code as _;
    let detail = format!("{} {}", conflict.cause.code(), Uuid::from(conflict.standing));
    let told = difference(Verdict::Conflict, SERVICE, &conflict.source_id, &conflict.name);
    Difference { detail: Some(detail), ..told }
}

/// A word that no crosswalk knows, with what it may mean.
pub(super) fn of_word(word: &Quarantined) -> Difference {
    let place = format!("{}/{}", word.scheme, word.code);
    let told = difference(Verdict::Quarantined, "taxonomy_term", &place, &word.label);
    Difference { detail: word.suggestion.clone(), ..told }
}
