//! From what people do to what a partner's server is sent: through the API of nodes that are killed, to webhooks that are all
//! there and in the order of each thing.

use crate::crash::walker::{Acknowledged, Link, Walker};
use crate::support::apart::Signer;
use crate::support::app::{Persona, TestApp, new_database};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::node::{Faster, Node, Plan};
use crate::support::verbs::done;
use crate::support::world::{World, gid};
use crate::webhooks::receiver::{Behaves, Receiver};
use futures_util::future::{join, join_all};
use passerelle::domain::code::Code as _;
use passerelle::domain::global_id::Kind;
use passerelle::domain::webhook::payload::is_asked_for;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::sleep;
use uuid::Uuid;

/// People who work at once. Each holds one place at most, and the service has ten.
const WALKERS: usize = 6;

/// The nodes, and what they have acknowledged.
struct Fleet {
    nodes: Vec<Option<Node>>,
    ledger: Vec<Acknowledged>,
    turn: usize,
}

impl Fleet {
    /// A node that lives, each in its turn.
    fn url(&mut self) -> Option<String> {
        let alive: Vec<&Node> = self.nodes.iter().flatten().collect();
        self.turn += 1;
        (!alive.is_empty()).then(|| alive[self.turn % alive.len()].url.clone())
    }
}

/// Works until so many commands are acknowledged; who gets no answer asks again, of whichever node there is.
async fn work(walker: &mut Walker, link: &Link<'_>, fleet: &RefCell<Fleet>, most: usize) {
    while fleet.borrow().ledger.len() < most || walker.is_waiting() {
        let url = fleet.borrow_mut().url();
        let acknowledged = match url {
            Some(url) => walker.step(link, &url).await,
            None => None,
        };
        match acknowledged {
            Some(acknowledged) => fleet.borrow_mut().ledger.push(acknowledged),
            None => sleep(Duration::from_millis(10)).await,
        }
    }
}

/// Kills a node whenever so many commands are acknowledged, while webhooks are under way, and starts another in its place.
async fn kill(fleet: &RefCell<Fleet>, plan: &Plan, after: &[usize], receivers: &[Receiver]) {
    for (kill, after) in after.iter().enumerate() {
        let sent = || receivers.iter().map(|receiver| receiver.got().len()).sum::<usize>();
        until("nothing is acknowledged any more", || fleet.borrow().ledger.len() >= *after).await;
        let before = sent();
        until("nothing is sent any more", || sent() > before).await;
        let at = kill % fleet.borrow().nodes.len();
        drop(fleet.borrow_mut().nodes[at].take());
        let plan = plan.clone();
        let node = tokio::task::spawn_blocking(move || Node::start(&plan)).await.unwrap();
        fleet.borrow_mut().nodes[at] = Some(node);
    }
}

async fn until(otherwise: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        sleep(Duration::from_millis(2)).await;
        assert!(began.elapsed() < Duration::from_secs(120), "{otherwise}");
    }
}

/// One who is told: a receiver, and the organization that gave its address.
struct Hearer {
    organization: Uuid,
    receiver: Receiver,
    endpoint: String,
}

async fn hearer(app: &TestApp, who: &Persona) -> Hearer {
    let receiver = Receiver::start().await;
    receiver.behave(Behaves::TakesItsTime(15));
    let input = json!({ "url": receiver.url(), "signing": "SHARED_SECRET" });
    let made = done(app, who, "createWebhookEndpoint", input, "endpoint { id }").await;
    let endpoint = made["endpoint"]["id"].as_str().unwrap().to_owned();
    Hearer { organization: who.organization, receiver, endpoint }
}

/// What an organization was to be told, by place and thing: kind of thing, event, version.
type Owed = BTreeMap<(i64, Uuid), (String, String, i32)>;

async fn owed(app: &TestApp, organization: Uuid) -> Owed {
    let text = "SELECT sequence, subject_id, subject_kind, kind, version FROM change WHERE organization_id = $1";
    let mut owed = Owed::new();
    for row in app.app.store.rows(text, vec![organization.into()]).await.unwrap() {
        let text = |column| row.try_get::<String>("", column).unwrap();
        if is_asked_for(&[], &text("subject_kind")) {
            let place = (row.try_get("", "sequence").unwrap(), row.try_get("", "subject_id").unwrap());
            owed.insert(place, (text("subject_kind"), text("kind"), row.try_get("", "version").unwrap()));
        }
    }
    owed
}

/// Where each webhook of an endpoint stands in the order of all changes.
async fn places(app: &TestApp, hearer: &Hearer) -> BTreeMap<String, (i64, Uuid)> {
    let (_, endpoint) = passerelle::domain::global_id::decode(&hearer.endpoint).unwrap();
    let text = "SELECT id, sequence, subject_id FROM webhook_delivery WHERE endpoint_id = $1";
    let rows = app.app.store.rows(text, vec![endpoint.into()]).await.unwrap();
    let read = |row: &sea_orm::QueryResult| {
        let id: Uuid = row.try_get("", "id").unwrap();
        (id.to_string(), (row.try_get("", "sequence").unwrap(), row.try_get("", "subject_id").unwrap()))
    };
    rows.iter().map(read).collect()
}

/// That a receiver has all it was to be told, each thing's in its order; gives how many came more than once.
async fn is_complete(app: &TestApp, hearer: &Hearer) -> usize {
    let (owed, places) = (owed(app, hearer.organization).await, places(app, hearer).await);
    let got = hearer.receiver.got();
    let (mut seen, mut last) = (BTreeSet::new(), BTreeMap::<Uuid, i64>::new());
    for webhook in &got {
        let place = places[&webhook.id];
        if !seen.insert(place) {
            continue;
        }
        let (kind, event, version) = &owed[&place];
        let data: Value = webhook.json()["data"].clone();
        let kind = Kind::from_code(kind).unwrap();
        assert_eq!((&data["id"], &data["kind"]), (&json!(gid(kind, place.1)), &json!(event)));
        assert_eq!(data["version"], json!(version));
        let before = last.insert(place.1, place.0);
        assert!(before.is_none_or(|before| before < place.0), "{event} of {} came out of its order", place.1);
    }
    let missing: Vec<_> = owed.iter().filter(|(place, _)| !seen.contains(place)).collect();
    assert!(missing.is_empty(), "lost: {missing:?}");
    got.len() - seen.len()
}

/// Each command on a referral that was acknowledged was told to both sides, in the order of its versions.
fn told_what_was_acknowledged(ledger: &[Acknowledged], hearer: &Hearer) {
    let versions = hearer.receiver.versions();
    let mut of_each: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
    for acknowledged in ledger.iter().filter(|acknowledged| acknowledged.status.is_some()) {
        of_each.entry(acknowledged.subject).or_default().push(acknowledged.version.into());
    }
    for (referral, mut expected) in of_each {
        expected.sort_unstable();
        assert_eq!(versions.get(&gid(Kind::Referral, referral)), Some(&expected), "of {referral}");
    }
}

/// Knuth's generator, with its seed told.
fn instants(kills: usize, most: usize) -> Vec<usize> {
    let seed = std::env::var("PASSERELLE_TEST_SEED").ok().map_or(20_261_125_u64, |text| text.parse().unwrap());
    let _ = writeln!(std::io::stderr(), "nodes: PASSERELLE_TEST_SEED={seed}");
    let mut state = seed;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    let each = most / (kills + 1);
    (1..=kills).map(|kill| kill * each + below(each / 2)).collect()
}

/// What a run came to.
struct Told {
    acknowledged: usize,
    sent: usize,
    twice: usize,
    slowest_end: Duration,
}

async fn tell(engine: Engine, nodes: usize, kills: usize, times: i64) -> Told {
    let (database, folder) = new_database(engine).await;
    let app = TestApp::over(&database).await;
    let world = World::fill(&app).await;
    let hearers = [hearer(&app, &world.provider_administrator).await, hearer(&app, &world.administrator).await];
    let plan = Plan { database, signer: Arc::new(Signer::new()), clock: Faster::after(0, times), points: None };
    let most = 60 * (kills + 1);
    let link = Link::new(&world, &plan.signer, Arc::new(plan.clock));
    let running = (0..nodes).map(|_| Some(Node::start(&plan))).collect();
    let fleet = RefCell::new(Fleet { nodes: running, ledger: Vec::new(), turn: 0 });
    let mut walkers: Vec<_> = (0..WALKERS).map(|_| Walker::default()).collect();
    let receivers: Vec<Receiver> = hearers.iter().map(|hearer| hearer.receiver.clone()).collect();
    let after = instants(kills, most);
    let working = join_all(walkers.iter_mut().map(|walker| work(walker, &link, &fleet, most)));
    join(working, kill(&fleet, &plan, &after, &receivers)).await;
    let began = Instant::now();
    for hearer in &hearers {
        loop {
            let waits = app.count("outbox WHERE sequence IS NULL").await;
            let owed = owed(&app, hearer.organization).await.len();
            let ids: BTreeSet<String> = hearer.receiver.got().into_iter().map(|got| got.id).collect();
            if waits == 0 && ids.len() >= owed {
                break;
            }
            sleep(Duration::from_millis(50)).await;
            assert!(began.elapsed() < Duration::from_secs(120), "webhooks are lost: {} of {owed}", ids.len());
        }
    }
    let slowest_end = began.elapsed();
    let (mut sent, mut twice) = (0, 0);
    for hearer in &hearers {
        told_what_was_acknowledged(&fleet.borrow().ledger, hearer);
        twice += is_complete(&app, hearer).await;
        sent += hearer.receiver.got().len();
    }
    let acknowledged = fleet.borrow().ledger.len();
    drop((fleet, app));
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
    Told { acknowledged, sent, twice, slowest_end }
}

async fn what_people_did_is_told_although_nodes_are_killed(engine: Engine) {
    let kills = std::env::var("PASSERELLE_TEST_KILLS").ok().map_or(4, |text| text.parse().unwrap());
    let nodes = if engine == Engine::Postgres { 2 } else { 1 };
    let Told { acknowledged, sent, twice, slowest_end } = tell(engine, nodes, kills, 10).await;
    let _ = writeln!(
        std::io::stderr(),
        "kills from commands to webhooks, {engine:?}: {nodes} nodes, {kills} kills, {acknowledged} commands acknowledged, \
         {sent} webhooks, none lost, none out of order, {twice} came twice, the last {slowest_end:?} after the last command"
    );
}

/// Two nodes that share the work tell each thing once.
#[tokio::test]
async fn two_processes_tell_each_thing_once() {
    if !Engine::Postgres.is_ready_for("two_processes_tell_each_thing_once") {
        return;
    }
    let told = tell(Engine::Postgres, 2, 0, 1).await;
    assert!(told.sent > told.acknowledged);
    assert_eq!(told.twice, 0);
}

on_both_engines!(what_people_did_is_told_although_nodes_are_killed);
