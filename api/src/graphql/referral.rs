//! Referrals as types of the schema.

use crate::domain::case::Urgency;
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::referral::{self, LoopMeaning, Reason, Status, Verification};
use crate::domain::service::{Dimension, Level};
use crate::graphql::case::Case;
use crate::graphql::context::Here;
use crate::graphql::error::{UserError, label};
use crate::graphql::event::EventConnection;
use crate::graphql::organization::Organization;
use crate::graphql::paging::{Slice, connection};
use crate::graphql::person::ReferredPerson;
use crate::graphql::referral_chain::ReferralChain;
use crate::graphql::referral_course::{
    ReferralCancellation, ReferralDispute, ReferralHold, ReferralProgress, ReferralVoiding,
};
use crate::graphql::referral_decision::{
    self, IneligibleBecause, ReferralAssignee, ReferralHeldPlace, ReferralInfoRequest, ReferralRedirection,
    ReferralWaiting,
};
use crate::graphql::referral_details::ReferralDetails;
use crate::graphql::referral_parts::{self, AvailableAction, ReferralGoal};
use crate::graphql::referral_sending::{self, SendingInput};
use crate::graphql::scalar::{Cursor, DateTime, LocalDate, id};
use crate::graphql::service::Service;
use crate::graphql::service_parts::ServiceAtLocation;
use async_graphql::{Context, ID, Object};
use std::sync::Arc;

/// A referral.
#[derive(Clone)]
pub struct Referral(pub Arc<referral::Referral>);

connection!(ReferralConnection, ReferralEdge, Referral, "referrals");

/// One need offered to one service. The sender sees all of it; the receiver sees what the consent releases, from sending
/// until the referral has ended; the program's coordinator sees how it stands, not what it says.
#[Object]
impl Referral {
    /// The referral's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Referral, self.0.id)
    }

    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Where it stands.
    async fn status(&self) -> Status {
        self.0.status
    }

    /// Where it stands, in the language asked for.
    async fn status_label(&self, ctx: &Context<'_>) -> String {
        label(ctx.language(), "referral-status", self.0.status.code())
    }

    /// How soon help is needed.
    async fn urgency(&self) -> Urgency {
        self.0.urgency
    }

    /// The code of the need's category.
    async fn category_code(&self) -> &str {
        &self.0.category
    }

    /// The dimension of reintegration.
    async fn dimension(&self) -> Dimension {
        self.0.dimension
    }

    /// The level.
    async fn level(&self) -> Level {
        self.0.level
    }

    /// The service it is sent to.
    async fn service(&self) -> Service {
        Service(Arc::new(self.0.service.clone()))
    }

    /// The one location it is sent to; null when it is for the service as a whole.
    async fn service_at_location(&self) -> Option<ServiceAtLocation> {
        referral_parts::service_at_location(&self.0)
    }

    /// The organization that sends.
    async fn sender(&self) -> Organization {
        Organization(Arc::new(self.0.sender.clone()))
    }

    /// The organization that receives.
    async fn receiver(&self) -> Organization {
        Organization(Arc::new(self.0.receiver.clone()))
    }

    /// The program under which it is made.
    async fn program_id(&self) -> ID {
        id(Kind::Program, self.0.program_id)
    }

    /// The shared case identifier, where it is released to you; null otherwise and once a receiver's window has closed.
    async fn case_identifier(&self) -> Option<String> {
        referral_parts::case_identifier(&self.0)
    }

    /// What is known of the person, as far as it is released to you; null otherwise.
    async fn person(&self) -> Option<ReferredPerson> {
        self.0.released.as_ref().map(|released| ReferredPerson::of(self.0.id, released))
    }

    /// The case, as far as you may see it; null for whom it is closed.
    async fn case(&self, ctx: &Context<'_>) -> Option<Case> {
        referral_parts::case(ctx, self.0.case_id).await
    }

    /// The need it offers; only for the sender.
    async fn need_id(&self) -> Option<ID> {
        self.0.need_id.map(|need| id(Kind::Need, need))
    }

    /// The consent it was sent under; only for the sender.
    async fn consent_id(&self) -> Option<ID> {
        self.0.consent_id.map(|consent| id(Kind::Consent, consent))
    }

    /// The agreement it was sent under, where there is one; for sender and receiver.
    async fn agreement_id(&self) -> Option<ID> {
        self.0.agreement_id.map(|agreement| id(Kind::Agreement, agreement))
    }

    /// The goals it was made for, with what became of each.
    async fn goals(&self, ctx: &Context<'_>) -> Option<Vec<ReferralGoal>> {
        ReferralGoal::all(ctx, &self.0)
    }

    /// The background that the sender wrote, where it is released to you.
    async fn background(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().background(&self.0)).map(|text| text.into_inner())
    }

    /// What else it carries: how to hear back, how not to contact the person, help elsewhere.
    async fn details(&self) -> ReferralDetails {
        ReferralDetails(Arc::clone(&self.0))
    }

    /// Why it was declined, withdrawn, ended early or expired.
    async fn reason(&self) -> Option<Reason> {
        self.0.reason
    }

    /// The reason in the language asked for.
    async fn reason_label(&self, ctx: &Context<'_>) -> Option<String> {
        self.0.reason.map(|reason| label(ctx.language(), "reason", reason.code()))
    }

    /// The text beside the reason; for the sender, and for the receiver where it wrote it.
    async fn note(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().reason_note(&self.0)).map(|text| text.into_inner())
    }

    /// The sender's own reference; only for the sender.
    async fn client_reference(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.found(ctx.app().client_reference(&self.0)).map(|text| text.into_inner())
    }

    /// The attempt's number for this need, from 1; for the sender's side.
    async fn attempt(&self) -> Option<i32> {
        self.0.attempt
    }

    /// The referral before this one in a chain of attempts; for the sender's side.
    async fn previous_id(&self) -> Option<ID> {
        self.0.previous_id.map(|previous| id(Kind::Referral, previous))
    }

    /// Whether it took a place beyond the service's total.
    async fn is_overbooked(&self) -> bool {
        self.0.is_overbooked
    }

    /// When the draft was begun.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.times.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.times.updated_at)
    }

    /// When it was sent.
    async fn sent_at(&self) -> Option<DateTime> {
        self.0.times.sent_at.map(DateTime)
    }

    /// When the receiver first read it. It stops no clock.
    async fn opened_at(&self) -> Option<DateTime> {
        self.0.times.opened_at.map(DateTime)
    }

    /// When the receiver said that it has arrived.
    async fn acknowledged_at(&self) -> Option<DateTime> {
        self.0.times.acknowledged_at.map(DateTime)
    }

    /// When the receiver decided.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.times.decided_at.map(DateTime)
    }

    /// The day of the first contact.
    async fn first_contact_on(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.first_contact_on.as_deref())
    }

    /// When the start of the service was recorded.
    async fn started_at(&self) -> Option<DateTime> {
        self.0.times.started_at.map(DateTime)
    }

    /// The day on which the service was given.
    async fn service_on(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.service_on.as_deref())
    }

    /// When it ended, in whatever way.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.times.ended_at.map(DateTime)
    }

    /// When the sender closed the loop.
    async fn loop_closed_at(&self) -> Option<DateTime> {
        self.0.times.loop_closed_at.map(DateTime)
    }

    /// What the result means for the need, as the sender says.
    async fn loop_meaning(&self) -> Option<LoopMeaning> {
        self.0.loop_meaning
    }

    /// Who has confirmed what the receiver reported.
    async fn verification(&self) -> Verification {
        self.0.verification
    }

    /// When the service is planned to end.
    async fn planned_end_on(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.planned_end_on.as_deref())
    }

    /// How far the service has come; for sender and receiver.
    async fn progress(&self, ctx: &Context<'_>) -> Option<ReferralProgress> {
        ctx.found(ReferralProgress::of(ctx.app(), &self.0))
    }

    /// The interruption that stands; null when there is none.
    async fn hold(&self, ctx: &Context<'_>) -> Option<ReferralHold> {
        ctx.found(ReferralHold::of(ctx.app(), &self.0))
    }

    /// The last request to stop the service; null when there was none.
    async fn cancellation(&self, ctx: &Context<'_>) -> Option<ReferralCancellation> {
        ctx.found(ReferralCancellation::of(ctx.app(), &self.0))
    }

    /// The objection to the reported outcome; null when there was none.
    async fn dispute(&self, ctx: &Context<'_>) -> Option<ReferralDispute> {
        ctx.found(ReferralDispute::of(ctx.app(), &self.0))
    }

    /// When the person said that the service goes on though its consent had been withdrawn; null where nobody did.
    async fn goes_on_since(&self) -> Option<DateTime> {
        self.0.times.goes_on_at.map(DateTime)
    }

    /// The request to mark it as entered in error; for sender and coordinator, and for the receiver once it is done.
    async fn voiding(&self) -> Option<ReferralVoiding> {
        ReferralVoiding::of(&self.0)
    }

    /// By when it must be acknowledged; frozen when it was sent.
    async fn acknowledge_due_at(&self) -> Option<DateTime> {
        self.0.due.acknowledge.map(DateTime)
    }

    /// By when it must be decided, as it stands now: frozen when it was sent, moved only by a pause.
    async fn decide_due_at(&self, ctx: &Context<'_>) -> Option<DateTime> {
        self.0.decide_due(ctx.app().now()).map(DateTime)
    }

    /// Whether the decision clock stands still now, because the receiver waits for an answer.
    async fn is_paused(&self) -> bool {
        self.0.is_paused()
    }

    /// For how many seconds the decision clock has stood still in all; each pause counts seven days at the most.
    async fn paused_seconds(&self, ctx: &Context<'_>) -> i64 {
        self.0.paused(ctx.app().now()) / 1_000_000
    }

    /// What the receiver asked before deciding, and the answers, round by round; for sender and receiver.
    async fn info_requests(&self, ctx: &Context<'_>) -> Option<Vec<ReferralInfoRequest>> {
        ctx.found(referral_decision::info_requests(ctx, &self.0).map(Some))
    }

    /// Where it stands on the waiting list; null when it is on none.
    async fn waiting(&self) -> Option<ReferralWaiting> {
        referral_decision::waiting(&self.0)
    }

    /// What is held for it.
    async fn held_place(&self, ctx: &Context<'_>) -> Option<ReferralHeldPlace> {
        ctx.found(referral_decision::held_place(ctx, &self.0).map(Some))
    }

    /// The better service that the receiver named; for sender and receiver.
    async fn redirected_to(&self) -> Option<ReferralRedirection> {
        referral_decision::redirection(&self.0)
    }

    /// What it was made from and what was made from it: parts passed on, and referrals that its receiver proposed.
    async fn chain(&self) -> ReferralChain {
        ReferralChain(Arc::clone(&self.0))
    }

    /// The need that holds what the receiver did not take on; only for the sender.
    async fn rest_need_id(&self) -> Option<ID> {
        self.0.decision.rest_need_id.map(|need| id(Kind::Need, need))
    }

    /// Which condition a decline for ineligibility rests on; for sender and receiver.
    async fn ineligible_because(&self) -> Option<IneligibleBecause> {
        referral_decision::ineligible_because(&self.0)
    }

    /// Who works on it; only for the receiver's side.
    async fn assignee(&self) -> Option<ReferralAssignee> {
        referral_decision::assignee(&self.0)
    }

    /// By when the person must be contacted; frozen when it was accepted, and moved by an interruption.
    async fn contact_due_at(&self) -> Option<DateTime> {
        self.0.due.contact.map(DateTime)
    }

    /// By when the outcome must be reported: two weeks after the planned end, or 90 days after the start was recorded when
    /// none is planned; moved by an interruption. Nothing is ever completed by the clock.
    async fn outcome_due_at(&self) -> Option<DateTime> {
        self.0.due.outcome.map(DateTime)
    }

    /// The deadline of whoever owns the next step; null when no clock runs.
    async fn next_due_at(&self) -> Option<DateTime> {
        self.0.due.next.map(DateTime)
    }

    /// Whether that deadline has passed.
    async fn is_overdue(&self, ctx: &Context<'_>) -> bool {
        self.0.due.next.is_some_and(|due| due < ctx.app().now())
    }

    /// Whether somebody at the receiver could take it in when that was last looked at. For the sender and the
    /// coordinator; null for the receiver and before it is sent.
    async fn is_deliverable(&self, ctx: &Context<'_>) -> Option<bool> {
        referral_decision::is_deliverable(ctx, &self.0)
    }

    /// What can be done to it, and why the rest is not available to you now.
    async fn available_actions(&self, ctx: &Context<'_>) -> Vec<AvailableAction> {
        referral_decision::actions(ctx, &self.0)
    }

    /// What stands in the way of sending this draft, all of it, by the rule of `sendReferral`; empty when nothing does.
    /// Only for those who may send it, and null for what is no draft and for what is passed on to another.
    async fn send_blockers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How it would be sent.")] how: Option<SendingInput>,
    ) -> Option<Vec<UserError>> {
        referral_sending::blockers(ctx, &self.0, how).await
    }

    /// What happened to it, oldest first.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
    ) -> async_graphql::Result<EventConnection> {
        referral_parts::events(ctx, self.0.id, Slice { first, after, last, before }).await
    }
}
