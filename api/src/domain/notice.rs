//! Who is told of something: an organization, and of its people those with a role, or one member.

use crate::domain::actor::MemberRole;
use crate::domain::id::{MemberId, OrganizationId, ProgramId};

/// Something that somebody is told. It never holds personal data: what is told is a code and which thing it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    pub organization: OrganizationId,
    /// Only those with this role; everybody of the organization when none is named.
    pub role: Option<MemberRole>,
    /// Only this member.
    pub member: Option<MemberId>,
    /// The program that it is about.
    pub program: Option<ProgramId>,
    /// What is told; the name of the mutation that caused it when nothing else is said.
    pub kind: Option<&'static str>,
    /// Whether they own the next step.
    pub must_act: bool,
}

impl Notice {
    /// What an organization should know.
    #[must_use]
    pub fn to(organization: OrganizationId) -> Self {
        Self { organization, role: None, member: None, program: None, kind: None, must_act: false }
    }

    /// What an organization's people with a role must act on.
    #[must_use]
    pub fn act(organization: OrganizationId, role: MemberRole) -> Self {
        Self { role: Some(role), must_act: true, ..Self::to(organization) }
    }

    /// The same, told under a name of its own.
    #[must_use]
    pub fn of_kind(self, kind: &'static str) -> Self {
        Self { kind: Some(kind), ..self }
    }
}
