//! One socket: graphql-transport-ws from `connection_init` to the close code.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::web::Bytes;
use serde_json::{Map, Value};
use tokio::task::{AbortHandle, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};

use super::crowd::Room;
use super::follow::{Ended, Wire};
use super::inbound::{Inbound, Sent};
use super::message::{self, Asks, Close};
use super::operation::{Caller, Once, Prepared, Reached};
use super::outbound::{NotSent, Outbound};
use crate::app::NotIdentified;
use crate::domain::budget::Payer;
use crate::graphql::RequestInfo;
use crate::http::answer::Answer;
use crate::http::asked;
use crate::http::code::Code;
use crate::http::door::Inner;
use crate::http::negotiate::Media;
use crate::http::refusal::Refusal;
use crate::token::Claims;

/// After how many unanswered pings a peer is given up.
const SILENT: u32 = 3;

/// How a socket's work ends.
enum Over {
    /// With a close code.
    Close(Close),
    /// The peer is gone, or takes nothing any more.
    Gone,
}

/// One socket.
pub struct Socket {
    door: Arc<Inner>,
    out: Arc<Outbound>,
    info: RequestInfo,
    /// The token of the request's header, where it had one.
    given: Option<Claims>,
    caller: Option<Arc<Caller>>,
    tasks: JoinSet<(String, Ended)>,
    running: HashMap<String, (AbortHandle, Reached)>,
    opened: Instant,
    heard: Instant,
    pinged: Instant,
    room: Room,
}

impl Socket {
    /// A socket that was just opened.
    pub fn new(door: Arc<Inner>, out: Arc<Outbound>, (info, given): (RequestInfo, Option<Claims>), room: Room) -> Self {
        let now = Instant::now();
        Self {
            door,
            out,
            info,
            given,
            caller: None,
            tasks: JoinSet::new(),
            running: HashMap::new(),
            opened: now,
            heard: now,
            pinged: now,
            room,
        }
    }

    /// Serves it until it is closed.
    pub async fn serve(mut self, mut inbound: Inbound) {
        let over = self.work(&mut inbound).await;
        let reached = self.running.values().filter_map(|(_, reached)| reached.get()).min();
        self.tasks.abort_all();
        let close = match over {
            Over::Gone => {
                self.out.finish();
                return;
            }
            Over::Close(Close::Normal) => {
                self.out.end(Some(Close::Normal.frame(None)));
                self.out.finish();
                return;
            }
            Over::Close(close) => close,
        };
        let resume = self.caller.as_ref().zip(reached).map(|(caller, place)| caller.cursor(place));
        tracing::debug!(request_id = %self.info.request_id, code = close.told().0, "a socket is closed");
        self.out.end(Some(close.frame(resume.as_deref())));
        let farewell = async {
            loop {
                match inbound.next().await {
                    None | Some(Sent::Close | Sent::Broken | Sent::TooLarge) => return,
                    Some(_) => {}
                }
            }
        };
        // Whether they answer in time or not, it is over.
        let _ = timeout(self.door.live.settings.farewell, farewell).await;
        self.out.finish();
    }

    async fn work(&mut self, inbound: &mut Inbound) -> Over {
        let settings = self.door.live.settings;
        let mut closing = self.door.live.closing.subscribe();
        let mut next = Instant::now() + settings.recheck.min(settings.init_deadline);
        loop {
            let over = tokio::select! {
                sent = inbound.next() => match sent {
                    None => Some(Over::Gone),
                    Some(sent) => {
                        self.heard = Instant::now();
                        // Apart, so that a socket that waits holds no room for all that a frame may ask for.
                        Box::pin(self.hear(sent)).await.map(Over::Close)
                    }
                },
                Some(ended) = self.tasks.join_next() => self.ended(ended),
                _ = closing.wait_for(|closing| *closing) => Some(Over::Close(Close::Leaving)),
                () = sleep_until(next) => {
                    next = Instant::now() + settings.recheck;
                    Box::pin(self.look()).await
                }
            };
            if let Some(over) = over {
                return over;
            }
        }
    }

    /// What a frame comes to.
    async fn hear(&mut self, sent: Sent) -> Option<Close> {
        match sent {
            Sent::Pong => None,
            // A peer that asks faster than it reads gets no answer to each.
            Sent::Ping(bytes) => {
                let _ = self.out.try_push(&message::pong_frame(bytes));
                None
            }
            Sent::Close => Some(Close::Normal),
            Sent::Foreign => Some(Close::Invalid),
            Sent::TooLarge => Some(Close::TooLarge),
            Sent::Broken => Some(Close::Broken),
            Sent::Text(text) => match message::read(&text, &self.door.settings.limits) {
                None => Some(Close::Invalid),
                Some(asks) => self.answer(asks).await,
            },
        }
    }

    async fn answer(&mut self, asks: Asks) -> Option<Close> {
        match asks {
            Asks::Init { token } => self.begin(token).await,
            Asks::Pong => None,
            Asks::Ping => self.send(&message::pong()),
            Asks::Complete { id } => {
                if let Some((task, _)) = self.running.remove(&id) {
                    task.abort();
                }
                None
            }
            Asks::Subscribe { id, payload } => {
                let Some(caller) = self.caller.clone() else { return Some(Close::Unauthorized) };
                // What has ended is over, also if it was not looked at yet.
                while let Some(ended) = self.tasks.try_join_next() {
                    if let Some(Over::Close(close)) = self.ended(ended) {
                        return Some(close);
                    }
                }
                if self.running.contains_key(&id) {
                    return Some(Close::Taken);
                }
                match self.prepare(payload, &caller).await {
                    Ok(prepared) => {
                        self.run(id, caller, prepared);
                        None
                    }
                    Err(refusal) => {
                        let answer = Answer::refused(refusal, Media::Response, &self.info);
                        self.send(&message::error(&id, &answer.errors()))
                    }
                }
            }
        }
    }

    async fn prepare(&self, payload: Map<String, Value>, caller: &Caller) -> Result<Prepared, Refusal> {
        let most = self.door.live.settings.operations;
        if self.running.len() >= most {
            let message = format!("A socket runs at most {most} operations at once.");
            return Err(Refusal::new(Code::RateLimited, message).with("limit", most.into()));
        }
        self.door.prepare(asked::from_members(payload)?, caller).await
    }

    fn run(&mut self, id: String, caller: Arc<Caller>, prepared: Prepared) {
        let (door, out) = (Arc::clone(&self.door), Arc::clone(&self.out));
        let (reached, name) = (Reached::default(), id.clone());
        let wire = Wire::Socket(id.clone());
        let task = match prepared {
            Prepared::Follow(subscribed) => {
                let followed = door.follow(subscribed, caller, reached.clone(), (wire, out));
                self.tasks.spawn_local(async move { (name, Box::pin(followed).await) })
            }
            Prepared::Once(once) => {
                let once = door.once(*once, caller, (wire, out));
                self.tasks.spawn_local(async move { (name, Box::pin(once).await) })
            }
        };
        self.running.insert(id, (task, reached));
    }

    /// Lets somebody in.
    async fn begin(&mut self, token: Option<String>) -> Option<Close> {
        if self.caller.is_some() {
            return Some(Close::Twice);
        }
        let app = &self.door.app;
        let claims = match token {
            Some(token) => app.tokens().verify(&token, app.now()).ok(),
            None => self.given.take(),
        };
        let Some(claims) = claims else { return Some(Close::Forbidden) };
        match self.door.live.access.ask(app.as_ref(), &claims).await {
            Err(NotIdentified::Refused) => Some(Close::Forbidden),
            Err(NotIdentified::Unavailable) => Some(Close::Busy),
            Ok(actor) => {
                if !self.door.live.crowd.admits(&mut self.room, claims.sub, claims.org) {
                    return Some(Close::Full);
                }
                let payer = Payer::Known { principal: claims.sub, organization: claims.org };
                self.caller = Some(Arc::new(Caller::new((Some(claims), payer), actor, self.info.clone())));
                self.send(&message::ack())
            }
        }
    }

    fn send(&self, message: &Bytes) -> Option<Close> {
        match self.out.try_push(message) {
            Ok(()) | Err(NotSent::Gone) => None,
            Err(NotSent::Slow) => Some(Close::Slow),
        }
    }

    fn ended(&mut self, ended: Result<(String, Ended), JoinError>) -> Option<Over> {
        match ended {
            Ok((id, Ended::Done)) => {
                self.running.remove(&id);
                None
            }
            Ok((_, Ended::NotSent(NotSent::Slow))) => Some(Over::Close(Close::Slow)),
            Ok((_, Ended::NotSent(NotSent::Gone))) => Some(Over::Gone),
            Ok((_, Ended::Spent)) => Some(Over::Close(Close::Spent)),
            Err(error) if error.is_panic() => Some(Over::Close(Close::Broke)),
            // It was ended by its client.
            Err(_) => None,
        }
    }

    /// Looks whether all is still well.
    async fn look(&mut self) -> Option<Over> {
        let settings = &self.door.live.settings;
        let Some(caller) = &self.caller else {
            let is_late = self.opened.elapsed() >= settings.init_deadline;
            return is_late.then_some(Over::Close(Close::NotBegun));
        };
        if self.out.stalled() >= settings.stall || self.heard.elapsed() >= settings.ping * SILENT {
            return Some(Over::Gone);
        }
        if !self.door.is_let_in(caller).await {
            return Some(Over::Close(Close::Forbidden));
        }
        if self.heard.elapsed() >= settings.ping && self.pinged.elapsed() >= settings.ping {
            self.pinged = Instant::now();
            let _ = self.out.try_push(&message::ping_frame());
        }
        None
    }
}

impl Inner {
    /// Whether somebody is still let in; who they are now is remembered.
    pub(super) async fn is_let_in(&self, caller: &Caller) -> bool {
        let Some(claims) = &caller.claims else { return true };
        if self.app.now().as_second() >= claims.exp {
            return false;
        }
        match self.live.access.ask(self.app.as_ref(), claims).await {
            Ok(actor) => {
                caller.is_now(actor);
                true
            }
            Err(NotIdentified::Refused) => false,
            // Nothing can be read meanwhile either.
            Err(NotIdentified::Unavailable) => true,
        }
    }

    /// Runs a query or mutation, as over HTTP.
    pub(super) async fn once(
        self: Arc<Self>,
        once: Once,
        caller: Arc<Caller>,
        (wire, out): (Wire, Arc<Outbound>),
    ) -> Ended {
        let limit = self.settings.limits.cost;
        let info = &caller.info;
        let Once { request, cost, class, payment } = once;
        let answer = match self.run(request, class, caller.claims.clone(), info).await {
            Ok(response) => Answer::executed(response, &self.guard, Media::Response, info),
            Err(refusal) => Answer::refused(refusal, Media::Response, info),
        };
        let answer = answer.paid(payment, self.app.now());
        let patience = self.live.settings.patience;
        let sent = if answer.has_data() {
            let body = answer.body(cost, limit, info);
            match out.push(&wire.next(&body), patience).await {
                Ok(()) => out.push(&wire.complete(), patience).await,
                not_sent => not_sent,
            }
        } else {
            match out.push(&wire.error(&answer, cost, limit, &caller), patience).await {
                Ok(()) if matches!(wire, Wire::Events) => out.push(&wire.complete(), patience).await,
                sent => sent,
            }
        };
        sent.map_or_else(Ended::NotSent, |()| Ended::Done)
    }
}
