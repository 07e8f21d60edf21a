//! From where somebody asks.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;

/// The address that failures are counted for: that of the connection, or, behind servers of the deployment's own, the one
/// that the outermost of them was asked from. What stands further left in the header was written by whoever asks, and is
/// not looked at. Whoever can't be told apart is counted as one.
pub fn of(request: &HttpRequest, proxies: usize) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip());
    if proxies == 0 {
        return peer;
    }
    let headers = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let named: Vec<&str> = headers.flat_map(|value| value.split(',')).map(str::trim).collect();
    let outermost = named.len().checked_sub(proxies).and_then(|at| named.get(at));
    outermost.and_then(|text| read(text)).unwrap_or(peer)
}

/// An address, with or without a port.
fn read(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').split(']').next().unwrap_or(text);
    bare.parse().ok().or_else(|| text.rsplit_once(':').and_then(|(address, _)| address.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn at(proxies: usize, headers: &[&str]) -> String {
        let mut request = TestRequest::default().peer_addr("198.51.100.1:9999".parse().unwrap());
        for header in headers {
            request = request.append_header(("x-forwarded-for", *header));
        }
        of(&request.to_http_request(), proxies).to_string()
    }

    #[test]
    fn only_what_our_own_servers_say_is_believed() {
        assert_eq!(at(0, &["203.0.113.9"]), "198.51.100.1", "nobody stands in front");
        assert_eq!(at(1, &[]), "198.51.100.1");
        assert_eq!(at(1, &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(at(1, &["10.0.0.1, 203.0.113.9"]), "203.0.113.9", "the left one is the caller's own invention");
        assert_eq!(at(1, &["10.0.0.1", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(at(2, &["10.0.0.1, 203.0.113.9, 192.0.2.1"]), "203.0.113.9");
        assert_eq!(at(3, &["203.0.113.9"]), "198.51.100.1");
        assert_eq!(at(1, &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(at(1, &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(at(1, &["unknown"]), "198.51.100.1");
    }
}
