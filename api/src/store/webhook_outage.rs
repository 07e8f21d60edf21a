//! What an endpoint did not take because it took nothing, told from what it refuses while it takes other things.

use crate::domain::rule::Fault;
use crate::domain::webhook::endpoint::Endpoint;
use crate::store::door::Tx;
use uuid::Uuid;

/// Ends of attempts that say nothing of what was sent: nobody was reached, or whoever was asked to be left alone.
const OF_THE_WHOLE: &str = "('UNREACHABLE', 'TIMED_OUT', 'SLOW_DOWN', 'ADDRESS_FORBIDDEN')";

impl Tx {
    /// Sends at once what failed in an outage that is over. It was one when nobody could be reached, or when things of
    /// several kinds failed while nothing was taken. What was tried before the last time something was taken has failed
    /// by itself, and keeps its own schedule: so nothing is hurried on more than once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub(super) async fn after_outage(&self, endpoint: &Endpoint, since: i64, now: i64) -> Result<(), Fault> {
        let text = format!(
            "UPDATE webhook_delivery SET next_at = $2 WHERE endpoint_id = $1 AND state = 'PENDING' AND next_at > $2 \
             AND claim IS NULL AND NOT EXISTS (SELECT 1 FROM webhook_attempt a \
               WHERE a.delivery_id = webhook_delivery.id AND a.at <= $4) \
             AND (SELECT CASE WHEN count(DISTINCT d.subject_id) > 1 THEN 1 \
                 WHEN sum(CASE WHEN t.outcome IN {OF_THE_WHOLE} THEN 1 ELSE 0 END) > 0 THEN 1 ELSE 0 END \
               FROM webhook_delivery d JOIN webhook_attempt t ON t.delivery_id = d.id \
               WHERE d.endpoint_id = $1 AND d.state = 'PENDING' AND t.at >= $3 AND t.at > $4 \
               AND t.outcome <> 'DELIVERED') = 1"
        );
        let before = endpoint.last_success_at.unwrap_or(-1);
        self.run(&text, vec![Uuid::from(endpoint.id).into(), now.into(), since.into(), before.into()]).await.map(drop)
    }
}
