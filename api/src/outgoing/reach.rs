//! Which servers may be reached.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec::IntoIter;

use hyper::Uri;
use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;

use super::Allows;

/// Resolves names and gives only the addresses that may be connected to.
#[derive(Clone)]
pub struct Reach {
    pub allows: Allows,
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
        Box::pin(async move {
            // The port is set by the connector.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| allows(address.ip())).collect();
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
