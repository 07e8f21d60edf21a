//! The judge: what the words of the field mean and what may happen. Pure code, without a clock, a database or a wire,
//! so that each rule is tested in microseconds.

pub mod access;
pub mod actor;
pub mod area;
pub mod calendar;
pub mod case;
pub mod case_code;
pub mod case_identifier;
pub mod clock;
pub mod code;
pub mod code_flag;
pub mod directory;
pub mod event;
pub mod folding;
pub mod global_id;
pub mod id;
pub mod imported;
pub mod language;
pub mod language_tag;
pub mod misses;
pub mod notice;
pub mod organization;
pub mod page;
pub mod parts;
pub mod policy;
pub mod referral;
pub mod rule;
pub mod sealed;
pub mod service;
pub mod service_entry;
