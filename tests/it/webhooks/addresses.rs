//! No webhook goes to where it must not: whatever is written, wherever a name leads, and wherever it leads the next time.

use super::receiver::{Behaves, Receiver};
use super::{changed, endpoint, read, work_off};
use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::world::World;
use jiff::SignedDuration;
use passerelle::app::{App, Policy};
use passerelle::domain::webhook::target::Reach;
use passerelle::oidc::Providers;
use passerelle::outgoing::{Call, Egress, Found, Names, NotHanded};
use passerelle::store::sealing::Sealer;
use passerelle::token::Keyring;
use passerelle::usecase::budget::Budgets;
use passerelle::usecase::webhook::{Courier, Pace};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

/// A name server that tells one list of addresses after the other, and then the last for ever.
struct Told {
    answers: Vec<Vec<IpAddr>>,
    asked: AtomicUsize,
}

impl Told {
    fn one_by_one(answers: &[&[&str]]) -> Arc<Self> {
        let read = |texts: &&[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        Arc::new(Self { answers: answers.iter().map(read).collect(), asked: AtomicUsize::new(0) })
    }
}

impl Names for Told {
    fn look_up(&self, _: &str) -> Found {
        let at = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        let found = self.answers[at].clone();
        Box::pin(async move { Ok(found) })
    }
}

fn public(names: Arc<Told>) -> Egress {
    Egress { reach: Reach::Public, names }
}

fn call(url: String) -> Call {
    Call::get(&url)
}

/// Addresses to which a name may lead, each of which some system takes for its own or its neighbor's.
const LED_TO: &[&str] = &[
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "0.0.0.0",
    "0.0.0.1",
    "10.0.0.1",
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "169.254.1.1",
    "172.16.0.1",
    "172.31.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
];

/// Hosts that are written so that some reader takes them for this machine.
const WRITTEN: &[&str] = &[
    "127.0.0.1",
    "localhost",
    "LOCALHOST",
    "a.localhost",
    "localhost.",
    "127.0.0.1.",
    "0.0.0.0",
    "0",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.01",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[0:0:0:0:0:0:0:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fc00::1]",
    "user@127.0.0.1",
    "user:word@127.0.0.1",
    "hooks.example.org@127.0.0.1",
    "127.0.0.1%00",
    "127%2e0%2e0%2e1",
    "10.0.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "172.17.0.1",
    "100.64.0.1",
    "ip6-localhost",
    "local",
    "printer.local",
    "vault.internal",
    "router.home.arpa",
];

#[tokio::test]
async fn neither_what_is_written_nor_where_a_name_leads_connects() {
    let receiver = Receiver::start().await;
    let port = receiver.port();
    let mut forms = 0;
    for address in LED_TO {
        let client = public(Told::one_by_one(&[&[address]])).client().unwrap();
        let handed = client.hand_over(call(format!("https://hooks.example.org:{port}/in"))).await;
        assert_eq!(handed, Err(NotHanded::Forbidden), "a name that leads to {address}");
        forms += 1;
    }
    let client = public(Told::one_by_one(&[&["127.0.0.1", "::1"]])).client().unwrap();
    for host in WRITTEN {
        for scheme in ["http", "https"] {
            let handed = client.hand_over(call(format!("{scheme}://{host}:{port}/in"))).await;
            // Some are no names at all for the encryption that comes first.
            assert!(handed.is_err(), "{scheme}://{host}");
            forms += 1;
        }
    }
    assert!(forms >= 80, "{forms}");
    assert_eq!(receiver.connects(), 0);
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_the_next_time_gains_nothing() {
    let receiver = Receiver::start().await;
    // The first answer is fit, and nothing answers there; whatever follows leads here.
    let names = Told::one_by_one(&[&["127.0.0.1"], &["::1"], &["127.0.0.1", "10.0.0.1"]]);
    let client = public(Arc::clone(&names)).client().unwrap();
    for _ in 0..4 {
        let handed = client.hand_over(call(format!("https://hooks.example.org:{}/in", receiver.port()))).await;
        assert_eq!(handed, Err(NotHanded::Forbidden));
    }
    assert_eq!(
        names.asked.load(Ordering::SeqCst),
        4,
        "it is looked up once for each connection, and not again to connect"
    );
    assert_eq!(receiver.connects(), 0);
}

async fn what_was_allowed_when_it_was_given_is_looked_at_when_it_is_sent(engine: Engine) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    let (receiver, elsewhere) = (Receiver::start().await, Receiver::start().await);
    let (id, _) = endpoint(&app, &world, &receiver, "KEY_PAIR").await;
    changed(&app, world.provider, 1, Uuid::now_v7()).await;
    let strict = Arc::new(App {
        store: app.app.store.clone(),
        clock: Arc::<crate::support::clock::TestClock>::clone(&app.clock),
        tokens: Keyring::generate_demo().unwrap(),
        sealer: Sealer::from_root("test", [7; 32]).unwrap(),
        policy: Policy::default(),
        budgets: Budgets::default(),
        providers: Providers::new().unwrap(),
        egress: public(Told::one_by_one(&[&["127.0.0.1"]])),
    });
    let mut courier = Courier::new(strict, Pace::default()).unwrap();
    work_off(&mut courier).await;
    let tx = app.app.store.begin().await.unwrap();
    let named = format!("https://hooks.example.org:{}/in", receiver.port());
    tx.run("UPDATE webhook_endpoint SET url = $1", vec![named.into()]).await.unwrap();
    tx.commit().await.unwrap();
    app.clock.advance(SignedDuration::from_secs(7));
    work_off(&mut courier).await;
    assert_eq!(receiver.connects(), 0);
    let told = read(&app, &world, &id).await;
    let outcomes: Vec<_> =
        told["deliveries"]["nodes"][0]["attempts"].as_array().unwrap().iter().map(|it| it["outcome"].clone()).collect();
    assert_eq!(outcomes, ["ADDRESS_FORBIDDEN", "ADDRESS_FORBIDDEN"], "the literal and the name");
    // A redirect is not followed, not even to where one may go.
    let url = format!("location: {}\r\n", elsewhere.url());
    receiver.behave(Behaves::Answers(307, Box::leak(url.into_boxed_str())));
    let tx = app.app.store.begin().await.unwrap();
    tx.run("UPDATE webhook_endpoint SET url = $1", vec![receiver.url().into()]).await.unwrap();
    tx.commit().await.unwrap();
    app.clock.advance(SignedDuration::from_mins(7));
    work_off(&mut super::courier(&app)).await;
    assert_eq!((receiver.connects(), elsewhere.connects()), (1, 0));
}

on_both_engines!(what_was_allowed_when_it_was_given_is_looked_at_when_it_is_sent);
