//! Mutations by which a receiver, while it helps somebody, proposes another referral or passes on a part of its own.

use crate::domain::case::Urgency;
use crate::domain::global_id::Kind;
use crate::domain::rule::Failure;
use crate::domain::sealed::Private;
use crate::graphql::context::{Here, ask, canonical};
use crate::graphql::input::{Reader, private};
use crate::graphql::payload::payload;
use crate::graphql::referral::Referral;
use crate::graphql::referral_mutation::told;
use crate::usecase::referral::{self, PassOn, Propose};
use async_graphql::{Context, ID, InputObject, Object};

/// Another need that a receiver found, and a service that could answer it.
#[derive(InputObject)]
pub struct ProposeReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral under which your organization helps the person. It names the case; nothing else does.
    pub referral_id: ID,
    /// The need.
    pub need: ProposedNeedInput,
    /// The service that could answer it, of your organization or another, and such that the case's holder can see it, too.
    pub service_id: ID,
    /// Why, up to 2,000 characters; for the case's holder alone.
    pub reason: Option<String>,
    /// Whether the person knows of the proposal and agrees that the case's holder is told. It is not made otherwise.
    pub person_informed: bool,
}

/// A need that a receiver found.
#[derive(InputObject)]
pub struct ProposedNeedInput {
    /// The category's code in the taxonomy; it says the dimension, and its level is INDIVIDUAL.
    pub category_code: String,
    /// How soon help is needed.
    pub urgency: Urgency,
    /// 1 to 10 goals in the person's own words, each up to 500 characters.
    pub goals: Vec<String>,
}

impl ProposeReferralInput {
    fn checked(&self) -> Result<Propose, Failure> {
        let mut reader = Reader::default();
        let propose = Propose {
            from: reader.key("referralId", Kind::Referral, &self.referral_id),
            service: reader.key("serviceId", Kind::Service, &self.service_id),
            category: self.need.category_code.clone(),
            urgency: self.need.urgency,
            goals: self.need.goals.iter().cloned().map(Private::new).collect(),
            reason: private(self.reason.clone()),
            person_informed: self.person_informed,
        };
        reader.settle(propose)
    }
}

/// Which part of a referral is passed on, and to which service.
#[derive(InputObject)]
pub struct PassReferralOnInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral under which your organization helps the person.
    pub referral_id: ID,
    /// The service, of another organization than yours and than the case's holder.
    pub service_id: ID,
    /// Where, if it is given at several places.
    pub service_at_location_id: Option<ID>,
    /// Of the referral's goals, those that are passed on; all when none is named.
    pub goal_ids: Option<Vec<ID>>,
    /// What the other organization should know, up to 2,000 characters; released to it only as the consent says.
    pub background: Option<String>,
}

impl PassReferralOnInput {
    fn checked(&self) -> Result<PassOn, Failure> {
        let mut reader = Reader::default();
        let place = self.service_at_location_id.as_ref();
        let pass_on = PassOn {
            parent: reader.key("referralId", Kind::Referral, &self.referral_id),
            service: reader.key("serviceId", Kind::Service, &self.service_id),
            service_at_location: reader.optional("serviceAtLocationId", Kind::ServiceAtLocation, place),
            goals: reader.keys("goalIds", Kind::Goal, self.goal_ids.as_deref().unwrap_or_default()),
            background: private(self.background.clone()),
        };
        reader.settle(pass_on)
    }
}

payload! {
    /// What `proposeReferral` did.
    ProposeReferralPayload {
        /// The referral under which you help the person, with what you proposed in its chain; null when nothing was changed.
        referral: Referral
    }
}

payload! {
    /// What `passReferralOn` did.
    PassReferralOnPayload {
        /// The draft that was begun, or null when nothing was changed.
        referral: Referral
    }
}

/// Mutations by which a receiver proposes and passes on.
#[derive(Default)]
pub struct ReferralChainMutation;

#[Object]
impl ReferralChainMutation {
    /// Proposes to the case's holder that another need of somebody whom your organization helps is referred. A draft is
    /// begun for the holder, which obtains the consent and sends it, or takes it back; nobody else learns of it. Needs
    /// DELIVER_SERVICES of the receiver.
    async fn propose_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which need, and which service could answer it.")] input: ProposeReferralInput,
    ) -> Option<ProposeReferralPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "proposeReferral", &input.idempotency_key, &text);
        let done = async { referral::propose(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Begins a referral of your own organization for a part of one under which it helps somebody. The case's holder stays
    /// accountable, is told, and records the person's consent for the other organization; then whoever has SEND_REFERRALS
    /// sends it. It ends with the referral of which it is a part, and is not passed on again. Needs DELIVER_SERVICES of the
    /// receiver.
    async fn pass_referral_on(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which part goes to which service.")] input: PassReferralOnInput,
    ) -> Option<PassReferralOnPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "passReferralOn", &input.idempotency_key, &text);
        let done = async { referral::pass_on(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }
}
