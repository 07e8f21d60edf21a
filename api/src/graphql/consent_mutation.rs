//! Mutations and queries on consents after they were recorded.

use crate::domain::case::ConsentField;
use crate::domain::consent::ConsentPart;
use crate::domain::global_id::Kind;
use crate::domain::id::RedactionId;
use crate::domain::parts::Parts;
use crate::domain::referral::Channel;
use crate::domain::rule::{Failure, Outcome};
use crate::graphql::consent::{Consent, Redaction, RedactionConnection};
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::UserError;
use crate::graphql::input::Reader;
use crate::graphql::paging::Slice;
use crate::graphql::payload::payload;
use crate::graphql::referral::Referral;
use crate::graphql::referral_mutation;
use crate::graphql::scalar::{Cursor, DateTime, id};
use crate::usecase::referral::Which;
use crate::usecase::{Ask, case, consent};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use std::sync::Arc;

/// A consent to withdraw. No reason is asked for.
#[derive(InputObject)]
pub struct WithdrawConsentInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The consent.
    pub consent_id: ID,
    /// The consent's version that you read.
    pub expected_version: i32,
    /// How much of it.
    #[graphql(default_with = "ConsentPart::All")]
    pub part: ConsentPart,
    /// By which way the person asked for it; absent when a worker withdraws it.
    pub person_channel: Option<Channel>,
}

impl WithdrawConsentInput {
    fn checked(&self) -> Result<consent::Withdraw, Failure> {
        let mut reader = Reader::default();
        let consent = reader.key("consentId", Kind::Consent, &self.consent_id);
        reader.settle(consent::Withdraw {
            consent,
            expected_version: self.expected_version,
            part: self.part,
            channel: self.person_channel,
        })
    }
}

/// Fields to take out of a consent. No reason is asked for.
#[derive(InputObject)]
pub struct WithdrawConsentFieldsInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The consent.
    pub consent_id: ID,
    /// The consent's version that you read.
    pub expected_version: i32,
    /// The fields: at least one, each in the consent, and none that a receiver needs to decide.
    pub fields: Vec<ConsentField>,
    /// By which way the person asked for it; absent when a worker withdraws them.
    pub person_channel: Option<Channel>,
}

impl WithdrawConsentFieldsInput {
    fn checked(&self) -> Result<consent::WithdrawFields, Failure> {
        let mut reader = Reader::default();
        let consent = reader.key("consentId", Kind::Consent, &self.consent_id);
        reader.settle(consent::WithdrawFields {
            consent,
            expected_version: self.expected_version,
            fields: self.fields.clone(),
            channel: self.person_channel,
        })
    }
}

/// What was done to one referral that had been sent under the consent.
#[derive(SimpleObject)]
pub struct ConsentReferral {
    /// The referral.
    referral_id: ID,
    /// Whether it was taken back; false where a service goes on or it had ended.
    was_withdrawn: bool,
    /// By when the receiver must have removed what it was shown.
    redaction_due_at: DateTime,
}

/// What `withdrawConsent` did.
#[derive(SimpleObject)]
pub struct WithdrawConsentPayload {
    /// The consent as it now stands, or null when nothing was changed.
    consent: Option<Consent>,
    /// What was done to each referral that had been sent under it; empty when only the word back ended.
    referrals: Vec<ConsentReferral>,
    /// What the caller can put right; empty when the mutation took effect.
    user_errors: Vec<UserError>,
}

/// What `withdrawConsentFields` did.
#[derive(SimpleObject)]
pub struct WithdrawConsentFieldsPayload {
    /// The consent as it now stands, or null when nothing was changed.
    consent: Option<Consent>,
    /// Each referral under which one of the fields was shown.
    referrals: Vec<ConsentReferral>,
    /// What the caller can put right; empty when the mutation took effect.
    user_errors: Vec<UserError>,
}

type Told = Result<(Option<Consent>, Vec<ConsentReferral>), Vec<UserError>>;

async fn told(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<consent::Withdrawn>) -> Option<Told> {
    let done = match settle(ctx, ask, done).await? {
        Ok(done) => done,
        Err(errors) => return Some(Err(errors)),
    };
    let case = match case::find(ctx.app(), ctx.actor(), case::CaseBy::Id(done.case), &Parts::All).await {
        Err(case::NoSearch::Fault(fault)) => ctx.found(Err(fault)),
        found => found.ok().flatten(),
    };
    let consent = case.and_then(|case| case.consents.into_iter().find(|consent| consent.id == done.consent));
    let moved = |moved: &consent::Moved| ConsentReferral {
        referral_id: id(Kind::Referral, moved.referral),
        was_withdrawn: moved.was_withdrawn,
        redaction_due_at: DateTime(moved.redaction_due),
    };
    Some(Ok((consent.map(|consent| Consent(Arc::new(consent))), done.referrals.iter().map(moved).collect())))
}

/// A redaction to confirm.
#[derive(InputObject)]
pub struct ConfirmRedactionInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The redaction.
    pub redaction_id: ID,
}

payload! {
    /// What `confirmRedaction` did.
    ConfirmRedactionPayload {
        /// The redaction as it now stands, or null when nothing was changed.
        redaction: Redaction
    }
}

/// That a service goes on.
#[derive(InputObject)]
pub struct RecordServiceGoesOnInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// By which way the person said so.
    pub person_channel: Channel,
}

payload! {
    /// What `recordServiceGoesOn` did.
    RecordServiceGoesOnPayload {
        /// The referral as it now stands, or null when nothing was changed.
        referral: Referral
    }
}

/// Mutations on consents after they were recorded.
#[derive(Default)]
pub struct ConsentMutation;

#[Object]
impl ConsentMutation {
    /// Withdraws a consent of a case that your organization holds, or only the word back. Whoever had access sees nothing more from the next request; referrals that were not accepted are taken back, services that go on are not cut off, receivers must remove what they were shown. Needs SEND_REFERRALS.
    async fn withdraw_consent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which consent, and how much of it.")] input: WithdrawConsentInput,
    ) -> Option<WithdrawConsentPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "withdrawConsent", &input.idempotency_key, &text);
        let done = async { consent::withdraw(ctx.app(), ask, input.checked()?).await }.await;
        Some(match told(ctx, ask, done).await? {
            Ok((consent, referrals)) => WithdrawConsentPayload { consent, referrals, user_errors: Vec::new() },
            Err(user_errors) => WithdrawConsentPayload { consent: None, referrals: Vec::new(), user_errors },
        })
    }

    /// Takes single fields out of a consent of a case that your organization holds. Receivers no longer see them from the
    /// next request on and must remove them; everything else goes on. Needs SEND_REFERRALS.
    async fn withdraw_consent_fields(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which fields of which consent.")] input: WithdrawConsentFieldsInput,
    ) -> Option<WithdrawConsentFieldsPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "withdrawConsentFields", &input.idempotency_key, &text);
        let done = async { consent::withdraw_fields(ctx.app(), ask, input.checked()?).await }.await;
        Some(match told(ctx, ask, done).await? {
            Ok((consent, referrals)) => WithdrawConsentFieldsPayload { consent, referrals, user_errors: Vec::new() },
            Err(user_errors) => WithdrawConsentFieldsPayload { consent: None, referrals: Vec::new(), user_errors },
        })
    }

    /// Records that the person, whose consent was withdrawn while the service ran, wishes it to go on. Where they do not,
    /// ask to stop it with `requestReferralCancellation`. Nothing is shown to the receiver again. Needs SEND_REFERRALS of
    /// the sender.
    async fn record_service_goes_on(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which service, and how the person said so.")] input: RecordServiceGoesOnInput,
    ) -> Option<RecordServiceGoesOnPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "recordServiceGoesOn", &input.idempotency_key, &text);
        let done = async {
            let mut reader = Reader::default();
            let referral = reader.key("referralId", Kind::Referral, &input.referral_id);
            let which = Which { referral, expected_version: input.expected_version };
            let answer = consent::RecordGoesOn { which, channel: input.person_channel };
            consent::record_goes_on(ctx.app(), ask, reader.settle(answer)?).await
        }
        .await;
        referral_mutation::told(ctx, ask, done).await
    }

    /// Says that your organization has removed what it was shown under a consent that was withdrawn. Needs DECIDE_REFERRALS or DELIVER_SERVICES, or the role DATA_PROTECTION, of the receiver.
    async fn confirm_redaction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which redaction.")] input: ConfirmRedactionInput,
    ) -> Option<ConfirmRedactionPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "confirmRedaction", &input.idempotency_key, &text);
        let done = async {
            let mut reader = Reader::default();
            let key: RedactionId = reader.key("redactionId", Kind::Redaction, &input.redaction_id);
            consent::confirm_redaction(ctx.app(), ask, reader.settle(key)?).await
        }
        .await;
        Some(ConfirmRedactionPayload::from(match settle(ctx, ask, done).await? {
            Ok(id) => {
                let found = consent::redaction(ctx.app(), &ctx.sight(), id).await;
                Ok(ctx.found(found).map(Redaction::from))
            }
            Err(errors) => Err(errors),
        }))
    }
}

/// Queries on consents after they were recorded.
#[derive(Default)]
pub struct ConsentQuery;

#[Object]
impl ConsentQuery {
    /// What your organization must remove, and what it asked others to remove, the newest first. A receiver sees its own also after its window on the case has closed.
    async fn redactions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Only confirmed ones, or only those that are not.")] is_confirmed: Option<bool>,
    ) -> async_graphql::Result<RedactionConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let page = consent::redactions(ctx.app(), &ctx.sight(), is_confirmed, &window).await;
        Ok(RedactionConnection::of(page.map_err(|fault| ctx.broke(&fault))?, Redaction::from))
    }
}
