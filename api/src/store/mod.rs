//! The clerk: what is written down and how it is found again. Everything that speaks SQL is here, and every read of it
//! is scoped in the statement by what the asker can see.

pub mod areas;
pub mod calendars;
pub mod case_writes;
pub mod cases;
pub mod categories;
pub mod clock;
pub mod clock_arming;
pub mod demo_marks;
pub mod dialect;
pub mod door;
pub mod events;
pub mod fragment;
pub mod import_writes;
pub mod imports;
pub mod joined;
pub mod leases;
pub mod ledger;
pub mod nodes;
pub mod notifications;
pub mod operations;
pub mod organizations;
pub mod programs;
pub mod referral_drafts;
pub mod referral_view;
pub mod referral_writes;
pub mod referrals;
pub mod schema_state;
pub mod sealing;
pub mod service_places;
pub mod service_writes;
pub mod services;
pub mod statement;
pub mod subjects;
