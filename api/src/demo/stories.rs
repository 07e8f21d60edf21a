//! The stories that [`super::further`] lives through.

/// What somebody does.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    Ask,
    Answer,
    Accept,
    AcceptPartly,
    Waitlist,
    Offer,
    Take,
    Decline,
    Redirect,
    Start,
    Hold,
    Resume,
    Progress(i32),
    EndEarly,
    AskToStop,
    Stop,
    Object,
    Report,
    Dispute,
    AskToVoid,
    Void,
    TryAgain,
}

/// The stories: what is done, and how many hours ago. Each is sent eleven days ago.
pub const STORIES: &[&[(i64, Act)]] = &[
    &[(20, Act::Ask)],
    &[(200, Act::Ask), (150, Act::Answer)],
    &[(250, Act::Waitlist), (100, Act::Offer), (80, Act::Take)],
    &[(240, Act::Waitlist), (30, Act::Offer)],
    &[(230, Act::Waitlist)],
    &[(220, Act::Waitlist)],
    &[(180, Act::AcceptPartly)],
    &[(170, Act::Redirect)],
    &[(210, Act::Decline), (160, Act::TryAgain)],
    &[(250, Act::Accept), (200, Act::Start), (60, Act::Hold)],
    &[(255, Act::Accept), (220, Act::Start), (190, Act::Hold), (120, Act::Resume), (26, Act::Progress(8))],
    &[(250, Act::Accept), (210, Act::Start), (130, Act::Progress(3)), (70, Act::EndEarly)],
    &[(250, Act::Accept), (200, Act::Start), (25, Act::AskToStop)],
    &[(250, Act::Accept), (200, Act::Start), (50, Act::AskToStop), (28, Act::Object)],
    &[(250, Act::Accept), (100, Act::AskToStop), (90, Act::Stop)],
    &[(250, Act::Accept), (210, Act::Start), (75, Act::Report), (45, Act::Dispute)],
    &[(245, Act::AskToVoid), (235, Act::Void)],
];

/// How many of the stories one case has.
pub const OF_ONE_CASE: usize = 4;

/// The mutation that does it.
#[must_use]
pub fn name(act: Act) -> &'static str {
    match act {
        Act::Ask => "requestReferralInfo",
        Act::Answer => "answerReferralInfo",
        Act::Accept => "acceptReferral",
        Act::AcceptPartly => "acceptReferralPartly",
        Act::Waitlist => "waitlistReferral",
        Act::Offer => "offerReferralPlace",
        Act::Take => "takeReferralOffer",
        Act::Decline => "declineReferral",
        Act::Redirect => "redirectReferral",
        Act::Start => "startReferralService",
        Act::Hold => "holdReferral",
        Act::Resume => "resumeReferral",
        Act::Progress(_) => "reportReferralProgress",
        Act::EndEarly => "endReferralEarly",
        Act::AskToStop => "requestReferralCancellation",
        Act::Stop => "confirmReferralCancellation",
        Act::Object => "contestReferralCancellation",
        Act::Report => "completeReferral",
        Act::Dispute => "disputeReferralOutcome",
        Act::AskToVoid | Act::Void => "voidReferral",
        Act::TryAgain => "createReferral",
    }
}
