//! Who asks.

use crate::domain::code::{Code as _, codes};
use crate::domain::id::{ClientId, MemberId, OrganizationId, ProgramId};
use crate::domain::organization::OrganizationKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

codes! {
    /// What a member does in their organization, everywhere or in one program.
    pub enum MemberRole {
        /// Plans and steers programs; sees progress, not people.
        ProgramManager = "PROGRAM_MANAGER",
        /// Owns cases, asks for consent, refers and follows up.
        CaseManager = "CASE_MANAGER",
        /// Receives referrals: acknowledges and decides.
        Intake = "INTAKE",
        /// Gives the service and reports delivery and outcome.
        ServiceWorker = "SERVICE_WORKER",
        /// Answers for the work of an organization's staff on referrals.
        Supervisor = "SUPERVISOR",
        /// Coordinates a program's referrals; works for the program's lead organization.
        Coordinator = "COORDINATOR",
        /// Monitors and evaluates on figures, without identities.
        MeOfficer = "ME_OFFICER",
        /// Keeps the organization's services and places up to date.
        DirectoryEditor = "DIRECTORY_EDITOR",
        /// Watches over the protection of people's data.
        DataProtection = "DATA_PROTECTION",
        /// A licensed professional who determines that a life is at risk or that somebody can't consent; nothing else.
        MentalHealthProfessional = "MENTAL_HEALTH_PROFESSIONAL",
        /// Manages the organization's members and applications.
        Administrator = "ADMINISTRATOR",
    }
}

codes! {
    /// What a client application may do for its organization.
    pub enum Scope {
        /// Publish and change services and places.
        ServicesWrite = "SERVICES_WRITE",
        /// Read the organization's cases.
        CasesRead = "CASES_READ",
        /// Open and change cases, needs and consents.
        CasesWrite = "CASES_WRITE",
        /// Read referrals sent and received.
        ReferralsRead = "REFERRALS_READ",
        /// Create, send, decide and withdraw referrals.
        ReferralsWrite = "REFERRALS_WRITE",
        /// Start services, report outcomes and close loops.
        OutcomesWrite = "OUTCOMES_WRITE",
        /// Say where the organization is told of changes, and read how that went.
        WebhooksWrite = "WEBHOOKS_WRITE",
    }
}

/// A role, and the program it is limited to; everywhere in the organization when none is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGrant {
    pub role: MemberRole,
    pub program: Option<ProgramId>,
}

/// The organization for which somebody acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub organization: OrganizationId,
    pub kinds: Vec<OrganizationKind>,
}

/// Who asks. Loaded anew for each request, so that access ends the moment it is taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody we know: sees the public directory only.
    Anonymous,
    /// A person who works for an organization.
    Member { id: MemberId, standing: Standing, roles: Vec<RoleGrant> },
    /// An application that acts for an organization.
    Client { id: ClientId, standing: Standing, scopes: Vec<Scope> },
}

impl Actor {
    /// An application without the scopes that its token does not name; whoever has a token without scopes keeps all.
    #[must_use]
    pub fn narrowed_to(self, scope: &str) -> Self {
        match self {
            Self::Client { id, standing, mut scopes } if !scope.is_empty() => {
                scopes.retain(|has| scope.split(' ').any(|named| named == has.code()));
                Self::Client { id, standing, scopes }
            }
            other @ (Self::Anonymous | Self::Member { .. } | Self::Client { .. }) => other,
        }
    }

    /// The organization acted for, unless nobody is known.
    #[must_use]
    pub fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Anonymous => None,
            Self::Member { standing, .. } | Self::Client { standing, .. } => Some(standing),
        }
    }

    /// The organization acted for, unless nobody is known.
    #[must_use]
    pub fn organization(&self) -> Option<OrganizationId> {
        self.standing().map(|standing| standing.organization)
    }

    /// The key of the person or application.
    #[must_use]
    pub fn principal(&self) -> Option<Uuid> {
        match self {
            Self::Anonymous => None,
            Self::Member { id, .. } => Some((*id).into()),
            Self::Client { id, .. } => Some((*id).into()),
        }
    }

    /// What kind of principal this is, as the audit writes it.
    #[must_use]
    pub fn principal_kind(&self) -> &'static str {
        match self {
            Self::Anonymous => "ANONYMOUS",
            Self::Member { .. } => "MEMBER",
            Self::Client { .. } => "CLIENT",
        }
    }

    /// Whether the organization acted for is a local or national government body.
    #[must_use]
    pub fn is_government(&self) -> bool {
        self.standing().is_some_and(|standing| standing.kinds.iter().any(|kind| kind.is_government()))
    }
}
