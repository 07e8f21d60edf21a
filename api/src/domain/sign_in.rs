//! Getting in: secrets of applications, codes of invitations, and what is answered to whoever asks for a token.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::actor::Scope;
use crate::domain::code::Code as _;
use crate::domain::sealed::Private;

/// How every secret of an application begins, so that those who look through public code find one that got lost.
pub const SECRET_PREFIX: &str = "passerelle_secret_";
/// How every code of an invitation begins.
pub const INVITATION_PREFIX: &str = "passerelle_invitation_";
/// How many random bytes a secret has: 256 bits, which nobody guesses.
pub const SECRET_BYTES: usize = 32;
/// How long an invitation can be used, in microseconds: a week.
pub const INVITATION_LASTS: i64 = 7 * 24 * 3_600_000_000;
/// The most secrets of one application that are good at the same time.
pub const MOST_SECRETS: usize = 5;
/// The longest time that old secrets may stay good beside a new one, in microseconds: thirty days.
pub const LONGEST_OVERLAP: i64 = 30 * 24 * 3_600_000_000;
/// How long old secrets stay good when nothing is said, in microseconds: a day.
pub const USUAL_OVERLAP: i64 = 24 * 3_600_000_000;
/// How long an access token is good for, in seconds.
pub const TOKEN_SECONDS: i64 = 600;

/// Failures of one client from one address in a minute before it must wait.
pub const PER_CLIENT_AND_ADDRESS: i32 = 5;
/// Failures from one address in a minute, whomever it says it is, before it must wait.
pub const PER_ADDRESS: i32 = 30;

/// A secret as it is shown once: the prefix and the bytes in base64url.
#[must_use]
pub fn written(prefix: &str, bytes: [u8; SECRET_BYTES]) -> Private<String> {
    Private::new(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// What of a secret is shown later, so that people know which one it is: its last four signs.
#[must_use]
pub fn hint(secret: &Private<String>) -> String {
    let text = secret.expose();
    text.get(text.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}

/// The place that failures are counted for: an IPv4 address, or the network of 64 bits in which an IPv6 address lies,
/// because whoever has one of those has all of them.
#[must_use]
pub fn place(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The scopes that a token gets: those asked for, or all that the application has. Nothing where one is asked for that it
/// does not have, or that there is not.
#[must_use]
pub fn narrowed(has: &[Scope], asked: Option<&str>) -> Option<Vec<Scope>> {
    let Some(asked) = asked else { return Some(has.to_vec()) };
    let mut granted = Vec::new();
    for word in asked.split(' ') {
        let scope = Scope::from_code(word).filter(|scope| has.contains(scope))?;
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    Some(granted)
}

/// Scopes as a token writes them.
#[must_use]
pub fn scope_text(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" ")
}

/// An application that asks for a token of its own.
#[derive(Debug, Clone)]
pub struct ClientAsks {
    /// As it was sent: the application's public identifier, or anything else.
    pub client: String,
    pub secret: Private<String>,
    /// Scopes with one blank between them; all that it has when nothing is said.
    pub scope: Option<String>,
    /// From where it asks.
    pub address: IpAddr,
}

/// An app that hands in what an identity provider said of a member, for a token of that member.
#[derive(Debug, Clone)]
pub struct MemberAsks {
    /// The identity token.
    pub token: Private<String>,
    /// What the app gave to the provider, so that a token made for another sign-in is told apart.
    pub nonce: Option<Private<String>>,
    /// The code by which a member is bound the first time.
    pub invitation: Option<Private<String>>,
    /// The public identifier of the organization, for somebody who works for several.
    pub organization: Option<String>,
    pub address: IpAddr,
}

/// A token, as it is answered.
#[derive(Debug, Clone)]
pub struct Granted {
    pub token: Private<String>,
    /// For how long it is good.
    pub seconds: i64,
    /// What it may be used for; empty for a member, whose roles say it.
    pub scope: String,
    /// Whether it was given for another token (RFC 8693), whose answer says also what kind of token it is.
    pub is_exchanged: bool,
}

/// Why no token is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotGranted {
    /// The application is unknown or ended, or the secret is wrong: it is never told which.
    Client,
    /// What was handed in is not believed, or belongs to nobody: it is never told which.
    Grant,
    /// A scope was asked for that the application does not have.
    Scope,
    /// Too many failures; after so many seconds it may be tried again.
    TooOften(i64),
    /// It can't be looked up now.
    Unavailable,
    /// Our fault; it is in the log.
    Broken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_narrowed_and_never_widened() {
        let has = [Scope::CasesRead, Scope::ReferralsRead];
        assert_eq!(narrowed(&has, None), Some(has.to_vec()));
        assert_eq!(narrowed(&has, Some("REFERRALS_READ")), Some(vec![Scope::ReferralsRead]));
        assert_eq!(narrowed(&has, Some("CASES_READ CASES_READ")), Some(vec![Scope::CasesRead]));
        for wrong in ["CASES_WRITE", "CASES_READ CASES_WRITE", "cases_read", "CASES_READ  REFERRALS_READ", " ", "*"] {
            assert_eq!(narrowed(&has, Some(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn secrets_are_found_by_their_beginning_and_told_apart_by_their_end() {
        let secret = written(SECRET_PREFIX, [7; SECRET_BYTES]);
        assert!(secret.expose().starts_with("passerelle_secret_Bwc"));
        assert_eq!(secret.expose().len(), SECRET_PREFIX.len() + 43);
        assert!(secret.expose().ends_with(&hint(&secret)) && hint(&secret).len() == 4);
    }

    #[test]
    fn an_address_is_counted_with_its_neighbors() {
        let place_of = |text: &str| place(text.parse().unwrap());
        assert_eq!(place_of("192.0.2.7"), "192.0.2.7");
        assert_eq!(place_of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(place_of("2001:db8:1:2:3:4:5:6"), place_of("2001:db8:1:2::9"));
        assert_ne!(place_of("2001:db8:1:2::9"), place_of("2001:db8:1:3::9"));
    }
}
