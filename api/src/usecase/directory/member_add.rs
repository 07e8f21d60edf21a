//! A person works for an organization from now on.

use crate::app::App;
use crate::domain::actor::RoleGrant;
use crate::domain::global_id::Kind;
use crate::domain::id::{MemberId, OrganizationId, ProgramId};
use crate::domain::rule::{Outcome, RuleCode, Rules};
use uuid::Uuid;

/// A new member of an organization.
#[derive(Debug, Clone)]
pub struct NewMember {
    pub organization: OrganizationId,
    pub name: String,
    /// At least one.
    pub roles: Vec<RoleGrant>,
}

/// Adds a member.
///
/// # Errors
/// Rules that the input breaks; NOT_FOUND where the organization or a role's program is unknown.
pub async fn member_add(app: &App, new: &NewMember) -> Outcome<MemberId> {
    let mut rules = Rules::default();
    rules.text("name", &new.name, 1, 200);
    rules.check(!new.roles.is_empty(), "roles", RuleCode::Required);
    let tx = app.store.begin().await?;
    let known = tx.known_organizations(&[new.organization]).await?;
    rules.check(known.contains(&new.organization), "organization", RuleCode::NotFound);
    let programs: Vec<ProgramId> = new.roles.iter().filter_map(|grant| grant.program).collect();
    let known = tx.known_programs(&programs).await?;
    rules.check(programs.iter().all(|program| known.contains(program)), "roles", RuleCode::NotFound);
    rules.settle()?;

    let (id, now) = (MemberId::from(Uuid::now_v7()), app.now());
    tx.add_member(id, new.organization, new.name.trim(), &new.roles, now).await?;
    tx.note_operation("memberAdd", (Kind::Member, id.into()), Some(new.organization), now).await?;
    tx.commit().await?;
    Ok(id)
}
