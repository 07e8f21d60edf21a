//! Inputs of the mutations on members and applications.

use crate::domain::actor::{self, MemberRole, Scope};
use crate::domain::global_id::Kind;
use crate::domain::rule::Failure;
use crate::graphql::input::{Reader, distinct};
use crate::graphql::scalar::DateTime;
use crate::usecase::membership::{
    AddClient, AddMember, ChangeRoles, ChangeScopes, EndSecret, RotateSecret, WhichClient, WhichMember,
};
use async_graphql::{ID, InputObject};

/// A new application of your organization.
#[derive(InputObject)]
pub struct AddClientInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// What it may do, at least one.
    pub scopes: Vec<Scope>,
}

impl AddClientInput {
    /// What is asked for.
    pub fn checked(&self) -> AddClient {
        AddClient { name: self.name.clone(), scopes: distinct(Some(self.scopes.clone())) }
    }
}

/// Other scopes for an application.
#[derive(InputObject)]
pub struct ChangeClientScopesInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// Which application.
    pub client_id: ID,
    /// The version you have read.
    pub expected_version: i32,
    /// All that it may do from now on, at least one.
    pub scopes: Vec<Scope>,
}

impl ChangeClientScopesInput {
    /// What is asked for.
    ///
    /// # Errors
    /// An identifier that is none.
    pub fn checked(&self) -> Result<ChangeScopes, Failure> {
        let which = client(&self.client_id, self.expected_version)?;
        Ok(ChangeScopes { which, scopes: distinct(Some(self.scopes.clone())) })
    }
}

/// A new secret for an application.
#[derive(InputObject)]
pub struct RotateClientSecretInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// Which application.
    pub client_id: ID,
    /// The version you have read.
    pub expected_version: i32,
    /// Until when the secrets before it stay good, at most thirty days from now; 24 hours when absent.
    pub old_secrets_valid_until: Option<DateTime>,
}

impl RotateClientSecretInput {
    /// What is asked for.
    ///
    /// # Errors
    /// An identifier that is none.
    pub fn checked(&self) -> Result<RotateSecret, Failure> {
        let which = client(&self.client_id, self.expected_version)?;
        Ok(RotateSecret { which, old_until: self.old_secrets_valid_until.map(|until| until.0) })
    }
}

/// Which secret is ended.
#[derive(InputObject)]
pub struct EndClientSecretInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// Of which application.
    pub client_id: ID,
    /// Which secret: secretId of one of its secrets.
    pub secret_id: ID,
}

impl EndClientSecretInput {
    /// What is asked for.
    ///
    /// # Errors
    /// An identifier that is none.
    pub fn checked(&self) -> Result<EndSecret, Failure> {
        let mut reader = Reader::default();
        let client = reader.key("clientId", Kind::ClientApplication, &self.client_id);
        let secret = reader.key("secretId", Kind::ClientSecret, &self.secret_id);
        reader.settle(EndSecret { client, secret })
    }
}

/// Which application is ended.
#[derive(InputObject)]
pub struct EndClientInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// Which application.
    pub client_id: ID,
    /// The version you have read.
    pub expected_version: i32,
}

impl EndClientInput {
    /// What is asked for.
    ///
    /// # Errors
    /// An identifier that is none.
    pub fn checked(&self) -> Result<WhichClient, Failure> {
        client(&self.client_id, self.expected_version)
    }
}

/// A role to give, everywhere in the organization or in one program.
#[derive(InputObject)]
pub struct RoleGrantInput {
    /// The role.
    pub role: MemberRole,
    /// The only program in which the member has it; everywhere in the organization when absent.
    pub program_id: Option<ID>,
}

/// A new member of your organization.
#[derive(InputObject)]
pub struct AddMemberInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The name that colleagues see, 1 to 200 characters.
    pub name: String,
    /// What the member does, 1 to 50.
    pub roles: Vec<RoleGrantInput>,
}

impl AddMemberInput {
    /// What is asked for.
    ///
    /// # Errors
    /// An identifier that is none.
    pub fn checked(&self) -> Result<AddMember, Failure> {
        let mut reader = Reader::default();
        let roles = grants(&mut reader, &self.roles);
        reader.settle(AddMember { name: self.name.clone(), roles })
    }
}

/// Which member gets a new invitation.
#[derive(InputObject)]
pub struct InviteMemberInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// Which member.
    pub member_id: ID,
    /// The version you have read.
    pub expected_version: i32,
}

impl InviteMemberInput {
    /// What is asked for.
    ///
    /// # Errors
    /// An identifier that is none.
    pub fn checked(&self) -> Result<WhichMember, Failure> {
        member(&self.member_id, self.expected_version)
    }
}

/// Other roles for a member.
#[derive(InputObject)]
pub struct ChangeMemberRolesInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// Which member.
    pub member_id: ID,
    /// The version you have read.
    pub expected_version: i32,
    /// All that the member does from now on, 1 to 50.
    pub roles: Vec<RoleGrantInput>,
}

impl ChangeMemberRolesInput {
    /// What is asked for.
    ///
    /// # Errors
    /// Identifiers that are none.
    pub fn checked(&self) -> Result<ChangeRoles, Failure> {
        let which = member(&self.member_id, self.expected_version)?;
        let mut reader = Reader::default();
        let roles = grants(&mut reader, &self.roles);
        reader.settle(ChangeRoles { which, roles })
    }
}

/// Which member is ended.
#[derive(InputObject)]
pub struct EndMemberInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// Which member.
    pub member_id: ID,
    /// The version you have read.
    pub expected_version: i32,
}

impl EndMemberInput {
    /// What is asked for.
    ///
    /// # Errors
    /// An identifier that is none.
    pub fn checked(&self) -> Result<WhichMember, Failure> {
        member(&self.member_id, self.expected_version)
    }
}

fn client(id: &ID, expected_version: i32) -> Result<WhichClient, Failure> {
    let mut reader = Reader::default();
    let client = reader.key("clientId", Kind::ClientApplication, id);
    reader.settle(WhichClient { client, expected_version })
}

fn member(id: &ID, expected_version: i32) -> Result<WhichMember, Failure> {
    let mut reader = Reader::default();
    let member = reader.key("memberId", Kind::Member, id);
    reader.settle(WhichMember { member, expected_version })
}

fn grants(reader: &mut Reader, roles: &[RoleGrantInput]) -> Vec<actor::RoleGrant> {
    let mut read = |(at, grant): (usize, &RoleGrantInput)| actor::RoleGrant {
        role: grant.role,
        program: reader.optional(&format!("roles.{at}.programId"), Kind::Program, grant.program_id.as_ref()),
    };
    // More than fifty are refused as too many; so many are read that this is seen.
    roles.iter().take(51).enumerate().map(&mut read).collect()
}
