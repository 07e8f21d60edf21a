//! Entries that the clock looks for.

use crate::domain::id::{OrganizationId, ProgramId, ServiceId};
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use crate::store::statement::{Sql, body};
use serde::Deserialize;
use uuid::Uuid;

/// An entry, as far as the clock needs to know it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Entry {
    pub id: ServiceId,
    pub organization: OrganizationId,
    pub program: Option<ProgramId>,
    pub language: String,
    pub version: i32,
}

/// How entries of one maximum age grow old; days are ISO 8601.
#[derive(Debug, Clone)]
pub struct Aging {
    pub days: i32,
    /// Whether it is the age of services whose program says no other.
    pub is_own: bool,
    /// Who was confirmed on this day or before it is reminded.
    pub reminded_at: String,
    /// Who was confirmed before this day is stale.
    pub stale_before: String,
    pub today: String,
}

const ENTRY: &str = "SELECT CAST(OBJ('id', UID(s.id), 'organization', UID(s.organization_id), \
    'program', UID(s.program_id), 'language', s.language, 'version', s.version) AS TEXT) AS body FROM service s";

/// The condition that this maximum age is that of `service s`.
fn of_age(sql: &mut Sql, aging: &Aging) -> String {
    if aging.is_own {
        "NOT EXISTS (SELECT 1 FROM program_directory pd WHERE pd.program_id = s.program_id \
         AND pd.max_age_days IS NOT NULL)"
            .into()
    } else {
        let days = sql.bind(aging.days);
        format!(
            "EXISTS (SELECT 1 FROM program_directory pd WHERE pd.program_id = s.program_id AND pd.max_age_days = {days})"
        )
    }
}

impl Tx {
    /// Entries that became stale and of which nobody was told since they were last confirmed, so many at the most; each is
    /// marked as told.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_stale(&self, aging: &Aging, most: u32) -> Result<Vec<Entry>, Fault> {
        let mut sql = Sql::default();
        let before = sql.bind(aging.stale_before.clone());
        let age = of_age(&mut sql, aging);
        sql.text = format!(
            "{ENTRY} WHERE s.status = 'PUBLISHED' AND (s.assured_on IS NULL OR s.assured_on < {before}) AND {age} \
             AND (s.stale_told_on IS NULL OR s.stale_told_on < s.assured_on) ORDER BY s.id LIMIT {most}"
        );
        self.take_entries(sql, "stale_told_on", &aging.today).await
    }

    /// Entries that have reached the share of their maximum age at which their provider is reminded, are not stale yet, and
    /// of which nobody was reminded since they were last confirmed; each is marked.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_due(&self, aging: &Aging, most: u32) -> Result<Vec<Entry>, Fault> {
        let mut sql = Sql::default();
        let (at, before) = (sql.bind(aging.reminded_at.clone()), sql.bind(aging.stale_before.clone()));
        let age = of_age(&mut sql, aging);
        sql.text = format!(
            "{ENTRY} WHERE s.status = 'PUBLISHED' AND s.assured_on <= {at} AND s.assured_on >= {before} AND {age} \
             AND (s.reminded_on IS NULL OR s.reminded_on < s.assured_on) ORDER BY s.id LIMIT {most}"
        );
        self.take_entries(sql, "reminded_on", &aging.today).await
    }

    /// Entries whose funding ends by the second day and has not ended before the first, and of which nobody was told; each
    /// is marked.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_funding(&self, today: &str, ahead: &str, most: u32) -> Result<Vec<Entry>, Fault> {
        let mut sql = Sql::default();
        let (from, to) = (sql.bind(today.to_owned()), sql.bind(ahead.to_owned()));
        sql.text = format!(
            "{ENTRY} WHERE s.status <> 'RETIRED' AND s.funding_ends >= {from} AND s.funding_ends <= {to} \
             AND s.funding_told_on IS NULL ORDER BY s.id LIMIT {most}"
        );
        self.take_entries(sql, "funding_told_on", today).await
    }

    /// Entries that are on offer although their funding ended before today.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn unfunded(&self, today: &str, most: u32) -> Result<Vec<Entry>, Fault> {
        let text = format!("{ENTRY} WHERE s.status = 'PUBLISHED' AND s.funding_ends < $1 ORDER BY s.id LIMIT {most}");
        self.rows(&text, vec![today.into()]).await?.iter().map(|row| body(row, "service")).collect()
    }

    /// Pauses a service whose funding has ended, unless somebody was faster.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn close_unfunded(&self, id: ServiceId, reason: &str, now: i64) -> Result<bool, Fault> {
        let text = "UPDATE service SET status = 'PAUSED', pause_reason = $1, updated_at = $2, version = version + 1 \
                    WHERE id = $3 AND status = 'PUBLISHED'";
        Ok(self.run(text, vec![reason.into(), now.into(), Uuid::from(id).into()]).await? == 1)
    }

    async fn take_entries(&self, find: Sql, column: &'static str, today: &str) -> Result<Vec<Entry>, Fault> {
        let rows = self.rows(&find.text, find.values).await?;
        let entries: Vec<Entry> = rows.iter().map(|row| body(row, "service")).collect::<Result<_, _>>()?;
        if !entries.is_empty() {
            let mut sql = Sql::default();
            let today = sql.bind(today.to_owned());
            let names = sql.bind_all(entries.iter().map(|entry| Uuid::from(entry.id)));
            self.run(&format!("UPDATE service SET {column} = {today} WHERE id IN ({names})"), sql.values).await?;
        }
        Ok(entries)
    }

    /// The services of an organization that are on offer, or those of one program, in the order of their keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn published_services(
        &self,
        organization: OrganizationId,
        program: Option<ProgramId>,
    ) -> Result<Vec<ServiceId>, Fault> {
        let mut sql = Sql::default();
        let own = sql.bind(Uuid::from(organization));
        let within =
            program.map_or("1 = 1".to_owned(), |program| format!("s.program_id = {}", sql.bind(Uuid::from(program))));
        let text = format!(
            "SELECT s.id AS id FROM service s WHERE s.organization_id = {own} AND s.status = 'PUBLISHED' AND {within} \
             ORDER BY s.id"
        );
        crate::store::statement::keys(&self.rows(&text, sql.values).await?)
    }
}
