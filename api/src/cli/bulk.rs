//! Bulk jobs in the background: one step after another, whichever node comes first.

use std::sync::Arc;
use std::time::Duration;

use super::background::{Background, Chore};
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
    let runner = Runner::new(Arc::clone(app), rows);
    Background::start("bulk jobs", Jobs { runner, rounds: 0, pause: IDLE })
}

struct Jobs {
    runner: Runner,
    rounds: u32,
    pause: Duration,
}

impl Chore for Jobs {
    async fn until_due(&mut self) {
        tokio::time::sleep(self.pause).await;
    }

    async fn round(&mut self) {
        self.rounds = self.rounds.wrapping_add(1);
        if self.rounds.is_multiple_of(SWEEP_EVERY)
            && let Err(fault) = self.runner.sweep().await
        {
            tracing::warn!(error = %fault, "files of bulk jobs can't be thrown away now");
        }
        self.pause = match self.runner.round().await {
            Ok(true) => BUSY,
            Ok(false) => IDLE,
            Err(fault) => {
                tracing::warn!(error = %fault, "bulk jobs can't be worked on now");
                IDLE
            }
        };
    }
}
