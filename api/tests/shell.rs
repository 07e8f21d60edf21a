//! Operators' commands from a real shell: what they print, what they write, and how they end.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of its own with a migrated database; gone with the value.
struct Desk(PathBuf);

impl Desk {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("passerelle-shell-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let desk = Self(folder);
        desk.ok("passerelle migrate up");
        desk
    }

    /// Runs a line of shell with the program under its name.
    fn run(&self, line: &str) -> Output {
        let folder = Path::new(env!("CARGO_BIN_EXE_passerelle")).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command.arg("-c").arg(line).current_dir(&self.0).env("PATH", format!("{}:{path}", folder.display()));
        command.env("PASSERELLE_DATABASE", "sqlite:directory.sqlite").env("FIXTURES", fixtures()).output().unwrap()
    }

    fn ends(&self, line: &str, code: i32) -> String {
        let output = self.run(line);
        let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{line}\n{told}");
        told
    }

    fn ok(&self, line: &str) -> String {
        let output = self.run(line);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{line}\n{told}");
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // What can't be removed is in the system's temporary folder, where it is found.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures")
}

const TAKE: &str = "passerelle import hsds \"$FIXTURES/hsds/services.ndjson\" --category-map \"$FIXTURES/hsds/category-map.json\" \
    --source town --country XX";

#[test]
fn a_directory_comes_in_and_goes_out() {
    let desk = Desk::new("directory");
    let looked = desk.ok(&format!("{TAKE} --preview"));
    let run = looked.lines().rev().find_map(|line| line.strip_prefix("run ")).unwrap();
    let run = run.split(' ').next().unwrap();
    assert!(looked.lines().any(|line| line.starts_with("ADDED service ")), "{looked}");
    assert_eq!(desk.ok("passerelle export ndjson | wc -l").trim(), "0", "a look writes nothing");
    desk.ok(&format!("{TAKE} --apply {run}"));
    desk.ends(&format!("{TAKE} --apply {run}"), 5);
    let count: usize = desk.ok("passerelle export ndjson | wc -l").trim().parse().unwrap();
    assert!(count > 2, "{count}");
    let again = desk.ok(&format!("{TAKE} --json | head -n 1"));
    assert!(again.contains("\"new\":0"), "{again}");
    for (form, file) in [("hsds", "all.zip"), ("ndjson", "all.ndjson"), ("geojson", "all.geojson"), ("3w", "all.csv")] {
        desk.ok(&format!("passerelle export {form} --out {file} && test -s {file}"));
    }
    let head = desk.ok("passerelle export 3w --language fr | sed -n 2p");
    assert!(head.starts_with("\"#") && head.contains("#org"), "{head}");
    desk.ends("passerelle export ndjson --area NOWHERE", 5);
    desk.ends("passerelle export ndjson --language xx", 5);
    desk.ends("passerelle export ndjson --out missing/file", 5);
    desk.ends("passerelle import hsds nothing.ndjson", 5);
    desk.ends("printf 'a,b\\n' > broken.csv && passerelle import hsds broken.csv", 5);
    desk.ends("passerelle export ndjson --database sqlite:elsewhere.sqlite", 3);
}

#[test]
fn an_export_comes_back_as_it_was() {
    let first = Desk::new("first");
    first.ok(TAKE);
    first.ok("passerelle export ndjson --out all.ndjson");
    let second = Desk::new("second");
    let from = first.0.join("all.ndjson");
    let take = format!("passerelle import hsds '{}' --mirror --source first --country XX", from.display());
    second.ok(&take);
    second.ok(&format!("passerelle export ndjson | cmp - '{}'", from.display()));
}

#[test]
fn words_and_conflicts_are_decided() {
    let desk = Desk::new("words");
    desk.ok("passerelle import hsds \"$FIXTURES/hsds/services.ndjson\" --source town --country XX");
    let waiting = desk.ok("passerelle import quarantine --source town");
    let word = waiting.lines().nth(1).unwrap();
    let cells: Vec<&str> = word.split('\t').collect();
    let row = format!("\"{}\",\"{}\",ECO.IND.TVET,2026", cells[0], cells[1]);
    std::fs::write(desk.0.join("words.csv"), format!("scheme,code,category,edition\n{row}\n")).unwrap();
    assert!(desk.ok("passerelle import crosswalk words.csv --source town").contains("in force\t1"));
    std::fs::write(desk.0.join("wrong.csv"), "scheme,code,category,edition\na,b,NO.SUCH,2026\n").unwrap();
    desk.ends("passerelle import crosswalk wrong.csv --source town", 5);
    desk.ok("passerelle import hsds \"$FIXTURES/hsds/services.ndjson\" --source other --country XX");
    let all = desk.ok("passerelle import conflicts --source other");
    let conflict = all.lines().nth(1).unwrap().split('\t').next().unwrap().to_owned();
    assert_eq!(desk.ok(&format!("passerelle import decide {conflict} keep-standing")).trim(), "KEEP_STANDING");
    desk.ends("passerelle import decide 00000000-0000-4000-8000-000000000000 keep-both", 5);
}

#[test]
fn boundaries_come_in() {
    let desk = Desk::new("boundaries");
    let take = "passerelle import boundaries \"$FIXTURES/boundaries/level-2.geojson\" --country XX";
    desk.ok(&format!("{take} --dry-run"));
    desk.ok(take);
    desk.ok(take);
    desk.ends("passerelle import boundaries \"$FIXTURES/hsds/services.ndjson\" --country XX", 5);
    desk.ends("passerelle import boundaries nothing.geojson --country XX", 5);
}
