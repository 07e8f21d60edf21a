//! What organizations are told, in the database.

use crate::domain::directory::Notification;
use crate::domain::id::OrganizationId;
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use crate::store::door::Door;
use crate::store::statement::{Order, Sql, body, counted, page, window_clause};
use uuid::Uuid;

/// A notification; needs `notification n`.
const NOTIFICATION: &str = "OBJ('id', UID(n.id), 'kind', n.kind, 'subject_kind', n.subject_kind, \
    'subject_id', UID(n.subject_id), 'at', n.at)";

impl Door {
    /// An organization's notifications with these keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn notifications_by_id(
        &self,
        organization: OrganizationId,
        keys: &[Uuid],
    ) -> Result<Vec<Notification>, Fault> {
        let mut sql = Sql::default();
        let own = sql.bind(Uuid::from(organization));
        let names = sql.bind_all(keys.iter().copied());
        sql.text = format!(
            "SELECT CAST({NOTIFICATION} AS TEXT) AS body FROM notification n \
             WHERE n.organization_id = {own} AND n.id IN ({names})"
        );
        self.rows(&sql.text, sql.values).await?.iter().map(|row| body(row, "notification")).collect()
    }

    /// A page of an organization's notifications, the newest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn notifications(
        &self,
        organization: OrganizationId,
        window: &Window,
    ) -> Result<Page<Notification>, Fault> {
        let mut sql = Sql::default();
        let own = sql.bind(Uuid::from(organization));
        let found = format!("FROM notification n WHERE n.organization_id = {own}");
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let end = window_clause(&mut sql, window, Order { by: "n.at", id: "n.id", is_number: true, descending: true });
        sql.text = format!(
            "SELECT CAST({NOTIFICATION} AS TEXT) AS body, CAST(n.at AS TEXT) AS k, n.id AS id{count} {found}{end}"
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "notification")?;
        let mut sql = Sql::default();
        let own = sql.bind(Uuid::from(organization));
        sql.text = format!("SELECT count(*) AS total FROM notification WHERE organization_id = {own}");
        counted(self, page, window, sql).await
    }
}
