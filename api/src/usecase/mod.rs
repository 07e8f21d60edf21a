//! The conductor: each use case reads like its sentence. It opens its work, loads and locks, asks the judge, stores what
//! came of it, and commits; all of it or nothing.

pub mod access;
pub mod activity;
pub mod agreement;
pub mod boundaries;
pub mod browse;
pub mod budget;
pub mod bulk;
pub mod case;
pub mod case_transfer;
pub mod change;
pub mod clock;
pub mod consent;
pub mod correction;
pub mod directory;
pub mod documents;
pub mod edition;
pub mod envelope;
pub mod export;
pub mod hsds;
pub mod import;
pub mod maps;
pub mod membership;
pub mod node;
pub mod person;
pub mod plan;
mod proposed_texts;
pub mod referral;
pub mod revision;
pub mod service;
pub mod sign_in;
pub mod taxonomy;
pub mod unmet;
pub mod webhook;
pub mod work;

pub use work::Ask;
