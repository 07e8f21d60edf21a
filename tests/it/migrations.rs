//! The database's history: there and back again, and what the code reads is what it made.

use crate::support::app::open;
use crate::support::dependencies::repository;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::postgres::Cluster;
use passerelle::store::door::Door;
use passerelle::store::schema_state::SchemaState;
use passerelle_entity as entity;
use passerelle_migration::{Migrator, MigratorTrait as _};
use sea_orm::EntityTrait as _;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// An empty database.
async fn empty(engine: Engine, name: &str) -> (String, Option<PathBuf>) {
    match engine {
        Engine::Postgres => (Cluster::get().unwrap().create_database(None).await, None),
        Engine::Sqlite => {
            let folder = std::env::temp_dir().join(format!("passerelle-migrations-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            (format!("sqlite://{}", folder.join("test.sqlite").display()), Some(folder))
        }
    }
}

fn remove(folder: Option<PathBuf>) {
    folder.map(std::fs::remove_dir_all).transpose().unwrap();
}

async fn tables(door: &Door, engine: Engine) -> BTreeSet<String> {
    let text = match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Engine::Postgres => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()",
    };
    door.rows(text, vec![]).await.unwrap().iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

/// Selects with every entity and gives their modules' names.
macro_rules! select_with {
    ($door:expr; $($entity:ident),+ $(,)?) => {{
        $(
            let found = entity::$entity::Entity::find().one($door.for_migrations()).await;
            assert!(found.is_ok(), "{}: {found:?}", stringify!($entity));
        )+
        BTreeSet::from([$(stringify!($entity).to_owned()),+])
    }};
}

async fn up_down_and_up_again(engine: Engine) {
    let (url, folder) = empty(engine, "up-down-up").await;
    let door = open(&url).await;
    assert!(matches!(door.schema_state().await.unwrap(), SchemaState::Behind(_)));
    assert_eq!(door.migrate().await.unwrap().len(), Migrator::migrations().len());
    let first = tables(&door, engine).await;
    Migrator::down(door.for_migrations(), None).await.unwrap();
    assert_eq!(tables(&door, engine).await, BTreeSet::from(["seaql_migrations".to_owned()]), "all of it comes down");
    assert!(matches!(door.schema_state().await.unwrap(), SchemaState::Behind(_)));
    door.migrate().await.unwrap();
    assert_eq!(tables(&door, engine).await, first);
    assert_eq!(door.schema_state().await.unwrap(), SchemaState::Current);
    assert_eq!(door.migrate().await.unwrap(), Vec::<String>::new(), "nothing is left to do");
    let read = select_with!(
    door; access_grant, activity, agreement, agreement_area, agreement_party, area, area_boundary,
           area_closure, audience, audit, budget, bulk_job, bulk_link, bulk_piece, calendar, capacity, case_alias,
           case_file, case_stage_change, case_transfer, category, category_closure, category_term, change,
           change_mark, client_application, client_secret, community_need, consent, consent_override, crosswalk,
           direct_service, direct_service_goal, document_manifest, empty_search, empty_search_mark, empty_search_salt, event,
           figure_cell, figure_release,
           goal, idempotency, identity_provider, import_conflict, import_publisher, import_quarantine, import_request,
           import_run, import_source, key_check, lease, light_contact, location, manifest_document, member,
           member_identity, member_invitation, need, notification, organization, outbox, parked_command, persisted_document,
           person, person_field, plan, plan_item, plan_item_proposal, program, program_area, program_directory,
           program_limits, program_organization, redaction, referral, referral_goal, referral_proposal, referral_question,
           referral_rung, schedule, search_document, search_due, search_key, search_price, search_service,
           search_word, service, service_area, service_at_location, service_correction, service_free, service_language,
           service_point, service_reach, service_revision, sign_in_miss, taxonomy_crosswalk, taxonomy_edition,
           taxonomy_endorsement, taxonomy_term, used_id_token, webhook_attempt, webhook_delivery, webhook_endpoint,
           webhook_key,
       );
    assert_eq!(read, entities(), "add the new entity to the list");
    door.close().await;
    remove(folder);
}

/// What hangs on a referral. Who adds to it says in `purge_draft` what becomes of it when a draft is thrown away, or why no
/// draft has it.
const ON_A_REFERRAL: [&str; 9] = [
    "plan_item_proposal.referral_id",
    "redaction.referral_id",
    "referral.parent_id",
    "referral.previous_id",
    "referral.redirected_to_id",
    "referral_goal.referral_id",
    "referral_proposal.from_referral_id",
    "referral_question.referral_id",
    "referral_rung.referral_id",
];

async fn all_that_hangs_on_a_referral_is_known(engine: Engine) {
    let app = crate::support::app::TestApp::start(engine).await;
    let text = match engine {
        Engine::Sqlite => {
            "SELECT m.name || '.' || f.\"from\" AS name FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
             WHERE m.type = 'table' AND f.\"table\" = 'referral' ORDER BY 1"
        }
        Engine::Postgres => {
            "SELECT c.conrelid::regclass::text || '.' || a.attname AS name FROM pg_constraint c \
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) \
             WHERE c.contype = 'f' AND c.confrelid = 'referral'::regclass ORDER BY 1"
        }
    };
    let rows = app.app.store.rows(text, vec![]).await.unwrap();
    let mut found: Vec<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    found.sort();
    assert_eq!(found, ON_A_REFERRAL);
}

/// The entities that have a file.
fn entities() -> BTreeSet<String> {
    let files = std::fs::read_dir(repository().join("entity/src")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "lib.rs").map(|name| name.trim_end_matches(".rs").to_owned()).collect()
}

async fn two_nodes_migrate_at_once(engine: Engine) {
    for round in 0..5 {
        let (url, folder) = empty(engine, &format!("two-nodes-{round}")).await;
        let (one, two) = (open(&url).await, open(&url).await);
        let (first, second) = futures_util::future::join(one.migrate(), two.migrate()).await;
        let made = first.unwrap().len() + second.unwrap().len();
        assert_eq!(made, Migrator::migrations().len(), "each step is made once");
        assert_eq!(two.schema_state().await.unwrap(), SchemaState::Current);
        one.close().await;
        two.close().await;
        remove(folder);
    }
}

async fn a_newer_database_is_left_alone(engine: Engine) {
    let (url, folder) = empty(engine, "newer").await;
    let door = open(&url).await;
    door.migrate().await.unwrap();
    let tx = door.begin().await.unwrap();
    tx.run("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_later', 0)", vec![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(door.schema_state().await.unwrap(), SchemaState::Ahead(vec!["m29991231_000001_later".to_owned()]));
    assert!(!door.is_ready().await.unwrap());
    assert_eq!(door.migrate().await.unwrap(), Vec::<String>::new());
    door.close().await;
    remove(folder);
}

on_both_engines!(
    up_down_and_up_again,
    two_nodes_migrate_at_once,
    a_newer_database_is_left_alone,
    all_that_hangs_on_a_referral_is_known,
);
