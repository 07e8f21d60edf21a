//! One identifier type for each kind of thing, so that a case can't be handed over where a referral is meant.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl From<Uuid> for $name {
            fn from(key: Uuid) -> Self {
                Self(key)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// An organization that takes part: provider, authority, partner or donor.
    OrganizationId,
    /// A program under which cases are opened and funded.
    ProgramId,
    /// A person who works for an organization.
    MemberId,
    /// An application that acts for an organization.
    ClientId,
    /// An administrative area.
    AreaId,
    /// A service in the directory.
    ServiceId,
    /// A place or channel where services are given.
    LocationId,
    /// One service at one location.
    ServiceAtLocationId,
    /// The places of a service, as a whole or at one location.
    CapacityId,
    /// A person's journey. Random, so that it does not tell when the case was opened.
    CaseId,
    /// An organization's own number for a case.
    CaseAliasId,
    /// A proposal to hand a case over.
    CaseTransferId,
    /// An item that a provider proposes for a plan.
    PlanItemProposalId,
    /// A person, apart from their case. Random, as the case.
    PersonId,
    /// An agreement between organizations.
    AgreementId,
    /// What a person requires.
    NeedId,
    /// One thing a person wants to reach with a need.
    GoalId,
    /// A person's agreement, or another basis, for one disclosure.
    ConsentId,
    /// A disclosure in place of a consent that could not be had.
    ConsentOverrideId,
    /// A redaction that a receiver was asked for.
    RedactionId,
    /// One need offered to one service.
    ReferralId,
    /// A hint that an entry of the directory is wrong.
    ServiceCorrectionId,
    /// A draft of an entry of the directory, or of a change of one.
    ServiceRevisionId,
    /// An import that was looked at.
    ImportRunId,
    /// A service that two publishers have.
    ImportConflictId,
    /// Something that happened.
    EventId,
    /// Something an organization is told.
    NotificationId,
    /// A version of a reintegration plan.
    PlanId,
    /// One thing that a plan says is to be done.
    PlanItemId,
    /// Help that a case's holder gave without a referral.
    DirectServiceId,
    /// A contact that is less than a referral.
    LightContactId,
    /// Something done for a community, or for how services are governed.
    ActivityId,
    /// What a community, or those who govern services, require.
    CommunityNeedId,
    /// Where an organization is told of changes.
    WebhookEndpointId,
    /// One thing to be told there.
    WebhookDeliveryId,
    /// An export or import that goes on beside the server.
    BulkJobId,
}
