//! Commands that wait for a person, in the schema.

use crate::domain::code::Code as _;
use crate::domain::envelope::{self as domain, ParkedStatus};
use crate::domain::global_id::Kind;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::envelope::QueuedCommandInput;
use crate::graphql::error::label;
use crate::graphql::input::{Reader, distinct};
use crate::graphql::paging::{Slice, connection};
use crate::graphql::payload::payload;
use crate::graphql::scalar::{Cursor, DateTime, id};
use crate::usecase::envelope::{self, NewState, Settle};
use async_graphql::{Context, ID, InputObject, Object};
use std::sync::Arc;
use uuid::Uuid;

/// A command from a device that waits for a person.
#[derive(Clone)]
pub struct ParkedCommand(pub Arc<domain::ParkedCommand>);

/// A command that was queued on a device and decided on something that has changed since. Its author, or whoever supervises
/// them, has it done on what stands now, or not at all.
#[Object]
impl ParkedCommand {
    /// The identifier by which it is resolved or discarded.
    async fn parked_command_id(&self) -> ID {
        id(Kind::ParkedCommand, self.0.id)
    }

    /// The mutation it stands for.
    async fn mutation(&self) -> &str {
        &self.0.mutation
    }

    /// Who queued it: a member or an application of your organization.
    async fn author_id(&self) -> ID {
        id(Kind::Member, self.0.author_id)
    }

    /// The device, by the name it gave itself.
    async fn device_id(&self) -> &str {
        &self.0.device_id
    }

    /// The kind of the thing it is about, such as `Referral`.
    async fn subject_kind(&self) -> &'static str {
        self.0.subject_kind.code()
    }

    /// The public identifier of the thing it is about.
    async fn subject_id(&self) -> ID {
        id(self.0.subject_kind, self.0.subject_id)
    }

    /// The version that the device had seen; null for a command without one.
    async fn seen_version(&self) -> Option<i32> {
        self.0.seen_version
    }

    /// When it was made, by the device's own clock.
    async fn made_at(&self) -> DateTime {
        DateTime(self.0.made_at)
    }

    /// When it arrived, by the server's clock.
    async fn parked_at(&self) -> DateTime {
        DateTime(self.0.parked_at)
    }

    /// Why it was not simply done.
    async fn because(&self) -> RuleCode {
        self.0.because
    }

    /// The same in words, in the language asked for.
    async fn explanation(&self, ctx: &Context<'_>) -> String {
        label(ctx.language(), "command-outcome", domain::CommandOutcome::Parked.code())
    }

    /// The input as the device sent it, as JSON text; null once it is settled.
    async fn input_text(&self, ctx: &Context<'_>) -> Option<String> {
        if self.0.status != ParkedStatus::Waiting {
            return None;
        }
        ctx.found(ctx.app().parked_text(&self.0).map(Some)).map(crate::domain::sealed::Private::into_inner)
    }

    /// How it stands.
    async fn status(&self) -> ParkedStatus {
        self.0.status
    }

    /// When somebody settled it; null while it waits.
    async fn settled_at(&self) -> Option<DateTime> {
        self.0.settled_at.map(DateTime)
    }

    /// Rises when it is settled; hand it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

connection!(ParkedCommandConnection, ParkedCommandEdge, ParkedCommand, "commands that wait for a person");

/// Which parked commands.
#[derive(InputObject, Default)]
pub struct ParkedCommandFilter {
    /// Any of these; all when absent.
    pub status: Option<Vec<ParkedStatus>>,
}

payload! {
    /// What `resolveParkedCommand` did.
    ResolveParkedCommandPayload {
        /// The command as it now stands, or null when nothing was changed.
        parked_command: ParkedCommand
    }
}

payload! {
    /// What `discardParkedCommand` did.
    DiscardParkedCommandPayload {
        /// The command as it now stands, or null when nothing was changed.
        parked_command: ParkedCommand
    }
}

/// A parked command to do now.
#[derive(InputObject)]
pub struct ResolveParkedCommandInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The parked command.
    pub parked_command_id: ID,
    /// Its version that you read.
    pub expected_version: i32,
}

/// A parked command that is not to be done.
#[derive(InputObject)]
pub struct DiscardParkedCommandInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The parked command.
    pub parked_command_id: ID,
    /// Its version that you read.
    pub expected_version: i32,
}

fn which(parked: &ID, expected_version: i32) -> Outcome<Settle> {
    let mut reader = Reader::default();
    let id: Uuid = reader.key("parkedCommandId", Kind::ParkedCommand, parked);
    reader.settle(Settle { id, expected_version })
}

async fn again(ctx: &Context<'_>, id: Uuid) -> Option<ParkedCommand> {
    let found = envelope::load(ctx.app(), ctx.actor(), id).await.ok()?;
    Some(ParkedCommand(Arc::new(found.0)))
}

/// What waits for a person.
#[derive(Default)]
pub struct ParkedQuery;

#[Object]
impl ParkedQuery {
    /// Commands from devices that wait for a person, the oldest first: your own, and those of whom you supervise.
    async fn parked_commands(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which commands.")] filter: Option<ParkedCommandFilter>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
    ) -> async_graphql::Result<ParkedCommandConnection> {
        known(ctx)?;
        let sight = envelope::sight_of(ctx.actor()).ok_or_else(crate::graphql::envelope::unknown)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let status = distinct(filter.unwrap_or_default().status);
        let page = envelope::parked(ctx.app(), &sight, &status, &window).await.map_err(|fault| ctx.broke(&fault))?;
        Ok(ParkedCommandConnection::of(page, |found| ParkedCommand(Arc::new(found))))
    }
}

/// Mutations on commands that wait for a person.
#[derive(Default)]
pub struct ParkedMutation;

#[Object]
impl ParkedMutation {
    /// Has a parked command done on what stands now, by you and under your rights, once. Of its author and whoever supervises them; needs what its mutation needs.
    async fn resolve_parked_command(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which command.")] input: ResolveParkedCommandInput,
    ) -> Option<ResolveParkedCommandPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "resolveParkedCommand", &input.idempotency_key, &text);
        let done = async {
            let which = which(&input.parked_command_id, input.expected_version)?;
            let (_, text) = envelope::load(ctx.app(), ctx.actor(), which.id).await?;
            let queued = match text {
                Some(text) => {
                    let read = QueuedCommandInput::unpacked(text.expose());
                    let read = read.ok_or_else(|| Rule::at("parkedCommandId", RuleCode::Invalid))?;
                    Some(Box::new(read.checked()?))
                }
                None => None,
            };
            envelope::settle(ctx.app(), ask, which, NewState::Resolved(queued)).await
        }
        .await;
        Some(match settle(ctx, ask, done).await? {
            Ok(id) => Ok(again(ctx, id).await).into(),
            Err(errors) => Err(errors).into(),
        })
    }

    /// Decides that a parked command is not to be done; what it held is forgotten. Of its author and whoever supervises them.
    async fn discard_parked_command(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which command.")] input: DiscardParkedCommandInput,
    ) -> Option<DiscardParkedCommandPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "discardParkedCommand", &input.idempotency_key, &text);
        let done = async {
            let which = which(&input.parked_command_id, input.expected_version)?;
            envelope::settle(ctx.app(), ask, which, NewState::Discarded).await
        }
        .await;
        Some(match settle(ctx, ask, done).await? {
            Ok(id) => Ok(again(ctx, id).await).into(),
            Err(errors) => Err(errors).into(),
        })
    }
}
