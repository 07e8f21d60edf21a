//! Members and applications of an organization, in the schema.

use crate::domain::actor::{self as domain, MemberRole};
use crate::domain::global_id::Kind;
use crate::domain::membership;
use crate::graphql::context::Here;
use crate::graphql::paging::connection;
use crate::graphql::scalar::{self, DateTime};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use std::sync::Arc;

/// A person who works for an organization.
#[derive(Debug, Clone)]
pub struct Member(pub Arc<membership::Member>);

/// An application that acts for an organization.
#[derive(Debug, Clone)]
pub struct ClientApplication(pub Arc<membership::Client>);

/// A role of a member.
#[derive(Debug, Clone, SimpleObject)]
pub struct RoleGrant {
    /// The role.
    pub role: MemberRole,
    /// The only program in which the member has it; null means everywhere in the organization.
    pub program_id: Option<ID>,
}

impl From<&domain::RoleGrant> for RoleGrant {
    fn from(grant: &domain::RoleGrant) -> Self {
        Self { role: grant.role, program_id: grant.program.map(|program| scalar::id(Kind::Program, program)) }
    }
}

/// A person who works for an organization.
#[Object]
impl Member {
    /// The global identifier.
    pub async fn id(&self) -> ID {
        scalar::id(Kind::Member, self.0.id)
    }

    /// The name as the organization entered it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What the member does, and in which programs.
    async fn roles(&self) -> Vec<RoleGrant> {
        self.0.roles.iter().map(RoleGrant::from).collect()
    }

    /// Whether the member gets in.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }

    /// Whether an identity provider knows who this is: the invitation was used.
    async fn is_bound(&self) -> bool {
        self.0.is_bound
    }

    /// Until when an invitation that was not used can be; null where there is none.
    async fn invited_until(&self, ctx: &Context<'_>) -> Option<DateTime> {
        self.0.invited_until.filter(|until| *until > ctx.app().now()).map(DateTime)
    }

    /// When the member last got a token through an identity provider; null for never.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// When access was ended; null while it stands.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// The version to give to the next change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When the member was added.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// An application that acts for an organization. It gets its own tokens at `/oauth/token`, with its identifier as client_id.
#[Object]
impl ClientApplication {
    /// The global identifier, which is the client_id too.
    pub async fn id(&self) -> ID {
        scalar::id(Kind::ClientApplication, self.0.id)
    }

    /// The name as the organization entered it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it may do. A token may name fewer.
    async fn scopes(&self) -> Vec<domain::Scope> {
        self.0.scopes.clone()
    }

    /// Whether it gets in.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }

    /// What is known of its secrets, the newest first; those that are over included.
    async fn secrets(&self, ctx: &Context<'_>) -> Vec<ClientSecret> {
        let now = ctx.app().now();
        self.0.secrets.iter().map(|secret| ClientSecret::of(secret, now)).collect()
    }

    /// When it last got a token with a secret; null for never.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// When access was ended; null while it stands.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// The version to give to the next change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was added.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// What is known of a secret of an application; the secret itself is shown once, when it is made.
#[derive(Debug, Clone, SimpleObject)]
pub struct ClientSecret {
    /// By what it is named when it is ended.
    pub secret_id: ID,
    /// Its last four characters.
    pub hint: String,
    /// Whether it is good now.
    pub is_good: bool,
    /// When it was made.
    pub created_at: DateTime,
    /// From when on it is good no more; null where no time was said.
    pub valid_until: Option<DateTime>,
    /// When it was ended before its time; null where it was not.
    pub ended_at: Option<DateTime>,
    /// When a token was last asked for with it; null for never.
    pub last_used_at: Option<DateTime>,
}

impl ClientSecret {
    fn of(secret: &membership::ClientSecret, now: i64) -> Self {
        Self {
            secret_id: scalar::id(Kind::ClientSecret, secret.id),
            hint: secret.hint.clone(),
            is_good: secret.is_good(now),
            created_at: DateTime(secret.created_at),
            valid_until: secret.valid_until.map(DateTime),
            ended_at: secret.ended_at.map(DateTime),
            last_used_at: secret.last_used_at.map(DateTime),
        }
    }
}

connection!(MemberConnection, MemberEdge, Member, "members");
connection!(ClientApplicationConnection, ClientApplicationEdge, ClientApplication, "applications");

/// Which members or applications are asked for; what is absent does not limit.
#[derive(Debug, Clone, Copy, Default, InputObject)]
pub struct AccessFilter {
    /// With true, only those that get in; with false, only those whose access was ended.
    pub is_active: Option<bool>,
}
