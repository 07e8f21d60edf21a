//! Journeys through the public door, on both engines.

mod advisories;
mod architecture;
mod cluster;
mod directory;
mod journeys;
mod licenses;
mod permissions;
mod strangers;
mod support;
mod windows;
