//! Changing what is known about whom a case is about.

use super::open::sealed;
use crate::app::App;
use crate::domain::case::{AgeBand, ConsentField, ReturnFacts, Sex};
use crate::domain::global_id::Kind;
use crate::domain::id::{AreaId, CaseId};
use crate::domain::rule::{Detail, Outcome, Rule, RuleCode};
use crate::store::case_writes::CaseFacts;
use crate::store::ledger::Happening;
use crate::usecase::work::{Ask, fresh, open as begin};
use uuid::Uuid;

/// What changes. Nothing stays as it is, `Some(None)` is no longer known.
#[derive(Debug, Clone)]
pub struct Update {
    pub case: CaseId,
    pub expected_version: i32,
    pub area: Option<Option<AreaId>>,
    pub age_band: Option<Option<AgeBand>>,
    pub sex: Option<Option<Sex>>,
    pub language: Option<Option<String>>,
    pub return_facts: Option<Option<ReturnFacts>>,
}

impl Update {
    /// What a receiver may have been shown of it.
    fn shown(&self) -> Vec<ConsentField> {
        let changes = [
            (self.age_band.is_some(), ConsentField::AgeBand),
            (self.sex.is_some(), ConsentField::Sex),
            (self.language.is_some(), ConsentField::Language),
        ];
        changes.into_iter().filter_map(|(changes, field)| changes.then_some(field)).collect()
    }
}

/// The holder's side puts right or completes what is known: people tell it over time, and intake is not held up by it.
///
/// # Errors
/// Those of a held case; STALE_VERSION; an area that does not exist.
pub async fn update(app: &App, ask: Ask<'_>, input: Update) -> Outcome<CaseId> {
    let work = begin!(app, ask);
    let case = super::held_open_case(&work, input.case).await?;
    fresh(input.expected_version, case.version)?;
    if let Some(Some(area)) = input.area
        && work.tx.known_areas(&[area]).await?.is_empty()
    {
        return Err(Rule::at("areaId", RuleCode::NotFound).into());
    }
    work.tx.freeze_fields(case.id, &input.shown(), &app.today(), work.deed.now).await?;
    let return_facts = match &input.return_facts {
        Some(known) => Some(sealed(&work, Uuid::from(case.id), known.as_ref())?),
        None => None,
    };
    let facts = CaseFacts {
        area: input.area,
        age_band: input.age_band,
        sex: input.sex,
        language: input.language,
        return_facts,
    };
    if !work.tx.set_case_facts(case.id, case.version, facts, work.deed.now).await? {
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(Detail::Version(case.version + 1)).into());
    }
    work.record(&Happening {
        case: Some(case.id),
        program: Some(case.program_id),
        area: case.area_id,
        ..Happening::to((Kind::Case, case.id.into()), "HOLDER", case.version + 1)
    })
    .await?;
    work.commit(case.id).await
}
