//! What this node leased of budgets and does not need goes back to all.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::background::{Background, Chore};
use crate::app::App;
use crate::usecase::budget::IDLE;

/// How often it looks.
const PAUSE: Duration = Duration::from_secs(10);
/// At every which look old budgets are forgotten.
const FORGET_EVERY: u32 = 360;

struct Treasury {
    app: Arc<App>,
    looks: u32,
}

/// Starts it.
#[must_use]
pub fn start(app: Arc<App>) -> Background {
    Background::start("treasury", Treasury { app, looks: 0 })
}

impl Chore for Treasury {
    async fn until_due(&mut self) {
        sleep(PAUSE).await;
    }

    async fn round(&mut self) {
        self.looks = (self.looks + 1) % FORGET_EVERY;
        give_back(&self.app, self.app.now() - IDLE).await;
        if self.looks == 0
            && let Err(fault) = self.app.forget_budgets().await
        {
            tracing::warn!(error = %fault, "old budgets can't be forgotten now");
        }
    }

    /// Everything goes back.
    async fn last(&mut self) {
        give_back(&self.app, self.app.now()).await;
    }
}

async fn give_back(app: &App, since: i64) {
    if let Err(fault) = app.return_leases(since).await {
        tracing::warn!(error = %fault, "budgets can't be given back now");
    }
}
