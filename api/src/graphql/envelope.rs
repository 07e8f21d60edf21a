//! Envelopes of queued commands, in the schema.

use crate::domain::code::Code as _;
use crate::domain::envelope::{CommandOutcome, MOST_COMMANDS};
use crate::domain::global_id::Kind;
use crate::domain::parts::Parts;
use crate::domain::rule::{Failure, Outcome, Refusal};
use crate::graphql::batch::{bounded, place, told};
use crate::graphql::case_input::RecordConsentInput;
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::{UserError, label, refused};
use crate::graphql::event::Event;
use crate::graphql::pacing::Pacing;
use crate::graphql::payload::payload;
use crate::graphql::referral::Referral;
use crate::graphql::referral_delivery_input::ReportReferralProgressInput;
use crate::graphql::referral_input::{
    AcceptReferralInput, AcknowledgeReferralInput, CompleteReferralInput, CreateReferralInput, DeclineReferralInput,
    StartReferralServiceInput,
};
use crate::graphql::scalar::{DateTime, id};
use crate::usecase::envelope::{self, Landed, Packed, Queued};
use crate::usecase::{Ask, referral};
use async_graphql::{Context, ID, InputObject, InputType, Object, OneofObject, SimpleObject, Value};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A command that a device may queue, with the input its mutation takes: its own key, and as `expectedVersion` the version
/// that the device had seen.
#[derive(OneofObject)]
pub enum QueuedCommandInput {
    /// As `acknowledgeReferral` takes it.
    AcknowledgeReferral(AcknowledgeReferralInput),
    /// As `acceptReferral` takes it.
    AcceptReferral(AcceptReferralInput),
    /// As `declineReferral` takes it.
    DeclineReferral(DeclineReferralInput),
    /// As `startReferralService` takes it.
    StartReferralService(StartReferralServiceInput),
    /// As `reportReferralProgress` takes it.
    ReportReferralProgress(ReportReferralProgressInput),
    /// As `completeReferral` takes it.
    CompleteReferral(CompleteReferralInput),
    /// As `createReferral` takes it.
    CreateReferral(CreateReferralInput),
    /// As `recordConsent` takes it.
    RecordConsent(RecordConsentInput),
}

impl QueuedCommandInput {
    /// The command in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Queued, Failure> {
        Ok(match self {
            Self::AcknowledgeReferral(input) => Queued::Acknowledge(input.checked()?),
            Self::AcceptReferral(input) => {
                let (which, planned_end_on) = input.checked()?;
                Queued::Accept(which, planned_end_on)
            }
            Self::DeclineReferral(input) => Queued::Decline(input.checked()?),
            Self::StartReferralService(input) => Queued::Start(input.checked()?),
            Self::ReportReferralProgress(input) => Queued::Progress(input.checked()?),
            Self::CompleteReferral(input) => Queued::Complete(input.checked()?),
            Self::CreateReferral(input) => Queued::Create(Box::new(input.checked()?)),
            Self::RecordConsent(input) => Queued::RecordConsent(Box::new(input.checked()?)),
        })
    }

    /// The mutation, the key, and the mutation's input as it is compared with what came before under the key.
    fn named(&self) -> (&'static str, &str, String) {
        match self {
            Self::AcknowledgeReferral(input) => ("acknowledgeReferral", &input.idempotency_key, canonical(input)),
            Self::AcceptReferral(input) => ("acceptReferral", &input.idempotency_key, canonical(input)),
            Self::DeclineReferral(input) => ("declineReferral", &input.idempotency_key, canonical(input)),
            Self::StartReferralService(input) => ("startReferralService", &input.idempotency_key, canonical(input)),
            Self::ReportReferralProgress(input) => ("reportReferralProgress", &input.idempotency_key, canonical(input)),
            Self::CompleteReferral(input) => ("completeReferral", &input.idempotency_key, canonical(input)),
            Self::CreateReferral(input) => ("createReferral", &input.idempotency_key, canonical(input)),
            Self::RecordConsent(input) => ("recordConsent", &input.idempotency_key, canonical(input)),
        }
    }

    /// As it is parked.
    fn packed(&self) -> String {
        self.to_value().into_json().map(|json| json.to_string()).unwrap_or_default()
    }

    /// A command that was parked.
    #[must_use]
    pub fn unpacked(text: &str) -> Option<Self> {
        let json = serde_json::from_str(text).ok()?;
        <Self as InputType>::parse(Some(Value::from_json(json).ok()?)).ok()
    }
}

/// A command with the time at which it was made.
#[derive(InputObject)]
pub struct EnvelopeCommandInput {
    /// When it was made, by the device's own clock. It is told back and to whoever looks at a parked command; no deadline and
    /// no order depends on it.
    pub made_at: DateTime,
    /// What was queued.
    pub command: QueuedCommandInput,
}

/// Commands that a device queued while it had no line.
#[derive(InputObject)]
pub struct SubmitEnvelopeInput {
    /// Your key for this envelope, 1 to 255 printable characters. The same envelope may come again under it, or its commands in
    /// another one: each command is done once under its own key.
    pub idempotency_key: String,
    /// Your name for the device, 1 to 64 characters; told where a command waits for a person.
    pub device_id: String,
    /// 1 to 50 commands, done one by one in this order. Where the server is slow, those that were not begun in time are POSTPONED:
    /// send them again with their keys.
    pub commands: Vec<EnvelopeCommandInput>,
}

/// What became of a queued command.
#[derive(SimpleObject)]
pub struct CommandResult {
    /// The command's place in the envelope, from 0 on.
    position: i32,
    /// The mutation it stands for.
    mutation: &'static str,
    /// What became of it.
    outcome: CommandOutcome,
    /// The same in words, in the language asked for.
    explanation: String,
    /// Whether it had arrived before under the same key; then nothing was changed now.
    is_repeat: bool,
    /// When it was made, by the device's own clock.
    made_at: DateTime,
    /// When it was judged, by the server's clock.
    landed_at: DateTime,
    /// The referral as it stands now, where it is about one that you may see.
    referral: Option<Referral>,
    /// Where it waits for a person, in `parkedCommands`; null otherwise.
    parked_command_id: Option<ID>,
    /// What others did to the referral since the version the device had seen, as far as you may know; for what was superseded or
    /// parked.
    meanwhile: Vec<Event>,
    /// Why it was not done; empty when it was.
    user_errors: Vec<UserError>,
}

payload! {
    /// What `submitEnvelope` did.
    SubmitEnvelopePayload {
        /// One for each command, in the order of the envelope; null when the envelope itself is wrong and nothing was looked
        /// at.
        results: Vec<CommandResult>
    }
}

/// Mutations for devices that are often without a line.
#[derive(Default)]
pub struct EnvelopeMutation;

#[Object]
impl EnvelopeMutation {
    /// Brings up to 50 commands that a device queued while it had no line. What can't be begun within some seconds is POSTPONED; send it again. Each is authorized as of now and done once, whole or not at all, as its mutation would do it. Where others acted meanwhile: what only says what happened is done on what stands now; what there is nothing left to do for is superseded, and told what happened; what was decided on something that has changed waits for a person. Needs what each mutation needs.
    async fn submit_envelope(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commands.")] input: SubmitEnvelopeInput,
    ) -> Option<SubmitEnvelopePayload> {
        if let Err(error) = known(ctx) {
            return ctx.nullable(Err(error));
        }
        let wrong = bounded(ctx, "deviceId", input.device_id.trim().chars().count(), 64)
            .and_then(|()| bounded(ctx, "commands", input.commands.len(), MOST_COMMANDS));
        if let Err(user_errors) = wrong {
            return Some(Err(user_errors).into());
        }
        let text = canonical(&input);
        let replayed = AtomicBool::new(false);
        let whole = Ask { replayed: &replayed, ..ask(ctx, "submitEnvelope", &input.idempotency_key, &text) };
        if let Err(user_errors) = settle(ctx, whole, envelope::open(ctx.app(), whole).await).await? {
            return Some(Err(user_errors).into());
        }
        let mut results = Vec::with_capacity(input.commands.len());
        let mut pacing = Pacing::of(ctx);
        for (at, command) in input.commands.iter().enumerate() {
            if !pacing.goes_on() {
                let landed = Landed::new(CommandOutcome::Postponed, nothing());
                results.push(result(ctx, at, command, landed).await);
                continue;
            }
            let landed = landed(ctx, &input.device_id, command).await;
            let changed = matches!(landed.outcome, CommandOutcome::Applied | CommandOutcome::Parked);
            pacing.ended(changed && !landed.is_repeat);
            results.push(result(ctx, at, command, landed).await);
        }
        // What was not looked at comes again under this key, and that is no repeat.
        if pacing.is_whole() {
            settle(ctx, whole, envelope::close(ctx.app(), whole).await).await?.ok();
        }
        Some(Ok(Some(results)).into())
    }
}

/// What a command is about that was not looked at.
fn nothing() -> (Kind, uuid::Uuid) {
    (Kind::Referral, uuid::Uuid::nil())
}

/// Lands one command.
async fn landed(ctx: &Context<'_>, device: &str, input: &EnvelopeCommandInput) -> Landed {
    let (mutation, key, text) = input.command.named();
    let replayed = AtomicBool::new(false);
    let asked = Ask { replayed: &replayed, ..ask(ctx, mutation, key, &text) };
    let packed = input.command.packed();
    let packed = Packed { device: device.trim(), made_at: input.made_at.0, text: &packed };
    let landed: Outcome<Landed> = async {
        let queued = input.command.checked()?;
        envelope::land(ctx.app(), asked, queued, packed).await
    }
    .await;
    landed.unwrap_or_else(|failure| match failure {
        Failure::Rules(rules) => Landed { rules, ..Landed::new(CommandOutcome::Refused, nothing()) },
        Failure::Refused(_) => Landed::new(CommandOutcome::Refused, nothing()),
        Failure::Fault(fault) => {
            crate::app::log_fault(&fault, ctx.request_id());
            Landed::new(CommandOutcome::Failed, nothing())
        }
    })
}

/// Tells what became of a command.
async fn result(ctx: &Context<'_>, at: usize, input: &EnvelopeCommandInput, landed: Landed) -> CommandResult {
    let (mutation, ..) = input.command.named();
    let (kind, about) = landed.subject;
    let was_looked_at = kind == Kind::Referral && !about.is_nil();
    let shown = was_looked_at && ctx.look_ahead().field("results").field("referral").exists();
    let found =
        if shown { ctx.found(referral::after(ctx.app(), &ctx.sight(), about.into(), &Parts::All).await) } else { None };
    CommandResult {
        position: place(at),
        mutation,
        outcome: landed.outcome,
        explanation: label(ctx.language(), "command-outcome", landed.outcome.code()),
        is_repeat: landed.is_repeat,
        made_at: input.made_at,
        landed_at: DateTime(ctx.app().now()),
        referral: found.map(|found| Referral(Arc::new(found))),
        parked_command_id: landed.parked.map(|parked| id(Kind::ParkedCommand, parked)),
        meanwhile: landed.meanwhile.into_iter().map(|event| Event(Arc::new(event))).collect(),
        user_errors: told(ctx, &landed.rules),
    }
}

/// That somebody is known, as a failure of a write.
pub(crate) fn unknown() -> async_graphql::Error {
    refused(Refusal::Unauthenticated)
}
