//! The clock in the background: deadlines pass also when nobody asks for anything.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use crate::app::App;
use crate::usecase::clock::Runner;
use crate::usecase::directory::search_due;
use crate::usecase::edition::put_in_force;
use crate::usecase::import::{look_again, make_wanted};

/// How often the clock looks; the shortest limit is an hour.
const PAUSE: Duration = Duration::from_secs(5);

/// The running task.
pub struct Clockwork {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Clockwork {
    /// Starts it.
    #[must_use]
    pub fn start(app: Arc<App>) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self { stop, task: tokio::spawn(run(app, stopped)) }
    }

    /// Ends it once the run under way is done.
    pub async fn end(self) {
        // Nobody listening any more means that it has ended already.
        let _ = self.stop.send(true);
        if self.task.await.is_err() {
            tracing::error!("the clock did not end well");
        }
    }
}

async fn run(app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    let mut runner = Runner::default();
    loop {
        // Only the pause is cut short by a stop; a run is bounded, and waited for.
        tokio::select! {
            _ = stopped.changed() => return,
            () = sleep_until(Instant::now() + PAUSE) => {}
        }
        if let Err(fault) = search_due(&app).await {
            tracing::warn!(error = %fault, "services can't be made found now");
        }
        if let Err(fault) = put_in_force(&app).await {
            tracing::warn!(error = %fault, "an edition of the taxonomy can't be put in force now");
        }
        if let Err(fault) = look_again(&app).await {
            tracing::warn!(error = %fault, "imports can't be looked at anew now");
        }
        if let Err(fault) = make_wanted(&app).await {
            tracing::warn!(error = %fault, "imports that publishers want can't be made now");
        }
        if let Err(fault) = runner.run(&app).await {
            tracing::warn!(error = %fault, "the clock can't run now");
        }
    }
}
