//! The licensed professional in whose name somebody else recorded an override says that they determined it.

use super::stand_in::oversight_of;
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::consent::reach_of;
use crate::domain::global_id::Kind;
use crate::domain::id::ConsentOverrideId;
use crate::domain::rule::{Detail, Outcome, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::usecase::work::{Ask, fresh, open as begin};

/// Only whoever determined it confirms it; until then nothing is sent under it.
///
/// # Errors
/// NOT_FOUND; NOT_PERMITTED; STALE_VERSION; ALREADY_EXISTS for one that was confirmed, or recorded by the professional.
pub async fn confirm_override(
    app: &App,
    ask: Ask<'_>,
    id: ConsentOverrideId,
    expected_version: i32,
) -> Outcome<ConsentOverrideId> {
    let work = begin!(app, ask);
    let at = |code| Rule::at("overrideId", code);
    let oversight = oversight_of(work.actor).ok_or_else(|| at(RuleCode::NotFound))?;
    let found = work.tx.consent_override(&oversight, id).await?.ok_or_else(|| at(RuleCode::NotFound))?;
    let is_licensed = reach_of(work.actor, &[MemberRole::MentalHealthProfessional]).reaches(Some(found.program_id));
    if found.determined_by != work.deed.principal.into() || !is_licensed {
        return Err(at(RuleCode::NotPermitted).into());
    }
    fresh(expected_version, found.version)?;
    if found.confirmed_at.is_some() {
        return Err(at(RuleCode::AlreadyExists).into());
    }
    if !work.tx.confirm_override(found.id, found.version, work.deed.now).await? {
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion)
            .with(Detail::Version(found.version + 1))
            .into());
    }
    work.record(&Happening {
        case: Some(found.case_id),
        program: Some(found.program_id),
        ..Happening::to((Kind::ConsentOverride, id.into()), "HOLDER", found.version + 1)
    })
    .await?;
    work.commit(id).await
}
