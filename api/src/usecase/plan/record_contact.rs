//! Recording that a person was told of a service, or was put in touch with it by hand: less than a referral.

use super::{held_case, of_case};
use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, LightContactId, NeedId, ServiceId};
use crate::domain::light_contact::{LightContactKind, PassedDetail, check};
use crate::domain::rule::{Detail, Outcome, Rule, RuleCode, Rules};
use crate::store::casework_writes::NewContact;
use crate::usecase::case::still_open;
use crate::usecase::work::{Ask, fresh, open as begin};
use uuid::Uuid;

/// A contact that is less than a referral.
#[derive(Debug, Clone)]
pub struct RecordContact {
    pub case: CaseId,
    pub expected_version: i32,
    pub need: Option<NeedId>,
    /// What the person was told of, or was put in touch with.
    pub service: ServiceId,
    pub kind: LightContactKind,
    pub passed: Vec<PassedDetail>,
    /// Whether the person agreed to what was handed on.
    pub person_agreed: bool,
    /// ISO 8601; not in the future.
    pub made_on: String,
}

/// The holder records that a person was told of a service or put in touch with it. The need stays as it is: nobody has
/// taken it on.
///
/// # Errors
/// Those of a held case; NOT_FOUND for a need or a service that the asker does not see; CONSENT_MISSING where something was
/// handed on that the person did not agree to; REQUIRED and INVALID for what was handed on.
pub async fn record_contact(app: &App, ask: Ask<'_>, input: RecordContact) -> Outcome<(CaseId, LightContactId)> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    check(input.kind, &input.passed, input.person_agreed, (&input.made_on, &app.today()), &mut rules);
    rules.settle()?;
    let (case, _) = held_case(&work, input.case).await?;
    fresh(input.expected_version, case.version)?;
    if input.need.is_some_and(|named| !case.needs.iter().any(|need| need.id == named)) {
        return Err(Rule::at("needId", RuleCode::NotFound).into());
    }
    if work.tx.service(&work.sight(), input.service).await?.is_none() {
        return Err(Rule::at("serviceId", RuleCode::NotFound).into());
    }
    still_open(&work, case.id).await?;
    let id = Uuid::now_v7();
    let new = NewContact {
        id,
        need: input.need,
        service: input.service,
        kind: input.kind,
        passed: &input.passed,
        made_on: &input.made_on,
    };
    work.tx.add_light_contact(case.id, new, &work.deed).await?;
    if !work.tx.touch_case(case.id, case.version, work.deed.now).await? {
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(Detail::Version(case.version + 1)).into());
    }
    work.record(&of_case(&case, (Kind::Case, case.id.into()), case.version + 1)).await?;
    work.commit((case.id, id.into())).await
}
