//! Events of cases and referrals.

use crate::domain::code::Code;
use crate::domain::event;
use crate::domain::global_id::Kind;
use crate::domain::referral::{Reason, Status};
use crate::graphql::organization::Organization;
use crate::graphql::paging::connection;
use crate::graphql::scalar::{DateTime, id};
use async_graphql::{ID, Object};
use std::sync::Arc;

/// Something that happened. It names organizations and parts, never persons.
#[derive(Clone)]
pub struct Event(pub Arc<event::Event>);

/// Something that happened to a case or a referral. It names organizations and the part they played, never persons.
#[Object]
impl Event {
    /// The event's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Event, self.0.id)
    }

    /// The mutation that did it, such as `acceptReferral`.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// The kind of the thing it happened to, such as `Referral`.
    async fn subject_kind(&self) -> &'static str {
        self.0.subject_kind.code()
    }

    /// The public identifier of the thing it happened to.
    async fn subject_id(&self) -> ID {
        id(self.0.subject_kind, self.0.subject_id)
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// The organization that did it.
    async fn organization(&self) -> Organization {
        Organization(Arc::new(self.0.organization.clone()))
    }

    /// The part it played: a party of the referral, or HOLDER or PROVIDER.
    async fn acting_role(&self) -> &str {
        &self.0.acting_role
    }

    /// The referral's state before; null when it had none, or for other things.
    async fn from_status(&self) -> Option<Status> {
        self.0.from_status
    }

    /// The referral's state after; null for other things.
    async fn to_status(&self) -> Option<Status> {
        self.0.to_status
    }

    /// The coded reason, where the step has one.
    async fn reason(&self) -> Option<Reason> {
        self.0.reason
    }

    /// How much had been done, where the step reports progress; for sender and receiver.
    async fn progress_done(&self) -> Option<i32> {
        self.0.progress_done
    }

    /// How much was planned, where the step reports progress; for sender and receiver.
    async fn progress_planned(&self) -> Option<i32> {
        self.0.progress_planned
    }
}

connection!(EventConnection, EventEdge, Event, "events");
