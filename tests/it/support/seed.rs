//! Many referrals at once, written through the door and past the API, for tests that need numbers.

use super::app::TestApp;
use super::verbs::Referred;
use super::world::{World, gid};
use passerelle::domain::case_identifier::CaseIdentifier;
use passerelle::domain::clock::Clock as _;
use passerelle::domain::global_id::Kind;
use passerelle::store::sealing::Place;
use passerelle_entity::{access_grant, capacity, case_file, consent, goal, need, referral, referral_goal};
use uuid::Uuid;

const FIELDS: &str = r#"["CASE_IDENTIFIER","NEED","GOALS","URGENCY","AGE_BAND"]"#;

/// Referrals of the partner's cases that wait at the provider, each of a case of its own, with one goal.
pub async fn waiting(app: &TestApp, world: &World, service: Uuid, count: usize) -> Vec<Referred> {
    let tx = app.app.store.begin().await.unwrap();
    let mut made = Vec::new();
    for _ in 0..count {
        let seed = Seed::new(app, world, service);
        tx.add(seed.case()).await.unwrap();
        tx.add(seed.need()).await.unwrap();
        tx.add(seed.goal(app)).await.unwrap();
        tx.add(seed.consent()).await.unwrap();
        tx.add(seed.referral()).await.unwrap();
        tx.add(seed.referral_goal()).await.unwrap();
        tx.add(seed.grant()).await.unwrap();
        made.push(Referred { id: gid(Kind::Referral, seed.referral), version: 2 });
    }
    tx.commit().await.unwrap();
    made
}

/// Places of one location of a service; gives the location's key.
pub async fn places_at(app: &TestApp, world: &World, service: Uuid, total: Option<i32>) -> Uuid {
    let found = app.app.store.rows("SELECT id FROM service_at_location WHERE service_id = $1", vec![service.into()]);
    let at: Uuid = found.await.unwrap()[0].try_get("", "id").unwrap();
    let tx = app.app.store.begin().await.unwrap();
    tx.add(capacity::Model {
        id: Uuid::now_v7(),
        service_id: service,
        service_at_location_id: Some(at),
        organization_id: world.provider,
        total,
        taken_elsewhere: 0,
        taken: 0,
        held: 0,
        as_of: app.clock.now().as_microsecond(),
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    at
}

/// The places taken of a service as a whole, or at one location.
pub async fn taken(app: &TestApp, service: Uuid, at: Option<Uuid>) -> i32 {
    let (text, mut values) =
        ("SELECT taken FROM capacity WHERE service_id = $1 AND service_at_location_id", vec![service.into()]);
    let end = if at.is_some() { " = $2" } else { " IS NULL" };
    values.extend(at.map(Into::into));
    let rows = app.app.store.rows(&format!("{text}{end}"), values).await.unwrap();
    rows[0].try_get("", "taken").unwrap()
}

/// Runs a statement of a test's own.
pub async fn run(app: &TestApp, text: &str, values: Vec<sea_orm::Value>) -> u64 {
    let tx = app.app.store.begin().await.unwrap();
    let changed = tx.run(text, values).await.unwrap();
    tx.commit().await.unwrap();
    changed
}

struct Seed<'a> {
    world: &'a World,
    service: Uuid,
    now: i64,
    case: Uuid,
    need: Uuid,
    goal: Uuid,
    consent: Uuid,
    referral: Uuid,
}

impl<'a> Seed<'a> {
    fn new(app: &TestApp, world: &'a World, service: Uuid) -> Self {
        let now = app.clock.now().as_microsecond();
        let [need, goal, consent, referral] = std::array::from_fn(|_| Uuid::now_v7());
        Self { world, service, now, case: Uuid::new_v4(), need, goal, consent, referral }
    }

    fn case(&self) -> case_file::Model {
        let bits = u64::from_le_bytes(self.case.as_bytes()[..8].try_into().unwrap()) & ((1 << 50) - 1);
        case_file::Model {
            id: self.case,
            identifier: CaseIdentifier::from_bits(bits).as_str().to_owned(),
            holder_organization_id: self.world.partner,
            program_id: self.world.program,
            area_id: Some(self.world.district),
            status: "OPEN".into(),
            age_band: Some("FROM_25_TO_39".into()),
            sex: None,
            language: None,
            return_facts_sealed: None,
            close_reason: None,
            remigration: None,
            opened_at: self.now,
            closed_at: None,
            version: 1,
            updated_at: self.now,
            stage: "OPEN".into(),
            person_id: None,
        }
    }

    fn need(&self) -> need::Model {
        need::Model {
            id: self.need,
            case_id: self.case,
            organization_id: self.world.partner,
            program_id: self.world.program,
            area_id: Some(self.world.district),
            category_code: "ECO.IND.TVET".into(),
            dimension: "ECONOMIC".into(),
            level: "INDIVIDUAL".into(),
            urgency: "ROUTINE".into(),
            delivery: "REFERRAL".into(),
            status: "OPEN".into(),
            version: 1,
            created_at: self.now,
            updated_at: self.now,
            ..need::Model::default()
        }
    }

    fn goal(&self, app: &TestApp) -> goal::Model {
        let place = Place { table: "goal", column: "text_sealed", row: self.goal };
        let text = app.app.sealer.seal(place, "CANARY-GOAL learn to weld").unwrap().as_stored().to_owned();
        goal::Model { id: self.goal, need_id: self.need, case_id: self.case, position: 1, text_sealed: text }
    }

    fn consent(&self) -> consent::Model {
        consent::Model {
            id: self.consent,
            case_id: self.case,
            organization_id: self.world.partner,
            receiver_organization_id: self.world.provider,
            basis: "CONSENT".into(),
            purpose: "CARE".into(),
            fields: FIELDS.into(),
            method: "VERBAL".into(),
            language: "fr".into(),
            notice_version: "2026-1".into(),
            given_on: "2026-11-25".into(),
            expires_on: None,
            ended_at: None,
            version: 1,
            created_at: self.now,
            report_back: true,
            given_by: "PERSON".into(),
            ..consent::Model::default()
        }
    }

    fn referral(&self) -> referral::Model {
        let due = Some(self.now + 86_400_000_000);
        referral::Model {
            follow_up_about: "[]".into(),
            restrictions: "[]".into(),
            help_told: "[]".into(),
            id: self.referral,
            case_id: self.case,
            need_id: self.need,
            service_id: self.service,
            service_at_location_id: None,
            consent_id: Some(self.consent),
            sender_organization_id: self.world.partner,
            receiver_organization_id: self.world.provider,
            program_id: self.world.program,
            area_id: Some(self.world.district),
            category_code: "ECO.IND.TVET".into(),
            dimension: "ECONOMIC".into(),
            level: "INDIVIDUAL".into(),
            urgency: "ROUTINE".into(),
            status: "SENT".into(),
            reason: None,
            background_sealed: None,
            note_sealed: None,
            client_reference_sealed: None,
            client_reference_index: None,
            previous_id: None,
            root_id: self.referral,
            attempt: 1,
            capacity_id: None,
            is_overbooked: false,
            created_at: self.now,
            sent_at: Some(self.now),
            opened_at: None,
            acknowledged_at: None,
            decided_at: None,
            first_contact_on: None,
            started_at: None,
            service_on: None,
            ended_at: None,
            loop_closed_at: None,
            loop_meaning: None,
            acknowledge_due_at: due,
            decide_due_at: due,
            contact_due_at: None,
            next_due_at: due,
            verification: "UNVERIFIED".into(),
            version: 2,
            updated_at: self.now,
            decide_from_at: Some(self.now),
            clock_at: due,
            ..referral::Model::default()
        }
    }

    fn referral_goal(&self) -> referral_goal::Model {
        referral_goal::Model {
            referral_id: self.referral,
            goal_id: self.goal,
            position: 1,
            result: None,
            achieved_on: None,
            quantity: None,
            unit_sealed: None,
            note_sealed: None,
            ..referral_goal::Model::default()
        }
    }

    fn grant(&self) -> access_grant::Model {
        access_grant::Model {
            id: Uuid::now_v7(),
            case_id: self.case,
            organization_id: self.world.provider,
            purpose: "CARE".into(),
            fields: FIELDS.into(),
            cause_kind: "REFERRAL".into(),
            cause_id: self.referral,
            from_at: self.now,
            until_at: None,
            agreement_id: None,
        }
    }
}
