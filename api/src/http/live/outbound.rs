//! What waits to be sent to one reader: bounded in messages and bytes, and taken by the connection one by one.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::LiveSettings;

/// Why something is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The reader does not read fast enough.
    Slow,
    /// The connection is gone.
    Gone,
}

/// What waits for one reader.
pub struct Outbound {
    queue: Mutex<Queue>,
    changed: Notify,
    messages: usize,
    bytes: usize,
}

struct Queue {
    waiting: VecDeque<Bytes>,
    bytes: usize,
    /// Nothing is added any more.
    is_ended: bool,
    /// Once all is taken, the body ends.
    is_finished: bool,
    is_gone: bool,
    /// When the connection last took something, or had nothing to take.
    taken: Instant,
    waker: Option<Waker>,
}

impl Outbound {
    /// A queue, and the body of the answer that sends what is in it.
    #[must_use]
    pub fn new(settings: &LiveSettings) -> (Arc<Self>, Outgoing) {
        let queue = Queue {
            waiting: VecDeque::new(),
            bytes: 0,
            is_ended: false,
            is_finished: false,
            is_gone: false,
            taken: Instant::now(),
            waker: None,
        };
        let (messages, bytes) = (settings.queue_messages, settings.queue_bytes);
        let outbound = Arc::new(Self { queue: Mutex::new(queue), changed: Notify::new(), messages, bytes });
        (Arc::clone(&outbound), Outgoing(outbound))
    }

    /// Adds a message if there is room.
    ///
    /// # Errors
    /// No room, or nobody to send it to.
    pub fn try_push(&self, message: &Bytes) -> Result<(), NotSent> {
        let mut queue = self.queue();
        if queue.is_gone || queue.is_ended {
            return Err(NotSent::Gone);
        }
        // One message alone may be as large as it is.
        let is_full = queue.waiting.len() >= self.messages || queue.bytes + message.len() > self.bytes;
        if is_full && !queue.waiting.is_empty() {
            return Err(NotSent::Slow);
        }
        queue.add(message.clone());
        Ok(())
    }

    /// Adds a message, and waits for room as long as `patience` allows.
    ///
    /// # Errors
    /// As [`Outbound::try_push`].
    pub async fn push(&self, message: &Bytes, patience: Duration) -> Result<(), NotSent> {
        let until = Instant::now() + patience;
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            match self.try_push(message) {
                Err(NotSent::Slow) => {}
                done => return done,
            }
            if tokio::time::timeout_at(until, changed).await.is_err() {
                return Err(NotSent::Slow);
            }
        }
    }

    /// Adds the last message, room or not; nothing comes after it.
    pub fn end(&self, last: Option<Bytes>) {
        let mut queue = self.queue();
        if !queue.is_ended {
            queue.is_ended = true;
            last.into_iter().for_each(|last| queue.add(last));
        }
        drop(queue);
        self.changed.notify_waiters();
    }

    /// Ends the body once all is taken.
    pub fn finish(&self) {
        let mut queue = self.queue();
        queue.is_ended = true;
        queue.is_finished = true;
        queue.wake();
    }

    /// For how long the connection has taken nothing though something waits.
    #[must_use]
    pub fn stalled(&self) -> Duration {
        let queue = self.queue();
        if queue.waiting.is_empty() { Duration::ZERO } else { queue.taken.elapsed() }
    }

    /// Waits until the connection is gone.
    pub async fn gone(&self) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.queue().is_gone {
                return;
            }
            changed.await;
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn add(&mut self, message: Bytes) {
        if self.waiting.is_empty() {
            self.taken = Instant::now();
        }
        self.bytes += message.len();
        self.waiting.push_back(message);
        self.wake();
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// The body of the answer.
pub struct Outgoing(Arc<Outbound>);

impl Stream for Outgoing {
    type Item = Result<Bytes, actix_web::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut queue = self.0.queue();
        if let Some(message) = queue.waiting.pop_front() {
            queue.bytes -= message.len();
            queue.taken = Instant::now();
            if queue.waiting.is_empty() {
                // Ten thousand idle readers keep no room for what was sent.
                queue.waiting.shrink_to_fit();
            }
            drop(queue);
            self.0.changed.notify_waiters();
            return Poll::Ready(Some(Ok(message)));
        }
        if queue.is_finished {
            return Poll::Ready(None);
        }
        queue.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        let mut queue = self.0.queue();
        queue.is_gone = true;
        queue.waiting.clear();
        queue.bytes = 0;
        drop(queue);
        self.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt as _;

    fn small() -> LiveSettings {
        LiveSettings { queue_messages: 2, queue_bytes: 10, ..LiveSettings::default() }
    }

    #[tokio::test]
    async fn it_is_bounded_in_messages_and_in_bytes() {
        let (outbound, mut outgoing) = Outbound::new(&small());
        let (four, seven, huge) =
            (Bytes::from_static(b"four"), Bytes::from_static(b"seven.."), Bytes::from(vec![0; 99]));
        assert_eq!(outbound.try_push(&four), Ok(()));
        assert_eq!(outbound.try_push(&seven), Err(NotSent::Slow), "eleven bytes");
        assert_eq!(outbound.try_push(&four), Ok(()));
        assert_eq!(outbound.try_push(&Bytes::new()), Err(NotSent::Slow), "a third message");
        assert_eq!(outbound.push(&four, Duration::from_millis(5)).await, Err(NotSent::Slow), "nobody read");
        assert!(outbound.stalled() >= Duration::from_millis(5));
        let (pushed, taken) = tokio::join!(outbound.push(&four, Duration::from_secs(5)), outgoing.next());
        assert_eq!((pushed, taken.unwrap().unwrap()), (Ok(()), four));
        outgoing.next().await;
        outgoing.next().await;
        assert_eq!(outbound.stalled(), Duration::ZERO);
        assert_eq!(outbound.try_push(&huge), Ok(()), "alone it may be as large as it is");
    }

    #[tokio::test]
    async fn the_last_comes_last_and_whoever_is_gone_is_sent_nothing() {
        let (outbound, mut outgoing) = Outbound::new(&small());
        let word = Bytes::from_static(b"word");
        outbound.try_push(&word).unwrap();
        outbound.end(Some(Bytes::from_static(b"a last word that is long")));
        assert_eq!(outbound.try_push(&word), Err(NotSent::Gone));
        outbound.finish();
        assert_eq!(outgoing.next().await.unwrap().unwrap(), word);
        assert_eq!(outgoing.next().await.unwrap().unwrap(), "a last word that is long");
        assert!(outgoing.next().await.is_none());
        let (outbound, outgoing) = Outbound::new(&small());
        drop(outgoing);
        outbound.gone().await;
        assert_eq!(outbound.push(&word, Duration::from_secs(5)).await, Err(NotSent::Gone));
    }
}
