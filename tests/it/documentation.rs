//! The referral machine is written down three times: as data in the server, as the design's table in
//! `support/transitions.txt`, and for readers in `api/docs/referral-machine.md`. They say the same.

use crate::support::app::{Persona, TestApp};
use crate::support::dependencies::repository;
use crate::support::engine::Engine;
use passerelle::domain::code::Code as _;
use passerelle::domain::referral::Status;
use passerelle::domain::referral::owner::{Side, next_owner};
use passerelle::domain::referral::reason::Reason;
use passerelle::domain::referral::table::{TRANSITIONS, Target};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const DESIGN: &str = include_str!("support/transitions.txt");

/// A transition in words that compare: number, mutation, from, to, parties, reason.
type Line = (i64, String, BTreeSet<String>, String, BTreeSet<String>, bool);

fn words<'a>(list: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    list.into_iter().map(str::to_owned).collect()
}

fn party(short: &str) -> &'static str {
    match short {
        "SW" => "SENDER_WORKER",
        "SS" => "SENDER_SUPERVISOR",
        "RI" => "RECEIVER_INTAKE",
        "RW" => "RECEIVER_WORKER",
        "RS" => "RECEIVER_SUPERVISOR",
        "CO" => "COORDINATOR",
        "PE" => "PERSON",
        "TI" => "CLOCK",
        other => panic!("no party {other}"),
    }
}

/// The design's table, row 29 and 31 joined where the server parts them by party.
fn design() -> BTreeSet<Line> {
    let lines = DESIGN.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let read = |line: &str| {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let from = match cells[2] {
            "-" => BTreeSet::new(),
            // Whatever has left the sender and is not void.
            "sent" => words(Status::ALL[1..].iter().map(|status| status.code()).filter(|code| *code != "VOIDED")),
            states => words(states.split(',')),
        };
        let parties = words(cells[4].split(',').map(party));
        let needs_reason = cells.get(5) == Some(&"r");
        (cells[0].parse().unwrap(), cells[1].to_owned(), from, cells[3].to_owned(), parties, needs_reason)
    };
    apart(lines.map(read))
}

/// One line for each party, so that a row may be parted by party without being another table.
fn apart(lines: impl Iterator<Item = Line>) -> BTreeSet<Line> {
    lines
        .flat_map(|(row, name, from, to, parties, reason)| {
            parties
                .into_iter()
                .map(|party| (row, name.clone(), from.clone(), to.clone(), BTreeSet::from([party]), reason))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn of_code() -> BTreeSet<Line> {
    let line = |row: &passerelle::domain::referral::table::Transition| {
        let to = match row.to {
            Target::To(status) => status.code(),
            Target::Same => "=",
            Target::Before => "<",
        };
        let from = words(row.from.iter().map(|status| status.code()));
        let parties = words(row.parties.iter().map(|party| party.code()));
        (i64::from(row.row), row.command.mutation(), from, to.to_owned(), parties, row.reason)
    };
    apart(TRANSITIONS.iter().map(line))
}

#[test]
fn the_table_is_the_designs() {
    let (design, code) = (design(), of_code());
    let differences: Vec<_> = design.symmetric_difference(&code).collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn the_table_served_is_the_designs() {
    let app = TestApp::start(Engine::Sqlite).await;
    let query = "{ referralTransitions { row mutation from to parties needsReason } }";
    let served = app.run(&Persona::public(), query, json!({})).await["referralTransitions"].clone();
    let all = |value: &Value| words(value.as_array().unwrap().iter().map(|item| item.as_str().unwrap()));
    let before = ["resumeReferral", "contestReferralCancellation"];
    let line = |row: &Value| {
        let mutation = row["mutation"].as_str().unwrap().to_owned();
        // The API tells the state led to, and null where a fact is added or the way leads back.
        let to = row["to"].as_str().unwrap_or(if before.contains(&mutation.as_str()) { "<" } else { "=" }).to_owned();
        let needs_reason = row["needsReason"].as_bool().unwrap();
        (row["row"].as_i64().unwrap(), mutation, all(&row["from"]), to, all(&row["parties"]), needs_reason)
    };
    let served = apart(served.as_array().unwrap().iter().map(line));
    let design = design();
    let differences: Vec<_> = design.symmetric_difference(&served).collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn readers_find_the_same_table() {
    let file = repository().join("api/docs/referral-machine.md");
    let made = page();
    if std::env::var("BLESS").is_ok() {
        std::fs::write(&file, &made).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == made, "api/docs/referral-machine.md is not the table; BLESS=1 writes it anew");
}

const HEAD: &str = "\
# The referral machine

Made by the tests from the server's own table (`api/src/domain/referral/table.rs`); `BLESS=1 cargo it documentation`
writes it anew. The same table answers the public query `referralTransitions`, `referral.availableActions`, and every
command. No other code moves a referral.

";

fn page() -> String {
    let mut text = HEAD.to_owned();
    text += "## States\n\n| state | who owns the next step | meaning |\n| --- | --- | --- |\n";
    for status in Status::ALL {
        let owner = match next_owner(*status, false) {
            Some((Side::Sender, role)) => format!("sender, {}", role.code()),
            Some((Side::Receiver, role)) => format!("receiver, {}", role.code()),
            None => "nobody".to_owned(),
        };
        writeln!(text, "| {} | {owner} | {} |", status.code(), status.meaning().trim()).unwrap();
    }
    text += "\n## Transitions\n\n| # | mutation | from | to | who | reason |\n| --- | --- | --- | --- | --- | --- |\n";
    for row in TRANSITIONS {
        let from = match row.from.len() {
            0 => "a new referral".to_owned(),
            all if all + 2 == Status::ALL.len() => "any state but DRAFT and VOIDED".to_owned(),
            _ => row.from.iter().map(|status| status.code()).collect::<Vec<_>>().join(", "),
        };
        let to = match row.to {
            Target::To(status) => status.code(),
            Target::Same => "the same, with a fact added",
            Target::Before => "the state before",
        };
        let who = row.parties.iter().map(|party| party.code()).collect::<Vec<_>>().join(", ");
        let reason = if row.reason { "coded" } else { "" };
        writeln!(text, "| {} | `{}` | {from} | {to} | {who} | {reason} |", row.row, row.command.mutation()).unwrap();
    }
    text += "\n## Reasons\n\n| reason | fits | meaning |\n| --- | --- | --- |\n";
    for reason in Reason::ALL {
        let fits: Vec<_> =
            Status::ALL.iter().filter(|status| reason.fits(**status)).map(|status| status.code()).collect();
        writeln!(text, "| {} | {} | {} |", reason.code(), fits.join(", "), reason.meaning().trim()).unwrap();
    }
    text
}
