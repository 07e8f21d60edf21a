//! A server of a binary that was built before, with the demonstration's world: for figures that need the real thing.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The server. It ends with this value, and its folder goes.
pub struct Released {
    child: Child,
    folder: PathBuf,
    environment: BTreeMap<String, String>,
}

impl Released {
    /// Starts `demo` of a binary and waits until it has told what there is.
    pub fn start(binary: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("passerelle-released-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut child = Command::new(std::fs::canonicalize(binary).unwrap())
            .args(["demo", "--json", "--port", "0", "--database", "demo.sqlite"])
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        assert!(BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap() > 0, "no welcome");
        let told = std::fs::read_to_string(folder.join("passerelle-demo.env")).unwrap();
        let read = |line: &str| {
            let (name, value) = line.trim_start_matches("export ").split_once('=')?;
            Some((name.to_owned(), value.trim_matches(['\'', '"']).to_owned()))
        };
        Self { child, folder, environment: told.lines().filter_map(read).collect() }
    }

    /// What the environment file tells under a name.
    pub fn told(&self, name: &str) -> String {
        self.environment.get(name).unwrap_or_else(|| panic!("no {name}")).clone()
    }

    /// Waits until what the demonstration wrote has its places in the order of changes, and nothing new comes.
    pub async fn settled(&self, token: &str) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let (mut last, mut same) = (Value::Null, 0);
        while same < 6 {
            let asked = client.post(format!("{}/graphql", self.told("PASSERELLE_URL"))).bearer_auth(token);
            let asked = asked.json(&json!({ "query": "{ changes(first: 0) { latestCursor } }" }));
            let told: Value = asked.send().await.unwrap().json().await.unwrap();
            same = if told["data"] == last { same + 1 } else { 0 };
            last = told["data"].clone();
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// Resident memory in KiB.
    pub fn memory(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id())).unwrap();
        let line = text.lines().find(|line| line.starts_with("Rss:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Released {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
