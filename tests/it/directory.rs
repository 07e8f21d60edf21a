//! The directory: who publishes what, who sees how much of it, and how it is searched.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use passerelle::domain::actor::{MemberRole, RoleGrant, Scope};
use passerelle::domain::global_id::{Kind, encode};
use passerelle::domain::id::OrganizationId;
use passerelle::domain::organization::OrganizationKind;
use passerelle::token;
use passerelle::usecase::directory::{
    NewArea, NewClient, NewMember, NewOrganization, NewProgram, area_add, client_add, member_add, organization_add,
    program_add,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Two organizations with an editor each, two programs, a country and a region; all entered as operators do.
struct Directory {
    app: TestApp,
    editor: Persona,
    client: Persona,
    stranger: Persona,
    country: String,
    region: String,
    program: String,
    foreign_program: String,
}

async fn add_organization(app: &TestApp, name: &str) -> OrganizationId {
    let new = NewOrganization {
        name: name.into(),
        names: [("fr".to_owned(), format!("{name} (fr)"))].into(),
        country: "ML".into(),
        kinds: vec![OrganizationKind::ServiceProvider],
        ..NewOrganization::default()
    };
    organization_add(&app.app, &new).await.unwrap()
}

async fn add_editor(app: &TestApp, organization: OrganizationId) -> Persona {
    let roles = vec![RoleGrant { role: MemberRole::DirectoryEditor, program: None }];
    let id: Uuid =
        member_add(&app.app, &NewMember { organization, name: "Editor".into(), roles }).await.unwrap().into();
    let organization = organization.into();
    Persona { token: Some(app.token(id, organization, token::Kind::Member, 0, 0)), id, organization }
}

impl Directory {
    async fn start(engine: Engine) -> Self {
        let app = TestApp::start(engine).await;
        let (provider, other) = (add_organization(&app, "Provider").await, add_organization(&app, "Other").await);
        let area = |level, code: &str, parent| NewArea {
            country: "ML".into(),
            level,
            pcode: code.into(),
            name: format!("Area {code}"),
            parent,
            ..NewArea::default()
        };
        let country = area_add(&app.app, &area(0, "ML", None)).await.unwrap();
        let region = area_add(&app.app, &area(1, "ML01", Some(country))).await.unwrap();
        let mut programs = Vec::new();
        for lead in [provider, other] {
            let (members, funders, areas) = (vec![lead], vec![], vec![country]);
            let new = NewProgram { name: "Return".into(), names: [].into(), lead, members, funders, areas };
            programs.push(encode(Kind::Program, program_add(&app.app, &new).await.unwrap().into()));
        }
        let new = NewClient { organization: provider, name: "App".into(), scopes: vec![Scope::CasesRead] };
        let id: Uuid = client_add(&app.app, &new).await.unwrap().into();
        let token = Some(app.token(id, provider.into(), token::Kind::Client, 0, 0));
        let client = Persona { token, id, organization: provider.into() };
        let (editor, stranger) = (add_editor(&app, provider).await, add_editor(&app, other).await);
        let [program, foreign_program] = programs.try_into().unwrap();
        let (country, region) = (encode(Kind::Area, country.into()), encode(Kind::Area, region.into()));
        Self { app, editor, client, stranger, country, region, program, foreign_program }
    }

    async fn publish(&self, who: &Persona, input: Value) -> Value {
        self.app.run(who, PUBLISH, json!({ "input": input })).await["publishService"].clone()
    }

    /// A complete service under a key.
    fn full(&self, key: &str) -> Value {
        json!({
            "idempotencyKey": key, "categoryCode": "ARR.CASH", "language": "en", "name": "Cash at arrival",
            "description": "Help for the first weeks.", "programId": self.program,
            "translations": [{ "language": "fr", "name": "Argent à l’arrivée" }],
            "languages": ["fr", "BM"], "requiredDocuments": ["Return papers"],
            "eligibility": { "minimumAge": 18 },
            "cost": { "kind": "FREE" }, "contacts": [{ "role": "Intake", "phone": "+223 20 00 00" }],
            "locations": [
                { "kind": "PHYSICAL", "name": "Center", "areaId": self.region, "latitude": 12.6, "longitude": -8.0,
                  "address": "Road 1" },
                { "kind": "VIRTUAL", "name": "Phone" }
            ],
            "servedAreaIds": [self.region],
            "capacity": { "total": 10, "takenElsewhere": 3 }
        })
    }

    /// Changes a service by one of the mutations that name a service and its version.
    async fn change(&self, who: &Persona, name: &str, input: Value) -> Value {
        let kind =
            if name == "reportCapacity" { "ReportCapacity".into() } else { name[..1].to_uppercase() + &name[1..] };
        let document = format!(
            "mutation($input: {kind}Input!) {{ {name}(input: $input) {{ service {{ version status pauseReason assuredOn \
             isOpenForReferrals closedBecause name capacities {{ total takenElsewhere free \
             serviceAtLocation {{ location {{ name }} }} }} locations {{ id location {{ id name address }} }} \
             category {{ code }} eligibility {{ minimumAge }} }} \
             userErrors {{ code field ... on StaleVersionError {{ currentVersion }} }} }} }}"
        );
        self.app.run(who, &document, json!({ "input": input })).await[name].clone()
    }
}

const PUBLISH: &str = "mutation($input: PublishServiceInput!) { publishService(input: $input) { service { id version name \
    french: name(language: \"fr-CH\") nameLanguage(language: \"fr\") category { code label } isOpenForReferrals openPlaces \
    contacts { role } locations { id location { id name area { name parent { name } } } } servedAreas { name } \
    viewerCan { refer update verify retire } languages assuredOn organization { services { totalCount } } } \
    userErrors { code field } } }";

const READ: &str = "query($id: ID!) { service(by: { id: $id }) { contacts { role } capacities { free } openPlaces \
    isOpenForReferrals viewerCan { update } pauseReason } \
    services(filter: { text: \"a l arrivee\", openForReferrals: true }) { totalCount } }";

async fn a_service_is_published_and_seen_by_degrees(engine: Engine) {
    let directory = Directory::start(engine).await;
    let told = directory.publish(&directory.editor, directory.full("k-1")).await;
    assert_eq!(told["userErrors"], json!([]));
    let service = &told["service"];
    assert_eq!((&service["name"], &service["french"]), (&json!("Cash at arrival"), &json!("Argent à l’arrivée")));
    assert_eq!((&service["openPlaces"], &service["isOpenForReferrals"]), (&json!(7), &json!(true)));
    assert_eq!((&service["languages"], &service["assuredOn"]), (&json!(["fr", "bm"]), &json!("2026-11-25")));
    assert_eq!(service["locations"][0]["location"]["area"]["parent"]["name"], json!("Area ML"));
    assert_eq!(service["viewerCan"], json!({ "refer": false, "update": true, "verify": true, "retire": true }));

    let again = directory.publish(&directory.editor, directory.full("k-1")).await;
    assert_eq!(again["service"], *service);
    assert_eq!(service["organization"]["services"]["totalCount"], 1);
    let mut other = directory.full("k-1");
    other["name"] = "Other".into();
    let other = directory.publish(&directory.editor, other).await;
    assert_eq!(other["userErrors"][0]["code"], "IDEMPOTENCY_CONFLICT");

    let id = json!({ "id": service["id"] });
    let public = directory.app.run(&Persona::public(), READ, id.clone()).await;
    assert_eq!(
        public["service"],
        json!({ "contacts": [], "capacities": null, "openPlaces": null, "isOpenForReferrals": true,
            "viewerCan": { "update": false }, "pauseReason": null })
    );
    assert_eq!(public["services"]["totalCount"], 1);
    let partner = directory.app.run(&directory.stranger, READ, id).await;
    assert_eq!(partner["service"]["contacts"][0]["role"], "Intake");
    assert_eq!(partner["service"]["capacities"], json!([{ "free": 5 }]), "at least five");
    assert_eq!(partner["service"]["openPlaces"], 5);
}

async fn a_service_changes_step_by_step(engine: Engine) {
    let directory = Directory::start(engine).await;
    let told = directory.publish(&directory.editor, directory.full("k-1")).await;
    let id = told["service"]["id"].clone();
    let input = |key: &str, version: i32, rest: Value| {
        let mut input = json!({ "idempotencyKey": key, "serviceId": id, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        input
    };
    let reason = || json!({ "reason": "No staff" });
    let stale = directory.change(&directory.editor, "pauseService", input("p", 9, reason())).await;
    assert_eq!(stale["userErrors"][0]["currentVersion"], 1);
    let foreign = directory.change(&directory.stranger, "pauseService", input("p", 1, reason())).await;
    assert_eq!(foreign["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["serviceId"] }]));
    let weak = directory.change(&directory.client, "pauseService", input("p", 1, reason())).await;
    assert_eq!(weak["userErrors"][0]["code"], "NOT_PERMITTED");

    let step = async |name: &str, version: i32, rest: Value| {
        directory.change(&directory.editor, name, input(&format!("{name}-{version}"), version, rest)).await
    };
    let paused = step("pauseService", 1, reason()).await;
    assert_eq!(paused["service"]["pauseReason"], "No staff");
    assert_eq!(paused["service"]["closedBecause"], "NOT_OFFERED");
    let resumed = step("resumeService", 2, json!({})).await;
    assert_eq!((&resumed["service"]["version"], &resumed["service"]["pauseReason"]), (&json!(3), &json!(null)));
    assert_eq!(step("resumeService", 3, json!({})).await["userErrors"][0]["code"], "INVALID");
    let stated = step("reportCapacity", 3, json!({ "total": 2 })).await;
    let whole = json!({ "total": 2, "takenElsewhere": 3, "free": 0, "serviceAtLocation": null });
    assert_eq!(stated["service"]["capacities"], json!([whole]));
    let place = &told["service"]["locations"][0];
    let at = json!({ "serviceAtLocationId": place["id"], "total": null, "takenElsewhere": 1 });
    let stated = step("reportCapacity", 4, at).await;
    assert_eq!(stated["service"]["capacities"][1]["serviceAtLocation"]["location"]["name"], "Center");

    let gone = step("updateService", 5, json!({ "locations": [] })).await;
    assert_eq!(gone["userErrors"], json!([{ "code": "INVALID", "field": ["locations"] }]));
    let hidden = json!([{ "locationId": place["location"]["id"], "kind": "CONFIDENTIAL", "name": "Hidden" }]);
    let rest = json!({ "idempotencyKey": "u", "categoryCode": null, "locations": hidden });
    let updated = step("updateService", 5, rest).await["service"].clone();
    let kept = json!({ "id": place["location"]["id"], "name": "Hidden", "address": "" });
    assert_eq!(updated["locations"], json!([{ "id": place["id"], "location": kept }]));
    assert_eq!((&updated["category"], &updated["closedBecause"]), (&json!(null), &json!("UNCLASSIFIED")));
    assert_eq!((&updated["name"], &updated["eligibility"]["minimumAge"]), (&json!("Cash at arrival"), &json!(18)));
    assert_eq!(step("verifyService", 6, json!({})).await["service"]["version"], 7);
    assert_eq!(step("retireService", 7, json!({})).await["service"]["status"], "RETIRED");
    assert_eq!(step("verifyService", 8, json!({})).await["userErrors"][0]["code"], "SERVICE_CLOSED");
    let public = directory.app.run(&Persona::public(), READ, json!({ "id": id })).await;
    assert_eq!(public["service"], json!(null));
    let done = 1 + 7; // published, and seven changes that took effect
    assert_eq!(directory.app.count("outbox").await, done);
}

async fn all_that_is_wrong_is_told_at_once(engine: Engine) {
    let directory = Directory::start(engine).await;
    let mut input = directory.full("k");
    input["name"] = " ".into();
    input["programId"] = directory.region.clone().into();
    input["eligibility"] = json!({ "minimumAge": 30, "maximumAge": 20 });
    input["locations"] = json!([{ "kind": "CONFIDENTIAL", "name": "Shelter", "address": "x" }]);
    input["capacity"] = json!({ "total": -1 });
    let told = directory.publish(&directory.editor, input).await;
    let expected = json!([
        { "code": "INVALID", "field": ["programId"] },
        { "code": "INVALID", "field": ["capacity", "total"] },
        { "code": "REQUIRED", "field": ["name"] },
        { "code": "INVALID", "field": ["eligibility", "maximumAge"] },
        { "code": "INVALID", "field": ["locations", "0", "address"] },
    ]);
    assert_eq!(told, json!({ "service": null, "userErrors": expected }));

    let unknown = |kind| encode(kind, Uuid::nil());
    let mut input = directory.full("k");
    input["programId"] = directory.foreign_program.clone().into();
    input["categoryCode"] = "NO.SUCH".into();
    input["servedAreaIds"] = json!([unknown(Kind::Area)]);
    input["locations"] = json!([{ "kind": "PHYSICAL", "name": "x", "locationId": unknown(Kind::Location) }]);
    let told = directory.publish(&directory.editor, input.clone()).await;
    let expected = json!([
        { "code": "NOT_IN_PROGRAM", "field": ["programId"] },
        { "code": "NOT_FOUND", "field": ["categoryCode"] },
        { "code": "NOT_FOUND", "field": ["servedAreaIds", "0"] },
        { "code": "NOT_FOUND", "field": ["locations", "0", "locationId"] },
    ]);
    assert_eq!(told["userErrors"], expected);
    let refused = directory.app.refused(&Persona::public(), PUBLISH, json!({ "input": input })).await;
    assert_eq!(refused, "UNAUTHENTICATED");
    assert_eq!(directory.app.count("service").await, 0);
}

async fn a_page_of_services_is_one_statement_and_pages_meet(engine: Engine) {
    let directory = Directory::start(engine).await;
    for key in ["k-1", "k-2", "k-3"] {
        directory.publish(&directory.editor, directory.full(key)).await;
    }
    let page = "query($after: Cursor, $area: ID!, $organization: ID!) { services(first: 2, after: $after, \
        orderBy: { field: NAME, direction: ASC }, filter: { areaId: $area, organizationId: $organization, \
        language: [\"bm\"], status: [PUBLISHED], dimension: [ECONOMIC], organizationKind: [SERVICE_PROVIDER] }) \
        { nodes { id organization { name } locations { location { area { name } } } } pageInfo { hasNextPage endCursor } } }";
    let organization = encode(Kind::Organization, directory.editor.organization);
    let mut variables = json!({ "area": directory.country, "organization": organization });
    let public = Persona::public();
    let ask = directory.app.run(&public, page, variables.clone());
    let (statements, first) = directory.app.statements(ask).await;
    assert_eq!(statements, 1);
    assert_eq!(first["services"]["pageInfo"]["hasNextPage"], true);
    variables["after"] = first["services"]["pageInfo"]["endCursor"].clone();
    let second = directory.app.run(&Persona::public(), page, variables).await;
    assert_eq!(second["services"]["pageInfo"]["hasNextPage"], false);
    let ids = |page: &Value| {
        page["services"]["nodes"].as_array().unwrap().iter().map(|node| node["id"].to_string()).collect()
    };
    let all: [Vec<String>; 2] = [ids(&first), ids(&second)];
    assert_eq!(all.concat().into_iter().collect::<std::collections::BTreeSet<_>>().len(), 3);

    let parents = "{ areas(first: 2) { nodes { parent { name } children(first: 0) { totalCount } } } }";
    let (statements, _) = directory.app.statements(directory.app.run(&Persona::public(), parents, json!({}))).await;
    assert!(statements <= 6, "a page, a batch of parents, and a page with its count for each: {statements}");
}

async fn what_is_offered_where_is_counted(engine: Engine) {
    let directory = Directory::start(engine).await;
    for key in ["k-1", "k-2"] {
        directory.publish(&directory.editor, directory.full(key)).await;
    }
    let ask = "query($area: ID!) { serviceCoverage(area: $area) { area { name } cells { dimension level services \
        openForReferrals openPlaces placesUnknown } } }";
    let area = json!({ "area": directory.country });
    let told = directory.app.run(&directory.stranger, ask, area.clone()).await;
    let areas = told["serviceCoverage"].as_array().unwrap();
    assert_eq!((&areas[0]["area"]["name"], &areas[1]["area"]["name"]), (&json!("Area ML"), &json!("Area ML01")));
    for area in areas {
        let cells = area["cells"].as_array().unwrap();
        assert_eq!(cells.len(), 9);
        let cell = json!({ "dimension": "ECONOMIC", "level": "INDIVIDUAL", "services": 2, "openForReferrals": 2,
            "openPlaces": 10, "placesUnknown": 0 });
        assert_eq!(cells[0], cell);
        assert!(cells[1..].iter().all(|cell| cell["services"] == 0));
    }
    directory.app.clock.advance(jiff::SignedDuration::from_hours(24 * 91));
    let public = directory.app.run(&Persona::public(), ask, area).await;
    let cell = &public["serviceCoverage"][0]["cells"][0];
    assert_eq!((&cell["services"], &cell["openForReferrals"]), (&json!(2), &json!(0)));
    assert_eq!((&cell["openPlaces"], &cell["placesUnknown"]), (&json!(null), &json!(null)));
    let stale = "{ services(filter: { openForReferrals: false }) { totalCount nodes { isStale closedBecause } } }";
    let stale = directory.app.run(&Persona::public(), stale, json!({})).await;
    assert_eq!(stale["services"]["totalCount"], 2);
    assert_eq!(stale["services"]["nodes"][0], json!({ "isStale": true, "closedBecause": "STALE" }));
}

async fn a_viewer_learns_who_they_are(engine: Engine) {
    let directory = Directory::start(engine).await;
    let ask = "query($area: ID!, $code: AreaCode!) { viewer { organization { name(language: \"fr\") kinds } \
        member { name roles { role programId } } client { name scopes } powers programs { name lead { name } members { name } \
        areas { name } } notifications { totalCount nodes { id event } } } programs { id } \
        categories { code label } codeLabels(set: URGENCY) { code label } \
        organizations(first: 1, filter: { kind: [SERVICE_PROVIDER] }) { totalCount nodes { name } pageInfo { hasNextPage } } \
        areas(filter: { withinId: $area, text: \"aREA\" }) { totalCount nodes { pcode } } \
        area(by: { code: $code }) { id children { nodes { pcode parent { pcode } } } } }";
    let variables = json!({ "area": directory.country, "code": { "country": "ML", "level": 0, "pcode": "ML" } });
    let told = directory.app.run(&directory.editor, ask, variables.clone()).await;
    assert_eq!(told["viewer"]["organization"]["name"], "Provider (fr)");
    assert_eq!(told["viewer"]["member"]["roles"], json!([{ "role": "DIRECTORY_EDITOR", "programId": null }]));
    assert_eq!(told["viewer"]["powers"], json!(["EDIT_DIRECTORY", "REPORT_CAPACITY"]));
    assert_eq!(told["programs"], json!([{ "id": directory.program }]));
    assert_eq!((&told["areas"]["totalCount"], &told["organizations"]["totalCount"]), (&json!(2), &json!(2)));
    assert_eq!(told["area"]["children"]["nodes"], json!([{ "pcode": "ML01", "parent": { "pcode": "ML" } }]));
    assert_eq!(told["codeLabels"][0], json!({ "code": "EMERGENCY", "label": "Emergency" }));
    let client = directory.app.run(&directory.client, ask, variables.clone()).await;
    assert_eq!(client["viewer"]["client"], json!({ "name": "App", "scopes": ["CASES_READ"] }));
    assert_eq!(client["viewer"]["member"], json!(null));
    assert_eq!(directory.app.refused(&Persona::public(), ask, variables).await, "UNAUTHENTICATED");
}

on_both_engines!(
    a_service_is_published_and_seen_by_degrees,
    a_service_changes_step_by_step,
    all_that_is_wrong_is_told_at_once,
    a_page_of_services_is_one_statement_and_pages_meet,
    what_is_offered_where_is_counted,
    a_viewer_learns_who_they_are,
);
