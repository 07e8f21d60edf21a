//! Confirming an agreement that another party has registered.

use super::{Which, chosen, go, parties, record};
use crate::app::App;
use crate::domain::agreement::AgreementStatus;
use crate::domain::id::AgreementId;
use crate::domain::notice::Notice;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::usecase::work::{Ask, open as begin};

/// A party confirms an agreement; with the last one it is in force between its dates.
///
/// # Errors
/// Those of a chosen agreement; ALREADY_EXISTS where this party has confirmed it; INVALID for one that was ended.
pub async fn confirm(app: &App, ask: Ask<'_>, which: Which) -> Outcome<AgreementId> {
    let work = begin!(app, ask);
    let agreement = chosen(&work, which).await?;
    let own = work.deed.organization;
    if agreement.status == AgreementStatus::Ended {
        return Err(Rule::at("agreementId", RuleCode::Invalid).into());
    }
    let waiting: Vec<_> = agreement.parties.iter().filter(|party| party.confirmed_at.is_none()).collect();
    if waiting.iter().all(|party| party.organization.id != own) {
        return Err(Rule::at("agreementId", RuleCode::AlreadyExists).into());
    }
    let to = if waiting.len() == 1 { AgreementStatus::Active } else { AgreementStatus::Draft };
    go(&work, &agreement, to).await?;
    work.tx.confirm_party(agreement.id, own, work.deed.principal, work.deed.now).await?;
    record(&work, agreement.id, agreement.version + 1, &parties(&agreement), Notice::to).await?;
    work.commit(agreement.id).await
}
