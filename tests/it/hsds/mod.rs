//! The reference API of HSDS under `/hsds`, on both engines.

mod endpoints;
mod filters;
mod http;
mod jordan;
mod openapi;
pub mod scene;
mod schemas;
mod secrets;
