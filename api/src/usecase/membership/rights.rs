//! What an administrator may give: no more than the organization itself may have.

use crate::domain::actor::{MemberRole, RoleGrant, Scope};
use crate::domain::policy::{role_fits, scope_fits};
use crate::domain::rule::{Fault, RuleCode, Rules};
use crate::usecase::work::Work;

/// The most roles of one member.
const MOST_ROLES: usize = 50;

/// Notes what is wrong with roles: none, one twice, one in a program in which the organization has no part, COORDINATOR
/// where it does not lead, one that reaches people in an organization that only pays.
pub async fn check_roles(work: &Work<'_>, roles: &[RoleGrant], rules: &mut Rules) -> Result<(), Fault> {
    rules.check(!roles.is_empty(), "roles", RuleCode::Required);
    rules.check(roles.len() <= MOST_ROLES, "roles", RuleCode::TooLong);
    let programs = work.tx.parts_in_programs(work.deed.organization).await?;
    let kinds = work.actor.standing().map(|standing| standing.kinds.as_slice()).unwrap_or_default();
    for (at, grant) in roles.iter().enumerate().take(MOST_ROLES) {
        rules.check(!roles[..at].contains(grant), &format!("roles.{at}"), RuleCode::Invalid);
        let part = grant.program.map(|program| programs.get(&program));
        if part == Some(None) {
            rules.check(false, &format!("roles.{at}.programId"), RuleCode::NotInProgram);
            continue;
        }
        let leads = match part.flatten() {
            Some(leads) => *leads,
            None => programs.values().any(|leads| *leads),
        };
        let fits = role_fits(kinds, grant.role) && (grant.role != MemberRole::Coordinator || leads);
        rules.check(fits, &format!("roles.{at}.role"), RuleCode::NotPermitted);
    }
    Ok(())
}

/// Notes what is wrong with scopes: none, or one that reaches people in an organization that only pays.
pub fn check_scopes(work: &Work<'_>, scopes: &[Scope], rules: &mut Rules) {
    rules.check(!scopes.is_empty(), "scopes", RuleCode::Required);
    let kinds = work.actor.standing().map(|standing| standing.kinds.as_slice()).unwrap_or_default();
    for (at, scope) in scopes.iter().enumerate() {
        rules.check(scope_fits(kinds, *scope), &format!("scopes.{at}"), RuleCode::NotPermitted);
    }
}
