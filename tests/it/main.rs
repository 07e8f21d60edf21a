//! Journeys through the public door, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends where it stands")]

mod advisories;
mod architecture;
mod attacks;
mod attempts;
mod canary;
mod cancellation;
mod capacity;
mod cluster;
mod consent;
mod crash;
mod directory;
mod hostile;
mod idempotency;
mod identity;
mod import;
mod jordan;
mod journeys;
mod licenses;
mod machine;
mod manners;
mod migrations;
mod outbox;
mod parts;
mod parts_whole;
mod permissions;
mod schema;
mod statements;
mod strangers;
mod support;
mod windows;
