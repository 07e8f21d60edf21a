//! Handing cases over: the holder proposes, the receiving organization answers, and nothing of a case is left with
//! nobody in between.

mod answer;
mod lapse;
mod propose;
mod read;

pub use answer::{Accept, Decline, accept, decline, withdraw};
pub use lapse::lapse_unanswered;
pub(crate) use lapse::withdraw_with_case;
pub use propose::{Propose, ProposeMany, Proposed, propose, propose_many};
pub use read::{TransferFilter, list, transfer};

/// The most characters of a text that goes with a proposal.
pub const MAX_TEXT: usize = 2_000;
/// The most cases that are proposed in one call.
pub const MOST_CASES: usize = 100;
