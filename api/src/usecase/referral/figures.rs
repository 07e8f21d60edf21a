//! Figures of referrals: why they ended, how those of a program stand, and which are stuck.

use crate::app::App;
use crate::domain::actor::{Actor, MemberRole};
use crate::domain::consent::reach_of;
use crate::domain::id::{AreaId, OrganizationId, ProgramId};
use crate::domain::organization::Organization;
use crate::domain::policy::{Extent, Sight};
use crate::domain::reasons::ReasonTable;
use crate::domain::rule::Fault;
use crate::domain::stuck::{StuckGroup, groups};
pub use crate::store::referral_figures::Standing;
use crate::store::unmet::Audience;
use std::collections::HashMap;

/// Organizations by their keys.
pub type Named = HashMap<OrganizationId, Organization>;

/// Why referrals ended.
#[derive(Debug)]
pub struct Reasons {
    pub table: ReasonTable,
    /// Figures of fewer persons than this are hidden; one where nothing is.
    pub fewest: i64,
    pub providers: Named,
}

/// Why the referrals of a program ended within a time (UTC microseconds, the end not included), suppressed for whom is no
/// party; without a program, those of the asker's own organization, which it knows one by one. Nothing for whom may read
/// neither.
///
/// # Errors
/// What the engine refuses.
pub async fn reasons(
    app: &App,
    sight: &Sight,
    program: Option<ProgramId>,
    within: (i64, i64),
) -> Result<Option<Reasons>, Fault> {
    let (ended, inside, fewest) = match program {
        Some(program) => {
            let Some(found) = app.store.program_endings(sight, program, within).await? else { return Ok(None) };
            (found.ended, app.policy.fewest(false), app.policy.fewest(found.only_pays))
        }
        None if sight.referrals == Extent::Nothing => return Ok(None),
        None => (app.store.own_endings(sight, within).await?, 1, 1),
    };
    let table = ReasonTable::of(&ended, inside, fewest);
    let named: Vec<OrganizationId> = table.providers().into_iter().collect();
    let providers = app.store.organizations_by_id(&named).await?;
    Ok(Some(Reasons { table, fewest, providers }))
}

/// How the referrals of a program stand between organizations, without persons, for those who manage or coordinate it in the
/// organization that leads it; nothing for others.
///
/// # Errors
/// What the engine refuses.
pub async fn program_standing(
    app: &App,
    actor: &Actor,
    program: ProgramId,
) -> Result<Option<(Vec<Standing>, Named)>, Fault> {
    let Some(lead) = actor.organization() else { return Ok(None) };
    let reach = reach_of(actor, &[MemberRole::ProgramManager, MemberRole::Coordinator]);
    if reach == Extent::Nothing {
        return Ok(None);
    }
    let Some(found) = app.store.program_standing((lead, &reach), program, app.now()).await? else { return Ok(None) };
    let mut named: Vec<OrganizationId> = found.iter().flat_map(|one| [one.sender, one.receiver]).collect();
    named.sort_unstable();
    named.dedup();
    let named = app.store.organizations_by_id(&named).await?;
    Ok(Some((found, named)))
}

/// The groups of stuck referrals that lie in an area, and the fewest persons of whom one is told; nothing for whom may not
/// be told of the needs of its country, as for an area that does not exist.
///
/// # Errors
/// What the engine refuses.
pub async fn stuck(app: &App, sight: &Sight, area: AreaId) -> Result<Option<(Vec<StuckGroup>, i64)>, Fault> {
    let Some(found) = app.store.areas_by_id(&[area]).await?.remove(&area) else { return Ok(None) };
    let Some(audience) = app.store.audience(sight, &found.country).await? else { return Ok(None) };
    let inside = app.policy.fewest(false);
    let fewest = app.policy.fewest(audience == Audience::Outside);
    let paths = app.store.area_paths().await?;
    let stuck = app.store.stuck_in(&found.country, app.now()).await?;
    let lies_in = |group: &StuckGroup| {
        let path = group.area.and_then(|area| paths.get(&area));
        path.is_some_and(|path| path.contains(&area))
    };
    let told = groups(&stuck, &paths, app.now(), (inside, fewest)).into_iter().filter(lies_in).collect();
    Ok(Some((told, fewest)))
}
