//! Which network addresses a webhook may go to: those of the public internet and no others. What is not known to be
//! public is refused, so that a new special range is refused before anybody has written it down here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range of addresses: its first address and how many bits of it are fixed.
type Range<A> = (A, u32);

/// The ranges of IPv4 that are not public, after the registry of special-purpose addresses: own network, private,
/// shared with a provider's other customers, this machine, the local link, protocol assignments, documentation,
/// blackholes, multicast relays, 6to4 relays, benchmarking, multicast, reserved and broadcast. The last is one public
/// address under which a cloud's machines reach their own host.
const IPV4_DENIED: &[Range<Ipv4Addr>] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    (Ipv4Addr::new(168, 63, 129, 16), 32),
];

/// The only range of IPv6 from which public addresses are given out. Outside of it lie this machine, unspecified,
/// v4-mapped, v4-compatible, NAT64, discard-only, SRv6, unique-local, site- and link-local, and multicast addresses.
const IPV6_GIVEN_OUT: Range<Ipv6Addr> = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What is not public in it: protocol assignments with Teredo, benchmarking and ORCHID, documentation twice, 6to4, and
/// blackholes.
const IPV6_DENIED: &[Range<Ipv6Addr>] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an address is one of the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !IPV4_DENIED.iter().any(|range| holds_v4(*range, address)),
        IpAddr::V6(address) => {
            holds_v6(IPV6_GIVEN_OUT, address) && !IPV6_DENIED.iter().any(|range| holds_v6(*range, address))
        }
    }
}

fn holds_v4((first, bits): Range<Ipv4Addr>, address: Ipv4Addr) -> bool {
    (first.to_bits() ^ address.to_bits()).leading_zeros() >= bits
}

fn holds_v6((first, bits): Range<Ipv6Addr>, address: Ipv6Addr) -> bool {
    (first.to_bits() ^ address.to_bits()).leading_zeros() >= bits
}
