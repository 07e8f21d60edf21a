//! Who does what where, read by libhxl: `PASSERELLE_PYTHON` names a Python that has libhxl 5.

use crate::exports::records;
use crate::hsds::scene::Scene;
use crate::jordan;
use crate::support::app::TestApp;
use crate::support::dependencies::repository;
use crate::support::engine::Engine;
use crate::support::imports::{MAP, NDJSON, map, options, take};
use passerelle::hsds::export::{Form, Scope};
use passerelle::hsds::ndjson;
use passerelle::usecase::export::export;
use passerelle::usecase::import::Options;
use std::process::Command;
use uuid::Uuid;

/// Exports a server's directory and has it read.
async fn read(app: &TestApp, least: usize) {
    let bytes = export(&app.app, Form::ThreeW, &Scope::default(), None).await.unwrap().unwrap();
    let path = std::env::temp_dir().join(format!("passerelle-3w-{}.csv", Uuid::now_v7()));
    std::fs::write(&path, &bytes).unwrap();
    let python = std::env::var_os("PASSERELLE_PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(python).arg(repository().join("tests/hxl/check.py")).arg(&path).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    let tags: Vec<&str> = told.lines().next().unwrap().split(' ').collect();
    let table = records(&bytes);
    assert_eq!(tags.len(), table[1].len(), "every tag reads");
    assert!(table.len() - 2 >= least, "{} rows", table.len() - 2);
    assert!(told.contains(&format!("{} rows", table.len() - 2)), "every row reads: {told}");
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
#[ignore = "needs a Python with libhxl"]
async fn a_small_directory_has_no_complaint() {
    let scene = Scene::fill(TestApp::start(Engine::Sqlite).await).await;
    read(&scene.app, 4).await;
}

#[tokio::test]
#[ignore = "needs a Python with libhxl"]
async fn an_imported_directory_has_no_complaint() {
    let app = TestApp::start(Engine::Sqlite).await;
    let directory = ndjson::read_bytes(NDJSON.as_bytes()).unwrap();
    take(&app, &directory, &map(&app, MAP).await, &options("town")).await;
    read(&app, 3).await;
}

#[tokio::test]
#[ignore = "needs a Python with libhxl"]
async fn the_jordan_set_has_no_complaint() {
    let Some(folder) = jordan::set() else { return };
    let app = TestApp::start(Engine::Sqlite).await;
    let directory = passerelle::hsds::read(&folder.join("services_hsds-3.2.3.ndjson")).unwrap();
    let options = Options { language: "en".into(), ..options("jordan") };
    take(&app, &directory, &map(&app, jordan::MAP).await, &options).await;
    read(&app, 100).await;
}
