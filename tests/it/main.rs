//! Journeys through the public door, on both engines.

mod advisories;
mod architecture;
mod cancellation;
mod capacity;
mod cluster;
mod idempotency;
mod journeys;
mod licenses;
mod machine;
mod permissions;
mod strangers;
mod support;
mod windows;
