//! Many at once. One rule for all batches: each row is the input of the single mutation with a key of its own; it is done
//! whole or not at all, in the order of the rows, and a row that fails undoes no other.

use crate::domain::envelope::{MOST_ROWS, RowOutcome};
use crate::domain::id::{ReferralId, ServiceId};
use crate::domain::parts::Parts;
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode};
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::UserError;
use crate::graphql::pacing::Pacing;
use crate::graphql::payload::payload;
use crate::graphql::referral::Referral;
use crate::graphql::referral_input::{AcknowledgeReferralInput, CompleteReferralInput, CreateReferralInput};
use crate::graphql::service::{Service, service_by_key};
use crate::graphql::service_entry::target;
use crate::graphql::service_mutation::ReportCapacityInput;
use crate::usecase::work::note_refusal;
use crate::usecase::{Ask, envelope, referral, service};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What became of one row.
#[derive(SimpleObject)]
pub struct ReferralRowResult {
    /// The row's place in the input, from 0 on.
    row: i32,
    /// What became of it.
    outcome: RowOutcome,
    /// The referral as it now stands; null where nothing was changed.
    referral: Option<Referral>,
    /// What the caller can put right in this row; empty when it took effect.
    user_errors: Vec<UserError>,
}

/// What became of one row.
#[derive(SimpleObject)]
pub struct ServiceRowResult {
    /// The row's place in the input, from 0 on.
    row: i32,
    /// What became of it.
    outcome: RowOutcome,
    /// The service as it now stands; null where nothing was changed.
    service: Option<Service>,
    /// What the caller can put right in this row; empty when it took effect.
    user_errors: Vec<UserError>,
}

payload! {
    /// What `createReferrals` did.
    CreateReferralsPayload {
        /// One for each row, in the order of the rows; null when the batch itself is wrong and nothing was looked at.
        results: Vec<ReferralRowResult>
    }
}

payload! {
    /// What `acknowledgeReferrals` did.
    AcknowledgeReferralsPayload {
        /// One for each row, in the order of the rows; null when the batch itself is wrong and nothing was looked at.
        results: Vec<ReferralRowResult>
    }
}

payload! {
    /// What `completeReferrals` did.
    CompleteReferralsPayload {
        /// One for each row, in the order of the rows; null when the batch itself is wrong and nothing was looked at.
        results: Vec<ReferralRowResult>
    }
}

payload! {
    /// What `reportCapacities` did.
    ReportCapacitiesPayload {
        /// One for each row, in the order of the rows; null when the batch itself is wrong and nothing was looked at.
        results: Vec<ServiceRowResult>
    }
}

/// Referrals to begin.
#[derive(InputObject)]
pub struct CreateReferralsInput {
    /// Your key for this batch, 1 to 255 printable characters. The same batch may come again under it; each row is done once
    /// under its own key.
    pub idempotency_key: String,
    /// 1 to 50 rows, each as `createReferral` takes it, with its own key.
    pub rows: Vec<CreateReferralInput>,
}

/// Referrals that have arrived.
#[derive(InputObject)]
pub struct AcknowledgeReferralsInput {
    /// Your key for this batch, 1 to 255 printable characters. The same batch may come again under it; each row is done once
    /// under its own key.
    pub idempotency_key: String,
    /// 1 to 50 rows, each as `acknowledgeReferral` takes it, with its own key.
    pub rows: Vec<AcknowledgeReferralInput>,
}

/// Outcomes to report.
#[derive(InputObject)]
pub struct CompleteReferralsInput {
    /// Your key for this batch, 1 to 255 printable characters. The same batch may come again under it; each row is done once
    /// under its own key.
    pub idempotency_key: String,
    /// 1 to 50 rows, each as `completeReferral` takes it, with its own key.
    pub rows: Vec<CompleteReferralInput>,
}

/// Places to report.
#[derive(InputObject)]
pub struct ReportCapacitiesInput {
    /// Your key for this batch, 1 to 255 printable characters. The same batch may come again under it; each row is done once
    /// under its own key.
    pub idempotency_key: String,
    /// 1 to 50 rows, each as `reportCapacity` takes it, with its own key.
    pub rows: Vec<ReportCapacityInput>,
}

/// What came of a row before it is told.
pub(crate) struct Row<T> {
    pub outcome: RowOutcome,
    pub done: Option<T>,
    pub user_errors: Vec<UserError>,
}

impl<T> Row<T> {
    /// A row that was not looked at.
    pub fn postponed() -> Self {
        Self { outcome: RowOutcome::Postponed, done: None, user_errors: Vec::new() }
    }
}

/// Splits a row's outcome. A fault of ours is logged and ends this row alone.
pub(crate) async fn row<T>(ctx: &Context<'_>, ask: Ask<'_>, outcome: Outcome<T>) -> Row<T> {
    match outcome {
        Ok(done) => {
            let repeated = ask.replayed.load(Ordering::Relaxed);
            let outcome = if repeated { RowOutcome::Repeated } else { RowOutcome::Done };
            Row { outcome, done: Some(done), user_errors: Vec::new() }
        }
        Err(Failure::Rules(rules)) => {
            note_refusal(ctx.app(), ask, &rules).await;
            Row { outcome: RowOutcome::Refused, done: None, user_errors: told(ctx, &rules) }
        }
        Err(Failure::Refused(_)) => Row { outcome: RowOutcome::Refused, done: None, user_errors: Vec::new() },
        Err(Failure::Fault(fault)) => {
            crate::app::log_fault(&fault, ctx.request_id());
            Row { outcome: RowOutcome::Failed, done: None, user_errors: Vec::new() }
        }
    }
}

/// Rules in the language asked for.
pub(crate) fn told(ctx: &Context<'_>, rules: &[Rule]) -> Vec<UserError> {
    rules.iter().map(|rule| UserError::told(rule, ctx.language())).collect()
}

/// What is wrong with a batch of so many rows.
pub(crate) fn bounded(ctx: &Context<'_>, field: &str, rows: usize, most: usize) -> Result<(), Vec<UserError>> {
    let code = match rows {
        0 => RuleCode::Required,
        rows if rows > most => RuleCode::TooLong,
        _ => return Ok(()),
    };
    Err(told(ctx, &[Rule::at(field, code)]))
}

/// Where a row stands, as it is told.
pub(crate) fn place(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX)
}

async fn referral_row(ctx: &Context<'_>, at: usize, row: Row<ReferralId>) -> ReferralRowResult {
    let Row { outcome, done, user_errors } = row;
    let referral = match done {
        Some(id) => ctx.found(referral::after(ctx.app(), &ctx.sight(), id, &Parts::All).await),
        None => None,
    };
    ReferralRowResult {
        row: place(at),
        outcome,
        referral: referral.map(|found| Referral(Arc::new(found))),
        user_errors,
    }
}

async fn service_row(ctx: &Context<'_>, at: usize, row: Row<ServiceId>) -> ServiceRowResult {
    let Row { outcome, done, user_errors } = row;
    let service = match done {
        Some(id) => service_by_key(ctx, id).await,
        None => None,
    };
    ServiceRowResult { row: place(at), outcome, service, user_errors }
}

/// Does the rows of a batch one by one and gives its payload.
macro_rules! batch {
    ($ctx:ident, $input:ident, $batch:literal of $mutation:literal, $told:ident, |$asked:ident, $row:ident| $done:expr) => {{
        if let Err(error) = known($ctx) {
            return $ctx.nullable(Err(error));
        }
        if let Err(user_errors) = bounded($ctx, "rows", $input.rows.len(), MOST_ROWS) {
            return Some(Err(user_errors).into());
        }
        let text = canonical(&$input);
        let replayed = AtomicBool::new(false);
        let whole = Ask { replayed: &replayed, ..ask($ctx, $batch, &$input.idempotency_key, &text) };
        if let Err(user_errors) = settle($ctx, whole, envelope::open($ctx.app(), whole).await).await? {
            return Some(Err(user_errors).into());
        }
        let mut results = Vec::with_capacity($input.rows.len());
        let mut pacing = Pacing::of($ctx);
        for (at, $row) in $input.rows.iter().enumerate() {
            if !pacing.goes_on() {
                results.push($told($ctx, at, Row::postponed()).await);
                continue;
            }
            let text = canonical($row);
            let replayed = AtomicBool::new(false);
            let $asked = Ask { replayed: &replayed, ..ask($ctx, $mutation, &$row.idempotency_key, &text) };
            let done = async { $done };
            let row = row($ctx, $asked, done.await).await;
            pacing.ended(matches!(row.outcome, RowOutcome::Done));
            results.push($told($ctx, at, row).await);
        }
        if pacing.is_whole() {
            settle($ctx, whole, envelope::close($ctx.app(), whole).await).await?.ok();
        }
        Some(Ok(Some(results)).into())
    }};
}

/// Mutations that do many things at once.
#[derive(Default)]
pub struct BatchMutation;

#[Object]
impl BatchMutation {
    /// Begins up to 50 referrals, each row as `createReferral` does and under the same keys; a row that fails undoes no other. Needs SEND_REFERRALS.
    async fn create_referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referrals.")] input: CreateReferralsInput,
    ) -> Option<CreateReferralsPayload> {
        batch!(ctx, input, "createReferrals" of "createReferral", referral_row, |asked, row| {
            referral::create(ctx.app(), asked, row.checked()?).await
        })
    }

    /// Says of up to 50 referrals that they have arrived, each row as `acknowledgeReferral` does and under the same keys; a row that fails undoes no other. Needs DECIDE_REFERRALS or DELIVER_SERVICES of the receiver.
    async fn acknowledge_referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referrals.")] input: AcknowledgeReferralsInput,
    ) -> Option<AcknowledgeReferralsPayload> {
        batch!(ctx, input, "acknowledgeReferrals" of "acknowledgeReferral", referral_row, |asked, row| {
            referral::acknowledge(ctx.app(), asked, row.checked()?).await
        })
    }

    /// Reports delivery and outcomes of up to 50 referrals, each row as `completeReferral` does and under the same keys; a row that fails undoes no other. Needs DELIVER_SERVICES of the receiver.
    async fn complete_referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The outcomes.")] input: CompleteReferralsInput,
    ) -> Option<CompleteReferralsPayload> {
        batch!(ctx, input, "completeReferrals" of "completeReferral", referral_row, |asked, row| {
            referral::complete(ctx.app(), asked, row.checked()?).await
        })
    }

    /// States the places of up to 50 services, each row as `reportCapacity` does and under the same keys; a row that fails undoes no other.
    async fn report_capacities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The places.")] input: ReportCapacitiesInput,
    ) -> Option<ReportCapacitiesPayload> {
        batch!(ctx, input, "reportCapacities" of "reportCapacity", service_row, |asked, row| {
            let target = target(&row.service_id, row.expected_version)?;
            service::report_capacity(ctx.app(), asked, target, row.report()?).await
        })
    }
}
