//! The address of a receiver as it is written: only the plainest form of a web address is taken, because every odd form
//! is one that some program reads differently.

use super::address::is_public;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest address, in bytes.
pub const LONGEST: usize = 2_000;

/// Endings of names that no public name has, or that mean something else than a machine on the internet.
const NOT_PUBLIC: &[&str] = &[
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "onion",
    "arpa",
    "invalid",
    "test",
    "example",
    "alt",
];

/// How far webhooks reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// To the public internet, encrypted.
    #[default]
    Public,
    /// Also to this machine, unencrypted: for tests, and for those who try things out in the demonstration.
    ThisMachineToo,
}

/// Why an address is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Longer than 2,000 bytes.
    #[error("it is too long")]
    TooLong,
    /// It does not begin with `https://`.
    #[error("it does not begin with https:")]
    NotHttps,
    /// It holds something that a plain address does not.
    #[error("it is not written plainly")]
    Malformed,
    /// It names a user or a password.
    #[error("it names a user")]
    User,
    /// Its host is no full name of a public machine.
    #[error("its host is no public name")]
    Host,
    /// Its host is an address of a network that is not public.
    #[error("its address is not public")]
    Address,
    /// A port that is not used for the web.
    #[error("its port is not allowed")]
    Port,
}

/// An address that was found to be written plainly. Whether its host's name leads to a public address is seen when it is
/// looked up, each time something is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The whole address, as it was given.
    pub url: String,
    /// The host in small letters: a name, or an address without brackets.
    pub host: String,
    pub port: u16,
    /// The host where it is an address.
    pub literal: Option<IpAddr>,
}

impl Target {
    /// Reads an address.
    ///
    /// # Errors
    /// See [`Unfit`].
    pub fn read(url: &str, reach: Reach) -> Result<Self, Unfit> {
        if url.len() > LONGEST {
            return Err(Unfit::TooLong);
        }
        // Signs of other scripts may be folded into letters and digits by whoever reads the name; and a line's end, a blank
        // or a backslash parts it differently for different readers.
        if !url.bytes().all(|byte| byte.is_ascii_graphic())
            || url.contains(['\\', '#', '<', '>', '"', '^', '`', '{', '}', '|'])
        {
            return Err(Unfit::Malformed);
        }
        let (rest, is_plain) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
            (Some(rest), _) => (rest, false),
            (None, Some(rest)) if reach == Reach::ThisMachineToo => (rest, true),
            _ => return Err(Unfit::NotHttps),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let authority = &rest[..end];
        if authority.contains('@') {
            return Err(Unfit::User);
        }
        let (host, port) = parted(authority, if is_plain { 80 } else { 443 })?;
        let literal = literal(host)?;
        let is_here = literal.is_some_and(|address| address.is_loopback()) || host.eq_ignore_ascii_case("localhost");
        if is_here && reach == Reach::ThisMachineToo {
            return Ok(Self::of(url, host, port, literal));
        }
        if is_plain {
            return Err(Unfit::NotHttps);
        }
        match literal {
            Some(address) if !is_public(address) => return Err(Unfit::Address),
            Some(_) => {}
            None => check_name(host)?,
        }
        // Below 1024 listen mail, files, shells and the like.
        if port != 443 && port < 1024 {
            return Err(Unfit::Port);
        }
        Ok(Self::of(url, host, port, literal))
    }

    fn of(url: &str, host: &str, port: u16, literal: Option<IpAddr>) -> Self {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        Self { url: url.to_owned(), host, port, literal }
    }
}

/// Whether something may be sent to an address that a name was found to have.
#[must_use]
pub fn may_connect(address: IpAddr, reach: Reach) -> bool {
    is_public(address) || (reach == Reach::ThisMachineToo && address.is_loopback())
}

/// The host, with its brackets if it has any, and the port.
fn parted(authority: &str, usual: u16) -> Result<(&str, u16), Unfit> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(inside) => {
            let end = inside.find(']').ok_or(Unfit::Malformed)?;
            let after = &inside[end + 1..];
            (
                &authority[..end + 2],
                if after.is_empty() { None } else { Some(after.strip_prefix(':').ok_or(Unfit::Malformed)?) },
            )
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    if host.is_empty() {
        return Err(Unfit::Host);
    }
    let Some(port) = port else { return Ok((host, usual)) };
    let is_plain =
        !port.is_empty() && port.len() <= 5 && !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse().ok().filter(|_| is_plain).ok_or(Unfit::Port)?;
    Ok((host, port))
}

/// The host as an address, if it is one in its usual form. What looks like a number in another form is refused.
fn literal(host: &str) -> Result<Option<IpAddr>, Unfit> {
    if let Some(inside) = host.strip_prefix('[') {
        let address: Ipv6Addr = inside.trim_end_matches(']').parse().map_err(|_| Unfit::Malformed)?;
        return Ok(Some(address.into()));
    }
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.to_ascii_lowercase().starts_with("0x");
    if !is_number {
        return Ok(None);
    }
    // Four decimal numbers without leading zeros, and nothing else.
    let address: Ipv4Addr = host.parse().map_err(|_| Unfit::Host)?;
    Ok(Some(address.into()))
}

/// That a name is one of a machine on the internet: several parts of letters, digits and hyphens, the last no number.
fn check_name(host: &str) -> Result<(), Unfit> {
    let host = host.to_ascii_lowercase();
    let labels: Vec<&str> = host.split('.').collect();
    let formed = |label: &&str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let last = labels.last().copied().unwrap_or_default();
    let is_word = last.starts_with("xn--") || (last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic()));
    if host.len() <= 253 && labels.len() >= 2 && labels.iter().all(formed) && is_word && !NOT_PUBLIC.contains(&last) {
        Ok(())
    } else {
        Err(Unfit::Host)
    }
}
