//! What runs beside the server: a round, a pause, and again, until the server ends.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// The running task.
pub struct Background {
    name: &'static str,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Background {
    /// Starts it; each round tells how long to pause after it.
    #[must_use]
    pub fn start<F, R>(name: &'static str, first: Duration, mut round: R) -> Self
    where
        R: FnMut() -> F + Send + 'static,
        F: Future<Output = Duration> + Send,
    {
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            let mut pause = first;
            loop {
                // Only the pause is cut short by a stop; a round under way is waited for.
                tokio::select! {
                    _ = stopped.changed() => return,
                    () = sleep_until(Instant::now() + pause) => {}
                }
                pause = round().await;
            }
        });
        Self { name, stop, task }
    }

    /// Ends it once the round under way is done.
    pub async fn end(self) {
        // Nobody listening any more means that it has ended already.
        let _ = self.stop.send(true);
        if self.task.await.is_err() {
            tracing::error!(name = self.name, "what runs beside the server did not end well");
        }
    }
}
