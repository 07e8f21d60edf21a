//! The taxonomy is a tree of terms that are never deleted, extended below its standard terms, and endorsed by those who
//! govern.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::situations::taxonomy::{labels, local};
use crate::support::situations::{Stage, outcome};
use crate::support::verbs::{done, text};
use crate::support::world::{World, add_area, add_member, gid};
use jiff::SignedDuration;
use passerelle::domain::global_id::Kind;
use passerelle::token;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const LIST: &str = "query($within: String, $groups: Boolean! = false, $retired: Boolean! = false) {
    categories(within: $within, withGroups: $groups, withRetired: $retired) { code parentCode standardCode isGroup } }";

async fn codes(app: &TestApp, who: &Persona, variables: Value) -> BTreeSet<String> {
    let seen = app.run(who, LIST, variables).await;
    seen["categories"].as_array().unwrap().iter().map(|category| text(&category["code"])).collect()
}

async fn a_group_holds_all_below_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let public = Persona::public();
    assert_eq!(codes(&app, &public, json!({})).await.len(), 58, "nothing is classified under a group");
    let all = app.run(&public, LIST, json!({ "groups": true })).await;
    let all = all["categories"].as_array().unwrap();
    assert_eq!(all.len(), 68);
    for category in all {
        let code = category["code"].as_str().unwrap();
        let above = code.rsplit_once('.').map(|(above, _)| above).filter(|_| category["isGroup"] == false);
        assert_eq!(category["parentCode"].as_str(), above, "{code}");
    }
    assert_eq!(codes(&app, &public, json!({ "within": "ARR" })).await.len(), 9);
    assert_eq!(codes(&app, &public, json!({ "within": "ARR.CASH" })).await.len(), 1);
    let world = World::fill(&app).await;
    let mut service = json!({ "name": "Training", "language": "en", "visibility": "PUBLIC", "takesReferrals": true });
    service["categoryCode"] = json!("ECO.IND");
    assert_eq!(outcome(&app, &world.editor, "publishService", service).await, "NOT_FOUND");
}

/// Publishes a service under a category; gives the code that came of it.
async fn publish(app: &TestApp, who: &Persona, category: &str) -> String {
    let service = json!({ "name": "Sewing course", "language": "en", "visibility": "PUBLIC", "takesReferrals": true,
                          "categoryCode": category });
    outcome(app, who, "publishService", service).await
}

async fn a_local_term_is_seen_and_used_within_its_scope(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let own = done(&app, &world.editor, "addLocalCategory", local(None), "category { code standardCode }").await;
    assert_eq!(own["category"]["standardCode"], "ECO.IND.TVET");
    let own = text(&own["category"]["code"]);
    let program = local(Some(gid(Kind::Program, world.program)));
    let shared = done(&app, &world.coordinator, "addLocalCategory", program, "category { code }").await;
    let shared = text(&shared["category"]["code"]);
    for (name, who) in world.everybody() {
        let seen = codes(&app, &who, json!({ "within": "ECO.IND.TVET" })).await;
        let partner = !["public", "stranger"].contains(&name);
        assert_eq!(seen.contains(&own), name == "municipality's editor", "{name}");
        assert_eq!(seen.contains(&shared), partner, "{name}");
    }
    let provider = add_member(&app, world.provider, "DIRECTORY_EDITOR").await;
    let stranger = add_member(&app, world.stranger, "DIRECTORY_EDITOR").await;
    for (who, code, expected) in [
        (&world.editor, &own, "ok"),
        (&provider, &own, "NOT_FOUND"),
        (&provider, &shared, "ok"),
        (&stranger, &shared, "NOT_FOUND"),
    ] {
        assert_eq!(publish(&app, who, code).await, expected, "{code}");
    }
    let below = json!({ "parentCode": own, "name": "BELOW", "labels": labels("Below") });
    assert_eq!(outcome(&app, &world.editor, "addLocalCategory", below).await, "INVALID", "no term below a local one");
    let bad = json!({ "parentCode": "ECO.IND.TVET", "name": "no", "labels": [] });
    assert_eq!(outcome(&app, &world.editor, "addLocalCategory", bad).await, "INVALID");
}

async fn a_retired_term_stays_but_is_not_used_again(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let retire = stage.local_category(json!({ "successorCode": "ECO.IND.TVET" })).await;
    let code = text(&retire["code"]);
    let mut stale = retire.clone();
    stale["expectedVersion"] = json!(7);
    assert_eq!(outcome(&app, &world.editor, "retireLocalCategory", stale).await, "STALE_VERSION");
    let select = "category { validTo successorCode version }";
    let retired = done(&app, &world.editor, "retireLocalCategory", retire.clone(), select).await;
    assert_eq!(retired["category"], json!({ "validTo": "2026-11-25", "successorCode": "ECO.IND.TVET", "version": 2 }));
    let mut again = retire;
    again["expectedVersion"] = json!(2);
    assert_eq!(outcome(&app, &world.editor, "retireLocalCategory", again).await, "NOT_NOW");
    assert_eq!(publish(&app, &world.editor, &code).await, "ok", "until the end of its last day");
    app.clock.advance(SignedDuration::from_hours(24));
    let editor = &world.editor;
    let token = app.token(editor.id, editor.organization, token::Kind::Member, 0, 0);
    let editor = Persona { token: Some(token), ..editor.clone() };
    assert_eq!(publish(&app, &editor, &code).await, "NOT_FOUND");
    assert!(!codes(&app, &editor, json!({})).await.contains(&code));
    assert!(codes(&app, &editor, json!({ "retired": true })).await.contains(&code));
}

const EDITIONS: &str =
    "{ taxonomyEditions { code validFrom validTo endorsements { areaId organizationId sopVersion } } }";

async fn only_those_who_govern_endorse(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let minister = add_member(&app, world.official.organization, "DIRECTORY_EDITOR").await;
    let provider = add_member(&app, world.provider, "DIRECTORY_EDITOR").await;
    let abroad = add_area(&app, "YY", 0, None, "Elsewhere").await;
    let moved = "UPDATE area SET country = 'YY' WHERE id = $1";
    assert_eq!(crate::support::seed::run(&app, moved, vec![abroad.into()]).await, 1);
    let of = |area, edition: &str| json!({ "edition": edition, "areaId": gid(Kind::Area, area), "sopVersion": "3.1" });
    for (who, area, edition, expected) in [
        (&provider, world.district, "2026-1", "NOT_PERMITTED"),
        (&world.editor, world.country, "2026-1", "NOT_PERMITTED"),
        (&world.editor, world.district, "2026-1", "ok"),
        (&world.editor, world.district, "2026-1", "ok"),
        (&minister, abroad, "2026-1", "NOT_PERMITTED"),
        (&minister, world.country, "2019-1", "NOT_FOUND"),
        (&minister, world.country, "2026-1", "ok"),
    ] {
        assert_eq!(outcome(&app, who, "endorseTaxonomy", of(area, edition)).await, expected);
    }
    let seen = app.run(&Persona::public(), EDITIONS, json!({})).await;
    let by = |area, organization| json!({ "areaId": gid(Kind::Area, area), "organizationId": gid(Kind::Organization, organization), "sopVersion": "3.1" });
    assert_eq!(
        seen["taxonomyEditions"],
        json!([{ "code": "2026-1", "validFrom": "2026-01-01", "validTo": null, "endorsements": [
            by(world.district, world.municipality), by(world.country, world.official.organization)] }])
    );
}

on_both_engines!(
    a_group_holds_all_below_it,
    a_local_term_is_seen_and_used_within_its_scope,
    a_retired_term_stays_but_is_not_used_again,
    only_those_who_govern_endorse,
);
