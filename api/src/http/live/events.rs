//! Server-sent events: one operation on one connection (graphql-sse, distinct connections).

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::{Method, header};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, rt};
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::crowd::Room;
use super::follow::{Ended, Wire, event};
use super::message::Close;
use super::operation::{Caller, Prepared, Reached};
use super::outbound::{NotSent, Outbound};
use crate::graphql::RequestInfo;
use crate::http::answer::Answer;
use crate::http::code::Code;
use crate::http::door::{Inner, identified};
use crate::http::negotiate::Media;
use crate::http::refusal::Refusal;
use crate::http::request_info::{REQUEST_ID, text};
use crate::http::{asked, bearer, till};

/// Whether a request asks for server-sent events.
#[must_use]
pub fn is_asked(request: &HttpRequest) -> bool {
    let names = |accept: &str| {
        accept.split(',').any(|range| {
            let name = range.split(';').next().unwrap_or_default();
            name.trim().eq_ignore_ascii_case("text/event-stream")
        })
    };
    text(request, header::ACCEPT).is_some_and(names)
}

/// Answers with a stream of events.
///
/// # Errors
/// What is wrong with the request itself; what is wrong with its document is told in the stream.
pub(in crate::http) async fn events(
    door: &Arc<Inner>,
    request: &HttpRequest,
    payload: web::Payload,
    info: &RequestInfo,
) -> Result<HttpResponse, Refusal> {
    if request.method() != Method::POST {
        let message = "Events are asked for with POST: addresses end up in logs.";
        return Err(Refusal::new(Code::BadRequest, message).with_status(405));
    }
    let claims = bearer::claims(request, door.app.tokens(), door.app.now())?;
    let asked = asked::from_body(request, payload, &door.settings.limits, door.settings.body_deadline).await?;
    let actor = Arc::new(identified(door.app.as_ref(), claims.clone()).await?);
    let payer = till::payer(request, claims.as_ref(), door.app.proxies());
    let caller = Arc::new(Caller::new((claims, payer), actor, info.clone()));
    let prepared = match door.prepare(asked, &caller).await {
        Err(refusal) if !refusal.code.is_documents_fault() => return Err(refusal),
        prepared => prepared,
    };
    let mut room = door.live.room(request, door.app.proxies())?;
    if let Some(claims) = &caller.claims
        && !door.live.crowd.admits(&mut room, claims.sub, claims.org)
    {
        return Err(super::too_many());
    }
    let (out, outgoing) = Outbound::new(&door.live.settings);
    drop(rt::spawn(Box::pin(serve(Arc::clone(door), caller, prepared, out, room))));
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((header::VARY, "Accept, Authorization, Accept-Language"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Neither we nor what stands before us may hold an event back.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_LANGUAGE, info.language.tag()))
        .insert_header((REQUEST_ID, info.request_id.as_ref()));
    Ok(response.streaming(outgoing))
}

/// How a stream is ended by us.
fn farewell(close: Close, caller: &Caller, reached: &Reached) -> Bytes {
    let resume = reached.get().map(|place| caller.cursor(place));
    let (code, reason) = close.told();
    event("complete", &json!({ "code": code, "reason": reason, "resume": resume }).to_string())
}

async fn serve(
    door: Arc<Inner>,
    caller: Arc<Caller>,
    prepared: Result<Prepared, Refusal>,
    out: Arc<Outbound>,
    _room: Room,
) {
    let reached = Reached::default();
    let wire = (Wire::Events, Arc::clone(&out));
    let working = async {
        match prepared {
            Ok(Prepared::Follow(subscribed)) => {
                Arc::clone(&door).follow(subscribed, Arc::clone(&caller), reached.clone(), wire).await
            }
            Ok(Prepared::Once(once)) => Arc::clone(&door).once(*once, Arc::clone(&caller), wire).await,
            Err(refusal) => refused(&door, refusal, &caller, &out).await,
        }
    };
    let close = tokio::select! {
        ended = working => match ended {
            Ended::NotSent(NotSent::Slow) => Some(Close::Slow),
            Ended::Spent => Some(Close::Spent),
            Ended::Done | Ended::NotSent(NotSent::Gone) => None,
        },
        close = watch(&door, &caller, &out) => close,
    };
    out.end(close.map(|close| farewell(close, &caller, &reached)));
    out.finish();
}

/// A document that was refused.
async fn refused(door: &Inner, refusal: Refusal, caller: &Caller, out: &Outbound) -> Ended {
    let answer = Answer::refused(refusal, Media::Response, &caller.info);
    let limit = door.settings.limits.cost;
    let patience = door.live.settings.patience;
    let sent = match out.push(&Wire::Events.error(&answer, 0, limit, caller), patience).await {
        Ok(()) => out.push(&Wire::Events.complete(), patience).await,
        not_sent => not_sent,
    };
    sent.map_or_else(Ended::NotSent, |()| Ended::Done)
}

/// Looks whether all is still well, until it is not.
async fn watch(door: &Inner, caller: &Caller, out: &Outbound) -> Option<Close> {
    let settings = &door.live.settings;
    let mut closing = door.live.closing.subscribe();
    let mut said = Instant::now();
    loop {
        tokio::select! {
            () = out.gone() => return None,
            _ = closing.wait_for(|closing| *closing) => return Some(Close::Leaving),
            () = sleep(settings.recheck) => {}
        }
        if out.stalled() >= settings.stall {
            return None;
        }
        if !door.is_let_in(caller).await {
            return Some(Close::Forbidden);
        }
        if said.elapsed() >= settings.ping.min(Duration::from_secs(15)) {
            said = Instant::now();
            // A comment, so that the line is not taken for dead.
            let _ = out.try_push(&Bytes::from_static(b":\n\n"));
        }
    }
}
