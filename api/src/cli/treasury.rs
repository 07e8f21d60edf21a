//! What this node leased of budgets and does not need goes back to all.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use crate::app::App;
use crate::usecase::budget::IDLE;

/// How often it looks.
const PAUSE: Duration = Duration::from_secs(10);
/// At every which look old budgets are forgotten.
const FORGET_EVERY: u32 = 360;

/// The running task.
pub struct Treasury {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Treasury {
    /// Starts it.
    #[must_use]
    pub fn start(app: Arc<App>) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self { stop, task: tokio::spawn(run(app, stopped)) }
    }

    /// Ends it once everything is given back.
    pub async fn end(self) {
        // Nobody listening any more means that it has ended already.
        let _ = self.stop.send(true);
        if self.task.await.is_err() {
            tracing::error!("budgets were not given back");
        }
    }
}

async fn run(app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    for look in 1_u32.. {
        tokio::select! {
            _ = stopped.changed() => return give_back(&app, app.now()).await,
            () = sleep_until(Instant::now() + PAUSE) => {}
        }
        give_back(&app, app.now() - IDLE).await;
        if look % FORGET_EVERY == 0
            && let Err(fault) = app.forget_budgets().await
        {
            tracing::warn!(error = %fault, "old budgets can't be forgotten now");
        }
    }
}

async fn give_back(app: &App, since: i64) {
    if let Err(fault) = app.return_leases(since).await {
        tracing::warn!(error = %fault, "budgets can't be given back now");
    }
}
