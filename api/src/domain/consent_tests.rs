//! What a consent, or what stands in for one, allows.

use super::consent::*;
use crate::domain::actor::{Actor, MemberRole};
use crate::domain::case::{Basis, Consent, NEEDED_TO_DECIDE};
use crate::domain::case::{ConsentMethod, Purpose};
use crate::domain::code::Code as _;
use crate::domain::id::{CaseId, ConsentId, ConsentOverrideId, MemberId, OrganizationId, ProgramId};
use crate::domain::policy::Extent;
use crate::domain::sealed::Sealed;

fn consent(basis: Basis, terms: Terms) -> Consent {
    Consent {
        id: ConsentId::default(),
        case_id: CaseId::default(),
        receiver_id: OrganizationId::default(),
        basis,
        purpose: Purpose::Care,
        fields: NEEDED_TO_DECIDE.to_vec(),
        method: ConsentMethod::Verbal,
        language: "fr".into(),
        notice_version: "1".into(),
        given_on: "2026-01-10".into(),
        expires_on: Some("2026-02-10".into()),
        ended_at: None,
        terms,
        created_at: 0,
        version: 1,
    }
}

#[test]
fn a_consent_covers_its_purpose_receiver_days_and_what_a_decision_needs() {
    let receiver = OrganizationId::from(uuid::Uuid::from_u128(3));
    let given = Consent { receiver_id: receiver, ..consent(Basis::Consent, Terms::default()) };
    let day = "2026-01-20";
    assert!(given.covers(receiver, day));
    assert!(!given.covers(OrganizationId::default(), day), "another receiver");
    assert!(!given.covers_for(Purpose::CaseTransfer, receiver, day), "another purpose");
    let transfer = Consent { purpose: Purpose::CaseTransfer, ..given.clone() };
    assert!(!transfer.covers(receiver, day) && transfer.covers_for(Purpose::CaseTransfer, receiver, day));
    let days = ["2026-01-09", "2026-01-10", "2026-02-10", "2026-02-11"];
    assert_eq!(days.map(|day| given.covers(receiver, day)), [false, true, true, false]);
    assert!(Consent { expires_on: None, ..given.clone() }.covers(receiver, "2036-01-01"));
    assert!(!Consent { ended_at: Some(1), ..given.clone() }.covers(receiver, day), "withdrawn");
    for field in NEEDED_TO_DECIDE {
        let fields = NEEDED_TO_DECIDE.iter().copied().filter(|known| known != field).collect();
        assert!(!Consent { fields, ..given.clone() }.covers(receiver, day), "{field:?} is not released");
    }
}

#[test]
fn an_override_covers_one_case_and_receiver_once_confirmed_until_it_runs_out_or_is_found_wrong() {
    let (case, receiver) = (CaseId::from(uuid::Uuid::from_u128(4)), OrganizationId::from(uuid::Uuid::from_u128(3)));
    let confirmed = ConsentOverride {
        id: ConsentOverrideId::default(),
        case_id: case,
        program_id: ProgramId::default(),
        receiver_id: receiver,
        basis: OverrideBasis::LifeAtRisk,
        determined_by: MemberId::default(),
        recorded_by: MemberId::default(),
        reason: Sealed::from_stored(String::new()),
        fields: NEEDED_TO_DECIDE.to_vec(),
        created_at: 10,
        expires_at: 100,
        verdict: None,
        verdict_text: None,
        reviewed_at: None,
        confirmed_at: Some(20),
        after_withdrawal: false,
        version: 1,
    };
    let covers = |known: &ConsentOverride, now| known.covers(case, receiver, now);
    assert!(covers(&confirmed, 99) && !covers(&confirmed, 100));
    assert!(
        !confirmed.covers(CaseId::default(), receiver, 50) && !confirmed.covers(case, OrganizationId::default(), 50)
    );
    assert!(!covers(&ConsentOverride { confirmed_at: None, ..confirmed.clone() }, 50), "not confirmed");
    assert!(!covers(&ConsentOverride { fields: vec![NEEDED_TO_DECIDE[0]], ..confirmed.clone() }, 50));
    for verdict in OverrideVerdict::ALL {
        let found = ConsentOverride { verdict: Some(*verdict), ..confirmed.clone() };
        assert_eq!(covers(&found, 50), *verdict != OverrideVerdict::NotJustified, "{verdict:?}");
    }
}

#[test]
fn word_goes_back_only_while_that_was_agreed_to() {
    let terms = |report_back, report_back_ended_at| Terms { report_back, report_back_ended_at, ..Terms::default() };
    let says = [terms(true, None), terms(false, None), terms(true, Some(1)), terms(false, Some(1))];
    assert_eq!(says.map(|terms| terms.reports_back()), [true, false, false, false]);
}

#[test]
fn oversight_is_a_members_and_stays_in_their_programs() {
    use crate::domain::actor::{RoleGrant, Standing};
    let here = ProgramId::from(uuid::Uuid::from_u128(7));
    let standing = Standing { organization: OrganizationId::default(), kinds: Vec::new() };
    let member = |role, program| Actor::Member {
        id: MemberId::default(),
        standing: standing.clone(),
        roles: vec![RoleGrant { role, program }],
    };
    let reach = |actor: &Actor| reach_of(actor, OVERSEERS);
    assert_eq!(reach(&member(MemberRole::DataProtection, None)), Extent::Everything);
    assert_eq!(reach(&member(MemberRole::Supervisor, Some(here))), Extent::Programs(vec![here]));
    assert_eq!(reach(&member(MemberRole::CaseManager, None)), Extent::Nothing);
    assert_eq!(reach(&Actor::Anonymous), Extent::Nothing);
}
