//! Public identifiers: opaque, typed and versioned, so that one of the wrong kind is told apart from an unknown one and
//! the format can change while old ones still read.

use crate::domain::code::codes;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

codes! {
    /// The kinds of things that have a public identifier.
    pub enum Kind {
        /// An organization.
        Organization = "Organization",
        /// A program.
        Program = "Program",
        /// An administrative area.
        Area = "Area",
        /// A service.
        Service = "Service",
        /// A location.
        Location = "Location",
        /// A service at a location.
        ServiceAtLocation = "ServiceAtLocation",
        /// A case.
        Case = "Case",
        /// A need.
        Need = "Need",
        /// A goal.
        Goal = "Goal",
        /// A consent.
        Consent = "Consent",
        /// A referral.
        Referral = "Referral",
        /// An event.
        Event = "Event",
        /// A notification.
        Notification = "Notification",
        /// A member.
        Member = "Member",
        /// A client application.
        ClientApplication = "ClientApplication",
        /// A case alias.
        CaseAlias = "CaseAlias",
        /// A version of a plan.
        Plan = "Plan",
        /// An item of a plan.
        PlanItem = "PlanItem",
        /// Help given directly.
        DirectService = "DirectService",
        /// A contact that is less than a referral.
        LightContact = "LightContact",
        /// An activity for a community or for how services are governed.
        Activity = "Activity",
        /// A community's need.
        CommunityNeed = "CommunityNeed",
        /// A person.
        Person = "Person",
        /// An agreement.
        Agreement = "Agreement",
        /// A redaction that a receiver was asked for.
        Redaction = "Redaction",
        /// A disclosure in place of a consent that could not be had.
        ConsentOverride = "ConsentOverride",
        /// A proposal to hand a case over.
        CaseTransfer = "CaseTransfer",
        /// A hint that an entry of the directory is wrong.
        ServiceCorrection = "ServiceCorrection",
        /// A draft of an entry of the directory, or of a change of one.
        ServiceRevision = "ServiceRevision",
        /// An import of a directory that was looked at.
        ImportRun = "ImportRun",
        /// A service that two publishers have.
        ImportConflict = "ImportConflict",
        /// An item that a provider proposes for a plan.
        PlanItemProposal = "PlanItemProposal",
        /// Where an organization is told of changes.
        WebhookEndpoint = "WebhookEndpoint",
        /// One thing that is told there.
        WebhookDelivery = "WebhookDelivery",
        /// A secret of an application.
        ClientSecret = "ClientSecret",
        /// A provider that vouches for members.
        IdentityProvider = "IdentityProvider",
        /// A command from a device that waits for a person.
        ParkedCommand = "ParkedCommand",
        /// An export or import that goes on beside the server.
        BulkJob = "BulkJob",
    }
}

/// The first byte of every identifier: the format's version.
const FORMAT: u8 = 1;

/// Writes the public identifier of a thing.
#[must_use]
pub fn encode(kind: Kind, key: Uuid) -> String {
    let mut bytes = [0_u8; 18];
    bytes[0] = FORMAT;
    bytes[1] = tag(kind);
    bytes[2..].copy_from_slice(key.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a public identifier: its kind and key, or nothing when it is none.
#[must_use]
pub fn decode(text: &str) -> Option<(Kind, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (head, key) = bytes.split_at_checked(2)?;
    let [FORMAT, mark] = *head else { return None };
    let kind = <Kind as crate::domain::code::Code>::ALL.iter().copied().find(|kind| tag(*kind) == mark)?;
    Some((kind, Uuid::from_slice(key).ok()?))
}

/// The byte of each kind; a byte once given is never given to another kind.
fn tag(kind: Kind) -> u8 {
    match kind {
        Kind::Organization => 1,
        Kind::Program => 2,
        Kind::Area => 3,
        Kind::Service => 4,
        Kind::Location => 5,
        Kind::ServiceAtLocation => 6,
        Kind::Case => 7,
        Kind::Need => 8,
        Kind::Goal => 9,
        Kind::Consent => 10,
        Kind::Referral => 11,
        Kind::Event => 12,
        Kind::Notification => 13,
        Kind::Member => 14,
        Kind::ClientApplication => 15,
        Kind::CaseAlias => 16,
        Kind::Plan => 60,
        Kind::PlanItem => 61,
        Kind::DirectService => 62,
        Kind::Activity => 63,
        Kind::CommunityNeed => 64,
        Kind::Person => 29,
        Kind::Agreement => 33,
        Kind::Redaction => 80,
        Kind::ConsentOverride => 81,
        Kind::CaseTransfer => 82,
        Kind::ServiceCorrection => 120,
        Kind::ServiceRevision => 121,
        Kind::ImportRun => 122,
        Kind::ImportConflict => 144,
        Kind::PlanItemProposal => 83,
        Kind::LightContact => 84,
        Kind::WebhookEndpoint => 150,
        Kind::WebhookDelivery => 151,
        Kind::ClientSecret => 140,
        Kind::IdentityProvider => 141,
        Kind::ParkedCommand => 138,
        Kind::BulkJob => 160,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_and_no_other() {
        for kind in <Kind as crate::domain::code::Code>::ALL {
            let key = Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
            assert_eq!(decode(&encode(*kind, key)), Some((*kind, key)));
        }
        for broken in ["", "AQ", "not base64!", "AgQBI0VniavN7wEjRWeJq83v", "AQQBI0VniavN7wEjRWeJq83vAA"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
