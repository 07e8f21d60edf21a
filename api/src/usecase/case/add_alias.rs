//! Keeping an organization's own number for a case.

use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::CaseId;
use crate::domain::policy::{Power, may};
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::case_writes::NewAlias;
use crate::store::ledger::Happening;
use crate::store::sealing::Place;
use crate::usecase::work::{Ask, open as begin};
use uuid::Uuid;

/// An organization's own number for a case.
#[derive(Debug, Clone)]
pub struct AddAlias {
    pub case: CaseId,
    /// Which of the organization's numberings it belongs to.
    pub scheme: String,
    pub value: Private<String>,
}

/// An organization that holds a case, or was granted a part of it, keeps its own number for it; nobody else sees it.
///
/// # Errors
/// NOT_FOUND for a case that is not visible; NOT_PERMITTED for whom may read only; ALREADY_EXISTS when the organization gave the number to a case already.
pub async fn add_alias(app: &App, ask: Ask<'_>, input: AddAlias) -> Outcome<CaseId> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    rules.text("scheme", &input.scheme, 1, 60);
    // It is stored in the clear, so it is a short token that has no room for a name.
    let token = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':' | '/');
    rules.check(input.scheme.chars().all(token), "scheme", RuleCode::Invalid);
    rules.text("value", input.value.expose(), 1, 100);
    rules.settle()?;
    let case = work.tx.case(&work.sight(), input.case).await?.ok_or_else(|| Rule::at("caseId", RuleCode::NotFound))?;
    let writes = [Power::WriteCases, Power::SendReferrals, Power::DecideReferrals, Power::DeliverServices];
    if !writes.iter().any(|power| may(work.actor, *power, Some(case.program_id))) {
        return Err(Rule::at("caseId", RuleCode::NotPermitted).into());
    }
    let (id, organization) = (Uuid::now_v7(), work.deed.organization);
    let place = Place { table: "case_alias", column: "value_sealed", row: id };
    let new = NewAlias {
        id,
        organization,
        scheme: &input.scheme,
        value: &app.sealer.seal(place, input.value.expose()).map_err(Fault::from)?,
        index: app.sealer.blind_index("case_alias.value", organization.into(), input.value.expose()),
    };
    if !work.tx.add_alias(case.id, new, work.deed.now).await? {
        return Err(Rule::at("value", RuleCode::AlreadyExists).into());
    }
    // The event names the case only to the organization whose number it is: a grantee's own numbering is no news to others.
    work.record(&Happening::to((Kind::CaseAlias, id), "OWNER", 1)).await?;
    work.commit(case.id).await
}
