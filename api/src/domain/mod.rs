//! The judge: what the words of the field mean and what may happen. Pure code, without a clock, a database or a wire,
//! so that each rule is tested in microseconds.

pub mod access;
pub mod activity;
pub mod actor;
pub mod agreement;
pub mod area;
pub mod boundary;
pub mod calendar;
pub mod capacity;
pub mod case;
pub mod case_code;
pub mod case_identifier;
pub mod case_transfer;
pub mod clock;
pub mod code;
pub mod code_flag;
pub mod consent;
pub mod consent_record;
#[cfg(test)]
mod consent_tests;
pub mod correction;
pub mod criterion;
pub mod directory;
pub mod disclosed;
pub mod event;
pub mod figures;
pub mod folding;
pub mod freshness;
pub mod global_id;
pub mod id;
pub mod import_run;
pub mod imported;
pub mod language;
pub mod language_tag;
pub mod listing;
pub mod map;
pub mod misses;
pub mod notice;
pub mod organization;
pub mod page;
pub mod parts;
pub mod person;
pub mod plan;
pub mod policy;
#[cfg(test)]
mod policy_tests;
pub mod quarter;
pub mod referral;
pub mod revision;
pub mod rule;
pub mod schedule;
pub mod sealed;
pub mod service;
pub mod service_entry;
#[cfg(test)]
mod service_entry_tests;
pub mod sphere;
pub mod stage;
pub mod suppression;
pub mod taxonomy;
pub mod unmet;
pub mod words;
