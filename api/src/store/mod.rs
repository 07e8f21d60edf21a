//! The clerk: what is written down and how it is found again. Everything that speaks SQL is here, and every read of it
//! is scoped in the statement by what the asker can see.

pub mod access;
pub mod activities;
pub mod activity_writes;
pub mod agreements;
pub mod areas;
pub mod calendars;
pub mod case_writes;
pub mod cases;
pub mod casework_writes;
pub mod categories;
pub mod clock;
pub mod clock_arming;
pub mod consent_overrides;
pub mod consents;
pub mod decision_view;
pub mod decision_writes;
pub mod demo_marks;
pub mod dialect;
pub mod door;
pub mod events;
pub mod figures;
pub mod fragment;
pub mod hsds_filter;
pub mod hsds_lists;
