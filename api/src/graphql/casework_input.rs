//! Inputs of the mutations on stages, needs and help given directly.

use crate::domain::case::{Delivery, Urgency};
use crate::domain::global_id::Kind;
use crate::domain::referral::LoopMeaning;
use crate::domain::rule::Failure;
use crate::domain::stage::CaseStage;
use crate::graphql::input::{Reader, private};
use crate::graphql::referral_input::{GoalOutcomeInput, outcomes};
use crate::graphql::scalar::LocalDate;
use crate::usecase::plan::{ChangeNeed, MoveCase, NeedChange, RecordDirect};
use async_graphql::{ID, InputObject};

/// A case's move to another stage.
#[derive(InputObject)]
pub struct MoveCaseInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The case's version that you read.
    pub expected_version: i32,
    /// The stage, one of the case's next ones.
    pub to: CaseStage,
    /// Why, 1 to 500 characters; needed for ON_HOLD.
    pub reason: Option<String>,
}

impl MoveCaseInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<MoveCase, Failure> {
        let mut reader = Reader::default();
        let case = reader.key("caseId", Kind::Case, &self.case_id);
        let reason = private(self.reason.clone());
        reader.settle(MoveCase { case, expected_version: self.expected_version, to: self.to, reason })
    }
}

/// What changes of a need.
#[derive(InputObject)]
pub struct UpdateNeedInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The need.
    pub need_id: ID,
    /// The need's version that you read.
    pub expected_version: i32,
    /// How soon help is needed; stays when nothing is said.
    pub urgency: Option<Urgency>,
    /// Whether you answer it yourself or refer; stays when nothing is said.
    pub delivery: Option<Delivery>,
}

/// Which need the person no longer has.
#[derive(InputObject)]
pub struct WithdrawNeedInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The need.
    pub need_id: ID,
    /// The need's version that you read.
    pub expected_version: i32,
}

/// Which need is open again.
#[derive(InputObject)]
pub struct ReopenNeedInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The need.
    pub need_id: ID,
    /// The need's version that you read.
    pub expected_version: i32,
}

fn need_change(case: &ID, need: &ID, expected_version: i32, change: NeedChange) -> Result<ChangeNeed, Failure> {
    let mut reader = Reader::default();
    let case = reader.key("caseId", Kind::Case, case);
    let need = reader.key("needId", Kind::Need, need);
    reader.settle(ChangeNeed { case, need, expected_version, change })
}

impl UpdateNeedInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<ChangeNeed, Failure> {
        let change = NeedChange::Update(self.urgency, self.delivery);
        need_change(&self.case_id, &self.need_id, self.expected_version, change)
    }
}

impl WithdrawNeedInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<ChangeNeed, Failure> {
        need_change(&self.case_id, &self.need_id, self.expected_version, NeedChange::Withdraw)
    }
}

impl ReopenNeedInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<ChangeNeed, Failure> {
        need_change(&self.case_id, &self.need_id, self.expected_version, NeedChange::Reopen)
    }
}

/// Help that was given without a referral.
#[derive(InputObject)]
pub struct RecordDirectServiceInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The need, one that is not met.
    pub need_id: ID,
    /// Your own service under which it was given; without one it is of the need's category.
    pub service_id: Option<ID>,
    /// The day on which it was given; not in the future.
    pub delivered_on: LocalDate,
    /// What it came to, for one or more of the need's goals, each once.
    pub outcomes: Vec<GoalOutcomeInput>,
    /// What it means for the need.
    pub meaning: LoopMeaning,
    /// What you add, up to 2,000 characters.
    pub note: Option<String>,
}

impl RecordDirectServiceInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<RecordDirect, Failure> {
        let mut reader = Reader::default();
        let case = reader.key("caseId", Kind::Case, &self.case_id);
        let need = reader.key("needId", Kind::Need, &self.need_id);
        let service = reader.optional("serviceId", Kind::Service, self.service_id.as_ref());
        let outcomes = outcomes(&mut reader, &self.outcomes);
        reader.settle(RecordDirect {
            case,
            need,
            service,
            delivered_on: self.delivered_on.store(),
            outcomes,
            meaning: self.meaning,
            note: private(self.note.clone()),
        })
    }
}
