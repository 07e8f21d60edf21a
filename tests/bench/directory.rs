//! The directory of a synthetic network: organizations with their people, areas, programs, services with their places.
//! All names are made up of numbers.

use crate::bulk::Bulk;
use crate::failure::Done;
use crate::random::Random;
use crate::service_rows::Rows;
use crate::size::Size;
use passerelle_entity::{area, area_closure, category, location, member, organization, program, program_organization};
use sea_orm::EntityTrait;
use std::collections::HashMap;
use uuid::Uuid;

/// The instant at which the benchmark's clock stands: 2026-11-25T09:00:00Z, in UTC microseconds since 1970.
pub const NOW: i64 = 1_795_597_200_000_000;
/// A day in microseconds.
pub const DAY: i64 = 86_400_000_000;
/// Regions of the country, and districts of a region.
const REGIONS: usize = 5;
pub const DISTRICTS: usize = 12;
/// Categories that most services have.
const POPULAR: usize = 12;
/// How many of a hundred organizations give services; the others hold cases.
const PROVIDERS: usize = 40;

/// An organization and the people who ask for it.
#[derive(Clone, Copy, Debug)]
pub struct Organization {
    pub id: Uuid,
    pub case_manager: Uuid,
    pub intake: Uuid,
    pub worker: Uuid,
}

/// A service that takes referrals.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    pub id: Uuid,
    /// Its organization's place in the list.
    pub provider: usize,
    pub capacity: Uuid,
    /// Its category's place in the list.
    pub category: usize,
}

/// A category with its cell.
#[derive(Clone, Debug)]
pub struct Category {
    pub code: String,
    pub dimension: String,
    pub level: String,
}

/// What the rest of the network hangs on.
pub struct Directory {
    pub organizations: Vec<Organization>,
    /// How many of the organizations, from the first, give services.
    pub providers: usize,
    pub programs: Vec<Uuid>,
    pub regions: Vec<Uuid>,
    pub districts: Vec<Uuid>,
    pub categories: Vec<Category>,
    pub services: Vec<Service>,
    /// How many services of a category (its place in the list) an area reaches.
    pub reach: HashMap<(usize, Uuid), usize>,
}

impl Directory {
    /// An empty directory with its categories, which the migrations brought.
    async fn begin(bulk: &Bulk<'_>) -> Done<Self> {
        let found = category::Entity::find().all(bulk.database).await?;
        let mut categories: Vec<Category> = found
            .into_iter()
            .map(|row| Category { code: row.code, dimension: row.dimension, level: row.level })
            .collect();
        categories.sort_by(|one, other| one.code.cmp(&other.code));
        Ok(Self {
            organizations: Vec::new(),
            providers: 0,
            programs: Vec::new(),
            regions: Vec::new(),
            districts: Vec::new(),
            categories,
            services: Vec::new(),
            reach: HashMap::new(),
        })
    }

    /// Fills an empty database.
    pub async fn fill(bulk: &Bulk<'_>, size: Size, random: &mut Random) -> Done<Self> {
        let mut made = Self::begin(bulk).await?;
        let country = made.add_areas(bulk, random).await?;
        made.add_organizations(bulk, size, random).await?;
        made.add_programs(bulk, random).await?;
        made.add_services(bulk, size, random, country).await?;
        Ok(made)
    }

    async fn add_areas(&mut self, bulk: &Bulk<'_>, random: &mut Random) -> Done<Uuid> {
        let (mut areas, mut closure) = (Vec::new(), Vec::new());
        let country = add_area(&mut areas, random, (0, "XX".into(), "Country".into()), None);
        closure.push(link(country, country, 0));
        for region in 1..=REGIONS {
            let above =
                add_area(&mut areas, random, (1, format!("XX{region:02}"), format!("Region {region}")), Some(country));
            closure.extend([link(above, above, 0), link(country, above, 1)]);
            self.regions.push(above);
            for district in 1..=DISTRICTS {
                let named = (2, format!("XX{region:02}{district:02}"), format!("District {region}-{district}"));
                let id = add_area(&mut areas, random, named, Some(above));
                closure.extend([link(id, id, 0), link(above, id, 1), link(country, id, 2)]);
                self.districts.push(id);
            }
        }
        bulk.add(&areas).await?;
        bulk.add(&closure).await?;
        Ok(country)
    }

    async fn add_organizations(&mut self, bulk: &Bulk<'_>, size: Size, random: &mut Random) -> Done<()> {
        let count = size.organizations();
        self.providers = count * PROVIDERS / 100;
        let (mut rows, mut members) = (Vec::new(), Vec::new());
        for number in 0..count {
            let made = Organization {
                id: random.key_at(NOW - 700 * DAY),
                case_manager: random.key_at(NOW - 700 * DAY),
                intake: random.key_at(NOW - 700 * DAY),
                worker: random.key_at(NOW - 700 * DAY),
            };
            rows.push(organization_row(made.id, number, number < self.providers));
            let people =
                [(made.case_manager, "CASE_MANAGER"), (made.intake, "INTAKE"), (made.worker, "SERVICE_WORKER")];
            members.extend(people.map(|(id, role)| member_row(id, made.id, role)));
            self.organizations.push(made);
        }
        bulk.add(&rows).await?;
        bulk.add(&members).await
    }

    async fn add_programs(&mut self, bulk: &Bulk<'_>, random: &mut Random) -> Done<()> {
        let (mut programs, mut parts) = (Vec::new(), Vec::new());
        for number in 0..(self.organizations.len() / 10).max(1) {
            let id = random.key_at(NOW - 690 * DAY);
            let lead = self.organizations[number % self.organizations.len()].id;
            programs.push(program::Model {
                id,
                name: format!("Program {number}"),
                names: "{}".into(),
                lead_organization_id: lead,
                version: 1,
                created_at: NOW - 690 * DAY,
            });
            parts.extend(self.organizations.iter().map(|organization| program_organization::Model {
                program_id: id,
                organization_id: organization.id,
                part: "MEMBER".into(),
            }));
            self.programs.push(id);
        }
        bulk.add(&programs).await?;
        bulk.add(&parts).await
    }

    async fn add_services(&mut self, bulk: &Bulk<'_>, size: Size, random: &mut Random, country: Uuid) -> Done<()> {
        let places = self.add_locations(bulk, size, random).await?;
        let mut rows = Rows::default();
        for number in 0..size.services() {
            let provider = random.uneven(self.providers);
            let of = if random.below(10) < 7 { POPULAR } else { self.categories.len() };
            let category = random.below(of.min(self.categories.len()));
            let id = random.key_at(NOW - 600 * DAY + number as i64 * 3_600_000_000);
            let made = Service { id, provider, capacity: random.key_at(NOW), category };
            rows.service(self, &made, number, random);
            rows.places(self, &made, &places[provider], random);
            self.services.push(made);
        }
        let reached = rows.reached(self, country);
        rows.add(bulk).await?;
        self.reach = reached;
        // As the server derives it when a service is saved.
        bulk.run(
            "INSERT INTO service_reach (area_id, service_id) SELECT DISTINCT up.ancestor_id, x.service_id FROM \
             (SELECT sl.service_id AS service_id, lo.area_id AS area_id FROM service_at_location sl \
                JOIN location lo ON lo.id = sl.location_id WHERE lo.area_id IS NOT NULL \
              UNION SELECT sa.service_id, sa.area_id FROM service_area sa) x \
             JOIN area_closure up ON up.descendant_id = x.area_id",
        )
        .await
    }

    /// Gives each provider its locations: the key and the district's place in the list.
    async fn add_locations(
        &mut self,
        bulk: &Bulk<'_>,
        size: Size,
        random: &mut Random,
    ) -> Done<Vec<Vec<(Uuid, usize)>>> {
        let mut of = vec![Vec::new(); self.providers];
        let mut rows = Vec::new();
        for number in 0..size.locations() {
            // Everybody has one; the rest goes to the busy ones.
            let provider = if number < self.providers { number } else { random.uneven(self.providers) };
            let (id, district) = (random.key_at(NOW - 650 * DAY), random.below(self.districts.len()));
            of[provider].push((id, district));
            rows.push(location::Model {
                id,
                organization_id: self.organizations[provider].id,
                kind: "PHYSICAL".into(),
                name: format!("Center {number}"),
                address: format!("{number} Main Street, quarter {}", number % 97),
                area_id: Some(self.districts[district]),
                latitude: Some(10.0 + number as f64 % 997.0 / 200.0),
                longitude: Some(-17.0 + number as f64 % 1009.0 / 200.0),
                created_at: NOW - 650 * DAY,
                ..location::Model::default()
            });
        }
        bulk.add(&rows).await?;
        Ok(of)
    }
}

fn add_area(
    areas: &mut Vec<area::Model>,
    random: &mut Random,
    (level, pcode, name): (i32, String, String),
    parent_id: Option<Uuid>,
) -> Uuid {
    let id = random.key_at(NOW - 720 * DAY);
    areas.push(area::Model {
        id,
        country: "XX".into(),
        level,
        pcode,
        edition: String::new(),
        parent_id,
        names: format!(r#"{{"fr": "{name} (fr)", "ar": "{name} (ar)"}}"#),
        name,
        valid_from: Some("2020-01-01".into()),
        valid_to: None,
    });
    id
}

fn link(ancestor_id: Uuid, descendant_id: Uuid, depth: i32) -> area_closure::Model {
    area_closure::Model { ancestor_id, descendant_id, depth }
}

fn organization_row(id: Uuid, number: usize, gives_services: bool) -> organization::Model {
    organization::Model {
        id,
        name: format!("Organization {number}"),
        names: format!(r#"{{"fr": "Organisation {number}", "ar": "منظمة {number}"}}"#),
        description: "A made-up organization that takes part in a network of returns and reintegration. ".repeat(2),
        country: "XX".into(),
        kinds: if gives_services { r#"["SERVICE_PROVIDER"]"# } else { r#"["IMPLEMENTING_PARTNER"]"# }.into(),
        website: Some(format!("https://organization-{number}.example.org")),
        email: None,
        epoch: 0,
        version: 1,
        created_at: NOW - 700 * DAY,
        updated_at: NOW - 700 * DAY,
        ..organization::Model::default()
    }
}

fn member_row(id: Uuid, organization_id: Uuid, role: &str) -> member::Model {
    member::Model {
        id,
        organization_id,
        name: role.to_lowercase(),
        roles: format!(r#"[{{"role":"{role}","program":null}}]"#),
        is_active: true,
        epoch: 0,
        version: 1,
        created_at: NOW - 700 * DAY,
        ..member::Model::default()
    }
}
