//! The directory from the schema to the database and back.

use async_graphql::{EmptySubscription, Request, Schema, Value};
use passerelle::app::{App, Policy};
use passerelle::domain::actor::{Actor, MemberRole, RoleGrant, Scope, Standing};
use passerelle::domain::clock::SystemClock;
use passerelle::domain::global_id::{Kind, encode};
use passerelle::domain::id::{AreaId, OrganizationId};
use passerelle::domain::language::Language;
use passerelle::domain::organization::OrganizationKind;
use passerelle::graphql::area::area_loader;
use passerelle::graphql::context::RequestInfo;
use passerelle::graphql::directory_query::DirectoryQuery;
use passerelle::graphql::service_mutation::ServiceMutation;
use passerelle::graphql::viewer::ViewerQuery;
use passerelle::store::door::{Door, Settings};
use passerelle::store::sealing::Sealer;
use passerelle::token::Keyring;
use passerelle::usecase::directory::{
    NewArea, NewClient, NewMember, NewOrganization, NewProgram, area_add, client_add, member_add, organization_add,
    program_add,
};
use serde_json::json;
use std::sync::Arc;

/// Reads.
#[derive(async_graphql::MergedObject, Default)]
struct Query(DirectoryQuery, ViewerQuery);

type Tested = Schema<Query, ServiceMutation, EmptySubscription>;

struct World {
    app: Arc<App>,
    schema: Tested,
    editor: Actor,
    client: Actor,
    stranger: Actor,
    country: AreaId,
    region: AreaId,
    program: String,
    foreign_program: String,
}

fn done<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.unwrap()
}

async fn world(name: &str) -> World {
    let url = match std::env::var("PASSERELLE_TEST_URL") {
        Ok(url) => url,
        Err(_) => {
            let path = std::env::temp_dir().join(format!("passerelle-{name}-{}.db", uuid::Uuid::now_v7()));
            format!("sqlite://{}", path.display())
        }
    };
    let store = done(Door::open(&Settings { url, readers: 2, create: true }).await);
    done(store.migrate().await);
    let app = Arc::new(App {
        store,
        clock: Arc::new(SystemClock),
        tokens: Keyring,
        sealer: done(Sealer::from_root("k1", [7; 32])),
        policy: Policy::default(),
    });
    let new = |name: &str, kind| NewOrganization {
        name: name.into(),
        names: [("fr".to_owned(), format!("{name} (fr)"))].into(),
        country: "ML".into(),
        kinds: vec![kind],
        ..NewOrganization::default()
    };
    let provider = done(organization_add(&app, &new("Provider", OrganizationKind::ServiceProvider)).await);
    let other = done(organization_add(&app, &new("Other", OrganizationKind::ImplementingPartner)).await);
    let area = |level, code: &str, parent| NewArea {
        country: "ML".into(),
        level,
        pcode: code.into(),
        name: format!("Area {code}"),
        parent,
        ..NewArea::default()
    };
    let run = uuid::Uuid::now_v7().simple().to_string();
    let country = done(area_add(&app, &area(0, &format!("ML{run}"), None)).await);
    let region = done(area_add(&app, &area(1, &format!("ML01{run}"), Some(country))).await);
    let mut programs = Vec::new();
    for lead in [provider, other] {
        let program = NewProgram {
            name: "Return".into(),
            names: Default::default(),
            lead,
            members: vec![lead],
            funders: vec![],
            areas: vec![country],
        };
        programs.push(encode(Kind::Program, done(program_add(&app, &program).await).into()));
    }
    let roles = vec![RoleGrant { role: MemberRole::DirectoryEditor, program: None }];
    let member = |organization: OrganizationId| NewMember { organization, name: "Editor".into(), roles: roles.clone() };
    let editor = done(member_add(&app, &member(provider)).await);
    let stranger = done(member_add(&app, &member(other)).await);
    let client = NewClient { organization: provider, name: "App".into(), scopes: vec![Scope::CasesRead] };
    let client = done(client_add(&app, &client).await);
    let standing = |organization| Standing { organization, kinds: vec![OrganizationKind::ServiceProvider] };
    let schema = Schema::build(Query::default(), ServiceMutation, EmptySubscription)
        .data(app.clone())
        .data(area_loader(app.clone()))
        .finish();
    let [program, foreign_program] = programs.try_into().unwrap();
    World {
        schema,
        editor: Actor::Member { id: editor, standing: standing(provider), roles: roles.clone() },
        stranger: Actor::Member { id: stranger, standing: standing(other), roles },
        client: Actor::Client { id: client, standing: standing(provider), scopes: vec![Scope::CasesRead] },
        app,
        country,
        region,
        program,
        foreign_program,
    }
}

impl World {
    async fn ask(&self, actor: &Actor, document: &str, variables: serde_json::Value) -> serde_json::Value {
        let info = RequestInfo { request_id: "r1".into(), language: Language::Fr };
        let request = Request::new(document)
            .variables(async_graphql::Variables::from_json(variables))
            .data(actor.clone())
            .data(info);
        let answer = self.schema.execute(request).await;
        for error in &answer.errors {
            eprintln!("{error:?}");
        }
        let mut told = serde_json::to_value(&answer).unwrap();
        if answer.data == Value::Null {
            told["data"] = serde_json::Value::Null;
        }
        told
    }

    async fn publish(&self, actor: &Actor, input: serde_json::Value) -> serde_json::Value {
        let told = self.ask(actor, PUBLISH, json!({ "input": input })).await;
        told["data"]["publishService"].clone()
    }
}

const PUBLISH: &str = "mutation($input: PublishServiceInput!) { publishService(input: $input) { \
    service { id version name nameLanguage category { code label } isOpenForReferrals closedBecause openPlaces isStale \
      assuredOn contacts { role phone } capacities { total free asOf isOutdated serviceAtLocation { id } } \
      locations { id location { id kind name address latitude area { name parent { name } } } } servedAreas { id name } \
      viewerCan { refer update verify retire } languages organization { name services { totalCount nodes { id } } } } \
    userErrors { __typename code field message ... on StaleVersionError { currentVersion } } } }";

fn full(world: &World, key: &str) -> serde_json::Value {
    json!({
        "idempotencyKey": key, "categoryCode": "ARR.CASH", "language": "en", "name": "Cash at arrival",
        "description": "Help for the first weeks.", "programId": world.program,
        "translations": [{ "language": "fr", "name": "Argent à l’arrivée" }],
        "languages": ["fr", "BM"], "requiredDocuments": ["Return papers"],
        "eligibility": { "minimumAge": 18, "returnTypes": ["AVRR", "FORCED"] },
        "cost": { "kind": "FREE" }, "contacts": [{ "role": "Intake", "phone": "+223 20 00 00" }],
        "locations": [
            { "kind": "PHYSICAL", "name": "Centre", "areaId": encode(Kind::Area, world.region.into()),
              "latitude": 12.6, "longitude": -8.0, "address": "Road 1" },
            { "kind": "VIRTUAL", "name": "Phone" }
        ],
        "servedAreaIds": [encode(Kind::Area, world.region.into())],
        "capacity": { "total": 10, "takenElsewhere": 3 }
    })
}

#[tokio::test]
async fn a_service_lives() {
    let world = world("lives").await;
    let editor = world.editor.clone();
    let told = world.publish(&editor, full(&world, "k-1")).await;
    assert_eq!(told["userErrors"], json!([]), "{told:#}");
    let service = &told["service"];
    assert_eq!(service["name"], "Argent à l’arrivée");
    assert_eq!(service["nameLanguage"], "fr");
    assert_eq!(service["openPlaces"], 7);
    assert_eq!(service["isOpenForReferrals"], true);
    assert_eq!(service["languages"], json!(["fr", "bm"]));
    assert_eq!(service["locations"][0]["location"]["area"]["parent"]["name"], json!(service_country(&world).await));
    assert_eq!(service["viewerCan"], json!({ "refer": false, "update": true, "verify": true, "retire": true }));
    assert_eq!(service["organization"]["services"]["totalCount"], 1);
    let id = service["id"].as_str().unwrap();

    // The same again changes nothing; another input under the same key is refused.
    let before = world.app.store.statements();
    let again = world.publish(&editor, full(&world, "k-1")).await;
    assert_eq!(again["service"]["id"], service["id"]);
    assert!(world.app.store.statements() > before);
    let mut other = full(&world, "k-1");
    other["name"] = "Other".into();
    assert_eq!(world.publish(&editor, other).await["userErrors"][0]["code"], "IDEMPOTENCY_CONFLICT");

    // The public sees it without contacts and counts; a stranger sees them but can't change it.
    let read = "query($id: ID!) { service(by: { id: $id }) { id contacts { role } capacities { free } openPlaces \
        isOpenForReferrals viewerCan { update } pauseReason } \
        services(filter: { text: \"a l arrivee\", openForReferrals: true }) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }";
    let public = world.ask(&Actor::Anonymous, read, json!({ "id": id })).await;
    let seen = &public["data"]["service"];
    assert_eq!((&seen["contacts"], &seen["capacities"], &seen["openPlaces"]), (&json!([]), &json!(null), &json!(null)));
    assert_eq!(seen["isOpenForReferrals"], true);
    assert!(public["data"]["services"]["totalCount"].as_i64().unwrap() >= 1);
    let stranger = world.ask(&world.stranger, read, json!({ "id": id })).await;
    assert_eq!(stranger["data"]["service"]["contacts"][0]["role"], "Intake");
    assert_eq!(stranger["data"]["service"]["viewerCan"]["update"], false);

    // Change, one after another; each needs the version.
    let change = |name: &str, rest: &str, key: &str, version: i32| {
        format!(
            "mutation {{ {name}(input: {{ idempotencyKey: \"{key}\", serviceId: \"{id}\", expectedVersion: {version}{rest} }}) \
             {{ service {{ version status pauseReason assuredOn isOpenForReferrals closedBecause name openPlaces \
             capacities {{ total takenElsewhere free serviceAtLocation {{ location {{ name }} }} }} \
             locations {{ id location {{ id name }} }} category {{ code }} eligibility {{ minimumAge }} }} \
             userErrors {{ code field ... on StaleVersionError {{ currentVersion }} }} }} }}"
        )
    };
    let run = async |actor: &Actor, document: String, name: &str| {
        world.ask(actor, &document, json!({})).await["data"][name].clone()
    };
    let stale = run(&editor, change("pauseService", ", reason: \"No staff\"", "k-2", 9), "pauseService").await;
    assert_eq!(stale["userErrors"][0]["currentVersion"], 1, "{stale}");
    let foreign = run(&world.stranger, change("pauseService", ", reason: \"No\"", "k-3", 1), "pauseService").await;
    assert_eq!(foreign["userErrors"][0], json!({ "code": "NOT_FOUND", "field": ["serviceId"] }));
    let weak = run(&world.client, change("pauseService", ", reason: \"No\"", "k-3", 1), "pauseService").await;
    assert_eq!(weak["userErrors"][0]["code"], "NOT_PERMITTED");
    let paused = run(&editor, change("pauseService", ", reason: \"No staff\"", "k-2", 1), "pauseService").await;
    assert_eq!(paused["service"]["pauseReason"], "No staff", "{paused}");
    assert_eq!(paused["service"]["closedBecause"], "NOT_OFFERED");
    let resumed = run(&editor, change("resumeService", "", "k-4", 2), "resumeService").await;
    assert_eq!(resumed["service"]["version"], 3, "{resumed}");
    let twice = run(&editor, change("resumeService", "", "k-5", 3), "resumeService").await;
    assert_eq!(twice["userErrors"][0]["code"], "INVALID");
    let capacity = run(&editor, change("reportCapacity", ", total: 2", "k-6", 3), "reportCapacity").await;
    assert_eq!(
        capacity["service"]["capacities"][0],
        json!({ "total": 2, "takenElsewhere": 3, "free": 0, "serviceAtLocation": null })
    );
    let place = service["locations"][0]["id"].as_str().unwrap();
    let at = format!(", serviceAtLocationId: \"{place}\", total: null, takenElsewhere: 1");
    let capacity = run(&editor, change("reportCapacity", &at, "k-7", 4), "reportCapacity").await;
    assert_eq!(capacity["service"]["capacities"].as_array().unwrap().len(), 2, "{capacity}");

    // A place with stated places can't be left out; the other one can.
    let gone = run(&editor, change("updateService", ", locations: []", "k-8", 5), "updateService").await;
    assert_eq!(gone["userErrors"][0], json!({ "code": "INVALID", "field": ["locations"] }));
    let kept = service["locations"][0]["location"]["id"].as_str().unwrap();
    let only = format!(
        ", name: \"Cash\", categoryCode: null, locations: [{{ locationId: \"{kept}\", kind: CONFIDENTIAL, name: \"Hidden\" }}]"
    );
    let updated = run(&editor, change("updateService", &only, "k-9", 5), "updateService").await;
    assert_eq!(
        updated["service"]["locations"],
        json!([{ "id": place, "location": { "id": kept, "name": "Hidden" } }]),
        "{updated}"
    );
    assert_eq!(
        (&updated["service"]["category"], &updated["service"]["eligibility"]["minimumAge"]),
        (&json!(null), &json!(18))
    );
    assert_eq!(updated["service"]["closedBecause"], "UNCLASSIFIED");
    let verified = run(&editor, change("verifyService", "", "k-10", 6), "verifyService").await;
    assert_eq!(verified["service"]["version"], 7, "{verified}");
    let retired = run(&editor, change("retireService", "", "k-11", 7), "retireService").await;
    assert_eq!(retired["service"]["status"], "RETIRED", "{retired}");
    let late = run(&editor, change("verifyService", "", "k-12", 8), "verifyService").await;
    assert_eq!(late["userErrors"][0]["code"], "SERVICE_CLOSED");
    let public = world.ask(&Actor::Anonymous, read, json!({ "id": id })).await;
    assert_eq!(public["data"]["service"], json!(null));
}

async fn service_country(world: &World) -> String {
    let found = world.app.store.areas_by_id(&[world.country]).await.unwrap();
    found[&world.country].name.clone()
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let world = world("wrong").await;
    let mut input = full(&world, "k");
    input["name"] = " ".into();
    input["programId"] = encode(Kind::Area, world.region.into()).into();
    input["eligibility"] = json!({ "minimumAge": 30, "maximumAge": 20 });
    input["locations"] = json!([{ "kind": "CONFIDENTIAL", "name": "Shelter", "address": "x" }]);
    input["capacity"] = json!({ "total": -1 });
    let told = world.publish(&world.editor, input).await;
    let fields: Vec<String> =
        told["userErrors"].as_array().unwrap().iter().map(|error| error["field"].to_string()).collect();
    assert_eq!(
        fields,
        [
            r#"["programId"]"#,
            r#"["capacity","total"]"#,
            r#"["name"]"#,
            r#"["eligibility","maximumAge"]"#,
            r#"["locations","0","address"]"#
        ]
    );
    let mut input = full(&world, "k");
    input["programId"] = world.foreign_program.clone().into();
    input["categoryCode"] = "NO.SUCH".into();
    input["servedAreaIds"] = json!([encode(Kind::Area, uuid::Uuid::nil())]);
    input["locations"] =
        json!([{ "kind": "PHYSICAL", "name": "x", "locationId": encode(Kind::Location, uuid::Uuid::nil()) }]);
    let told = world.publish(&world.editor, input).await;
    let codes: Vec<(String, String)> = told["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["code"].to_string(), error["field"].to_string()))
        .collect();
    assert_eq!(codes.len(), 4, "{codes:?}");
    assert_eq!(codes[0].0, "\"NOT_IN_PROGRAM\"");
    let told = world.ask(&Actor::Anonymous, PUBLISH, json!({ "input": full(&world, "k") })).await;
    assert_eq!(told["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{told}");
    assert_eq!(told["data"], json!({ "publishService": null }));
}

#[tokio::test]
async fn what_is_read() {
    let world = world("read").await;
    for index in 0..3 {
        let told = world.publish(&world.editor, full(&world, &format!("k-{index}"))).await;
        assert_eq!(told["userErrors"], json!([]));
    }
    let document = "query($area: ID!, $code: AreaCode!) { \
        viewer { organization { name kinds } member { name roles { role programId } } client { name scopes } powers \
          programs { name lead { name } members { name } areas { name } } notifications { totalCount nodes { id event } } } \
        programs { id } categories { code label dimension level } codeLabels(set: URGENCY) { code label meaning } \
        organizations(first: 1, filter: { kind: [SERVICE_PROVIDER] }) { totalCount nodes { name country } pageInfo { hasNextPage } } \
        areas(filter: { withinId: $area, text: \"aREA\" }) { totalCount nodes { pcode parent { name } children(first: 0) { totalCount } } } \
        area(by: { id: $area }) { children { nodes { name validFrom } } } byCode: area(by: { code: $code }) { id } \
        serviceCoverage(area: $area) { area { name } cells { dimension level services openForReferrals openPlaces placesUnknown } } }";
    let area = encode(Kind::Area, world.country.into());
    let found = world.app.store.areas_by_id(&[world.country]).await.unwrap();
    let code = json!({ "country": "ML", "level": 0, "pcode": found[&world.country].pcode });
    let variables = json!({ "area": area, "code": code });
    let told = world.ask(&world.editor, document, variables.clone()).await;
    let data = &told["data"];
    assert!(told.get("errors").is_none(), "{told:#}");
    assert_eq!(data["viewer"]["member"]["roles"][0]["role"], "DIRECTORY_EDITOR");
    assert_eq!(data["viewer"]["organization"]["name"], "Provider (fr)");
    assert_eq!(data["viewer"]["programs"][0]["lead"]["name"], "Provider (fr)");
    assert_eq!(data["areas"]["totalCount"], 2);
    assert_eq!(data["byCode"]["id"], json!(area));
    assert_eq!(data["codeLabels"][0]["code"], "EMERGENCY");
    let coverage = data["serviceCoverage"].as_array().unwrap();
    assert_eq!((coverage.len(), coverage[0]["cells"].as_array().unwrap().len()), (2, 9));
    assert_eq!(
        coverage[1]["cells"][0],
        json!({ "dimension": "ECONOMIC", "level": "INDIVIDUAL", "services": 3, "openForReferrals": 3, "openPlaces": 21, "placesUnknown": 0 })
    );
    let public = world
        .ask(
            &Actor::Anonymous,
            "query($area: ID!) { serviceCoverage(area: $area, levels: 0) { cells { services openPlaces } } }",
            json!({ "area": area }),
        )
        .await;
    assert_eq!(public["data"]["serviceCoverage"][0]["cells"][0], json!({ "services": 3, "openPlaces": null }));
    let refused = world.ask(&Actor::Anonymous, "{ viewer { powers } }", json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");

    // A page is one statement, and pages meet.
    let page = "query($after: Cursor, $area: ID!, $o: ID!) { services(first: 2, after: $after, orderBy: { field: NAME, direction: ASC }, \
        filter: { areaId: $area, organizationId: $o, language: [\"bm\"], status: [PUBLISHED], dimension: [ECONOMIC], organizationKind: [SERVICE_PROVIDER] }) \
        { nodes { id name organization { name } locations { location { area { name } } } } pageInfo { hasNextPage endCursor } } }";
    let organization = encode(Kind::Organization, world.editor.organization().unwrap().into());
    let before = world.app.store.statements();
    let first = world.ask(&Actor::Anonymous, page, json!({ "area": area, "o": organization })).await;
    assert_eq!(world.app.store.statements() - before, 1);
    assert_eq!(first["data"]["services"]["pageInfo"]["hasNextPage"], true, "{first:#}");
    let after = &first["data"]["services"]["pageInfo"]["endCursor"];
    let second = world.ask(&Actor::Anonymous, page, json!({ "area": area, "o": organization, "after": after })).await;
    assert_eq!(second["data"]["services"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(second["data"]["services"]["pageInfo"]["hasNextPage"], false);
}

#[tokio::test]
async fn parents_are_read_in_one_batch() {
    let world = world("batch").await;
    let document = "{ areas(first: 2) { nodes { parent { name } } } }";
    let before = world.app.store.statements();
    world.ask(&Actor::Anonymous, document, json!({})).await;
    assert!(world.app.store.statements() - before <= 2);
}

#[test]
fn the_schema_is_described() {
    let schema = Schema::build(Query::default(), ServiceMutation, EmptySubscription).finish();
    let sdl = schema.sdl();
    if let Ok(path) = std::env::var("SDL_OUT") {
        std::fs::write(path, &sdl).unwrap();
    }
    let mut described = false;
    let mut bare = Vec::new();
    let mut inside = false;
    for line in sdl.lines() {
        let text = line.trim();
        if text.starts_with("\"\"\"") {
            if inside || text.len() > 5 {
                described = true;
                inside = false
            } else {
                inside = true
            }
            continue;
        }
        if inside
            || text.is_empty()
            || text == "}"
            || text.starts_with(')')
            || text.starts_with("schema")
            || text.starts_with("directive")
            || text.starts_with("query:")
            || text.starts_with("mutation:")
        {
            continue;
        }
        if !described {
            bare.push(text.to_owned())
        }
        described = false;
    }
    assert!(bare.is_empty(), "{bare:#?}");
}
