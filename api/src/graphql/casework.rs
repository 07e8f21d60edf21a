//! The holder's work on a case, as one part of it.

use crate::domain::case;
use crate::domain::id::CaseId;
use crate::domain::plan;
use crate::domain::stage::CaseStage;
use crate::graphql::context::Here;
use crate::graphql::direct_service::DirectService;
use crate::graphql::light_contact::LightContact;
use crate::graphql::loader::Loaders;
use crate::graphql::plan::{Plan, StageChange};
use async_graphql::{Context, SimpleObject};
use std::sync::Arc;

/// The work of the organization that holds a case: nobody else sees any of it.
#[derive(Clone, SimpleObject)]
pub struct Casework {
    /// The version of the plan that is followed; null before there is one.
    plan: Option<Plan>,
    /// All versions of the plan, newest first.
    plans: Vec<Plan>,
    /// Help given without a referral, in the order in which it was recorded.
    direct_services: Vec<DirectService>,
    /// Contacts that are less than a referral, in the order in which they were recorded.
    contacts: Vec<LightContact>,
    /// The case's moves from stage to stage, oldest first.
    stage_changes: Vec<StageChange>,
    /// The stages to which `moveCase` may bring the case now.
    next_stages: Vec<CaseStage>,
}

impl Casework {
    fn of(stage: Option<CaseStage>, work: &plan::Casework) -> Self {
        let plans: Vec<Plan> = work.plans.iter().cloned().map(|plan| Plan(Arc::new(plan))).collect();
        Self {
            plan: work.active().cloned().map(|plan| Plan(Arc::new(plan))),
            plans,
            direct_services: work.direct_services.iter().cloned().map(|it| DirectService(Arc::new(it))).collect(),
            contacts: work.contacts.iter().cloned().map(LightContact).collect(),
            stage_changes: work.stage_changes.iter().cloned().map(StageChange).collect(),
            next_stages: stage.map(|stage| stage.next(work.before_hold())).unwrap_or_default(),
        }
    }
}

/// The work on a case; null for whom does not hold it. The cases of a page are read together.
pub async fn of_case(ctx: &Context<'_>, case: &case::Case) -> Option<Casework> {
    if !case.is_held {
        return None;
    }
    let loader = ctx.data_unchecked::<Loaders>().casework(ctx.data_unchecked(), ctx.actor());
    let found = loader.load_one(case.id).await.map_err(|fault| ctx.broke(&fault));
    ctx.nullable(found).map(|work| Casework::of(case.stage, &work))
}

/// The work on a case as it stands after a write.
pub async fn reread(ctx: &Context<'_>, case: CaseId) -> Option<plan::Casework> {
    let found = crate::usecase::plan::casework(ctx.app(), &ctx.sight(), &[case]).await;
    ctx.found(found.map(|mut found| found.remove(&case)))
}
