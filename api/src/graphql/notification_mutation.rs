//! Mutations on notifications.

use crate::domain::global_id::Kind;
use crate::domain::id::NotificationId;
use crate::domain::rule::Failure;
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::error::UserError;
use crate::graphql::input::Reader;
use crate::usecase::access;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

/// Notifications to mark as read.
#[derive(InputObject)]
pub struct MarkNotificationsReadInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The notifications, 1 to 100. Those that are not told to you are passed over.
    pub notification_ids: Vec<ID>,
}

impl MarkNotificationsReadInput {
    fn checked(&self) -> Result<Vec<NotificationId>, Failure> {
        let mut reader = Reader::default();
        let ids = reader.keys("notificationIds", Kind::Notification, &self.notification_ids);
        reader.settle(ids)
    }
}

/// What `markNotificationsRead` did.
#[derive(SimpleObject)]
pub struct MarkNotificationsReadPayload {
    /// How many were marked now; null when nothing was changed.
    pub marked_count: Option<u64>,
    /// What the caller can put right; empty when the mutation took effect.
    pub user_errors: Vec<UserError>,
}

/// Mutations on notifications.
#[derive(Default)]
pub struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Marks notifications as read, for everybody of your organization to whom they are told.
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which notifications.")] input: MarkNotificationsReadInput,
    ) -> Option<MarkNotificationsReadPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "markNotificationsRead", &input.idempotency_key, &text);
        let done = async { access::mark_read(ctx.app(), ask, input.checked()?).await }.await;
        Some(match settle(ctx, ask, done).await? {
            Ok(marked) => MarkNotificationsReadPayload { marked_count: Some(marked), user_errors: Vec::new() },
            Err(user_errors) => MarkNotificationsReadPayload { marked_count: None, user_errors },
        })
    }
}
