//! What providers do with many services at once, and what programs ask of services, in the schema.

use crate::domain::global_id::Kind;
use crate::domain::id::{ProgramId, ServiceId};
use crate::domain::revision::DirectoryRules;
use crate::domain::rule::RuleCode;
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::input::Reader;
use crate::graphql::payload::payload;
use crate::graphql::scalar;
use crate::graphql::service::Service;
use crate::usecase::browse;
use crate::usecase::service::{self, Confirmed, MOST_CONFIRMED, SetDirectoryRules, Target};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use std::collections::HashMap;

/// Services that were paused at once.
#[derive(Debug, Clone, SimpleObject)]
pub struct PausedServices {
    /// How many.
    count: i32,
    /// Their global identifiers.
    service_ids: Vec<ID>,
}

payload! {
    /// The paused services, or what to put right.
    PauseServicesPayload {
        /// What was paused; null when nothing was changed.
        paused: PausedServices
    }
}

/// What became of one entry.
#[derive(Clone, SimpleObject)]
pub struct ConfirmServiceResult {
    /// The service's global identifier.
    service_id: ID,
    /// The service as it stands now; null where you may not see it.
    service: Option<Service>,
    /// Whether it was confirmed.
    is_confirmed: bool,
    /// Why it was not confirmed; null when it was.
    refused: Option<RuleCode>,
}

payload! {
    /// What became of each entry, or what to put right.
    ConfirmServicesPayload {
        /// One for each entry, in input order; null when nothing was changed.
        results: Vec<ConfirmServiceResult>
    }
}

/// What a program asks of the services that are part of it.
#[derive(Debug, Clone, SimpleObject)]
pub struct ProgramDirectoryRules {
    /// The program.
    program_id: ID,
    /// After how many days without a confirmation a service is stale; null where the server's number applies.
    max_age_days: Option<i32>,
    /// Whether the program's leading organization approves services before they are published.
    needs_review: bool,
    /// Rises by one with each change, from 0 where nothing was set; hand it back as `expectedVersion`.
    version: i32,
}

payload! {
    /// What the program asks now, or what to put right.
    SetProgramDirectoryRulesPayload {
        /// What the program asks; null when nothing was changed.
        rules: ProgramDirectoryRules
    }
}

/// Pause all services at once.
#[derive(Debug, Clone, InputObject)]
pub struct PauseServicesInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// Only those of this program; all of your organization when not given.
    program_id: Option<ID>,
    /// Why, for partners, 1 to 500 characters; nothing about persons.
    reason: String,
}

/// What happens to the other entries when one can't be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ErrorPolicy {
    /// None is confirmed; each that can't be is told.
    RejectEverything,
    /// The others are confirmed.
    RejectFailedRows,
}

/// Confirm many entries.
#[derive(Debug, Clone, InputObject)]
pub struct ConfirmServicesInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The entries, 1 to 100, each once.
    services: Vec<ConfirmServiceInput>,
    /// What happens to the others when one can't be confirmed.
    #[graphql(default_with = "ErrorPolicy::RejectEverything")]
    error_policy: ErrorPolicy,
}

/// One entry to confirm.
#[derive(Debug, Clone, InputObject)]
pub struct ConfirmServiceInput {
    /// The service.
    service_id: ID,
    /// The version you read.
    expected_version: i32,
}

/// What a program asks of its services.
#[derive(Debug, Clone, InputObject)]
pub struct SetProgramDirectoryRulesInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The program, led by your organization.
    program_id: ID,
    /// The version you read; 0 where nothing was set before.
    expected_version: i32,
    /// After how many days without a confirmation a service is stale, 1 to 366; null for the server's number.
    max_age_days: Option<i32>,
    /// Whether your organization approves services of the program before they are published.
    needs_review: bool,
}

/// Changes of many services, and of what programs ask of them.
#[derive(Debug, Default)]
pub struct ServiceTruthMutation;

/// Changes of many services, and of what programs ask of them.
#[Object]
impl ServiceTruthMutation {
    /// Pauses all published services of your organization, or those of one program, in one call; referrals under way go on.
    /// All of them or none. Needs EDIT_DIRECTORY.
    async fn pause_services(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which services, and why.")] input: PauseServicesInput,
    ) -> Option<PauseServicesPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "pauseServices", &input.idempotency_key, &text);
        let done = async {
            let mut reader = Reader::default();
            let program = reader.optional("programId", Kind::Program, input.program_id.as_ref());
            let program = reader.settle(program)?;
            service::pause_all(ctx.app(), ask, program, &input.reason).await
        };
        let told = |ids: Vec<ServiceId>| PausedServices {
            count: i32::try_from(ids.len()).unwrap_or(i32::MAX),
            service_ids: ids.into_iter().map(|id| scalar::id(Kind::Service, id)).collect(),
        };
        Some(settle(ctx, ask, done.await).await?.map(told).map(Some).into())
    }

    /// Confirms many entries as of today, with the result of each. Needs REPORT_CAPACITY.
    async fn confirm_services(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entries.")] input: ConfirmServicesInput,
    ) -> Option<ConfirmServicesPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "confirmServices", &input.idempotency_key, &text);
        let done = async {
            let mut reader = Reader::default();
            reader.check(input.services.len() <= MOST_CONFIRMED, "services", RuleCode::TooLong);
            let read = |(index, row): (usize, &ConfirmServiceInput)| Target {
                service: reader.key(&format!("services.{index}.serviceId"), Kind::Service, &row.service_id),
                expected_version: row.expected_version,
            };
            let targets: Vec<Target> = input.services.iter().take(MOST_CONFIRMED).enumerate().map(read).collect();
            let targets = reader.settle(targets)?;
            let row_by_row = input.error_policy == ErrorPolicy::RejectFailedRows;
            service::confirm_all(ctx.app(), ask, &targets, row_by_row).await
        };
        Some(match settle(ctx, ask, done.await).await? {
            Ok(confirmed) => Ok(results(ctx, &confirmed).await).into(),
            Err(errors) => Err(errors).into(),
        })
    }

    /// Sets what a program asks of its services: how often they are confirmed, and whether your organization approves them
    /// before they are published. What was published before stays. Needs COORDINATE_REFERRALS of the leading organization.
    async fn set_program_directory_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the program asks.")] input: SetProgramDirectoryRulesInput,
    ) -> Option<SetProgramDirectoryRulesPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "setProgramDirectoryRules", &input.idempotency_key, &text);
        let done = async {
            let mut reader = Reader::default();
            let program: ProgramId = reader.key("programId", Kind::Program, &input.program_id);
            let rules = DirectoryRules {
                max_age_days: input.max_age_days,
                needs_review: input.needs_review,
                version: input.expected_version,
            };
            let input = reader.settle(SetDirectoryRules { program, rules })?;
            service::set_directory_rules(ctx.app(), ask, input).await
        };
        Some(match settle(ctx, ask, done.await).await? {
            Ok(program) => {
                let found = service::directory_rules(ctx.app(), program).await;
                Ok(ctx.found(found.map(Some)).map(|rules| ProgramDirectoryRules {
                    program_id: scalar::id(Kind::Program, program),
                    max_age_days: rules.max_age_days,
                    needs_review: rules.needs_review,
                    version: rules.version,
                }))
                .into()
            }
            Err(errors) => Err(errors).into(),
        })
    }
}

async fn results(ctx: &Context<'_>, confirmed: &[Confirmed]) -> Option<Vec<ConfirmServiceResult>> {
    let ids: Vec<ServiceId> = confirmed.iter().map(|one| one.service).collect();
    let mut seen: HashMap<ServiceId, _> =
        ctx.found(browse::services_by_id(ctx.app(), &ctx.sight(), &ids).await.map(Some))?;
    let told = |one: &Confirmed| ConfirmServiceResult {
        service_id: scalar::id(Kind::Service, one.service),
        service: seen.remove(&one.service).map(Service::of),
        is_confirmed: one.refused.is_none(),
        refused: one.refused,
    };
    Some(confirmed.iter().map(told).collect())
}
