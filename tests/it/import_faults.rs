//! Files in which a quote was forgotten: nothing of other rows gets into a text, and nothing is said to be gone.

use crate::support::app::TestApp;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::imports::{MAP, map, options, take};
use passerelle::hsds::{Directory, Reason};
use uuid::Uuid;

const ORGANIZATIONS: &str = "id,name,description\n00000000-0000-4000-8000-0000000000a1,Help,Helps people\n";

/// A package with these services, read.
fn package(services: &str) -> Directory {
    let folder = std::env::temp_dir().join(format!("passerelle-faults-{}", Uuid::now_v7()));
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("organizations.csv"), ORGANIZATIONS).unwrap();
    std::fs::write(folder.join("services.csv"), services).unwrap();
    let directory = passerelle::hsds::read(&folder).unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    directory
}

fn services(descriptions: [&str; 4]) -> String {
    let mut text = "id,organization_id,name,status,description\n".to_owned();
    for (at, description) in descriptions.iter().enumerate() {
        let id = format!("00000000-0000-4000-8000-0000000000b{at}");
        text += &format!("{id},00000000-0000-4000-8000-0000000000a1,Service {at},active,{description}\n");
    }
    text
}

fn listed(directory: &Directory) -> Vec<String> {
    directory.organizations.iter().flat_map(|one| &one.services).map(|service| service.name.clone()).collect()
}

async fn a_forgotten_quote_pours_no_row_into_a_text(engine: Engine) {
    let app = TestApp::start(engine).await;
    let map = map(&app, MAP).await;
    let wanted = options("quotes");
    let wanted = passerelle::usecase::import::Options { country: Some("XX".into()), ..wanted };
    let whole = package(&services(["One", "\"Two\nlines, of text\"", "Three", "Four"]));
    assert_eq!((listed(&whole).len(), whole.refused.len()), (4, 0), "a text may have lines: {:?}", whole.refused);
    take(&app, &whole, &map, &wanted).await;
    // Never closed, and closed by a quote of a later row.
    for (texts, reason, left) in [
        (["One", "\"Two", "Three", "Four"], Reason::UnclosedQuote, vec!["Service 0"]),
        (["One", "\"Two", "Three\"", "Four"], Reason::SpansRows, vec!["Service 0", "Service 3"]),
    ] {
        let directory = package(&services(texts));
        assert_eq!(listed(&directory), left);
        let told: Vec<_> = directory.refused.iter().map(|row| (row.reason, row.line, row.taken)).collect();
        assert_eq!(told, [(reason, Some(3), false)]);
        let report = take(&app, &directory, &map, &wanted).await;
        let gone = report.rows.iter().any(|row| row.row.reason == Reason::NoLongerListed);
        assert!(!gone, "what can't be read may be listed: {:?}", report.counts);
    }
    let fewer = package(&services(["One", "Two", "Three", "Four"]).replace("00000000b3", "00000000b9"));
    let report = take(&app, &fewer, &map, &wanted).await;
    assert!(report.rows.iter().any(|row| row.row.reason == Reason::NoLongerListed), "and what is gone is told");
}

on_both_engines!(a_forgotten_quote_pours_no_row_into_a_text);
