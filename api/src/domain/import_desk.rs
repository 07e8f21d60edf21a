//! What publishers decide about imports themselves: services that two of them have, and words that no crosswalk knows.

use crate::domain::code::codes;
use crate::domain::id::{ImportConflictId, OrganizationId, ServiceId};
use crate::domain::import_run::{ConflictCause, ConflictDecision};
use crate::domain::organization::Organization;
use serde::Deserialize;

codes! {
    /// On which side of a service that two publishers have somebody stands.
    pub enum ConflictSide {
        /// The publisher of the service that stands here.
        Standing = "STANDING",
        /// The publisher of the service that comes.
        Incoming = "INCOMING",
        /// One publisher with two sources.
        Both = "BOTH",
        /// An operator of the server.
        Operator = "OPERATOR",
    }
}

codes! {
    /// What somebody decided about a word of a source that no crosswalk knows.
    pub enum WordDecision {
        /// It stands for a category: the next import of the source takes it so.
        Map = "MAP",
        /// It stands for no category: it is no longer told of.
        Refuse = "REFUSE",
    }
}

impl ConflictSide {
    /// Whether what this side says is decided by that alone. What costs only one's own service needs nobody else, and
    /// two services that stay beside each other cost neither; what costs the other's service is a wish until the other
    /// says the same. Where nobody is known to publish the incoming source, the standing side decides alone.
    #[must_use]
    pub fn decides_alone(self, decision: ConflictDecision, other_is_known: bool) -> bool {
        match (self, decision) {
            (Self::Both | Self::Operator, _) | (_, ConflictDecision::KeepBoth) => true,
            (Self::Standing, ConflictDecision::TakeIncoming) => true,
            (Self::Standing, ConflictDecision::KeepStanding) => !other_is_known,
            (Self::Incoming, decision) => decision == ConflictDecision::KeepStanding,
        }
    }
}

/// A service that two publishers have, as both of them see it.
#[derive(Debug, Clone, Deserialize)]
pub struct PublisherConflict {
    pub id: ImportConflictId,
    pub source: String,
    /// Id of the incoming service in its source.
    pub source_id: String,
    /// The incoming service's name.
    pub name: String,
    pub cause: ConflictCause,
    /// The service that stands.
    pub service_id: ServiceId,
    /// Whether it still does: a retired one is in nobody's way.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub stands: bool,
    /// Whose it is.
    pub standing: Organization,
    /// Who publishes the source; nothing where no publisher is known.
    pub incoming: Option<Organization>,
    /// Nothing until it is decided.
    pub decision: Option<ConflictDecision>,
    pub decided_by: Option<ConflictSide>,
    /// UTC microseconds.
    pub decided_at: Option<i64>,
    /// What one side wants and only the other can decide.
    pub wish: Option<ConflictDecision>,
    pub wished_by: Option<ConflictSide>,
    pub version: i32,
    /// UTC microseconds.
    pub created_at: i64,
}

impl PublisherConflict {
    /// On which side an organization stands; nothing for a stranger.
    #[must_use]
    pub fn side_of(&self, organization: OrganizationId) -> Option<ConflictSide> {
        let is_standing = self.standing.id == organization;
        let is_incoming = self.incoming.as_ref().is_some_and(|incoming| incoming.id == organization);
        match (is_standing, is_incoming) {
            (true, true) => Some(ConflictSide::Both),
            (true, false) => Some(ConflictSide::Standing),
            (false, true) => Some(ConflictSide::Incoming),
            (false, false) => None,
        }
    }

    /// The organization across from a side.
    #[must_use]
    pub fn other(&self, side: ConflictSide) -> Option<OrganizationId> {
        match side {
            ConflictSide::Standing => self.incoming.as_ref().map(|incoming| incoming.id),
            ConflictSide::Incoming => Some(self.standing.id),
            ConflictSide::Both | ConflictSide::Operator => None,
        }
    }
}

/// A word of a source that waits for its publisher.
#[derive(Debug, Clone, Deserialize)]
pub struct ImportWord {
    pub source: String,
    pub scheme: String,
    pub code: String,
    pub label: String,
    /// Code of the category whose label is nearest.
    pub suggestion: Option<String>,
    /// How many services of the last import carry it.
    pub services: i32,
    pub decision: Option<WordDecision>,
    /// Code of the category that it was mapped to.
    pub category: Option<String>,
    pub version: i32,
    /// UTC microseconds.
    pub first_seen_at: i64,
    /// UTC microseconds.
    pub last_seen_at: i64,
    /// UTC microseconds.
    pub decided_at: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_gives_up_what_is_anothers() {
        use ConflictDecision::{KeepBoth, KeepStanding, TakeIncoming};
        use ConflictSide::{Both, Incoming, Operator, Standing};
        for (side, decision, known, alone) in [
            (Standing, TakeIncoming, true, true),
            (Standing, KeepStanding, true, false),
            (Standing, KeepStanding, false, true),
            (Incoming, KeepStanding, true, true),
            (Incoming, TakeIncoming, true, false),
            (Incoming, KeepBoth, true, true),
            (Standing, KeepBoth, true, true),
            (Both, TakeIncoming, true, true),
            (Operator, KeepStanding, true, true),
        ] {
            assert_eq!(side.decides_alone(decision, known), alone, "{side:?} {decision:?}");
        }
    }
}
