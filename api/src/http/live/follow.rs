//! One subscription from its opening to its end.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Bytes;

use super::message;
use super::operation::{Caller, Reached, Subscribed};
use super::outbound::{NotSent, Outbound};
use crate::domain::change::{NoChanges, Place};
use crate::http::answer::Answer;
use crate::http::code::Code;
use crate::http::door::Inner;
use crate::http::negotiate::Media;
use crate::http::refusal::Refusal;

/// How many changes are read at a time by who is behind.
const MOST: usize = 32;
/// The pause after the database could not be read.
const AGAIN: Duration = Duration::from_secs(1);

/// How messages are put on the line.
pub enum Wire {
    /// Messages of graphql-transport-ws, for the operation of this id.
    Socket(String),
    /// Server-sent events.
    Events,
}

impl Wire {
    /// An answer.
    pub fn next(&self, body: &[u8]) -> Bytes {
        match self {
            Self::Socket(id) => message::next(id, body),
            Self::Events => event("next", &String::from_utf8_lossy(body)),
        }
    }

    /// Errors instead of an answer; the operation is over with it.
    pub fn error(&self, answer: &Answer, cost: u64, limit: u64, caller: &Caller) -> Bytes {
        match self {
            Self::Socket(id) => message::error(id, &answer.errors()),
            Self::Events => self.next(&answer.body(cost, limit, &caller.info)),
        }
    }

    /// The end.
    pub fn complete(&self) -> Bytes {
        match self {
            Self::Socket(id) => message::complete(id),
            Self::Events => event("complete", ""),
        }
    }
}

/// One server-sent event. JSON has no line breaks of its own.
pub fn event(name: &str, data: &str) -> Bytes {
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}

/// How an operation ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its last message was sent.
    Done,
    /// Its reader is too slow, or gone.
    NotSent(NotSent),
    /// Its reader has nothing left to pay for the next change with.
    Spent,
}

impl From<NotSent> for Ended {
    fn from(why: NotSent) -> Self {
        Self::NotSent(why)
    }
}

impl Inner {
    /// Follows until something ends it.
    pub(super) async fn follow(
        self: Arc<Self>,
        mut subscribed: Box<Subscribed>,
        caller: Arc<Caller>,
        reached: Reached,
        (wire, out): (Wire, Arc<Outbound>),
    ) -> Ended {
        let limit = self.settings.limits.cost;
        let failed = |answer: &Answer| wire.error(answer, subscribed.cost, limit, &caller);
        // What is done now and then is kept apart: ten thousand who wait would each hold the room for all of it.
        let ended = match Box::pin(self.begin(&subscribed, &caller)).await {
            Err(answer) => failed(&answer),
            Ok((followed, place)) => {
                subscribed.followed = followed;
                reached.set(place);
                match self.go_on(&subscribed, &caller, &reached, (&wire, &out)).await {
                    Ok(answer) => wire.error(&answer, subscribed.cost, limit, &caller),
                    Err(ended) => return ended,
                }
            }
        };
        let patience = self.live.settings.patience;
        let sent = Box::pin(out.push(&ended, patience)).await;
        let sent = match (&wire, sent) {
            // A socket's `error` is the end by itself.
            (Wire::Socket(_), sent) => sent,
            (Wire::Events, Ok(())) => out.push(&wire.complete(), patience).await,
            (Wire::Events, not_sent) => not_sent,
        };
        sent.map_or_else(Ended::NotSent, |()| Ended::Done)
    }

    /// What is followed, and from where.
    async fn begin(
        &self,
        subscribed: &Subscribed,
        caller: &Caller,
    ) -> Result<(crate::domain::change::Followed, Place), Box<Answer>> {
        let followed = self.open(subscribed, caller).await?;
        let place = match followed.after {
            Some(place) => place,
            None => self.app.latest_change().await.map_err(|()| {
                let refusal = Refusal::new(Code::Unavailable, "The service cannot answer now; try again.");
                Box::new(Answer::refused(refusal, Media::Response, &caller.info))
            })?,
        };
        Ok((followed, place))
    }

    /// Sends change after change, each at the price of the document; gives the answer that ends it, or why nothing more is
    /// sent.
    async fn go_on(
        &self,
        subscribed: &Subscribed,
        caller: &Caller,
        reached: &Reached,
        (wire, out): (&Wire, &Outbound),
    ) -> Result<Box<Answer>, Ended> {
        let limit = self.settings.limits.cost;
        let price = i64::try_from(subscribed.cost).unwrap_or(i64::MAX);
        let mut place = reached.get().unwrap_or(Place::behind(0));
        loop {
            let batch = match self.app.next_changes(&caller.actor(), &subscribed.followed, place, MOST).await {
                Ok(batch) => batch,
                Err(NoChanges::Expired) => {
                    let message = "What follows this cursor is no longer all kept; begin anew from `latestCursor`.";
                    let refusal = Refusal::new(Code::CursorExpired, message);
                    return Ok(Box::new(Answer::refused(refusal, Media::Response, &caller.info)));
                }
                Err(NoChanges::Fault(_)) => {
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
            };
            for change in &batch.changes {
                if !caller.pays(self.app.as_ref(), price).await {
                    return Err(Ended::Spent);
                }
                if let Some(answer) = Box::pin(self.deliver(subscribed, caller, change)).await {
                    let body = answer.body(subscribed.cost, limit, &caller.info);
                    out.push(&wire.next(&body), self.live.settings.patience).await?;
                } else {
                    caller.has_back(self.app.as_ref(), price);
                }
                reached.set(change.place);
            }
            place = batch.until;
            reached.set(place);
            if !batch.has_more {
                self.app.until_changed(&caller.actor(), place).await;
            }
        }
    }
}
