//! Webhooks in the background: what changed is told to whoever asked for it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::failed::{Ending, Failed};
use crate::app::App;
use crate::usecase::webhook::{Courier, Pace};

/// The pause while there is work.
const BUSY: Duration = Duration::from_millis(100);
/// The longest pause while there is none.
const IDLE: Duration = Duration::from_secs(1);
/// How long what is under way is waited for at the end; what has not ended by then is sent again by another node.
const LAST: Duration = Duration::from_secs(16);

/// The running task.
pub struct Couriers {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Couriers {
    /// Starts it.
    ///
    /// # Errors
    /// The TLS client can't be made.
    pub fn start(app: &Arc<App>) -> Result<Self, Failed> {
        let courier = Courier::new(Arc::clone(app), Pace::default())
            .map_err(|error| Failed::with(Ending::Broken, format!("{error}.")))?;
        let (stop, stopped) = watch::channel(false);
        Ok(Self { stop, task: tokio::spawn(run(courier, stopped)) })
    }

    /// Ends it: nothing more is begun, and what is under way is waited for.
    pub async fn end(self) {
        // Nobody listening any more means that it has ended already.
        let _ = self.stop.send(true);
        if self.task.await.is_err() {
            tracing::error!("the webhooks did not end well");
        }
    }
}

async fn run(mut courier: Courier, mut stopped: watch::Receiver<bool>) {
    let mut pause = BUSY;
    loop {
        // Only the pause is cut short by a stop; a round is bounded, and waited for.
        tokio::select! {
            _ = stopped.changed() => break,
            () = courier.wait(pause) => {}
        }
        pause = match courier.round().await {
            Ok(round) if round.is_idle() && courier.under_way() == 0 => (pause * 2).min(IDLE),
            Ok(_) => BUSY,
            Err(fault) => {
                tracing::warn!(error = %fault, "webhooks can't be sent now");
                IDLE
            }
        };
    }
    if timeout(LAST, courier.settle()).await.is_err() {
        tracing::warn!(under_way = courier.under_way(), "webhooks under way were not waited for any longer");
    }
}
