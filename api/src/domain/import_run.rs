//! Imports that are looked at first: what one would change, where two publishers have one service, and how a source's
//! own words are mapped.

use crate::domain::code::codes;
use crate::domain::id::{ImportRunId, ServiceId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

codes! {
    /// Where a previewed import stands.
    pub enum RunStatus {
        /// It was looked at and waits for a decision.
        Previewed = "PREVIEWED",
        /// It was made, just as it was shown.
        Applied = "APPLIED",
        /// Somebody decided against it.
        Refused = "REFUSED",
    }
}

codes! {
    /// What a publisher says of a previewed import.
    pub enum RunDecision {
        /// Make it, just as it was shown.
        Apply = "APPLY",
        /// Do not make it.
        Refuse = "REFUSE",
    }
}

codes! {
    /// What an import would do with one thing.
    pub enum Verdict {
        /// It is new.
        Added = "ADDED",
        /// It stands, and these fields change.
        Changed = "CHANGED",
        /// It is no longer in the source; it stays as it is.
        Gone = "GONE",
        /// Another publisher has it: somebody has to decide.
        Conflict = "CONFLICT",
        /// A member has it in hand; it is left alone.
        Left = "LEFT",
        /// Its word is in no crosswalk: it waits unclassified.
        Quarantined = "QUARANTINED",
    }
}

codes! {
    /// Why two services are taken for one.
    pub enum ConflictCause {
        /// Both have the same identifier, which is unique in the world.
        SameIdentifier = "SAME_IDENTIFIER",
        /// Both have the same name, of an organization of the same name, in the same place.
        SameNameAndPlace = "SAME_NAME_AND_PLACE",
    }
}

codes! {
    /// What somebody decided about two services that may be one.
    pub enum ConflictDecision {
        /// They are two: the next import takes the second one, too.
        KeepBoth = "KEEP_BOTH",
        /// The one that stands is right: the other is passed over.
        KeepStanding = "KEEP_STANDING",
        /// The one that comes is right: the next import takes it and retires the one that stands.
        TakeIncoming = "TAKE_INCOMING",
    }
}

/// One field that an import would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    pub field: String,
    pub from: String,
    pub to: String,
}

/// What an import would do with one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub verdict: Verdict,
    /// HSDS object name, such as `service`.
    pub entity: String,
    /// Id in the source.
    pub source_id: String,
    pub name: String,
    /// What stands, what comes, where something changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// More, such as the suggested category of a word or the conflict's other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A previewed import.
#[derive(Debug, Clone)]
pub struct ImportRun {
    pub id: Uuid,
    pub source: String,
    pub status: RunStatus,
    /// SHA-256 of the directory, the options and all differences, lower-case hexadecimal.
    pub hash: String,
    /// UTC microseconds.
    pub created_at: i64,
    pub differences: Vec<Difference>,
}

/// A previewed import about which a publisher decides. What it would do is read apart.
#[derive(Debug, Clone, Deserialize)]
pub struct PublisherRun {
    pub id: ImportRunId,
    pub source: String,
    pub status: RunStatus,
    /// The file's name, without its folder.
    pub file_name: String,
    /// Nothing until the publisher decides.
    pub decision: Option<RunDecision>,
    /// UTC microseconds.
    pub decided_at: Option<i64>,
    /// The code of what was against a wanted import, so that it was not made.
    pub failure: Option<String>,
    pub version: i32,
    /// UTC microseconds.
    pub created_at: i64,
    /// UTC microseconds.
    pub closed_at: Option<i64>,
    /// Whether it is to be looked at anew, since something was decided that it depends on.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub looks_again: bool,
}

/// A service that two publishers have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    pub id: Uuid,
    pub source: String,
    /// Id of the incoming service in its source.
    pub source_id: String,
    pub name: String,
    /// The service that stands here.
    pub standing: ServiceId,
    pub cause: ConflictCause,
    /// Nothing until somebody decides.
    pub decision: Option<ConflictDecision>,
}

/// One word of a source and the category it stands for, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Name or id of the taxonomy.
    pub scheme: String,
    /// Code of the term, or its name where it has no code.
    pub code: String,
    /// Name of the edition of the crosswalk; a word is mapped once in each.
    pub edition: String,
    /// ISO 8601 day from which the mapping holds.
    pub valid_from: String,
    /// The term's name, for people.
    pub label: String,
    pub category: String,
}

/// A word of a source that no crosswalk knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quarantined {
    pub scheme: String,
    pub code: String,
    pub label: String,
    /// The category whose label is nearest, if any is near.
    pub suggestion: Option<String>,
    /// How many services wait for it.
    pub services: i32,
}
