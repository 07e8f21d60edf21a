//! Mutations on referrals. Each is one command of the machine.

use crate::domain::id::ReferralId;
use crate::domain::rule::Outcome;
use crate::graphql::asked;
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::error::UserError;
use crate::graphql::payload::payload;
use crate::graphql::referral::Referral;
use crate::graphql::referral_input::{
    AcceptReferralInput, AcknowledgeReferralInput, CloseReferralLoopInput, CompleteReferralInput, CreateReferralInput,
    DeclineReferralInput, SendReferralInput, StartReferralServiceInput, WithdrawReferralInput,
};
use crate::usecase::{Ask, referral};
use async_graphql::{Context, Object};
use std::sync::Arc;

payload! {
    /// What `createReferral` did.
    CreateReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `sendReferral` did.
    SendReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `acknowledgeReferral` did.
    AcknowledgeReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `acceptReferral` did.
    AcceptReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `declineReferral` did.
    DeclineReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `startReferralService` did.
    StartReferralServicePayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `completeReferral` did.
    CompleteReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `withdrawReferral` did.
    WithdrawReferralPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `closeReferralLoop` did.
    CloseReferralLoopPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

/// A referral as it stands after a write, in a payload with what the document asks for of it.
pub async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<ReferralId>) -> Option<P>
where
    P: From<Result<Option<Referral>, Vec<UserError>>>,
{
    Some(match settle(ctx, ask, done).await? {
        Ok(id) => {
            let parts = asked::below(ctx, "referral", &asked::REFERRAL);
            let found = referral::after(ctx.app(), &ctx.sight(), id, &parts).await;
            P::from(Ok(ctx.found(found).map(|referral| Referral(Arc::new(referral)))))
        }
        Err(errors) => P::from(Err(errors)),
    })
}

/// Mutations on referrals.
#[derive(Default)]
pub struct ReferralMutation;

#[Object]
impl ReferralMutation {
    /// Begins a referral for an open need of a case that your organization holds; with `send` it is sent in the same step. Needs SEND_REFERRALS.
    async fn create_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is offered to which service.")] input: CreateReferralInput,
    ) -> Option<CreateReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "createReferral", &input.idempotency_key, &text);
        let done = async { referral::create(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Sends a draft under a consent that covers the receiver, the purpose and the fields. Clocks start and are frozen. Needs SEND_REFERRALS.
    async fn send_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which draft.")] input: SendReferralInput,
    ) -> Option<SendReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "sendReferral", &input.idempotency_key, &text);
        let done = async {
            let (which, how, details) = input.checked()?;
            referral::send(ctx.app(), ask, which, how, details).await
        }
        .await;
        told(ctx, ask, done).await
    }

    /// Says that a referral has arrived. Needs DECIDE_REFERRALS or DELIVER_SERVICES of the receiver.
    async fn acknowledge_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: AcknowledgeReferralInput,
    ) -> Option<AcknowledgeReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "acknowledgeReferral", &input.idempotency_key, &text);
        let done = async { referral::acknowledge(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Takes the person on: a place is taken. CAPACITY_TAKEN when none is free. Needs DECIDE_REFERRALS or DELIVER_SERVICES of the receiver.
    async fn accept_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: AcceptReferralInput,
    ) -> Option<AcceptReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "acceptReferral", &input.idempotency_key, &text);
        let done = async {
            let (which, planned_end_on) = input.checked()?;
            referral::accept(ctx.app(), ask, which, planned_end_on).await
        }
        .await;
        told(ctx, ask, done).await
    }

    /// Says no, with a coded reason; your window on the case closes. Needs DECIDE_REFERRALS of the receiver.
    async fn decline_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and why.")] input: DeclineReferralInput,
    ) -> Option<DeclineReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "declineReferral", &input.idempotency_key, &text);
        let done = async { referral::decline(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Records first contact or the start of the service. The outcome is due two weeks after the planned end, or 90 days after this is recorded when none is planned. Needs DELIVER_SERVICES of the receiver.
    async fn start_referral_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and when.")] input: StartReferralServiceInput,
    ) -> Option<StartReferralServicePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "startReferralService", &input.idempotency_key, &text);
        let done = async { referral::start(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Reports delivery and an outcome for every goal, once. The sender sees it at once and is told to ask the person whether it is so; your window on the case closes. Needs DELIVER_SERVICES of the receiver.
    async fn complete_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and what became of it.")] input: CompleteReferralInput,
    ) -> Option<CompleteReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "completeReferral", &input.idempotency_key, &text);
        let done = async { referral::complete(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Takes a referral back before it was accepted; all that it disclosed ends at once. Needs SEND_REFERRALS of the sender, or COORDINATE_REFERRALS.
    async fn withdraw_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and why.")] input: WithdrawReferralInput,
    ) -> Option<WithdrawReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "withdrawReferral", &input.idempotency_key, &text);
        let done = async { referral::withdraw(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Says what the result of an ended referral means for the need. The receiver is told and never closes. While a dispute waits nobody closes; after it the coordinator may, too. Needs SEND_REFERRALS of the sender, or COORDINATE_REFERRALS after a dispute.
    async fn close_referral_loop(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which referral, and what it means.")] input: CloseReferralLoopInput,
    ) -> Option<CloseReferralLoopPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "closeReferralLoop", &input.idempotency_key, &text);
        let done = async { referral::close_loop(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }
}
