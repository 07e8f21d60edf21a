//! What an entry refers to: its category, program, areas and locations.

use crate::domain::id::{AreaId, LocationId, OrganizationId};
use crate::domain::policy::{Extent, Power, extent};
use crate::domain::rule::{Outcome, RuleCode, Rules};
use crate::domain::service::Category;
use crate::domain::service_entry::ServiceEntry;
use crate::usecase::taxonomy::usable;
use crate::usecase::work::Work;

/// Makes sure that everything an entry refers to exists and may be referred to; gives the category it names.
///
/// # Errors
/// NOT_FOUND where there is no such thing, NOT_IN_PROGRAM where the organization has no part in the program, INVALID for
/// ways of return at a government body's service; all at once.
pub async fn resolve(work: &Work<'_>, organization: OrganizationId, entry: &ServiceEntry) -> Outcome<Option<Category>> {
    let mut rules = Rules::default();
    if let Some(Some(program)) = entry.program {
        let takes_part = work.tx.takes_part(organization, program).await?;
        rules.check(takes_part, "programId", RuleCode::NotInProgram);
    }
    let mut category = None;
    if let Some(Some(code)) = &entry.category {
        category = usable(work, code).await?;
        rules.check(category.is_some(), "categoryCode", RuleCode::NotFound);
    }
    // By its own services a government body would learn how those whom it receives returned.
    let asks_for_return = entry.eligibility.as_ref().is_some_and(|who| !who.return_types.is_empty());
    rules.check(!(asks_for_return && work.actor.is_government()), "eligibility.returnTypes", RuleCode::Invalid);
    check_places(work, organization, entry, &mut rules).await?;
    rules.settle()?;
    Ok(category)
}

async fn check_places(
    work: &Work<'_>,
    organization: OrganizationId,
    entry: &ServiceEntry,
    rules: &mut Rules,
) -> Outcome<()> {
    let places = entry.places.as_deref().unwrap_or_default();
    let served = entry.areas.as_deref().unwrap_or_default();
    let areas: Vec<AreaId> = places.iter().filter_map(|place| place.area).chain(served.iter().copied()).collect();
    let locations: Vec<LocationId> = places.iter().filter_map(|place| place.location).collect();
    if !areas.is_empty() {
        let known = work.tx.known_areas(&areas).await?;
        for (index, place) in places.iter().enumerate() {
            let there = place.area.is_none_or(|area| known.contains(&area));
            rules.check(there, &format!("locations.{index}.areaId"), RuleCode::NotFound);
        }
        for (index, area) in served.iter().enumerate() {
            rules.check(known.contains(area), &format!("servedAreaIds.{index}"), RuleCode::NotFound);
        }
    }
    if !locations.is_empty() {
        let own = work.tx.own_locations(organization, &locations).await?;
        for (index, place) in places.iter().enumerate() {
            let there = place.location.is_none_or(|location| own.contains(&location));
            rules.check(there, &format!("locations.{index}.locationId"), RuleCode::NotFound);
        }
        // A location is one row for all services given there: who edits one program's may not move another's.
        let reach = extent(work.actor, Power::EditDirectory);
        if reach != Extent::Everything {
            let beyond = work.tx.locations_beyond(&reach, &locations).await?;
            for (index, place) in places.iter().enumerate() {
                let free = place.location.is_none_or(|location| !beyond.contains(&location));
                rules.check(free, &format!("locations.{index}.locationId"), RuleCode::NotPermitted);
            }
        }
    }
    Ok(())
}
