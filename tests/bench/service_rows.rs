//! The rows of a synthetic network's services.

use crate::bulk::Bulk;
use crate::directory::{DAY, DISTRICTS, Directory, NOW, Service};
use crate::failure::Done;
use crate::random::Random;
use passerelle_entity::{capacity, service, service_area, service_at_location, service_language};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The rows of the services.
#[derive(Default)]
pub struct Rows {
    services: Vec<service::Model>,
    languages: Vec<service_language::Model>,
    at: Vec<service_at_location::Model>,
    areas: Vec<service_area::Model>,
    capacities: Vec<capacity::Model>,
    /// The districts of each service.
    districts: Vec<Vec<usize>>,
}

impl Rows {
    /// Adds a service that is on offer.
    pub fn service(&mut self, directory: &Directory, made: &Service, number: usize, random: &mut Random) {
        let organization_id = directory.organizations[made.provider].id;
        let category = &directory.categories[made.category];
        let name = format!("Service {number} of kind {}", category.code.to_lowercase());
        let description =
            "Six months of training in a workshop, with a place to live and a first kit of tools. ".repeat(4);
        let since = NOW - 600 * DAY + number as i64 * 3_600_000_000 % (500 * DAY);
        self.services.push(service::Model {
            id: made.id,
            organization_id,
            program_id: None,
            category_code: Some(category.code.clone()),
            dimension: Some(category.dimension.clone()),
            level: Some(category.level.clone()),
            status: "PUBLISHED".into(),
            pause_reason: None,
            visibility: "PUBLIC".into(),
            language: "en".into(),
            description: description.clone(),
            translations: format!(r#"{{"fr": {{"name": "{name} (fr)", "description": "{description}"}}}}"#),
            application_process: "Come by on any morning, or ask the one who accompanies you to write to us.".into(),
            eligibility: r#"{"minimum_age": 18, "return_types": ["AVRR", "VHR"], "text": "Lives in the district"}"#
                .into(),
            languages: r#"["fr", "ar"]"#.into(),
            required_documents: r#"["proof of return"]"#.into(),
            cost: r#"{"kind": "FREE"}"#.into(),
            contacts: r#"[{"role": "intake desk", "phone": "+000 00 00 00", "email": "desk@example.org"}]"#.into(),
            takes_referrals: true,
            allows_overbooking: false,
            assured_on: Some("2026-11-01".into()),
            assured_by: None,
            search_text: format!("{} {}", name.to_lowercase(), description.to_lowercase()),
            sort_name: name.to_lowercase(),
            name,
            source: None,
            version: 1,
            published_at: since,
            created_at: since,
            updated_at: since,
            ..service::Model::default()
        });
        for language in ["fr", "ar"] {
            self.languages.push(service_language::Model { service_id: made.id, language: language.into() });
        }
        self.capacities.push(capacity::Model {
            id: made.capacity,
            service_id: made.id,
            service_at_location_id: None,
            organization_id,
            total: Some(100_000),
            taken_elsewhere: i32::try_from(random.below(20)).unwrap_or_default(),
            taken: 0,
            held: 0,
            as_of: NOW - DAY,
        });
    }

    /// Gives a service one to three of its organization's locations, and every third a district that it serves beside.
    pub fn places(&mut self, directory: &Directory, made: &Service, places: &[(Uuid, usize)], random: &mut Random) {
        let first = random.below(places.len());
        let mut districts = Vec::new();
        for step in 0..(1 + random.below(3)).min(places.len()) {
            let (location_id, district) = places[(first + step) % places.len()];
            let id = random.key_at(NOW - 600 * DAY);
            self.at.push(service_at_location::Model {
                id,
                service_id: made.id,
                location_id,
                created_at: NOW - 600 * DAY,
            });
            districts.push(district);
        }
        if random.below(3) == 0 {
            let district = random.below(directory.districts.len());
            self.areas.push(service_area::Model { service_id: made.id, area_id: directory.districts[district] });
            districts.push(district);
        }
        self.districts.push(districts);
    }

    /// How many services of each category the country reaches, each region and each district.
    pub fn reached(&self, directory: &Directory, country: Uuid) -> HashMap<(usize, Uuid), usize> {
        let mut reach = HashMap::new();
        for (made, districts) in directory.services.iter().zip(&self.districts) {
            let mut areas = BTreeSet::from([country]);
            for district in districts {
                areas.extend([directory.districts[*district], directory.regions[district / DISTRICTS]]);
            }
            for area in areas {
                *reach.entry((made.category, area)).or_default() += 1;
            }
        }
        reach
    }

    /// Adds them all.
    pub async fn add(self, bulk: &Bulk<'_>) -> Done<()> {
        bulk.add(&self.services).await?;
        bulk.add(&self.languages).await?;
        bulk.add(&self.at).await?;
        bulk.add(&self.areas).await?;
        bulk.add(&self.capacities).await
    }
}
