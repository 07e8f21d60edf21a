//! Consents after they were recorded: withdrawn, redacted by receivers, expired.

mod asking;
mod confirm_override;
mod expiry;
mod goes_on;
mod record;
mod redact;
mod renew;
mod stand_in;
mod withdraw;
mod withdraw_fields;

pub(crate) use asking::ask_redaction;
pub use confirm_override::confirm_override;
pub use expiry::{tell_expired, tell_overdue};
pub use goes_on::{RecordGoesOn, record_goes_on};
pub use record::record;
pub use redact::{confirm_redaction, redaction, redactions};
pub(crate) use renew::renew;
pub(crate) use stand_in::oversight_of;
pub use stand_in::{
    RecordOverride, ReviewOverride, consent_override, consent_overrides, record_override, review_override,
};
pub use withdraw::{Moved, Withdraw, Withdrawn, withdraw};
pub use withdraw_fields::{WithdrawFields, withdraw_fields};
