//! Plans and the stages of a case as types of the schema.

use crate::domain::case::Delivery;
use crate::domain::global_id::Kind;
use crate::domain::plan::{
    self, AgreementMethod, DeclinedBy, PlanItemStatus, PlanParticipant, PlanStatus, PlanWarningCode,
};
use crate::domain::sealed::Private;
use crate::domain::service::{Dimension, Level};
use crate::domain::stage::CaseStage;
use crate::graphql::context::Here;
use crate::graphql::scalar::{DateTime, LocalDate, id};
use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;

/// A version of a plan.
#[derive(Clone)]
pub struct Plan(pub Arc<plan::Plan>);

/// A version of a person's reintegration plan: drafted, agreed to by the person, and only then followed. Only for the
/// organization that holds the case.
#[Object]
impl Plan {
    /// The plan's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Plan, self.0.id)
    }

    /// The version to send back with a change, which every change raises.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The number of this version of the plan in its case, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// How it stands.
    async fn status(&self) -> PlanStatus {
        self.0.status
    }

    /// The day on which the person agreed; null before.
    async fn agreed_on(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.agreed_on.as_deref())
    }

    /// How they agreed.
    async fn method(&self) -> Option<AgreementMethod> {
        self.0.method
    }

    /// Who took part when it was agreed, as parts, never by name.
    async fn participants(&self) -> &[PlanParticipant] {
        &self.0.participants
    }

    /// What is to be done, in its order.
    async fn items(&self) -> Vec<PlanItem> {
        self.0.items.iter().cloned().map(|item| PlanItem(Arc::new(item))).collect()
    }

    /// The items that wait for a referral.
    async fn gaps(&self) -> Vec<PlanItem> {
        self.0.items.iter().filter(|item| item.is_gap).cloned().map(|item| PlanItem(Arc::new(item))).collect()
    }

    /// What to think about; a warning never stops anybody.
    async fn warnings(&self) -> Vec<PlanWarning> {
        self.0.warnings().into_iter().map(PlanWarning::of).collect()
    }

    /// When it was drafted.
    async fn drafted_at(&self) -> DateTime {
        DateTime(self.0.drafted_at)
    }

    /// Since when it is followed.
    async fn activated_at(&self) -> Option<DateTime> {
        self.0.activated_at.map(DateTime)
    }

    /// When another version took its place.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}

/// Something to think about in a plan.
#[derive(Debug, Clone, SimpleObject)]
pub struct PlanWarning {
    /// What it is.
    code: PlanWarningCode,
    /// The dimension of reintegration that it is about.
    dimension: Dimension,
    /// The item that it is about, if it is about one.
    plan_item_id: Option<ID>,
}

impl PlanWarning {
    fn of(warning: plan::PlanWarning) -> Self {
        let plan_item_id = warning.item.map(|item| id(Kind::PlanItem, item));
        Self { code: warning.code, dimension: warning.dimension, plan_item_id }
    }
}

/// An item of a plan.
#[derive(Clone)]
pub struct PlanItem(pub Arc<plan::PlanItem>);

/// One thing that is to be done for one need.
#[Object]
impl PlanItem {
    /// The item's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::PlanItem, self.0.id)
    }

    /// The need that it answers.
    async fn need_id(&self) -> ID {
        id(Kind::Need, self.0.need_id)
    }

    /// The need's category in the taxonomy.
    async fn category_code(&self) -> &str {
        &self.0.category
    }

    /// The need's dimension of reintegration.
    async fn dimension(&self) -> Dimension {
        self.0.dimension
    }

    /// The need's level.
    async fn level(&self) -> Level {
        self.0.level
    }

    /// Its place in the plan, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// The goal in the person's own words; null where the need's goals stand, or when it can't be opened.
    async fn goal(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().item_goal(&self.0).map(|text| text.map(Private::into_inner)))
    }

    /// Whether the holder answers it or refers.
    async fn delivery_mode(&self) -> Delivery {
        self.0.delivery
    }

    /// The organization that answers for it.
    async fn responsible_id(&self) -> ID {
        id(Kind::Organization, self.0.responsible_id)
    }

    /// By when it is to be done.
    async fn due_by(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.due_by.as_deref())
    }

    /// What is set aside for it.
    async fn budget(&self) -> Option<Budget> {
        let (amount, currency) = (self.0.budget_amount.clone()?, self.0.budget_currency.clone()?);
        Some(Budget { amount, currency })
    }

    /// How it stands.
    async fn status(&self) -> PlanItemStatus {
        self.0.status
    }

    /// Who declined it, when it was dropped.
    async fn declined_by(&self) -> Option<DeclinedBy> {
        self.0.declined_by
    }

    /// The referrals of its need, oldest first.
    async fn referral_ids(&self) -> Vec<ID> {
        self.0.referrals.iter().map(|referral| id(Kind::Referral, referral.id)).collect()
    }

    /// Whether it is to be answered by referral and none that was sent is running or completed.
    async fn is_gap(&self) -> bool {
        self.0.is_gap
    }
}

/// An amount of money.
#[derive(Debug, Clone, SimpleObject)]
pub struct Budget {
    /// A decimal number, such as 1500.50.
    amount: String,
    /// The currency, ISO 4217, such as XOF.
    currency: String,
}

/// A move of a case.
#[derive(Clone)]
pub struct StageChange(pub plan::StageChange);

/// A case's move from one stage to another.
#[Object]
impl StageChange {
    /// The stage before.
    async fn from(&self) -> CaseStage {
        self.0.from_stage
    }

    /// The stage after.
    async fn to(&self) -> CaseStage {
        self.0.to_stage
    }

    /// The mutation that moved it, such as `moveCase` or `agreePlan`.
    async fn cause(&self) -> &str {
        &self.0.cause
    }

    /// Why, where somebody said so. Null when it can't be opened.
    async fn reason(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().stage_reason(&self.0).map(|text| text.map(Private::into_inner)))
    }

    /// When.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}
