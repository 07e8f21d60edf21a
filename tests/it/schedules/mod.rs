//! When services are given: entered, imported, asked about, and compared with another reading of the same rules.

mod entry;
pub mod imported;
mod open;
mod random;
mod recurrence;
