//! Proposing to hand cases over, and answering.

use crate::domain::case_transfer::{CaseTransferDecline, CaseTransferReason, CaseTransferStatus};
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::CaseTransferId;
use crate::domain::rule::{Failure, Outcome, RuleCode};
use crate::graphql::case_transfer::{CaseTransfer, CaseTransferConnection};
use crate::graphql::context::{Here, ask, canonical, known, settle};
use crate::graphql::error::UserError;
use crate::graphql::input::{Reader, distinct, private};
use crate::graphql::paging::Slice;
use crate::graphql::payload::payload;
use crate::graphql::scalar::{Cursor, id};
use crate::usecase::Ask;
use crate::usecase::case_transfer::{self, Accept, Decline, Propose, ProposeMany, Proposed, TransferFilter};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use std::sync::Arc;

/// A case that is to be handed over.
#[derive(InputObject)]
pub struct ProposeCaseTransferInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case that your organization holds.
    pub case_id: ID,
    /// Who is asked to take it: an organization that works in the program, or with which you have an agreement in force.
    pub receiver_id: ID,
    /// Why.
    pub reason: CaseTransferReason,
    /// What the receiving organization should know, up to 2,000 characters; needed with OTHER.
    pub note: Option<String>,
}

/// Cases that are to be handed over to one organization.
#[derive(InputObject)]
pub struct ProposeCaseTransfersInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The program of the cases.
    pub program_id: ID,
    /// Who is asked to take them.
    pub receiver_id: ID,
    /// Which cases, 1 to 100. Without it, the 100 oldest open cases of the program that your organization holds and for
    /// which no proposal runs; ask again with another key until the results are empty or all refused.
    pub case_ids: Option<Vec<ID>>,
    /// Why.
    pub reason: CaseTransferReason,
    /// What the receiving organization should know of all of them, up to 2,000 characters; needed with OTHER.
    pub note: Option<String>,
}

/// An answer to a proposal, or its end.
#[derive(InputObject)]
pub struct AcceptCaseTransferInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The proposal.
    pub transfer_id: ID,
    /// Its version that you read.
    pub expected_version: i32,
}

/// A proposal to take back.
#[derive(InputObject)]
pub struct WithdrawCaseTransferInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The proposal.
    pub transfer_id: ID,
    /// Its version that you read.
    pub expected_version: i32,
}

/// A proposal that you do not accept.
#[derive(InputObject)]
pub struct DeclineCaseTransferInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The proposal.
    pub transfer_id: ID,
    /// Its version that you read.
    pub expected_version: i32,
    /// Why you do not take the case.
    pub reason: CaseTransferDecline,
    /// What the holder should know, up to 2,000 characters; needed with OTHER.
    pub note: Option<String>,
}

fn which(transfer: &ID, expected_version: i32) -> Result<Accept, Failure> {
    let mut reader = Reader::default();
    let transfer = reader.key("transferId", Kind::CaseTransfer, transfer);
    reader.settle(Accept { transfer, expected_version })
}

impl ProposeCaseTransferInput {
    fn checked(&self) -> Result<Propose, Failure> {
        let mut reader = Reader::default();
        let propose = Propose {
            case: reader.key("caseId", Kind::Case, &self.case_id),
            receiver: reader.key("receiverId", Kind::Organization, &self.receiver_id),
            reason: self.reason,
            note: private(self.note.clone()),
        };
        reader.settle(propose)
    }
}

impl ProposeCaseTransfersInput {
    fn checked(&self) -> Result<ProposeMany, Failure> {
        let mut reader = Reader::default();
        let propose = ProposeMany {
            program: reader.key("programId", Kind::Program, &self.program_id),
            receiver: reader.key("receiverId", Kind::Organization, &self.receiver_id),
            cases: self.case_ids.as_ref().map(|cases| reader.keys("caseIds", Kind::Case, cases)),
            reason: self.reason,
            note: private(self.note.clone()),
        };
        reader.settle(propose)
    }
}

/// What became of one case of many: it was proposed, or a code says why not.
#[derive(SimpleObject)]
pub struct CaseTransferResult {
    /// The case.
    case_id: ID,
    /// The proposal; null when the case was not proposed.
    transfer_id: Option<ID>,
    /// Why it was not proposed; null when it was.
    refused_because: Option<RuleCode>,
    /// What is missing, as codes, where things are.
    missing: Vec<String>,
}

impl From<Proposed> for CaseTransferResult {
    fn from(row: Proposed) -> Self {
        Self {
            case_id: id(Kind::Case, row.case),
            transfer_id: row.transfer.map(|transfer| id(Kind::CaseTransfer, transfer)),
            refused_because: row.refused.as_deref().and_then(RuleCode::from_code),
            missing: row.missing,
        }
    }
}

payload! {
    /// What `proposeCaseTransfer` did.
    ProposeCaseTransferPayload {
        /// The proposal, or null when nothing was changed.
        case_transfer: CaseTransfer
    }
}

payload! {
    /// What `proposeCaseTransfers` did.
    ProposeCaseTransfersPayload {
        /// What became of each case, in the order asked for; null when nothing was changed.
        results: Vec<CaseTransferResult>
    }
}

payload! {
    /// What `acceptCaseTransfer` did.
    AcceptCaseTransferPayload {
        /// The proposal as it now stands, or null when nothing was changed.
        case_transfer: CaseTransfer
    }
}

payload! {
    /// What `declineCaseTransfer` did.
    DeclineCaseTransferPayload {
        /// The proposal as it now stands, or null when nothing was changed.
        case_transfer: CaseTransfer
    }
}

payload! {
    /// What `withdrawCaseTransfer` did.
    WithdrawCaseTransferPayload {
        /// The proposal as it now stands, or null when nothing was changed.
        case_transfer: CaseTransfer
    }
}

async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<CaseTransferId>) -> Option<P>
where
    P: From<Result<Option<CaseTransfer>, Vec<UserError>>>,
{
    Some(match settle(ctx, ask, done).await? {
        Ok(id) => {
            let found = case_transfer::transfer(ctx.app(), &ctx.sight(), id).await;
            P::from(Ok(ctx.found(found).map(|found| CaseTransfer(Arc::new(found)))))
        }
        Err(errors) => P::from(Err(errors)),
    })
}

/// Mutations by which cases are handed over.
#[derive(Default)]
pub struct CaseTransferMutation;

#[Object]
impl CaseTransferMutation {
    /// Proposes that another organization takes over a case that yours holds. The person must have consented to it, with
    /// the purpose CASE_TRANSFER and this receiver. It lapses after 14 days without an answer.
    async fn propose_case_transfer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which case, to whom, and why.")] input: ProposeCaseTransferInput,
    ) -> Option<ProposeCaseTransferPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "proposeCaseTransfer", &input.idempotency_key, &text);
        let done = async { case_transfer::propose(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }

    /// Proposes many cases to one organization, as when a contract ends. Each case is proposed whole or not at all, and
    /// the results say why one was not.
    async fn propose_case_transfers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cases, to whom, and why.")] input: ProposeCaseTransfersInput,
    ) -> Option<ProposeCaseTransfersPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "proposeCaseTransfers", &input.idempotency_key, &text);
        let done = async { case_transfer::propose_many(ctx.app(), ask, input.checked()?).await }.await;
        Some(match settle(ctx, ask, done).await? {
            Ok(rows) => ProposeCaseTransfersPayload::from(Ok(Some(rows.into_iter().map(Into::into).collect()))),
            Err(errors) => ProposeCaseTransfersPayload::from(Err(errors)),
        })
    }

    /// Takes a case over. Your organization holds it from then on and is the sender of its referrals; the former holder
    /// sees nothing of it any more, and the receivers of open referrals are told.
    async fn accept_case_transfer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: AcceptCaseTransferInput,
    ) -> Option<AcceptCaseTransferPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "acceptCaseTransfer", &input.idempotency_key, &text);
        let done = async {
            let which = which(&input.transfer_id, input.expected_version)?;
            case_transfer::accept(ctx.app(), ask, which).await
        }
        .await;
        told(ctx, ask, done).await
    }

    /// Says that your organization does not take a case. The holder keeps it and is told.
    async fn decline_case_transfer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal, and why.")] input: DeclineCaseTransferInput,
    ) -> Option<DeclineCaseTransferPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "declineCaseTransfer", &input.idempotency_key, &text);
        let done = async {
            let which = which(&input.transfer_id, input.expected_version)?;
            let decline = Decline { which, reason: input.reason, note: private(input.note.clone()) };
            case_transfer::decline(ctx.app(), ask, decline).await
        }
        .await;
        told(ctx, ask, done).await
    }

    /// Takes back a proposal of your organization that was not answered yet.
    async fn withdraw_case_transfer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: WithdrawCaseTransferInput,
    ) -> Option<WithdrawCaseTransferPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "withdrawCaseTransfer", &input.idempotency_key, &text);
        let done = async {
            let which = which(&input.transfer_id, input.expected_version)?;
            case_transfer::withdraw(ctx.app(), ask, which).await
        }
        .await;
        told(ctx, ask, done).await
    }
}

/// From which side proposals are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum CaseTransferDirection {
    /// Those that your organization made.
    Proposed,
    /// Those made to your organization.
    Received,
}

/// Which proposals are asked for; all conditions hold at once.
#[derive(InputObject, Default)]
pub struct CaseTransferFilter {
    /// Only these statuses.
    pub status: Option<Vec<CaseTransferStatus>>,
    /// Only one side's.
    pub direction: Option<CaseTransferDirection>,
}

/// Queries on the handing over of cases.
#[derive(Default)]
pub struct CaseTransferQuery;

#[Object]
impl CaseTransferQuery {
    /// The proposals that your organization made or received, the newest first; for those who read its cases.
    async fn case_transfers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
        #[graphql(desc = "Which proposals.")] filter: Option<CaseTransferFilter>,
    ) -> async_graphql::Result<CaseTransferConnection> {
        known(ctx)?;
        let window = Slice { first, after, last, before }.window(ctx)?;
        let asked = filter.unwrap_or_default();
        let is_received = asked.direction.map(|direction| direction == CaseTransferDirection::Received);
        let filter = TransferFilter { status: distinct(asked.status), is_received };
        let page = case_transfer::list(ctx.app(), &ctx.sight(), &filter, &window).await;
        let page = page.map_err(|fault| ctx.broke(&fault))?;
        Ok(CaseTransferConnection::of(page, |found| CaseTransfer(Arc::new(found))))
    }
}
