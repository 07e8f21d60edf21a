//! Contacts that are less than a referral, and recording them.

use crate::domain::global_id::Kind;
use crate::domain::light_contact::{self, LightContactKind, PassedDetail};
use crate::domain::rule::Failure;
use crate::graphql::casework;
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::input::Reader;
use crate::graphql::payload::payload;
use crate::graphql::scalar::{DateTime, LocalDate, id};
use crate::usecase::plan::{self, RecordContact};
use async_graphql::{Context, ID, InputObject, Object};

/// A contact that is less than a referral.
#[derive(Clone)]
pub struct LightContact(pub light_contact::LightContact);

/// What the holder did for a person that is less than a referral: it told them of a service, or put them in touch with it
/// by hand. It never counts as a referral, no need is answered by it, and the service is not told here.
#[Object]
impl LightContact {
    /// The public identifier.
    async fn contact_id(&self) -> ID {
        id(Kind::LightContact, self.0.id)
    }

    /// What it was.
    async fn kind(&self) -> LightContactKind {
        self.0.kind
    }

    /// The need that it was about, where there is one.
    async fn need_id(&self) -> Option<ID> {
        self.0.need_id.map(|need| id(Kind::Need, need))
    }

    /// The service that the person was told of or put in touch with.
    async fn service_id(&self) -> ID {
        id(Kind::Service, self.0.service_id)
    }

    /// What was handed on; empty for mere information.
    async fn passed(&self) -> &[PassedDetail] {
        &self.0.passed
    }

    /// The day on which it took place.
    async fn made_on(&self) -> Option<LocalDate> {
        LocalDate::stored(Some(&self.0.made_on))
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }
}

/// A contact that is less than a referral.
#[derive(InputObject)]
pub struct RecordContactInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The case's version that you read.
    pub expected_version: i32,
    /// The need that it was about, where there is one.
    pub need_id: Option<ID>,
    /// The service that the person was told of or put in touch with.
    pub service_id: ID,
    /// What it was.
    pub kind: LightContactKind,
    /// What was handed on, each once: nothing with INFORMATION, at least one with REDIRECTION. Only what it was, never the
    /// values: they do not pass through here.
    #[graphql(default)]
    pub passed: Vec<PassedDetail>,
    /// Whether the person agreed to that; needed with REDIRECTION.
    #[graphql(default)]
    pub person_agreed: bool,
    /// The day on which it took place; not in the future.
    pub made_on: LocalDate,
}

impl RecordContactInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<RecordContact, Failure> {
        let mut reader = Reader::default();
        let contact = RecordContact {
            case: reader.key("caseId", Kind::Case, &self.case_id),
            expected_version: self.expected_version,
            need: reader.optional("needId", Kind::Need, self.need_id.as_ref()),
            service: reader.key("serviceId", Kind::Service, &self.service_id),
            kind: self.kind,
            passed: self.passed.clone(),
            person_agreed: self.person_agreed,
            made_on: self.made_on.0.to_string(),
        };
        reader.settle(contact)
    }
}

payload! {
    /// The contact that was recorded.
    RecordContactPayload {
        /// The contact; null when nothing was recorded.
        contact: LightContact
    }
}

/// Mutations on contacts that are less than a referral.
#[derive(Default)]
pub struct LightContactMutation;

/// Contacts that are less than a referral.
#[Object]
impl LightContactMutation {
    /// Records that your organization told a person of a service, or put them in touch with it by hand, without a
    /// referral. The need stays as it is. Needs WRITE_CASES.
    async fn record_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was told or handed on, and when.")] input: RecordContactInput,
    ) -> Option<RecordContactPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "recordContact", &input.idempotency_key, &text);
        let done = async { plan::record_contact(ctx.app(), ask, input.checked()?).await }.await;
        Some(match settle(ctx, ask, done).await? {
            Ok((case, id)) => {
                let all = casework::reread(ctx, case).await.map(|work| work.contacts).unwrap_or_default();
                Ok(all.into_iter().find(|it| it.id == id).map(LightContact)).into()
            }
            Err(errors) => Err(errors).into(),
        })
    }
}
