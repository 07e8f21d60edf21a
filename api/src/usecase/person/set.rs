//! Writing down what is known of a person.

use crate::app::{App, person_row};
use crate::domain::case::ConsentField;
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::person::{Assessment, FieldChange, VulnerabilityFlag, check_form};
use crate::domain::rule::{Detail, Failure, Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::ledger::Happening;
use crate::store::sealing::Place;
use crate::usecase::work::{Ask, Work, fresh, open as begin};
use uuid::Uuid;

/// What becomes of the fields that are named; the others stay as they are.
#[derive(Debug, Clone)]
pub struct SetPerson {
    pub case: CaseId,
    pub expected_version: i32,
    /// Each with the name of the input's field, for what is wrong with it.
    pub changes: Vec<(&'static str, FieldChange)>,
    /// All vulnerabilities from now on, each with its assessment; none given leaves them.
    pub vulnerabilities: Option<Vec<(VulnerabilityFlag, Private<Assessment>)>>,
}

/// The holder of a case keeps what it knows of the person, each value sealed for its row. The first value makes the
/// person.
///
/// # Errors
/// Those of a held case; values of the wrong form.
pub async fn set_person(app: &App, ask: Ask<'_>, input: SetPerson) -> Outcome<CaseId> {
    let work = begin!(app, ask);
    check(&input)?;
    let case = crate::usecase::case::held_open_case(&work, input.case).await?;
    fresh(input.expected_version, case.version)?;
    if !work.tx.touch_case(case.id, case.version, work.deed.now).await? {
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(Detail::Version(case.version + 1)).into());
    }
    let person = match work.tx.person_of(case.id).await? {
        Some(person) => person,
        None => {
            let person = PersonId::from(Uuid::new_v4());
            work.tx.add_person(person, work.deed.organization, case.id, work.deed.now).await?;
            person
        }
    };
    work.tx.freeze_fields(case.id, &changed(&input), &app.today(), work.deed.now).await?;
    for (_, change) in &input.changes {
        put(&work, person, change.field, change.value.as_ref()).await?;
    }
    if let Some(flags) = &input.vulnerabilities {
        put_flags(&work, person, flags).await?;
    }
    work.record(&Happening {
        case: Some(case.id),
        program: Some(case.program_id),
        ..Happening::to((Kind::Person, person.into()), "HOLDER", case.version + 1)
    })
    .await?;
    work.commit(case.id).await
}

/// The fields that the input may change: of the vulnerabilities, all, because they are set as a whole.
fn changed(input: &SetPerson) -> Vec<ConsentField> {
    let mut fields: Vec<ConsentField> = input.changes.iter().map(|(_, change)| change.field).collect();
    if input.vulnerabilities.is_some() {
        fields.extend(ConsentField::ALL.iter().copied().filter(|field| field.flag().is_some()));
    }
    fields
}

fn check(input: &SetPerson) -> Result<(), Failure> {
    let mut rules = Rules::default();
    for (name, change) in &input.changes {
        if let Some(value) = &change.value {
            check_form(&mut rules, name, change.field, value);
        }
    }
    for (at, (flag, assessment)) in input.vulnerabilities.iter().flatten().enumerate() {
        let field = |name: &str| format!("vulnerabilities.{at}.{name}");
        let assessment = assessment.expose();
        let earlier = &input.vulnerabilities.as_deref().unwrap_or_default()[..at];
        rules.check(earlier.iter().all(|(known, _)| known != flag), &field("flag"), RuleCode::Invalid);
        rules.text(&field("assessedBy"), &assessment.assessed_by, 1, 120);
        rules.check(assessment.review_on >= assessment.assessed_on, &field("reviewOn"), RuleCode::DateOutOfRange);
    }
    rules.settle()
}

async fn put(
    work: &Work<'_>,
    person: PersonId,
    field: ConsentField,
    value: Option<&Private<String>>,
) -> Result<(), Fault> {
    let Some(value) = value else { return work.tx.remove_person_field(person, field).await };
    let place = Place { table: "person_field", column: "value_sealed", row: person_row(person, field) };
    let sealed = work.app.sealer.seal(place, value.expose())?;
    work.tx.put_person_field(person, field, &sealed, work.deed.now).await
}

async fn put_flags(
    work: &Work<'_>,
    person: PersonId,
    flags: &[(VulnerabilityFlag, Private<Assessment>)],
) -> Result<(), Fault> {
    for field in ConsentField::ALL.iter().copied() {
        let Some(flag) = field.flag() else { continue };
        let assessment = flags.iter().find(|(given, _)| *given == flag).map(|(_, assessment)| assessment);
        let text = assessment.map(|assessment| crate::store::statement::json(assessment.expose())).transpose()?;
        put(work, person, field, text.map(Private::new).as_ref()).await?;
    }
    Ok(())
}
