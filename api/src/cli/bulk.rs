//! Bulk jobs in the background: one step after another, whichever node comes first.

use std::sync::Arc;
use std::time::Duration;

use super::background::Background;
use crate::app::App;
use crate::graphql::Api;
use crate::graphql::bulk_rows::Rows;
use crate::usecase::bulk::Runner;

/// The pause while there is work: others have their turn in between.
const BUSY: Duration = Duration::from_millis(20);
/// The pause while there is none.
const IDLE: Duration = Duration::from_secs(2);
/// At every which round old files are thrown away.
const SWEEP_EVERY: u32 = 30;

/// Starts the work on bulk jobs.
#[must_use]
pub fn start(app: &Arc<App>, api: Api) -> Background {
    let rows = Arc::new(Rows::new(Arc::clone(app), api));
    let runner = Arc::new(Runner::new(Arc::clone(app), rows));
    let mut rounds = 0_u32;
    Background::start("bulk jobs", IDLE, move || {
        rounds = rounds.wrapping_add(1);
        let (runner, sweeps) = (Arc::clone(&runner), rounds.is_multiple_of(SWEEP_EVERY));
        async move {
            if sweeps && let Err(fault) = runner.sweep().await {
                tracing::warn!(error = %fault, "files of bulk jobs can't be thrown away now");
            }
            match runner.round().await {
                Ok(true) => BUSY,
                Ok(false) => IDLE,
                Err(fault) => {
                    tracing::warn!(error = %fault, "bulk jobs can't be worked on now");
                    IDLE
                }
            }
        }
    })
}
