//! Mutations on referrals after an acceptance, and at the end.

use crate::domain::global_id::Kind;
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::payload::payload;
use crate::graphql::referral::Referral;
use crate::graphql::referral_delivery_input::{
    ConfirmReferralCancellationInput, ContestReferralCancellationInput, EndReferralEarlyInput, HoldReferralInput,
    ReportReferralProgressInput, RequestReferralCancellationInput, ResumeReferralInput,
};
use crate::graphql::referral_mutation::told;
use crate::graphql::referral_review_input::{
    DecideReferralContestInput, DecideReferralDisputeInput, DisputeReferralOutcomeInput, RedraftReferralInput,
    VoidReferralInput,
};
use crate::graphql::scalar::id;
use crate::usecase::referral;
use async_graphql::{Context, ID, Object};

payload! {
    /// What `holdReferral` did.
    HoldReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `resumeReferral` did.
    ResumeReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `reportReferralProgress` did.
    ReportReferralProgressPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `endReferralEarly` did.
    EndReferralEarlyPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `requestReferralCancellation` did.
    RequestReferralCancellationPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `confirmReferralCancellation` did.
    ConfirmReferralCancellationPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `contestReferralCancellation` did.
    ContestReferralCancellationPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `decideReferralContest` did.
    DecideReferralContestPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `voidReferral` did.
    VoidReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `disputeReferralOutcome` did.
    DisputeReferralOutcomePayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `decideReferralDispute` did.
    DecideReferralDisputePayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `redraftReferral` did.
    RedraftReferralPayload {
        /// The draft's public identifier, or null when nothing was made. You read the draft once it is sent.
        referral_id: ID
    }
}

/// Mutations on referrals after an acceptance, and at the end.
#[derive(Default)]
pub struct ReferralDeliveryMutation;

#[Object]
impl ReferralDeliveryMutation {
    /// Interrupts a service that you have taken on, with a day on which you look at it again. The place stays taken, and the deadline that runs moves by the length of the interruption. Needs DELIVER_SERVICES of the receiver.
    async fn hold_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, why, and until when.")] input: HoldReferralInput,
    ) -> Option<HoldReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "holdReferral", &input.idempotency_key, &text);
        let done = async { referral::hold(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Goes on with an interrupted service where it was. Needs DELIVER_SERVICES of the receiver.
    async fn resume_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: ResumeReferralInput,
    ) -> Option<ResumeReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "resumeReferral", &input.idempotency_key, &text);
        let done = async { referral::resume(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Reports how much has been done of what is planned. Each report stays as an event. Needs DELIVER_SERVICES of the receiver.
    async fn report_referral_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and how far it has come.")] input: ReportReferralProgressInput,
    ) -> Option<ReportReferralProgressPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "reportReferralProgress", &input.idempotency_key, &text);
        let done = async { referral::report_progress(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Ends a service before it is complete, with a coded reason and an outcome for every goal where it had begun. The place is given back, and the receiver reads no more of the case. Needs DELIVER_SERVICES of the receiver, or COORDINATE_REFERRALS.
    async fn end_referral_early(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, why, and what was reached.")] input: EndReferralEarlyInput,
    ) -> Option<EndReferralEarlyPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "endReferralEarly", &input.idempotency_key, &text);
        let done = async { referral::end_early(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Asks the receiver to stop a service that it has taken on; it answers within 72 hours. Needs SEND_REFERRALS of the sender, or COORDINATE_REFERRALS.
    async fn request_referral_cancellation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and why.")] input: RequestReferralCancellationInput,
    ) -> Option<RequestReferralCancellationPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "requestReferralCancellation", &input.idempotency_key, &text);
        let done = async { referral::request_cancellation(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Agrees to stop, and says what was delivered. The referral is withdrawn for the reason that was asked for. Needs DELIVER_SERVICES of the receiver.
    async fn confirm_referral_cancellation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and what was delivered.")] input: ConfirmReferralCancellationInput,
    ) -> Option<ConfirmReferralCancellationPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "confirmReferralCancellation", &input.idempotency_key, &text);
        let done = async { referral::confirm_cancellation(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Objects to stopping, because the person wishes to go on. The referral goes back to where it was, and the coordinator decides within five days. CONSENT_MISSING once the consent was withdrawn. For supervisors of the receiver.
    async fn contest_referral_cancellation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and what the person wishes.")] input: ContestReferralCancellationInput,
    ) -> Option<ContestReferralCancellationPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "contestReferralCancellation", &input.idempotency_key, &text);
        let done = async { referral::contest_cancellation(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Decides whether a service goes on that the receiver objects to stopping. STOP ends it early for the reason that was asked for. Needs COORDINATE_REFERRALS.
    async fn decide_referral_contest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and what you decide.")] input: DecideReferralContestInput,
    ) -> Option<DecideReferralContestPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "decideReferralContest", &input.idempotency_key, &text);
        let done = async { referral::decide_contest(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Marks a referral as entered in error. It takes two people: a supervisor of the sender and the coordinator; the first asks, the second voids. Then its texts are erased and nobody reads its content; that it was stays known.
    async fn void_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and why.")] input: VoidReferralInput,
    ) -> Option<VoidReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "voidReferral", &input.idempotency_key, &text);
        let done = async { referral::void(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Objects to a reported outcome, before or after the loop was closed. The need and the loop are open again, and the coordinator decides. An outcome is disputed once. Needs SEND_REFERRALS of the sender.
    async fn dispute_referral_outcome(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and what is wrong.")] input: DisputeReferralOutcomeInput,
    ) -> Option<DisputeReferralOutcomePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "disputeReferralOutcome", &input.idempotency_key, &text);
        let done = async { referral::dispute_outcome(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Decides about a disputed outcome; then the sender or you close the loop. Needs COORDINATE_REFERRALS.
    async fn decide_referral_dispute(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and what you find.")] input: DecideReferralDisputeInput,
    ) -> Option<DecideReferralDisputePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "decideReferralDispute", &input.idempotency_key, &text);
        let done = async { referral::decide_dispute(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Drafts the next attempt for the sender after a referral that ended, with the same need and goals, for another service or the same. You need no access to the case and read nothing of it; the sender is told to act. Needs COORDINATE_REFERRALS.
    async fn redraft_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "After which referral, for which service.")] input: RedraftReferralInput,
    ) -> Option<RedraftReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "redraftReferral", &input.idempotency_key, &text);
        let done = async { referral::redraft(ctx.app(), ask, input.checked()?).await }.await;
        let made = settle(ctx, ask, done).await?;
        Some(made.map(|draft| Some(id(Kind::Referral, draft))).into())
    }
}
