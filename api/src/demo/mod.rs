//! The demonstration: a network of invented organizations that refer invented people to invented services. It is made
//! by the same use cases that a partner's requests run through, by a clock that walks over the last weeks, so that
//! times, events, audit and outbox are what they would have been. The same seed gives the same network.

mod cast;
mod clock;
mod directory;
mod further;
mod organizations;
pub mod personas;
mod places;
mod plan;
mod prepared;
mod random;
pub mod sandbox;
mod secrets;
mod services;
mod stage;
mod stories;
mod texts;
mod walk;
mod written;

#[cfg(test)]
mod tests;

pub use clock::WalkingClock;
pub use organizations::PARTIES;
pub use prepared::LoopIds;
pub use sandbox::Counterparties;
pub use secrets::public_secret;

use crate::app::App;
use crate::domain::rule::Outcome;
use random::Random;
use stage::Stage;
use std::sync::Arc;

/// The seed of the network that is always the same.
pub const SEED: u64 = 20_261_125;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Loads the network into an empty database, as of `now` in UTC microseconds. `app` runs by `clock`. `progress` hears
/// how many of how many steps are done.
///
/// # Errors
/// What a use case refuses; with a database that was empty, none does.
pub async fn load(app: &App, clock: &Arc<WalkingClock>, now: i64, progress: &dyn Fn(u64, u64)) -> Outcome<()> {
    let mut random = Random::new(SEED);
    let mut stage = Stage::new(app, clock, now);
    stage.begin().await?;
    directory::enter(&mut stage).await?;
    let steps = plan::plan(&stage, &mut random);
    walk::walk(&mut stage, &mut random, steps, progress).await?;
    further::further(&stage).await?;
    prepared::prepare(&mut stage).await?;
    sandbox::enter(&mut stage).await?;
    stage.remember().await?;
    Ok(())
}
