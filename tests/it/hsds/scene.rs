//! A small directory with one of everything that the reference API shows or must not show.

use crate::support::app::{Answer, TestApp, read};
use crate::support::seed::run;
use crate::support::world::{World, add_area, add_organization, add_service};
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A directory.
pub struct Scene {
    pub app: TestApp,
    pub world: World,
    /// Of the provider: in French with an English translation, with everything that a service can have.
    pub rich: Uuid,
    /// Of the municipality, paused.
    pub paused: Uuid,
    /// Of the provider, at a confidential place.
    pub shelter: Uuid,
    /// What nobody may see here: services for partners, for their own organization, and ended ones.
    pub hidden: Vec<Uuid>,
    pub far: Uuid,
    /// An organization that gives hidden services alone, and one whose words say that it takes in people in danger.
    pub discreet: [Uuid; 2],
}

/// What a hidden service has in its texts.
pub const SECRET: &str = "CANARY-HIDDEN";
/// What stands in contacts, which the public does not see.
pub const CONTACT: &str = "CANARY-CONTACT";
/// Why a service is paused, which the public does not see.
pub const PAUSE: &str = "CANARY-PAUSE";
/// What stands in the texts of organizations of which others are told their names alone.
pub const DISCREET: &str = "CANARY-DISCREET";
/// The name of a confidential place.
pub const PLACE: &str = "CANARY-PLACE";

impl Scene {
    /// Fills an empty server.
    pub async fn fill(app: TestApp) -> Self {
        let world = World::fill(&app).await;
        let far = add_area(&app, "XX02", 1, Some(world.country), "Far District").await;
        let rich = add_service(&app, world.provider, world.district, Some(7)).await;
        let paused = add_service(&app, world.municipality, far, None).await;
        let shelter = add_service(&app, world.provider, far, Some(3)).await;
        let mut hidden = Vec::new();
        for (visibility, status) in [("PARTNERS", "PUBLISHED"), ("OWN", "PUBLISHED"), ("PUBLIC", "RETIRED")] {
            let key = add_service(&app, world.provider, world.district, Some(5)).await;
            let set = "UPDATE service SET visibility = $1, status = $2, name = $3, description = $3, search_text = $4 \
                       WHERE id = $5";
            let values = [visibility, status, SECRET, "canary hidden"].map(Into::into);
            run(&app, set, values.into_iter().chain([key.into()]).collect()).await;
            hidden.push(key);
        }
        let unseen = add_organization(&app, "Unseen", r#"["SERVICE_PROVIDER"]"#).await;
        let key = add_service(&app, unseen, world.district, Some(5)).await;
        let set = "UPDATE service SET visibility = 'PARTNERS', name = $1, search_text = 'canary hidden' WHERE id = $2";
        run(&app, set, vec![SECRET.into(), key.into()]).await;
        hidden.push(key);
        let discreet = [unseen, add_organization(&app, "Haven", r#"["SERVICE_PROVIDER"]"#).await];
        let set = "UPDATE organization SET description = $1, website = 'https://CANARY-DISCREET.example', \
                   identifiers = '[{\"scheme\":\"X\",\"identifier\":\"CANARY-DISCREET\"}]' WHERE id = $2";
        for (organization, text) in discreet.iter().zip(["At work", "Safe house for trafficked women, 12 rue"]) {
            run(&app, set, vec![format!("{text} {DISCREET}").into(), (*organization).into()]).await;
        }
        let scene = Self { app, world, rich, paused, shelter, hidden, far, discreet };
        scene.write().await;
        scene
    }

    async fn write(&self) {
        let app = &self.app;
        let set = r#"UPDATE service SET category_code = 'PSY.IND.PEER_SUPPORT', dimension = 'PSYCHOSOCIAL', language = 'fr',
            name = 'Groupe de parole', description = 'Chaque samedi', search_text = 'groupe de parole chaque samedi',
            sort_name = 'groupe de parole', translations = '{"en":{"name":"Peer group","description":"Every Saturday"}}',
            application_process = 'Venir le samedi', languages = '["fr","ar-MA"]', required_documents = '["Passeport"]',
            eligibility = '{"minimum_age":18,"maximum_age":60,"sex":"FEMALE","return_types":["AVRR"],"non_returnees":true,"text":"Mères"}',
            contacts = '[{"role":"CANARY-CONTACT","phone":"+000","email":"desk@example.org"}]', takes_referrals = FALSE,
            updated_at = updated_at + 1000000 WHERE id = $1"#;
        run(app, set, vec![self.rich.into()]).await;
        run(
            app,
            "INSERT INTO service_area (service_id, area_id) VALUES ($1, $2)",
            vec![self.rich.into(), self.far.into()],
        )
        .await;
        let set = "UPDATE service SET status = 'PAUSED', pause_reason = 'CANARY-PAUSE', cost = '{\"kind\":\"PAID\",\
                   \"text\":\"10 a month\"}' WHERE id = $1";
        run(app, set, vec![self.paused.into()]).await;
        let at = "SELECT location_id FROM service_at_location WHERE service_id = $1";
        let set = format!(
            "UPDATE location SET kind = 'CONFIDENTIAL', name = '{PLACE}', latitude = NULL, longitude = NULL, address = '' WHERE id IN ({at})"
        );
        run(app, &set, vec![self.shelter.into()]).await;
        // Some 111 km to the north of the others, with a postcode.
        let set =
            format!("UPDATE location SET latitude = 15.5, address = '2 Side Street, 4711 Town' WHERE id IN ({at})");
        run(app, &set, vec![self.paused.into()]).await;
        let set = "UPDATE organization SET website = 'https://example.org/x', names = '{\"fr\":\"Prestataire\"}', \
                   description = 'Gives help' WHERE id = $1";
        run(app, set, vec![self.world.provider.into()]).await;
        add_organization(app, "Écoles réunies", r#"["SERVICE_PROVIDER"]"#).await;
        run(app, "INSERT INTO search_due (service_id) SELECT id FROM service", vec![]).await;
        passerelle::usecase::directory::search_due(&app.app).await.unwrap();
    }

    /// The services that everybody may see.
    pub fn public(&self) -> BTreeSet<String> {
        [self.world.service, self.rich, self.paused, self.shelter].map(|key| key.to_string()).into()
    }

    /// What a GET gives.
    pub async fn get(&self, path: &str) -> Answer {
        read(self.app.request(Method::GET, path).send().await.unwrap()).await
    }

    /// What a GET that must succeed gives.
    pub async fn got(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    /// What a GET in a language gives.
    pub async fn in_language(&self, path: &str, language: &str) -> Answer {
        read(self.app.request(Method::GET, path).header("accept-language", language).send().await.unwrap()).await
    }

    /// The objects of a list, which must all be on one page.
    pub async fn contents(&self, path: &str) -> Vec<Value> {
        let page = self.got(path).await;
        assert_eq!(page["total_pages"].as_u64().unwrap().min(1), page["total_pages"], "{path}");
        page["contents"].as_array().unwrap().clone()
    }

    /// The keys of the objects of a list.
    pub async fn keys(&self, path: &str) -> BTreeSet<String> {
        keys(&self.contents(path).await)
    }

    /// The key of the only term with a code.
    pub async fn term(&self, code: &str) -> String {
        let all = self.contents(&format!("/hsds/taxonomy_terms?per_page=100&search={code}")).await;
        let all: Vec<_> = all.iter().filter(|term| term["code"] == code).collect();
        assert_eq!(all.len(), 1, "{code}");
        all[0]["id"].as_str().unwrap().to_owned()
    }
}

/// The keys of some objects.
pub fn keys(objects: &[Value]) -> BTreeSet<String> {
    objects.iter().map(|object| object["id"].as_str().unwrap().to_owned()).collect()
}

/// Each list of the API, with the parameter that tells most.
pub const LISTS: [&str; 5] = [
    "/hsds/services?full=true",
    "/hsds/organizations?full_service=true",
    "/hsds/service_at_locations?full=true",
    "/hsds/taxonomies?",
    "/hsds/taxonomy_terms?",
];
