//! Marking notifications as read.

use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::NotificationId;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::usecase::work::{Ask, open as begin};

/// Marks notifications as read, for the whole organization. Those that are not told to the asker are passed over, as
/// those that do not exist. Tells how many were marked.
///
/// # Errors
/// REQUIRED without any.
pub async fn mark_read(app: &App, ask: Ask<'_>, ids: Vec<NotificationId>) -> Outcome<u64> {
    let work = begin!(app, ask);
    let Some(first) = ids.first().copied() else {
        return Err(Rule::at("notificationIds", RuleCode::Required).into());
    };
    let marked = work.tx.mark_read(&work.sight(), &ids, work.deed.now).await?;
    work.record(&Happening::to((Kind::Notification, first.into()), "READER", 1)).await?;
    work.commit(marked).await
}
