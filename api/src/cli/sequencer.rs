//! What runs in the background: committed changes get their order.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use crate::app::App;

/// How many changes are placed in one go.
const MOST: u32 = 500;
/// The shortest pause: what is committed meanwhile is placed together.
const BREATH: Duration = Duration::from_millis(25);
/// The longest pause: other nodes' commits are not heard of here.
const IDLE: Duration = Duration::from_secs(1);

/// The running task.
pub struct Sequencer {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Sequencer {
    /// Starts it.
    #[must_use]
    pub fn start(app: Arc<App>) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self { stop, task: tokio::spawn(run(app, stopped)) }
    }

    /// Ends it once what it is doing is done.
    pub async fn end(self) {
        // Nobody listening any more means that it has ended already.
        let _ = self.stop.send(true);
        if self.task.await.is_err() {
            tracing::error!("the sequencer did not end well");
        }
    }
}

async fn run(app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    loop {
        // Only the pause is cut short by a stop; a transaction under way is waited for.
        tokio::select! {
            _ = stopped.changed() => return,
            () = app.store.feed().until_committed() => {}
            () = sleep_until(Instant::now() + IDLE) => {}
        }
        sleep_until(Instant::now() + BREATH).await;
        if let Err(fault) = app.store.sequence_outbox(MOST).await {
            tracing::warn!(error = %fault, "changes can't be put in order now");
        }
    }
}
