//! What an endpoint that was off for too long can no longer be told.

use crate::domain::rule::Fault;
use crate::domain::webhook::endpoint::Endpoint;
use crate::store::door::Tx;
use crate::store::webhook_work::unreadable;
use uuid::Uuid;

impl Tx {
    /// Moves an endpoint that has been off since `before` or longer behind the changes that were forgotten meanwhile, and
    /// tells the last of their places. Nothing when all that it was not told is still kept.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn skip_forgotten(&self, endpoint: &Endpoint, before: i64) -> Result<Option<i64>, Fault> {
        let text = "SELECT m.sequence AS sequence FROM change_mark m JOIN webhook_endpoint w ON w.id = $1 \
                    WHERE m.name = 'FORGOTTEN' AND m.sequence > w.cursor AND coalesce(w.off_since, w.updated_at) <= $2";
        let rows = self.rows(text, vec![Uuid::from(endpoint.id).into(), before.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let last: i64 = row.try_get("", "sequence").map_err(unreadable)?;
        let text = "UPDATE webhook_endpoint SET cursor = $2 WHERE id = $1";
        self.run(text, vec![Uuid::from(endpoint.id).into(), last.into()]).await?;
        Ok(Some(last))
    }
}
