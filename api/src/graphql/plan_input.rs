//! Inputs of the mutations on plans.

use crate::domain::case::Delivery;
use crate::domain::global_id::Kind;
use crate::domain::id::PlanId;
use crate::domain::plan::{AgreementMethod, DeclinedBy, PlanItemStatus, PlanParticipant};
use crate::domain::rule::Failure;
use crate::graphql::input::{Reader, private};
use crate::graphql::scalar::LocalDate;
use crate::usecase::plan::{Agree, Draft, DraftItem, SetItem};
use async_graphql::{ID, InputObject};

/// The next version of a case's plan.
#[derive(InputObject)]
pub struct DraftPlanInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The case's version that you read.
    pub expected_version: i32,
    /// What is to be done, 1 to 50 items. The whole of the plan: what is left out is not in the new version.
    pub items: Vec<PlanItemInput>,
}

/// What is to be done for one need.
#[derive(InputObject)]
pub struct PlanItemInput {
    /// The need, one of the case.
    pub need_id: ID,
    /// The goal in the person's own words, 1 to 500 characters; without it the need's goals stand.
    pub goal: Option<String>,
    /// Whether you answer it yourself or refer.
    pub delivery_mode: Delivery,
    /// The organization that answers for it; yours when nothing is said.
    pub responsible_id: Option<ID>,
    /// By when it is to be done.
    pub due_by: Option<LocalDate>,
    /// What is set aside for it.
    pub budget: Option<BudgetInput>,
}

/// An amount of money.
#[derive(InputObject)]
pub struct BudgetInput {
    /// A decimal number without a sign, such as 1500.50.
    pub amount: String,
    /// The currency, ISO 4217, such as XOF.
    pub currency: String,
}

impl DraftPlanInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Draft, Failure> {
        let mut reader = Reader::default();
        let case = reader.key("caseId", Kind::Case, &self.case_id);
        let items = self.items.iter().enumerate().map(|(at, item)| DraftItem {
            need: reader.key(&format!("items.{at}.needId"), Kind::Need, &item.need_id),
            goal: private(item.goal.clone()),
            delivery: item.delivery_mode,
            responsible: reader.optional(
                &format!("items.{at}.responsibleId"),
                Kind::Organization,
                item.responsible_id.as_ref(),
            ),
            due_by: item.due_by.map(LocalDate::store),
            budget: item.budget.as_ref().map(|budget| (budget.amount.clone(), budget.currency.clone())),
        });
        let items = items.collect();
        reader.settle(Draft { case, expected_version: self.expected_version, items })
    }
}

/// That the person agreed.
#[derive(InputObject)]
pub struct AgreePlanInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The version of the plan, a draft.
    pub plan_id: ID,
    /// The plan's version that you read.
    pub expected_version: i32,
    /// The day on which the person agreed; not in the future.
    pub agreed_on: LocalDate,
    /// How they agreed.
    pub method: AgreementMethod,
    /// Who took part, as parts, never by name. The person, or their guardian, is among them.
    pub participants: Vec<PlanParticipant>,
}

impl AgreePlanInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Agree, Failure> {
        let mut reader = Reader::default();
        let plan = reader.key("planId", Kind::Plan, &self.plan_id);
        reader.settle(Agree {
            plan,
            expected_version: self.expected_version,
            agreed_on: self.agreed_on.store(),
            method: self.method,
            participants: self.participants.clone(),
        })
    }
}

/// Which version is to be followed.
#[derive(InputObject)]
pub struct ActivatePlanInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The version of the plan, to which the person agreed.
    pub plan_id: ID,
    /// The plan's version that you read.
    pub expected_version: i32,
}

impl ActivatePlanInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<PlanId, Failure> {
        let mut reader = Reader::default();
        let plan = reader.key("planId", Kind::Plan, &self.plan_id);
        reader.settle(plan)
    }
}

/// How an item of the plan that is followed stands.
#[derive(InputObject)]
pub struct UpdatePlanItemInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The item.
    pub plan_item_id: ID,
    /// The plan's version that you read.
    pub expected_version: i32,
    /// How it stands.
    pub status: PlanItemStatus,
    /// Who declined it; with DROPPED and with nothing else. The person may decline any item.
    pub declined_by: Option<DeclinedBy>,
}

impl UpdatePlanItemInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<SetItem, Failure> {
        let mut reader = Reader::default();
        let item = reader.key("planItemId", Kind::PlanItem, &self.plan_item_id);
        reader.settle(SetItem {
            item,
            expected_version: self.expected_version,
            status: self.status,
            declined_by: self.declined_by,
        })
    }
}
