//! A small directory of invented services in invented places, for searching in.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::Engine;
use passerelle::domain::actor::{MemberRole, RoleGrant};
use passerelle::domain::global_id::{Kind, encode};
use passerelle::domain::id::{AreaId, OrganizationId};
use passerelle::domain::organization::OrganizationKind;
use passerelle::token;
use passerelle::usecase::directory::{NewArea, NewMember, NewOrganization, area_add, member_add, organization_add};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const SERVICES: &str = include_str!("services.tsv");
/// What is typed, and the English name of the first answer.
pub const QUERIES: &str = include_str!("queries.tsv");

/// The places with their names in Arabic and where they are; the second is 20 kilometers from the first, the third 40,
/// the fourth 100.
const PLACES: [(&str, &str, f64, f64); 4] = [
    ("Valmer", "فالمير", 14.0, -15.0),
    ("Kassara", "كسارة", 14.179_86, -15.0),
    ("Port-Azur", "بور أزور", 14.359_72, -15.0),
    ("Sidi Rahal", "سيدي رحال", 14.899_3, -15.0),
];

/// The lines of a table without its heading, in columns.
pub fn table(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// A directory to search in, and who keeps it.
pub struct Found {
    pub app: TestApp,
    pub editor: Persona,
    pub partner: Persona,
    /// The areas by name, as global identifiers.
    pub areas: BTreeMap<&'static str, String>,
}

async fn add_organization(app: &TestApp, name: &str) -> Persona {
    let new = NewOrganization {
        name: name.into(),
        country: "ML".into(),
        kinds: vec![OrganizationKind::ServiceProvider],
        ..NewOrganization::default()
    };
    let organization: OrganizationId = organization_add(&app.app, &new).await.unwrap();
    let roles = vec![RoleGrant { role: MemberRole::DirectoryEditor, program: None }];
    let new = NewMember { organization, name: "Editor".into(), roles };
    let id: Uuid = member_add(&app.app, &new).await.unwrap().into();
    let organization = organization.into();
    Persona { token: Some(app.token(id, organization, token::Kind::Member, 0, 0)), id, organization }
}

impl Found {
    /// A directory with areas and organizations but without services.
    pub async fn empty(engine: Engine) -> Self {
        let app = TestApp::start(engine).await;
        let (editor, partner) = (add_organization(&app, "House of Work").await, add_organization(&app, "Bridge").await);
        let area = |level, code: &str, name: &str, names: BTreeMap<String, String>, parent: Option<AreaId>| NewArea {
            country: "ML".into(),
            level,
            pcode: code.into(),
            name: name.into(),
            names,
            parent,
            ..NewArea::default()
        };
        let country = area_add(&app.app, &area(0, "ML", "Marland", BTreeMap::new(), None)).await.unwrap();
        let mut areas = BTreeMap::from([("Marland", encode(Kind::Area, country.into()))]);
        for (at, (name, arabic, ..)) in PLACES.into_iter().enumerate() {
            let names = BTreeMap::from([("ar".to_owned(), arabic.to_owned())]);
            let new = area(1, &format!("ML0{at}"), name, names, Some(country));
            areas.insert(name, encode(Kind::Area, area_add(&app.app, &new).await.unwrap().into()));
        }
        Self { app, editor, partner, areas }
    }

    /// A directory with all services of the table.
    pub async fn start(engine: Engine) -> Self {
        let found = Self::empty(engine).await;
        for (at, line) in table(SERVICES).enumerate() {
            let [category, place, english, french, arabic, description] = line[..] else { panic!("{line:?}") };
            let mut input = found.input(&format!("k-{at}"), category, place, english);
            input["description"] = description.into();
            let texts = [("fr", french), ("ar", arabic)];
            let texts = texts.into_iter().filter(|(_, name)| !name.is_empty());
            let texts = texts.map(|(tag, name)| json!({ "language": tag, "name": name }));
            input["translations"] = texts.collect();
            found.publish(input).await;
        }
        found.run_sql("UPDATE service SET assured_on = '2026-01-01' WHERE sort_name = 'welding'").await;
        found
    }

    /// What publishes a service at a place.
    pub fn input(&self, key: &str, category: &str, place: &str, name: &str) -> Value {
        let (_, _, latitude, longitude) = PLACES.into_iter().find(|(name, ..)| *name == place).unwrap();
        json!({
            "idempotencyKey": key, "categoryCode": category, "language": "en", "name": name,
            "locations": [{ "kind": "PHYSICAL", "name": "Main desk", "areaId": self.areas[place],
                "latitude": latitude, "longitude": longitude }],
        })
    }

    /// Publishes a service and gives its identifier.
    pub async fn publish(&self, input: Value) -> String {
        let document = "mutation($input: PublishServiceInput!) { publishService(input: $input) { service { id } \
            userErrors { code field } } }";
        let told = self.app.run(&self.editor, document, json!({ "input": input })).await["publishService"].clone();
        told["service"]["id"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
    }

    /// Runs a statement of SQL.
    pub async fn run_sql(&self, text: &str) {
        let tx = self.app.app.store.begin().await.unwrap();
        tx.run(text, vec![]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The services of one page, as `fields` shows them.
    pub async fn page(&self, who: &Persona, filter: Value, fields: &str) -> Vec<Value> {
        let document = format!(
            "query($filter: ServiceFilter) {{ services(first: 50, filter: $filter) {{ nodes {{ {fields} }} }} }}"
        );
        let told = self.app.run(who, &document, json!({ "filter": filter })).await;
        told["services"]["nodes"].as_array().unwrap().clone()
    }

    /// The names of the services of one page, in their order.
    pub async fn names(&self, who: &Persona, filter: Value) -> Vec<String> {
        let found = self.page(who, filter, "name").await;
        found.iter().map(|service| service["name"].as_str().unwrap().to_owned()).collect()
    }
}
