//! A small world: who takes part, where, and the people who ask.

use super::app::{Persona, TestApp};
use passerelle::domain::clock::Clock as _;
use passerelle::domain::global_id::{Kind, encode};
use passerelle::token;
use passerelle_entity::{
    area, area_closure, capacity, client_application, location, member, organization, program, program_organization,
    service, service_at_location,
};
use uuid::Uuid;

/// Organizations, areas, a program and a service, with the people who work there.
pub struct World {
    pub partner: Uuid,
    pub provider: Uuid,
    pub municipality: Uuid,
    pub stranger: Uuid,
    pub lead: Uuid,
    pub program: Uuid,
    pub country: Uuid,
    pub district: Uuid,
    pub service: Uuid,
    pub case_manager: Persona,
    pub partner_supervisor: Persona,
    pub intake: Persona,
    pub worker: Persona,
    pub provider_supervisor: Persona,
    pub editor: Persona,
    pub official: Persona,
    pub coordinator: Persona,
    pub donor_officer: Persona,
    pub evaluator: Persona,
    pub data_protection: Persona,
    pub psychologist: Persona,
    pub outsider: Persona,
    pub administrator: Persona,
    pub app: Persona,
}

/// The public identifier of a thing.
pub fn gid(kind: Kind, key: Uuid) -> String {
    encode(kind, key)
}

impl World {
    /// Fills an empty server.
    pub async fn fill(app: &TestApp) -> Self {
        let organizations = [
            ("Partner", r#"["IMPLEMENTING_PARTNER"]"#),
            ("Provider", r#"["SERVICE_PROVIDER"]"#),
            ("Municipality", r#"["LOCAL_GOVERNMENT","SERVICE_PROVIDER"]"#),
            ("Ministry", r#"["NATIONAL_GOVERNMENT"]"#),
            ("Donor", r#"["DONOR"]"#),
            ("Stranger", r#"["IMPLEMENTING_PARTNER","SERVICE_PROVIDER"]"#),
            ("Lead", r#"["IMPLEMENTING_PARTNER"]"#),
        ];
        let mut keys = Vec::new();
        for (name, kinds) in organizations {
            keys.push(add_organization(app, name, kinds).await);
        }
        let [partner, provider, municipality, ministry, donor, stranger, lead] = keys[..] else { unreachable!() };
        let program = add_program(app, lead, &[partner, provider, municipality, ministry], &[donor]).await;
        let country = add_area(app, "XX", 0, None, "Country").await;
        let district = add_area(app, "XX01", 1, Some(country), "District").await;
        let service = add_service(app, provider, district, Some(10)).await;
        let app_key = add_client(app, provider).await;
        let person = async |organization, role| add_member(app, organization, role).await;
        Self {
            case_manager: person(partner, "CASE_MANAGER").await,
            partner_supervisor: person(partner, "SUPERVISOR").await,
            intake: person(provider, "INTAKE").await,
            worker: person(provider, "SERVICE_WORKER").await,
            provider_supervisor: person(provider, "SUPERVISOR").await,
            editor: person(municipality, "DIRECTORY_EDITOR").await,
            official: person(ministry, "CASE_MANAGER").await,
            coordinator: person(lead, "COORDINATOR").await,
            donor_officer: person(donor, "CASE_MANAGER").await,
            evaluator: person(partner, "ME_OFFICER").await,
            data_protection: person(partner, "DATA_PROTECTION").await,
            psychologist: person(partner, "MENTAL_HEALTH_PROFESSIONAL").await,
            outsider: person(stranger, "SUPERVISOR").await,
            administrator: person(partner, "ADMINISTRATOR").await,
            app: Persona {
                token: Some(app.token(app_key, provider, token::Kind::Client, 0, 0)),
                id: app_key,
                organization: provider,
            },
            partner,
            provider,
            municipality,
            stranger,
            lead,
            program,
            country,
            district,
            service,
        }
    }

    /// Everybody who asks, by name.
    pub fn everybody(&self) -> Vec<(&'static str, Persona)> {
        vec![
            ("public", Persona::public()),
            ("case manager", self.case_manager.clone()),
            ("partner's supervisor", self.partner_supervisor.clone()),
            ("evaluator", self.evaluator.clone()),
            ("intake", self.intake.clone()),
            ("worker", self.worker.clone()),
            ("provider's supervisor", self.provider_supervisor.clone()),
            ("provider's app", self.app.clone()),
            ("coordinator", self.coordinator.clone()),
            ("municipality's editor", self.editor.clone()),
            ("ministry's case manager", self.official.clone()),
            ("donor", self.donor_officer.clone()),
            ("stranger", self.outsider.clone()),
            ("partner's data protection", self.data_protection.clone()),
            ("partner's psychologist", self.psychologist.clone()),
            ("partner's administrator", self.administrator.clone()),
        ]
    }
}

fn now(app: &TestApp) -> i64 {
    app.clock.now().as_microsecond()
}

/// Adds an organization.
pub async fn add_organization(app: &TestApp, name: &str, kinds: &str) -> Uuid {
    let (id, now) = (Uuid::now_v7(), now(app));
    let tx = app.app.store.begin().await.unwrap();
    tx.add(organization::Model {
        id,
        name: name.into(),
        names: "{}".into(),
        description: String::new(),
        country: "XX".into(),
        kinds: kinds.into(),
        website: None,
        email: None,
        epoch: 0,
        version: 1,
        created_at: now,
        updated_at: now,
        ..organization::Model::default()
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

async fn add_program(app: &TestApp, lead: Uuid, members: &[Uuid], funders: &[Uuid]) -> Uuid {
    let id = Uuid::now_v7();
    let tx = app.app.store.begin().await.unwrap();
    tx.add(program::Model {
        id,
        name: "Program".into(),
        names: "{}".into(),
        lead_organization_id: lead,
        version: 1,
        created_at: now(app),
    })
    .await
    .unwrap();
    let parts = members.iter().map(|id| (*id, "MEMBER")).chain(funders.iter().map(|id| (*id, "FUNDER")));
    for (organization_id, part) in parts {
        tx.add(program_organization::Model { program_id: id, organization_id, part: part.into() }).await.unwrap();
    }
    tx.commit().await.unwrap();
    id
}

/// Adds an area below another.
pub async fn add_area(app: &TestApp, pcode: &str, level: i32, parent: Option<Uuid>, name: &str) -> Uuid {
    let id = Uuid::now_v7();
    let tx = app.app.store.begin().await.unwrap();
    tx.add(area::Model {
        id,
        country: "XX".into(),
        level,
        pcode: pcode.into(),
        edition: String::new(),
        parent_id: parent,
        name: name.into(),
        names: "{}".into(),
        valid_from: None,
        valid_to: None,
    })
    .await
    .unwrap();
    tx.add(area_closure::Model { ancestor_id: id, descendant_id: id, depth: 0 }).await.unwrap();
    if let Some(parent) = parent {
        tx.run(
            "INSERT INTO area_closure (ancestor_id, descendant_id, depth) SELECT ancestor_id, $1, depth + 1 \
             FROM area_closure WHERE descendant_id = $2",
            vec![id.into(), parent.into()],
        )
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    id
}

/// Adds a service that takes referrals, confirmed today, with so many places; none means unknown.
pub async fn add_service(app: &TestApp, organization: Uuid, area: Uuid, total: Option<i32>) -> Uuid {
    let (id, place, at, now) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7(), now(app));
    let tx = app.app.store.begin().await.unwrap();
    tx.add(service_row(id, organization, now)).await.unwrap();
    tx.add(location::Model {
        id: place,
        organization_id: organization,
        kind: "PHYSICAL".into(),
        name: "Center".into(),
        address: "1 Main Street".into(),
        area_id: Some(area),
        latitude: Some(14.5),
        longitude: Some(-17.25),
        created_at: now,
        ..location::Model::default()
    })
    .await
    .unwrap();
    tx.add(service_at_location::Model { id: at, service_id: id, location_id: place, created_at: now }).await.unwrap();
    tx.add(capacity::Model {
        id: Uuid::now_v7(),
        service_id: id,
        service_at_location_id: None,
        organization_id: organization,
        total,
        taken_elsewhere: 0,
        taken: 0,
        held: 0,
        as_of: now,
    })
    .await
    .unwrap();
    tx.refresh_reach(id.into()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn service_row(id: Uuid, organization: Uuid, now: i64) -> service::Model {
    service::Model {
        id,
        organization_id: organization,
        program_id: None,
        category_code: Some("ECO.IND.TVET".into()),
        dimension: Some("ECONOMIC".into()),
        level: Some("INDIVIDUAL".into()),
        status: "PUBLISHED".into(),
        pause_reason: None,
        visibility: "PUBLIC".into(),
        language: "en".into(),
        name: "Vocational training".into(),
        description: "Six months in a workshop".into(),
        translations: "{}".into(),
        application_process: String::new(),
        eligibility: "{}".into(),
        languages: r#"["fr"]"#.into(),
        required_documents: "[]".into(),
        cost: r#"{"kind":"FREE"}"#.into(),
        contacts: "[]".into(),
        takes_referrals: true,
        allows_overbooking: false,
        assured_on: Some("2026-11-25".into()),
        assured_by: None,
        search_text: "vocational training six months in a workshop".into(),
        sort_name: "vocational training".into(),
        source: None,
        version: 1,
        published_at: now,
        created_at: now,
        updated_at: now,
        ..service::Model::default()
    }
}

/// Adds a member with one role and gives them a token.
pub async fn add_member(app: &TestApp, organization: Uuid, role: &str) -> Persona {
    let id = Uuid::now_v7();
    let tx = app.app.store.begin().await.unwrap();
    tx.add(member::Model {
        id,
        organization_id: organization,
        name: role.to_lowercase(),
        roles: format!(r#"[{{"role":"{role}","program":null}}]"#),
        is_active: true,
        epoch: 0,
        version: 1,
        created_at: now(app),
        ..member::Model::default()
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    Persona { token: Some(app.token(id, organization, token::Kind::Member, 0, 0)), id, organization }
}

/// Adds an application.
pub async fn add_client(app: &TestApp, organization: Uuid) -> Uuid {
    let id = Uuid::now_v7();
    let tx = app.app.store.begin().await.unwrap();
    tx.add(client_application::Model {
        id,
        organization_id: organization,
        name: "app".into(),
        scopes: r#"["REFERRALS_READ","REFERRALS_WRITE","OUTCOMES_WRITE"]"#.into(),
        is_active: true,
        epoch: 0,
        version: 1,
        created_at: now(app),
        ..client_application::Model::default()
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}
