//! Which changes somebody is told of at all: kinds that they can read nothing of are left out, and so are programs that
//! their role does not reach. Whether one thing can be read is asked anew when it is delivered.

use super::{Change, ChangeSubject, EVERYBODY, Place};
use crate::domain::actor::{Actor, MemberRole};
use crate::domain::code::{Code as _, codes};
use crate::domain::id::{OrganizationId, ReferralId};
use crate::domain::policy::{Extent, Sight};
use crate::domain::referral::Status;
use uuid::Uuid;

codes! {
    /// A side of a referral.
    pub enum Side {
        /// Your organization sent it.
        Sent = "SENT",
        /// Your organization received it.
        Received = "RECEIVED",
    }
}

/// Which referrals are followed; what is empty does not limit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReferralFilter {
    pub ids: Vec<ReferralId>,
    pub statuses: Vec<Status>,
    pub side: Option<Side>,
}

/// What is followed, from where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Followed {
    /// Behind which place; from now on when none is named.
    pub after: Option<Place>,
    /// Only these kinds; all when none is named.
    pub subjects: Option<Vec<ChangeSubject>>,
    /// Only these referrals.
    pub referrals: Option<ReferralFilter>,
}

/// The changes that somebody is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    pub organization: OrganizationId,
    /// The kinds, and in which programs.
    pub subjects: Vec<(ChangeSubject, Extent)>,
    /// Only these referrals; all when none is named.
    pub referrals: Vec<ReferralId>,
}

impl Scope {
    /// What `actor` is told of; nothing for the public.
    #[must_use]
    pub fn of(actor: &Actor, followed: &Followed) -> Option<Self> {
        let organization = actor.organization()?;
        let sight = Sight::of(actor);
        let wanted =
            |subject: &ChangeSubject| followed.subjects.as_ref().is_none_or(|subjects| subjects.contains(subject));
        let subjects = ChangeSubject::ALL.iter().copied().filter(wanted);
        let reached = subjects.map(|subject| (subject, reach(actor, &sight, subject)));
        let subjects = reached.filter(|(_, extent)| *extent != Extent::Nothing).collect();
        let referrals = followed.referrals.as_ref().map(|filter| filter.ids.clone()).unwrap_or_default();
        Some(Self { organization, subjects, referrals })
    }

    /// Whether a change is one of them.
    #[must_use]
    pub fn admits(&self, change: &Change) -> bool {
        let told = change.organization == EVERYBODY || change.organization == Uuid::from(self.organization);
        let named = self.referrals.is_empty() || self.referrals.contains(&change.place.subject.into());
        let reached = |(subject, extent): &(ChangeSubject, Extent)| {
            *subject == change.subject_kind && (change.organization == EVERYBODY || extent.reaches(change.program))
        };
        told && named && self.subjects.iter().any(reached)
    }
}

/// How far somebody can read things of a kind. There is no wildcard, so that a new kind can't be forgotten.
fn reach(actor: &Actor, sight: &Sight, subject: ChangeSubject) -> Extent {
    use ChangeSubject as Of;
    match subject {
        Of::Activity
        | Of::Agreement
        | Of::Area
        | Of::CommunityNeed
        | Of::Notification
        | Of::Organization
        | Of::Program
        | Of::Service
        | Of::ServiceCorrection
        | Of::ServiceRevision => Extent::Everything,
        Of::Referral => sight.referrals.clone().or(sight.coordinates.clone()),
        Of::Case | Of::CaseAlias | Of::Person => sight.cases.clone().or(sight.referrals.clone()),
        Of::Redaction => sight.cases.clone().or(sight.referrals.clone()),
        Of::CaseTransfer | Of::Consent | Of::DirectService | Of::Need | Of::Plan | Of::PlanItem => sight.cases.clone(),
        Of::ConsentOverride => overrides(actor),
    }
}

/// Overrides are seen by those who watch over them or may have had a part in them, which is looked at one by one.
fn overrides(actor: &Actor) -> Extent {
    use MemberRole::{CaseManager, DataProtection, MentalHealthProfessional, Supervisor};
    let watches = |role| matches!(role, CaseManager | DataProtection | MentalHealthProfessional | Supervisor);
    match actor {
        Actor::Member { roles, .. } if roles.iter().any(|grant| watches(grant.role)) => Extent::Everything,
        Actor::Member { .. } | Actor::Client { .. } | Actor::Anonymous => Extent::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::{RoleGrant, Scope as Right, Standing};
    use crate::domain::change::ChangeType;
    use crate::domain::id::ProgramId;
    use crate::domain::organization::OrganizationKind;

    fn client(scopes: Vec<Right>) -> Actor {
        let standing =
            Standing { organization: Uuid::from_u128(1).into(), kinds: vec![OrganizationKind::ServiceProvider] };
        Actor::Client { id: Uuid::from_u128(2).into(), standing, scopes }
    }

    fn change(subject_kind: ChangeSubject, organization: u128, program: Option<u128>) -> Change {
        Change {
            organization: Uuid::from_u128(organization),
            place: Place { sequence: 1, subject: Uuid::from_u128(9) },
            subject_kind,
            kind: "x".into(),
            change: ChangeType::Upsert,
            program: program.map(|program| Uuid::from_u128(program).into()),
            version: None,
            at: 0,
        }
    }

    #[test]
    fn an_application_is_told_what_its_scopes_let_it_read() {
        let scope = |scopes| Scope::of(&client(scopes), &Followed::default()).unwrap();
        let referral = change(ChangeSubject::Referral, 1, Some(5));
        let case = change(ChangeSubject::Case, 1, Some(5));
        let need = change(ChangeSubject::Need, 1, Some(5));
        assert!(scope(vec![Right::ReferralsRead]).admits(&referral));
        assert!(!scope(vec![Right::CasesRead]).admits(&referral));
        assert!(!scope(vec![Right::ServicesWrite]).admits(&case));
        assert!(scope(vec![Right::CasesRead]).admits(&need));
        assert!(!scope(vec![Right::ReferralsRead]).admits(&need));
        assert!(scope(vec![]).admits(&change(ChangeSubject::Service, 0, None)));
    }

    #[test]
    fn nobody_is_told_what_is_for_others() {
        let scope = Scope::of(&client(vec![Right::ReferralsRead]), &Followed::default()).unwrap();
        assert!(!scope.admits(&change(ChangeSubject::Referral, 3, None)));
        assert_eq!(Scope::of(&Actor::Anonymous, &Followed::default()), None);
    }

    #[test]
    fn a_role_in_one_program_is_told_of_that_program() {
        let grant = RoleGrant { role: MemberRole::Intake, program: Some(ProgramId::from(Uuid::from_u128(5))) };
        let standing =
            Standing { organization: Uuid::from_u128(1).into(), kinds: vec![OrganizationKind::ServiceProvider] };
        let member = Actor::Member { id: Uuid::from_u128(2).into(), standing, roles: vec![grant] };
        let scope = Scope::of(&member, &Followed::default()).unwrap();
        assert!(scope.admits(&change(ChangeSubject::Referral, 1, Some(5))));
        assert!(!scope.admits(&change(ChangeSubject::Referral, 1, Some(6))));
        assert!(!scope.admits(&change(ChangeSubject::ConsentOverride, 1, Some(5))));
    }

    #[test]
    fn only_what_is_named_is_followed() {
        let followed = Followed { subjects: Some(vec![ChangeSubject::Service]), ..Followed::default() };
        let scope = Scope::of(&client(vec![Right::ReferralsRead]), &followed).unwrap();
        assert!(!scope.admits(&change(ChangeSubject::Referral, 1, Some(5))));
        let other = ReferralFilter { ids: vec![Uuid::from_u128(8).into()], ..ReferralFilter::default() };
        let followed = Followed { referrals: Some(other), ..Followed::default() };
        let scope = Scope::of(&client(vec![Right::ReferralsRead]), &followed).unwrap();
        assert!(!scope.admits(&change(ChangeSubject::Referral, 1, Some(5))));
    }
}
