//! A whole directory taken over: how long reading, importing, importing again and exporting take.

use crate::failure::Done;
use crate::host::{Database, still};
use crate::random::Random;
use passerelle::app::{App, Policy};
use passerelle::hsds::CategoryMap;
use passerelle::hsds::export::{Form, Scope};
use passerelle::store::dialect::Engine;
use passerelle::store::door::{Door, Settings};
use passerelle::store::sealing::Sealer;
use passerelle::token::Keyring;
use passerelle::usecase::budget::Budgets;
use passerelle::usecase::export::export;
use passerelle::usecase::import::{Options, import};
use serde_json::json;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;
use uuid::{Builder, Uuid};

/// Services of one organization.
const OF_ONE: usize = 20;
/// Locations of one service.
const AT: usize = 3;

/// Words of which names are made, so that searches find something.
const WORDS: [&str; 12] = [
    "training",
    "counselling",
    "housing",
    "legal",
    "health",
    "school",
    "credit",
    "transport",
    "language",
    "family",
    "documents",
    "employment",
];

fn id(random: &mut Random) -> Uuid {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&random.bits().to_le_bytes());
    bytes[8..].copy_from_slice(&random.bits().to_le_bytes());
    Builder::from_random_bytes(bytes).into_uuid()
}

/// Writes a synthetic directory of so many services, each at three locations of its own.
fn write(path: &Path, services: usize, seed: u64) -> Done<()> {
    let mut random = Random::new(seed);
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut organization = json!(null);
    for number in 0..services {
        if number % OF_ONE == 0 {
            organization = json!({
                "id": id(&mut random),
                "name": format!("Organization {}", number / OF_ONE),
                "description": "Helps people who return, and those who receive them.",
                "website": "https://organization.example/",
            });
        }
        let words = [random.pick(&WORDS), random.pick(&WORDS)];
        let places: Vec<_> = (0..AT)
            .map(|at| {
                json!({ "id": id(&mut random), "location": {
                    "id": id(&mut random), "location_type": "physical", "name": format!("Place {number}-{at}"),
                    "latitude": 14.0 + random.below(10_000) as f64 / 1e3, "longitude": random.below(9_000) as f64 / 1e3,
                } })
            })
            .collect();
        let service = json!({
            "id": id(&mut random), "name": format!("{} and {}, service {number}", words[0], words[1]),
            "status": "active", "organization": organization,
            "description": "Six months in a workshop, with a place to live and a first kit of tools. ".repeat(3),
            "application_process": "Come by on any morning.", "minimum_age": 18,
            "languages": [{ "id": id(&mut random), "code": "fr" }, { "id": id(&mut random), "code": "ar" }],
            "required_documents": [{ "id": id(&mut random), "document": "Proof of return" }],
            "service_at_locations": places,
        });
        serde_json::to_writer(&mut file, &service)?;
        file.write_all(b"\n")?;
    }
    Ok(file.flush()?)
}

/// One row of the table, in seconds.
pub async fn measure(engine: Engine, services: usize, seed: u64) -> Done<String> {
    let database = Database::new(engine).await?;
    let settings = Settings { url: database.url.clone(), readers: 4, create: true };
    let store = Door::open(&settings).await?;
    store.migrate().await?;
    let app = App {
        store,
        clock: still()?,
        tokens: Keyring::generate_demo()?,
        sealer: Sealer::from_root("bench", [7; 32])?,
        policy: Policy::default(),
        budgets: Budgets::default(),
        providers: passerelle::oidc::Providers::new()?,
        egress: passerelle::outgoing::Egress::default(),
    };
    let path = std::env::temp_dir().join(format!("passerelle-takeover-{}.ndjson", std::process::id()));
    write(&path, services, seed)?;
    let mut times = Vec::new();
    let started = Instant::now();
    let directory = passerelle::hsds::read(&path)?;
    std::fs::remove_file(&path)?;
    times.push(started.elapsed());
    let options = Options {
        source: "bench".into(),
        country: Some("ML".into()),
        language: "en".into(),
        dry_run: false,
        mirror: false,
    };
    let map = CategoryMap::default();
    let mut statements = Vec::new();
    for wanted in [services, 0] {
        let (started, before) = (Instant::now(), app.store.statements());
        let report = import(&app, &directory, &map, &options, &mut |_| {}).await.map_err(|_| "the import failed")?;
        times.push(started.elapsed());
        statements.push(app.store.statements() - before);
        if report.counts.services.new != wanted || report.counts.places.new != wanted * AT {
            return Err(format!("{:?}", report.counts).into());
        }
    }
    for form in Form::ALL {
        let started = Instant::now();
        export(&app, form, &Scope::default(), None).await?.ok_or("nothing to export")?;
        times.push(started.elapsed());
    }
    app.store.close().await;
    let cells: Vec<String> = times.iter().map(|time| format!("{:.1}", time.as_secs_f64())).collect();
    Ok(format!("| {engine:?} | {} | {} | {} |\n", cells.join(" | "), statements[0], statements[1]))
}

/// The table's head.
pub fn head(services: usize) -> String {
    format!(
        "## {services} services at {} locations taken over\n\nSeconds. The second import of the same file finds \
         nothing to do.\n\n| engine | read | import | again | NDJSON | package | GeoJSON | 3W | statements | again \
         |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        services * AT
    )
}
