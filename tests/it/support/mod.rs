//! What every test stands on.

pub mod apart;
pub mod app;
pub mod bulk;
pub mod clock;
pub mod clocked;
pub mod dependencies;
pub mod egress;
pub mod engine;
pub mod found;
pub mod getting_in;
pub mod hostile_documents;
pub mod hostile_requests;
pub mod imports;
pub mod land;
pub mod looked_at;
pub mod node;
pub mod pg_install;
pub mod postgres;
pub mod released;
pub mod seed;
pub mod situations;
pub mod socket;
pub mod source_text;
pub mod spdx;
pub mod verbs;
pub mod world;
