//! The network is what it says it is, and the same each time.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{DAY, LoopIds, WalkingClock, load};
use crate::app::{App, Policy};
use crate::store::door::{Door, Settings};
use crate::store::sealing::Sealer;
use crate::token::Keyring;
use crate::usecase::budget::Budgets;

/// A network in a file of its own.
pub(super) struct Loaded {
    pub app: App,
    folder: std::path::PathBuf,
}

const NOW: i64 = 1_795_600_000_000_000;

pub(super) async fn loaded() -> Loaded {
    let folder = std::env::temp_dir().join(format!("passerelle-demo-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir(&folder).unwrap();
    let url = format!("sqlite://{}/a.sqlite", folder.display());
    let store = Door::open(&Settings { url, readers: 2, create: true }).await.unwrap();
    store.migrate().await.unwrap();
    let clock = Arc::new(WalkingClock::at(NOW));
    let app = App {
        store,
        clock: Arc::clone(&clock) as Arc<dyn crate::domain::clock::Clock>,
        tokens: Keyring::generate_demo().unwrap(),
        sealer: Sealer::from_root("demo", *b"passerelle demonstration: public").unwrap(),
        policy: Policy::default(),
        budgets: Budgets::default(),
        providers: crate::oidc::Providers::new().unwrap(),
        egress: crate::outgoing::Egress::default(),
    };
    load(&app, &clock, NOW, &|_, _| {}).await.unwrap();
    Loaded { app, folder }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(super) async fn counts(loaded: &Loaded, text: &str) -> BTreeMap<String, i64> {
    let rows = loaded.app.store.rows(text, vec![]).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "name").unwrap(), row.try_get("", "number").unwrap())).collect()
}

#[tokio::test]
async fn the_network_has_what_the_welcome_tells() {
    let loaded = loaded().await;
    let census = loaded.app.store.census().await.unwrap();
    assert_eq!((census.organizations, census.areas, census.programs, census.cases), (19, 10, 4, 46));
    assert_eq!((census.services, census.referrals), (66, 200));
    let drafts = counts(&loaded, "SELECT state AS name, count(*) AS number FROM service_revision GROUP BY state").await;
    assert_eq!(drafts, BTreeMap::from([("DRAFT".to_owned(), 1)]), "one is begun");
    let public = "SELECT s.name AS name, count(*) AS number FROM service s JOIN service_revision r ON r.name = s.name GROUP BY s.name";
    assert_eq!(counts(&loaded, public).await, BTreeMap::new(), "it is not in the directory");
    let stages = counts(&loaded, "SELECT status AS name, count(*) AS number FROM referral GROUP BY status").await;
    let expected = [
        ("ACCEPTED", 22),
        ("ACKNOWLEDGED", 19),
        ("CANCEL_REQUESTED", 1),
        ("COMPLETED", 62),
        ("DECLINED", 20),
        ("DRAFT", 9),
        ("ENDED_EARLY", 1),
        ("INFO_REQUESTED", 1),
        ("IN_SERVICE", 27),
        ("OFFERED", 1),
        ("ON_HOLD", 1),
        ("SENT", 22),
        ("VOIDED", 1),
        ("WAITLISTED", 2),
        ("WITHDRAWN", 11),
    ];
    assert_eq!(stages, expected.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect());
    let facts = "SELECT 'contested' AS name, count(*) AS number FROM referral WHERE contested_at IS NOT NULL \
         UNION ALL SELECT 'disputed', count(*) FROM referral WHERE disputed_at IS NOT NULL AND dispute_decided_at IS NULL \
         UNION ALL SELECT 'rest', count(*) FROM referral WHERE rest_need_id IS NOT NULL \
         UNION ALL SELECT 'redirected', count(*) FROM referral WHERE redirected_to_id IS NOT NULL \
         UNION ALL SELECT 'progress', count(*) FROM referral WHERE progress_done = 8 AND progress_planned = 10";
    for (name, number) in counts(&loaded, facts).await {
        assert_eq!(number, 1, "{name}");
    }
    let late = format!("SELECT 'late' AS name, count(*) AS number FROM referral WHERE next_due_at < {NOW}");
    assert!(counts(&loaded, &late).await["late"] >= 8);
    let marks = loaded.app.store.marks().await.unwrap();
    assert!(LoopIds::read(&marks).is_some());
    assert_eq!(marks.keys().filter(|name| name.starts_with("persona.")).count(), 12);
}

#[tokio::test]
async fn all_of_it_lies_before_now_and_within_sixty_days_of_it() {
    let loaded = loaded().await;
    let text = format!(
        "SELECT 'early' AS name, count(*) AS number FROM event WHERE subject_kind IN ('Case', 'Referral') AND at < {} \
         UNION ALL SELECT 'late', count(*) FROM event WHERE at > {NOW} \
         UNION ALL SELECT 'all', count(*) FROM event \
         UNION ALL SELECT 'placed', count(*) FROM outbox WHERE sequence IS NOT NULL",
        NOW - 60 * DAY
    );
    let found = counts(&loaded, &text).await;
    assert_eq!((found["early"], found["late"], found["placed"]), (0, 0, 0));
    let placed = loaded.app.store.sequence_outbox(100_000).await.unwrap();
    assert_eq!(i64::try_from(placed).unwrap(), found["all"]);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_network() {
    let text = "SELECT kind || ' ' || at AS name, count(*) AS number FROM event GROUP BY kind, at";
    let (one, other) = (loaded().await, loaded().await);
    assert_eq!(counts(&one, text).await, counts(&other, text).await);
}
