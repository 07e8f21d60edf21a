//! The interpreter: the schema's types, inputs and payloads. A resolver is three lines: who asks, the use case, the
//! payload.

pub mod area;
pub mod category;
pub mod code_enum;
pub mod codes;
pub mod context;
pub mod coverage;
pub mod directory_query;
pub mod error;
pub mod organization;
pub mod paging;
pub mod payload;
pub mod program;
pub mod scalar;
pub mod service;
pub mod service_entry;
pub mod service_filter;
pub mod service_input;
pub mod service_mutation;
pub mod service_parts;
pub mod text;
pub mod viewer;
