//! Putting an app together.

use std::sync::Arc;

use super::failed::{Ending, Failed};
use super::secret::{DEMO_SEALING_KEY_ID, DEMO_SEALING_ROOT};
use crate::app::{App, Policy};
use crate::domain::budget::{Rate, Rates};
use crate::domain::clock::{Clock, SystemClock};
use crate::oidc::Providers;
use crate::store::door::Door;
use crate::store::sealing::Sealer;
use crate::token::Keyring;
use crate::usecase::budget::Budgets;

/// The parts of a server in production.
///
/// # Errors
/// The client for other servers can't be made.
pub fn production(store: Door, tokens: Keyring, sealer: Sealer, policy: Policy) -> Result<App, Failed> {
    let providers = Providers::new().map_err(broken)?;
    Ok(App { store, clock: Arc::new(SystemClock), tokens, sealer, policy, budgets: Budgets::default(), providers })
}

/// The parts of the demonstration, by a clock of one's choice.
///
/// # Errors
/// No randomness.
pub fn demonstration(store: Door, clock: Arc<dyn Clock>) -> Result<App, Failed> {
    let sealer = Sealer::from_root(DEMO_SEALING_KEY_ID, DEMO_SEALING_ROOT).map_err(broken)?;
    let tokens = Keyring::generate_demo().map_err(broken)?;
    let providers = Providers::new().map_err(broken)?;
    Ok(App { store, clock, tokens, sealer, policy: roomy(), budgets: Budgets::default(), providers })
}

/// The parts for an operator's entries: they need no secret, since they seal nothing and issue no token. Its keys are
/// thrown away with it.
///
/// # Errors
/// No randomness.
pub fn operators(store: Door) -> Result<App, Failed> {
    let mut root = [0; 32];
    getrandom::fill(&mut root).map_err(broken)?;
    let sealer = Sealer::from_root("none", root).map_err(broken)?;
    let tokens = Keyring::generate_demo().map_err(broken)?;
    production(store, tokens, sealer, Policy::default())
}

/// The demonstration is there to be played with, also by a program in a hurry: budgets are told and hardly ever empty.
fn roomy() -> Policy {
    let rates = Rates::default();
    let more = |rate: Rate| Rate { points: rate.points.saturating_mul(1_000), ..rate };
    let rates = Rates {
        principal: more(rates.principal),
        organization: more(rates.organization),
        address: more(rates.address),
        ..rates
    };
    Policy { rates, ..Policy::default() }
}

fn broken(error: impl std::fmt::Display) -> Failed {
    Failed::with(Ending::Broken, format!("{error}."))
}
