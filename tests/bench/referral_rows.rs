//! The rows of a synthetic network's cases and referrals, with the traces that each step leaves.

use crate::bulk::Bulk;
use crate::casework::{CaseKeys, NeedKeys, sealed};
use crate::directory::{DAY, Directory, Service};
use crate::failure::Done;
use crate::random::Random;
use passerelle::app::outcome_row;
use passerelle::store::sealing::Sealer;
use passerelle_entity::{
    access_grant, audit, case_file, consent, event, goal, need, notification, outbox, referral, referral_goal,
};
use uuid::Uuid;

/// What a consent of the network releases.
const FIELDS: &str = r#"["CASE_IDENTIFIER","NEED","GOALS","URGENCY","AGE_BAND","LANGUAGE","CONTACT_THROUGH_SENDER"]"#;
const HOUR: i64 = 3_600_000_000;

/// A goal of a need.
#[derive(Clone, Copy, Debug)]
pub struct GoalKey {
    pub id: Uuid,
    pub position: i32,
}

/// A referral under construction.
pub struct Referred {
    pub id: Uuid,
    consent: Uuid,
    service: Service,
    state: &'static str,
    pub version: i32,
    created_at: i64,
}

impl Referred {
    /// A referral that came to a state within a few days of its case.
    pub fn new(case: &CaseKeys, need: &NeedKeys, service: Service, state: &'static str, random: &mut Random) -> Self {
        let created_at = case.opened_at + HOUR * (1 + need.goals.len() as i64) + (random.bits() % HOUR as u64) as i64;
        let version = match state {
            "SENT" => 1,
            "ACKNOWLEDGED" => 2,
            "ACCEPTED" | "DECLINED" => 3,
            _ => 4,
        };
        Self { id: random.key_at(created_at), consent: random.key_at(created_at), service, state, version, created_at }
    }

    /// When a step was done, if it came to that.
    fn at(&self, step: i64, states: &[&str]) -> Option<i64> {
        states.contains(&self.state).then_some(self.created_at + step * HOUR)
    }

    fn is_over(&self) -> bool {
        ["COMPLETED", "DECLINED"].contains(&self.state)
    }
}

/// Rows that are written together.
#[derive(Default)]
pub struct Rows {
    pub cases: Vec<case_file::Model>,
    pub needs: Vec<need::Model>,
    pub goals: Vec<goal::Model>,
    consents: Vec<consent::Model>,
    referrals: Vec<referral::Model>,
    referral_goals: Vec<referral_goal::Model>,
    grants: Vec<access_grant::Model>,
    events: Vec<event::Model>,
    audits: Vec<audit::Model>,
    outbox: Vec<outbox::Model>,
    notifications: Vec<notification::Model>,
}

impl Rows {
    /// Adds a referral, its goals, its consent, the receiver's grant and what its steps left behind.
    pub fn referral(
        &mut self,
        directory: &Directory,
        case: &CaseKeys,
        need: &NeedKeys,
        referred: &Referred,
        sealer: &Sealer,
        random: &mut Random,
    ) -> Done<()> {
        let parties = Parties {
            sender: directory.organizations[case.holder].id,
            sender_person: directory.organizations[case.holder].case_manager,
            receiver: directory.organizations[referred.service.provider].id,
        };
        self.consents.push(consent_row(case, referred, &parties));
        self.referrals.push(referral_row(directory, case, need, referred, &parties, sealer)?);
        for goal in &need.goals {
            self.referral_goals.push(goal_row(referred, *goal, sealer)?);
        }
        self.grants.push(grant_row(case, referred, &parties, random));
        self.step(directory, case, referred, &parties, ("createReferral", None, "DRAFT"), random);
        self.step(directory, case, referred, &parties, ("sendReferral", Some("DRAFT"), "SENT"), random);
        Ok(())
    }

    /// Event, audit row, outbox row and notification of a step.
    fn step(
        &mut self,
        directory: &Directory,
        case: &CaseKeys,
        referred: &Referred,
        parties: &Parties,
        (kind, from, to): (&str, Option<&str>, &str),
        random: &mut Random,
    ) {
        let at = referred.created_at;
        let (organization, person, other) = (parties.sender, parties.sender_person, parties.receiver);
        let cell = &directory.categories[referred.service.category];
        self.events.push(event::Model {
            id: random.key_at(at),
            kind: kind.into(),
            subject_kind: "Referral".into(),
            subject_id: referred.id,
            case_id: Some(case.id),
            at,
            organization_id: organization,
            principal_id: person,
            acting_role: "SENDER_WORKER".into(),
            from_status: from.map(str::to_owned),
            to_status: Some(to.into()),
            reason: None,
            program_id: Some(case.program),
            area_id: Some(case.area),
            dimension: Some(cell.dimension.clone()),
            level: Some(cell.level.clone()),
            receiver_organization_id: Some(other),
            ..event::Model::default()
        });
        self.audits.push(audit::Model {
            id: random.key_at(at),
            at,
            organization_id: Some(organization),
            principal_id: Some(person),
            principal_kind: "MEMBER".into(),
            operation: kind.into(),
            decision: "ALLOW".into(),
            outcome: "OK".into(),
            subject_kind: Some("Referral".into()),
            subject_id: Some(referred.id),
            request_id: random.key_at(at).to_string(),
            ..audit::Model::default()
        });
        self.outbox.push(outbox::Model {
            id: random.key_at(at),
            // The order does not matter here, only that every row has a place of its own.
            sequence: Some((random.bits() >> 2) as i64),
            kind: kind.into(),
            subject_kind: "Referral".into(),
            subject_id: referred.id,
            organization_id: organization,
            receiver_organization_id: Some(other),
            case_id: Some(case.id),
            version: referred.version,
            at,
        });
        self.notifications.push(notification::Model {
            id: random.key_at(at),
            organization_id: other,
            kind: kind.into(),
            subject_kind: "Referral".into(),
            subject_id: referred.id,
            at,
            ..notification::Model::default()
        });
    }

    /// Adds them all.
    pub async fn add(self, bulk: &Bulk<'_>) -> Done<()> {
        bulk.add(&self.cases).await?;
        bulk.add(&self.needs).await?;
        bulk.add(&self.goals).await?;
        bulk.add(&self.consents).await?;
        bulk.add(&self.referrals).await?;
        bulk.add(&self.referral_goals).await?;
        bulk.add(&self.grants).await?;
        bulk.add(&self.events).await?;
        bulk.add(&self.audits).await?;
        bulk.add(&self.outbox).await?;
        bulk.add(&self.notifications).await
    }
}

struct Parties {
    sender: Uuid,
    sender_person: Uuid,
    receiver: Uuid,
}

fn consent_row(case: &CaseKeys, referred: &Referred, parties: &Parties) -> consent::Model {
    consent::Model {
        id: referred.consent,
        case_id: case.id,
        organization_id: parties.sender,
        receiver_organization_id: parties.receiver,
        basis: "CONSENT".into(),
        purpose: "CARE".into(),
        fields: FIELDS.into(),
        method: "VERBAL".into(),
        language: "fr".into(),
        notice_version: "2026-1".into(),
        given_on: "2026-01-01".into(),
        expires_on: None,
        ended_at: None,
        version: 1,
        created_at: referred.created_at,
        report_back: true,
        given_by: "PERSON".into(),
        ..consent::Model::default()
    }
}

fn grant_row(case: &CaseKeys, referred: &Referred, parties: &Parties, random: &mut Random) -> access_grant::Model {
    access_grant::Model {
        id: random.key_at(referred.created_at),
        case_id: case.id,
        organization_id: parties.receiver,
        purpose: "CARE".into(),
        fields: FIELDS.into(),
        cause_kind: "REFERRAL".into(),
        cause_id: referred.id,
        from_at: referred.created_at,
        until_at: referred.is_over().then_some(referred.created_at + 10 * HOUR),
        agreement_id: None,
    }
}

fn goal_row(referred: &Referred, goal: GoalKey, sealer: &Sealer) -> Done<referral_goal::Model> {
    let reported = referred.state == "COMPLETED";
    let row = outcome_row(referred.id.into(), goal.id.into());
    let unit = if reported { Some(sealed(sealer, "referral_goal", "unit_sealed", row, "months")?) } else { None };
    let note =
        if reported { Some(sealed(sealer, "referral_goal", "note_sealed", row, "has a place now")?) } else { None };
    Ok(referral_goal::Model {
        referral_id: referred.id,
        goal_id: goal.id,
        position: goal.position,
        result: reported.then(|| "ACHIEVED".into()),
        achieved_on: reported.then(|| "2026-11-01".into()),
        quantity: reported.then_some(1.5),
        unit_sealed: unit,
        note_sealed: note,
        ..referral_goal::Model::default()
    })
}

fn referral_row(
    directory: &Directory,
    case: &CaseKeys,
    need: &NeedKeys,
    referred: &Referred,
    parties: &Parties,
    sealer: &Sealer,
) -> Done<referral::Model> {
    let cell = &directory.categories[need.category];
    let taken = ["ACCEPTED", "IN_SERVICE", "COMPLETED"];
    let background = "Worked as an electrician for four years, lives with relatives and can travel.";
    Ok(referral::Model {
        follow_up_about: "[]".into(),
        restrictions: "[]".into(),
        help_told: "[]".into(),
        id: referred.id,
        case_id: case.id,
        need_id: need.id,
        service_id: referred.service.id,
        service_at_location_id: None,
        consent_id: Some(referred.consent),
        sender_organization_id: parties.sender,
        receiver_organization_id: parties.receiver,
        program_id: case.program,
        area_id: Some(case.area),
        category_code: cell.code.clone(),
        dimension: cell.dimension.clone(),
        level: cell.level.clone(),
        urgency: "ROUTINE".into(),
        status: referred.state.into(),
        reason: (referred.state == "DECLINED").then(|| "NO_CAPACITY".into()),
        background_sealed: Some(sealed(sealer, "referral", "background_sealed", referred.id, background)?),
        note_sealed: None,
        client_reference_sealed: None,
        client_reference_index: None,
        previous_id: None,
        root_id: referred.id,
        attempt: 1,
        capacity_id: taken.contains(&referred.state).then_some(referred.service.capacity),
        is_overbooked: false,
        created_at: referred.created_at,
        sent_at: Some(referred.created_at),
        opened_at: None,
        acknowledged_at: (referred.state != "SENT").then_some(referred.created_at + HOUR),
        decided_at: referred.at(2, &["ACCEPTED", "IN_SERVICE", "COMPLETED", "DECLINED"]),
        first_contact_on: (referred.version > 3).then(|| "2026-01-02".into()),
        started_at: referred.at(3, &["IN_SERVICE", "COMPLETED"]),
        service_on: (referred.state == "COMPLETED").then(|| "2026-01-03".into()),
        ended_at: referred.at(4, &["COMPLETED", "DECLINED"]),
        loop_closed_at: None,
        loop_meaning: None,
        acknowledge_due_at: Some(referred.created_at + 2 * DAY),
        decide_due_at: Some(referred.created_at + 5 * DAY),
        contact_due_at: referred.at(24, &["ACCEPTED", "IN_SERVICE", "COMPLETED"]),
        next_due_at: (!referred.is_over()).then_some(referred.created_at + 5 * DAY),
        verification: "UNVERIFIED".into(),
        version: referred.version,
        updated_at: referred.created_at,
        decide_from_at: Some(referred.created_at),
        clock_at: Some(referred.created_at + 5 * DAY),
        ..referral::Model::default()
    })
}
