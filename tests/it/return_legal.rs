//! What is known about a return is unreadable to every government body: as the holder of the case, as the receiver of a
//! referral, through every field and edge that the schema has, and through what is refused.

use crate::parts_whole::{Types, one_of, types};
use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::verbs::{Referred, Story, done, text, tried};
use crate::support::world::{World, add_member, add_service, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// Words that stand nowhere but in the facts about the return.
const FACTS: [&str; 5] = ["OBLIGED", "TOLERATED", "READMISSION_AGREEMENT", "\"QZ\"", "\"VHR\""];

fn facts() -> Value {
    json!({ "voluntariness": "OBLIGED", "assistance": "ASSISTED", "humanitarianSetting": true,
        "hostLegalSituation": "TOLERATED", "returnInstrument": "READMISSION_AGREEMENT", "hostCountry": "QZ" })
}

async fn opened(app: &TestApp, world: &World, who: &Persona) -> String {
    let input = json!({ "programId": gid(Kind::Program, world.program), "returnFacts": facts() });
    text(&done(app, who, "openCase", input, "case { id }").await["case"]["id"])
}

/// Everything that the schema shows of a thing, as text. The lists that hang on it are asked for as well.
async fn everything(app: &TestApp, who: &Persona, types: &Types, kind: &str, id: &str) -> String {
    let mut told = String::new();
    for (field, of, leaf) in &types[kind] {
        let alone = match one_of(types, field, of, *leaf, 2) {
            Some(_) if of.ends_with("Connection") => {
                let node = of.trim_end_matches("Connection");
                let Some(inside) = types.get(node) else { continue };
                let flat = inside.iter().filter(|(_, _, leaf)| *leaf).map(|(name, ..)| name.as_str());
                format!("{field} {{ nodes {{ {} }} }}", flat.collect::<Vec<_>>().join(" "))
            }
            Some(alone) => alone,
            None => continue,
        };
        let query = format!("query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {kind} {{ {alone} }} }} }}");
        told += &app.post(who, &query, json!({ "ids": [id] })).await.body.to_string();
    }
    told
}

async fn no_government_reads_how_somebody_returned(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let types = types(&app, &world.case_manager).await;
    let finds = |told: &str| FACTS.iter().filter(|fact| told.contains(**fact)).count();

    let partners = opened(&app, &world, &world.case_manager).await;
    let seen = everything(&app, &world.case_manager, &types, "Case", &partners).await;
    assert_eq!(finds(&seen), FACTS.len(), "the search finds what its holder sees: {seen}");

    // A ministry that holds the case itself was told, and reads nothing of it.
    let official = &world.official;
    let own = opened(&app, &world, official).await;
    let supervisor = add_member(&app, official.organization, "SUPERVISOR").await;
    let watcher = add_member(&app, official.organization, "DATA_PROTECTION").await;
    for who in [official, &supervisor, &watcher] {
        let seen = everything(&app, who, &types, "Case", &own).await;
        assert!(seen.contains(&gid(Kind::Program, world.program)), "the case itself is read: {seen}");
        assert_eq!(finds(&seen), 0, "{seen}");
    }

    // A municipality that receives a referral of such a case, under a consent to all that can be shared without a name.
    let story = Story::open_by(&app, &world, &world.case_manager, world.municipality).await;
    let service = add_service(&app, world.municipality, world.district, None).await;
    let sent = story.refer_to(&app, &world.case_manager, service).await;
    let intake = add_member(&app, world.municipality, "SUPERVISOR").await;
    let taken: Referred = sent.act(&app, &intake, "acceptReferral", json!({})).await;
    for (kind, id) in [("Referral", &taken.id), ("Case", &story.case), ("Case", &partners)] {
        let seen = everything(&app, &intake, &types, kind, id).await;
        assert!(finds(&seen) == 0 && !seen.contains("ASYLUM_REFUSED") && !seen.contains("AVRR"), "{kind}: {seen}");
    }
}

/// By a service of its own that takes one way of return only, a government body would learn it of whom it receives.
async fn no_government_publishes_for_one_way_of_return(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let mut input = json!({ "name": "Arrival desk", "language": "en", "visibility": "PUBLIC", "takesReferrals": true,
        "categoryCode": "ECO.IND.TVET", "eligibility": { "returnTypes": ["FORCED"] } });
    let refused = tried(&app, &world.editor, "publishService", input.clone(), "").await;
    let wrong = json!([{ "code": "INVALID", "field": ["eligibility", "returnTypes"] }]);
    let told = &refused["userErrors"];
    assert_eq!(json!([{ "code": told[0]["code"], "field": told[0]["field"] }]), wrong);
    let partner = add_member(&app, world.provider, "DIRECTORY_EDITOR").await;
    done(&app, &partner, "publishService", input.clone(), "").await;
    input["eligibility"]["returnTypes"] = json!([]);
    let made = done(&app, &world.editor, "publishService", input, "service { id version }").await["service"].clone();
    let change = json!({ "serviceId": made["id"], "expectedVersion": made["version"],
        "eligibility": { "returnTypes": ["AVRR"] } });
    let refused = tried(&app, &world.editor, "updateService", change, "").await;
    assert_eq!(refused["userErrors"][0]["field"], json!(["eligibility", "returnTypes"]));
}

on_both_engines!(no_government_reads_how_somebody_returned, no_government_publishes_for_one_way_of_return,);
