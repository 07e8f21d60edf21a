//! Ending an agreement before its last day.

use super::{Which, chosen, go, must_act, parties, record};
use crate::app::App;
use crate::domain::agreement::AgreementStatus;
use crate::domain::id::AgreementId;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::usecase::work::{Ask, open as begin};

/// A party ends an agreement, in force or not yet: nothing new moves under it, and what runs goes on.
///
/// # Errors
/// Those of a chosen agreement; INVALID for one that was ended already.
pub async fn end(app: &App, ask: Ask<'_>, which: Which) -> Outcome<AgreementId> {
    let work = begin!(app, ask);
    let agreement = chosen(&work, which).await?;
    if agreement.status == AgreementStatus::Ended {
        return Err(Rule::at("agreementId", RuleCode::Invalid).into());
    }
    go(&work, &agreement, AgreementStatus::Ended).await?;
    record(&work, agreement.id, agreement.version + 1, &parties(&agreement), must_act).await?;
    work.commit(agreement.id).await
}
