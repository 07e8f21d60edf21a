//! The interpreter: the schema's types, inputs and payloads. A resolver is three lines: who asks, the use case, the
//! payload.

pub mod code_enum;
pub mod context;
pub mod error;
pub mod paging;
pub mod payload;
pub mod scalar;
