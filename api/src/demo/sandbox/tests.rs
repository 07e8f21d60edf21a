//! Each counterparty behaves in its manner.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::Manner;
use super::manner::Act;
use crate::demo::Counterparties;
use crate::demo::organizations::{PARTIES, SANDBOX};
use crate::demo::stage::Hand;
use crate::demo::tests::{Loaded, counts, loaded};
use crate::demo::walk::CaseState;
use crate::demo::written::{add_need, agree, plain};
use crate::domain::actor::{Actor, Scope, Standing};
use crate::domain::case::{AgeBand, ConsentMethod, Urgency};
use crate::domain::code::Code as _;
use crate::domain::referral::Status;
use crate::domain::rule::Rules;
use crate::domain::service::Visibility;
use crate::domain::service_entry::ServiceEntry;
use crate::usecase::case::{self, Open};
use crate::usecase::{referral, service};

/// More rounds than any referral needs.
const ROUNDS: usize = 8;
const CATEGORY: &str = "SOC.IND.DOCUMENTATION";

/// The application that somebody tries.
fn application(marks: &BTreeMap<String, Uuid>) -> Actor {
    let organization = marks["sandbox.organization"].into();
    let standing = Standing { organization, kinds: PARTIES[SANDBOX].kinds.to_vec() };
    Actor::Client { id: marks["persona.SANDBOX"].into(), standing, scopes: Scope::ALL.to_vec() }
}

/// One case, referred to each of the four counterparties.
async fn refer_to_all(loaded: &Loaded, marks: &BTreeMap<String, Uuid>) {
    let (app, actor) = (&loaded.app, application(marks));
    let (hand, mut key) = (Hand::new(app, "test"), String::new());
    let input = Open {
        program: marks["sandbox.program"].into(),
        area: Some(marks["sandbox.area"].into()),
        age_band: Some(AgeBand::From25To39),
        sex: None,
        language: None,
        return_facts: None,
    };
    let id = case::open(app, hand.ask(&actor, "openCase", &mut key), input).await.unwrap();
    for (place, name) in (0..).zip(["PROMPT", "SILENT", "DECLINING", "REPEATING"]) {
        let at = |version| CaseState { id, version: 1 + 2 * place + version };
        let receiver = marks[&format!("sandbox.{name}.organization")].into();
        agree(&hand, &actor, at(0), receiver, ConsentMethod::Verbal).await.unwrap();
        let need = add_need(&hand, &actor, at(1), CATEGORY, Urgency::Routine, &["One goal."]).await.unwrap();
        let to = marks[&format!("sandbox.{name}")].into();
        referral::create(app, hand.ask(&actor, "createReferral", &mut key), plain(id, need, to, true)).await.unwrap();
    }
}

/// How the referrals of the sandbox's organization stand, by their receiver.
async fn standings(loaded: &Loaded) -> BTreeMap<String, i64> {
    let text = "SELECT r.status || ' ' || o.name AS name, count(*) AS number FROM referral r \
         JOIN organization o ON o.id = r.receiver_organization_id \
         JOIN organization s ON s.id = r.sender_organization_id \
         WHERE s.name LIKE '%bac à sable%' GROUP BY r.status, o.name";
    counts(loaded, text).await
}

#[test]
fn every_manner_ends_or_waits() {
    let steps = |manner: Manner| {
        let states = [Status::Sent, Status::Acknowledged, Status::Accepted, Status::InService, Status::Completed];
        states.map(|status| manner.next(status))
    };
    let all = [Some(Act::Acknowledge), Some(Act::Accept), Some(Act::Start), Some(Act::Complete), None];
    assert_eq!(steps(Manner::Prompt), all);
    assert_eq!(steps(Manner::Repeating), all);
    assert_eq!(steps(Manner::Silent), [None; 5]);
    assert_eq!(steps(Manner::Declining), [Some(Act::Acknowledge), Some(Act::Decline), None, None, None]);
}

#[tokio::test]
async fn each_counterparty_answers_in_its_manner_and_what_is_repeated_happens_once() {
    let loaded = loaded().await;
    let marks = loaded.app.store.marks().await.unwrap();
    refer_to_all(&loaded, &marks).await;
    let counterparties = Counterparties::read(&marks);
    for _ in 0..ROUNDS {
        counterparties.round(&loaded.app).await.unwrap();
    }
    let expected = [
        ("COMPLETED Contrepartie prompte", 1),
        ("COMPLETED Contrepartie qui répète", 1),
        ("DECLINED Contrepartie qui décline", 1),
        ("SENT Contrepartie muette", 1),
    ];
    assert_eq!(standings(&loaded).await, expected.map(|(name, number)| (name.to_owned(), number)).into());
    assert_eq!(counterparties.round(&loaded.app).await.unwrap(), 0, "nothing is left to do");
    let text = "SELECT e.kind AS name, count(*) AS number FROM event e JOIN referral r ON r.id = e.subject_id \
         JOIN organization o ON o.id = r.receiver_organization_id AND o.id = e.organization_id \
         WHERE o.name = 'Contrepartie qui répète' GROUP BY e.kind";
    assert!(counts(&loaded, text).await.values().all(|number| *number == 1), "each step once");
}

#[tokio::test]
async fn the_repeating_counterparty_refers_one_person_twice_and_no_more() {
    let loaded = loaded().await;
    let marks = loaded.app.store.marks().await.unwrap();
    let (hand, mut key) = (Hand::new(&loaded.app, "test"), String::new());
    let actor = application(&marks);
    let entry = ServiceEntry {
        category: Some(Some(CATEGORY.to_owned())),
        visibility: Some(Visibility::Public),
        language: Some("fr".into()),
        name: Some("Notre service".into()),
        takes_referrals: Some(true),
        areas: Some(vec![marks["sandbox.area"].into()]),
        ..ServiceEntry::default()
    };
    let entry = entry.checked_new(Rules::default()).unwrap();
    service::publish(&loaded.app, hand.ask(&actor, "publishService", &mut key), entry, None).await.unwrap();
    let text = "SELECT count(DISTINCT r.case_id) || ' ' || r.status AS name, count(*) AS number FROM referral r \
         JOIN organization o ON o.id = r.sender_organization_id WHERE o.name = 'Contrepartie qui répète' GROUP BY r.status";
    let twice: BTreeMap<String, i64> = [("1 SENT".to_owned(), 2)].into();
    let first = Counterparties::read(&marks);
    first.round(&loaded.app).await.unwrap();
    assert_eq!(counts(&loaded, text).await, twice);
    first.round(&loaded.app).await.unwrap();
    // A server that starts again remembers nothing but the keys.
    Counterparties::read(&marks).round(&loaded.app).await.unwrap();
    assert_eq!(counts(&loaded, text).await, twice);
}
