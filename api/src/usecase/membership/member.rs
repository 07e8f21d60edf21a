//! Members of an organization and their roles.

use super::rights::check_roles;
use super::{manage, record};
use crate::app::App;
use crate::domain::actor::RoleGrant;
use crate::domain::global_id::Kind;
use crate::domain::id::MemberId;
use crate::domain::membership::{Member, administers, keeps_all};
use crate::domain::policy::Power;
use crate::domain::rule::{Failure, Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::domain::sign_in::{INVITATION_LASTS, INVITATION_PREFIX};
use crate::usecase::sign_in::new_secret;
use crate::usecase::work::{Ask, Work, fresh, open as begin};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A new member.
#[derive(Debug, Clone)]
pub struct AddMember {
    pub name: String,
    pub roles: Vec<RoleGrant>,
}

/// Which member, in which version.
#[derive(Debug, Clone, Copy)]
pub struct WhichMember {
    pub member: MemberId,
    pub expected_version: i32,
}

/// Other roles for a member.
#[derive(Debug, Clone)]
pub struct ChangeRoles {
    pub which: WhichMember,
    pub roles: Vec<RoleGrant>,
}

/// A member with the code by which they are bound. It is shown by the request that made it and by no other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberMade {
    pub member: MemberId,
    #[serde(skip)]
    pub code: Option<Private<String>>,
}

/// An administrator adds a member and gets the code to give to that person.
///
/// # Errors
/// NOT_PERMITTED; what is wrong with the input, all at once.
pub async fn add_member(app: &App, ask: Ask<'_>, input: AddMember) -> Outcome<MemberMade> {
    let work = begin!(app, ask, Power::ManageAccess, Rule::at("", RuleCode::NotPermitted));
    manage(&work).await?;
    let mut rules = Rules::default();
    rules.text("name", &input.name, 1, 200);
    check_roles(&work, &input.roles, &mut rules).await?;
    rules.settle()?;
    let id = MemberId::from(Uuid::now_v7());
    work.tx.add_member(id, work.deed.organization, input.name.trim(), &input.roles, work.deed.now).await?;
    let code = invitation(&work, id).await?;
    record(&work, (Kind::Member, id.into()), 1).await?;
    work.commit(MemberMade { member: id, code: Some(code) }).await
}

/// An administrator makes a new code for a member; the one before it is good no more.
///
/// # Errors
/// NOT_FOUND, STALE_VERSION, NOT_NOW for somebody who has ended.
pub async fn invite_member(app: &App, ask: Ask<'_>, which: WhichMember) -> Outcome<MemberMade> {
    let work = begin!(app, ask, Power::ManageAccess, Rule::at("", RuleCode::NotPermitted));
    let member = chosen(&work, which).await?;
    let code = invitation(&work, member.id).await?;
    record(&work, (Kind::Member, member.id.into()), member.version).await?;
    work.commit(MemberMade { member: member.id, code: Some(code) }).await
}

async fn invitation(work: &Work<'_>, member: MemberId) -> Result<Private<String>, Fault> {
    let (code, hash) = new_secret(work.app, INVITATION_PREFIX)?;
    let (now, by) = (work.deed.now, Some(work.deed.principal));
    work.tx.invite((member, work.deed.organization), &hash, (now, now + INVITATION_LASTS), by).await?;
    Ok(code)
}

/// An administrator gives a member other roles. Where one is taken away, that person's tokens are good no more.
///
/// # Errors
/// NOT_FOUND, STALE_VERSION, NOT_NOW for somebody who has ended; what is wrong with the roles; LAST_ADMINISTRATOR where nobody
/// would be left who manages access.
pub async fn change_roles(app: &App, ask: Ask<'_>, input: ChangeRoles) -> Outcome<MemberMade> {
    let work = begin!(app, ask, Power::ManageAccess, Rule::at("", RuleCode::NotPermitted));
    let member = chosen(&work, input.which).await?;
    let mut rules = Rules::default();
    check_roles(&work, &input.roles, &mut rules).await?;
    rules.settle()?;
    if !administers(&input.roles) {
        somebody_else_manages(&work, &member).await?;
    }
    work.tx.set_roles(member.id, &input.roles, !keeps_all(&member.roles, &input.roles)).await?;
    done(work, &member).await
}

/// An administrator ends a member: that person's tokens are good no more, and an invitation neither.
///
/// # Errors
/// As [`change_roles`].
pub async fn end_member(app: &App, ask: Ask<'_>, which: WhichMember) -> Outcome<MemberMade> {
    let work = begin!(app, ask, Power::ManageAccess, Rule::at("", RuleCode::NotPermitted));
    let member = chosen(&work, which).await?;
    somebody_else_manages(&work, &member).await?;
    work.tx.end_access(member.id.into(), false, work.deed.now).await?;
    done(work, &member).await
}

async fn somebody_else_manages(work: &Work<'_>, member: &Member) -> Result<(), Failure> {
    let left = work.tx.administrators(work.deed.organization).await?;
    if member.is_administrator() && left.iter().all(|one| *one == member.id) {
        return Err(Rule::at("memberId", RuleCode::LastAdministrator).into());
    }
    Ok(())
}

async fn chosen(work: &Work<'_>, which: WhichMember) -> Result<Member, Failure> {
    manage(work).await?;
    let found = work.tx.member(work.deed.organization, which.member).await?;
    let member = found.ok_or_else(|| Rule::at("memberId", RuleCode::NotFound))?;
    fresh(which.expected_version, member.version)?;
    if member.is_active { Ok(member) } else { Err(Rule::at("memberId", RuleCode::NotNow).into()) }
}

async fn done(work: Work<'_>, member: &Member) -> Outcome<MemberMade> {
    record(&work, (Kind::Member, member.id.into()), member.version + 1).await?;
    work.commit(MemberMade { member: member.id, code: None }).await
}
