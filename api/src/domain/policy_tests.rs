//! Who may do what.

use super::policy::*;
use crate::domain::actor::{Actor, MemberRole};
use crate::domain::actor::{RoleGrant, Standing};
use crate::domain::id::{OrganizationId, ProgramId};
use crate::domain::organization::OrganizationKind;
use crate::domain::referral::{Party, Referral};
use uuid::Uuid;

fn member(kind: OrganizationKind, role: MemberRole, program: Option<ProgramId>) -> Actor {
    let standing = Standing { organization: Uuid::from_u128(1).into(), kinds: vec![kind] };
    Actor::Member { id: Uuid::from_u128(2).into(), standing, roles: vec![RoleGrant { role, program }] }
}

#[test]
fn a_power_in_some_programs_reaches_nothing_without_a_program() {
    let here = ProgramId::from(Uuid::from_u128(7));
    let some = Extent::Programs(vec![here]);
    assert_eq!([some.reaches(Some(here)), some.reaches(None)], [true, false]);
    assert_eq!([Extent::Nothing.reaches(Some(here)), Extent::Everything.reaches(None)], [false, true]);
    assert_eq!(some.clone().or(Extent::Nothing), some);
    assert_eq!(Extent::Nothing.or(some.clone()), some);
    assert_eq!(some.or(Extent::Everything), Extent::Everything);
}

#[test]
fn each_role_carries_what_it_is_there_for_and_nothing_else() {
    use Power::{
        CoordinateReferrals, DecideReferrals, DeliverServices, EditDirectory, ManageAgreements, ReadCases, ReadFigures,
        ReadReferrals, ReportCapacity, SendReferrals, WriteCases,
    };
    let supervisor = [
        EditDirectory,
        ReportCapacity,
        ReadCases,
        WriteCases,
        ReadReferrals,
        SendReferrals,
        DecideReferrals,
        DeliverServices,
        ManageAgreements,
    ];
    let table: [(MemberRole, &[Power]); 10] = [
        (MemberRole::CaseManager, &[ReadCases, WriteCases, ReadReferrals, SendReferrals]),
        (MemberRole::Intake, &[ReportCapacity, ReadReferrals, DecideReferrals]),
        (MemberRole::ServiceWorker, &[ReportCapacity, ReadReferrals, DeliverServices]),
        (MemberRole::Supervisor, &supervisor),
        (MemberRole::Coordinator, &[CoordinateReferrals, ReadFigures]),
        (MemberRole::DirectoryEditor, &[EditDirectory, ReportCapacity]),
        (MemberRole::DataProtection, &[ReadCases, ReadReferrals]),
        (MemberRole::ProgramManager, &[ReadFigures, ManageAgreements]),
        (MemberRole::MeOfficer, &[ReadFigures]),
        (MemberRole::MentalHealthProfessional, &[]),
    ];
    for (role, expected) in table {
        assert_eq!(powers(&member(OrganizationKind::ImplementingPartner, role, None)), expected, "{role:?}");
    }
}

#[test]
fn who_only_reads_a_case_knows_no_person() {
    let sight = |role| Sight::of(&member(OrganizationKind::ImplementingPartner, role, None));
    let persons = |role| {
        let sight = sight(role);
        [sight.persons_held, sight.persons_sent, sight.persons_received].map(|extent| extent == Extent::Everything)
    };
    assert_eq!(persons(MemberRole::CaseManager), [true, true, false]);
    assert_eq!(persons(MemberRole::DataProtection), [false, false, false]);
    assert_eq!(persons(MemberRole::Intake), [false, false, true]);
    assert_eq!(persons(MemberRole::ServiceWorker), [false, false, true]);
    assert_eq!(persons(MemberRole::Coordinator), [false, false, false]);
}

#[test]
fn a_government_body_sees_as_one_whatever_else_it_is() {
    let of = |kind| Sight::of(&member(kind, MemberRole::Supervisor, None)).is_government;
    assert!(of(OrganizationKind::NationalGovernment) && of(OrganizationKind::LocalGovernment));
    assert!(!of(OrganizationKind::ImplementingPartner));
}

#[test]
fn what_is_told_is_told_by_role_and_all_of_it_to_who_answers_for_the_work() {
    let told = |actor: &Actor| Sight::of(actor).told_as;
    assert_eq!(told(&Actor::Anonymous), Some(Vec::new()), "nothing to the public");
    let partner = OrganizationKind::ImplementingPartner;
    assert_eq!(
        told(&member(partner, MemberRole::Intake, None)),
        Some(vec![RoleGrant { role: MemberRole::Intake, program: None }])
    );
    assert_eq!(told(&member(partner, MemberRole::Supervisor, None)), None);
}

#[test]
fn a_part_is_played_for_an_organization_and_in_the_referrals_program() {
    let (mine, other) = (OrganizationId::from(Uuid::from_u128(1)), OrganizationId::from(Uuid::from_u128(9)));
    let (here, there) = (ProgramId::from(Uuid::from_u128(7)), ProgramId::from(Uuid::from_u128(8)));
    let referral = |sender: OrganizationId, receiver: OrganizationId, lead| {
        let mut referral = Referral { program_id: here, lead_organization_id: Some(lead), ..Referral::default() };
        (referral.sender.id, referral.receiver.id) = (sender, receiver);
        referral
    };
    let plays = |role, program, referral: &Referral| {
        parties(&member(OrganizationKind::ImplementingPartner, role, program), referral)
    };
    let (sent, received, led) =
        (referral(mine, other, other), referral(other, mine, other), referral(other, other, mine));
    let supervisor = MemberRole::Supervisor;
    assert_eq!(plays(MemberRole::CaseManager, None, &sent), [Party::SenderWorker]);
    assert_eq!(plays(MemberRole::CaseManager, None, &received), []);
    assert_eq!(plays(supervisor, Some(here), &sent), [Party::SenderWorker, Party::SenderSupervisor]);
    assert_eq!(plays(supervisor, Some(there), &sent), []);
    let all = [Party::ReceiverIntake, Party::ReceiverWorker, Party::ReceiverSupervisor];
    assert_eq!(plays(supervisor, None, &received), all);
    assert_eq!(plays(MemberRole::Intake, None, &received), [Party::ReceiverIntake]);
    assert_eq!(plays(MemberRole::ServiceWorker, None, &received), [Party::ReceiverWorker]);
    assert_eq!(plays(MemberRole::DataProtection, None, &received), []);
    assert_eq!(plays(MemberRole::Coordinator, None, &led), [Party::Coordinator]);
    assert_eq!(plays(MemberRole::Coordinator, None, &sent), [], "of a program that another one leads");
    assert_eq!(plays(supervisor, None, &led), []);
}

#[test]
fn a_supervisor_of_one_program_is_a_worker_in_another() {
    let (here, there) = (ProgramId::from(Uuid::from_u128(7)), ProgramId::from(Uuid::from_u128(8)));
    let Actor::Member { id, standing, .. } = member(OrganizationKind::ImplementingPartner, MemberRole::Intake, None)
    else {
        unreachable!()
    };
    let mut referral = Referral { program_id: here, ..Referral::default() };
    referral.sender.id = standing.organization;
    let roles = vec![
        RoleGrant { role: MemberRole::CaseManager, program: Some(here) },
        RoleGrant { role: MemberRole::Supervisor, program: Some(there) },
    ];
    assert_eq!(parties(&Actor::Member { id, standing, roles }, &referral), [Party::SenderWorker]);
}

#[test]
fn a_donor_that_also_works_with_people_reaches_them() {
    let kinds = vec![OrganizationKind::Donor, OrganizationKind::ImplementingPartner];
    let standing = Standing { organization: Uuid::from_u128(1).into(), kinds };
    let roles = vec![RoleGrant { role: MemberRole::CaseManager, program: None }];
    let actor = Actor::Member { id: Uuid::from_u128(2).into(), standing, roles };
    assert_eq!(extent(&actor, Power::ReadCases), Extent::Everything);
}
