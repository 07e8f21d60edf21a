//! The clock in the background: deadlines pass also when nobody asks for anything.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::background::{Background, Chore};
use crate::app::App;
use crate::usecase::clock::Runner;
use crate::usecase::directory::search_due;
use crate::usecase::edition::put_in_force;
use crate::usecase::import::{look_again, make_wanted};

/// How often the clock looks; the shortest limit is an hour.
const PAUSE: Duration = Duration::from_secs(5);

struct Clockwork {
    app: Arc<App>,
    runner: Runner,
}

/// Starts it.
#[must_use]
pub fn start(app: Arc<App>) -> Background {
    Background::start("clock", Clockwork { app, runner: Runner::default() })
}

impl Chore for Clockwork {
    async fn until_due(&mut self) {
        sleep(PAUSE).await;
    }

    async fn round(&mut self) {
        if let Err(fault) = search_due(&self.app).await {
            tracing::warn!(error = %fault, "services can't be made found now");
        }
        if let Err(fault) = put_in_force(&self.app).await {
            tracing::warn!(error = %fault, "an edition of the taxonomy can't be put in force now");
        }
        if let Err(fault) = look_again(&self.app).await {
            tracing::warn!(error = %fault, "imports can't be looked at anew now");
        }
        if let Err(fault) = make_wanted(&self.app).await {
            tracing::warn!(error = %fault, "imports that publishers want can't be made now");
        }
        if let Err(fault) = self.runner.run(&self.app).await {
            tracing::warn!(error = %fault, "the clock can't run now");
        }
    }
}
