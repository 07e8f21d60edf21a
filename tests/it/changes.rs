//! What organizations are told of changes: all that they can read, in one order, and no more than that.

use crate::support::app::{Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::seed::{run, waiting};
use crate::support::situations::Stage;
use crate::support::situations::transfer::answering;
use crate::support::verbs::{Story, done, text};
use crate::support::world::{World, add_member, gid};
use jiff::SignedDuration;
use passerelle::domain::clock::Clock as _;
use passerelle::domain::global_id::Kind;
use passerelle::domain::notice::Notice;
use passerelle::usecase::change::forget_old;
use serde_json::{Value, json};

pub const CHANGES: &str = "query($first: Int, $after: Cursor, $types: [ChangeSubject!]) {
    changes(first: $first, after: $after, types: $types) { totalCount latestCursor pageInfo { hasNextPage endCursor }
    edges { cursor node { cursor event change subjectType subjectId version subject { id __typename } } } } }";

/// Gives everything committed its place.
pub async fn place(app: &TestApp) {
    app.app.store.sequence_outbox(100_000).await.unwrap();
}

async fn page(app: &TestApp, who: &Persona, variables: Value) -> Value {
    app.run(who, CHANGES, variables).await["changes"].clone()
}

/// All changes that somebody is told of, in pages of a size.
async fn all(app: &TestApp, who: &Persona, size: usize, after: Value) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), after);
    loop {
        let page = page(app, who, json!({ "first": size, "after": after })).await;
        found.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn told(changes: &[Value]) -> Vec<(String, String, String)> {
    let part = |change: &Value, name: &str| text(&change[name]);
    changes.iter().map(|it| (part(it, "event"), part(it, "subjectType"), part(it, "change"))).collect()
}

fn row(event: &str, subject: &str, change: &str) -> (String, String, String) {
    (event.to_owned(), subject.to_owned(), change.to_owned())
}

async fn each_side_is_told_what_it_can_read(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    let sent = story.refer(&app, &world).await;
    let known = sent.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    known.act(&app, &world.intake, "acceptReferral", json!({})).await;
    assert_eq!(page(&app, &world.app, json!({})).await["edges"], json!([]), "nothing has its place yet");
    place(&app).await;
    let holder = all(&app, &world.case_manager, 100, Value::Null).await;
    let expected = [
        row("openCase", "CASE", "UPSERT"),
        row("addNeed", "NEED", "UPSERT"),
        row("recordConsent", "CONSENT", "UPSERT"),
        row("createReferral", "REFERRAL", "UPSERT"),
        row("acknowledgeReferral", "REFERRAL", "UPSERT"),
        row("acceptReferral", "REFERRAL", "UPSERT"),
    ];
    assert_eq!(told(&holder), expected);
    assert_eq!(holder[3]["subject"], json!({ "id": sent.id, "__typename": "Referral" }));
    let receiver = told(&all(&app, &world.app, 100, Value::Null).await);
    for event in ["createReferral", "acknowledgeReferral", "acceptReferral"] {
        assert!(receiver.contains(&row(event, "REFERRAL", "UPSERT")), "{receiver:?}");
    }
    assert!(
        receiver.iter().any(|(_, subject, change)| subject == "CASE" && change == "UPSERT"),
        "the case was granted"
    );
    assert!(!receiver.iter().any(|(_, subject, _)| ["NEED", "CONSENT"].contains(&subject.as_str())), "{receiver:?}");
    let lead = told(&all(&app, &world.coordinator, 100, Value::Null).await);
    assert!(!lead.is_empty() && lead.iter().all(|(_, subject, _)| subject == "REFERRAL"), "{lead:?}");
    for stranger in [&world.outsider, &world.official, &world.editor, &world.donor_officer] {
        assert_eq!(all(&app, stranger, 100, Value::Null).await, Vec::<Value>::new());
    }
    let editor = add_member(&app, world.provider, "DIRECTORY_EDITOR").await;
    assert_eq!(all(&app, &editor, 100, Value::Null).await, Vec::<Value>::new(), "a role that reads no referrals");
    for size in [1, 2, 5] {
        assert_eq!(all(&app, &world.case_manager, size, Value::Null).await, holder, "in pages of {size}");
    }
    let only = page(&app, &world.case_manager, json!({ "types": ["NEED"] })).await;
    assert_eq!((&only["totalCount"], only["edges"].as_array().unwrap().len()), (&json!(1), 1));
    let count = app.count("change WHERE organization_id IS NOT NULL").await;
    assert!(count > 0);
}

async fn whoever_begins_at_the_latest_cursor_is_told_what_comes_then(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    place(&app).await;
    let begun = page(&app, &world.app, json!({ "first": 0 })).await;
    assert_eq!((&begun["edges"], &begun["pageInfo"]["hasNextPage"]), (&json!([]), &json!(false)));
    let sent = story.refer(&app, &world).await;
    place(&app).await;
    let found = all(&app, &world.app, 1, begun["latestCursor"].clone()).await;
    assert!(found.iter().any(|change| change["subjectId"] == sent.id.as_str()));
    let ended = page(&app, &world.app, json!({})).await["latestCursor"].clone();
    assert_eq!(all(&app, &world.app, 10, ended).await, Vec::<Value>::new());
}

async fn lost_access_is_told_once_and_then_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let stage = Stage::set(&app, &world).await;
    let (story, sent) = stage.sent().await;
    stage.agree_to_transfer(&story).await;
    let id = stage.propose(&story).await;
    place(&app).await;
    let before = page(&app, &world.case_manager, json!({ "first": 0 })).await["latestCursor"].clone();
    let from = page(&app, &world.official, json!({ "first": 0 })).await["latestCursor"].clone();
    done(&app, &world.official, "acceptCaseTransfer", answering(&id, json!({})), "").await;
    place(&app).await;
    let lost = all(&app, &world.case_manager, 3, before).await;
    let gone: Vec<&Value> = lost.iter().filter(|it| it["change"] == "TOMBSTONE").map(|it| &it["subjectId"]).collect();
    for key in [&story.case, &story.need, &sent.id] {
        assert!(gone.contains(&&json!(key)), "{lost:?}");
    }
    assert!(lost.iter().filter(|it| it["change"] == "TOMBSTONE").all(|it| it["subject"] == Value::Null));
    let gained = all(&app, &world.official, 3, from).await;
    let has = |key: &str| gained.iter().any(|it| it["subjectId"] == key && it["change"] == "UPSERT");
    assert!(has(&story.case) && has(&sent.id), "{gained:?}");

    let ended = page(&app, &world.case_manager, json!({ "first": 0 })).await["latestCursor"].clone();
    let seen = sent.seen_by(&app, &world.official, "version").await;
    let taken = crate::support::verbs::Referred { id: sent.id.clone(), version: seen["version"].as_i64().unwrap() };
    taken.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    place(&app).await;
    assert_eq!(all(&app, &world.case_manager, 10, ended).await, Vec::<Value>::new(), "and then nothing");
}

async fn what_is_shown_is_what_can_be_read_now(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let editor = add_member(&app, world.provider, "DIRECTORY_EDITOR").await;
    let input = json!({ "serviceId": gid(Kind::Service, world.service), "expectedVersion": 1, "reason": "STAFF" });
    let pause = async |input: Value| done(&app, &editor, "pauseService", input, "service { version }").await;
    pause(input).await;
    place(&app).await;
    let [public] = &all(&app, &world.outsider, 10, Value::Null).await[..] else { panic!("one change") };
    assert_eq!((&public["change"], &public["subjectType"]), (&json!("UPSERT"), &json!("SERVICE")));
    let hide = "UPDATE service SET visibility = 'OWN' WHERE id = $1";
    run(&app, hide, vec![world.service.into()]).await;
    let [hidden] = &all(&app, &world.outsider, 10, Value::Null).await[..] else { panic!("one change") };
    assert_eq!((&hidden["change"], &hidden["subject"]), (&json!("TOMBSTONE"), &Value::Null), "policy at delivery");
    let [own] = &all(&app, &world.app, 10, Value::Null).await[..] else { panic!("once, not twice") };
    assert_eq!(own["change"], "UPSERT");
    let input = json!({ "serviceId": gid(Kind::Service, world.service), "expectedVersion": 2 });
    done(&app, &editor, "resumeService", input, "").await;
    place(&app).await;
    assert_eq!(app.count("change WHERE change = 'TOMBSTONE'").await, 1, "everybody is told that it is gone");
    assert_eq!(all(&app, &world.outsider, 10, Value::Null).await.len(), 2);
}

async fn cursors_are_of_one_organization_and_good_for_thirty_days(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let story = Story::open(&app, &world).await;
    place(&app).await;
    let old = page(&app, &world.case_manager, json!({})).await["edges"][0]["cursor"].clone();
    let other = page(&app, &world.app, json!({})).await["latestCursor"].clone();
    for cursor in [&other, &json!("AQ"), &json!("")] {
        let code = app.refused(&world.case_manager, CHANGES, json!({ "after": cursor })).await;
        assert_eq!(code, "BAD_USER_INPUT", "{cursor}");
    }
    let nobody = Persona::public();
    assert_eq!(app.refused(&nobody, CHANGES, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(app.refused(&world.app, CHANGES, json!({ "first": 101 })).await, "PAGE_SIZE");
    assert_eq!(app.refused(&world.app, CHANGES, json!({ "first": -1 })).await, "PAGE_SIZE");

    app.clock.advance(SignedDuration::from_hours(24 * 30));
    assert_eq!(forget_old(&app.app).await.unwrap(), 0, "thirty days are kept");
    let after = json!({ "after": old });
    let manager = fresh(&app, &world.case_manager);
    assert_eq!(page(&app, &manager, after.clone()).await["edges"].as_array().unwrap().len(), 2);
    let number = json!({ "caseId": story.case, "scheme": "dossier", "value": "17" });
    done(&app, &manager, "addCaseAlias", number, "").await;
    place(&app).await;
    app.clock.advance(SignedDuration::from_hours(1));
    let manager = fresh(&app, &world.case_manager);
    assert_eq!(forget_old(&app.app).await.unwrap(), 3);
    assert_eq!(app.refused(&manager, CHANGES, after).await, "CURSOR_EXPIRED");
    let left = all(&app, &manager, 10, Value::Null).await;
    assert_eq!(
        told(&left),
        [row("addCaseAlias", "CASE_ALIAS", "UPSERT")],
        "without a cursor, from the oldest that is kept"
    );
}

/// The same person with a token of today.
fn fresh(app: &TestApp, who: &Persona) -> Persona {
    let token = app.token(who.id, who.organization, passerelle::token::Kind::Member, 0, 0);
    Persona { token: Some(token), ..who.clone() }
}

async fn a_page_is_as_many_statements_whatever_its_size(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 20).await;
    for referral in &sent {
        referral.act(&app, &world.intake, "acknowledgeReferral", json!({})).await;
    }
    place(&app).await;
    let read = async |size: usize| {
        let variables = json!({ "first": size, "types": ["REFERRAL"] });
        let query = "query($first: Int, $types: [ChangeSubject!]) { changes(first: $first, types: $types) {
            nodes { subject { ... on Referral { id status } } } } }";
        app.statements(app.run(&world.app, query, variables)).await
    };
    // Whether an application is bound to a manifest is asked once for a while.
    read(1).await;
    let ((one, _), (twenty, seen)) = (read(1).await, read(20).await);
    assert_eq!(seen["changes"]["nodes"].as_array().unwrap().len(), 20);
    assert_eq!((one, twenty), (3, 3), "who asks, the changes, the referrals");
}

async fn what_somebody_is_told_is_a_change(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let sent = waiting(&app, &world, world.service, 1).await.remove(0);
    let (kind, key) = passerelle::domain::global_id::decode(&sent.id).unwrap();
    let tx = app.app.store.begin().await.unwrap();
    let notice = Notice::to(world.provider.into()).of_kind("RECEIVER_UNREACHABLE");
    tx.tell(&notice, "clock", (kind, key), app.clock.now().as_microsecond());
    tx.commit().await.unwrap();
    place(&app).await;
    let [only] = &all(&app, &world.app, 10, Value::Null).await[..] else { panic!("one change") };
    assert_eq!((&only["event"], &only["subjectType"]), (&json!("RECEIVER_UNREACHABLE"), &json!("NOTIFICATION")));
    assert_eq!(only["subject"]["__typename"], "Notification");
    assert_eq!(all(&app, &world.case_manager, 10, Value::Null).await, Vec::<Value>::new(), "told to the provider only");
}

on_both_engines!(
    each_side_is_told_what_it_can_read,
    whoever_begins_at_the_latest_cursor_is_told_what_comes_then,
    lost_access_is_told_once_and_then_nothing,
    what_is_shown_is_what_can_be_read_now,
    cursors_are_of_one_organization_and_good_for_thirty_days,
    a_page_is_as_many_statements_whatever_its_size,
    what_somebody_is_told_is_a_change,
);
