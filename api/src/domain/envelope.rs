//! Commands that were queued on a device while it had no line.

use crate::domain::code::codes;
use crate::domain::global_id::Kind;
use crate::domain::id::ProgramId;
use crate::domain::rule::RuleCode;
use crate::domain::sealed::Sealed;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most commands of one envelope.
pub const MOST_COMMANDS: usize = 50;
/// The most rows of one batch.
pub const MOST_ROWS: usize = 50;
/// For how many days a command waits for a person: as long as its key is known.
pub const PARKED_DAYS: i64 = 30;

codes! {
    /// What became of a command that was queued on a device.
    pub enum CommandOutcome {
        /// It was done, now or when it came before.
        Applied = "APPLIED",
        /// Somebody acted meanwhile so that there is nothing left to do; what happened is told.
        Superseded = "SUPERSEDED",
        /// What it was decided on has changed; it waits for a person, in `parkedCommands`.
        Parked = "PARKED",
        /// It breaks a rule; nothing was changed, and once it is put right the same key can be used again.
        Refused = "REFUSED",
        /// A fault of ours; send it again with the same key.
        Failed = "FAILED",
        /// The time for one request was over before it, and it was not looked at; send it again with the same key.
        Postponed = "POSTPONED",
    }
}

codes! {
    /// What became of a row of a batch.
    pub enum RowOutcome {
        /// It was done.
        Done = "DONE",
        /// It had been done before under the same key; nothing was changed.
        Repeated = "REPEATED",
        /// It breaks a rule; nothing of it was changed, and once it is put right the same key can be used again.
        Refused = "REFUSED",
        /// A fault of ours; send the row again with the same key.
        Failed = "FAILED",
        /// The time for one request was over before it, and it was not looked at; send the row again with the same key.
        Postponed = "POSTPONED",
    }
}

codes! {
    /// How a command stands that waits for a person.
    pub enum ParkedStatus {
        /// Nobody has decided yet.
        Waiting = "WAITING",
        /// Somebody had it done on what stands now.
        Resolved = "RESOLVED",
        /// Somebody decided that it is not to be done.
        Discarded = "DISCARDED",
        /// Nobody decided within thirty days; it is not done.
        Expired = "EXPIRED",
    }
}

/// A command that waits for a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ParkedCommand {
    pub id: Uuid,
    pub author_id: Uuid,
    pub device_id: String,
    pub mutation: String,
    pub subject_kind: Kind,
    pub subject_id: Uuid,
    pub program_id: Option<ProgramId>,
    pub seen_version: Option<i32>,
    /// The device's own time, UTC microseconds.
    pub made_at: i64,
    pub parked_at: i64,
    pub because: RuleCode,
    /// The command as the device sent it, sealed; empty once it is settled.
    pub command: Sealed,
    pub status: ParkedStatus,
    pub settled_at: Option<i64>,
    pub version: i32,
    /// What it said, as a keyed fingerprint; none for what was parked before fingerprints were kept.
    pub fingerprint: Option<String>,
}
