//! An organization takes part no more: nobody gets in for it.

use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::OrganizationId;
use crate::domain::rule::{Outcome, Rule, RuleCode};

/// Ends an organization. What it has done and what was sent to it stays as it is.
///
/// # Errors
/// NOT_FOUND where there is none that has not ended.
pub async fn organization_end(app: &App, id: OrganizationId) -> Outcome<()> {
    let (tx, now) = (app.store.begin().await?, app.now());
    if !tx.end_organization(id, now).await? {
        return Err(Rule::at("id", RuleCode::NotFound).into());
    }
    tx.note_operation("organizationEnd", (Kind::Organization, id.into()), Some(id), now).await?;
    Ok(tx.commit().await?)
}
