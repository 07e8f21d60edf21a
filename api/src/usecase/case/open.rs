//! Opening a case.

use crate::app::App;
use crate::domain::case::{AgeBand, ReturnFacts, Sex};
use crate::domain::case_identifier::CaseIdentifier;
use crate::domain::global_id::Kind;
use crate::domain::id::{AreaId, CaseId, ProgramId};
use crate::domain::policy::Power;
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode};
use crate::domain::sealed::Sealed;
use crate::store::case_writes::NewCase;
use crate::store::ledger::Happening;
use crate::store::sealing::Place;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// What is known when a case is opened. All of it but the program may be left open.
#[derive(Debug, Clone)]
pub struct Open {
    pub program: ProgramId,
    pub area: Option<AreaId>,
    pub age_band: Option<AgeBand>,
    pub sex: Option<Sex>,
    pub language: Option<String>,
    pub return_facts: Option<ReturnFacts>,
}

/// An organization opens a case in a program that it takes part in, and the case gets its shared identifier.
///
/// # Errors
/// NOT_PERMITTED; NOT_IN_PROGRAM; an area that does not exist.
pub async fn open(app: &App, ask: Ask<'_>, input: Open) -> Outcome<CaseId> {
    let work = begin!(app, ask);
    work.needs(Power::WriteCases, Some(input.program), "")?;
    if !work.tx.takes_part(work.deed.organization, input.program).await? {
        return Err(Rule::at("programId", RuleCode::NotInProgram).into());
    }
    if let Some(area) = input.area
        && work.tx.known_areas(&[area]).await?.is_empty()
    {
        return Err(Rule::at("areaId", RuleCode::NotFound).into());
    }
    let id = Uuid::new_v4();
    let identifier = new_identifier()?;
    let new = NewCase {
        id,
        identifier: identifier.as_str(),
        holder: work.deed.organization,
        program: input.program,
        area: input.area,
        age_band: input.age_band,
        sex: input.sex,
        language: input.language.as_deref(),
        return_facts: sealed(&work, id, input.return_facts.as_ref())?,
    };
    work.tx.add_case(new, work.deed.now).await?;
    work.record(&Happening {
        case: Some(id.into()),
        program: Some(input.program),
        area: input.area,
        ..Happening::to((Kind::Case, id), "HOLDER", 1)
    })
    .await?;
    work.commit(id.into()).await
}

pub(super) fn sealed(work: &Work<'_>, case: Uuid, facts: Option<&ReturnFacts>) -> Result<Option<Sealed>, Fault> {
    facts
        .map(|facts| {
            let text = serde_json::to_string(facts).map_err(|_| Fault::Sealing("facts can't be written".into()))?;
            let place = Place { table: "case_file", column: "return_facts_sealed", row: case };
            work.app.sealer.seal(place, &text).map_err(Fault::from)
        })
        .transpose()
}

/// Fifty random bits of the operating system. Two cases in the first million share one with a chance of 4 in 10,000; the
/// database then refuses the second, and the caller's retry gets another.
fn new_identifier() -> Result<CaseIdentifier, Fault> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|_| Fault::Randomness)?;
    Ok(CaseIdentifier::from_bits(u64::from_le_bytes(bytes) & ((1 << 50) - 1)))
}
