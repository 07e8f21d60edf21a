//! Whom a token may be issued for.

use crate::domain::rule::Fault;
use crate::store::door::Door;
use uuid::Uuid;

/// A member or client application as a token needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    pub organization: Uuid,
    pub epoch: i32,
    pub organization_epoch: i32,
}

impl Door {
    /// The active member of this key, or the active client application when `is_client`.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn subject(&self, key: Uuid, is_client: bool) -> Result<Option<Subject>, Fault> {
        let table = if is_client { "client_application" } else { "member" };
        let text = format!(
            "SELECT x.organization_id AS organization, x.epoch AS epoch, o.epoch AS organization_epoch \
             FROM {table} x JOIN organization o ON o.id = x.organization_id WHERE x.id = $1 AND x.is_active AND o.ended_at IS NULL"
        );
        let rows = self.rows(&text, vec![key.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let corrupt = |_| Fault::Corrupt("member", key);
        Ok(Some(Subject {
            organization: row.try_get("", "organization").map_err(corrupt)?,
            epoch: row.try_get("", "epoch").map_err(corrupt)?,
            organization_epoch: row.try_get("", "organization_epoch").map_err(corrupt)?,
        }))
    }
}
