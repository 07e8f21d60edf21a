//! Corrections of entries in the schema.

use crate::domain::correction::{self as domain, CorrectionAbout, CorrectionStatus};
use crate::domain::global_id::Kind;
use crate::domain::id::{ServiceCorrectionId, ServiceId};
use crate::domain::rule::{Outcome, Refusal};
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::{UserError, bad_input, refused};
use crate::graphql::input::{Reader, distinct};
use crate::graphql::organization::Organization;
use crate::graphql::paging::{Slice, connection};
use crate::graphql::payload::payload;
use crate::graphql::scalar::{self, Cursor, DateTime};
use crate::graphql::service::{Service, service_by_key};
use crate::usecase::Ask;
use crate::usecase::correction::{self, Answer, CorrectionFilter, Report};
use async_graphql::{Context, ID, InputObject, Object};
use std::sync::Arc;

/// Somebody found an entry of the directory wrong.
#[derive(Debug, Clone)]
pub struct ServiceCorrection(pub Arc<domain::ServiceCorrection>);

connection!(ServiceCorrectionConnection, ServiceCorrectionEdge, ServiceCorrection, "corrections");

/// Somebody found an entry of the directory wrong. It is seen by the organization that said so and by those who edit or
/// confirm the services of the publisher. It never names a person.
#[Object]
impl ServiceCorrection {
    /// The global identifier.
    pub async fn id(&self) -> ID {
        scalar::id(Kind::ServiceCorrection, self.0.id)
    }

    /// Rises by one with each change; hand it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The service's global identifier.
    async fn service_id(&self) -> ID {
        scalar::id(Kind::Service, self.0.service_id)
    }

    /// The service's name in its base language.
    async fn service_name(&self) -> &str {
        &self.0.service_name
    }

    /// The service as it stands now; null where you may not see it any more.
    async fn service(&self, ctx: &Context<'_>) -> Option<Service> {
        service_by_key(ctx, self.0.service_id).await
    }

    /// Whose service it is.
    async fn publisher(&self) -> Organization {
        Organization::of(self.0.publisher.clone())
    }

    /// Which organization says so.
    async fn reported_by(&self) -> Organization {
        Organization::of(self.0.reported_by.clone())
    }

    /// What is wrong.
    async fn about(&self) -> CorrectionAbout {
        self.0.about
    }

    /// The key of the published condition that a decline cited although it seemed met.
    async fn criterion(&self) -> Option<&str> {
        self.0.criterion.as_deref()
    }

    /// What was said; for a proposed condition, its text. Empty where nothing was.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// How it stands.
    async fn status(&self) -> CorrectionStatus {
        self.0.status
    }

    /// Why it was dismissed, or what was changed; empty until it is answered.
    async fn reason(&self) -> &str {
        &self.0.answer
    }

    /// When it was said.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was answered.
    async fn answered_at(&self) -> Option<DateTime> {
        self.0.answered_at.map(DateTime)
    }
}

payload! {
    /// The correction that was opened, or what to put right.
    ReportServiceCorrectionPayload {
        /// The correction; null when nothing was changed.
        correction: ServiceCorrection
    }
}

payload! {
    /// The correction that was answered, or what to put right.
    AnswerServiceCorrectionPayload {
        /// The correction as it stands now; null when nothing was changed.
        correction: ServiceCorrection
    }
}

/// What is wrong with an entry.
#[derive(Debug, Clone, InputObject)]
pub struct ReportServiceCorrectionInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The service.
    service_id: ID,
    /// What is wrong with its entry; not one of those that only a decline opens.
    about: CorrectionAbout,
    /// What is right, at most 500 characters; nothing about persons. Needed for OTHER.
    text: Option<String>,
}

/// What became of a correction.
#[derive(Debug, Clone, InputObject)]
pub struct AnswerServiceCorrectionInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The correction.
    correction_id: ID,
    /// The version you read.
    expected_version: i32,
    /// Whether it was taken over into the entry or is dismissed; not OPEN.
    answer: CorrectionStatus,
    /// Why, or what was changed, at most 500 characters. Needed where it is dismissed.
    reason: Option<String>,
    /// The key under which a proposed condition is published; needed where one is taken over.
    criterion_key: Option<String>,
}

/// Which corrections are asked for. What is not given does not limit.
#[derive(Debug, Clone, Default, InputObject)]
pub struct ServiceCorrectionFilter {
    /// How they stand.
    status: Option<Vec<CorrectionStatus>>,
    /// Of this service.
    service_id: Option<ID>,
    /// Only those of your own services that you can answer.
    own_services: Option<bool>,
}

impl ServiceCorrectionFilter {
    fn checked(self) -> async_graphql::Result<CorrectionFilter> {
        let service = |id: ID| {
            let key = scalar::key(Kind::Service, &id).map(ServiceId::from);
            key.ok_or_else(|| bad_input("This is not a service's identifier."))
        };
        Ok(CorrectionFilter {
            status: distinct(self.status),
            service: self.service_id.map(service).transpose()?,
            own_services: self.own_services.unwrap_or_default(),
        })
    }
}

/// Corrections of entries.
#[derive(Debug, Default)]
pub struct CorrectionQuery;

/// Corrections of entries.
#[Object]
impl CorrectionQuery {
    /// Corrections that your organization reported, and those of its own services where you edit or confirm them; the
    /// newest first.
    async fn service_corrections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which corrections; all when not given.")] filter: Option<ServiceCorrectionFilter>,
    ) -> async_graphql::Result<ServiceCorrectionConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let filter = filter.unwrap_or_default().checked()?;
        let Some(sight) = correction::sight_of(ctx.actor()) else {
            return Err(refused(Refusal::Unauthenticated));
        };
        let page = correction::list(ctx.app(), &sight, &filter, &window).await.map_err(|fault| ctx.broke(&fault))?;
        Ok(ServiceCorrectionConnection::of(page, of))
    }
}

fn of(found: domain::ServiceCorrection) -> ServiceCorrection {
    ServiceCorrection(Arc::new(found))
}

/// Corrections of entries.
#[derive(Debug, Default)]
pub struct CorrectionMutation;

/// Corrections of entries.
#[Object]
impl CorrectionMutation {
    /// Says that an entry of the directory is wrong; its publisher is told. Anybody known who can see the service.
    async fn report_service_correction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is wrong.")] input: ReportServiceCorrectionInput,
    ) -> Option<ReportServiceCorrectionPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "reportServiceCorrection", &input.idempotency_key, &text);
        let done = async {
            let mut reader = Reader::default();
            let service = reader.key("serviceId", Kind::Service, &input.service_id);
            let text = input.text.clone().unwrap_or_default();
            let report = reader.settle(Report { service, about: input.about, text })?;
            correction::report(ctx.app(), ask, report).await
        };
        told(ctx, ask, done.await).await
    }

    /// Answers a correction of a service of your organization; who reported it is told. Needs EDIT_DIRECTORY.
    async fn answer_service_correction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What became of it.")] input: AnswerServiceCorrectionInput,
    ) -> Option<AnswerServiceCorrectionPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "answerServiceCorrection", &input.idempotency_key, &text);
        let done = async {
            let mut reader = Reader::default();
            let correction = reader.key("correctionId", Kind::ServiceCorrection, &input.correction_id);
            let answer = reader.settle(Answer {
                correction,
                expected_version: input.expected_version,
                status: input.answer,
                text: input.reason.clone().unwrap_or_default(),
                criterion_key: input.criterion_key.clone(),
            })?;
            correction::answer(ctx.app(), ask, answer).await
        };
        told(ctx, ask, done.await).await
    }
}

async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<ServiceCorrectionId>) -> Option<P>
where
    P: From<Result<Option<ServiceCorrection>, Vec<UserError>>>,
{
    Some(match settle(ctx, ask, done).await? {
        Ok(id) => P::from(Ok(ctx.found(correction::one(ctx.app(), ctx.actor(), id).await).map(of))),
        Err(errors) => P::from(Err(errors)),
    })
}
