//! Receivers are asked to remove what they were shown, whatever the cause.

use crate::domain::consent::REDACTION_MICROS;
use crate::domain::global_id::Kind;
use crate::domain::id::RedactionId;
use crate::domain::notice::Notice;
use crate::store::redactions::{NewRedaction, Removal};
use crate::usecase::work::Work;
use uuid::Uuid;

/// Asks the receiver and tells it, without the cause. Written last. Gives the deadline, UTC microseconds.
pub(crate) fn ask_redaction(work: &Work<'_>, removal: Removal<'_>) -> i64 {
    let id = RedactionId::from(Uuid::now_v7());
    let due = work.deed.now + REDACTION_MICROS;
    work.tx.ask_redaction(NewRedaction { id, removal, due }, work.deed.now);
    let told = Notice { must_act: true, program: Some(removal.program), ..Notice::to(removal.receiver) };
    let told = told.of_kind("REDACTION_REQUESTED");
    work.tx.tell(&told, work.deed.mutation, (Kind::Redaction, id.into()), work.deed.now);
    due
}
