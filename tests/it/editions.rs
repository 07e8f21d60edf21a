//! A new edition of the taxonomy is looked at, kept until its first day and put in force; what has one successor follows it,
//! and what has several or none is listed for review.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::imports::{MAP, NDJSON, map, options, take};
use crate::support::seed::run;
use crate::support::verbs::{done, text};
use crate::support::world::{World, gid};
use jiff::SignedDuration;
use passerelle::domain::edition::TermChange;
use passerelle::domain::global_id::Kind;
use passerelle::domain::organization::Translations;
use passerelle::domain::rule::{Failure, RuleCode};
use passerelle::hsds::ndjson;
use passerelle::token;
use passerelle::usecase::edition::{Options, Preview, apply, preview, put_in_force};
use serde_json::{Value, json};

const SERVICES: &str = "query($filter: ServiceFilter) { services(filter: $filter) { totalCount nodes { id version \
    category { code } } } }";

/// The standard terms that are in force, as a file; each row goes through `change`, which may leave it out.
async fn file(app: &TestApp, change: impl Fn(&str) -> Option<(&'static str, &'static str)>) -> String {
    let text = "SELECT code, coalesce(parent_code, '') AS parent, dimension, level, \
                CASE WHEN is_group THEN 'yes' ELSE '' END AS grouped, labels FROM category \
                WHERE organization_id IS NULL AND valid_to IS NULL ORDER BY code";
    let mut file = "code,parent,dimension,level,group,label_en,label_fr,label_ar,replaces\n".to_owned();
    for row in app.app.store.rows(text, vec![]).await.unwrap() {
        let cell = |column: &str| row.try_get::<String>("", column).unwrap();
        let labels: Translations = serde_json::from_str(&cell("labels")).unwrap();
        let label = |tag: &str| labels.get(tag).cloned().unwrap_or_default();
        let code = cell("code");
        let Some((named, replaces)) = change(&code) else { continue };
        let (code, english) = match named {
            "" => (code, label("en")),
            words if words.contains(' ') => (code, words.to_owned()),
            other => (other.to_owned(), label("en")),
        };
        let [parent, dimension, level, group] = ["parent", "dimension", "level", "grouped"].map(cell);
        let (french, arabic) = (label("fr"), label("ar"));
        file += &format!(
            "{code},{parent},{dimension},{level},{group},\"{english}\",\"{french}\",\"{arabic}\",{replaces}\n"
        );
    }
    file
}

/// Training is called otherwise, business grants are merged into microcredit, and legal help is retired.
fn next(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "ECO.IND.TVET" => ("ECO.IND.SKILLS", "ECO.IND.TVET"),
        "ARR.CASH" => ("Cash at the border", ""),
        "ARR.MEDICAL" | "SOC.IND.JUSTICE_LEGAL" => return None,
        _ => ("", ""),
    })
}

fn from(day: &str) -> Options {
    let titles = Translations::from([("en".to_owned(), "Second edition".to_owned())]);
    Options { code: "2027-1".into(), valid_from: day.into(), titles }
}

fn change(seen: &Preview, code: &str) -> Option<TermChange> {
    seen.terms.iter().find(|told| told.difference.code == code).map(|told| told.difference.change)
}

fn broken<T>(outcome: Result<T, Failure>) -> (String, RuleCode) {
    match outcome {
        Err(Failure::Rules(rules)) => (rules[0].field.join("."), rules[0].code),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was done"),
    }
}

async fn listed(app: &TestApp, who: &Persona, filter: Value) -> Vec<Value> {
    app.run(who, SERVICES, json!({ "filter": filter })).await["services"]["nodes"].as_array().unwrap().clone()
}

/// Publishes a service of the municipality; gives its identifier.
async fn publish(app: &TestApp, world: &World, category: &str) -> String {
    let service = json!({ "name": "Course", "language": "en", "visibility": "PUBLIC", "takesReferrals": true,
                          "categoryCode": category });
    text(&done(app, &world.editor, "publishService", service, "service { id }").await["service"]["id"])
}

async fn what_has_one_successor_follows_and_the_rest_is_reviewed(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let local =
        json!({ "parentCode": "ECO.IND.TVET", "name": "SEWING", "labels": [{ "language": "en", "label": "Sewing" }] });
    let local = done(&app, &world.editor, "addLocalCategory", local, "category { code }").await;
    let local = text(&local["category"]["code"]);
    let training = publish(&app, &world, "ECO.IND.TVET").await;
    let sewing = publish(&app, &world, &local).await;
    let legal = publish(&app, &world, "SOC.IND.JUSTICE_LEGAL").await;
    let file = file(&app, next).await;
    let seen = preview(&app.app, file.as_bytes(), &from("2026-11-25")).await.unwrap();
    assert_eq!(change(&seen, "ECO.IND.TVET"), Some(TermChange::Replaced));
    assert_eq!(change(&seen, "ECO.IND.SKILLS"), Some(TermChange::Added));
    assert_eq!(change(&seen, "ARR.CASH"), Some(TermChange::Changed));
    assert_eq!(change(&seen, "SOC.IND.JUSTICE_LEGAL"), Some(TermChange::Retired));
    assert_eq!(seen.terms.len(), 5, "all else stands: {:?}", seen.terms);
    let told = seen.terms.iter().find(|told| told.difference.code == "SOC.IND.JUSTICE_LEGAL").unwrap();
    assert_eq!(told.services, 1);
    assert_eq!(app.count("taxonomy_edition").await, 1, "a preview keeps nothing");
    let other = apply(&app.app, file.as_bytes(), &from("2026-11-25"), "0000").await;
    assert_eq!(broken(other), ("apply".into(), RuleCode::StaleVersion));
    apply(&app.app, file.as_bytes(), &from("2026-11-25"), &seen.hash).await.unwrap();

    // Services follow, found by the new code and by the old branch; a local term keeps its code below the new one.
    let own = gid(Kind::Organization, world.municipality);
    let one = listed(&app, &world.editor, json!({ "category": ["ECO.IND.SKILLS"], "organizationId": own })).await;
    assert_eq!((one.len(), &one[0]["id"], &one[0]["version"]), (1, &json!(training), &json!(2)));
    let ids = |nodes: &[Value]| {
        let mut ids: Vec<String> = nodes.iter().map(|node| text(&node["id"])).collect();
        ids.sort();
        ids
    };
    let mut both = vec![training.clone(), sewing.clone()];
    both.sort();
    for code in ["ECO.IND.SKILLS", "ECO.IND.TVET"] {
        assert_eq!(
            ids(&listed(&app, &world.editor, json!({ "categoryWithin": [code], "organizationId": own })).await),
            both,
            "{code}"
        );
    }
    let terms =
        "query($of: String) { categories(within: $of, withRetired: true) { code standardCode successorCode validTo } }";
    let terms = app.run(&world.editor, terms, json!({ "of": "ECO.IND" })).await["categories"].clone();
    let term = |code: &str| terms.as_array().unwrap().iter().find(|one| one["code"] == code).unwrap().clone();
    let old = term("ECO.IND.TVET");
    assert_eq!((&old["successorCode"], &old["validTo"]), (&json!("ECO.IND.SKILLS"), &json!("2026-11-24")));
    assert_eq!(old["standardCode"], "ECO.IND.SKILLS", "in figures it counts as what follows it");
    assert_eq!(term(&local)["standardCode"], "ECO.IND.SKILLS");
    assert_eq!(
        app.count("audit WHERE operation = 'followTaxonomy'").await,
        4,
        "two organizations with one service each"
    );

    // What nothing follows is listed for review, and its publisher is told.
    let open = listed(&app, &world.editor, json!({ "retiredCategory": true })).await;
    assert_eq!(ids(&open), [legal]);
    assert_eq!(app.count("notification WHERE kind = 'CATEGORY_RETIRED' AND must_act").await, 1);
    let editions = "{ taxonomyEditions { code validFrom validTo appliedAt crosswalk { fromCode toCode } } }";
    let editions = app.run(&Persona::public(), editions, json!({})).await["taxonomyEditions"].clone();
    assert_eq!((&editions[0]["code"], &editions[1]["validTo"]), (&json!("2027-1"), &json!("2026-11-24")));
    assert_eq!(editions[0]["crosswalk"], json!([{ "fromCode": "ECO.IND.TVET", "toCode": "ECO.IND.SKILLS" }]));
    let again = apply(&app.app, file.as_bytes(), &from("2026-11-25"), &seen.hash).await;
    assert_eq!(broken(again).1, RuleCode::StaleVersion, "it has nothing of that to do any more");
}

async fn an_edition_waits_for_its_first_day(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let training = publish(&app, &world, "ECO.IND.TVET").await;
    let file = file(&app, next).await;
    let seen = preview(&app.app, file.as_bytes(), &from("2026-11-27")).await.unwrap();
    apply(&app.app, file.as_bytes(), &from("2026-11-27"), &seen.hash).await.unwrap();
    let own = gid(Kind::Organization, world.municipality);
    let of = |code: &str| json!({ "category": [code], "organizationId": own });
    let now = listed(&app, &Persona::public(), of("ECO.IND.TVET")).await;
    assert_eq!(now.len(), 1, "until then all is as it was");
    let late = Options { code: "2028-1".into(), ..from("2026-11-28") };
    let another = preview(&app.app, file.as_bytes(), &late).await.unwrap();
    let two = apply(&app.app, file.as_bytes(), &late, &another.hash).await;
    assert_eq!(broken(two), ("edition".into(), RuleCode::NotNow), "one waits at a time");
    assert!(!put_in_force(&app.app).await.unwrap());
    app.clock.advance(SignedDuration::from_hours(48));
    let (one, other) = tokio::join!(put_in_force(&app.app), put_in_force(&app.app));
    assert!(one.unwrap() != other.unwrap(), "two nodes do it once");
    let now = listed(&app, &Persona::public(), of("ECO.IND.SKILLS")).await;
    assert_eq!((now.len(), &now[0]["id"]), (1, &json!(training)));
    let editor = &world.editor;
    let token = app.token(editor.id, editor.organization, token::Kind::Member, 0, 0);
    let editor = Persona { token: Some(token), ..editor.clone() };
    let input = json!({ "edition": "2027-1", "areaId": gid(Kind::Area, world.district) });
    let endorsed =
        done(&app, &editor, "endorseTaxonomy", input, "edition { code endorsements { organizationId } }").await;
    assert_eq!(
        endorsed["edition"]["endorsements"].as_array().unwrap().len(),
        1,
        "a government body takes the new edition"
    );
}

async fn imports_go_on_understanding_the_old_codes(engine: Engine) {
    let app = TestApp::start(engine).await;
    let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
    take(&app, &directory, &map(&app, MAP).await, &options("town")).await;
    let filed = "service WHERE category_code = 'ECO.IND.TVET'";
    let training = app.count(filed).await;
    assert!(training > 0);
    let file = file(&app, next).await;
    let seen = preview(&app.app, file.as_bytes(), &from("2026-11-25")).await.unwrap();
    apply(&app.app, file.as_bytes(), &from("2026-11-25"), &seen.hash).await.unwrap();
    assert_eq!(app.count("service WHERE category_code = 'ECO.IND.SKILLS'").await, training);
    // A map that names the replaced code still reads, and no service is taken for a member's.
    let kept: Value = serde_json::from_str(MAP).unwrap();
    let kept = kept.to_string().replace("SOC.IND.JUSTICE_LEGAL", "ARR.CASH");
    let report = take(&app, &directory, &map(&app, &kept).await, &options("town")).await;
    assert_eq!(report.counts.services.refused, 1, "the row without a name alone: {:?}", report.rows);
    assert_eq!(app.count(filed).await, 0);
    assert_eq!(app.count("service WHERE category_code = 'ECO.IND.SKILLS'").await, training);
}

async fn merged_terms_count_together_and_a_split_one_waits(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    for category in ["ECO.IND.TVET", "ARR.MEDICAL", "SOC.IND.JUSTICE_LEGAL"] {
        publish(&app, &world, category).await;
    }
    let merged = |code: &str| {
        Some(match code {
            "ARR.CASH" => ("", "ECO.IND.TVET ARR.MEDICAL SOC.IND.JUSTICE_LEGAL"),
            "ARR.BASIC_NEEDS" => ("", "SOC.IND.JUSTICE_LEGAL"),
            "ECO.IND.TVET" | "ARR.MEDICAL" | "SOC.IND.JUSTICE_LEGAL" => return None,
            _ => ("", ""),
        })
    };
    let file = file(&app, merged).await;
    let seen = preview(&app.app, file.as_bytes(), &from("2026-11-25")).await.unwrap();
    assert_eq!(change(&seen, "SOC.IND.JUSTICE_LEGAL"), Some(TermChange::Split));
    apply(&app.app, file.as_bytes(), &from("2026-11-25"), &seen.hash).await.unwrap();
    let cash = listed(&app, &world.editor, json!({ "category": ["ARR.CASH"] })).await;
    assert!(cash.len() >= 2, "{cash:?}");
    assert_eq!(listed(&app, &world.editor, json!({ "retiredCategory": true })).await.len(), 1);
    let wrong = app
        .count(
            "service s JOIN category c ON c.code = s.category_code WHERE c.level <> s.level \
                           OR c.dimension <> s.dimension",
        )
        .await;
    assert_eq!(wrong, 0, "dimension and level are those of the term");
}

async fn all_that_is_wrong_with_a_file_is_told(engine: Engine) {
    let app = TestApp::start(engine).await;
    let head = "code,dimension,level,label_en,parent,group,replaces\n";
    for (rows, field, code) in [
        ("A,SOCIAL,INDIVIDUAL,,,,\n", "rows.2.label_en", RuleCode::Required),
        ("a b,SOCIAL,INDIVIDUAL,One,,,\n", "rows.2.code", RuleCode::Invalid),
        ("A,FUN,INDIVIDUAL,One,,,\n", "rows.2.dimension", RuleCode::Invalid),
        ("A,SOCIAL,INDIVIDUAL,One,B,,\n", "rows.2.parent", RuleCode::NotFound),
        ("A,SOCIAL,INDIVIDUAL,One,A,yes,\n", "rows.2.parent", RuleCode::Invalid),
        ("A,SOCIAL,INDIVIDUAL,One,,,\nA,SOCIAL,INDIVIDUAL,Two,,,\n", "rows.3.code", RuleCode::AlreadyExists),
        ("A,SOCIAL,INDIVIDUAL,One,,,NO.SUCH\n", "rows.2.replaces", RuleCode::NotFound),
        ("ARR.CASH,SOCIAL,INDIVIDUAL,One,,,ARR.CASH\n", "rows.2.replaces", RuleCode::Invalid),
        ("", "rows", RuleCode::Required),
    ] {
        let file = format!("{head}{rows}");
        let told = broken(preview(&app.app, file.as_bytes(), &from("2026-11-25")).await);
        assert_eq!(told, (field.to_owned(), code), "{rows}");
    }
    let past = preview(&app.app, head.as_bytes(), &from("2026-11-24")).await;
    assert_eq!(broken(past), ("validFrom".into(), RuleCode::Invalid), "no edition begins in the past");
    assert_eq!(run(&app, "UPDATE taxonomy_edition SET valid_to = NULL WHERE code = '2027-1'", vec![]).await, 0);
}

on_both_engines!(
    what_has_one_successor_follows_and_the_rest_is_reviewed,
    an_edition_waits_for_its_first_day,
    imports_go_on_understanding_the_old_codes,
    merged_terms_count_together_and_a_split_one_waits,
    all_that_is_wrong_with_a_file_is_told,
);
