//! Putting an app together.

use std::sync::Arc;

use super::failed::{Ending, Failed};
use super::secret::{DEMO_SEALING_KEY_ID, DEMO_SEALING_ROOT};
use crate::app::{App, Policy};
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::misses::Misses;
use crate::outgoing::Egress;
use crate::store::door::Door;
use crate::store::sealing::Sealer;
use crate::token::Keyring;

/// The parts of a server in production.
#[must_use]
pub fn production(store: Door, tokens: Keyring, sealer: Sealer, policy: Policy) -> App {
    App {
        store,
        clock: Arc::new(SystemClock),
        tokens,
        sealer,
        policy,
        misses: Misses::default(),
        egress: Egress::default(),
    }
}

/// The parts of the demonstration, by a clock of one's choice. Its webhooks also go to this machine, so that they can be
/// tried out; nothing else makes an app that does so.
///
/// # Errors
/// No randomness.
pub fn demonstration(store: Door, clock: Arc<dyn Clock>) -> Result<App, Failed> {
    let sealer = Sealer::from_root(DEMO_SEALING_KEY_ID, DEMO_SEALING_ROOT).map_err(broken)?;
    let tokens = Keyring::generate_demo().map_err(broken)?;
    Ok(App {
        store,
        clock,
        tokens,
        sealer,
        policy: Policy::default(),
        misses: Misses::default(),
        egress: Egress::with_this_machine(),
    })
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
    Ok(production(store, tokens, sealer, Policy::default()))
}

fn broken(error: impl std::fmt::Display) -> Failed {
    Failed::with(Ending::Broken, format!("{error}."))
}
