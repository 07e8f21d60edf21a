//! Which servers may be reached.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::vec::IntoIter;

use hyper::Uri;
use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;

use super::{Allows, Names};

/// Resolves names and gives only the addresses that may be connected to.
#[derive(Clone)]
pub struct Reach {
    pub allows: Allows,
    pub names: Arc<dyn Names>,
}

impl Service<Name> for Reach {
    type Response = IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<IntoIter<SocketAddr>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let allows = self.allows;
        let found = self.names.look_up(name.as_str());
        Box::pin(async move {
            let found = found.await?.into_iter();
            // The port is set by the connector.
            let allowed: Vec<_> = found.filter(|it| allows(*it)).map(|it| SocketAddr::new(it, 0)).collect();
            if allowed.is_empty() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "no address that may be reached"));
            }
            Ok(allowed.into_iter())
        })
    }
}

/// Whether an address may be asked by its form: https, or http on this very machine; a host; nobody named before it;
/// and, where the host is written as an address, one that is allowed, because a name's resolver never sees it.
pub fn may_be_asked(uri: &Uri, allows: Allows) -> bool {
    let (Some(scheme), Some(authority), Some(host)) = (uri.scheme_str(), uri.authority(), uri.host()) else {
        return false;
    };
    if authority.as_str().contains('@') || host.is_empty() {
        return false;
    }
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
    let speaks = match scheme {
        "https" => true,
        "http" => host == "localhost" || literal.is_some_and(|address| address.is_loopback()),
        _ => false,
    };
    speaks && literal.is_none_or(allows)
}
