//! Persons: what their case's holder knows of them, field by field.

mod set;

pub use set::{SetPerson, set_person};
