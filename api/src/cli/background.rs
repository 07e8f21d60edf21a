//! What runs beside the server: it waits until there is something to do, does it, and again, until the server ends.

use std::future::Future;

use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Work that comes round again and again.
pub trait Chore: Send + 'static {
    /// Waits until there may be something to do. It is dropped when the server ends.
    fn until_due(&mut self) -> impl Future<Output = ()> + Send;

    /// Does what is to be done. It is waited for when the server ends, so it is bounded.
    fn round(&mut self) -> impl Future<Output = ()> + Send;

    /// Does what is left to be done at the end.
    fn last(&mut self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}

/// The running task.
pub struct Background {
    name: &'static str,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Background {
    /// Starts it.
    #[must_use]
    pub fn start(name: &'static str, mut chore: impl Chore) -> Self {
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            loop {
                // Only the wait is cut short by a stop; a round under way is waited for.
                tokio::select! {
                    _ = stopped.changed() => return chore.last().await,
                    () = chore.until_due() => {}
                }
                chore.round().await;
            }
        });
        Self { name, stop, task }
    }

    /// Ends it once the round under way is done, and what is left after it.
    pub async fn end(self) {
        // Nobody listening any more means that it has ended already.
        let _ = self.stop.send(true);
        if self.task.await.is_err() {
            tracing::error!(name = self.name, "what runs beside the server did not end well");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::Notify;

    /// Counts its rounds; each waits to be let go on.
    struct Counted {
        due: Arc<Notify>,
        begun: Arc<Notify>,
        let_go: Arc<Notify>,
        rounds: Arc<AtomicUsize>,
        lasts: Arc<AtomicUsize>,
    }

    impl Chore for Counted {
        async fn until_due(&mut self) {
            self.due.notified().await;
        }

        async fn round(&mut self) {
            self.begun.notify_one();
            self.let_go.notified().await;
            self.rounds.fetch_add(1, Ordering::SeqCst);
        }

        async fn last(&mut self) {
            assert_eq!(self.rounds.load(Ordering::SeqCst), 2, "the round under way comes first");
            self.lasts.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn a_round_under_way_is_waited_for_and_what_is_left_is_done_once() {
        let (due, begun, let_go): (Arc<Notify>, Arc<Notify>, Arc<Notify>) = Default::default();
        let (rounds, lasts): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let counted = Counted {
            due: Arc::clone(&due),
            begun: Arc::clone(&begun),
            let_go: Arc::clone(&let_go),
            rounds: Arc::clone(&rounds),
            lasts: Arc::clone(&lasts),
        };
        let background = Background::start("a test", counted);
        for round in 0..2 {
            due.notify_one();
            begun.notified().await;
            assert_eq!(rounds.load(Ordering::SeqCst), round);
            if round == 0 {
                let_go.notify_one();
            }
        }
        // The second round is under way when it is stopped.
        tokio::join!(background.end(), async {
            tokio::task::yield_now().await;
            assert_eq!(lasts.load(Ordering::SeqCst), 0);
            let_go.notify_one();
        });
        assert_eq!((rounds.load(Ordering::SeqCst), lasts.load(Ordering::SeqCst)), (2, 1));
    }

    #[tokio::test]
    async fn whoever_only_waits_ends_at_once() {
        let rounds = Arc::<AtomicUsize>::new(AtomicUsize::new(2));
        let lasts = Arc::<AtomicUsize>::default();
        let counted = Counted {
            due: Arc::default(),
            begun: Arc::default(),
            let_go: Arc::default(),
            rounds,
            lasts: Arc::clone(&lasts),
        };
        Background::start("a test", counted).end().await;
        assert_eq!(lasts.load(Ordering::SeqCst), 1);
    }
}
