//! What runs in the background: committed changes get their order.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::background::{Background, Chore};
use crate::app::App;

/// How many changes are placed in one go.
const MOST: u32 = 500;
/// The shortest pause: what is committed meanwhile is placed together.
const BREATH: Duration = Duration::from_millis(25);
/// The longest pause: other nodes' commits are not heard of here.
const IDLE: Duration = Duration::from_secs(1);

struct Sequencer {
    app: Arc<App>,
}

/// Starts it.
#[must_use]
pub fn start(app: Arc<App>) -> Background {
    Background::start("sequencer", Sequencer { app })
}

impl Chore for Sequencer {
    async fn until_due(&mut self) {
        // That nothing was committed here is as good as that something was: others may have.
        let _ = timeout(IDLE, self.app.store.feed().until_committed()).await;
    }

    async fn round(&mut self) {
        sleep(BREATH).await;
        if let Err(fault) = self.app.store.sequence_outbox(MOST).await {
            tracing::warn!(error = %fault, "changes can't be put in order now");
        }
    }
}
