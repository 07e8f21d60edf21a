//! What a receiver's answer means.

use super::schedule::{LONGEST_PAUSE, SPARED};
use crate::domain::code::codes;

codes! {
    /// How an attempt to deliver a webhook went.
    pub enum WebhookOutcome {
        /// The receiver took it: a status of 200 to 299.
        Delivered = "DELIVERED",
        /// The receiver refused or failed: a status of 400 and above.
        Refused = "REFUSED",
        /// The receiver sent it elsewhere, where it does not go.
        Redirected = "REDIRECTED",
        /// The receiver says that it is gone for good: status 410.
        Gone = "GONE",
        /// The receiver, or what stands before it, asks to be spared: status 429, 502 or 504.
        SlowDown = "SLOW_DOWN",
        /// No answer within 15 seconds.
        TimedOut = "TIMED_OUT",
        /// No connection, or none that is encrypted as it must be.
        Unreachable = "UNREACHABLE",
        /// The name leads to no public address, so that nothing was sent.
        AddressForbidden = "ADDRESS_FORBIDDEN",
    }
}

/// What came of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    pub outcome: WebhookOutcome,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// For how long nothing more is sent to this receiver, in microseconds.
    pub spared: Option<i64>,
}

impl Answer {
    /// What a status means. `retry_after` is the header of this name, `seconds` the present since 1970.
    #[must_use]
    pub fn of(status: u16, retry_after: Option<&str>, seconds: i64) -> Self {
        let outcome = match status {
            200..=299 => WebhookOutcome::Delivered,
            300..=399 => WebhookOutcome::Redirected,
            410 => WebhookOutcome::Gone,
            429 | 502 | 504 => WebhookOutcome::SlowDown,
            _ => WebhookOutcome::Refused,
        };
        let asked = retry_after.and_then(|text| pause(text, seconds)).map(|pause| pause.min(LONGEST_PAUSE));
        let spared = match (outcome, status) {
            (WebhookOutcome::SlowDown, _) => Some(asked.unwrap_or(SPARED)),
            (_, 503) => asked,
            _ => None,
        };
        Self { outcome, status: Some(status), spared }
    }

    /// An attempt without an answer.
    #[must_use]
    pub fn without(outcome: WebhookOutcome) -> Self {
        Self { outcome, status: None, spared: None }
    }
}

/// A pause that was asked for: seconds, or an HTTP date. In microseconds.
fn pause(text: &str, seconds: i64) -> Option<i64> {
    let text = text.trim();
    let wait = match text.parse::<u32>() {
        Ok(wait) => i64::from(wait),
        Err(_) => {
            let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
            (at.as_second() - seconds).max(0)
        }
    };
    Some(wait.saturating_mul(1_000_000))
}
