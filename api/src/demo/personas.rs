//! For whom the demonstration gives out tokens. Each is named by what they do; none is a person.

use super::organizations::{FUND, INSTITUTE, LEAD, MUNICIPALITY, NETWORK, PARTNER, SANDBOX};
use crate::domain::actor::{MemberRole, Scope};
use crate::domain::code::Code as _;

/// What a persona may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// A member with one role.
    Role(MemberRole),
    /// A client application with scopes.
    Scopes(&'static [Scope]),
}

/// Somebody to try the API as.
#[derive(Debug, Clone, Copy)]
pub struct Persona {
    /// The name of the environment variable that holds the token, without its prefix.
    pub variable: &'static str,
    pub name: &'static str,
    /// The organization's number.
    pub organization: usize,
    pub right: Right,
}

const fn member(variable: &'static str, name: &'static str, organization: usize, role: MemberRole) -> Persona {
    Persona { variable, name, organization, right: Right::Role(role) }
}

/// Publishes the municipality's services.
pub const DIRECTORY_EDITOR: usize = 0;
/// Owns cases and refers.
pub const CASE_MANAGER: usize = 1;
/// Accepts or declines for the municipality's services.
pub const INTAKE: usize = 2;
/// Gives the municipality's services and reports outcomes.
pub const SERVICE_WORKER: usize = 3;

/// The personas, those of the loop first and in its order.
pub const PERSONAS: [Persona; 12] = [
    member("DIRECTORY_EDITOR", "Directory editor", MUNICIPALITY, MemberRole::DirectoryEditor),
    member("CASE_MANAGER", "Case manager", PARTNER, MemberRole::CaseManager),
    member("INTAKE", "Intake", MUNICIPALITY, MemberRole::Intake),
    member("SERVICE_WORKER", "Service worker", MUNICIPALITY, MemberRole::ServiceWorker),
    member("SUPERVISOR", "Supervisor", INSTITUTE, MemberRole::Supervisor),
    member("COORDINATOR", "Program coordinator", LEAD, MemberRole::Coordinator),
    member("ME_OFFICER", "M&E officer", LEAD, MemberRole::MeOfficer),
    member("DONOR", "Donor", FUND, MemberRole::ProgramManager),
    member("DATA_PROTECTION", "Data-protection focal point", PARTNER, MemberRole::DataProtection),
    Persona {
        variable: "CLIENT_APPLICATION",
        name: "Case system of a partner",
        organization: NETWORK,
        right: Right::Scopes(&[Scope::CasesRead, Scope::CasesWrite, Scope::ReferralsRead, Scope::ReferralsWrite]),
    },
    Persona {
        variable: "SANDBOX",
        name: "Your application, in the sandbox",
        organization: SANDBOX,
        right: Right::Scopes(Scope::ALL),
    },
    member(
        "SANDBOX_ADMINISTRATOR",
        "Administrator of your organization, in the sandbox",
        SANDBOX,
        MemberRole::Administrator,
    ),
];
