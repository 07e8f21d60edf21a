//! How a request becomes a socket.

use std::sync::Arc;

use actix_http::ws;
use actix_web::body::{BodyStream, MessageBody as _};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, rt, web};

use super::inbound::Inbound;
use super::message::Close;
use super::outbound::Outbound;
use super::socket::Socket;
use crate::graphql::RequestInfo;
use crate::http::bearer;
use crate::http::code::Code;
use crate::http::door::Inner;
use crate::http::refusal::Refusal;
use crate::http::request_info::text;

/// The protocol spoken on a socket.
const PROTOCOL: &str = "graphql-transport-ws";

/// Whether a request asks for a socket.
#[must_use]
pub fn is_asked(request: &HttpRequest) -> bool {
    text(request, header::UPGRADE).is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

/// Makes a socket of a request.
///
/// # Errors
/// A request that is no handshake, from another origin, with a token that is not believed, or one too many.
pub(in crate::http) fn upgrade(
    door: &Arc<Inner>,
    request: &HttpRequest,
    payload: web::Payload,
    info: &RequestInfo,
) -> Result<HttpResponse, Refusal> {
    if !is_own_origin(request) {
        return Err(Refusal::new(Code::Forbidden, "A page of another origin can't open a socket here."));
    }
    let given = bearer::claims(request, door.app.tokens(), door.app.now())?;
    let mut response = ws::handshake(request.head())
        .map_err(|_| Refusal::new(Code::BadRequest, "This is no WebSocket handshake of version 13."))?;
    let room = door.live.room(request, door.app.proxies())?;
    let settings = &door.live.settings;
    let (out, outgoing) = Outbound::new(settings);
    let inbound = Inbound::new(payload, settings.frame_bytes);
    if speaks(request) {
        response.insert_header((header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL));
        let socket = Socket::new(Arc::clone(door), out, (info.clone(), given), room);
        drop(rt::spawn(Box::pin(socket.serve(inbound))));
    } else {
        // Browsers tell their page nothing of a refused handshake, but they do of a close code.
        out.end(Some(Close::Protocol.frame(None)));
        out.finish();
    }
    let body = BodyStream::new(outgoing).boxed();
    let response = response.message_body(body).map_err(|_| crate::http::errors::fault())?;
    Ok(HttpResponse::from(response))
}

/// Whether the protocol is among those that are offered.
fn speaks(request: &HttpRequest) -> bool {
    let offered = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL);
    offered.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|one| one.trim() == PROTOCOL)
}

/// Whether a request comes from a page of this very origin, or from no page at all.
fn is_own_origin(request: &HttpRequest) -> bool {
    let mut origins = request.headers().get_all(header::ORIGIN);
    let Some(origin) = origins.next() else { return true };
    let host = text(request, header::HOST).unwrap_or_default();
    let named = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    origins.next().is_none() && !host.is_empty() && named.is_some_and(|(_, named)| named.eq_ignore_ascii_case(host))
}
