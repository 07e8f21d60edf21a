//! Ten thousand who follow and wait: how much memory they take, and how soon one event reaches all of them. It needs a
//! server of its own, so it runs only when told where its binary is:
//! `PASSERELLE_BINARY=target/release/passerelle PASSERELLE_IDLE=10000 cargo test -p passerelle-tests --test it idle -- --nocapture`,
//! with `ulimit -n` above twice the number.

use crate::support::released::Released;
use crate::support::socket::Socket;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::io::Write as _;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn idle_followers_cost_little_and_hear_at_once() {
    let (Ok(binary), Ok(count)) = (std::env::var("PASSERELLE_BINARY"), std::env::var("PASSERELLE_IDLE")) else {
        return;
    };
    let count: usize = count.parse().unwrap();
    let server = Released::start(&binary);
    let say = |line: String| {
        let _ = writeln!(std::io::stderr(), "{line}");
    };
    let url = server.told("PASSERELLE_URL");
    let (token, editor) = (server.told("PASSERELLE_CASE_MANAGER"), server.told("PASSERELLE_DIRECTORY_EDITOR"));
    let host = url.trim_start_matches("http://").to_owned();
    server.settled(&token).await;
    let before = server.memory();
    let mut sockets: Vec<Socket> = Vec::with_capacity(count);
    while sockets.len() < count {
        let batch = (sockets.len()..count.min(sockets.len() + 100)).map(async |_| {
            let mut socket = Socket::open_at(&host, &[("Sec-WebSocket-Protocol", "graphql-transport-ws")]).await;
            socket.say(json!({ "type": "connection_init", "payload": { "token": token } })).await;
            assert_eq!(socket.message().await["type"], "connection_ack");
            socket
                .subscribe("1", "subscription { changes(types: [SERVICE]) { cursor event subjectId } }", json!({}))
                .await;
            // The answer to a question behind it tells that the subscription stands.
            socket.say(json!({ "type": "ping" })).await;
            assert_eq!(socket.message().await["type"], "pong");
            socket
        });
        sockets.extend(join_all(batch).await);
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    let after = server.memory();
    say(format!(
        "{count} follow: {} MiB in all, {} MiB before, {} KiB each",
        after / 1024,
        before / 1024,
        (after - before) / count as u64
    ));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = async |query: &str| {
        let request = client.post(format!("{url}/graphql")).bearer_auth(&editor).json(&json!({ "query": query }));
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let own = ask("{ viewer { organization { services(first: 1) { nodes { id version } } } } }").await;
    let service = &own["data"]["viewer"]["organization"]["services"]["nodes"][0];
    let (id, version) = (service["id"].as_str().unwrap(), &service["version"]);
    let began = Instant::now();
    let confirm = format!(
        "mutation {{ verifyService(input: {{ idempotencyKey: \"idle\", serviceId: \"{id}\", expectedVersion: {version} }}) {{ userErrors {{ code }} }} }}"
    );
    let done = ask(&confirm).await;
    assert_eq!(done["data"]["verifyService"]["userErrors"], json!([]), "{done}");
    let arrived = join_all(sockets.iter_mut().map(async |socket| {
        socket.next("1").await;
        began.elapsed()
    }))
    .await;
    say(format!("one event reached all of them within {:?}", arrived.iter().max().unwrap()));
    say(format!("{} MiB afterwards", server.memory() / 1024));
    if count >= 10_000 {
        assert!(after <= 250 * 1024, "250 MiB at the most");
        assert!(*arrived.iter().max().unwrap() <= Duration::from_secs(2));
    }
}
