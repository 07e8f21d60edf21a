//! Ten thousand who follow and wait: how much memory they take, and how soon one event reaches all of them. It needs a
//! server of its own, so it runs only when told where its binary is:
//! `PASSERELLE_BINARY=target/release/passerelle PASSERELLE_IDLE=10000 cargo test -p passerelle-tests --test it idle -- --nocapture`,
//! with `ulimit -n` above twice the number.

use crate::support::socket::Socket;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Server {
    child: Child,
    folder: std::path::PathBuf,
    welcome: Value,
}

impl Server {
    fn start(binary: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("passerelle-idle-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut child = Command::new(std::fs::canonicalize(binary).unwrap())
            .args(["demo", "--json", "--port", "0", "--database", "demo.sqlite"])
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        let welcome = loop {
            assert!(reader.read_line(&mut text).unwrap() > 0, "no welcome: {text}");
            if let Ok(welcome) = serde_json::from_str(&text) {
                break welcome;
            }
        };
        Self { child, folder, welcome }
    }

    /// Memory in KiB that is the server's own or its share of.
    fn memory(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id())).unwrap();
        let line = text.lines().find(|line| line.starts_with("Rss:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A text somewhere in the welcome.
fn found(welcome: &Value, name: &str) -> Option<String> {
    match welcome {
        Value::Object(members) => members.iter().find_map(|(key, value)| {
            value.as_str().filter(|_| key == name).map(str::to_owned).or_else(|| found(value, name))
        }),
        Value::Array(values) => values.iter().find_map(|value| found(value, name)),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn idle_followers_cost_little_and_hear_at_once() {
    let (Ok(binary), Ok(count)) = (std::env::var("PASSERELLE_BINARY"), std::env::var("PASSERELLE_IDLE")) else {
        return;
    };
    let count: usize = count.parse().unwrap();
    let server = Server::start(&binary);
    let say = |line: String| {
        let _ = writeln!(std::io::stderr(), "{line}");
    };
    let (url, token) = ("PASSERELLE_URL", "PASSERELLE_CASE_MANAGER");
    let environment = std::fs::read_to_string(server.folder.join("passerelle-demo.env")).unwrap_or_default();
    let read = |name: &str| {
        let line =
            environment.lines().find_map(|line| line.trim_start_matches("export ").strip_prefix(&format!("{name}=")));
        line.map(|value| value.trim_matches(['\'', '"']).to_owned()).or_else(|| found(&server.welcome, name)).unwrap()
    };
    let (url, token, editor) = (read(url), read(token), read("PASSERELLE_DIRECTORY_EDITOR"));
    let host = url.trim_start_matches("http://").to_owned();
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
