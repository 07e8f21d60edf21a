//! What providers do with their services, in the schema. The answer is always read anew after the change, as the asker
//! may see it, so that a repeated request shows what stands now.

use crate::domain::global_id::Kind;
use crate::domain::id::{ServiceId, ServiceRevisionId};
use crate::domain::rule::{Outcome, Refusal, Rules};
use crate::domain::service_entry::Places;
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::error::UserError;
use crate::graphql::payload::payload;
use crate::graphql::revision::{ServiceRevision, ServiceWarning, drafted, revision_by_key, warnings};
use crate::graphql::service::{Service, service_by_key};
use crate::graphql::service_entry::{key, target};
use crate::graphql::service_input::{PublishServiceInput, UpdateServiceInput};
use crate::usecase::Ask;
use crate::usecase::revision::{self, Draft};
use crate::usecase::service::{self, CapacityReport};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

/// The published service or the draft, or what to put right.
#[derive(SimpleObject)]
pub struct PublishServicePayload {
    /// The service as it stands now; null when nothing was changed, and for a draft.
    pub service: Option<Service>,
    /// The draft, where one was written.
    pub revision: Option<ServiceRevision>,
    /// What is worth a second look, such as a service nearby that seems to be the same; it was published all the same.
    pub warnings: Vec<ServiceWarning>,
    /// What the caller can put right; empty when the mutation took effect.
    pub user_errors: Vec<UserError>,
}

/// The changed service or the draft of the change, or what to put right.
#[derive(SimpleObject)]
pub struct UpdateServicePayload {
    /// The service as it stands now; null when nothing was changed, and for a draft.
    pub service: Option<Service>,
    /// The draft, where one was written.
    pub revision: Option<ServiceRevision>,
    /// What the caller can put right; empty when the mutation took effect.
    pub user_errors: Vec<UserError>,
}

payload! {
    /// The paused service, or what to put right.
    PauseServicePayload {
        /// The service as it stands now; null when nothing was changed.
        service: Service
    }
}

payload! {
    /// The resumed service, or what to put right.
    ResumeServicePayload {
        /// The service as it stands now; null when nothing was changed.
        service: Service
    }
}

payload! {
    /// The confirmed service, or what to put right.
    VerifyServicePayload {
        /// The service as it stands now; null when nothing was changed.
        service: Service
    }
}

payload! {
    /// The service with its places, or what to put right.
    ReportCapacityPayload {
        /// The service as it stands now; null when nothing was changed.
        service: Service
    }
}

payload! {
    /// The retired service, or what to put right.
    RetireServicePayload {
        /// The service as it stands now; null when nothing was changed.
        service: Service
    }
}

/// Which service to pause, and why.
#[derive(Debug, Clone, InputObject)]
pub struct PauseServiceInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The service.
    service_id: ID,
    /// The version you read.
    expected_version: i32,
    /// Why, for partners, 1 to 500 characters; nothing about persons.
    reason: String,
}

/// Which service to take people for again.
#[derive(Debug, Clone, InputObject)]
pub struct ResumeServiceInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The service.
    service_id: ID,
    /// The version you read.
    expected_version: i32,
}

/// Which service to confirm.
#[derive(Debug, Clone, InputObject)]
pub struct VerifyServiceInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The service.
    service_id: ID,
    /// The version you read.
    expected_version: i32,
}

/// Which service to end.
#[derive(Debug, Clone, InputObject)]
pub struct RetireServiceInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The service.
    service_id: ID,
    /// The version you read.
    expected_version: i32,
}

/// How many places a service has now, as a whole or at one of its locations.
#[derive(Debug, Clone, InputObject)]
pub struct ReportCapacityInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    pub(crate) idempotency_key: String,
    /// The service.
    pub(crate) service_id: ID,
    /// The version you read.
    pub(crate) expected_version: i32,
    /// The location at which these places are; null for the service as a whole.
    service_at_location_id: Option<ID>,
    /// All places, 0 to 1,000,000; null means unknown, which does not limit. It may be below what is taken already.
    total: Option<i32>,
    /// Places filled by other ways than referrals here, 0 to 1,000,000; null leaves what was stated before.
    taken_elsewhere: Option<i32>,
}

impl ReportCapacityInput {
    /// What is reported, in the domain's terms.
    pub(crate) fn report(&self) -> Outcome<CapacityReport> {
        let mut rules = Rules::default();
        let id = self.service_at_location_id.as_ref();
        let place = id.map(|id| key(Kind::ServiceAtLocation, id, "serviceAtLocationId", &mut rules));
        rules.settle()?;
        let places = Places { total: self.total, taken_elsewhere: self.taken_elsewhere };
        Ok(CapacityReport { place: place.flatten(), places })
    }
}

/// Changes of services.
#[derive(Debug, Default)]
pub struct ServiceMutation;

/// Changes of services.
#[Object]
impl ServiceMutation {
    /// Puts a new service of your organization into the directory. It counts as confirmed today.
    async fn publish_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and the key of the request.")] input: PublishServiceInput,
    ) -> Option<PublishServicePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "publishService", &input.idempotency_key, &text);
        let done = async {
            identified(ctx)?;
            let replaces = input.as_draft.as_ref().map(drafted).transpose()?;
            let (entry, capacity) = input.clone().checked()?;
            Ok(match replaces {
                Some(replaces) => {
                    Written::Draft(revision::draft_new(ctx.app(), ask, Draft { entry, capacity, replaces }).await?)
                }
                None => Written::Service(service::publish(ctx.app(), ask, entry, capacity).await?),
            })
        };
        let (service, revision, user_errors) = written(ctx, ask, done.await).await?;
        let warnings = warnings(ctx, service.as_ref()).await;
        Some(PublishServicePayload { service, revision, warnings, user_errors })
    }

    /// Changes what the directory says about a service of your organization.
    async fn update_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and the key of the request.")] input: UpdateServiceInput,
    ) -> Option<UpdateServicePayload> {
        let text = input.said();
        let ask = ask(ctx, "updateService", &input.idempotency_key, &text);
        let done = async {
            identified(ctx)?;
            let replaces = input.as_draft.as_ref().map(drafted).transpose()?;
            let (target, entry) = input.clone().checked()?;
            Ok(match replaces {
                Some(replaces) => {
                    let draft = Draft { entry, capacity: None, replaces };
                    Written::Draft(revision::draft_change(ctx.app(), ask, target, draft).await?)
                }
                None => Written::Service(service::update(ctx.app(), ask, target, entry).await?),
            })
        };
        let (service, revision, user_errors) = written(ctx, ask, done.await).await?;
        Some(UpdateServicePayload { service, revision, user_errors })
    }

    /// Stops taking people for a while, or gives another reason for it. Referrals under way go on.
    async fn pause_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and the key of the request.")] input: PauseServiceInput,
    ) -> Option<PauseServicePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "pauseService", &input.idempotency_key, &text);
        let done = async {
            identified(ctx)?;
            let target = target(&input.service_id, input.expected_version)?;
            service::pause(ctx.app(), ask, target, &input.reason).await
        };
        service_payload(ctx, ask, done.await).await
    }

    /// Takes people again after a pause.
    async fn resume_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and the key of the request.")] input: ResumeServiceInput,
    ) -> Option<ResumeServicePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "resumeService", &input.idempotency_key, &text);
        let done = async {
            identified(ctx)?;
            let target = target(&input.service_id, input.expected_version)?;
            service::resume(ctx.app(), ask, target).await
        };
        service_payload(ctx, ask, done.await).await
    }

    /// Confirms that what the directory says of a service is right, so that it counts as confirmed today.
    async fn verify_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and the key of the request.")] input: VerifyServiceInput,
    ) -> Option<VerifyServicePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "verifyService", &input.idempotency_key, &text);
        let done = async {
            identified(ctx)?;
            let target = target(&input.service_id, input.expected_version)?;
            service::verify(ctx.app(), ask, target).await
        };
        service_payload(ctx, ask, done.await).await
    }

    /// States how many places a service has now.
    async fn report_capacity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and the key of the request.")] input: ReportCapacityInput,
    ) -> Option<ReportCapacityPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "reportCapacity", &input.idempotency_key, &text);
        let done = async {
            identified(ctx)?;
            let target = target(&input.service_id, input.expected_version)?;
            service::report_capacity(ctx.app(), ask, target, input.report()?).await
        };
        service_payload(ctx, ask, done.await).await
    }

    /// Ends a service for good. It stays for history; only your own organization sees it from then on.
    async fn retire_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do, and the key of the request.")] input: RetireServiceInput,
    ) -> Option<RetireServicePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "retireService", &input.idempotency_key, &text);
        let done = async {
            identified(ctx)?;
            let target = target(&input.service_id, input.expected_version)?;
            service::retire(ctx.app(), ask, target).await
        };
        service_payload(ctx, ask, done.await).await
    }
}

/// What was written: an entry of the directory, or a draft of one.
enum Written {
    Service(ServiceId),
    Draft(ServiceRevisionId),
}

/// What was written as the asker may see it, or what to put right.
async fn written(
    ctx: &Context<'_>,
    ask: Ask<'_>,
    done: Outcome<Written>,
) -> Option<(Option<Service>, Option<ServiceRevision>, Vec<UserError>)> {
    Some(match settle(ctx, ask, done).await? {
        Ok(Written::Service(id)) => (service_by_key(ctx, id).await, None, Vec::new()),
        Ok(Written::Draft(id)) => (None, revision_by_key(ctx, id).await, Vec::new()),
        Err(errors) => (None, None, errors),
    })
}

/// That somebody is known: who is not, is told so before their input is judged.
fn identified(ctx: &Context<'_>) -> Outcome<()> {
    ctx.actor().organization().map(drop).ok_or_else(|| Refusal::Unauthenticated.into())
}

/// The payload of a change: the service as it stands now and as the asker may see it, or what to put right.
async fn service_payload<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<ServiceId>) -> Option<P>
where
    P: From<Result<Option<Service>, Vec<UserError>>>,
{
    match settle(ctx, ask, done).await? {
        Ok(id) => Some(P::from(Ok(service_by_key(ctx, id).await))),
        Err(errors) => Some(P::from(Err(errors))),
    }
}
