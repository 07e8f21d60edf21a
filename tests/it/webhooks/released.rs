//! Endpoints that hang keep nothing from anybody else, and how soon it comes: the same as in `fairness`, of a real server from the command to the receiver. It runs
//! only when told where a binary is:
//! `PASSERELLE_BINARY=target/release/passerelle PASSERELLE_FAIRNESS=200 cargo test -p passerelle-tests --test it released -- --nocapture`.

use super::receiver::{Behaves, Receiver};
use crate::support::released::Released;
use crate::support::verbs::{document, key};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Write as _;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How many endpoints hang, and as many do not: together all that an organization may have.
const EACH: usize = 5;
/// How many commands are under way at once.
const AT_ONCE: usize = 4;

struct Asker {
    client: reqwest::Client,
    url: String,
    token: String,
}

impl Asker {
    async fn ask(&self, mutation: &str, select: &str, mut input: Value) -> Value {
        input["idempotencyKey"] = json!(key());
        let body = json!({ "query": document(mutation, select), "variables": { "input": input } });
        let sent = self.client.post(format!("{}/graphql", self.url)).bearer_auth(&self.token).json(&body).send();
        let answer: Value = sent.await.unwrap().json().await.unwrap();
        let payload = answer["data"][mutation].clone();
        assert_eq!(payload["userErrors"], json!([]), "{answer}");
        payload
    }
}

#[tokio::test]
async fn healthy_endpoints_of_a_released_server_are_told_soon() {
    let (Ok(binary), Ok(count)) = (std::env::var("PASSERELLE_BINARY"), std::env::var("PASSERELLE_FAIRNESS")) else {
        return;
    };
    let count: usize = count.parse().unwrap();
    let server = Released::start(&binary);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let asker = Asker { client, url: server.told("PASSERELLE_URL"), token: server.told("PASSERELLE_SANDBOX") };
    let (program, area) = (server.told("PASSERELLE_SANDBOX_PROGRAM"), server.told("PASSERELLE_SANDBOX_AREA"));
    server.settled(&asker.token).await;
    let mut healthy = Vec::new();
    for at in 0..2 * EACH {
        let receiver = Receiver::start().await;
        if at % 2 == 0 {
            receiver.behave(Behaves::Hangs);
        } else {
            healthy.push(receiver.clone());
        }
        let input = json!({ "url": receiver.url(), "signing": "SHARED_SECRET", "topics": ["CASE"] });
        asker.ask("createWebhookEndpoint", "endpoint { id }", input).await;
    }
    // Every case that is opened is told to each of them.
    let mut asked: HashMap<String, Instant> = HashMap::new();
    for _ in 0..count / AT_ONCE {
        let open = || async {
            let began = Instant::now();
            let input = json!({ "programId": program, "areaId": area, "ageBand": "FROM_25_TO_39", "sex": "FEMALE" });
            let opened = asker.ask("openCase", "case { id }", input).await;
            (opened["case"]["id"].as_str().unwrap().to_owned(), began)
        };
        asked.extend(futures_util::future::join_all((0..AT_ONCE).map(|_| open())).await);
    }
    let all_asked = Instant::now();
    while healthy.iter().any(|receiver| receiver.got().len() < asked.len()) {
        sleep(Duration::from_millis(20)).await;
        assert!(all_asked.elapsed() < Duration::from_secs(60), "healthy endpoints wait for those that hang");
    }
    let mut took = Vec::new();
    for got in healthy.iter().flat_map(Receiver::got) {
        let id = got.json()["data"]["id"].as_str().unwrap().to_owned();
        took.extend(asked.get(&id).map(|began| got.arrived - *began));
    }
    took.sort();
    let at = |part: usize| took[(took.len() - 1) * part / 100].as_millis();
    let _ = writeln!(
        std::io::stderr(),
        "{} cases told to {EACH} endpoints while {EACH} hang: from the command to the receiver p50 {} ms, p99 {} ms, most {} ms",
        asked.len(),
        at(50),
        at(99),
        at(100)
    );
}
