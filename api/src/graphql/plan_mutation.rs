//! Mutations on plans, stages, needs and help given directly: the holder's work on a case.

use crate::domain::id::{CaseId, NeedId, PlanId};
use crate::domain::rule::Outcome;
use crate::graphql::case::{Case, Need};
use crate::graphql::case_mutation;
use crate::graphql::casework;
use crate::graphql::casework_input::{
    MoveCaseInput, RecordDirectServiceInput, ReopenNeedInput, UpdateNeedInput, WithdrawNeedInput,
};
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::direct_service::DirectService;
use crate::graphql::error::UserError;
use crate::graphql::payload::payload;
use crate::graphql::plan::Plan;
use crate::graphql::plan_input::{ActivatePlanInput, AgreePlanInput, DraftPlanInput, UpdatePlanItemInput};
use crate::usecase::{Ask, plan};
use async_graphql::{Context, Object};
use std::sync::Arc;

payload! {
    /// The version that was drafted.
    DraftPlanPayload {
        /// The version of the plan; null when nothing was drafted.
        plan: Plan
    }
}

payload! {
    /// The version that was agreed to.
    AgreePlanPayload {
        /// The version of the plan; null when nothing was recorded.
        plan: Plan
    }
}

payload! {
    /// The version that is followed from now on.
    ActivatePlanPayload {
        /// The version of the plan; null when nothing was changed.
        plan: Plan
    }
}

payload! {
    /// The plan whose item was changed.
    UpdatePlanItemPayload {
        /// The version of the plan; null when nothing was changed.
        plan: Plan
    }
}

payload! {
    /// The case that was moved.
    MoveCasePayload {
        /// The case; null when nothing was changed.
        case: Case
    }
}

payload! {
    /// The need that was changed.
    UpdateNeedPayload {
        /// The need; null when nothing was changed.
        need: Need
    }
}

payload! {
    /// The need that was withdrawn.
    WithdrawNeedPayload {
        /// The need; null when nothing was changed.
        need: Need
    }
}

payload! {
    /// The need that is open again.
    ReopenNeedPayload {
        /// The need; null when nothing was changed.
        need: Need
    }
}

payload! {
    /// The help that was recorded.
    RecordDirectServicePayload {
        /// The help; null when nothing was recorded.
        direct_service: DirectService
    }
}

/// A plan as it stands after a write.
pub async fn plan_told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<(CaseId, PlanId)>) -> Option<P>
where
    P: From<Result<Option<Plan>, Vec<UserError>>>,
{
    Some(P::from(match settle(ctx, ask, done).await? {
        Ok((case, id)) => {
            let plans = casework::reread(ctx, case).await.map(|work| work.plans).unwrap_or_default();
            Ok(plans.into_iter().find(|plan| plan.id == id).map(|plan| Plan(Arc::new(plan))))
        }
        Err(errors) => Err(errors),
    }))
}

async fn need_told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<(CaseId, NeedId)>) -> Option<P>
where
    P: From<Result<Option<Need>, Vec<UserError>>>,
{
    Some(P::from(match settle(ctx, ask, done).await? {
        Ok((case, id)) => {
            let case = case_mutation::reread(ctx, case).await;
            let found = case.and_then(|case| case.0.needs.iter().find(|need| need.id == id).cloned());
            Ok(found.map(|need| Need(Arc::new(need))))
        }
        Err(errors) => Err(errors),
    }))
}

/// Mutations on plans, stages, needs and help given directly.
#[derive(Default)]
pub struct PlanMutation;

#[Object]
impl PlanMutation {
    /// Drafts the next version of the plan of a case that your organization holds. What is followed stays so until the
    /// person has agreed to the new version and it is activated. Needs WRITE_CASES.
    async fn draft_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: DraftPlanInput,
    ) -> Option<DraftPlanPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "draftPlan", &input.idempotency_key, &text);
        let done = async { plan::draft(ctx.app(), ask, input.checked()?).await }.await;
        plan_told(ctx, ask, done).await
    }

    /// Records that the person agreed to a draft. The case is planned from then on, if it was not further. Needs
    /// WRITE_CASES.
    async fn agree_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When and how they agreed.")] input: AgreePlanInput,
    ) -> Option<AgreePlanPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "agreePlan", &input.idempotency_key, &text);
        let done = async { plan::agree(ctx.app(), ask, input.checked()?).await }.await;
        plan_told(ctx, ask, done).await
    }

    /// Makes an agreed version the one that is followed; NOT_AGREED for a draft. The version that was followed before
    /// stays readable. Needs WRITE_CASES.
    async fn activate_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version.")] input: ActivatePlanInput,
    ) -> Option<ActivatePlanPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "activatePlan", &input.idempotency_key, &text);
        let done = async { plan::activate(ctx.app(), ask, input.checked()?, input.expected_version).await }.await;
        plan_told(ctx, ask, done).await
    }

    /// Says how an item of the followed version stands. The person may decline any item; what else is to change is a new
    /// version. Needs WRITE_CASES.
    async fn update_plan_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How it stands.")] input: UpdatePlanItemInput,
    ) -> Option<UpdatePlanItemPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "updatePlanItem", &input.idempotency_key, &text);
        let done = async { plan::set_item(ctx.app(), ask, input.checked()?).await }.await;
        plan_told(ctx, ask, done).await
    }

    /// Moves a case that your organization holds to another stage of its work. Needs WRITE_CASES.
    async fn move_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to, and why.")] input: MoveCaseInput,
    ) -> Option<MoveCasePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "moveCase", &input.idempotency_key, &text);
        let done = async { plan::move_case(ctx.app(), ask, input.checked()?).await }.await;
        Some(match settle(ctx, ask, done).await? {
            Ok(id) => Ok(case_mutation::reread(ctx, id).await).into(),
            Err(errors) => Err(errors).into(),
        })
    }

    /// Changes how soon help is needed, or who gives it. Only the side that holds the case edits its needs. Needs
    /// WRITE_CASES.
    async fn update_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateNeedInput,
    ) -> Option<UpdateNeedPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "updateNeed", &input.idempotency_key, &text);
        let done = async { plan::change_need(ctx.app(), ask, input.checked()?).await }.await;
        need_told(ctx, ask, done).await
    }

    /// Withdraws a need for which no referral is open. Needs WRITE_CASES.
    async fn withdraw_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which need.")] input: WithdrawNeedInput,
    ) -> Option<WithdrawNeedPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "withdrawNeed", &input.idempotency_key, &text);
        let done = async { plan::change_need(ctx.app(), ask, input.checked()?).await }.await;
        need_told(ctx, ask, done).await
    }

    /// Opens a need again that was met, not met or withdrawn. Needs WRITE_CASES.
    async fn reopen_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which need.")] input: ReopenNeedInput,
    ) -> Option<ReopenNeedPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "reopenNeed", &input.idempotency_key, &text);
        let done = async { plan::change_need(ctx.app(), ask, input.checked()?).await }.await;
        need_told(ctx, ask, done).await
    }

    /// Records help that your organization gave without a referral, with what it came to for goals. The need stands as
    /// you say, and the case is in progress from then on, if it was not further. Needs WRITE_CASES.
    async fn record_direct_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was given, and what it came to.")] input: RecordDirectServiceInput,
    ) -> Option<RecordDirectServicePayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "recordDirectService", &input.idempotency_key, &text);
        let done = async { plan::record_direct(ctx.app(), ask, input.checked()?).await }.await;
        Some(match settle(ctx, ask, done).await? {
            Ok((case, id)) => {
                let all = casework::reread(ctx, case).await.map(|work| work.direct_services).unwrap_or_default();
                Ok(all.into_iter().find(|it| it.id == id).map(|it| DirectService(Arc::new(it)))).into()
            }
            Err(errors) => Err(errors).into(),
        })
    }
}
