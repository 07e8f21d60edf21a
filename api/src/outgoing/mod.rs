//! Requests that the server itself sends: to identity providers for their keys, to partners' webhooks.
//!
//! Everything is bounded: 5 s for a whole exchange, 256 KiB of answer, and no redirect is followed, because an address
//! that was looked at must be the one that is asked. Which addresses may be reached is said once, when the client is
//! made, and is held to for names after they are resolved and for addresses written out: the connection goes to the very
//! address that was looked at, so that a name which answers differently the second time gains nothing.

mod reach;

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};

use reach::{Reach, may_be_asked};

/// How long an exchange may take from the first look at the name to the last byte of the answer.
pub const LONGEST: Duration = Duration::from_secs(5);
/// The most bytes of an answer that are read.
pub const MOST_BYTES: usize = 256 * 1024;

/// Whether an address may be connected to.
pub type Allows = fn(IpAddr) -> bool;

/// A client for requests to other servers. Clones are the same client, with the same idle connections.
#[derive(Clone)]
pub struct Outgoing {
    client: Client<HttpsConnector<HttpConnector<Reach>>, Full<Bytes>>,
    allows: Allows,
    longest: Duration,
}

/// What another server is asked.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    pub url: String,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Vec<u8>,
}

impl Call {
    /// A plain GET.
    #[must_use]
    pub fn get(url: &str) -> Self {
        Self { method: Method::GET, url: url.to_owned(), headers: Vec::new(), body: Vec::new() }
    }
}

/// What another server answered, whatever its status.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why there is no answer. Never repeats the address, which may hold a secret of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoReply {
    /// The text is no address that may be asked: https only (http on this machine), no user, no fragment.
    #[error("the address may not be asked")]
    Address,
    /// The server can't be reached or does not speak as it should.
    #[error("the server does not answer as it should")]
    Unreachable,
    /// It took too long.
    #[error("the server took too long")]
    TooLong,
    /// The answer is larger than [`MOST_BYTES`].
    #[error("the answer is too large")]
    TooLarge,
}

/// The roots of trust can't be read.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the TLS client can't be made")]
pub struct NoClient;

impl Outgoing {
    /// A client that connects to addresses which `allows` lets through.
    ///
    /// # Errors
    /// [`NoClient`]; with the TLS library at hand it does not happen.
    pub fn new(allows: Allows) -> Result<Self, NoClient> {
        let mut http = HttpConnector::new_with_resolver(Reach { allows });
        http.enforce_http(false);
        http.set_connect_timeout(Some(LONGEST));
        http.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls().ok_or(NoClient)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(4)
            .build(connector);
        Ok(Self { client, allows, longest: LONGEST })
    }

    /// The same client with another bound on how long an exchange takes.
    #[must_use]
    pub fn within(self, longest: Duration) -> Self {
        Self { longest, ..self }
    }

    /// Sends a call and reads the whole answer. A redirect is an answer like any other.
    ///
    /// # Errors
    /// [`NoReply`].
    pub async fn send(&self, call: Call) -> Result<Reply, NoReply> {
        let uri: Uri = call.url.parse().map_err(|_| NoReply::Address)?;
        if call.url.contains('#') || !may_be_asked(&uri, self.allows) {
            return Err(NoReply::Address);
        }
        let mut request = Request::new(Full::new(Bytes::from(call.body)));
        *request.method_mut() = call.method;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(
            hyper::header::USER_AGENT,
            HeaderValue::from_static(concat!("Passerelle/", env!("CARGO_PKG_VERSION"))),
        );
        for (name, value) in call.headers {
            headers.insert(name, value);
        }
        tokio::time::timeout(self.longest, self.exchange(request)).await.map_err(|_| NoReply::TooLong)?
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Reply, NoReply> {
        let answer = self.client.request(request).await.map_err(|_| NoReply::Unreachable)?;
        let (head, body) = answer.into_parts();
        let read = Limited::new(body, MOST_BYTES).collect().await;
        let body = read.map_err(|error| {
            let too_large = error.is::<http_body_util::LengthLimitError>();
            if too_large { NoReply::TooLarge } else { NoReply::Unreachable }
        })?;
        Ok(Reply { status: head.status.as_u16(), headers: head.headers, body: body.to_bytes() })
    }
}

/// TLS 1.2 and 1.3 on ring, with the roots that browsers trust and those of this machine; made once.
fn tls() -> Option<ClientConfig> {
    static MADE: OnceLock<Option<ClientConfig>> = OnceLock::new();
    MADE.get_or_init(make_tls).clone()
}

fn make_tls() -> Option<ClientConfig> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let own = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(own.certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
    Some(config.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests;
