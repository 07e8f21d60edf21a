//! Endpoints that take nothing: their administrators are told before one is switched off.

use super::administrators;
use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::rule::Fault;
use crate::domain::webhook::schedule::{KEPT, TOLD_AFTER, WARNED_AFTER};

/// What is told after a day, and a day before the end.
const STAGES: [(i64, i32, &str); 2] =
    [(WARNED_AFTER, 2, "WEBHOOK_ABOUT_TO_BE_DISABLED"), (TOLD_AFTER, 1, "WEBHOOK_FAILING")];

/// Before this stage nothing is switched off: its administrators have not been warned.
pub(super) const WARNED: i32 = 2;

/// Tells administrators of endpoints that have taken nothing for a day, and of those that are about to be switched off.
/// Tells of how many.
///
/// # Errors
/// What the engine refuses.
pub(super) async fn tell_failing(app: &App) -> Result<u64, Fault> {
    let (now, mut told) = (app.now(), 0);
    for (after, stage, kind) in STAGES {
        for (id, organization) in app.store.failing_webhooks(now - after, stage).await? {
            let tx = app.store.begin().await?;
            if tx.note_webhook_told(id, stage).await? {
                let notice = crate::domain::notice::Notice { must_act: true, ..administrators(organization) };
                tx.tell(&notice.of_kind(kind), kind, (Kind::WebhookEndpoint, id.into()), now);
                told += 1;
            }
            tx.commit().await?;
        }
    }
    Ok(told)
}

/// Forgets deliveries that are older than thirty days. Tells how many.
///
/// # Errors
/// What the engine refuses.
pub async fn forget_old(app: &App) -> Result<u64, Fault> {
    app.store.forget_webhook_deliveries(app.now() - KEPT).await
}
