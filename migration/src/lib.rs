//! The database's history, one step a file. A released step is never edited; it never reads the entities, because
//! history must not change when the present does. Each step says how to go up and how to come back down, in SQL that
//! both engines understand after the substitution of [`dialect`].

use sea_orm_migration::prelude::*;

mod dialect;
mod m20261125_000001_directory;
mod m20261125_000002_taxonomy;
mod m20261125_000003_cases;
mod m20261125_000004_referrals;
mod m20261125_000005_ledger;
mod m20261125_000006_machine;
mod m20261125_000007_clocks;
mod m20261125_000008_consent;
mod m20261125_000009_person;
mod m20261125_000010_plans;
mod m20261125_000011_decision;
mod m20261125_000012_delivery;
mod m20261125_000013_agreement;
mod m20261125_000014_purposes;
mod m20261125_000016_case_transfer;
mod m20261125_000017_schedules;
mod m20261125_000018_import_runs;
mod m20261125_000019_search;
mod m20261125_000020_truth;
mod m20261125_000021_maps;
mod m20261125_000022_goes_on;
mod m20261125_000023_removals;
mod m20261125_000024_offers;
mod m20261125_000025_passed_on;
mod m20261125_000026_plan_proposals;
mod m20261125_000027_carried;
mod m20261125_000028_reasons;
mod m20261125_000030_prices;
mod m20261125_000031_import_requests;
mod m20261125_000032_changes;
mod m20261125_000034_client_secrets;
mod m20261125_000035_identity_providers;
mod m20261125_000036_webhooks;
mod m20261125_000038_budgets;
mod m20261125_000039_parked;
mod m20261125_000040_bulk;
mod m20261125_000041_bulk_imports;
mod m20261125_000042_best_first;
mod m20261125_000043_free_places;
mod m20261125_000044_import_desk;
mod m20261125_000045_editions;
mod m20261125_000046_waiting;
mod m20261125_000047_light_contacts;
mod m20261125_000048_open_once;
mod m20261125_000050_kept_back;
mod m20261125_000053_said_and_counted;
mod m20261125_000054_words_anew;

/// Runs the steps in order and remembers which ones a database has seen.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261125_000001_directory::Migration),
            Box::new(m20261125_000002_taxonomy::Migration),
            Box::new(m20261125_000003_cases::Migration),
            Box::new(m20261125_000004_referrals::Migration),
            Box::new(m20261125_000005_ledger::Migration),
            Box::new(m20261125_000006_machine::Migration),
            Box::new(m20261125_000007_clocks::Migration),
            Box::new(m20261125_000008_consent::Migration),
            Box::new(m20261125_000009_person::Migration),
            Box::new(m20261125_000010_plans::Migration),
            Box::new(m20261125_000011_decision::Migration),
            Box::new(m20261125_000012_delivery::Migration),
            Box::new(m20261125_000013_agreement::Migration),
            Box::new(m20261125_000014_purposes::Migration),
            Box::new(m20261125_000016_case_transfer::Migration),
            Box::new(m20261125_000017_schedules::Migration),
            Box::new(m20261125_000018_import_runs::Migration),
            Box::new(m20261125_000019_search::Migration),
            Box::new(m20261125_000020_truth::Migration),
            Box::new(m20261125_000021_maps::Migration),
            Box::new(m20261125_000022_goes_on::Migration),
            Box::new(m20261125_000023_removals::Migration),
            Box::new(m20261125_000024_offers::Migration),
            Box::new(m20261125_000025_passed_on::Migration),
            Box::new(m20261125_000026_plan_proposals::Migration),
            Box::new(m20261125_000027_carried::Migration),
            Box::new(m20261125_000028_reasons::Migration),
            Box::new(m20261125_000030_prices::Migration),
            Box::new(m20261125_000031_import_requests::Migration),
            Box::new(m20261125_000032_changes::Migration),
            Box::new(m20261125_000034_client_secrets::Migration),
            Box::new(m20261125_000035_identity_providers::Migration),
            Box::new(m20261125_000036_webhooks::Migration),
            Box::new(m20261125_000038_budgets::Migration),
            Box::new(m20261125_000039_parked::Migration),
            Box::new(m20261125_000040_bulk::Migration),
            Box::new(m20261125_000041_bulk_imports::Migration),
            Box::new(m20261125_000042_best_first::Migration),
            Box::new(m20261125_000043_free_places::Migration),
            Box::new(m20261125_000044_import_desk::Migration),
            Box::new(m20261125_000045_editions::Migration),
            Box::new(m20261125_000046_waiting::Migration),
            Box::new(m20261125_000047_light_contacts::Migration),
            Box::new(m20261125_000048_open_once::Migration),
            Box::new(m20261125_000050_kept_back::Migration),
            Box::new(m20261125_000053_said_and_counted::Migration),
            Box::new(m20261125_000054_words_anew::Migration),
        ]
    }
}

pub use sea_orm_migration::MigratorTrait;
