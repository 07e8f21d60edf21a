//! Changes of plans: new versions, agreement, which one is followed, and how its items stand.

use crate::domain::case::{Case, Delivery};
use crate::domain::code::Code;
use crate::domain::id::{CaseId, NeedId, OrganizationId, PlanId};
use crate::domain::plan::{DeclinedBy, Plan, PlanItem, PlanItemStatus, PlanParticipant, PlanStatus};
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use crate::store::statement::json;
use passerelle_entity::{plan, plan_item};
use uuid::Uuid;

/// An item to add to a draft.
#[derive(Debug)]
pub struct NewItem<'a> {
    pub id: Uuid,
    pub need: NeedId,
    pub position: i32,
    pub goal: Option<String>,
    pub delivery: Delivery,
    pub responsible: OrganizationId,
    pub due_by: Option<&'a str>,
    /// A decimal number and an ISO 4217 code.
    pub budget: Option<(&'a str, &'a str)>,
}

/// That a person agreed.
#[derive(Debug)]
pub struct Agreement<'a> {
    /// ISO 8601.
    pub on: &'a str,
    pub method: &'a str,
    pub participants: &'a [PlanParticipant],
}

impl Tx {
    /// Adds the next version of a case's plan as a draft; earlier versions that are not followed yet are superseded.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_plan(&self, case: &Case, id: Uuid, number: i32, now: i64) -> Result<(), Fault> {
        self.run(
            "UPDATE plan SET status = 'SUPERSEDED', ended_at = $1, updated_at = $1, version = version + 1 \
             WHERE case_id = $2 AND status IN ('DRAFT', 'AGREED')",
            vec![now.into(), Uuid::from(case.id).into()],
        )
        .await?;
        self.add(plan::Model {
            id,
            case_id: case.id.into(),
            organization_id: case.holder.id.into(),
            program_id: case.program_id.into(),
            number,
            status: PlanStatus::Draft.code().into(),
            participants: "[]".into(),
            drafted_at: now,
            version: 1,
            updated_at: now,
            ..plan::Model::default()
        })
        .await
    }

    /// Adds an item to a draft.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_plan_item(&self, case: CaseId, plan: Uuid, new: NewItem<'_>, now: i64) -> Result<(), Fault> {
        self.add(plan_item::Model {
            id: new.id,
            plan_id: plan,
            case_id: case.into(),
            need_id: new.need.into(),
            position: new.position,
            goal_sealed: new.goal,
            delivery: new.delivery.code().into(),
            responsible_organization_id: new.responsible.into(),
            due_by: new.due_by.map(str::to_owned),
            budget_amount: new.budget.map(|(amount, _)| amount.to_owned()),
            budget_currency: new.budget.map(|(_, currency)| currency.to_owned()),
            status: PlanItemStatus::Planned.code().into(),
            declined_by: None,
            updated_at: now,
        })
        .await
    }

    /// Keeps that the person agreed to a draft, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn agree_plan(&self, plan: &Plan, agreement: Agreement<'_>, now: i64) -> Result<bool, Fault> {
        let changed = self
            .run(
                "UPDATE plan SET status = 'AGREED', agreed_on = $1, method = $2, participants = $3, updated_at = $4, \
                 version = version + 1 WHERE id = $5 AND version = $6 AND status = 'DRAFT'",
                vec![
                    agreement.on.into(),
                    agreement.method.into(),
                    json(&agreement.participants)?.into(),
                    now.into(),
                    Uuid::from(plan.id).into(),
                    plan.version.into(),
                ],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Makes an agreed version the one that is followed, if it is still the one that was read; what was followed before
    /// is superseded.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn activate_plan(&self, plan: &Plan, now: i64) -> Result<bool, Fault> {
        self.run(
            "UPDATE plan SET status = 'SUPERSEDED', ended_at = $1, updated_at = $1, version = version + 1 \
             WHERE case_id = $2 AND status = 'ACTIVE'",
            vec![now.into(), Uuid::from(plan.case_id).into()],
        )
        .await?;
        let changed = self
            .run(
                "UPDATE plan SET status = 'ACTIVE', activated_at = $1, updated_at = $1, version = version + 1 \
                 WHERE id = $2 AND version = $3 AND status = 'AGREED'",
                vec![now.into(), Uuid::from(plan.id).into(), plan.version.into()],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Raises a plan's version, if it is still the one that was read and followed.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn touch_plan(&self, id: PlanId, version: i32, now: i64) -> Result<bool, Fault> {
        let changed = self
            .run(
                "UPDATE plan SET version = version + 1, updated_at = $1 WHERE id = $2 AND version = $3 AND status = 'ACTIVE'",
                vec![now.into(), Uuid::from(id).into(), version.into()],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Says how an item stands.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn set_item_status(
        &self,
        item: &PlanItem,
        status: PlanItemStatus,
        declined_by: Option<DeclinedBy>,
        now: i64,
    ) -> Result<(), Fault> {
        let declined_by = declined_by.map(|by| by.code().to_owned());
        self.run(
            "UPDATE plan_item SET status = $1, declined_by = $2, updated_at = $3 WHERE id = $4",
            vec![status.code().into(), declined_by.into(), now.into(), Uuid::from(item.id).into()],
        )
        .await
        .map(drop)
    }
}
