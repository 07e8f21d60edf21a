//! Who may get in for an organization, managed by its administrators: members with their roles, applications with their
//! scopes and secrets. Whatever one of them does, the others are told.

mod client;
mod member;
mod read;
mod rights;

pub use client::{
    AddClient, ChangeScopes, ClientMade, EndSecret, RotateSecret, WhichClient, add_client, change_scopes, end_client,
    end_secret, rotate_secret,
};
pub use member::{
    AddMember, ChangeRoles, MemberMade, WhichMember, add_member, change_roles, end_member, invite_member,
};
pub use read::{client, clients, clients_by_id, member, members, members_by_id};

use crate::domain::global_id::Kind;
use crate::domain::notice::Notice;
use crate::domain::policy::Power;
use crate::domain::rule::{Failure, Fault};
use crate::store::ledger::Happening;
use crate::usecase::work::Work;
use uuid::Uuid;

/// That the asker is an administrator. From here on, nobody else changes the same organization's access until this is done.
async fn manage(work: &Work<'_>) -> Result<(), Failure> {
    work.needs(Power::ManageAccess, None, "")?;
    work.tx.lock_memberships(work.deed.organization).await?;
    Ok(())
}

/// Writes down what happened to a member or application, and tells the other administrators.
///
/// # Errors
/// What the engine refuses.
pub(super) async fn record(work: &Work<'_>, subject: (Kind, Uuid), version: i32) -> Result<(), Fault> {
    let organization = work.deed.organization;
    let others = work.tx.administrators(organization).await?.into_iter();
    let others = others.filter(|other| Uuid::from(*other) != work.deed.principal);
    let notify = others.map(|other| Notice { member: Some(other), ..Notice::to(organization) }).collect();
    work.record(&Happening { notify, ..Happening::to(subject, "ADMINISTRATOR", version) }).await
}
