//! Mutations of the steps before and around a decision. Each is one command of the machine.

use crate::graphql::context::{Here, ask, canonical};
use crate::graphql::payload::payload;
use crate::graphql::referral::Referral;
use crate::graphql::referral_decision_input::{
    AcceptReferralPartlyInput, AnswerReferralInfoInput, AssignReferralInput, LapseReferralOfferInput,
    OfferReferralPlaceInput, RedirectReferralInput, RequestReferralInfoInput, ReviewWaitingReferralInput,
    TakeReferralOfferInput, UnacceptReferralInput, WaitlistReferralInput,
};
use crate::graphql::referral_mutation::told;
use crate::usecase::referral;
use async_graphql::{Context, Object};

payload! {
    /// What `requestReferralInfo` did.
    RequestReferralInfoPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `answerReferralInfo` did.
    AnswerReferralInfoPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `acceptReferralPartly` did.
    AcceptReferralPartlyPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `waitlistReferral` did.
    WaitlistReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `reviewWaitingReferral` did.
    ReviewWaitingReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `offerReferralPlace` did.
    OfferReferralPlacePayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `takeReferralOffer` did.
    TakeReferralOfferPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `lapseReferralOffer` did.
    LapseReferralOfferPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `redirectReferral` did.
    RedirectReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `unacceptReferral` did.
    UnacceptReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `assignReferral` did.
    AssignReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

/// Mutations of the steps before and around a decision.
#[derive(Default)]
pub struct ReferralDecisionMutation;

#[Object]
impl ReferralDecisionMutation {
    /// Asks the sender something before you decide. The decision clock stands still until the answer, for seven days at the most; the third time is refused with ASKED_TOO_OFTEN. Needs DECIDE_REFERRALS or DELIVER_SERVICES of the receiver.
    async fn request_referral_info(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and what you ask.")] input: RequestReferralInfoInput,
    ) -> Option<RequestReferralInfoPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "requestReferralInfo", &input.idempotency_key, &text);
        let done = async { referral::request_info(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Answers all that the receiver asked; the decision clock goes on, its deadline moved by the pause. CONSENT_MISSING when the consent under which it was sent is over. Needs SEND_REFERRALS of the sender.
    async fn answer_referral_info(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and your answers.")] input: AnswerReferralInfoInput,
    ) -> Option<AnswerReferralInfoPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "answerReferralInfo", &input.idempotency_key, &text);
        let done = async { referral::answer_info(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Takes the person on for some of the goals; the others become a need of their own in the sender's case, which is never sent by itself. CAPACITY_TAKEN when no place is free. Needs DECIDE_REFERRALS of the receiver.
    async fn accept_referral_partly(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and which goals.")] input: AcceptReferralPartlyInput,
    ) -> Option<AcceptReferralPartlyPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "acceptReferralPartly", &input.idempotency_key, &text);
        let done = async { referral::accept_partly(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Puts the person on the waiting list of a service that keeps one. The list is ordered by urgency first, then by the time of waitlisting. The need still counts as unmet. Needs DECIDE_REFERRALS of the receiver.
    async fn waitlist_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and until when.")] input: WaitlistReferralInput,
    ) -> Option<WaitlistReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "waitlistReferral", &input.idempotency_key, &text);
        let done = async { referral::waitlist(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Says that you have looked at a waiting referral again, and until when it waits on. Its place on the list stays. After two missed reviews a waiting referral expires. Needs DECIDE_REFERRALS of the receiver.
    async fn review_waiting_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and until when.")] input: ReviewWaitingReferralInput,
    ) -> Option<ReviewWaitingReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "reviewWaitingReferral", &input.idempotency_key, &text);
        let done = async { referral::review_waiting(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Offers a place to somebody on the waiting list, held for 72 hours. Out of the published order only with a reason. CAPACITY_TAKEN when no place is free. Needs a supervisor of the receiver.
    async fn offer_referral_place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: OfferReferralPlaceInput,
    ) -> Option<OfferReferralPlacePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "offerReferralPlace", &input.idempotency_key, &text);
        let done = async { referral::offer_place(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Takes an offered place for the person, while it is held; TOO_LATE afterwards. Needs SEND_REFERRALS of the sender.
    async fn take_referral_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: TakeReferralOfferInput,
    ) -> Option<TakeReferralOfferPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "takeReferralOffer", &input.idempotency_key, &text);
        let done = async { referral::take_offer(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Lets an offered place go; the referral goes back to its place on the waiting list. After the second time the sender must decide. Needs SEND_REFERRALS of the sender.
    async fn lapse_referral_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: LapseReferralOfferInput,
    ) -> Option<LapseReferralOfferPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "lapseReferralOffer", &input.idempotency_key, &text);
        let done = async { referral::lapse_offer(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Says no and names a better service; a draft to it is begun for the sender, and nothing is disclosed to the new receiver. Your window on the case closes. Needs DECIDE_REFERRALS of the receiver.
    async fn redirect_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and which service is better.")] input: RedirectReferralInput,
    ) -> Option<RedirectReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "redirectReferral", &input.idempotency_key, &text);
        let done = async { referral::redirect(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Takes an acceptance back within 24 hours, before anything was delivered; TOO_LATE afterwards. The place is freed, and you see again what you saw before the decision. Needs DECIDE_REFERRALS of the receiver.
    async fn unaccept_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and why.")] input: UnacceptReferralInput,
    ) -> Option<UnacceptReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "unacceptReferral", &input.idempotency_key, &text);
        let done = async { referral::unaccept(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Gives a referral to one of your members, who is told, or to nobody. Its state stays, and the sender learns no name. Needs DECIDE_REFERRALS or DELIVER_SERVICES of the receiver.
    async fn assign_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and to whom.")] input: AssignReferralInput,
    ) -> Option<AssignReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "assignReferral", &input.idempotency_key, &text);
        let done = async { referral::assign(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }
}
