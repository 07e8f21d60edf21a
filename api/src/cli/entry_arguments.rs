//! What an operator types to enter organizations, programs, members, client applications and areas. Ids are the public
//! ones, as the API shows them.

use std::path::PathBuf;

use clap::Args;
use uuid::Uuid;

use super::arguments::OfDatabase;
use crate::domain::actor::{MemberRole, RoleGrant, Scope};
use crate::domain::code::Code;
use crate::domain::global_id::{Kind, decode};
use crate::domain::id::{AreaId, OrganizationId, ProgramId};
use crate::domain::organization::OrganizationKind;

/// A new organization.
#[derive(Args)]
pub struct OrganizationAdd {
    #[command(flatten)]
    pub of: OfDatabase,
    /// Its name.
    #[arg(long)]
    pub name: String,
    /// Its name in another language, such as fr=Nom; once for each.
    #[arg(long = "name-in", value_name = "TAG=NAME", value_parser = named)]
    pub names: Vec<(String, String)>,
    /// What it does.
    #[arg(long, default_value = "")]
    pub description: String,
    /// Its country, ISO 3166-1 alpha-2.
    #[arg(long)]
    pub country: String,
    /// SERVICE_PROVIDER, LOCAL_GOVERNMENT, NATIONAL_GOVERNMENT, IMPLEMENTING_PARTNER or DONOR; once for each.
    #[arg(long = "kind", required = true, value_parser = code::<OrganizationKind>)]
    pub kinds: Vec<OrganizationKind>,
    /// Its website.
    #[arg(long)]
    pub website: Option<String>,
    /// An address for operators; never shown.
    #[arg(long)]
    pub email: Option<String>,
}

/// A new program.
#[derive(Args)]
pub struct ProgramAdd {
    #[command(flatten)]
    pub of: OfDatabase,
    /// Its name.
    #[arg(long)]
    pub name: String,
    /// Its name in another language, such as fr=Nom; once for each.
    #[arg(long = "name-in", value_name = "TAG=NAME", value_parser = named)]
    pub names: Vec<(String, String)>,
    /// The organization that leads and coordinates it.
    #[arg(long, value_name = "ID", value_parser = organization)]
    pub lead: OrganizationId,
    /// An organization that works in it; once for each.
    #[arg(long = "member", value_name = "ID", value_parser = organization)]
    pub members: Vec<OrganizationId>,
    /// An organization that pays for it; once for each.
    #[arg(long = "funder", value_name = "ID", value_parser = organization)]
    pub funders: Vec<OrganizationId>,
    /// An area it covers; once for each.
    #[arg(long = "area", value_name = "ID", value_parser = area)]
    pub areas: Vec<AreaId>,
}

/// A new member.
#[derive(Args)]
pub struct MemberAdd {
    #[command(flatten)]
    pub of: OfDatabase,
    /// The organization the person works for.
    #[arg(long, value_name = "ID", value_parser = organization)]
    pub organization: OrganizationId,
    /// The name that colleagues see.
    #[arg(long)]
    pub name: String,
    /// A role, everywhere or in one program, such as CASE_MANAGER or COORDINATOR@PROGRAM_ID; once for each. Roles:
    /// PROGRAM_MANAGER, CASE_MANAGER, INTAKE, SERVICE_WORKER, SUPERVISOR, COORDINATOR, ME_OFFICER, DIRECTORY_EDITOR,
    /// DATA_PROTECTION, ADMINISTRATOR.
    #[arg(long = "role", required = true, value_name = "ROLE[@PROGRAM_ID]", value_parser = role)]
    pub roles: Vec<RoleGrant>,
}

/// A new client application.
#[derive(Args)]
pub struct ClientAdd {
    #[command(flatten)]
    pub of: OfDatabase,
    /// The organization it acts for.
    #[arg(long, value_name = "ID", value_parser = organization)]
    pub organization: OrganizationId,
    /// Its name.
    #[arg(long)]
    pub name: String,
    /// SERVICES_WRITE, CASES_READ, CASES_WRITE, REFERRALS_READ, REFERRALS_WRITE or OUTCOMES_WRITE; once for each.
    #[arg(long = "scope", required = true, value_parser = code::<Scope>)]
    pub scopes: Vec<Scope>,
    /// The server's sealing key, under which the hash of a secret is kept. With it a secret is made too, and printed below
    /// the id, once.
    #[arg(long, env = "PASSERELLE_SEALING_KEY_FILE", value_name = "FILE")]
    pub sealing_key_file: Option<PathBuf>,
}

/// An identity provider that vouches for members. Who signs in with it the first time needs an invitation.
#[derive(Args)]
pub struct ProviderAdd {
    #[command(flatten)]
    pub of: OfDatabase,
    /// Its name.
    #[arg(long)]
    pub name: String,
    /// Its issuer, exactly as its tokens have it; its discovery document is read below it.
    #[arg(long)]
    pub issuer: String,
    /// The client id that it gave to the app in which members sign in: the audience of its identity tokens.
    #[arg(long)]
    pub audience: String,
    /// The only organization for whose members it vouches; all members when absent.
    #[arg(long, value_name = "ID", value_parser = organization)]
    pub organization: Option<OrganizationId>,
}

/// Which identity provider.
#[derive(Args)]
pub struct ProviderEnd {
    #[command(flatten)]
    pub of: OfDatabase,
    /// Its id, as it was printed when it was added.
    #[arg(long, value_name = "ID", value_parser = provider)]
    pub id: Uuid,
}

/// Which organization.
#[derive(Args)]
pub struct OrganizationEnd {
    #[command(flatten)]
    pub of: OfDatabase,
    /// Its id.
    #[arg(long, value_name = "ID", value_parser = organization)]
    pub id: OrganizationId,
}

/// A new area.
#[derive(Args)]
pub struct AreaAdd {
    #[command(flatten)]
    pub of: OfDatabase,
    /// Its country, ISO 3166-1 alpha-2.
    #[arg(long)]
    pub country: String,
    /// 0 is the country; each level below adds one.
    #[arg(long)]
    pub level: i32,
    /// Its P-code.
    #[arg(long)]
    pub pcode: String,
    /// Which edition of the P-codes this is.
    #[arg(long, default_value = "")]
    pub edition: String,
    /// Its name.
    #[arg(long)]
    pub name: String,
    /// Its name in another language, such as ar=…; once for each.
    #[arg(long = "name-in", value_name = "TAG=NAME", value_parser = named)]
    pub names: Vec<(String, String)>,
    /// The area right above; needed below level 0.
    #[arg(long, value_name = "ID", value_parser = area)]
    pub parent: Option<AreaId>,
    /// The first day on which it exists, such as 2026-01-01.
    #[arg(long, value_name = "DATE")]
    pub valid_from: Option<String>,
    /// The last day on which it exists.
    #[arg(long, value_name = "DATE")]
    pub valid_to: Option<String>,
}

/// The key behind a public identifier of this kind.
///
/// # Errors
/// It is none.
pub fn key(kind: Kind, text: &str) -> Result<Uuid, String> {
    match decode(text) {
        Some((found, key)) if found == kind => Ok(key),
        Some((found, _)) => {
            Err(format!("this id names another kind of thing, {}; needed is one of {}", found.code(), kind.code()))
        }
        None => Err(format!("this is no id; needed is one of {}, as the API shows it", kind.code())),
    }
}

fn organization(text: &str) -> Result<OrganizationId, String> {
    key(Kind::Organization, text).map(OrganizationId::from)
}

fn provider(text: &str) -> Result<Uuid, String> {
    key(Kind::IdentityProvider, text)
}

fn area(text: &str) -> Result<AreaId, String> {
    key(Kind::Area, text).map(AreaId::from)
}

/// A code of a closed list; small letters and hyphens are taken too.
fn code<T: Code>(text: &str) -> Result<T, String> {
    let written = text.to_ascii_uppercase().replace('-', "_");
    T::from_code(&written).ok_or_else(|| {
        let known: Vec<&str> = T::ALL.iter().map(|one| one.code()).collect();
        format!("must be one of {}", known.join(", "))
    })
}

fn role(text: &str) -> Result<RoleGrant, String> {
    let (name, program) = text.split_once('@').map_or((text, None), |(name, program)| (name, Some(program)));
    let program = program.map(|id| key(Kind::Program, id).map(ProgramId::from)).transpose()?;
    Ok(RoleGrant { role: code::<MemberRole>(name)?, program })
}

fn named(text: &str) -> Result<(String, String), String> {
    let (tag, name) = text.split_once('=').ok_or("must be a language and a name, such as fr=Nom")?;
    Ok((tag.to_owned(), name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::global_id::encode;

    #[test]
    fn roles_are_read_with_their_program() {
        let id = Uuid::from_u128(7);
        let grant = role(&format!("case-manager@{}", encode(Kind::Program, id))).unwrap();
        assert_eq!(grant, RoleGrant { role: MemberRole::CaseManager, program: Some(id.into()) });
        assert_eq!(role("INTAKE").unwrap().program, None);
        assert!(role("KING").unwrap_err().contains("CASE_MANAGER"));
        let other = role(&format!("INTAKE@{}", encode(Kind::Area, id))).unwrap_err();
        assert!(other.contains("Area; needed is one of Program"), "{other}");
    }
}
