//! Passerelle: referrals between the partners of migrant return and reintegration, over GraphQL.
//!
//! The rooms look one way: `http` (the door) → `graphql` (the interpreter) → `usecase` (the conductor) → `domain` (the
//! judge), with `store` (the clerk) behind the use case.

pub mod app;
pub mod cli;
pub mod demo;
pub mod domain;
pub mod graphql;
pub mod hsds;
pub mod http;
pub mod oidc;
pub mod outgoing;
pub mod store;
pub mod texts;
pub mod token;
pub mod usecase;
