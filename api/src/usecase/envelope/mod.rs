//! Envelopes: commands that were queued on a device without a line, judged when they arrive. Each is one write under its
//! own key and is authorized as of now; the device's own time is told and never used.

mod expire;
mod land;
mod parked;
mod queued;

pub use expire::expire_parked;
pub use land::{Landed, Packed, land};
pub use parked::{NewState, Settle, load, parked, settle, sight_of};
pub use queued::Queued;

use crate::app::App;
use crate::domain::rule::Outcome;
use crate::usecase::work::{Ask, Begun, begin};

/// That an envelope's key does not belong to another envelope. Nothing is kept yet.
///
/// # Errors
/// IDEMPOTENCY_CONFLICT; those of every key.
pub async fn open(app: &App, ask: Ask<'_>) -> Outcome<()> {
    begin::<bool>(app, ask).await.map(drop)
}

/// Keeps an envelope's key once all its commands have landed. The same envelope may come again: each of its commands is
/// known by its own key.
///
/// # Errors
/// What the engine refuses.
pub async fn close(app: &App, ask: Ask<'_>) -> Outcome<()> {
    match begin::<bool>(app, ask).await? {
        Begun::Again(_) => Ok(()),
        Begun::Fresh(work) => work.commit(true).await.map(drop),
    }
}
