//! Consents after they were recorded: withdrawn, redacted by receivers, expired.

mod expiry;
mod redact;
mod withdraw;

pub use expiry::{tell_expired, tell_overdue};
pub use redact::{confirm_redaction, redaction, redactions};
pub use withdraw::{Moved, Withdraw, Withdrawn, withdraw};
