//! Handing cases over, in the schema.

use crate::domain::case::Urgency;
use crate::domain::case_identifier::CaseIdentifier;
use crate::domain::case_transfer::{
    self as domain, CaseTransferDecline, CaseTransferReason, CaseTransferStatus, TransferNeed,
};
use crate::domain::global_id::Kind;
use crate::domain::sealed::Private;
use crate::graphql::context::Here;
use crate::graphql::organization::Organization;
use crate::graphql::paging::connection;
use crate::graphql::scalar::{DateTime, id};
use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;

/// A proposal to hand a case over.
#[derive(Clone)]
pub struct CaseTransfer(pub Arc<domain::CaseTransfer>);

connection!(CaseTransferConnection, CaseTransferEdge, CaseTransfer, "proposals to hand a case over");

/// A proposal of a case's holder that another organization holds the case instead. Until it is accepted the holder answers
/// for the case; from then on it sees nothing of it any more.
#[Object]
impl CaseTransfer {
    /// The public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::CaseTransfer, self.0.id)
    }

    /// The version to send back with an answer.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The case; it can be read by whoever holds it.
    async fn case_id(&self) -> ID {
        id(Kind::Case, self.0.case_id)
    }

    /// The program of the case.
    async fn program_id(&self) -> ID {
        id(Kind::Program, self.0.program_id)
    }

    /// The shared case identifier in three groups. For the holder, and for the receiving organization as long as it may
    /// answer and the person agrees.
    async fn case_identifier(&self) -> Option<String> {
        let stored = self.0.identifier.as_deref()?;
        CaseIdentifier::parse(stored).ok().map(|identifier| identifier.to_string())
    }

    /// The needs that are not met, for the same as the identifier; empty for others.
    async fn needs(&self) -> Vec<CaseTransferNeed> {
        self.0.needs.iter().map(CaseTransferNeed::from).collect()
    }

    /// How many referrals of the case are open, for the same as the identifier.
    async fn open_referrals(&self) -> Option<i64> {
        self.0.open_referrals
    }

    /// Who proposed it and held the case then.
    async fn from(&self) -> Organization {
        Organization(Arc::new(self.0.from.clone()))
    }

    /// Who is asked to take the case.
    async fn to(&self) -> Organization {
        Organization(Arc::new(self.0.to.clone()))
    }

    /// How it stands.
    async fn status(&self) -> CaseTransferStatus {
        self.0.status
    }

    /// Why it was proposed.
    async fn reason(&self) -> CaseTransferReason {
        self.0.reason
    }

    /// What was written with it, for the side that wrote it and as the identifier. Null when it can't be opened.
    async fn note(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().transfer_note(&self.0).map(|text| text.map(Private::into_inner)))
    }

    /// Why the case was not taken.
    async fn decline_reason(&self) -> Option<CaseTransferDecline> {
        self.0.decline_reason
    }

    /// What was written with the answer. Null when it can't be opened.
    async fn answer_note(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().transfer_answer(&self.0).map(|text| text.map(Private::into_inner)))
    }

    /// When it was proposed.
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.0.proposed_at)
    }

    /// Until when it can be accepted; unanswered it lapses then, and the holder is told.
    async fn answer_due_at(&self) -> DateTime {
        DateTime(self.0.until_at)
    }

    /// When it was answered, taken back or lapsed.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// How many referrals with something left to do went along; null unless it was accepted.
    async fn handed_over_referrals(&self) -> Option<i32> {
        self.0.handed_over
    }
}

/// What a receiving organization sees of a need before it answers.
#[derive(Clone, SimpleObject)]
pub struct CaseTransferNeed {
    /// The category's code in the taxonomy.
    category_code: String,
    /// How soon help is needed.
    urgency: Urgency,
}

impl From<&TransferNeed> for CaseTransferNeed {
    fn from(need: &TransferNeed) -> Self {
        Self { category_code: need.category.clone(), urgency: need.urgency }
    }
}
