//! Journeys through the public door, on both engines.

mod advisories;
mod architecture;
mod cluster;
mod import;
mod jordan;
mod journeys;
mod licenses;
mod permissions;
mod strangers;
mod support;
mod windows;
