//! Coded reasons, and which of them fits which ending. Free text never replaces a code.

use super::Status;
use crate::domain::code::codes;

codes! {
    /// Why a referral was declined, withdrawn, interrupted, ended early or expired.
    pub enum Reason {
        /// No place is free and none is expected.
        NoCapacity = "NO_CAPACITY",
        /// The person does not meet a published criterion.
        NotEligible = "NOT_ELIGIBLE",
        /// The person lives outside the area served.
        OutOfArea = "OUT_OF_AREA",
        /// The service is suspended.
        ServiceSuspended = "SERVICE_SUSPENDED",
        /// The money for the service has ended.
        FundingEnded = "FUNDING_ENDED",
        /// The service does not answer this need.
        WrongService = "WRONG_SERVICE",
        /// The same request exists already.
        Duplicate = "DUPLICATE",
        /// What was sent is not enough to decide, and questions went unanswered.
        IncompleteInfo = "INCOMPLETE_INFO",
        /// The person does not want the service.
        PersonDeclined = "PERSON_DECLINED",
        /// The person can't be reached.
        PersonUnreachable = "PERSON_UNREACHABLE",
        /// The person moved away within the country.
        PersonMoved = "PERSON_MOVED",
        /// The person migrated again.
        Remigrated = "REMIGRATED",
        /// The person died.
        Deceased = "DECEASED",
        /// The need no longer exists.
        NoLongerNeeded = "NO_LONGER_NEEDED",
        /// The organization can't be reached.
        OrganizationUnreachable = "ORGANIZATION_UNREACHABLE",
        /// Nobody answered in time.
        NoResponse = "NO_RESPONSE",
        /// Going on would put somebody in danger.
        SafetyRisk = "SAFETY_RISK",
        /// The person withdrew their consent.
        ConsentWithdrawn = "CONSENT_WITHDRAWN",
        /// Another reason; a text is required.
        Other = "OTHER",
    }
}

impl Reason {
    /// Whether it says something of the person; the others say something of the provider, its service or the papers.
    #[must_use]
    pub fn is_about_person(self) -> bool {
        matches!(
            self,
            Self::PersonDeclined
                | Self::PersonUnreachable
                | Self::PersonMoved
                | Self::Remigrated
                | Self::Deceased
                | Self::NoLongerNeeded
                | Self::SafetyRisk
        )
    }

    /// Whether this reason fits a step to `status`.
    #[must_use]
    pub fn fits(self, status: Status) -> bool {
        match status {
            // An acceptance is taken back for what it could have been declined for.
            Status::Declined | Status::Acknowledged => {
                !matches!(self, Self::NoResponse | Self::ConsentWithdrawn | Self::OrganizationUnreachable)
            }
            Status::Withdrawn => !matches!(self, Self::NoResponse | Self::NoCapacity | Self::NotEligible),
            Status::EndedEarly => !matches!(self, Self::NoResponse | Self::IncompleteInfo),
            // What may not end it may not be asked for either: the coordinator ends it for the reason asked for.
            Status::CancelRequested => self.fits(Status::Withdrawn) && self.fits(Status::EndedEarly),
            Status::OnHold => matches!(
                self,
                Self::NoCapacity
                    | Self::ServiceSuspended
                    | Self::FundingEnded
                    | Self::IncompleteInfo
                    | Self::PersonUnreachable
                    | Self::PersonMoved
                    | Self::SafetyRisk
                    | Self::Other
            ),
            Status::Expired => self == Self::NoResponse,
            _ => false,
        }
    }
}
