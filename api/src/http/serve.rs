//! Binding, serving and ending cleanly.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::Error;
use actix_web::dev::{Server, Service, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Compress;
use actix_web::{App as Actix, HttpServer, web};
use async_graphql::{ObjectType, Schema, SubscriptionType};

use super::behind::Behind;
use super::door::{Door, DoorSettings, door_with};
use super::guard::shape::ShapeError;

/// Where and how the server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The address to bind; port 0 takes a free one.
    pub address: SocketAddr,
    /// Worker threads; nothing means one for each core.
    pub workers: Option<usize>,
    /// How long the headers of a request may take to arrive.
    pub header_deadline: Duration,
    /// How long running requests may still take once shutdown has begun, in whole seconds.
    pub drain: Duration,
    /// What the door holds to.
    pub door: DoorSettings,
}

impl Settings {
    /// The settings we publish, for an address.
    #[must_use]
    pub fn at(address: SocketAddr) -> Self {
        Self {
            address,
            workers: None,
            header_deadline: Duration::from_secs(5),
            drain: Duration::from_secs(25),
            door: DoorSettings::default(),
        }
    }
}

/// Why the server did not start or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Another program listens there.
    #[error("the address {0} is already in use")]
    Occupied(SocketAddr),
    /// The address cannot be bound for another reason.
    #[error("the address {address} cannot be bound")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The schema is at fault.
    #[error(transparent)]
    Schema(#[from] ShapeError),
    /// The signals that end the server cannot be listened to.
    #[error("the signals that end the server cannot be received")]
    Signals(#[source] io::Error),
    /// The server broke while it ran.
    #[error("the server broke")]
    Server(#[source] io::Error),
}

/// Serves until SIGTERM or Ctrl-C, then finishes what runs and returns.
///
/// `bound` is called once with the address that was really bound.
///
/// # Errors
/// A [`RunError`].
pub async fn run<Q, M, S>(
    settings: Settings,
    app: Arc<dyn Behind>,
    api: Schema<Q, M, S>,
    extra_routes: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
    bound: impl FnOnce(SocketAddr),
) -> Result<(), RunError>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let stop = stop_signal().map_err(RunError::Signals)?;
    run_until(settings, app, api, extra_routes, bound, stop).await
}

/// As [`run`], until `stop` is done instead of a signal.
///
/// # Errors
/// A [`RunError`].
pub async fn run_until<Q, M, S>(
    settings: Settings,
    app: Arc<dyn Behind>,
    api: Schema<Q, M, S>,
    extra_routes: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
    bound: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), RunError>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let door = door_with(app, api, settings.door)?;
    let (server, address) = listen(&settings, &door, extra_routes)?;
    serve(server, door, address, bound, stop).await
}

/// Binds; the server runs once its future is polled.
fn listen(
    settings: &Settings,
    door: &Door,
    extra_routes: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
) -> Result<(Server, SocketAddr), RunError> {
    let address = settings.address;
    let mounted = door.clone();
    let mut server = HttpServer::new(move || {
        let door = mounted.clone();
        Actix::new()
            .wrap(Compress::default())
            .wrap_fn(unsaid)
            .configure(move |config| door.routes(config))
            .configure(extra_routes.clone())
    })
    .on_connect(|connection, _| bound_silence(connection))
    .disable_signals()
    .client_request_timeout(settings.header_deadline)
    .shutdown_timeout(settings.drain.as_secs());
    if let Some(workers) = settings.workers {
        server = server.workers(workers);
    }
    let server = server.bind(address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => RunError::Occupied(address),
        _ => RunError::Bind { address, source },
    })?;
    let real = server.addrs().first().copied().unwrap_or(address);
    Ok((server.run(), real))
}

/// How long a peer may take nothing that it was sent before its connection is given up.
#[cfg(target_os = "linux")]
const SILENCE: Duration = Duration::from_secs(30);

/// A peer that never reads would keep its connection for ever: what was sent to it waits in the kernel, where no deadline
/// of ours reaches.
#[cfg(target_os = "linux")]
fn bound_silence(connection: &dyn std::any::Any) {
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(SILENCE))
    {
        tracing::debug!(error = %error, "a connection's silence can't be bounded");
    }
}

#[cfg(not(target_os = "linux"))]
fn bound_silence(_: &dyn std::any::Any) {}

/// An answer that is not compressed does not say so: `identity` is no content coding to be told.
fn unsaid<S, B>(
    request: ServiceRequest,
    service: &S,
) -> impl Future<Output = Result<ServiceResponse<B>, Error>> + use<S, B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    let answered = service.call(request);
    async {
        let mut response = answered.await?;
        let headers = response.headers_mut();
        if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding == "identity") {
            headers.remove(header::CONTENT_ENCODING);
        }
        Ok(response)
    }
}

async fn serve(
    server: Server,
    door: Door,
    address: SocketAddr,
    bound: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let handle = server.handle();
    let running = tokio::spawn(server);
    bound(address);
    tokio::pin!(running);
    tokio::select! {
        ended = &mut running => return finished(ended),
        () = stop => {}
    }
    // First nobody sends us more, then what runs is finished.
    door.close();
    tracing::info!("shutdown begins");
    handle.stop(true).await;
    finished(running.await)
}

fn finished(ended: Result<io::Result<()>, tokio::task::JoinError>) -> Result<(), RunError> {
    match ended {
        Ok(result) => result.map_err(RunError::Server),
        Err(join) => Err(RunError::Server(io::Error::other(join))),
    }
}

/// Done at SIGTERM or Ctrl-C. Listening begins at once, so that no signal is missed.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Done at Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
