//! The one policy: who may do what. Reads are scoped in SQL by what [`Sight`] says; writes ask [`may`] and [`parties`].

use crate::domain::actor::{Actor, MemberRole, Scope};
use crate::domain::code::codes;
use crate::domain::id::{MemberId, OrganizationId, ProgramId};
use crate::domain::organization::OrganizationKind;
use crate::domain::referral::{Party, Referral};

codes! {
    /// What somebody may do for their organization.
    pub enum Power {
        /// Publish and change services and places.
        EditDirectory = "EDIT_DIRECTORY",
        /// Confirm services and report places.
        ReportCapacity = "REPORT_CAPACITY",
        /// Read the organization's cases.
        ReadCases = "READ_CASES",
        /// Open and change cases, needs and consents.
        WriteCases = "WRITE_CASES",
        /// Read referrals the organization sent or received.
        ReadReferrals = "READ_REFERRALS",
        /// Send, withdraw and close referrals.
        SendReferrals = "SEND_REFERRALS",
        /// Acknowledge and decide referrals.
        DecideReferrals = "DECIDE_REFERRALS",
        /// Start services and report outcomes.
        DeliverServices = "DELIVER_SERVICES",
        /// Coordinate the referrals of programs the organization leads.
        CoordinateReferrals = "COORDINATE_REFERRALS",
        /// Read figures of programs, in which nobody can be recognized.
        ReadFigures = "READ_FIGURES",
        /// Register, confirm and end the organization's agreements.
        ManageAgreements = "MANAGE_AGREEMENTS",
        /// Manage the organization's members and applications.
        ManageAccess = "MANAGE_ACCESS",
    }
}

/// How far a power reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// Nowhere.
    Nothing,
    /// In these programs.
    Programs(Vec<ProgramId>),
    /// In all programs.
    Everything,
}

impl Extent {
    /// Whether it reaches into `program`; without one, only a power that is not limited does.
    #[must_use]
    pub fn reaches(&self, program: Option<ProgramId>) -> bool {
        match self {
            Self::Nothing => false,
            Self::Programs(programs) => program.is_some_and(|program| programs.contains(&program)),
            Self::Everything => true,
        }
    }

    /// As far as either reaches.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Everything, _) | (_, Self::Everything) => Self::Everything,
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            (Self::Programs(mut programs), Self::Programs(more)) => {
                programs.extend(more);
                Self::Programs(programs)
            }
        }
    }
}

/// What somebody can see, handed to every read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The organization asked for; none for the public.
    pub organization: Option<OrganizationId>,
    /// Referrals the organization sent or received.
    pub referrals: Extent,
    /// Cases the organization holds.
    pub cases: Extent,
    /// Referrals of programs the organization leads.
    pub coordinates: Extent,
    /// Figures of programs the organization takes part in.
    pub figures: Extent,
    /// Whose persons the asker may know: who may change the cases of the holder reads who they are about. Whoever only
    /// reads a case learns that a compartment is filled. A ministry that runs the cases itself was told by the person.
    pub persons_held: Extent,
    /// The persons of the referrals the organization sent.
    pub persons_sent: Extent,
    /// What was released of the persons of referrals the organization received: for those who decide or deliver.
    pub persons_received: Extent,
    /// A government body: facts about the return are never loaded.
    pub is_government: bool,
    /// What is told to people with these roles is told to the asker; all of it when none is named, as to an
    /// application, which acts for the whole organization, and to a supervisor, who answers for it.
    pub told_as: Option<Vec<MemberRole>>,
    /// The member who asks.
    pub member: Option<MemberId>,
}

impl Sight {
    /// What `actor` can see.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        Self {
            organization: actor.organization(),
            referrals: extent(actor, Power::ReadReferrals),
            cases: extent(actor, Power::ReadCases),
            coordinates: extent(actor, Power::CoordinateReferrals),
            figures: extent(actor, Power::ReadFigures),
            persons_held: extent(actor, Power::WriteCases),
            persons_sent: extent(actor, Power::SendReferrals),
            persons_received: extent(actor, Power::DecideReferrals).or(extent(actor, Power::DeliverServices)),
            is_government: actor.is_government(),
            told_as: told_as(actor),
            member: if let Actor::Member { id, .. } = actor { Some(*id) } else { None },
        }
    }
}

fn told_as(actor: &Actor) -> Option<Vec<MemberRole>> {
    match actor {
        Actor::Anonymous => Some(Vec::new()),
        Actor::Client { .. } => None,
        Actor::Member { roles, .. } => {
            let roles: Vec<MemberRole> = roles.iter().map(|grant| grant.role).collect();
            (!roles.contains(&MemberRole::Supervisor)).then_some(roles)
        }
    }
}

/// Whether a role carries a power. There is no wildcard, so that a new role can't be forgotten.
fn carries(role: MemberRole, power: Power) -> bool {
    use Power::{
        CoordinateReferrals, DecideReferrals, DeliverServices, EditDirectory, ManageAccess, ManageAgreements,
        ReadCases, ReadFigures, ReadReferrals, ReportCapacity, SendReferrals, WriteCases,
    };
    match role {
        MemberRole::CaseManager => matches!(power, ReadCases | WriteCases | ReadReferrals | SendReferrals),
        MemberRole::Intake => matches!(power, ReadReferrals | DecideReferrals | ReportCapacity),
        MemberRole::ServiceWorker => matches!(power, ReadReferrals | DeliverServices | ReportCapacity),
        MemberRole::Supervisor => !matches!(power, CoordinateReferrals | ManageAccess | ReadFigures),
        MemberRole::Coordinator => matches!(power, CoordinateReferrals | ReadFigures),
        MemberRole::DirectoryEditor => matches!(power, EditDirectory | ReportCapacity),
        MemberRole::DataProtection => matches!(power, ReadCases | ReadReferrals),
        MemberRole::ProgramManager => matches!(power, ManageAgreements | ReadFigures),
        MemberRole::MeOfficer => matches!(power, ReadFigures),
        MemberRole::Administrator => matches!(power, ManageAccess),
        MemberRole::MentalHealthProfessional => false,
    }
}

/// Whether a scope of an application carries a power.
fn permits(scope: Scope, power: Power) -> bool {
    use Power::{
        DecideReferrals, DeliverServices, EditDirectory, ReadCases, ReadReferrals, ReportCapacity, SendReferrals,
        WriteCases,
    };
    match scope {
        Scope::ServicesWrite => matches!(power, EditDirectory | ReportCapacity),
        Scope::CasesRead => matches!(power, ReadCases),
        Scope::CasesWrite => matches!(power, WriteCases),
        Scope::ReferralsRead => matches!(power, ReadReferrals),
        Scope::ReferralsWrite => matches!(power, SendReferrals | DecideReferrals),
        Scope::OutcomesWrite => matches!(power, DeliverServices),
    }
}

/// Whether a power touches what is known about people.
fn touches_people(power: Power) -> bool {
    !matches!(
        power,
        Power::EditDirectory
            | Power::ReportCapacity
            | Power::ReadFigures
            | Power::ManageAgreements
            | Power::ManageAccess
    )
}

/// Whether an organization is a donor and nothing else.
fn only_pays(kinds: &[OrganizationKind]) -> bool {
    kinds.iter().all(|kind| *kind == OrganizationKind::Donor)
}

/// Whether a member of such an organization may be given a role: in one that only pays, not one that is there for people.
#[must_use]
pub fn role_fits(kinds: &[OrganizationKind], role: MemberRole) -> bool {
    use crate::domain::code::Code;
    !only_pays(kinds) || Power::ALL.iter().any(|power| carries(role, *power) && !touches_people(*power))
}

/// Whether an application of such an organization may be given a scope.
#[must_use]
pub fn scope_fits(kinds: &[OrganizationKind], scope: Scope) -> bool {
    use crate::domain::code::Code;
    !only_pays(kinds) || Power::ALL.iter().any(|power| permits(scope, *power) && !touches_people(*power))
}

/// How far `power` of `actor` reaches. An organization that is a donor and nothing else never reaches a person.
#[must_use]
pub fn extent(actor: &Actor, power: Power) -> Extent {
    let only_donor = actor.standing().is_some_and(|standing| only_pays(&standing.kinds));
    if only_donor && touches_people(power) {
        return Extent::Nothing;
    }
    match actor {
        Actor::Anonymous => Extent::Nothing,
        Actor::Client { scopes, .. } if scopes.iter().any(|scope| permits(*scope, power)) => Extent::Everything,
        Actor::Client { .. } => Extent::Nothing,
        Actor::Member { roles, .. } => {
            let mut programs = Vec::new();
            for grant in roles.iter().filter(|grant| carries(grant.role, power)) {
                match grant.program {
                    None => return Extent::Everything,
                    Some(program) => programs.push(program),
                }
            }
            if programs.is_empty() { Extent::Nothing } else { Extent::Programs(programs) }
        }
    }
}

/// Whether `actor` may use `power` in `program`.
#[must_use]
pub fn may(actor: &Actor, power: Power, program: Option<ProgramId>) -> bool {
    extent(actor, power).reaches(program)
}

/// All powers that `actor` has somewhere.
#[must_use]
pub fn powers(actor: &Actor) -> Vec<Power> {
    use crate::domain::code::Code;
    Power::ALL.iter().copied().filter(|power| extent(actor, *power) != Extent::Nothing).collect()
}

/// The parts that `actor` plays in `referral`.
#[must_use]
pub fn parties(actor: &Actor, referral: &Referral) -> Vec<Party> {
    let Some(organization) = actor.organization() else { return Vec::new() };
    let has = |power| may(actor, power, Some(referral.program_id));
    let supervises = match actor {
        Actor::Member { roles, .. } => roles.iter().any(|grant| {
            grant.role == MemberRole::Supervisor && grant.program.is_none_or(|program| program == referral.program_id)
        }),
        Actor::Client { .. } | Actor::Anonymous => false,
    };
    let sends = organization == referral.sender.id;
    let receives = organization == referral.receiver.id;
    let coordinates = Some(organization) == referral.lead_organization_id && has(Power::CoordinateReferrals);
    [
        (sends && has(Power::SendReferrals), Party::SenderWorker),
        (sends && supervises && has(Power::SendReferrals), Party::SenderSupervisor),
        (receives && has(Power::DecideReferrals), Party::ReceiverIntake),
        (receives && has(Power::DeliverServices), Party::ReceiverWorker),
        (receives && supervises && has(Power::DecideReferrals), Party::ReceiverSupervisor),
        (coordinates, Party::Coordinator),
    ]
    .into_iter()
    .filter_map(|(plays, party)| plays.then_some(party))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::{RoleGrant, Standing};
    use crate::domain::code::Code;
    use uuid::Uuid;

    fn member(kind: OrganizationKind, role: MemberRole, program: Option<ProgramId>) -> Actor {
        let standing = Standing { organization: Uuid::from_u128(1).into(), kinds: vec![kind] };
        Actor::Member { id: Uuid::from_u128(2).into(), standing, roles: vec![RoleGrant { role, program }] }
    }

    #[test]
    fn a_donor_never_reaches_a_person() {
        for role in MemberRole::ALL {
            for power in Power::ALL.iter().filter(|power| touches_people(**power)) {
                assert_eq!(extent(&member(OrganizationKind::Donor, *role, None), *power), Extent::Nothing);
            }
        }
    }

    #[test]
    fn a_role_in_one_program_stays_there() {
        let (here, there) = (ProgramId::from(Uuid::from_u128(7)), ProgramId::from(Uuid::from_u128(8)));
        let actor = member(OrganizationKind::ImplementingPartner, MemberRole::CaseManager, Some(here));
        assert!(may(&actor, Power::WriteCases, Some(here)));
        assert!(!may(&actor, Power::WriteCases, Some(there)));
        assert!(!may(&actor, Power::WriteCases, None));
    }

    #[test]
    fn those_who_plan_measure_or_administer_see_no_person() {
        for role in [MemberRole::ProgramManager, MemberRole::MeOfficer, MemberRole::Administrator] {
            let powers = powers(&member(OrganizationKind::ImplementingPartner, role, None));
            assert!(!powers.into_iter().any(touches_people), "{role:?}");
        }
    }
}
