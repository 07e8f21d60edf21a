//! Webhooks: changes told to an organization's own server, after Standard Webhooks 1.0.

pub mod address;
pub mod answer;
pub mod endpoint;
pub mod payload;
pub mod schedule;
pub mod signing;
pub mod target;
#[cfg(test)]
mod tests;
