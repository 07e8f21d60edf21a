//! Who may get in for an organization: its members and its applications, as their administrators see them.

use crate::domain::actor::{MemberRole, RoleGrant, Scope};
use crate::domain::id::{ClientId, MemberId, OrganizationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A person who works for an organization. Times are UTC microseconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Member {
    pub id: MemberId,
    pub organization_id: OrganizationId,
    pub name: String,
    pub roles: Vec<RoleGrant>,
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_active: bool,
    /// Whether an identity provider knows who this is.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_bound: bool,
    /// Until when an invitation that was not used is good.
    pub invited_until: Option<i64>,
    pub last_used_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub version: i32,
    pub created_at: i64,
}

impl Member {
    /// Whether the member manages the organization's members and applications.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.is_active && administers(&self.roles)
    }
}

/// Whether these roles let somebody manage an organization's members and applications: a role in one program does not.
#[must_use]
pub fn administers(roles: &[RoleGrant]) -> bool {
    roles.iter().any(|grant| grant.role == MemberRole::Administrator && grant.program.is_none())
}

/// Whether somebody with the roles `old` keeps all that they may do when they get `new`.
#[must_use]
pub fn keeps_all<T: PartialEq>(old: &[T], new: &[T]) -> bool {
    old.iter().all(|right| new.contains(right))
}

/// An application that acts for an organization. Times are UTC microseconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Client {
    pub id: ClientId,
    pub organization_id: OrganizationId,
    pub name: String,
    pub scopes: Vec<Scope>,
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub is_active: bool,
    /// The newest first, those that are over included.
    pub secrets: Vec<ClientSecret>,
    pub last_used_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub version: i32,
    pub created_at: i64,
}

/// What is known of a secret: never the secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClientSecret {
    pub id: Uuid,
    /// Its last four signs.
    pub hint: String,
    pub created_at: i64,
    /// The instant from which it is good no more; until it is ended when there is none.
    pub valid_until: Option<i64>,
    pub ended_at: Option<i64>,
    pub last_used_at: Option<i64>,
}

impl ClientSecret {
    /// Whether it opens something at `now`.
    #[must_use]
    pub fn is_good(&self, now: i64) -> bool {
        self.ended_at.is_none() && self.valid_until.is_none_or(|until| until > now)
    }
}
